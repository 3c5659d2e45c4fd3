"""Relations between request, response and history: one generator function each, one table.

An operator takes its arguments (from contract.toml) and the `History` of a run and yields a `Seen` for every
place where the relation could have been broken. It says nothing where the schema is broken already, and
nothing where a member it speaks of is absent or null, unless that is what it is about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from math import prod
from typing import Any, NamedTuple

from contracts.jsontext import at, escape, is_number, same, show
from contracts.model import ABSENT, Exchange

NOTHING = (ABSENT, None)
CENT = Decimal("0.01")
CENTS = 40  # digits up to which a product can have a fraction of a cent
TELLING = 4  # characters of a text that two orders do not share by chance, as they may a placeholder
WHOLE = 1 << 30  # characters: no value is cut when it is compared


class Seen(NamedTuple):
    """One look at one place."""

    exchange: Exchange
    ok: bool
    place: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An accepted exchange, and the places of its response where the schema is broken."""

    exchange: Exchange
    unsound: frozenset[str] = frozenset()

    def sent(self, pointer: str) -> Any:
        """Give what the request has at a pointer."""
        return at(self.exchange.request.value, pointer)

    def got(self, pointer: str) -> Any:
        """Give what the response has at a pointer; ABSENT where the schema is broken there or above."""
        parts = pointer.split("/")
        if any("/".join(parts[:end]) in self.unsound for end in range(1, len(parts) + 1)):
            return ABSENT
        return at(self.exchange.value, pointer)

    def places(self, pattern: str) -> Iterator[tuple[str, Any]]:
        """Yield (pointer, value) for each place that a pointer with ``*`` for array indexes names."""
        head, star, rest = pattern.partition("/*")
        if not star:
            yield pattern, self.got(pattern)
            return
        items = self.got(head)
        for index in range(len(items) if isinstance(items, list) else 0):
            yield from self.places(f"{head}/{index}{rest}")


@dataclass(frozen=True, slots=True)
class History:
    """What a run has seen: the accepted exchanges in valid and open regions, and all of them."""

    accepted: Sequence[Answer]
    exchanges: Sequence[Exchange]


Arguments = Mapping[str, Any]
Rule = Callable[[Arguments, History], Iterator[Seen]]


@dataclass(frozen=True, slots=True)
class Operator:
    """A row of the table: the rule, the arguments it takes, why it may have had nothing to look at.

    `options` are arguments that may be left out; `alone` says that the rule looks at each answer by itself.
    """

    rule: Rule
    arguments: tuple[str, ...]
    idle: str
    options: tuple[str, ...] = ()
    alone: bool = False


def _echo(arguments: Arguments, history: History) -> Iterator[Seen]:
    place = arguments["response"]
    handed_out = set()
    if "handed_out" in arguments:
        handed_out = {_key(answer.got(place)) for answer in history.accepted if _creator(answer, arguments["request"])}
    for answer in history.accepted:
        sent, got = answer.sent(arguments["request"]), answer.got(place)
        if sent in NOTHING or got is ABSENT or ("handed_out" in arguments and _key(sent) not in handed_out):
            continue
        if got is None and arguments.get("null_allowed"):
            continue
        ok = got is not None if arguments.get("only_null") else same(sent, got)
        yield Seen(answer.exchange, ok, place, f"{show(sent)}, as sent", show(got))


def _key(value: Any) -> str:
    return show(value, WHOLE)


def _creator(answer: Answer, pointer: str) -> bool:
    return answer.sent(pointer) in NOTHING


