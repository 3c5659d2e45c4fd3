"""Relations between request, response and history: one generator function each, one table.

The rules that look at each answer by itself stand here, those of a whole run in `contracts.consistency`.
An operator takes its arguments (from contract.toml) and the `History` of a run and yields a `Seen` for every
place where the relation could have been broken. It says nothing where the schema is broken already, and
nothing where a member it speaks of is absent or null, unless that is what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from math import prod
from typing import Any

from contracts import consistency, refused
from contracts.history import NOTHING, Arguments, History, Rule, Seen, creates, key
from contracts.jsontext import at, escape, is_number, same, show
from contracts.model import ABSENT, Contract

CENT = Decimal("0.01")
DOUBLES = Decimal("1e-15")  # of a product of two doubles, which is off by a fifth of that at most
CENTS = 40  # digits up to which a product can have a fraction of a cent
UNTRAPPED = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])  # a server may answer any number


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
        handed_out = {key(answer.got(place)) for answer in history.accepted if creates(answer, arguments["request"])}
    stored = _stored(arguments, history) if "stored_with" in arguments else {}
    for answer in history.accepted:
        sent, got = answer.sent(arguments["request"]), answer.got(place)
        # many a server takes an empty text for none
        if sent in (*NOTHING, "") or got is ABSENT or ("handed_out" in arguments and key(sent) not in handed_out):
            continue
        if got is None and arguments.get("null_allowed"):
            continue
        ok = got is not None if arguments.get("only_null") else _echoed(sent, got, arguments)
        if not ok and key(got) in stored.get(key(answer.sent(arguments.get("stored_with", ""))), {}):
            continue  # what is known of it, in place of what was sent
        yield Seen(answer.exchange, ok, place, f"{show(sent)}, as sent", show(got))


def _stored(arguments: Arguments, history: History) -> dict[str, set[str]]:
    """Give what was sent before for what a server knows by an id, such as a customer."""
    known: dict[str, set[str]] = {}
    for answer in history.accepted:
        known.setdefault(key(answer.got(arguments["stored_with"])), set()).add(key(answer.sent(arguments["request"])))
    return known


def _echoed(sent: Any, got: Any, arguments: Arguments) -> bool:
    if arguments.get("any_case") and isinstance(sent, str) and isinstance(got, str):
        return sent.casefold() == got.casefold()
    return same(sent, got)


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
            with localcontext(UNTRAPPED):
                product = prod(map(Decimal, factors), start=Decimal(1))
                ok = _about(Decimal(total), product)
            expected = f"{show(product)} = {' times '.join(show(factor) for factor in factors)}"
            yield Seen(answer.exchange, ok, place, expected, show(total))


def _about(found: Decimal, product: Decimal) -> bool:
    """Allow for what sums of money suffer: doubles, and rounding to cents where there is more than cents."""
    slack = abs(product) * DOUBLES
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
    return same(left, right) or consistency.identity(left) == consistency.identity(right)


def _unique_within(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        seen: set[str] = set()
        for place, got in answer.places(arguments["response"]):
            if got not in NOTHING:
                expected = "an id that nothing beside it has"
                yield Seen(answer.exchange, consistency.identity(got) not in seen, place, expected, show(got))
                seen.add(consistency.identity(got))


def _created(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if answer.sent(arguments["request"]) is None and got is not ABSENT:
            yield Seen(answer.exchange, got is not None, arguments["response"], "the id of the new one", show(got))


def _not_before(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        texts = answer.got(arguments["earlier"]), answer.got(arguments["later"])
        earlier, later = (consistency.instant(text) for text in texts)
        if earlier and later and (earlier.tzinfo is None) == (later.tzinfo is None):
            expected = f"not before {show(texts[0])}"
            yield Seen(answer.exchange, later >= earlier, arguments["later"], expected, show(texts[1]))


def _nothing(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        sent, got = answer.sent(arguments["request"]), answer.got(arguments["response"])
        if sent not in NOTHING:
            expected = f"nothing, since {arguments['request'][1:]} was sent"
            yield Seen(answer.exchange, got in (*NOTHING, [], {}), arguments["response"], expected, show(got))


def _totals(arguments: Arguments, history: History) -> Iterator[Seen]:
    for answer in history.accepted:
        sent = _sums(answer.sent(arguments["request"]), arguments)
        got = _sums(answer.got(arguments["response"]), arguments)
        if sent is None or got is None or answer.sent(arguments["unless"]) not in NOTHING:
            continue
        expected = f"{arguments['sum']} by {arguments['key']}: {show(sent)}, as sent"
        yield Seen(answer.exchange, same(sent, got), arguments["response"], expected, show(got))


def _sums(items: Any, arguments: Arguments) -> dict[str, Any] | None:
    """Add up a number by a key, whose letter case is that of an id; None where an item lacks one of the two."""
    found: dict[str, Any] = {}
    for item in items if isinstance(items, list) else [None]:
        members = item if isinstance(item, dict) else {}
        name, number = members.get(arguments["key"]), members.get(arguments["sum"], ABSENT)
        if not isinstance(name, str) or not is_number(number):
            return None
        with localcontext(UNTRAPPED):
            found[name.lower()] = found.get(name.lower(), 0) + Decimal(number)
    return found


OPERATORS: dict[str, Operator] = {
    "echo": Operator(
        _echo,
        ("request", "response"),
        "no accepted request had such a member",
        ("null_allowed", "only_null", "handed_out", "any_case", "stored_with"),
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
    "unique": Operator(consistency.unique, ("response",), "no response had the member"),
    "unique_within": Operator(_unique_within, ("response",), "no response had the member", alone=True),
    "joined": Operator(
        consistency.joined,
        ("request", "handed_out", "response"),
        "the sandbox handed out nothing that an order could join by",
    ),
    "separate": Operator(consistency.separate, ("request", "response"), "no response had the member"),
    "created": Operator(_created, ("request", "response"), "no such request was accepted", alone=True),
    "paired": Operator(consistency.paired, ("left", "right"), "no response had both members"),
    "alike": Operator(
        consistency.alike,
        ("response",),
        f"fewer than {consistency.USUAL} responses had such a text, or their texts have no form in common",
    ),
    "usual": Operator(
        consistency.usual,
        ("response",),
        f"fewer than {consistency.USUAL} responses had such a value, or it differs from order to order",
    ),
    "members": Operator(
        consistency.members,
        ("response",),
        f"fewer than {consistency.USUAL} responses had such an object, or their members differ",
        ("beyond",),
    ),
    "together": Operator(
        consistency.together,
        ("earlier", "later"),
        f"fewer than {consistency.USUAL} responses had two such times, or they are apart in many",
    ),
    "constant": Operator(consistency.constant, ("response",), "fewer than two responses had the member"),
    "not_before": Operator(_not_before, ("earlier", "later"), "no response had two comparable times", alone=True),
    "isolated": Operator(consistency.isolated, ("members", "unless"), "no request was accepted", ("below",)),
    "unsent": Operator(consistency.unsent, ("members", "by"), "no such request was accepted"),
    "nothing": Operator(_nothing, ("request", "response"), "no accepted request had such a member", alone=True),
    "totals": Operator(
        _totals,
        ("request", "response", "key", "sum", "unless"),
        "no accepted request and its answer had such entries",
        alone=True,
    ),
    "refusal_status": Operator(refused.status, ("cases", "status"), "no such request was refused", alone=True),
    "refusal_body": Operator(
        refused.body, ("status", "schema"), "no request was refused with such a status", ("unless",), alone=True
    ),
    "no_effect": Operator(
        consistency.no_effect, ("request",), "the sandbox lets no effect of a refused request be seen"
    ),
}


def references(contract: Contract) -> tuple[str, ...]:
    """Give the pointers of a caller's own references, which have to come once: what `no_effect` watches."""
    relations = (clause.arguments for clause in contract.clauses)
    return tuple(arguments["request"] for arguments in relations if arguments.get("op") == "no_effect")
