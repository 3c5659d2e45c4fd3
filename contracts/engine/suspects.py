"""What requests that make a server fail have in common, and nothing that it took has.

Ten bodies with ten odd members each may fail for one of them. What all of them have, and no
accepted body has, is suspected first: one request with nothing else odd in it shows whether it
is. Then the others are sent without it, so that it hides no other failure.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from contracts import clause_ids
from contracts.engine.described import states_of
from contracts.engine.sender import Sender
from contracts.engine.trials import (
    SERVER_ERROR,
    keeps_region,
    nothing_was_taken_since,
    shown_again,
    without_values,
)
from contracts.judge.history import key
from contracts.judge.oddities import ODD_TEXTS, oddities
from contracts.judge.server_errors import ANY_REFUSAL, instead_of_refusals
from contracts.model import Exchange, Finding
from contracts.planning.bodies.fields import plain_members

# a member's name and what is special about it, as ("amount", "fractional"); what is odd about a
# text has no name, since a server stumbles over it in any member
Feature = tuple[str, str]
SIZES = (4, 6, 8, 10, 12, 16, 20, 32, 50, 100)  # of an object or a list that a server may refuse
THERE = "there"  # of a member that no accepted body has, whatever its value
CHANCES = 2  # failures that are asked for once more, before a reason is looked for
# suspects that are cleared before the failures of one answer are looked at one by one
TRIES = 5


def of_any_refusal(sender: Sender, findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Yield failures that come in place of refusals: more constraints fail so than are refused.

    As from a gateway before a server that dies of what is invalid. Where more are refused, it is
    some bodies that fail.
    """
    refused = {
        clause
        for exchange in sender.history
        if exchange.must_refuse and exchange.refused
        for clause in exchange.case.decides
        if clause_ids.is_about(clause, clause_ids.REQUEST)
    }
    for failures in instead_of_refusals(findings):
        broken = {clause for one in failures for clause in one.exchange.case.decides}
        if len(broken) > len(refused):
            yield failures


def first_of_each_constraint(failures: Sequence[Finding]) -> list[Finding]:
    """Return failures of a few constraints, the first of which stands for all of them."""
    by_constraint: dict[tuple[str, ...], Finding] = {}
    for failure in failures:
        if failure.exchange.case.decides:
            by_constraint.setdefault(failure.exchange.case.decides, failure)
    first, *others = list(by_constraint.values())[:ANY_REFUSAL]
    more = sum(failure.occurrences for failure in failures if failure not in others)
    return [replace(first, occurrences=more), *others]


def explained(sender: Sender, findings: Sequence[Finding]) -> list[Finding]:
    """Return findings, with one failure, the smallest, for all that one member explains.

    Without a request left to see whether it does, the member is taken for the explanation.
    """
    failing = [finding for finding in findings if finding.clause.id == SERVER_ERROR]
    failures = [finding for finding in failing if isinstance(finding.exchange.case.body, dict)]
    known: list[Finding] = []
    for answer in dict.fromkeys(without_values(finding.got) for finding in failures):
        alike = [finding for finding in failures if without_values(finding.got) == answer]
        first = min(alike, key=lambda finding: finding.exchange.number)
        if nothing_was_taken_since(sender, first.exchange):
            known += alike  # it fails at everything
        elif is_chance(sender, alike):
            count = sum(finding.occurrences for finding in alike)
            seen = (count, len(sender.history))
            known.append(replace(min(alike, key=_size), occurrences=count, seen=seen))
        else:
            known += Suspects(sender).explained(alike)
    return known + [finding for finding in findings if finding not in failures]


def is_chance(sender: Sender, failures: Sequence[Finding]) -> bool:
    """Whether several requests failed alike, and the smallest of them do not fail again."""
    tried = sorted(failures, key=_size)[:CHANCES]
    return len(tried) == CHANCES and not any(
        sender.left <= 0 or shown_again(sender, failure, failure.exchange.case) for failure in tried
    )


