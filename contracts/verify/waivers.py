"""Known findings: a waiver says which, why, who answers for it and until when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from contracts import clause_ids
from contracts.definition.catalogue import canonical
from contracts.errors import UsageError
from contracts.reports.record import FindingRecord, Report, RunRecord, WaiverRecord
from contracts.reports.text.escaping import visible
from contracts.schema.files import read_toml

REQUIRED = {"clause": str, "reason": str, "owner": str, "expires": date}
OPTIONAL = {"api": str, "place": str, "state": str, "words": str}


@dataclass(frozen=True, slots=True)
class Waiver:
    """The known findings of one cause: `clause` is a pattern, such as ``response.customer*``.

    They are those of one API, place, `state` (a part of what was sent) or `words` (a part of what
    the sandbox answered) only, when these are given.
    """

    clause: str
    reason: str
    owner: str
    expires: date
    api: str | None = None
    place: str | None = None
    state: str | None = None
    words: str | None = None

    def covers(self, api: str, finding: FindingRecord) -> bool:
        """Tell whether a finding of the JSON report is the known one."""
        return (
            fnmatchcase(finding["clause"], self.clause.replace("[]", "[[]]"))
            and self.api in (None, api)
            and self.place in (None, finding["place"])
            and (self.state or "") in finding["case"]
            and (self.words or "") in finding["got"]
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
    values: dict[str, Any] = {
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


def started(report: Report) -> str:
    """Return a waivers file with one waiver for each cause, its owner and expiry to be filled in.

    Example: 17 clauses of members in another spelling are waived one by one below one comment; a
    cause of a single clause names the state that shows it, so that no other failure is covered.
    """
    lines = ["# Fill in owner, reason and expiry; what is not known any more is to be taken out."]
    for run in report["runs"]:
        for cause in run["causes"]:
            findings = [run["findings"][number] for number in cause["findings"]]
            lines += ["", *(f"# {line}" for line in visible(cause["summary"]).splitlines())]
            for clause in cause["clauses"]:
                first = next(finding for finding in findings if finding["clause"] == clause)
                lines += ["[[waivers]]", f"clause = {json.dumps(clause)}"]
                lines += [f"api = {json.dumps(run['api'])}"]
                if clause_ids.is_about(clause, clause_ids.ROBUSTNESS):
                    lines += [f"state = {json.dumps(first['case'])}"]
                lines += [f"reason = {json.dumps(visible(cause['summary']))}"]
                lines += ['# owner = "who answers for it"', "# expires = 2030-12-31"]
    return "\n".join(lines) + "\n"
