"""Known findings: a waiver says which, why, who answers for it and until when."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from contracts import clause_ids, errors
from contracts.definition import loading
from contracts.definition.catalogue import canonical
from contracts.errors import UsageError
from contracts.model import Contract
from contracts.reports.record import FindingRecord, Report, RunRecord, WaiverRecord
from contracts.reports.text.causes import causes
from contracts.reports.text.escaping import visible
from contracts.schema.files import read_toml, toml_value
from contracts.verify.targets_file import unknown_key

REQUIRED = ("clause", "reason", "owner", "expires")
SEVERAL = ("clause", "api", "place", "state", "words")  # that may be a list of texts
KNOWN = (*REQUIRED, *SEVERAL[1:])


@dataclass(frozen=True, slots=True)
class Waiver:
    """The known findings of one cause: of a clause that one of the patterns of `clause` fits.

    They are those of one API or operation, place, `state` (a part of what was sent) or `words`
    (a part of what the sandbox answered) only, when these are given. Example of a pattern:
    ``response.customer*``.
    """

    clause: tuple[str, ...]
    reason: str
    owner: str
    expires: date
    api: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a message calls it by."""
        return ", ".join(self.clause)

    def covers(self, run: RunRecord, finding: FindingRecord) -> bool:
        """Whether a finding of the JSON report is the known one."""
        return (
            any(clause_ids.fits(finding["clause"], pattern) for pattern in self.clause)
            and self.concerns(run["api"], run["operation"])
            and (not self.place or finding["place"] in self.place)
            and (not self.state or any(text in finding["case"] for text in self.state))
            and (not self.words or any(text in finding["got"] for text in self.words))
        )

    def concerns(self, api: str, operation: str) -> bool:
        """Whether it is about an operation of an API."""
        return not self.api or bool({api, f"{api}/{operation}"} & set(self.api))


def check(path: Path, today: date, contracts: Sequence[Contract]) -> None:
    """Raise UsageError for a waiver that can't be used, or fits no clause of its operations.

    One that is about other APIs than those of `contracts` is left alone, if there are such.
    """
    every = [each for contract in contracts for each in contract.family]
    for number, waiver in enumerate(read(path, today), 1):
        for name in waiver.api:
            _check_api(f"{path}: waiver {number}: api", name, every)
        concerned = (each for each in every if waiver.concerns(each.api, each.operation.name))
        ids = {clause.id for each in concerned for clause in each.clauses}
        refuse_idle(f"{path}: waiver {number}", waiver.clause if ids else (), ids)


def _check_api(place: str, name: str, contracts: Sequence[Contract]) -> None:
    """Raise UsageError for a name of an API or operation that no report has."""
    names = {known for each in contracts for known in (each.api, each.name)}
    if name in names:
        return
    try:
        others = loading.load_all(name)
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from error
    if name not in {others[0].api, others[0].name}:
        raise UsageError(f"{place}: expected a name and no path: {others[0].api}, got {name!r}")


def refuse_idle(place: str, patterns: Iterable[str], ids: Collection[str]) -> None:
    """Raise UsageError for a pattern that no clause of some ids fits."""
    for pattern in patterns:
        if not any(clause_ids.fits(clause, pattern) for clause in ids):
            near = errors.near_misses(pattern, sorted(ids))
            raise UsageError(f"{place}: no clause fits {pattern!r}{near}")