class Suspects:
    """Looks for the members at which a server fails in one way, with few requests."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._innocent = {
            f for exchange in sender.history if exchange.accepted for f in features(exchange)
        }
        self._culprits: set[Feature] = set()

    def explained(self, failures: Sequence[Finding]) -> list[Finding]:
        """Return one failure for each member that explains some, and the unexplained ones."""
        causes, rest = self._grouped(failures)
        explained = [failure for failure in failures if failure not in rest]
        hidden_causes, hidden_rest = self._grouped(list(self._hidden(explained)))
        return [*causes, *hidden_causes, *rest, *hidden_rest]

    def _grouped(self, failures: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
        """Return one failure for each member that explains several, and the rest."""
        causes, rest, tries = [], list(failures), TRIES
        while tries and (suspect := self._most_frequent(rest)):
            group = [finding for finding in rest if suspect in features(finding.exchange)]
            smallest = min(group, key=_size)
            alone = self._alone(smallest, suspect)
            if alone is None and self._sender.left > 0:
                self._innocent.add(suspect)
                tries -= 1
                continue
            self._culprits.add(suspect)
            count = sum(finding.occurrences for finding in group)
            causes.append(replace(alone or smallest, occurrences=count))
            rest = [finding for finding in rest if finding not in group]
        return causes, rest

    def _most_frequent(self, failures: Sequence[Finding]) -> Feature | None:
        """Return what most failures have and no accepted body has; None if only one has it.

        It would be no better than any other of that body then.
        """
        cleared = self._innocent | self._culprits
        counted = Counter(feature for f in failures for feature in features(f.exchange) - cleared)
        suspect = max(sorted(counted), key=counted.__getitem__, default=None)
        return suspect if suspect is not None and counted[suspect] > 1 else None

    def _alone(self, finding: Finding, suspect: Feature) -> Finding | None:
        """Return the failure of a suspect beside the plainest members, or None if it is taken."""
        case, sender = finding.exchange.case, self._sender
        name = _members(finding.exchange, {suspect})[0]
        alone = replace(case, body={**self._plainest(), name: case.body[name]})
        if not keeps_region(sender, case, alone.body):
            return None
        label = states_of(sender.contract, alone, finding)
        return shown_again(sender, finding, replace(alone, label=label))

    def _hidden(self, failures: Sequence[Finding]) -> Iterator[Finding]:
        """Yield the failures that are left without the culprits, as far as requests are left.

        Only of bodies with something else that no accepted body has, those with most oddities
        first.
        """
        sender, plain = self._sender, self._plainest()
        for finding in sorted(failures, key=self._oddities, reverse=True):
            case = finding.exchange.case
            members = _members(finding.exchange, self._culprits)
            special = features(finding.exchange) - self._innocent - self._culprits
            rest = {name: value for name, value in case.body.items() if name not in members}
            body = {**rest, **{name: plain[name] for name in members if name in plain}}
            hides = any(name not in members for name, _ in special)
            if not hides or not keeps_region(sender, case, body):
                continue
            other = shown_again(sender, finding, replace(case, body=body))
            if other is not None:
                yield replace(other, occurrences=1)
            elif sender.history[-1].accepted:
                self._innocent |= features(sender.history[-1])

    def _oddities(self, finding: Finding) -> int:
        """Return how many oddities a body has that no accepted body has."""
        members = finding.exchange.case.body.items()
        odd = {feature for name, value in members for feature in _odd_features(name, value)}
        return len(odd - self._innocent)

    def _plainest(self) -> dict[str, Any]:
        """Return the required members at their plainest."""
        contract = self._sender.contract
        plain = plain_members(contract).items()
        return {name: value for name, value in plain if name in contract.required_members}


def features(exchange: Exchange) -> set[Feature]:
    """Return what is special about a body: which members it has, their values, what is odd.

    Where something is to be refused, only which members there are: the rest is special on
    purpose.
    """
    body = exchange.case.body if isinstance(exchange.case.body, dict) else {}
    if exchange.must_refuse:
        return {(name, THERE) for name, value in body.items() if value is not None}
    members = body.items()
    return {feature for name, value in members for feature in _member_features(name, value)}


def _size(finding: Finding) -> tuple[bool, int]:
    """Return a key that puts bodies that need not be refused first, and short ones."""
    exchange = finding.exchange
    return exchange.must_refuse, len(exchange.request.body or b"")


def _member_features(name: str, value: Any) -> set[Feature]:
    """Return what is special about one member."""
    # an id of our own is a text where what the server handed out is a marker
    there = {(name, THERE), (name, type(value).__name__)} if value is not None else set()
    sizes = {(name, f"at least {size} of") for size in SIZES if _has_as_many(value, size)}
    return {*there, *sizes, (name, key(value)), *_odd_features(name, value)}


def _has_as_many(value: Any, size: int) -> bool:
    """Whether an object or a list has so many members."""
    return isinstance(value, dict | list) and len(value) >= size


def _odd_features(name: str, value: Any) -> Iterator[Feature]:
    """Yield what is odd in one member: of a text without its name, since any may have it."""
    for oddity in oddities(value):
        yield ("" if oddity in ODD_TEXTS else name, oddity)


def _members(exchange: Exchange, wanted: set[Feature]) -> list[str]:
    """Return the members of a body that have any of some features."""
    members = exchange.case.body.items()
    return [name for name, value in members if wanted & _member_features(name, value)]
