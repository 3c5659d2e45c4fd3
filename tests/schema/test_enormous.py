"""Numbers of any size, and pointers to the letter: nothing a server answers makes a run fail."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS
from contracts.model import ABSENT, Response
from contracts.schema import checks
from contracts.schema.jsontext import at, decode, encode, show
from tests.helpers.builders import JSON_HEADERS, exchange

ENORMOUS = [
    b"0.12345678901234567890123456789",
    b"1e30",
    b"1e400",
    b"9" * 500,
    b"1e999999999",
    b"-1e999999999",
    b"1e-999999999",
]
short = pytest.mark.parametrize("digits", ENORMOUS, ids=lambda digits: digits[:25].decode())


@short
def test_an_enormous_number_is_shown(digits: bytes) -> None:
    """Any number that a server answers can be shown, and is not called infinite."""
    assert "Infinity" not in show(decode(digits)[0])


@short
def test_what_is_written_is_a_json_text(digits: bytes) -> None:
    """A number that was read can be written again as the same number."""
    number = decode(digits)[0]
    assert decode(encode(number)) == (number, ())


@short
def test_a_product_with_an_enormous_number_is_worked_out(digits: bytes) -> None:
    """A server may answer any number as a price; the run goes on."""
    body = b'{"i":[{"a":' + digits + b',"q":2,"t":1}]}'
    answer = Answer(exchange(Response(201, JSON_HEADERS, body)))
    arguments = {"of": ["/i/*/a", "/i/*/q"], "equals": "/i/*/t"}
    (seen,) = OPERATORS["product"].rule(arguments, History([answer], [answer.exchange]))
    assert not seen.ok


def test_an_exponent_beyond_all_bounds_keeps_its_sign() -> None:
    """A negative number is not read as a positive one."""
    negative, positive = decode(b"-1e9999999999999999999")[0], decode(b"1e9999999999999999999")[0]
    assert negative < positive


def test_a_tiny_fraction_is_no_integer() -> None:
    """1e-999999999 is not a whole number."""
    assert not checks.fits({"type": "integer"}, Decimal("1e-999999999"))


@pytest.mark.parametrize("pointer", ["/01", "/\u0661"])
def test_an_array_index_is_written_in_one_way(pointer: str) -> None:
    """RFC 6901, section 4: digits 0 to 9 without leading zeros."""
    assert at([10, 20], pointer) is ABSENT


def test_a_pointer_begins_with_a_slash() -> None:
    """RFC 6901, section 3: what does not is no pointer and reaches nothing (or is refused)."""
    assert at({"a": 1}, "a") is ABSENT