def read(path: Path, today: date) -> tuple[Waiver, ...]:
    """Return the waivers of a file; UsageError for one that is incomplete or has expired."""
    data = read_toml(path)
    if unknown := sorted(data.keys() - {"waivers"}):
        meant = "did you mean 'waivers', as in [[waivers]]?"
        raise UsageError(f"{path}: unknown table {unknown[0]!r}; {meant}")
    rows = data.get("waivers", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{path}: expected [[waivers]] in double brackets, a table each")
    return tuple(
        _waiver(row, f"{path}: waiver {number}", today) for number, row in enumerate(rows, 1)
    )


def _waiver(row: dict[str, Any], place: str, today: date) -> Waiver:
    """Return the waiver of one table; a date with a time of day is that day."""
    if missing := sorted(set(REQUIRED) - row.keys()):
        has = "a waiver has clause, reason, owner and expires"
        raise UsageError(f"{place}: {missing[0]} is missing; {has}")
    if unknown := sorted(row.keys() - set(KNOWN)):
        raise UsageError(f"{place}: {unknown_key(unknown[0], KNOWN)}")
    values = {key: _value(key, value, place) for key, value in row.items()}
    values["api"] = tuple(map(canonical, values.get("api", ())))
    waiver = Waiver(**values)
    if waiver.expires < today:
        expired = f"expired on {waiver.expires}; ask {waiver.owner}"
        raise UsageError(f"{place}: the waiver of {waiver.name} {expired}")
    return waiver


def _value(key: str, value: Any, place: str) -> Any:
    if key == "expires":
        value = value.date() if isinstance(value, datetime) else value
        right = isinstance(value, date)
        expected = "a date without quotes, such as 2030-12-31"
    elif key in SEVERAL:
        value = value if isinstance(value, list) else [value]
        right = bool(value) and all(isinstance(text, str) for text in value)
        value = tuple(value)
        expected = "a text, or a list of texts"
    else:
        right = isinstance(value, str) and bool(value.strip())
        expected = "a text"
    if not right:
        raise UsageError(f"{place}: {key}: expected {expected}, got {value!r}")
    return value


def apply(report: Report, waivers: Sequence[Waiver]) -> tuple[Report, tuple[Waiver, ...]]:
    """Return the report with the known findings marked, and the waivers that no finding needed.

    A clause all of whose findings are waived is still ``violated``, but does not fail the run.
    """
    used: set[Waiver] = set()
    runs: list[RunRecord] = []
    for run in report["runs"]:
        findings: list[FindingRecord] = []
        for finding in run["findings"]:
            waiver = next((each for each in waivers if each.covers(run, finding)), None)
            note: WaiverRecord | None = None
            if waiver is not None:
                used.add(waiver)
                expires = str(waiver.expires)
                note = {"reason": waiver.reason, "owner": waiver.owner, "expires": expires}
            findings.append({**finding, "waived": note})
        runs.append({**run, "findings": findings})
    verified = [run for run in runs if run["aborted"] is None]
    places = [(run["api"], run["operation"]) for run in verified]
    idle = (waiver for waiver in waivers if waiver not in used)
    unused = (waiver for waiver in idle if any(waiver.concerns(*place) for place in places))
    return {**report, "runs": runs}, tuple(unused)


def started(report: Report) -> str:
    """Return a waivers file with one waiver for each cause, its owner and expiry to be filled in.

    It covers the clauses of its cause and no others; where another cause breaks one of them
    too, as every other 500 does, it names the state that shows it.
    """
    lines = ["# Fill in owner and expires of each; take out what is to be mended at once."]
    unwaived = [cause for cause in causes(report) if cause.kind != "waived"]
    for cause in unwaived:
        others = {clause for other in unwaived if other is not cause for clause in other.clauses}
        of_any = clause_ids.is_about(cause.clauses[0], clause_ids.ROBUSTNESS)
        shared = of_any or not others.isdisjoint(cause.clauses)
        states = dict.fromkeys(finding["case"] for _, finding in cause.findings) if shared else ()
        summary = visible(cause.summary)
        lines += ["", "[[waivers]]", _toml("clause", cause.clauses)]
        lines += [_toml("api", [f"{cause.run['api']}/{name}" for name in cause.operations])]
        lines += [_toml("state", list(states))] if states else []
        lines += [_toml("reason", [summary])]
        lines += ['# owner = "who answers for it"', "# expires = 2030-12-31"]
    return "\n".join(lines) + "\n"


def _toml(key: str, texts: Sequence[str]) -> str:
    """Return a row of TOML; several texts stand below each other."""
    if len(texts) == 1:
        return f"{key} = {toml_value(texts[0])}"
    return "\n".join([f"{key} = [", *(f"    {toml_value(text)}," for text in texts), "]"])
