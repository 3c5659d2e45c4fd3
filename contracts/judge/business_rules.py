"""Rules that a sandbox has beyond its page, such as a least amount.

A rule is told in words, and as preconditions of a targets file in the words of JSON Schema.
How rules are found stands in `contracts.engine.search`.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.judge.history import key
from contracts.model import ABSENT, Explanation
from contracts.schema.jsontext import is_number, show

Body = Mapping[str, Any]

# for nothing that the request has, so that no rule is behind it
MARKER = re.compile(r"\{(\d?)(digits|fresh)(?::\d+)?\}")
SIZES = {"digits": 8, "fresh": 11}
AS_WRITTEN = Explanation("refused whenever its JSON has white space and escapes, as it may have")
NOW_AND_THEN = Explanation("refused now and then: the same request is accepted the next time")


@dataclass(frozen=True, slots=True)
class BusinessRule:
    """One rule about request bodies; `kind` is a row of `KINDS`.

    `members` are those that the rule asks for or forbids, `value` is the limit of a number, of the
    characters of a text, or what one member must not be, `label` how that value is called.
    `condition` names a member: the rule only speaks of bodies in which it is sent, or has the
    value `option`, or, `by_default`, is left out as well. `narrowing` is what keeps a member from
    `value`.
    """

    kind: str
    members: tuple[str, ...]
    value: Any = field(default=ABSENT, hash=False)  # may be an object
    label: str = ""
    condition: str | None = None
    option: Any = ABSENT
    by_default: bool = False
    narrowing: Mapping[str, Any] | None = field(default=None, compare=False)

    def allows(self, body: Body) -> bool:
        """Whether a body keeps the rule; bodies that it does not speak of do."""
        if self.condition is not None:
            value = body.get(self.condition, self.option if self.by_default else None)
            if value is None or (self.option is not ABSENT and value != self.option):
                return True
        return KINDS[self.kind].allows(self, body)

    @property
    def words(self) -> str:
        """The rule as the end of a sentence: "refused whenever amount is below 50000"."""
        state = "sent" if self.option is ABSENT else show(self.option)
        state += " or left out" if self.by_default else ""
        when = f" while {self.condition} is {state}" if self.condition else ""
        return f"refused whenever {KINDS[self.kind].words(self)}{when}"

    @property
    def explanation(self) -> Explanation:
        """The rule for reports, with the preconditions that keep a run within it."""
        return Explanation(self.words, KINDS[self.kind].preconditions(self))


def is_sent(body: Body, name: str) -> bool:
    """Whether a body has a member that is not null."""
    return body.get(name) is not None


@dataclass(frozen=True, slots=True)
class RuleKind:
    """How one kind of rule decides, speaks, and is written as preconditions."""

    allows: Callable[[BusinessRule, Body], bool]
    words: Callable[[BusinessRule], str]
    preconditions: Callable[[BusinessRule], Mapping[str, Any]]


def listed(names: Iterable[str], joint: str = "and") -> str:
    """Return names as a sentence has them: ``a, b and c``."""
    *others, last = list(names)
    return f"{', '.join(others)} {joint} {last}" if others else last


def _keeps_limit(rule: BusinessRule, body: Body, keeps: Callable[[Any, Any], bool]) -> bool:
    value = body.get(rule.members[0])
    return not is_number(value) or keeps(value, rule.value)


def _length(value: Any) -> int:
    """Return the length of a text as it is sent: with what is new in it for each marker."""
    text = value if isinstance(value, str) else ""
    return len(MARKER.sub(lambda found: "0" * int(found[1] or SIZES[found[2]]), text))


def _required_preconditions(rule: BusinessRule) -> Mapping[str, Any]:
    if rule.condition is not None and not rule.by_default:
        return {"dependentRequired": {rule.condition: list(rule.members)}}
    return {"required": list(rule.members)}


def _one_of_words(rule: BusinessRule) -> str:
    if len(rule.members) == 2:
        return f"neither {listed(rule.members, 'nor')} is sent"
    return f"none of {listed(rule.members)} is sent"


def _differs(rule: BusinessRule, body: Body) -> bool:
    name = rule.members[0]
    return name not in body or key(body[name]) != key(rule.value)


KINDS: dict[str, RuleKind] = {
    "required": RuleKind(
        lambda rule, body: all(name in body for name in rule.members),
        lambda rule: f"{listed(rule.members, 'or')} is not sent",
        _required_preconditions,
    ),
    "one of": RuleKind(
        lambda rule, body: any(name in body for name in rule.members),
        _one_of_words,
        lambda rule: {"anyOf": [{"required": [name]} for name in rule.members]},
    ),
    "minimum": RuleKind(
        lambda rule, body: _keeps_limit(rule, body, operator.ge),
        lambda rule: f"{rule.members[0]} is below {rule.value}",
        lambda rule: {rule.members[0]: {"minimum": rule.value}},
    ),
    "maximum": RuleKind(
        lambda rule, body: _keeps_limit(rule, body, operator.le),
        lambda rule: f"{rule.members[0]} is above {rule.value}",
        lambda rule: {rule.members[0]: {"maximum": rule.value}},
    ),
    "longest": RuleKind(
        lambda rule, body: all(_length(body.get(name)) <= rule.value for name in rule.members),
        lambda rule: f"{listed(rule.members, 'or')} is longer than {rule.value} characters",
        lambda rule: {name: {"maxLength": rule.value} for name in rule.members},
    ),
    "never": RuleKind(
        lambda rule, body: not any(is_sent(body, name) for name in rule.members),
        lambda rule: f"{listed(rule.members)} is sent",
        lambda rule: dict.fromkeys(rule.members, False),
    ),
    "ending": RuleKind(
        lambda rule, body: not str(body.get(rule.members[0])).endswith(rule.value),
        lambda rule: f"{rule.members[0]} ends in {show(rule.value)}",
        lambda rule: {rule.members[0]: rule.narrowing},
    ),
    "another value": RuleKind(
        _differs,
        lambda rule: f"{rule.members[0]} is {rule.label}",
        lambda rule: {rule.members[0]: rule.narrowing} if rule.narrowing else {},
    ),
}
