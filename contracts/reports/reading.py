"""Reports read back from files, and what old ones lack filled in."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from contracts.errors import UsageError
from contracts.reports.record import FORMAT, Report
from contracts.schema.files import read_json

SCHEMA = "report.schema.json"
# what reports of format 1 have had from the start is required; what came later may be missing in an
# old one
LATER: dict[str, Any] = {
    "fail_on": "standard",
    "completeness": "usual",
    "started": None,
    "environment": None,
    "unused_waivers": [],
    "drift": None,
}
LATER_IN_RUNS: dict[str, Any] = {
    "accepted": None,
    "aborted": None,
    "aborted_by": None,
    "interrupted": None,
    "run_id": "",
    "shard": None,
    "pairs": {"covered": 0, "all": 0},
    "created": [],
    "left": None,
    "documents": {},
    "token_variable": None,
    "members": {"request": None, "response": None},
    "exchanges": [],
    "causes": [],
}
LATER_IN_CLAUSES: dict[str, Any] = {
    "reading": None,
    "left_out": None,
    "kind": None,
    "places": [],
    "fault": None,
}
LATER_IN_FINDINGS: dict[str, Any] = {
    "hint": None,
    "case": "a request",
    "started": None,
    "region": None,
    "occurrences": 1,
    "seen": None,
    "steps": [],
    "waived": None,
}
REPEATED = (
    "statement",
    "basis",
    "source",
    "reading",
    "kind",
    "places",
)  # of its clause, in a finding


def read(path: Path) -> Report:
    """Read a JSON report of this format, members that came later filled in.

    UsageError when it is none.
    """
    report = read_json(path)
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        raise UsageError(
            f"{path} is no report of format {FORMAT}; contracts verify --json writes one"
        )
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - takes time to load
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    problem = best_match(Draft202012Validator(schema()).iter_errors(report))
    if problem is not None:
        raise UsageError(
            f"{path} is no report of format {FORMAT}: {problem.json_path}: {problem.message[:200]}"
        )
    return complete(report)


@lru_cache
def schema() -> dict[str, Any]:
    """Give the JSON Schema of reports."""
    found: dict[str, Any] = json.loads(
        (files("contracts.reports") / SCHEMA).read_text(encoding="utf-8")
    )
    return found


def complete(report: dict[str, Any]) -> Report:
    """Give a report with the members that an older one lacks."""
    runs = []
    for run in report["runs"]:
        clauses = [_filled(clause, LATER_IN_CLAUSES) for clause in run["clauses"]]
        known = {clause["id"]: clause for clause in clauses}
        findings = []
        for finding in run["findings"]:
            if finding["clause"] not in known:
                raise UsageError(
                    f"the report has a finding of {finding['clause']!r}, which is none of its "
                    "clauses"
                )
            same = {name: known[finding["clause"]][name] for name in REPEATED}
            findings.append(_filled(finding, {**LATER_IN_FINDINGS, **same}))
        exchanges = [_filled(exchange, {"started": None}) for exchange in run.get("exchanges", [])]
        whole = _filled(
            {**run, "exchanges": exchanges},
            {**LATER_IN_RUNS, "title": f"{run['api']}: {run['operation']}"},
        )
        runs.append({**whole, "clauses": clauses, "findings": findings})
    completed: Any = {**_filled(report, LATER), "runs": runs}
    return cast("Report", completed)


def _filled(value: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """Give a part of a report with what it lacks at its end.

    So that a report of today stays as it is.
    """
    return {**value, **{name: default for name, default in later.items() if name not in value}}
