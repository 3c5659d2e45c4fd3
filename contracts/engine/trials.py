"""Further requests that try whether a finding still shows, and findings that are the same."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from contracts import clause_ids
from contracts.engine.sender import Sender
from contracts.judge.message import words
from contracts.judge.oddities import oddities
from contracts.judge.operators import is_of_history
from contracts.judge.outcomes import checks, relation_checks
from contracts.model import (
    ABSENT,
    CREDENTIAL,
    Case,
    Check,
    Clause,
    Exchange,
    Finding,
    Kind,
    Skipped,
)
from contracts.planning.bodies.fields import plain_members, special_members
from contracts.planning.bodies.templates import moved, sample
from contracts.schema import checks as schema_checks
from contracts.schema.jsontext import is_number, same

SERVER_ERROR = clause_ids.NO_SERVER_ERROR
AFTER_REFUSAL = 4  # times that a request is sent again after a refusal, and without one
MOST_RACES = 8  # times that one race is asked for, those of the plan included
ROUND = ", round "  # what the label of a race ends with that the plan asks for several times


def plainest(sender: Sender) -> dict[str, Any]:
    """Return the fewest members, each at its plainest, that the sandbox takes together.

    They are those that are required, where it takes these alone.
    """
    plain = plain_members(sender.contract)
    required = sender.contract.required_members
    bodies = [e.case.body for e in sender.history if e.accepted and e.must_accept]
    minimal = [body for body in bodies if isinstance(body, dict) and body.keys() <= plain.keys()]
    names = min(minimal, key=len, default=required)
    return {name: value for name, value in plain.items() if name in names or name in required}


def keeps_region(sender: Sender, case: Case, body: dict[str, Any]) -> bool:
    """Whether a body lies where the case's did, and is invalid in the same way if it was."""
    documented = sender.contract.request
    plausible = sender.contract.plausible
    if documented is None or plausible is None or case.authorization != CREDENTIAL:
        return True

    def broken(body: Any) -> set[tuple[str, str]]:
        looks = schema_checks.broken(documented, sample(body))
        return {(look.place, look.keyword.name) for look in looks}

    if case.must_refuse:
        return broken(body) == broken(case.body)
    is_plausible = not case.must_accept or schema_checks.fits(plausible, sample(body))
    return is_plausible and not broken(body)


def shown_again(sender: Sender, finding: Finding, case: Case) -> Finding | None:
    """Send a case; return the finding with its exchange if it shows it again, else None."""
    done = sender.send_further(case)
    if isinstance(done, Skipped):
        return None
    clause = finding.clause
    if clause.kind is Kind.ACCEPTANCE or clause.id == SERVER_ERROR:
        same_answer = not done.accepted and alike(done, finding.exchange)
        return replace(finding, exchange=done, got=words(done)) if same_answer else None
    for look in _broken(sender, clause, [done]):
        again = replace(finding, exchange=done, place=look.place, got=look.got)
        # a refusal is expected for the reason that the case was made for, not for being made
        # smaller
        is_refusal = clause.kind is Kind.REFUSAL
        return again if is_refusal else replace(again, expected=look.expected)
    return None


def _broken(sender: Sender, clause: Clause, exchanges: Sequence[Exchange]) -> list[Check]:
    """Return the looks at exchanges that break a clause, beside the whole run where need be."""
    if clause.kind is Kind.RELATION:
        beside = sender.history if is_of_history(clause) else exchanges
        looks = relation_checks(sender.contract, clause, beside)
    else:
        looks = checks(sender.contract, exchanges, {})
    broken = [look for look in looks if look.clause == clause.id and not look.ok]
    numbers = {exchange.number for exchange in exchanges}
    return [look for look in broken if look.exchange.number in numbers]


def shown_after_refusal(sender: Sender, finding: Finding) -> Finding | None:
    """Return a finding that the plainest request shows right after a refusal, which is kept.

    Not each time perhaps, but twice, and never without the refusal. None when no refusal came
    before the finding in the run, or it shows otherwise; a failure is not asked about.
    """
    plainest = sender.history[0].case
    moment = finding.exchange.started
    earlier = [e for e in sender.history if e.refused and e.started < moment]
    refusal = max(earlier, key=lambda exchange: exchange.started, default=None)
    if refusal is None or finding.exchange.must_refuse or finding.clause.id == SERVER_ERROR:
        return None
    if any(shown_again(sender, finding, plainest) for _ in range(AFTER_REFUSAL)):
        return None
    shown = []
    for _ in range(AFTER_REFUSAL):
        (before,) = sender.numbered([refusal.case])
        sender.send(before)
        label = f"{plainest.label}, right after a refusal"
        case = replace(plainest, label=label, after=(before.number,))
        shown.append(shown_again(sender, finding, case))
    again = list(filter(None, shown))
    return again[-1] if len(again) > 1 else None


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without those that were made the same by being made small."""
    by_request: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        case = finding.case
        form = (case.path, case.media_type, case.headers, case.spread)
        request = (case.body, case.authorization, *form)
        key = (finding.clause.id, finding.place, without_values(finding.got), repr(request))
        first = by_request.get(key)
        count = finding.occurrences + (first.occurrences if first else 0)
        by_request[key] = replace(first or finding, occurrences=count)
    return tuple(by_request.values())


def alike(one: Exchange, other: Exchange) -> bool:
    """Whether two answers have the same status and the same words, but for values in them."""
    same_words = without_values(words(one)) == without_values(words(other))
    return one.status == other.status and same_words


def without_values(text: str) -> str:
    """Return an answer's words with their numbers, quoted parts and identifiers taken out."""
    return re.sub(r"\"[^\"]*\"|'[^']*'|\S*\d\S*", "…", text[3:].strip(' "'))


