"""Several JSON reports into one; the runs of the shards of one run become one run again."""

from collections.abc import Sequence
from typing import Any

from contracts import clause_ids
from contracts.errors import UsageError
from contracts.model import ELSEWHERE, Outcome
from contracts.reports import outcomes
from contracts.reports.joining import alike, joined, of_one_place
from contracts.reports.record import (
    CauseRecord,
    ClauseRecord,
    FindingRecord,
    ObservationRecord,
    Report,
    RunRecord,
)

STRONGEST = (Outcome.VIOLATED, Outcome.UNDECIDED, Outcome.HELD, Outcome.NOT_EXERCISED)
# observations that list members: a member is listed when any shard lists it, or only when all do
LISTED = {clause_ids.UNDOCUMENTED_MEMBERS: any, clause_ids.ABSENT_MEMBERS: all}


def merge(reports: Sequence[Report]) -> Report:
    """Put several reports into one; a run of which shards are missing is aborted."""
    report = collect(reports)
    if not any(run.get("shard") for run in report["runs"]):
        return report
    runs = unite(report["runs"])
    united: Report = {**report, "runs": runs}
    # drift that failed a report fails them all; findings are still there
    return outcomes.concluded(united, failing_drift=report["outcome"] == "fail")


def collect(reports: Sequence[Report]) -> Report:
    """Put the runs of several reports into one as they are; its outcome is the worst of theirs.

    UsageError where shares of different plans are among them.
    """
    if len(reports) == 1:
        return reports[0]
    shares = [report for report in reports if any(run["shard"] for run in report["runs"])]
    seeds = sorted({report["seed"] for report in shares})
    if len(seeds) > 1:
        words = " and ".join(map(str, seeds))
        raise UsageError(f"shares of different plans: of the seeds {words}; give those of one seed")
    worst = max(
        reports,
        key=lambda report: ("pass", "incomplete", "fail", "aborted").index(report["outcome"]),
    )
    drifts = [changes for report in reports if (changes := report["drift"]) is not None]
    unused = [set(report.get("unused_waivers") or ()) for report in reports]
    return {
        **worst,
        "started": min(filter(None, (report["started"] for report in reports)), default=None),
        "runs": joined([run for report in reports for run in report["runs"]]),
        # a waiver that one of the reports needed is needed
        "unused_waivers": sorted(set.intersection(*unused)),
        "drift": [change for drift in drifts for change in drift] if drifts else None,
        "history": None,  # of one of them it says nothing of the others
    }


def unite_rounds(reports: Sequence[Report]) -> Report:
    """Return several reports of the same operations, as of several seeds, as one.

    Each operation has one run. Of the exchanges, only those of its first run are kept.
    """
    groups: dict[tuple[str, str, str], list[RunRecord]] = {}
    for report in reports:
        for run in report["runs"]:
            groups.setdefault((run["api"], run["operation"], run["target"]), []).append(run)
    runs: list[RunRecord] = [
        {**_united(group), "exchanges": group[0]["exchanges"]} for group in groups.values()
    ]
    return outcomes.concluded({**reports[0], "runs": runs})


def unite(runs: Sequence[RunRecord]) -> list[RunRecord]:
    """Return runs with the shards of each as one run, in the order of the first of each.

    A run of which shards are missing is aborted, and says which.
    """
    groups: dict[Any, list[RunRecord]] = {}
    for number, run in enumerate(runs):
        key: object = number
        if run["shard"]:
            key = (run["api"], run["operation"], run["target"], _number_of(run)[1])
        groups.setdefault(key, []).append(run)
    return [_whole(group) if group[0]["shard"] else group[0] for group in groups.values()]


def _whole(shards: Sequence[RunRecord]) -> RunRecord:
    run = _united(sorted(shards, key=_number_of))
    missing = _missing(shards)
    if run["aborted"] or not missing:
        return run
    return {**run, "aborted": missing, "aborted_by": "shares"}


def _united(runs: Sequence[RunRecord]) -> RunRecord:
    """Return several runs of one operation, such as the shares of a plan, as one run."""
    first = runs[0]
    parted = zip(*(run["clauses"] for run in runs), strict=True)
    clauses = [_clause(parts) for parts in parted]
    findings, causes = _with_findings(runs, clauses)
    ended = [run for run in runs if run["aborted"]]
    interrupted = [run["interrupted"] for run in runs if run["interrupted"]]
    remaining = [name for run in runs for name in run["left"] or ()]
    return {
        **first,
        "shard": None,
        "run_id": " ".join(run["run_id"] for run in runs),
        "requests": sum(run["requests"] for run in runs),
        "seconds": round(sum(run["seconds"] for run in runs), 3),
        "accepted": sum(run["accepted"] or 0 for run in runs),
        "aborted": next((run["aborted"] for run in ended), None),
        "aborted_by": next((run["aborted_by"] for run in ended), None),
        "interrupted": interrupted[0] if interrupted else None,
        # all valid cases are in one shard, and with them all pairs
        "pairs": max((run["pairs"] for run in runs), key=lambda pairs: pairs["covered"]),
        "created": [name for run in runs for name in run["created"]],
        "left": None if first["left"] is None else remaining,
        "clauses": clauses,
        "findings": findings,
        "causes": causes,
        "observations": _observations(runs),
        "exchanges": [exchange for run in runs for exchange in run["exchanges"]],
    }