def _echo_members(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        sent, got = answer.sent(arguments["request"]), answer.got(arguments["response"])
        if not isinstance(sent, dict) or not isinstance(got, dict):
            continue
        if not sent:
            yield Seen(answer.exchange, ok=True, place=arguments["response"], expected="", got="")
        for name, value in sent.items():
            found = got.get(name, ABSENT)
            place = f"{arguments['response']}/{escape(name)}"
            yield Seen(answer.exchange, same(value, found), place, f"{show(value)}, as sent", show(found))


def _default(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if answer.sent(arguments["request"]) is not ABSENT or got is ABSENT:
            continue
        if got is None and arguments.get("null_allowed"):
            continue
        expected = f"{show(arguments['value'])}, the default, since {arguments['request'][1:]} was left out"
        yield Seen(answer.exchange, same(got, arguments["value"]), arguments["response"], expected, show(got))


def _is(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if got is ABSENT or (got is None and arguments.get("null_allowed")):
            continue
        ok = same(got, arguments["value"])
        yield Seen(answer.exchange, ok, arguments["response"], show(arguments["value"]), show(got))


def _present(arguments: Arguments, history: History) -> Iterator[Seen]:
    place = arguments["response"]
    for answer in history.accepted:
        got = at(answer.exchange.value, place)
        if isinstance(at(answer.exchange.value, place.rpartition("/")[0]), dict):
            yield Seen(answer.exchange, got not in NOTHING, place, "a value", show(got))


def _product(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        for place, total in answer.places(arguments["equals"]):
            index = re.findall(r"(?<=/)\d+(?=/|$)", place)
            factors = [answer.got(_fill(pattern, index)) for pattern in arguments["of"]]
            if not all(is_number(number) for number in (total, *factors)):
                continue
            with localcontext(
                Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
            ):  # a server may answer any number
                product = prod(map(Decimal, factors), start=Decimal(1))
                ok = _about(Decimal(total), product)
            expected = f"{show(product)} = {' times '.join(show(factor) for factor in factors)}"
            yield Seen(answer.exchange, ok, place, expected, show(total))


def _about(found: Decimal, product: Decimal) -> bool:
    """Allow for what sums of money suffer: doubles, and rounding to cents where there is more than cents."""
    slack = abs(product) * Decimal("1e-9")
    if product.adjusted() < CENTS and product % CENT:
        slack = max(slack, CENT)
    return abs(found - product) <= slack


def _fill(pattern: str, indexes: Sequence[str]) -> str:
    for index in indexes:
        pattern = pattern.replace("*", index, 1)
    return pattern


def _fixed_amount(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        percentage, amount = answer.got(arguments["percentage"]), answer.got(arguments["amount"])
        if not is_number(amount) or percentage is ABSENT or amount == 0:
            continue
        ok = percentage is None or percentage != 0
        expected = f"null, since {show(amount)} was taken off and no percentage"
        yield Seen(answer.exchange, ok, arguments["percentage"], expected, show(percentage))


def _equal(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        right = answer.got(arguments["right"])
        for place, left in answer.places(arguments["left"]):
            if left not in NOTHING and right not in NOTHING:
                expected = f"{show(right)}, as at {arguments['right']}"
                yield Seen(answer.exchange, _same_id(left, right), place, expected, show(left))


def _parameter(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        sent = answer.exchange.request.parameters[arguments["parameter"]]
        for place, got in answer.places(arguments["response"]):
            if got not in NOTHING:
                expected = f"{show(sent)}, as in the address"
                yield Seen(answer.exchange, _same_id(got, sent), place, expected, show(got))


def _same_id(left: Any, right: Any) -> bool:
    """Compare ids; the hexadecimal digits of a UUID have no case (RFC 9562, section 4)."""
    if isinstance(left, str) and isinstance(right, str):
        return left == right or (left.lower() == right.lower() and bool(re.fullmatch(r"[0-9a-fA-F-]{36}", left)))
    return same(left, right)


def _unique(arguments: Arguments, history: History) -> Iterator[Seen]:
    seen: set[str] = set()
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if got in NOTHING:
            continue
        expected = "an id that no order had before"
        yield Seen(answer.exchange, _key(got) not in seen, arguments["response"], expected, show(got))
        seen.add(_key(got))


def _unique_within(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        seen: set[str] = set()
        for place, got in answer.places(arguments["response"]):
            if got not in NOTHING:
                expected = "an id that nothing beside it has"
                yield Seen(answer.exchange, _key(got) not in seen, place, expected, show(got))
                seen.add(_key(got))


def _joined(arguments: Arguments, history: History) -> Iterator[Seen]:
    groups: dict[str, Any] = {}
    for answer in history.accepted:
        if _creator(answer, arguments["request"]) and answer.got(arguments["handed_out"]) not in NOTHING:
            groups.setdefault(_key(answer.got(arguments["handed_out"])), answer.got(arguments["response"]))
    for answer in history.accepted:
        sent, got = answer.sent(arguments["request"]), answer.got(arguments["response"])
        group = groups.get(_key(sent), ABSENT)
        if group not in NOTHING and got is not ABSENT:
            expected = f"{show(group)}, the group of {show(sent)}"
            yield Seen(answer.exchange, same(group, got), arguments["response"], expected, show(got))


def _separate(arguments: Arguments, history: History) -> Iterator[Seen]:
    seen: set[str] = set()
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if answer.sent(arguments["request"]) is not None or got in NOTHING:
            continue
        yield Seen(answer.exchange, _key(got) not in seen, arguments["response"], "one of its own", show(got))
        seen.add(_key(got))


def _created(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if answer.sent(arguments["request"]) is None and got is not ABSENT:
            yield Seen(answer.exchange, got is not None, arguments["response"], "the id of the new one", show(got))


def _constant(arguments: Arguments, history: History) -> Iterator[Seen]:
    values = [(answer, _key(answer.got(arguments["response"]))) for answer in history.accepted]
    known = [(answer, text) for answer, text in values if text not in ("absent", "null")]
    usual = Counter(text for _, text in known).most_common(1)
    for answer, text in known if len(known) > 1 else []:
        expected = f"{usual[0][0]}, as in {usual[0][1]} of {len(known)} responses"
        yield Seen(answer.exchange, text == usual[0][0], arguments["response"], expected, text)


def _not_before(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        texts = answer.got(arguments["earlier"]), answer.got(arguments["later"])
        earlier, later = (_instant(text) for text in texts)
        if earlier and later and (earlier.tzinfo is None) == (later.tzinfo is None):
            expected = f"not before {show(texts[0])}"
            yield Seen(answer.exchange, later >= earlier, arguments["later"], expected, show(texts[1]))


def _instant(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _isolated(arguments: Arguments, history: History) -> Iterator[Seen]:
    for member in arguments["members"]:
        senders = Counter(
            text for text in (text for answer in history.accepted for text in set(_texts(answer.sent(member))))
        )
        for answer in history.accepted:
            if any(answer.sent(pointer) not in NOTHING for pointer in arguments["unless"]):
                continue
            own = set(_texts(answer.sent(member)))
            foreign = [text for text in _texts(answer.got(member)) if text not in own and senders[text] == 1]
            expected = "nothing that only another order was sent"
            yield Seen(answer.exchange, not foreign, member, expected, show(foreign[0]) if foreign else "")


def _unsent(arguments: Arguments, history: History) -> Iterator[Seen]:
    for member in arguments["members"]:
        others = {text for answer in history.accepted for text in _texts(answer.sent(member))}
        for answer in history.accepted:
            got = answer.got(member)
            if got in NOTHING or any(answer.sent(pointer) not in NOTHING for pointer in arguments["unless"]):
                continue
            yield Seen(
                answer.exchange, got not in others, member, "nothing that only other orders were sent", show(got)
            )


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for member in value.values() for text in _texts(member)]
    return [value] if isinstance(value, str) and len(value) >= TELLING else []


def _no_effect(arguments: Arguments, history: History) -> Iterator[Seen]:
    made: set[str] = set()  # references of orders that exist
    spent: set[str] = set()  # references that were only in refused requests
    repeats_are_refused = False
    looks: list[Seen] = []
    for exchange in history.exchanges:
        reference = at(exchange.request.value, arguments["request"])
        if not isinstance(reference, str) or exchange.status is None:
            continue
        # only a case that takes a reference over on purpose is otherwise plain: a refusal has no other reason
        on_purpose = bool(exchange.case.after) and exchange.case.region != "invalid"
        if reference in made:
            repeats_are_refused |= exchange.refused and on_purpose
        elif reference in spent and on_purpose:
            expected = f"accepted: {show(reference)} was only in a request that was refused"
            looks.append(
                Seen(exchange, exchange.accepted, arguments["request"], expected, f"refused {exchange.status}")
            )
        (made if exchange.accepted else spent).add(reference)
    for look in looks:
        if look.ok or repeats_are_refused:
            yield look


OPERATORS: dict[str, Operator] = {
    "echo": Operator(
        _echo,
        ("request", "response"),
        "no accepted request had such a member",
        ("null_allowed", "only_null", "handed_out"),
        alone=True,  # but for what was handed out before
    ),
    "echo_members": Operator(
        _echo_members, ("request", "response"), "no accepted request had such a member", alone=True
    ),
    "default": Operator(
        _default, ("request", "response", "value"), "no response had the member", ("null_allowed",), alone=True
    ),
    "is": Operator(_is, ("response", "value"), "no response had the member", ("null_allowed",), alone=True),
    "present": Operator(_present, ("response",), "no response had what it would be in", alone=True),
    "product": Operator(_product, ("of", "equals"), "no response had all of these numbers", alone=True),
    "fixed_amount": Operator(_fixed_amount, ("percentage", "amount"), "no response had such a decrease", alone=True),
    "equal": Operator(_equal, ("left", "right"), "no response had both members", alone=True),
    "parameter": Operator(_parameter, ("response", "parameter"), "no response had the member", alone=True),
    "unique": Operator(_unique, ("response",), "no response had the member"),
    "unique_within": Operator(_unique_within, ("response",), "no response had the member", alone=True),
    "joined": Operator(
        _joined,
        ("request", "handed_out", "response"),
        "the sandbox handed out nothing that an order could join by",
    ),
    "separate": Operator(_separate, ("request", "response"), "no response had the member"),
    "created": Operator(_created, ("request", "response"), "no such request was accepted", alone=True),
    "constant": Operator(_constant, ("response",), "fewer than two responses had the member"),
    "not_before": Operator(_not_before, ("earlier", "later"), "no response had two comparable times", alone=True),
    "isolated": Operator(_isolated, ("members", "unless"), "no request was accepted"),
    "unsent": Operator(_unsent, ("members", "unless"), "no such request was accepted"),
    "no_effect": Operator(_no_effect, ("request",), "the sandbox lets no effect of a refused request be seen"),
}