def explains(sender: Sender, small: Finding, finding: Finding) -> bool:
    """Whether a failure that was made small is inside of the request of another failure.

    Without a request left to see what makes the other one fail, it is enough that all members are
    in it; a failure that came now and then, or was not made small, stands for any then.
    """
    ours = small.case
    theirs = finding.case
    if small.clause.id != SERVER_ERROR or finding.clause.id != SERVER_ERROR:
        return False
    if not alike(small.exchange, finding.exchange) or not isinstance(ours.body, dict):
        return False
    # one that was in a single request, and that nothing more can be asked about
    is_last = sender.left <= 0 and finding.occurrences == 1 and not finding.minimised
    if is_last and (small.seen is not None or not small.minimised):
        return True
    culprits = special_members(sender.contract, ours.body)
    if not culprits and nothing_was_taken_since(sender, finding.exchange):
        return True  # what fails is not the request, whatever there is in it
    # what fails with the usual credential does so with another spelling of it that is taken
    usual = ours.authorization == CREDENTIAL and not theirs.must_refuse
    if not (usual or ours.authorization == theirs.authorization) or ours.path != theirs.path:
        return False
    return isinstance(theirs.body, dict) and all(
        _holds(sender, theirs.body, name, value) or (is_last and name in theirs.body)
        for name, value in culprits.items()
    )


def nothing_was_taken_since(sender: Sender, failure: Exchange) -> bool:
    """Whether every request since a failure was refused or failed, the plainest among them."""
    return not any(
        exchange.accepted and exchange.number > failure.number for exchange in sender.history
    )


def _holds(sender: Sender, body: dict[str, Any], name: str, value: Any) -> bool:
    """Whether a body has what makes another one fail: the member as it is there, or its oddities.

    An odd text may be in any member, any made-up id does for another one. A member that fails
    with its plainest value fails with any, but perhaps with null.
    """
    inside = body.get(name)
    plain = plain_members(sender.contract).get(name, ABSENT)
    if name in body and (same(inside, value) or (same(value, plain) and inside is not None)):
        return True
    refers = "x-reference" in sender.contract.plausible_members.get(name, {})
    if refers and isinstance(value, str) and isinstance(inside, str):
        return True
    odd = oddities(value)
    if is_number(value):
        return bool(odd) and is_number(inside) and odd <= oddities(inside)
    return bool(odd) and odd <= oddities(sample(body))


def raced_again(sender: Sender, finding: Finding) -> Finding:
    """Return a finding of a race that says in how many of so many races it showed.

    The race is asked for again as far as the budget goes.
    """
    name = _name(finding.exchange)
    racers = [
        exchange.case
        for exchange in sender.history
        if exchange.case.together and exchange.case.label == finding.case.label
    ]
    count = len({each.case.label for each in sender.history if _name(each) == name})
    for number in range(count + 1, MOST_RACES + 1):
        if sender.left < len(racers):
            break
        sender.send_all(_again(sender, racers, f"{name}{ROUND}{number}"), lambda _: None)
    raced = [each for each in sender.history if _name(each) == name]
    races = len({each.case.label for each in raced})
    if races == 1:  # no budget was left for another one
        return finding
    lost = {look.exchange.case.label for look in _broken(sender, finding.clause, raced)}
    return replace(finding, seen=(len(lost), races))


def _name(exchange: Exchange) -> str:
    """Return what races of one kind are called; nothing for a request outside of races."""
    return exchange.case.label.partition(ROUND)[0] if exchange.case.together else ""


def _again(sender: Sender, racers: Sequence[Case], label: str) -> list[Case]:
    """Return the same requests under new numbers, with new texts where they had some."""
    cases = sender.numbered(racers)
    numbers = {old.number: new.number for old, new in zip(racers, cases, strict=True)}
    return [
        replace(
            case,
            label=label,
            body=case.body if isinstance(case.body, bytes) else moved(case.body, numbers),
            after=tuple(numbers.get(number, number) for number in case.after),
            together=True,
            closing=True,
        )
        for case in cases
    ]
