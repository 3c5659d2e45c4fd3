"""Known findings: a waiver says which, why, who answers for it and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from contracts.definition.catalogue import canonical
from contracts.errors import UsageError
from contracts.reports.record import FindingRecord, Report, RunRecord, WaiverRecord
from contracts.schema.files import read_toml

REQUIRED = {"clause": str, "reason": str, "owner": str, "expires": date}
OPTIONAL = {"api": str, "place": str}


@dataclass(frozen=True, slots=True)
class Waiver:
    """One known finding of a clause; of one API or of one place only, when they are given."""

    clause: str
    reason: str
    owner: str
    expires: date
    api: str | None = None
    place: str | None = None

    def covers(self, api: str, finding: FindingRecord) -> bool:
        """Tell whether a finding of the JSON report is the known one."""
        return (
            self.clause == finding["clause"]
            and self.api in (None, api)
            and self.place in (None, finding["place"])
        )


def read(path: Path, today: date) -> tuple[Waiver, ...]:
    """Return the waivers of a file (``[[waivers]]`` tables).

    UsageError for one that is incomplete or has expired.
    """
    data = read_toml(path)
    if unknown := sorted(data.keys() - {"waivers"}):
        raise UsageError(
            f"{path}: unknown table {unknown[0]!r}; did you mean 'waivers', as in [[waivers]]?"
        )
    rows = data.get("waivers", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{path}: expected [[waivers]] in double brackets, a table each")
    return tuple(
        _waiver(row, f"{path}: waiver {number}", today) for number, row in enumerate(rows, 1)
    )


def _waiver(row: dict[str, Any], place: str, today: date) -> Waiver:
    """Return the waiver of one table; a date with a time of day is that day."""
    if missing := sorted(REQUIRED.keys() - row.keys()):
        raise UsageError(
            f"{place}: {missing[0]} is missing; a waiver has clause, reason, owner and expires"
        )
    if unknown := sorted(row.keys() - REQUIRED.keys() - OPTIONAL.keys()):
        raise UsageError(
            f"{place}: unknown key {unknown[0]!r}; known are {', '.join([*REQUIRED, *OPTIONAL])}"
        )
    values = {
        key: value.date() if isinstance(value, datetime) else value for key, value in row.items()
    }
    for key, value in values.items():
        kind = {**REQUIRED, **OPTIONAL}[key]
        if not isinstance(value, kind):
            expected = "a date" if kind is date else "a text"
            raise UsageError(f"{place}: {key}: expected {expected}, got {value!r}")
    if "api" in values:
        values["api"] = canonical(values["api"])
    waiver = Waiver(**values)
    if waiver.expires < today:
        raise UsageError(
            f"{place}: the waiver of {waiver.clause} expired on {waiver.expires}; ask "
            f"{waiver.owner}"
        )
    return waiver


def apply(report: Report, waivers: Sequence[Waiver]) -> tuple[Report, tuple[Waiver, ...]]:
    """Give the report with the known findings marked, and the waivers that no finding needed.

    A clause all of whose findings are waived is still ``violated``, but does not fail the run.
    """
    used: set[Waiver] = set()
    runs: list[RunRecord] = []
    for run in report["runs"]:
        findings: list[FindingRecord] = []
        for finding in run["findings"]:
            known = next((waiver for waiver in waivers if waiver.covers(run["api"], finding)), None)
            if known is not None:
                used.add(known)
            note: WaiverRecord | None = (
                {"reason": known.reason, "owner": known.owner, "expires": str(known.expires)}
                if known
                else None
            )
            findings.append({**finding, "waived": note})
        runs.append({**run, "findings": findings})
    verified = {run["api"] for run in runs if run["aborted"] is None}
    unused = tuple(
        w for w in waivers if w not in used and (w.api in verified if w.api else bool(verified))
    )
    return {**report, "runs": runs}, unused
