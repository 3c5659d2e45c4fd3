"""The report for a terminal: a table an API, then the findings. Text from outside never reaches it raw."""

from __future__ import annotations

import re
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from contracts.drift import words as drift_words
from contracts.model import Basis, Outcome


def write(report: dict[str, Any], stream: TextIO) -> None:
    """Write a JSON report to a terminal, or to a file as plain text."""
    console = Console(file=stream, markup=False, highlight=False, soft_wrap=True, emoji=False)
    for run in report["runs"]:
        _write_run(run, console)
    for line in drift_words(report.get("drift") or []):
        console.print(_safe(f"drift: {line}"))
    if report["reason"]:
        console.print(_safe(f"aborted: {report['reason']}"), style="yellow")
    words = {"pass": "go: every clause that can fail the run held", "fail": "no go", "aborted": "no verdict"}
    console.print(f"\n{report['outcome']}: {words[report['outcome']]} (seed {report['seed']})", style="bold")


def _write_run(run: dict[str, Any], console: Console) -> None:
    title = f"{run['title']} — {run['target']}: {run['requests']} requests in {run['seconds']:.1f} s"
    console.print(f"\n{_safe(title)}", style="bold")
    table = Table("basis", *(outcome.value for outcome in Outcome))
    for basis in Basis:
        counts = [
            sum(c["basis"] == basis.value and c["outcome"] == outcome.value for c in run["clauses"])
            for outcome in Outcome
        ]
        table.add_row(basis.value, *(str(count) if count else "·" for count in counts))
    console.print(table)
    if run["pairs"]["all"]:
        console.print(f"pairs of field states: {run['pairs']['covered']} of {run['pairs']['all']} sent")
    for finding in run["findings"]:
        console.print("\n" + finding_text(finding), style="yellow" if finding["basis"] == "convention" else "red")
    left = [c for c in run["clauses"] if c["outcome"] in ("not exercised", "undecided")]
    for clause in left:
        console.print(_safe(f"{clause['outcome']}: {clause['id']}: {clause['why']}"), style="dim")


def finding_text(finding: dict[str, Any]) -> str:
    """Put a finding into words, on several lines."""
    waived = finding.get("waived")
    kind = "waived" if waived else "violated" if finding["basis"] != "convention" else "warning"
    rows = [
        ("the page", f"{finding['statement']} ({finding['basis']}: {where(finding['source'])})"),
        ("reading", finding["reading"]),
        ("sent", f"{finding['case']}" + (f"; seen {finding['seen']}" if finding["seen"] else "")),
        ("place", finding["place"]),
        ("expected", finding["expected"]),
        ("got", finding["got"]),
        ("again", finding["curl"]),
        ("set", finding["hint"]),
        ("waived", f"until {waived['expires']} by {waived['owner']}: {waived['reason']}" if waived else None),
    ]
    lines = [f"{kind}: {finding['clause']}", *(f"  {name:9}{value}" for name, value in rows if value)]
    return "\n".join(_safe(line) for line in lines)


def where(source: dict[str, Any]) -> str:
    """Say where a clause comes from."""
    if "standard" in source:
        return f"{source['standard']}, section {source['section']}"
    first, last = source["lines"]
    return f"{source['document']}, " + (f"line {first}" if first == last else f"lines {first}-{last}")


def _safe(text: str) -> str:
    """Escape what a terminal would obey: control characters, and those that turn the direction of text."""
    return re.sub(
        r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]",
        lambda match: f"\\u{ord(match[0]):04x}",
        text,
    )
