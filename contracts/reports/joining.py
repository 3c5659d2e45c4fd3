"""Causes that are one in several runs: of the shares of a plan, of the operations of an API."""

import re
from collections.abc import Callable, Hashable, Sequence

from contracts import clause_ids
from contracts.model import Kind
from contracts.reports.record import CauseNameRecord, CauseRecord, FindingRecord, RunRecord

VALUES = re.compile(r'"[^"]*"|\S*\d\S*')
# last words of relations that say of one defect what it does to what is created, and to a list
EFFECTS = {
    "joined": "joins",
    "joins": "joins",
    "effect": "absent",
    "absent": "absent",
    "once": "once",
    "unique": "unique",
}
Likeness = Callable[[FindingRecord], Hashable]


def of_one_place(finding: FindingRecord) -> tuple[str, str]:
    """Return what a finding has in common with itself in another run of the same operation."""
    by_case = clause_ids.is_about(finding["clause"], clause_ids.ROBUSTNESS)
    return finding["clause"], finding["case"] if by_case else finding["place"]


def of_one_defect(finding: FindingRecord) -> Hashable:
    """Return what a finding has in common with that of the same defect in another operation.

    Of a finding about a member that is its name and what is wrong with it, wherever the answer has
    it: one serializer writes what is created, read and listed. All findings about what one tenant
    may not see of another are one defect, since one check keeps tenants apart. So are those about
    a group that is not joined, a reference that is taken twice, and what a refusal leaves.
    """
    clause, (_, _, member) = finding["clause"], finding["place"].rpartition("/")
    if clause_ids.is_about(clause, *clause_ids.OF_TENANTS):
        return clause_ids.OF_TENANTS
    if finding["kind"] == Kind.REFUSAL.value:
        return clause
    if finding["kind"] == Kind.RELATION.value and (last := clause.rpartition(".")[2]) in EFFECTS:
        return EFFECTS[last]
    if not member:
        return *of_one_place(finding), finding["got"]
    expected, got = (VALUES.sub("…", text) for text in (_expected(finding), finding["got"]))
    is_keyword = finding["kind"] == Kind.KEYWORD.value
    return member, clause_ids.keyword(clause) if is_keyword else expected, got


def of_one_value(finding: FindingRecord) -> Hashable:
    """Return a member with the value that breaks a clause; "" for a finding about the whole."""
    _, _, member = finding["place"].rpartition("/")
    return (member, finding["got"]) if member else ""


def of_what_was_created(finding: FindingRecord) -> Hashable:
    """Return a member with the value that it was created with, and is not read with; or "".

    A value that is wrong where it is created is not what is stored, or read of something else.
    """
    _, _, member = finding["place"].rpartition("/")
    is_relation = finding["kind"] == Kind.RELATION.value
    return (member, _expected(finding)) if member and is_relation else ""


def _expected(finding: FindingRecord) -> str:
    """Return the value that is expected, without the reason."""
    return finding["expected"].partition(", as ")[0]


ONE_DEFECT: tuple[Likeness, ...] = (of_one_defect, of_one_value, of_what_was_created)


def alike(
    runs: Sequence[RunRecord], likenesses: Sequence[Likeness] = (of_one_place,)
) -> list[list[tuple[int, CauseRecord]]]:
    """Return the causes of several runs with the run's number, those that are one together.

    They are one when they say the same, or have findings that are alike; two causes of one run
    are known to be two.
    """
    groups: list[tuple[set[Hashable], list[tuple[int, CauseRecord]]]] = []
    for number, run in enumerate(runs):
        for cause in run["causes"]:
            findings = [run["findings"][index] for index in cause["findings"]]
            likes = {like(finding) for finding in findings for like in likenesses}
            own = {cause["summary"], *likes} - {""}
            for known, group in groups:
                if group[-1][0] != number and not known.isdisjoint(own):
                    known.update(own)
                    group.append((number, cause))
                    break
            else:
                groups.append((own, [(number, cause)]))
    return [group for _, group in groups]


def joined(runs: Sequence[RunRecord]) -> list[RunRecord]:
    """Return runs whose causes say which cause of an operation before them is the same defect."""
    by_target: dict[tuple[str, str], dict[str, RunRecord]] = {}
    for run in runs:
        by_target.setdefault((run["api"], run["target"]), {}).setdefault(run["operation"], run)
    first: dict[int, CauseNameRecord] = {}  # by the identity of each further cause
    for by_operation in by_target.values():
        operations = list(by_operation.values())
        for (at, first_cause), *others in alike(operations, ONE_DEFECT):
            name: CauseNameRecord = {
                "operation": operations[at]["operation"],
                "id": first_cause["id"],
            }
            first.update({id(cause): name for _, cause in others})
    return [
        {**run, "causes": [{**cause, "same_as": first.get(id(cause))} for cause in run["causes"]]}
        for run in runs
    ]
