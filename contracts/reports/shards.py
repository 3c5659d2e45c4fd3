"""The runs of the shards of one run, as one run again.

What `contracts report` makes of the reports of several jobs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contracts.model import ELSEWHERE, Outcome
from contracts.reports.record import ClauseRecord, FindingRecord, ObservationRecord, RunRecord

STRONGEST = (Outcome.VIOLATED, Outcome.UNDECIDED, Outcome.HELD, Outcome.NOT_EXERCISED)
FINDINGS_A_CLAUSE = 5  # as the judge gives of one run
LISTED = {
    "response.undocumented_members": any,
    "response.absent_members": all,
}  # in any shard's list, or in all


def unite(runs: Sequence[RunRecord]) -> list[RunRecord]:
    """Put the shards of each run into one.

    Other runs stay as they are, and all in the order of their first.

    A run of which shards are missing is aborted, and says which.
    """
    groups: dict[Any, list[RunRecord]] = {}
    for number, run in enumerate(runs):
        key: object = number
        if run["shard"]:
            key = (run["api"], run["operation"], run["target"], _number_of(run)[1])
        groups.setdefault(key, []).append(run)
    return [_united(group) if group[0]["shard"] else group[0] for group in groups.values()]


def _united(shards: Sequence[RunRecord]) -> RunRecord:
    shards = sorted(shards, key=_number_of)
    first = shards[0]
    clauses = [_clause(parts) for parts in zip(*(run["clauses"] for run in shards), strict=True)]
    missing = _missing(shards)
    ended = [run for run in shards if run["aborted"]]
    interrupted = [run["interrupted"] for run in shards if run["interrupted"]]
    return {
        **first,
        "shard": None,
        "run_id": " ".join(run["run_id"] for run in shards),
        "requests": sum(run["requests"] for run in shards),
        "seconds": round(sum(run["seconds"] for run in shards), 3),
        "accepted": sum(run["accepted"] or 0 for run in shards),
        "aborted": next((run["aborted"] for run in ended), missing),
        "aborted_by": next((run["aborted_by"] for run in ended), "shares" if missing else None),
        "interrupted": interrupted[0] if interrupted else None,
        # all valid cases are in one shard, and with them all pairs
        "pairs": max((run["pairs"] for run in shards), key=lambda pairs: pairs["covered"]),
        "created": [made for run in shards for made in run["created"]],
        "clauses": clauses,
        "findings": _findings([finding for run in shards for finding in run["findings"]], clauses),
        "observations": _observations(shards),
        "exchanges": [exchange for run in shards for exchange in run["exchanges"]],
    }


def _number_of(run: RunRecord) -> tuple[int, int]:
    """Return which share of how many a run sent: (1, 4) of ``1/4``."""
    number, _, count = (run["shard"] or "1/1").partition("/")
    return int(number), int(count)


def _missing(shards: Sequence[RunRecord]) -> str | None:
    numbers = [_number_of(run)[0] for run in shards]
    count = _number_of(shards[0])[1]
    missing = [f"{number}/{count}" for number in range(1, count + 1) if number not in numbers]
    twice = [f"{number}/{count}" for number in sorted(set(numbers)) if numbers.count(number) > 1]
    if twice:
        return f"{_api(shards)}: shard {', '.join(twice)} was given more than once"
    return f"{_api(shards)}: no report of shard {', '.join(missing)} was given" if missing else None


def _api(shards: Sequence[RunRecord]) -> str:
    return str(shards[0]["api"])


def _clause(parts: Sequence[ClauseRecord]) -> ClauseRecord:
    """Give the outcome of a clause over all shards.

    Broken in one is broken, and one that held is enough.
    """
    outcomes = [part["outcome"] for part in parts]
    outcome = next(one.value for one in STRONGEST if one.value in outcomes)
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


def _findings(
    findings: Sequence[FindingRecord], clauses: Sequence[ClauseRecord]
) -> list[FindingRecord]:
    """Put findings of one clause at one place together.

    The smallest request stands for all of them.
    """
    groups: dict[tuple[str, str], list[FindingRecord]] = {}
    for finding in findings:
        by_case = finding["clause"].startswith("robustness.")
        groups.setdefault(
            (finding["clause"], finding["case"] if by_case else finding["place"]), []
        ).append(finding)
    found: dict[str, list[FindingRecord]] = {clause["id"]: [] for clause in clauses}
    for (clause, _), group in groups.items():
        shown = min(group, key=lambda finding: len(finding["request"]["body"] or ""))
        found[clause].append(
            {**shown, "occurrences": sum(finding["occurrences"] for finding in group)}
        )
    return [finding for group in found.values() for finding in group[:FINDINGS_A_CLAUSE]]


def _observations(shards: Sequence[RunRecord]) -> list[ObservationRecord]:
    seen: dict[str, list[str]] = {}
    for run in shards:
        for observation in run["observations"]:
            seen.setdefault(observation["id"], []).append(observation["behaviour"])
    return [
        {"id": name, "behaviour": _behaviour(name, texts)} for name, texts in sorted(seen.items())
    ]


def _behaviour(name: str, texts: Sequence[str]) -> str:
    if name in LISTED:
        lists = [text.split(", ") for text in texts]
        listed = {member for members in lists for member in members if member != "none"}
        kept = sorted(
            member for member in listed if LISTED[name](member in members for members in lists)
        )
        return ", ".join(kept) or "none"
    # what one share saw accepted was refused in another one for what came with it
    texts = [text for text in texts if text.startswith("accepted")] or texts
    return " or ".join(sorted({part for text in texts for part in text.split(" or ")}))
