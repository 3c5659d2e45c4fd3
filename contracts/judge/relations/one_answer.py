"""Relations that hold within one exchange: one generator function each."""

import re
from collections.abc import Iterator, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from math import prod
from typing import Any

from contracts.judge.history import NOTHING, Arguments, History, Seen, creates, key
from contracts.judge.relations import forms
from contracts.model import ABSENT
from contracts.schema.jsontext import at, escape, is_number, same, show

CENT = Decimal("0.01")
DOUBLES = Decimal("1e-15")  # of a product of two doubles, which is off by a fifth of that at most
CENTS = 40  # digits up to which a product can have a fraction of a cent
# a server may answer any number
UNTRAPPED = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def check_echo(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a member comes back as it was sent."""
    place = arguments["response"]
    handed_out = set()
    if "handed_out" in arguments:
        handed_out = {
            key(answer.got(place))
            for answer in history.accepted
            if creates(answer, arguments["request"])
        }
        # null is no surprise where no order shows a share id, only the group that is read later
        others = () if "only_null" in arguments else history.others
        for other in others:
            handed_out.update(map(key, forms.every_text(other.value) if other.accepted else ()))
    stored = _stored(arguments, history) if "stored_with" in arguments else {}
    for answer in history.accepted:
        sent, got = answer.sent(arguments["request"]), answer.got(place)
        # many a server takes an empty text for none
        if (
            sent in (*NOTHING, "")
            or got is ABSENT
            or ("handed_out" in arguments and key(sent) not in handed_out)
        ):
            continue
        if got is None and arguments.get("null_allowed"):
            continue
        if arguments.get("only_case") and not _echoed(sent, got, {"any_case": True}):
            continue  # another text, which is not a matter of letter case
        ok = got is not None if arguments.get("only_null") else _echoed(sent, got, arguments)
        if not ok and key(got) in stored.get(
            key(answer.sent(arguments.get("stored_with", ""))), {}
        ):
            continue  # what is known of it, in place of what was sent
        yield answer.look(place, f"{show(sent)}, as sent", got, ok=ok)


def _stored(arguments: Arguments, history: History) -> dict[str, set[str]]:
    """Return what was sent before for what a server knows by an id, such as a customer."""
    known: dict[str, set[str]] = {}
    for answer in history.accepted:
        known.setdefault(key(answer.got(arguments["stored_with"])), set()).add(
            key(answer.sent(arguments["request"]))
        )
    return known


def _echoed(sent: Any, got: Any, arguments: Arguments) -> bool:
    """Whether a member came back; outer spaces of a text are often cut, and nobody misses them."""
    if isinstance(sent, str) and isinstance(got, str):
        if arguments.get("any_case"):
            return sent.casefold() == got.casefold()
        return got in (sent, sent.strip(" "))
    return same(sent, got)


def check_echo_members(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that every member of a free-form object comes back as it was sent."""
    for answer in history.accepted:
        sent, got = answer.sent(arguments["request"]), answer.got(arguments["response"])
        if not isinstance(sent, dict) or not isinstance(got, dict):
            continue
        if not sent:
            yield Seen(answer.exchange, ok=True, place=arguments["response"], expected="", got="")
        for name, value in sent.items():
            member = got.get(name, ABSENT)
            place = f"{arguments['response']}/{escape(name)}"
            yield answer.look(place, f"{show(value)}, as sent", member, ok=same(value, member))


def check_default(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a member that was left out comes back with its documented default."""
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if answer.sent(arguments["request"]) is not ABSENT or got is ABSENT:
            continue
        if got is None and arguments.get("null_allowed"):
            continue
        default, name = show(arguments["value"]), arguments["request"][1:]
        expected = f"{default}, the default, since {name} was left out"
        yield answer.look(arguments["response"], expected, got, ok=same(got, arguments["value"]))


def check_schema(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check a member of the answer against a schema of its own."""
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if got is ABSENT or (got is None and arguments.get("null_allowed")):
            continue
        ok = same(got, arguments["value"])
        yield answer.look(arguments["response"], show(arguments["value"]), got, ok=ok)


def check_present(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that members without which the answer is of no use are there."""
    place = arguments["response"]
    for answer in history.accepted:
        got = at(answer.exchange.value, place)
        if got is ABSENT and arguments.get("absent_allowed"):
            continue
        if isinstance(at(answer.exchange.value, place.rpartition("/")[0]), dict):
            yield answer.look(place, "a value", got, ok=got not in NOTHING)


def check_product(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that one member is the product of two others, to the cent."""
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
            yield answer.look(place, expected, total, ok=ok)


def _about(total: Decimal, product: Decimal) -> bool:
    """Whether sums of money are the same, but for rounding to cents and what doubles lose."""
    slack = abs(product) * DOUBLES
    if product.adjusted() < CENTS and product % CENT:
        slack = max(slack, CENT)
    return abs(total - product) <= slack


def _fill(pattern: str, indexes: Sequence[str]) -> str:
    for index in indexes:
        pattern = pattern.replace("*", index, 1)
    return pattern


def check_fixed_amount(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a percentage is null where the discount was a fixed amount."""
    for answer in history.accepted:
        percentage, amount = answer.got(arguments["percentage"]), answer.got(arguments["amount"])
        if not is_number(amount) or percentage is ABSENT or amount == 0:
            continue
        ok = percentage is None or percentage != 0
        expected = f"null, since {show(amount)} was taken off and no percentage"
        yield answer.look(arguments["percentage"], expected, percentage, ok=ok)


def check_equal(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that two members of the answer are the same value."""
    for answer in history.accepted:
        right = answer.got(arguments["right"])
        for place, left in answer.places(arguments["left"]):
            if left not in NOTHING and right not in NOTHING:
                expected = f"{show(right)}, as at {arguments['right']}"
                yield answer.look(place, expected, left, ok=_same_id(left, right))


def check_parameter(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a member of the answer is the value of a path parameter."""
    for answer in history.accepted:
        sent = answer.exchange.request.parameters[arguments["parameter"]]
        for place, got in answer.places(arguments["response"]):
            if got not in NOTHING:
                expected = f"{show(sent)}, as in the address"
                yield answer.look(place, expected, got, ok=_same_id(got, sent))


def _same_id(left: Any, right: Any) -> bool:
    return same(left, right) or forms.identity(left) == forms.identity(right)


def check_unique_within(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that ids in one answer differ from each other."""
    for answer in history.accepted:
        seen: set[str] = set()
        for place, got in answer.places(arguments["response"]):
            if got not in NOTHING:
                expected = "an id that nothing beside it has"
                yield answer.look(place, expected, got, ok=forms.identity(got) not in seen)
                seen.add(forms.identity(got))


def check_created(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that an order that creates something names it."""
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if answer.sent(arguments["request"]) is None and got is not ABSENT:
            yield answer.look(
                arguments["response"], "the id of the new one", got, ok=got is not None
            )


def check_not_before(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that one instant is not before another."""
    for answer in history.accepted:
        texts = answer.got(arguments["earlier"]), answer.got(arguments["later"])
        earlier, later = (forms.instant(text) for text in texts)
        if earlier and later and (earlier.tzinfo is None) == (later.tzinfo is None):
            expected = f"not before {show(texts[0])}"
            yield answer.look(arguments["later"], expected, texts[1], ok=later >= earlier)


def check_nothing(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a member that has no reason to be there yet is empty or null."""
    for answer in history.accepted:
        sent, got = answer.sent(arguments["request"]), answer.got(arguments["response"])
        if sent not in NOTHING:
            expected = f"nothing, since {arguments['request'][1:]} was sent"
            yield answer.look(arguments["response"], expected, got, ok=got in (*NOTHING, [], {}))


def check_totals(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a total is the sum of its parts."""
    for answer in history.accepted:
        sent = _sums(answer.sent(arguments["request"]), arguments)
        got = _sums(answer.got(arguments["response"]), arguments)
        if sent is None or got is None or answer.sent(arguments["unless"]) not in NOTHING:
            continue
        expected = f"{arguments['sum']} by {arguments['key']}: {show(sent)}, as sent"
        yield answer.look(arguments["response"], expected, got, ok=same(sent, got))


def _sums(items: Any, arguments: Arguments) -> dict[str, Any] | None:
    """Return the sums of a number by a key without letter case; None if an item lacks one."""
    sums: dict[str, Any] = {}
    for item in items if isinstance(items, list) else [None]:
        members = item if isinstance(item, dict) else {}
        name, number = members.get(arguments["key"]), members.get(arguments["sum"], ABSENT)
        if not isinstance(name, str) or not is_number(number):
            return None
        with localcontext(UNTRAPPED):
            sums[name.lower()] = sums.get(name.lower(), 0) + Decimal(number)
    return sums
