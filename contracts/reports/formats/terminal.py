"""The report for a terminal: a table an API, then the findings, with outside text escaped."""

import shlex
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import click

from contracts.model import Basis, Outcome
from contracts.reports import history
from contracts.reports.history import drift_words
from contracts.reports.record import ClauseRecord, Report, RunRecord
from contracts.reports.text import wording
from contracts.reports.text.causes import causes, causes_of
from contracts.reports.text.columns import columns
from contracts.reports.text.escaping import visible

COLOURS = {"violated": "red", "warning": "yellow", "waived": "yellow"}


def write(report: Report, stream: TextIO, saved: Path | None = None) -> None:
    """Write a JSON report to a terminal, or to a file as plain text.

    `saved` is the file that holds it as JSON, which commands name.
    """
    width = shutil.get_terminal_size().columns
    places = [wording.targets(report), wording.environment(report)]
    surroundings = ", ".join(filter(None, places))
    click.echo(visible(f"contract tests of {surroundings}"), stream)
    for run in report["runs"]:
        _write_run(report, run, stream, width, str(saved or wording.REPORT))
    for line in drift_words(report.get("drift") or []):
        click.echo(_wrapped(visible(f"drift: {line}"), width), stream)
    for line in history.words(report["history"]):
        click.echo(_wrapped(visible(line), width), stream)
    for line in _mends(report):
        fits = len(line) <= width or not stream.isatty()  # a log has room
        click.echo(line if fits else f"{line[: width - 1]}…", stream)
    click.secho(f"\n{wording.last_line(report)}", stream, bold=True)


def _write_run(report: Report, run: RunRecord, stream: TextIO, width: int, saved: str) -> None:
    """Write a run: a table of its outcomes, its causes with their findings, what is not decided."""
    sent = f"{run['requests']} requests in {run['seconds']:.1f} s"
    title = f"{run['title']} — {run['target']}: {sent}"
    click.secho("\n" + _wrapped(visible(title), width), stream, bold=True)
    outcomes = {clause["outcome"] for clause in run["clauses"]}
    if run["aborted"] and outcomes <= {Outcome.NOT_EXERCISED.value}:
        return
    rows = [["basis", *(outcome.value for outcome in Outcome)]]
    for basis in Basis:
        counts = Counter(c["outcome"] for c in run["clauses"] if c["basis"] == basis.value)
        rows.append([basis.value, *(str(counts[outcome.value] or "·") for outcome in Outcome)])
    for line in columns(rows):
        click.echo(f"  {line}", stream)
    if run["pairs"]["all"]:
        pairs = f"{run['pairs']['covered']} of {run['pairs']['all']}"
        click.echo(f"pairs of field states: {pairs} sent", stream)
    if remaining := wording.left(run):
        click.echo(_wrapped(visible(remaining), width), stream)
    for cause in causes_of(report, run):
        click.secho("\n" + _wrapped(cause.line, width), stream, bold=True)
        for _, finding in cause.findings if cause.same_as is None else ():
            _write_finding(wording.words(report, run, finding), stream, width, saved)
    for line in _open(run["clauses"]):
        click.secho(_wrapped(visible(line), width), stream, dim=True)


def _mends(report: Report) -> Iterator[str]:
    """Yield the causes that fail the run once more, below findings that may have scrolled away.

    Nothing is repeated where there is one run with one such cause.
    """
    failing = [cause for cause in causes(report) if cause.kind == "cause"]
    if not failing or len(failing) == len(report["runs"]) == 1:
        return
    yield ""
    for cause in failing:
        several = len(report["runs"]) > 1 and len(cause.operations) == 1
        yield f"{cause.operations[0]}: {cause.line}" if several else cause.line


def _wrapped(line: str, width: int, indent: str = "  ") -> str:
    """Break a line at words."""
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _write_finding(words: wording.Words, stream: TextIO, width: int, saved: str) -> None:
    """Write a finding; long lines break at words, but for commands, which are to be copied.

    The contract suite is named where it is at hand.
    """
    lines = [f"{words.kind}: {words.clause}"]
    for name, value in words.rows.items():
        if name == "pytest" and not Path(wording.SUITE).is_file():
            continue
        text = value.replace(wording.REPORT, shlex.quote(saved)) if name == "replay" else value
        line = f"  {name:9}{text}"
        if name in wording.COMMANDS:
            lines.append(line)
        else:
            lines.append(_wrapped(line, width, " " * 11))
    click.secho("\n".join(["", *lines]), stream, fg=COLOURS[words.kind])


def _open(clauses: Sequence[ClauseRecord]) -> Iterator[str]:
    """Say why clauses are not decided, one line a reason."""
    groups: dict[tuple[str, str | None], list[str]] = {}
    for clause in clauses:
        if clause["outcome"] in ("not exercised", "undecided"):
            groups.setdefault((clause["outcome"], clause["why"]), []).append(clause["id"])
    for (outcome, why), ids in groups.items():
        yield f"{outcome}: {wording.listed(ids)}: {why}"
