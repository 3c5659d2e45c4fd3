"""Reports read back from files, and what old ones lack filled in."""

import copy
import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from contracts.errors import UsageError
from contracts.model import Basis
from contracts.reports.record import FORMAT, CauseRecord, Report
from contracts.schema.files import read_json

SCHEMA = "report.schema.json"
# what a finding has of its clause
REPEATED = ("statement", "basis", "source", "reading", "kind", "places")


def read(path: Path) -> Report:
    """Read a JSON report, members that came later filled in; UsageError when it is none."""
    report = read_json(path)
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        mend = "contracts verify --json writes one"
        raise UsageError(f"{path} is no report of format {FORMAT}; {mend}")
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - takes time to load
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    problem = best_match(Draft202012Validator(schema()).iter_errors(report))
    if problem is not None:
        place = f"{problem.json_path}: {problem.message[:200]}"
        raise UsageError(f"{path} is no report of format {FORMAT}: {place}")
    return complete(report)


@lru_cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of reports."""
    value: dict[str, Any] = json.loads(
        (files("contracts.reports") / SCHEMA).read_text(encoding="utf-8")
    )
    return value


def complete(report: dict[str, Any]) -> Report:
    """Return a report with the members that an older one lacks: their defaults are the schema's."""
    runs = []
    for run in report["runs"]:
        clauses = [_filled("clause", clause) for clause in run["clauses"]]
        by_id = {clause["id"]: clause for clause in clauses}
        findings = []
        for finding in run["findings"]:
            if finding["clause"] not in by_id:
                problem = f"a finding of {finding['clause']!r}, which is none of its clauses"
                raise UsageError(f"the report has {problem}")
            same = {name: by_id[finding["clause"]][name] for name in REPEATED}
            findings.append(_filled("finding", finding, same))
        exchanges = [_filled("exchange", exchange) for exchange in run.get("exchanges", [])]
        whole = {**run, "clauses": clauses, "findings": findings, "exchanges": exchanges}
        title = f"{run['api']}: {run['operation']}"
        if "causes" in run:
            whole["causes"] = [_filled("cause", cause) for cause in run["causes"]]
        runs.append(_filled("run", whole, {"title": title, "causes": _causes(findings)}))
    completed: Any = _filled("report", {**report, "runs": runs})
    return cast("Report", completed)


def _causes(findings: Sequence[dict[str, Any]]) -> list[CauseRecord]:
    """Return a cause for each finding, in a report that does not tell them."""
    return [
        {
            "id": str(number),
            "summary": f"{finding['statement']}: got {finding['got']}",
            "clauses": [finding["clause"]],
            "findings": [number - 1],
            "fails": finding["basis"] != Basis.CONVENTION.value,
            "same_as": None,
        }
        for number, finding in enumerate(findings, 1)
    ]


def _filled(
    part: str, value: dict[str, Any], known: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a part of a report with what it lacks at its end: a report of today stays as it is."""
    members = (schema() if part == "report" else schema()["$defs"][part])["properties"]
    known = known or {}
    filled = dict(value)
    for name in (name for name in members if name not in value):
        filled[name] = known[name] if name in known else _default(members[name])
    return filled


def _default(member: dict[str, Any]) -> Any:
    """Return what a member is that an older report lacks: null, or the emptiest of its type."""
    if "default" in member:
        return copy.deepcopy(member["default"])
    if "$ref" in member:
        return _default(schema()["$defs"][member["$ref"].rpartition("/")[2]])
    emptiest: dict[Any, Any] = {"array": [], "object": {}, "string": ""}
    types = member.get("type")
    return emptiest.get(types) if isinstance(types, str) else None