def _number_of(run: RunRecord) -> tuple[int, int]:
    """Return which share of how many a run sent: (1, 4) of ``1/4``."""
    number, _, count = (run["shard"] or "1/1").partition("/")
    return int(number), int(count)


def _missing(shards: Sequence[RunRecord]) -> str | None:
    numbers = [_number_of(run)[0] for run in shards]
    count = _number_of(shards[0])[1]
    missing = [f"{number}/{count}" for number in range(1, count + 1) if number not in numbers]
    twice = [f"{n}/{count}" for n in sorted(set(numbers)) if numbers.count(n) > 1]
    api = shards[0]["api"]
    if twice:
        return f"{api}: shard {', '.join(twice)} was given more than once"
    return f"{api}: no report of shard {', '.join(missing)} was given" if missing else None


def _clause(parts: Sequence[ClauseRecord]) -> ClauseRecord:
    """Return a clause's outcome over all shards: broken in one is broken, held in one is enough."""
    outcomes = [part["outcome"] for part in parts]
    outcome = next(word.value for word in STRONGEST if word.value in outcomes)
    reasons = [part["why"] for part in parts if part["outcome"] == outcome]
    telling = [why for why in reasons if why and not why.startswith(ELSEWHERE)]
    # what another share sends is not left out when all shares are there
    lacks = [part["left_out"] for part in parts if part["left_out"] not in (None, "shares")]
    return {
        **parts[0],
        "outcome": outcome,
        "exchanges": sum(part["exchanges"] for part in parts),
        "why": (telling or reasons)[0],
        "left_out": next(iter(lacks), None) if outcome == Outcome.NOT_EXERCISED.value else None,
    }


def _with_findings(
    shards: Sequence[RunRecord], clauses: Sequence[ClauseRecord]
) -> tuple[list[FindingRecord], list[CauseRecord]]:
    """Return the findings and the causes of all shards.

    Findings of one cause and clause at one place are one: the smallest request stands for all.
    """
    united = alike(shards)
    cause_of = {
        (shard, number): at
        for at, group in enumerate(united)
        for shard, cause in group
        for number in cause["findings"]
    }
    groups: dict[tuple[int | None, str, str], list[FindingRecord]] = {}
    for shard, run in enumerate(shards):
        for number, finding in enumerate(run["findings"]):
            key = (cause_of.get((shard, number)), *of_one_place(finding))
            groups.setdefault(key, []).append(finding)
    order = [clause["id"] for clause in clauses]
    keys = sorted(groups, key=lambda key: order.index(key[1]))
    findings: list[FindingRecord] = []
    for key in keys:
        same = groups[key]
        smallest = min(same, key=lambda finding: len(finding["request"]["body"] or ""))
        count = sum(finding["occurrences"] for finding in same)
        findings.append({**smallest, "occurrences": count})
    causes: list[CauseRecord] = []
    for at, group in enumerate(united):
        numbers = [number for number, key in enumerate(keys) if key[0] == at]
        cause = group[0][1]
        broken = dict.fromkeys(findings[number]["clause"] for number in numbers)
        fails = any(cause["fails"] for _, cause in group)
        own: CauseRecord = {**cause, "id": str(at + 1), "findings": numbers, "fails": fails}
        causes.append({**own, "clauses": list(broken)})
    return findings, causes


def _observations(shards: Sequence[RunRecord]) -> list[ObservationRecord]:
    texts_by_id: dict[str, list[str]] = {}
    for run in shards:
        for observation in run["observations"]:
            texts_by_id.setdefault(observation["id"], []).append(observation["behaviour"])
    behaviours = {name: _behaviour(name, texts) for name, texts in sorted(texts_by_id.items())}
    return [{"id": name, "behaviour": text} for name, text in behaviours.items()]


def _behaviour(name: str, texts: Sequence[str]) -> str:
    """Return what an observation of several shards amounts to."""
    if name in LISTED:
        lists = [text.split(", ") for text in texts]
        listed = {member for members in lists for member in members if member != "none"}
        names = [
            member for member in listed if LISTED[name](member in members for members in lists)
        ]
        return ", ".join(sorted(names)) or "none"
    # what one share saw accepted was refused in another one for what came with it
    texts = [text for text in texts if text.startswith("accepted")] or texts
    return " or ".join(sorted({part for text in texts for part in text.split(" or ")}))
