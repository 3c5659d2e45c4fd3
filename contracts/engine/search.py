"""Why valid requests are refused: the sandbox's own rules, found by comparing and by asking.

A refused body is compared with the nearest accepted one. Each member in which they differ is
made as in the accepted body, in a request of its own: what makes it accepted is what the rule
is about. A limit is then looked for by bisection, and exceptions in what else was accepted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from contracts import clause_ids
from contracts.engine.hosts import differing
from contracts.engine.limits import Limits
from contracts.engine.questions import Questions, UsedUp, refusals
from contracts.engine.sender import Sender
from contracts.judge.business_rules import Body, BusinessRule, is_sent
from contracts.judge.history import key
from contracts.judge.results import root_cause
from contracts.model import ABSENT, Contract, Exchange
from contracts.planning.bodies.fields import acceptance, acceptances, field_states
from contracts.planning.bodies.states import with_member
from contracts.planning.bodies.templates import sample
from contracts.schema.jsontext import is_number, show

MOST_RULES = 8  # that are looked for in one run


class Search:
    """Looks for the rules behind refusals of one run, with as few requests as will do."""

    def __init__(self, sender: Sender) -> None:
        self.rules: list[BusinessRule] = []
        self.used_up = UsedUp(sender)
        self.clauses: dict[BusinessRule, str] = {}  # the one that each rule is held against
        self._sender = sender
        self._known = acceptances(sender.contract)
        self.questions = Questions(sender)
        self._ask = self.questions.ask
        self._taken = self.questions.taken
        self._limits = Limits(sender, self.questions)

    @cached_property
    def _labels(self) -> dict[tuple[str, str], str]:
        """The names of states by member and value."""
        return {
            (name, key(sample(state.value))): state.name
            for name, options in field_states(self._sender.contract).items()
            for state in options
        }

    def look(self) -> None:
        """Look for the rules behind all refusals so far that no rule explains yet."""
        history = self._sender.history
        if root_cause(history) is not None:
            return
        bodies = [each.case.body for each in history if each.accepted and each.must_accept]
        self._taken += [body for body in bodies if isinstance(body, dict)]
        self.used_up.look(refusals(history))
        for exchange in sorted(refusals(history), key=_plainness):
            if exchange.number in self.used_up.observations:
                continue
            body = exchange.case.body
            if len(self.rules) >= MOST_RULES:
                return
            if not isinstance(body, dict):
                continue
            if self.questions.is_like_chance(exchange):
                self.questions.by_chance[exchange.number] = exchange
                continue
            if all(rule.allows(body) for rule in self.rules):
                self._look_into(exchange)

    def _look_into(self, exchange: Exchange) -> None:
        """Find the rule that a refused exchange breaks, if it is refused again."""
        body = exchange.case.body
        if not self._taken or not self.questions.confirm(exchange):
            return
        nearest = min(self._taken, key=lambda other: self._distance(body, other))
        changed = differing(body, nearest)
        mends = [n for n in changed if self._ask(_with(body, nearest, n))]
        single = self._rule(exchange, nearest, mends) if mends else None
        rule = single if mends else self._of_several(body, nearest, changed)
        if rule is None or rule.allows(body) or not self.questions.confirm(exchange):
            return
        rule = self._by_default(rule, body)
        # a sandbox that asks for several members beside another one says so in the same words, and
        # one limit is that of several members
        like = [known for known in self.rules if replace(known, members=rule.members) == rule]
        if like and ((rule.kind == "required" and rule.condition) or rule.kind == "longest"):
            members = {*like[0].members, *rule.members}
            order = [*self._sender.contract.documented_members, *members]
            rule = replace(rule, members=tuple(sorted(members, key=order.index)))
            self.rules.remove(like[0])
        self.rules = [known for known in self.rules if not _covers(rule, known)]
        self.rules.append(rule)
        self.clauses[rule] = self._clause(rule, exchange)

    def _distance(self, body: Body, other: Body) -> int:
        """Return in how many members bodies differ; a reference counts several times."""
        members = self._sender.contract.plausible_members
        names = differing(body, other)
        return sum(5 if "x-reference" in members.get(name, {}) else 1 for name in names)

    def _together(self, body: Body, nearest: Body, changed: Sequence[str]) -> list[str]:
        """Return the fewest members that make a body accepted only together."""
        needed = list(changed)
        for name in changed:
            fewer = [other for other in needed if other != name]
            if fewer and self._ask(_with(body, nearest, *fewer)):
                needed = fewer
        return needed

    def _of_several(self, body: Body, nearest: Body, changed: Sequence[str]) -> BusinessRule | None:
        """Return the rule that asks for several members at once; of other changes none is known."""
        needed = self._together(body, nearest, changed)
        if len(needed) < 2 or any(name in body for name in needed):
            return None
        return self._with_exceptions(BusinessRule("required", tuple(needed)), body)

    def _rule(self, exchange: Exchange, nearest: Body, mends: Sequence[str]) -> BusinessRule | None:
        """Return the rule that is broken as long as none of some members is mended."""
        rules = self._likely_rules(exchange, nearest, mends)
        fitting = (self._with_exceptions(rule, exchange.case.body) for rule in rules)
        return next((rule for rule in fitting if rule is not None), None)

    def _likely_rules(
        self, exchange: Exchange, nearest: Body, mends: Sequence[str]
    ) -> Iterator[BusinessRule]:
        """Yield rules that a body may break, the likeliest first, by how the mends change it."""
        body = exchange.case.body
        added = tuple(n for n in mends if n not in body)
        removed = [n for n in mends if is_sent(body, n) and not is_sent(nearest, n)]
        numbers = [n for n in mends if is_number(body.get(n)) and is_number(nearest.get(n))]
        condition = removed[0] if removed else None
        if numbers:
            yield self._limits.number(exchange, numbers[0], nearest[numbers[0]], condition)
        if added:
            single = len(added) > 1 and all(self._ask(_with(body, nearest, n)) for n in added)
            kind = "one of" if single else "required"
            yield BusinessRule(kind, added, condition=condition)
        if removed and not added and not numbers:
            ending = self._limits.ending(body, removed[0])
            yield ending or BusinessRule("never", (removed[0],))
        yield from filter(None, (self._limits.length(exchange, name) for name in mends))
        for name in [n for n in mends if n in body]:
            value = body[name]
            narrowing = self._narrowing(name, body[name])
            label = self._labels.get((name, key(sample(value)))) or show(sample(value), 60)
            yield BusinessRule("another value", (name,), value, label, narrowing=narrowing)

    def _with_exceptions(self, rule: BusinessRule, body: Body) -> BusinessRule | None:
        """Return a rule that allows whatever was accepted, or None when it can't be made to."""
        exceptions = [other for other in self._taken if not rule.allows(other)]
        if not exceptions:
            return rule
        if rule.kind == "never" and (needs := self._beside(rule.members[0], body, exceptions)):
            return needs
        if rule.kind == "one of" or (rule.kind == "required" and len(rule.members) == 1):
            for name in exceptions[0]:
                if name in body or not all(name in other for other in exceptions):
                    continue
                if name not in rule.members and self._ask(_with(body, exceptions[0], name)):
                    return replace(rule, kind="one of", members=(*rule.members, name))
        for name in body if rule.condition is None else ():
            if name not in rule.members and is_sent(body, name):
                narrower = replace(rule, condition=name)
                allows_all = all(narrower.allows(other) for other in exceptions)
                if allows_all and self._ask(with_member(dict(body), name, ABSENT)):
                    return narrower
        return self._with_option(rule, body, exceptions)

    def _with_option(
        self, rule: BusinessRule, body: Body, exceptions: Sequence[Body]
    ) -> BusinessRule | None:
        """Return a rule that only speaks of one option of another member, such as a locale."""
        members = self._sender.contract.documented_members
        for name, option in body.items() if rule.condition is None else ():
            if name in rule.members or "enum" not in members.get(name, {}):
                continue
            narrower = replace(rule, condition=name, option=option)
            allows_all = all(narrower.allows(taken) for taken in exceptions)
            if allows_all and self._ask(_with(body, exceptions[0], name)):
                return narrower
        return None

    def _by_default(self, rule: BusinessRule, body: Body) -> BusinessRule:
        """Return a rule about the option that a member has by default, also where it is left out.

        As long as it allows all that was taken, and the body is refused without the member too.
        """
        schema = self._sender.contract.documented_members.get(rule.condition or "", {})
        if rule.condition is None or rule.option != schema.get("default", rule):
            return rule
        wider = replace(rule, by_default=True)
        left_out = with_member(dict(body), rule.condition, ABSENT)
        is_so = all(wider.allows(taken) for taken in self._taken) and not self._ask(left_out)
        return wider if is_so else rule

    def _beside(self, name: str, body: Body, exceptions: Sequence[Body]) -> BusinessRule | None:
        """Return what a member asks for beside it, as all bodies have in which it was taken."""
        first = exceptions[0]
        shared = [n for n in first if all(n in taken for taken in exceptions)]
        added = [n for n in shared if n not in body]
        if not added or not self._ask(_with(body, first, *added)):
            return None
        needed = self._together(body, first, added)
        rule = BusinessRule("required", tuple(needed), condition=name)
        return rule if all(rule.allows(taken) for taken in self._taken) else None

    def _narrowing(self, name: str, value: Any) -> Mapping[str, Any] | None:
        """Return what keeps a member from a refused value: other options, or a length."""
        documented = self._sender.contract.documented_members.get(name, {})
        values = [sample(body[name]) for body in self._taken if name in body]
        if "enum" in documented:
            others = [option for option in documented["enum"] if option in values]
            return {"enum": others} if others and value not in others else None
        lengths = [len(text) for text in values if isinstance(text, str)]
        if isinstance(value, str) and lengths and max(lengths) < len(sample(value)):
            return {"maxLength": max(lengths)}
        return None

    def _clause(self, rule: BusinessRule, exchange: Exchange) -> str:
        name = rule.members[0]
        conditional = rule.kind == "required" and rule.condition is not None
        of_several = len(rule.members) > 1 and rule.kind != "longest"
        if rule.kind == "one of" or of_several or conditional:
            minimal = rule.condition is None and clause_ids.MINIMAL in self._known
            return clause_ids.MINIMAL if minimal else clause_ids.COMBINED
        if rule.kind == "required":
            return acceptance(self._known, name, "absent")
        clause = acceptance(self._known, name, exchange.case.states.get(name, "accepted"))
        proven = rule.kind == "another value" or is_as_sure(self._sender.contract, clause)
        return clause if proven else clause_ids.COMBINED


def _covers(rule: BusinessRule, known: BusinessRule) -> bool:
    """Whether a rule says more than a known one.

    Such as why one value of its member is refused, or that what holds where a member is left out
    also holds of its default.
    """
    if rule.by_default:
        return {*rule.members, rule.condition} == {*known.members, known.condition} - {None}
    is_value = known.kind == "another value" and known.members == rule.members
    return is_value and not rule.allows({known.members[0]: sample(known.value)})


def is_as_sure(contract: Contract, clause: str) -> bool:
    """Whether an acceptance rests on no more than that of any plausible request does.

    That an option is accepted may be the page's own word where all else is guessed: it is broken
    only where another value in the same body is accepted.
    """
    return contract.clause(clause).basis is contract.clause(clause_ids.COMBINED).basis


def _with(body: Body, other: Body, *names: str) -> Body:
    """Return a body with some members as another one has them, or lacks them."""
    for name in names:
        body = with_member(dict(body), name, other.get(name, ABSENT))
    return body


def _plainness(exchange: Exchange) -> tuple[bool, int]:
    """Return a key that puts rows of known states before others, and short bodies first."""
    body = exchange.case.body
    return not exchange.case.states, len(body) if isinstance(body, dict) else 0
