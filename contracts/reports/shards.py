"""The runs of the shards of one run, as one run again.

What `contracts report` makes of the reports of several jobs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contracts.model import ELSEWHERE, Outcome

STRONGEST = (Outcome.VIOLATED, Outcome.UNDECIDED, Outcome.HELD, Outcome.NOT_EXERCISED)
FINDINGS_A_CLAUSE = 5  # as the judge gives of one run
LISTED = {
    "response.undocumented_members": any,
    "response.absent_members": all,
}  # in any shard's list, or in all

Part = dict[str, Any]


def unite(runs: Sequence[Part]) -> list[Part]:
    """Put the shards of each run into one.

    Other runs stay as they are, and all in the order of their first.

    A run of which shards are missing is aborted, and says which.
    """
    groups: dict[Any, list[Part]] = {}
    for number, run in enumerate(runs):
        key = (
            (run["api"], run["target"], run["shard"].partition("/")[2])
            if run.get("shard")
            else number
        )
        groups.setdefault(key, []).append(run)
    return [_united(group) if group[0].get("shard") else group[0] for group in groups.values()]


def _united(shards: Sequence[Part]) -> Part:
    shards = sorted(shards, key=lambda run: int(run["shard"].partition("/")[0]))
    first = shards[0]
    clauses = [_clause(parts) for parts in zip(*(run["clauses"] for run in shards), strict=True)]
    interrupted = [run["interrupted"] for run in shards if run["interrupted"]]
    return {
        **first,
        "shard": None,
        "run_id": " ".join(run["run_id"] for run in shards),
        "requests": sum(run["requests"] for run in shards),
        "seconds": round(sum(run["seconds"] for run in shards), 3),
        "aborted": next((run["aborted"] for run in shards if run["aborted"]), _missing(shards)),
        "interrupted": interrupted[0] if interrupted else None,
        # all valid cases are in one shard, and with them all pairs
        "pairs": max((run["pairs"] for run in shards), key=lambda pairs: pairs["covered"]),
        "created": [made for run in shards for made in run["created"]],
        "clauses": clauses,
        "findings": _findings([finding for run in shards for finding in run["findings"]], clauses),
        "observations": _observations(shards),
        "exchanges": [exchange for run in shards for exchange in run["exchanges"]],
    }


def _missing(shards: Sequence[Part]) -> str | None:
    there = [run["shard"] for run in shards]
    count = int(there[0].partition("/")[2])
    missing = [
        f"{number}/{count}" for number in range(1, count + 1) if f"{number}/{count}" not in there
    ]
    twice = sorted({shard for shard in there if there.count(shard) > 1})
    if twice:
        return f"{_api(shards)}: shard {', '.join(twice)} was given more than once"
    return f"{_api(shards)}: no report of shard {', '.join(missing)} was given" if missing else None


def _api(shards: Sequence[Part]) -> str:
    return str(shards[0]["api"])


def _clause(parts: Sequence[Part]) -> Part:
    """Give the outcome of a clause over all shards.

    Broken in one is broken, and one that held is enough.
    """
    outcomes = [part["outcome"] for part in parts]
    outcome = next(one.value for one in STRONGEST if one.value in outcomes)
    reasons = [part["why"] for part in parts if part["outcome"] == outcome]
    telling = [why for why in reasons if why and not why.startswith(ELSEWHERE)]
    return {
        **parts[0],
        "outcome": outcome,
        "exchanges": sum(part["exchanges"] for part in parts),
        "why": (telling or reasons)[0],
    }


def _findings(findings: Sequence[Part], clauses: Sequence[Part]) -> list[Part]:
    """Put findings of one clause at one place together.

    The smallest request stands for all of them.
    """
    groups: dict[tuple[str, str], list[Part]] = {}
    for finding in findings:
        by_case = finding["clause"].startswith("robustness.")
        groups.setdefault((finding["clause"], finding["case" if by_case else "place"]), []).append(
            finding
        )
    found: dict[str, list[Part]] = {clause["id"]: [] for clause in clauses}
    for (clause, _), group in groups.items():
        shown = min(group, key=lambda finding: len(finding["request"]["body"] or ""))
        found[clause].append(
            {**shown, "occurrences": sum(finding["occurrences"] for finding in group)}
        )
    return [finding for group in found.values() for finding in group[:FINDINGS_A_CLAUSE]]


def _observations(shards: Sequence[Part]) -> list[Part]:
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
    return " or ".join(sorted({part for text in texts for part in text.split(" or ")}))
