"""Causes of what is accepted and has to be refused: a check that is missing lets in many things."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

from contracts import clause_ids
from contracts.judge.grouping import Group, Numbered, first_of, summary, together
from contracts.model import CREDENTIAL, Contract, Finding, Kind
from contracts.schema import checks
from contracts.schema.jsontext import type_of

OTHER_TENANT = "the token of another tenant"  # no clause: what is asked for with it
# what is taken wherever tokens are not compared to their end
NOT_COMPARED = (clause_ids.ALTERED_TOKEN, clause_ids.EXTENDED_TOKEN, clause_ids.PERMISSION)
# what is accepted -> which other findings that explains
HOLES: dict[str, tuple[str, ...]] = {
    clause_ids.ABSENT: (clause_ids.EMPTY,),
    clause_ids.UNKNOWN_TOKEN: (clause_ids.TOKEN_PREFIX, *NOT_COMPARED, OTHER_TENANT),
    clause_ids.TOKEN_PREFIX: NOT_COMPARED,
}
SEVERAL = 3  # members that take another type, before it is one way to read them
UNCHECKED = 5  # members at least that are not checked, before it is said of all of them
NOT_READ = (clause_ids.ABSENT, clause_ids.UNKNOWN_TOKEN)


def authorization(_: Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield the spoiled credentials that one hole lets in."""
    by_clause = defaultdict(list)
    for number, finding in rest:
        clause = finding.clause
        about_credentials = clause_ids.is_about(clause.id, clause_ids.AUTHORIZATION)
        about_address = clause_ids.is_about(clause.id, clause_ids.ADDRESS)
        if about_credentials and clause.kind is Kind.REFUSAL:
            by_clause[clause.id].append(number)
        elif about_address and finding.case.authorization not in (CREDENTIAL, None):
            by_clause[OTHER_TENANT].append(number)
    if all(clause in by_clause for clause in NOT_READ):
        numbers = [number for group in by_clause.values() for number in group]
        yield Group(tuple(numbers), "whatever the credentials are, the request is accepted")
        return
    for hole, others in HOLES.items():
        if hole in by_clause and any(other in by_clause for other in others):
            numbers = [n for clause in (hole, *others) for n in by_clause.pop(clause, ())]
            by_number = dict(rest)
            what = by_number[numbers[0]].clause.statement.removesuffix(" is refused")
            yield Group(tuple(numbers), f"{what} is accepted, and what is like it")


def addresses(_: Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield the addresses that are taken because one part of the path is not looked at."""

    def part(finding: Finding) -> Hashable:
        if not clause_ids.is_about(finding.clause.id, clause_ids.ADDRESS):
            # what an answer says of an address that should not have been taken follows from that
            return next(map(clause_ids.thing, finding.case.path), None)
        kind, thing = clause_ids.address_parts(finding.clause.id)
        return None if kind == "hidden" else thing

    for numbers, findings in together(rest, part):
        of_address = [f for f in findings if clause_ids.is_about(f.clause.id, clause_ids.ADDRESS)]
        ids = [finding.clause.id for finding in of_address]
        if any(clause_ids.is_about(clause, clause_ids.unknown("")) for clause in ids):
            yield Group(numbers, f"the {part(findings[0])} of the address is not looked at")
        elif len(ids) == 1:
            yield Group(numbers, summary(of_address))


def unchecked(contract: Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield what is accepted where no member is checked in a way, such as for its type."""
    by_keyword: dict[str, dict[str, int]] = defaultdict(dict)
    for number, finding in rest:
        if finding.clause.kind is Kind.REFUSAL and not finding.exchange.refused:
            by_keyword[clause_ids.keyword(finding.clause.id)][finding.clause.id] = number
    for keyword, numbers in by_keyword.items():
        clauses = [
            clause.id
            for clause in contract.clauses
            if clause.kind is Kind.REFUSAL
            and clause_ids.is_about(clause.id, clause_ids.REQUEST)
            and clause_ids.keyword(clause.id) == keyword
        ]
        if len(numbers) >= UNCHECKED and len(numbers) >= len(clauses) - 2:
            members = {clause.rpartition(".")[0] for clause in numbers}
            alike = [
                number
                for others in by_keyword.values()
                for clause, number in others.items()
                if clause.rpartition(".")[0] in members
            ]
            yield Group(tuple(alike), f"the {keyword} of members is not checked")
            return


def coerced(contract: Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield members that take one type for another, as frameworks do that read leniently.

    Example: a number is taken for each text.
    """

    def taken(finding: Finding) -> tuple[str, str] | None:
        is_type = clause_ids.keyword(finding.clause.id) == "type"
        if finding.clause.kind is not Kind.REFUSAL or not is_type or finding.exchange.refused:
            return None
        broken = checks.broken(contract.request or {}, finding.exchange.request.value)
        wrong = next((each for each in broken if each.keyword.name == "type"), None)
        if wrong is None:
            return None
        return type_of(wrong.value), wrong.expected.removesuffix(" or null")

    for numbers, findings in together(rest, taken):
        if len(numbers) >= SEVERAL:
            names = [clause_ids.member_parts(finding.clause.id)[0] for finding in findings]
            difference = " instead of ".join(taken(findings[0]) or ())
            yield Group(numbers, f"accepts {difference}: {first_of(names)}")
