"""What the value of one member may be: a number, the length of a text, how it ends.

A limit lies between a value that is refused and one that is taken, and is found by halves.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from contracts.engine.questions import Questions, refusals
from contracts.engine.sender import KEPT, Sender
from contracts.judge.business_rules import Body, BusinessRule, is_sent
from contracts.judge.message import numbers, words
from contracts.model import Exchange, Region
from contracts.planning.bodies.everyday import with_everyday_values
from contracts.planning.bodies.fields import member_states
from contracts.planning.bodies.templates import sample

MOST_ENDINGS = 2  # of texts, which are tried in place of one that is refused


class Limits:
    """Finds the limits of members, with as few questions as will do."""

    def __init__(self, sender: Sender, questions: Questions) -> None:
        self._sender = sender
        self._ask = questions.ask
        self._taken = questions.taken

    def number(
        self, exchange: Exchange, name: str, good: Any, condition: str | None
    ) -> BusinessRule:
        """Return the rule of a limit, found between a refused value and an accepted one."""
        body = exchange.case.body
        bad = exchange.case.body[name]
        schema = self._sender.contract.plausible_members.get(name, {})
        step = schema.get("multipleOf") or Decimal("0.01")
        limit = self._border(exchange, good, step, lambda value: {**body, name: value}, bad)
        kind = "minimum" if good > bad else "maximum"
        return BusinessRule(
            kind, (name,), int(limit) if limit == int(limit) else limit, condition=condition
        )

    def length(self, exchange: Exchange, name: str) -> BusinessRule | None:
        """Return the rule of a longest text, when as many characters as were taken are taken."""
        body = exchange.case.body
        text = exchange.case.body.get(name)
        taken = [other[name] for other in self._taken if isinstance(other.get(name), str)]
        if not isinstance(text, str) or not taken or any("{fresh" in one for one in (text, *taken)):
            return None
        whole = sample(text)

        def cut(length: int) -> Body:
            return {**body, name: whole[:length]}

        good = max(len(sample(one)) for one in taken)
        if good >= len(whole) or not self._ask(cut(good)):
            return None
        limit = self._border(exchange, good, 1, cut, len(whole))
        return BusinessRule("longest", (name,), limit)

    def ending(self, body: Body, name: str) -> BusinessRule | None:
        """Return the rule that a text must not end as all refused ones do: in ``@example.com``.

        Nothing where no plausible text that ends otherwise is taken.
        """
        if not isinstance(body[name], str):
            return None
        bodies = [exchange.case.body for exchange in refusals(self._sender.history)]
        refused = [str(sample(other[name])) for other in bodies if is_sent(other, name)]
        endings = [refused[0][sign.start() :] for sign in re.finditer(r"\W", refused[0])]
        shared = [end for end in endings if all(text.endswith(end) for text in refused)]
        if not shared:
            return None
        ending = shared[0]  # the longest
        drawn = with_everyday_values(self._sender.contract, self._sender.settings.seed)
        plausible = [s.value for s in member_states(drawn, name) if s.region is Region.VALID]
        texts = [text for text in plausible if isinstance(text, str)]
        others = [text for text in texts if not sample(text).endswith(ending)]
        for text in others[:MOST_ENDINGS]:
            if self._ask({**body, name: text}):
                only = {"enum": [sample(text)], "examples": [sample(text)]}
                return BusinessRule("ending", (name,), ending, narrowing=only)
        return None

    def _border(
        self, exchange: Exchange, good: Any, step: Any, with_value: Callable[[Any], Body], bad: Any
    ) -> Any:
        """Return the last value that is taken, between one that is and one that is not.

        The numbers that the server names are asked for first.
        """
        outward = step if bad > good else -step

        def narrow(value: Any) -> None:
            nonlocal good, bad
            if not min(good, bad) < value < max(good, bad):
                return
            accepted = self._ask(with_value(value))
            if accepted is not None:
                good, bad = (value, bad) if accepted else (good, value)

        for number in numbers(words(exchange)):
            narrow(number)
            narrow(number + outward)
        while (room := abs(good - bad)) > step and self._sender.left > KEPT:
            before = good, bad
            narrow(min(good, bad) + max(step, room // 2 // step * step))
            if (good, bad) == before:
                break
        return good
