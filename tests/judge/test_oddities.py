"""What is odd about a value, which a server may stumble over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from contracts.judge.oddities import oddities

WIDE, WIDER = "beyond 32 bits", "beyond a double's precision"


@pytest.mark.parametrize(
    ("value", "odd"),
    [
        (0, set()),
        (0.0, set()),
        (1, set()),
        (-1, {"negative"}),
        (0.5, {"fractional"}),
        (3.25, {"fractional"}),
        (-1.5, {"negative", "fractional"}),
        ((1 << 31) - 1, set()),
        (1 << 31, {WIDE}),
        (-(1 << 31), {"negative", WIDE}),
        (1 << 53, {WIDE}),
        ((1 << 53) + 1, {WIDE, WIDER}),
        (Decimal("1E+999999"), {WIDE, WIDER}),
        (True, set()),
        (None, set()),
        ("plain", set()),
        ("é", {"non-ASCII"}),
        ("\uffff", {"non-ASCII"}),
        ("😀", {"non-ASCII", "beyond the BMP"}),
        ("a\0b", {"NUL"}),
        (b'{"a":"\\ud800"}', {"non-ASCII", "half a surrogate pair"}),
        (b'{"a":"\\u00e9"}', set()),
        ({"é": [1, {"b": -1}]}, {"non-ASCII", "negative"}),
        (["\0", 0.5], {"NUL", "fractional"}),
    ],
)
def test_what_is_odd_is_found_wherever_it_stands(value: Any, odd: set[str]) -> None:
    """In numbers, texts, names of members, and inside of objects and lists."""
    assert oddities(value) == odd
