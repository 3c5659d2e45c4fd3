"""What requests that make a server fail have in common, and nothing that it took has.

Ten bodies with ten odd members each may fail for one of them, or for two that meet. What most of
them have, and no accepted body has, is suspected first: one request with nothing else odd in it
shows whether it is. Then the others are sent without it, so that it hides no other failure.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from contracts import clause_ids
from contracts.engine.described import states_of
from contracts.engine.features import LEFT_OUT, Feature, features, in_common, members_with
from contracts.engine.sender import Sender
from contracts.engine.trials import (
    SERVER_ERROR,
    keeps_region,
    nothing_was_taken_since,
    plainest,
    shown_again,
    without_values,
)
from contracts.judge.history import key
from contracts.judge.server_errors import ANY_REFUSAL, comes_again, instead_of_refusals
from contracts.model import ABSENT, Exchange, Finding

CHANCES = 2  # failures that are asked for once more, before a reason is looked for
# suspects that are cleared before the failures of one answer are looked at one by one
TRIES = 5
SPARED = 10  # requests that are left for making failures smaller


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
        broken = {clause for failure in failures for clause in failure.case.decides}
        if len(broken) > len(refused):
            yield failures


def first_of_each_constraint(failures: Sequence[Finding]) -> list[Finding]:
    """Return failures of a few constraints, the first of which stands for all of them."""
    by_constraint: dict[tuple[str, ...], Finding] = {}
    for failure in failures:
        if failure.case.decides:
            by_constraint.setdefault(failure.case.decides, failure)
    first, *others = list(by_constraint.values())[:ANY_REFUSAL]
    more = sum(failure.occurrences for failure in failures if failure not in others)
    return [replace(first, occurrences=more), *others]


def explained(sender: Sender, findings: Sequence[Finding]) -> list[Finding]:
    """Return findings, with one failure, the smallest, for all that one member explains.

    Without a request left to see whether it does, the member is taken for the explanation.
    """
    failing = [finding for finding in findings if finding.clause.id == SERVER_ERROR]
    failures = [finding for finding in failing if finding.case.body is not ABSENT]
    result: list[Finding] = []
    reasons: list[tuple[Suspects, list[Finding]]] = []
    for answer in dict.fromkeys(without_values(finding.got) for finding in failures):
        alike = [finding for finding in failures if without_values(finding.got) == answer]
        first = min(alike, key=lambda finding: finding.exchange.number)
        if nothing_was_taken_since(sender, first.exchange):
            result += alike  # it fails at everything
        elif is_chance(sender, alike):
            count = sum(finding.occurrences for finding in alike)
            often = (count, len(sender.history))
            result.append(replace(min(alike, key=_size), occurrences=count, seen=often))
        else:
            suspects = Suspects(sender)
            causes, rest = suspects.grouped(alike)
            reasons.append((suspects, [failure for failure in alike if failure not in rest]))
            result += [*causes, *rest]
    for suspects, known in reasons:
        result += chain.from_iterable(suspects.grouped([*suspects.hidden(known)]))
    return result + [finding for finding in findings if finding not in failures]


def is_chance(sender: Sender, failures: Sequence[Finding]) -> bool:
    """Whether several requests failed alike, and the smallest of them do not fail again."""
    tried = sorted(failures, key=_size)[:CHANCES]
    return len(tried) == CHANCES and not any(
        sender.left <= 0 or shown_again(sender, each, each.case) for each in tried
    )


class Suspects:
    """Looks for what a server fails at in one way, with few requests."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._known: dict[int, Collection[Feature]] = {}  # by the number of an exchange
        self._culprits: set[Feature] = set()

    def grouped(self, failures: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
        """Return one failure for what explains several, and the rest.

        What most failures have in common, and no accepted request has, is tried in a request
        with nothing else in it; one that is accepted clears it.
        """
        causes = []
        rest = list(failures)
        cleared: list[Collection[Feature]] = []
        while len(cleared) < TRIES:
            failing = [self._of(finding.exchange) for finding in rest]
            suspects = set(in_common(failing, [*self._taken(), *cleared]))
            if not suspects:
                break
            group = [f for f, own in zip(rest, failing, strict=True) if suspects <= set(own)]
            # what came again is not to blame where others fail alike
            fresh = [each for each in group if not comes_again(self._sender.contract, each)]
            smallest = min(fresh or group, key=_size)
            alone = self._alone(smallest, suspects)
            if alone is None and self._sender.left > 0:
                members = {name for name, _ in suspects}
                cleared.append([f for f in self._of(smallest.exchange) if f[0] in members])
                continue
            self._culprits |= suspects
            count = sum(finding.occurrences for finding in group)
            small = replace(alone, minimised=True) if alone else smallest
            causes.append(replace(small, occurrences=count))
            rest = [finding for finding in rest if finding not in group]
        return causes, rest

    def _of(self, exchange: Exchange) -> Collection[Feature]:
        """Return all that a failure of an exchange may depend on."""
        if exchange.number not in self._known:
            self._known[exchange.number] = features(self._sender.contract, exchange)
        return self._known[exchange.number]

    def _taken(self) -> list[Collection[Feature]]:
        return [self._of(exchange) for exchange in self._sender.history if exchange.accepted]

    def _alone(self, finding: Finding, suspects: set[Feature]) -> Finding | None:
        """Return the failure of suspects beside the plainest members, or None if it is taken."""
        sender = self._sender
        body = finding.case.body
        plain = plainest(self._sender)
        if not isinstance(body, dict):
            return shown_again(sender, finding, finding.case)
        names = members_with(finding.exchange, suspects)
        small = {n: body[n] if n in names else plain[n] for n in body if n in names or n in plain}
        needed = [name for name in plain if (name, LEFT_OUT) not in suspects]
        small |= {name: plain[name] for name in needed if name not in small}
        if not keeps_region(sender, finding.case, small):
            return None
        return self._with(finding, small)

    def _with(self, finding: Finding, body: dict[str, Any]) -> Finding | None:
        """Return a failure with another body, None where that does not fail."""
        case = replace(finding.case, body=body)
        label = states_of(self._sender.contract, case, finding)
        return shown_again(self._sender, finding, replace(case, label=label))

    def hidden(self, failures: Sequence[Finding]) -> Iterator[Finding]:
        """Yield the failures that are left without the culprits, as long as requests are left.

        Only of bodies with something else that no accepted body has, those with most oddities
        first.
        """
        plain = plainest(self._sender)
        sender = self._sender

        def special(finding: Finding) -> set[Feature]:
            values = {(name, key(value)) for name, value in finding.case.body.items()}
            return set(self._of(finding.exchange)).difference(values, *self._taken())

        objects = [each for each in failures if isinstance(each.case.body, dict)]
        for finding in sorted(objects, key=lambda failure: -len(special(failure))):
            case = finding.case
            members = members_with(finding.exchange, self._culprits)
            rest = {name: value for name, value in case.body.items() if name not in members}
            body = {**rest, **{name: plain[name] for name in members if name in plain}}
            hides = any(name not in members for name, _ in special(finding))
            if not hides or sender.left <= SPARED or not keeps_region(sender, case, body):
                continue
            other = self._with(finding, body)
            if other is not None:
                yield replace(other, occurrences=1)


def _size(finding: Finding) -> tuple[bool, int]:
    """Return a key that puts bodies that need not be refused first, and short ones."""
    exchange = finding.exchange
    return exchange.must_refuse, len(exchange.request.body or b"")
