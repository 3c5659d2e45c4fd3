"""In whose body a request is broken: its refusal says something only where that body is taken.

A case that breaks one member is some valid body, its host, with that member spoiled. Where the
sandbox refuses the host as well, for a rule of its own perhaps, the refusal of the broken body
proves nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from contracts.judge.business_rules import Body, BusinessRule
from contracts.model import ABSENT, Case, Exchange, Schema
from contracts.planning.bodies import breaks
from contracts.planning.bodies.templates import Padded, references, sample, shared
from contracts.planning.cases.open import written
from contracts.schema import checks
from contracts.schema.jsontext import encode, same

# members in which a case differs from its host; what differs in more has none
MOST_SPOILED = 2


class Hosts:
    """The valid bodies of a run, accepted and refused, and the rules of the sandbox.

    `documented` is what the page says of bodies, which a broken one has to break.
    """

    def __init__(
        self,
        exchanges: Sequence[Exchange],
        rules: Sequence[BusinessRule] = (),
        documented: Schema | None = None,
    ) -> None:
        self._rules = rules
        self._documented = documented
        valid = [exchange for exchange in exchanges if exchange.must_accept]
        objects = [exchange for exchange in valid if isinstance(exchange.case.body, dict)]
        self.accepted = [exchange.case.body for exchange in objects if exchange.accepted]
        self._refused = [exchange.case.body for exchange in objects if not exchange.accepted]

    def take(self, case: Case) -> bool:
        """Whether the sandbox took the body that a case was made from, as far as is known."""
        if not isinstance(case.body, dict):
            return not self._refused or bool(self.accepted)
        if self._broken(case):
            return False
        # the body that it differs least from is the one it was made from
        refused = _least_difference(case.body, self._refused)
        if refused is None or refused > MOST_SPOILED:
            return True
        accepted = _least_difference(case.body, self.accepted)
        return accepted is not None and accepted <= refused

    def moved(self, case: Case) -> Case:
        """Return a case with what it spoils put into a body that was accepted.

        A case stays as it is where its own host was accepted, or nothing was, or where nothing
        would be broken in the other body.
        """
        if case.must_accept or not self.accepted:
            return case
        if isinstance(case.body, bytes | Padded):
            return self._rewritten(case)
        if not isinstance(case.body, dict) or self.take(case):
            return case
        refused = min(self._refused, key=lambda host: len(differing(case.body, host)))
        ruled = {name for rule in self._broken(case) for name in rule.members}
        spoiled = [name for name in differing(case.body, refused) if name not in ruled]
        body = nearest(case.body, self.accepted)
        sound = {name: value for name, value in body.items() if name not in spoiled}
        moved = {**sound, **{name: case.body[name] for name in spoiled if name in case.body}}
        broken = checks.broken(self._documented or {}, sample(case.body))
        if broken and checks.fits(self._documented or {}, sample(moved)):
            return case
        label = f"{case.label.partition(', the rest as')[0]}, in a body that was accepted"
        donors = {number for marker in references(moved) for number in marker.by}
        after = tuple(sorted(donors | set(shared(moved))))
        return replace(case, body=moved, label=label, after=after)

    def _broken(self, case: Case) -> list[BusinessRule]:
        """Return the rules that a body breaks without being about what they speak of."""
        about = {name.partition(".")[0] for name in case.observes}
        about = about or {case.label.partition(":")[0]}
        others = [rule for rule in self._rules if about.isdisjoint(rule.members)]
        return [rule for rule in others if not rule.allows(sample(case.body))]

    def _rewritten(self, case: Case) -> Case:
        """Return a case whose bytes are written by hand, made from an accepted body if need be."""
        if not self._refused:
            return case
        body = sample(min(self.accepted, key=len))
        text = encode(body)
        lenient = (*breaks.lenient(body), *breaks.rarely_lenient(body))
        texts = dict((*breaks.malformed(text), *lenient, *written(text)))
        return replace(case, body=texts.get(case.label, case.body))


def _least_difference(body: Body, hosts: Sequence[Body]) -> int | None:
    return min((len(differing(body, host)) for host in hosts), default=None)


def differing(body: Body, other: Body) -> list[str]:
    """Return the members in which two bodies differ."""
    return [
        name
        for name in dict.fromkeys([*body, *other])
        if not same(body.get(name, ABSENT), other.get(name, ABSENT))
    ]


def nearest(body: Body, others: Sequence[Body]) -> Body:
    """Return the body that differs least, and among several one without references."""
    return min(others, key=lambda other: (len(differing(body, other)), len(references(other))))
