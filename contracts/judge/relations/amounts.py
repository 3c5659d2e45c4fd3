"""Amounts of an answer that are products or sums of others."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from itertools import chain
from math import prod
from typing import Any

from contracts.judge.history import Answer, History, Look
from contracts.judge.relations.comes_back import NUMBER
from contracts.schema.jsontext import is_number, show

CENT = Decimal("0.01")
# of a product of two doubles, which is off by a fifth of that at most
DOUBLES = Decimal("1e-15")
MOST_WORDS = 4  # items of which a sum is told
CENTS = 40  # digits up to which a product can have a fraction of a cent
# a server may answer any number
UNTRAPPED = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def check_product(history: History, of: Sequence[str], equals: str) -> Iterator[Look]:
    """Check that one member is the product of others, to the cent.

    Beside a list it is the sum of what its items have, or of their products.
    """
    for answer in history.accepted:
        for place, total in answer.places(equals):
            indexes = re.findall(r"(?<=/)\d+(?=/|$)", place)
            rows = _rows(answer, [_fill(pattern, indexes) for pattern in of])
            if not rows or not all(map(_is_amount(total), (total, *chain(*rows)))):
                continue
            with localcontext(UNTRAPPED):
                summed = sum(prod(map(Decimal, row), start=Decimal(1)) for row in rows)
                ok = _about(Decimal(total), Decimal(summed))
            words = " + ".join(" times ".join(map(show, row)) for row in rows[:MOST_WORDS])
            more = " + …" if len(rows) > MOST_WORDS else ""
            yield answer.look(place, f"{show(summed)} = {words}{more}", total, ok=ok)


def _is_amount(total: Any) -> Callable[[Any], bool]:
    """Return what tells amounts from other values; where the total is a text, others may be."""
    of_texts = isinstance(total, str)
    return lambda n: is_number(n) or (of_texts and NUMBER.fullmatch(str(n)) is not None)


def _rows(answer: Answer, of: Sequence[str]) -> list[list[Any]]:
    """Return what stands at pointers: once, or for each item of the list that they go into."""
    head, star, _ = of[0].partition("/*")
    items = answer.got(head) if star else [None]
    count = len(items) if isinstance(items, list) else 0
    return [[answer.got(_fill(pattern, [str(n)])) for pattern in of] for n in range(count)]


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
