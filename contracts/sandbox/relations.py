"""What a described server does so that the relations of its contract hold.

A relation is a row of the contract as data: an operator by its name (``op``) and its
arguments.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from contracts.sandbox.http import Refusal
from contracts.sandbox.places import NOTHING, at, copied, put, spread

Row = Mapping[str, Any]
Parameters = Mapping[str, str]


def hold(
    rows: Iterable[Row], value: Any, sent: Any, parameters: Parameters, fits: Callable[[Any], bool]
) -> Any:
    """Return an answer with what its relations ask for, as far as it `fits`."""
    for row in rows:
        if row["op"] in HOLD:
            changed = HOLD[row["op"]](row, copied(value), sent, parameters)
            value = changed if row["op"] != "echo" or fits(changed) else value
    return value


def check_echoes(rows: Iterable[Row], value: Any, sent: Any) -> None:
    """Refuse (400) a member that has to come back as it was sent, where the answer has another."""
    for row in rows:
        part = at(sent, row["request"]) if row["op"] == "echo" else None
        if part not in (NOTHING, None) and at(value, row["response"]) not in (NOTHING, part):
            raise Refusal(400, f"{row['request'][1:]} is not taken")


def _echo(row: Row, value: Any, sent: Any, _: Parameters) -> Any:
    part = at(sent, row["request"])
    if part is NOTHING or part is None or at(value, row["response"]) is NOTHING:
        return value
    return put(value, row["response"], part)


def _default(row: Row, value: Any, sent: Any, _: Parameters) -> Any:
    if at(sent, row["request"]) is NOTHING and at(value, row["response"]) is not NOTHING:
        return put(value, row["response"], row["value"])
    return value


def _is(row: Row, value: Any, _: Any, __: Parameters) -> Any:
    return put(value, row["response"], row["value"])


def _product(row: Row, value: Any, _: Any, __: Parameters) -> Any:
    for place, *factors in list(spread(value, row["equals"], tuple(row["of"]))):
        numbers = [at(value, factor) for factor in factors]
        if all(type(number) in (int, float) for number in numbers):
            product = math.prod(Decimal(str(number)) for number in numbers)
            whole = product == int(product)
            value = put(value, place, int(product) if whole else float(product))
    return value


def _equal(row: Row, value: Any, _: Any, __: Parameters) -> Any:
    for left, right in list(spread(value, row["left"], (row["right"],))):
        part = at(value, right)
        value = value if part is NOTHING else put(value, left, part)
    return value


def _parameter(row: Row, value: Any, _: Any, parameters: Parameters) -> Any:
    text = parameters.get(row["parameter"])
    for (place,) in list(spread(value, row["response"])):
        if text is not None and at(value, place) is not NOTHING:
            number = isinstance(at(value, place), int) and text.lstrip("-").isdecimal()
            value = put(value, place, int(text) if number else text)
    return value


def _not_before(row: Row, value: Any, _: Any, __: Parameters) -> Any:
    earlier = at(value, row["earlier"])
    if earlier in (NOTHING, None) or at(value, row["later"]) in (NOTHING, None):
        return value
    return put(value, row["later"], earlier)


def _fixed_amount(row: Row, value: Any, _: Any, __: Parameters) -> Any:
    place = row["percentage"]
    return value if at(value, place) is NOTHING else put(value, place, None)


HOLD: Mapping[str, Callable[[Row, Any, Any, Parameters], Any]] = {
    "echo": _echo,
    "echo_members": _echo,
    "default": _default,
    "is": _is,
    "product": _product,
    "equal": _equal,
    "parameter": _parameter,
    "not_before": _not_before,
    "fixed_amount": _fixed_amount,
}


def in_order(rows: Iterable[Row], things: Sequence[Any], query: Mapping[str, str]) -> list[Any]:
    """Return what was created, newest first, or as the query says."""
    for row in rows:
        if row["op"] == "ordered" and query.get(row["parameter"]) == row["ascending"]:
            return list(things)
    return list(things)[::-1]


def page(rows: Iterable[Row], items: list[Any], query: Mapping[str, str]) -> list[Any]:
    """Return the items that the query asks for, where a relation says how it does."""
    for row in rows:
        if row["op"] == "paged":
            texts = query.get(row["skip"], "0"), query.get(row["take"], str(len(items)))
            if all(text.isdecimal() for text in texts):
                skip, take = map(int, texts)
                return items[skip : skip + take]
    return items
