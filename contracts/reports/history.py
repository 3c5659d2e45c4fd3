"""What changed between two runs, and reports that a folder keeps.

Of these the last verdicts, and when each cause appeared and went.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from contracts.errors import UsageError
from contracts.model import Outcome
from contracts.reports import document, joining, reading
from contracts.reports.formats.files import check_place
from contracts.reports.record import DriftRecord, HistoryRecord, PastCauseRecord, Report, RunRecord

LENGTH = 20  # verdicts that are shown, the newest with them
NAME = "report-{moment}-{digest}.json"
MARKS = {"pass": "✓", "fail": "✗", "incomplete": "?", "aborted": "!"}
SEEN_MARKS = {True: "●", False: "○", None: "·"}

Place = tuple[str, str, str]


class CauseInTime(NamedTuple):
    """A cause of the history in words: a mark for each verdict, when it appeared and went."""

    name: str
    summary: str
    strip: str
    when: str


def prepare(folder: Path) -> dict[str, Report]:
    """Make the folder; return the reports that it keeps, by their names.

    UsageError, before anything is sent, when no report can be kept there, or one can't be read.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--history {folder}: {error.strerror}") from error
    check_place("--history", folder / "report.unfinished")
    paths = sorted(folder.glob(NAME.format(moment="*", digest="*")))
    return {path.name: reading.read(path) for path in paths}


def with_history(report: Report, folder: Path) -> Report:
    """Return a report with the history of its targets, from the reports that a folder keeps."""
    earlier = [kept for name, kept in prepare(folder).items() if name != _name(report)]
    return {**report, "history": history(report, earlier)}


def keep(report: Report, folder: Path, redact: Callable[[str], str] = str) -> None:
    """Keep a report without its exchanges in a folder, where it takes its own place."""
    path = folder / _name(report)
    runs: list[RunRecord] = [{**run, "exchanges": []} for run in report["runs"]]
    bare: Report = {**report, "history": None, "runs": runs}
    unfinished = path.with_suffix(".unfinished")  # a run that is killed leaves no half report
    try:
        text = redact(document.render(bare))
        unfinished.write_text(text, encoding="utf-8", errors="replace")
        unfinished.replace(path)
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}") from error


def history(report: Report, earlier: Sequence[Report]) -> HistoryRecord:
    """Return the verdicts about the targets of a report, oldest first, and all their causes.

    What is there now comes first. `seen` of a cause says for each verdict whether it was
    there, and None where its clauses were not looked at.
    """
    places = list(dict.fromkeys(map(_place, report["runs"])))
    before = [other for other in earlier if set(places) & set(map(_place, other["runs"]))]
    reports = [*sorted(before, key=lambda other: other["started"] or ""), report][-LENGTH:]
    causes = [cause for place in places for cause in _causes(place, reports)]
    return {
        "verdicts": [{"started": r["started"], "outcome": r["outcome"]} for r in reports],
        "causes": sorted(causes, key=lambda cause: not cause["seen"][-1]),
    }


def _causes(place: Place, reports: Sequence[Report]) -> Iterator[PastCauseRecord]:
    """Yield the causes that the runs at one place had."""
    every = [(at, run) for at, report in enumerate(reports) for run in report["runs"]]
    placed = [(at, run) for at, run in every if _place(run) == place]
    for group in joining.alike([run for _, run in placed]):
        clauses = {clause for _, cause in group for clause in cause["clauses"]}
        seen: list[bool | None] = [None] * len(reports)
        for at, run in placed:
            seen[at] = False if _looked_at(run, clauses) else None
        for number, _ in group:
            seen[placed[number][0]] = True
        summary = group[-1][1]["summary"]
        yield {"api": place[0], "operation": place[1], "summary": summary, "seen": seen}


def _looked_at(run: RunRecord, clauses: set[str]) -> bool:
    decided = (Outcome.HELD.value, Outcome.VIOLATED.value)
    return any(
        clause["id"] in clauses and clause["outcome"] in decided for clause in run["clauses"]
    )


def _place(run: RunRecord) -> Place:
    return run["api"], run["operation"], run["target"]


def _name(report: Report) -> str:
    """Return a file name by which reports are in their order, the same for the same report."""
    ids = " ".join(run["run_id"] for run in report["runs"])
    digest = hashlib.sha256(ids.encode()).hexdigest()[:8]
    moment = re.sub(r"[^0-9T]", "", (report["started"] or "undated").partition("+")[0])
    return NAME.format(moment=moment, digest=digest)


def strip(history: HistoryRecord) -> str:
    """Return the verdicts as marks, oldest first. Example: ``✓✗✗?✗``."""
    return "".join(MARKS[verdict["outcome"]] for verdict in history["verdicts"])


def in_time(history: HistoryRecord) -> list[CauseInTime]:
    """Return the causes of a history in words."""
    days = [(verdict["started"] or "?")[:10] for verdict in history["verdicts"]]
    rows = []
    for cause in history["causes"]:
        presence = cause["seen"]
        present = [number for number, value in enumerate(presence) if value]
        after = [n for n, value in enumerate(presence) if value is False and n > present[-1]]
        when = f"appeared {days[present[0]]}" + (f", gone {days[after[0]]}" if after else "")
        marks = "".join(SEEN_MARKS[value] for value in presence)
        name = f"{cause['api']}/{cause['operation']}"
        rows.append(CauseInTime(name, cause["summary"], marks, when))
    return rows


def words(history: HistoryRecord | None) -> list[str]:
    """Return the history as lines: the strip, then a line for each cause."""
    if history is None:
        return []
    rows = [f"{each.strip} {each.when}: {each.name}: {each.summary}" for each in in_time(history)]
    return [f"history, newest last: {strip(history)}", *(f"history: {row}" for row in rows)]


def drift(before: Report, now: Report) -> list[DriftRecord]:
    """Return, for each API of both reports, what is new, gone, still there, and changed."""
    earlier = {(run["api"], run["operation"]): run for run in before["runs"]}
    return [
        _drift(earlier[run["api"], run["operation"]], run)
        for run in now["runs"]
        if (run["api"], run["operation"]) in earlier
    ]


def _drift(before: RunRecord, now: RunRecord) -> DriftRecord:
    broken_before, broken_now = (
        {finding["clause"] for finding in run["findings"]} for run in (before, now)
    )
    behaved, behaves = (
        {observation["id"]: observation["behaviour"] for observation in run["observations"]}
        for run in (before, now)
    )
    return {
        "api": now["api"],
        "new": sorted(broken_now - broken_before),
        "gone": sorted(broken_before - broken_now),
        "still": sorted(broken_now & broken_before),
        "observations": [
            {"id": name, "was": behaved[name], "is": behaves[name]}
            for name in sorted(behaved.keys() & behaves.keys())
            if behaved[name] != behaves[name]
        ],
    }


def drifted(changes: list[DriftRecord]) -> bool:
    """Whether anything changed."""
    return any(change["new"] or change["gone"] or change["observations"] for change in changes)


def drift_words(changes: list[DriftRecord]) -> list[str]:
    """Say what changed, a line each."""
    lines = []
    for change in changes:
        api = change["api"]
        lines += [f"{api}: new: {clause}" for clause in change["new"]]
        lines += [f"{api}: gone: {clause}" for clause in change["gone"]]
        observations = change["observations"]
        lines += [
            f"{api}: {observation['id']}: was {observation['was']}, is {observation['is']}"
            for observation in observations
        ]
    return lines
