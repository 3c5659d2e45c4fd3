"""The report for a terminal: a table an API, then the findings.

Text from outside never reaches it raw.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table

from contracts.errors import NotThisApi
from contracts.model import Basis, Outcome
from contracts.reports import history
from contracts.reports.drift import words as drift_words
from contracts.reports.record import ClauseRecord, Report, RunRecord
from contracts.reports.text import wording
from contracts.reports.text.causes import causes
from contracts.reports.text.escaping import visible

MOST_NAMED = 5  # clauses that are open for the same reason; the other reports name all
NO_CLAUSES = frozenset({NotThisApi.word, "defect"})  # ends that tell nothing of any clause
COLOURS = {"violated": "red", "warning": "yellow", "waived": "yellow"}


def write(report: Report, stream: TextIO) -> None:
    """Write a JSON report to a terminal, or to a file as plain text."""
    console = Console(file=stream, markup=False, highlight=False, soft_wrap=True, emoji=False)
    surroundings = ", ".join(filter(None, [wording.targets(report), wording.environment(report)]))
    console.print(visible(f"contract tests of {surroundings}"))
    for run in report["runs"]:
        _write_run(report, run, console)
    for line in drift_words(report.get("drift") or []):
        console.print(_wrapped(visible(f"drift: {line}"), console.width))
    for line in history.words(report["history"]):
        console.print(_wrapped(visible(line), console.width))
    console.print(f"\n{wording.last_line(report)}", style="bold")


def _write_run(report: Report, run: RunRecord, console: Console) -> None:
    title = (
        f"{run['title']} — {run['target']}: {run['requests']} requests in {run['seconds']:.1f} s"
    )
    console.print("\n" + _wrapped(visible(title), console.width), style="bold")
    if run["aborted_by"] in NO_CLAUSES:
        return
    table = Table("basis", *(outcome.value for outcome in Outcome))
    for basis in Basis:
        counts = [
            sum(c["basis"] == basis.value and c["outcome"] == outcome.value for c in run["clauses"])
            for outcome in Outcome
        ]
        table.add_row(basis.value, *(str(count) if count else "·" for count in counts))
    console.print(table)
    if run["pairs"]["all"]:
        console.print(
            f"pairs of field states: {run['pairs']['covered']} of {run['pairs']['all']} sent"
        )
    for cause in causes(report, [run]):
        console.print("\n" + _wrapped(cause.line, console.width), style="bold")
        for finding in cause.findings:
            _write_finding(wording.words(report, run, finding), console)
    for line in _open(run["clauses"]):
        console.print(_wrapped(visible(line), console.width, "  "), style="dim")


def _wrapped(line: str, width: int, indent: str = "  ") -> str:
    """Break a line at words."""
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _write_finding(said: wording.Words, console: Console) -> None:
    """Write a finding; long lines break at words, but for commands, which are to be copied."""
    lines = [f"{said.kind}: {said.clause}"]
    for name, value in said.rows.items():
        line = f"  {name:9}{value}"
        if name in wording.COMMANDS:
            lines.append(line)
        else:
            lines.append(_wrapped(line, console.width, " " * 11))
    console.print("\n".join(["", *lines]), style=COLOURS[said.kind])


def _open(clauses: Sequence[ClauseRecord]) -> Iterator[str]:
    """Say why clauses are not decided, one line a reason."""
    groups: dict[tuple[str, str | None], list[str]] = {}
    for clause in clauses:
        if clause["outcome"] in ("not exercised", "undecided"):
            groups.setdefault((clause["outcome"], clause["why"]), []).append(clause["id"])
    for (outcome, why), ids in groups.items():
        more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
        yield f"{outcome}: {', '.join(ids[:MOST_NAMED])}{more}: {why}"
