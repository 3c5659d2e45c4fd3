"""JSON values: compared, shown, and reached by pointers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from contracts.model import ABSENT
from contracts.schema.jsontext import (
    at,
    decode,
    encode,
    escape,
    is_number,
    same,
    show,
    spread,
    type_of,
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (12, 12.0),
        (12, Decimal("12.000")),
        (0.1, Decimal("0.1")),
        (1e20, 10**20),
        (2**53 + 1, 2**53),  # a reader may use doubles
        (0, -0.0),
        ({"a": 1, "b": [None]}, {"b": [None], "a": 1.0}),
        ([], []),
        (None, None),
        (Decimal("1e999999999"), Decimal("1e999999999")),
    ],
)
def test_equal_json_values_are_the_same(left: Any, right: Any) -> None:
    """Numbers are compared by value, objects without order."""
    assert same(left, right)
    assert same(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, True),
        (0, False),
        (False, None),
        ("1", 1),
        (1, 1.5),
        (10**20, 10**20 + 10**6),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        ({"a": 1}, {"a": True}),
        ({"a": None}, {}),
        ({"a": {"b": [0]}}, {"a": {"b": [False]}}),
        ("e\u0301", "\u00e9"),
        (None, ABSENT),
        ([], {}),
    ],
)
def test_different_json_values_are_not_the_same(left: Any, right: Any) -> None:
    """A boolean is no number, null is something, and text is compared character by character."""
    assert not same(left, right)
    assert not same(right, left)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", {"a/b": 1, "m~n": 2, "": 3, "x": [10, {"y": 20}], "~1": 4, "0": 5}),
        ("/a~1b", 1),
        ("/m~0n", 2),
        ("/", 3),
        ("/x/0", 10),
        ("/x/1/y", 20),
        ("/~01", 4),
        ("/0", 5),
        ("/x/2", ABSENT),
        ("/x/-", ABSENT),
        ("/x/y", ABSENT),
        ("/x/0/y", ABSENT),
        ("/nothing", ABSENT),
    ],
)
def test_a_pointer_reaches_what_rfc_6901_says(pointer: str, value: Any) -> None:
    """Pointers go through members and items, unescaped in the right order.

    What is not there is absent.
    """
    document = {"a/b": 1, "m~n": 2, "": 3, "x": [10, {"y": 20}], "~1": 4, "0": 5}
    assert at(document, pointer) == value


@pytest.mark.parametrize("name", ["a/b", "m~n", "~1", "", "plain", "~/~"])
def test_an_escaped_name_is_reached_again(name: str) -> None:
    """Escaping and following a pointer are inverse."""
    assert at({name: "here"}, f"/{escape(name)}") == "here"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "number"),
        (1.5, "number"),
        (Decimal(1), "number"),
        ("", "string"),
        ([], "array"),
        ({}, "object"),
        (ABSENT, "absent"),
    ],
)
def test_every_value_has_its_json_type(value: Any, kind: str) -> None:
    """A boolean is no number."""
    assert type_of(value) == kind
    assert is_number(value) == (kind == "number")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (ABSENT, "absent"),
        ("a\x1b[31m\u202e", '"a\\u001b[31m\\u202e"'),
        ({"é": [None]}, '{"\\u00e9": [null]}'),
        (Decimal("12.50"), "12.50"),
        (Decimal("0.5"), "0.5"),
    ],
)
def test_a_value_is_shown_in_ascii(value: Any, text: str) -> None:
    """What is shown holds no control character and nothing outside ASCII."""
    assert show(value) == text


def test_a_long_value_is_cut_and_says_how_long_it_was() -> None:
    """A cut text ends with the length of the whole."""
    assert show("x" * 1_000, 10) == '"xxxxxxxx… (1002 characters)'


@pytest.mark.parametrize("value", [{"a": [1, 2.5, "é", None, True]}, "\U0001f600", [], 2**60])
def test_what_is_written_is_read_again(value: Any) -> None:
    """Writing and reading a JSON value are inverse."""
    assert decode(encode(value)) == (value, ())


def test_spread_json_reads_the_same() -> None:
    """White space and escapes stand wherever JSON may have them, and change no value."""
    value = {"é😀": ['a"b\\', -1.5, None, {}], "n": {"m": [[True]]}}
    text = spread(encode(value))
    assert decode(text) == (value, ())
    assert {line[:2] for line in text.splitlines()[1:]} == {b"\t "}
    assert not set(text) & set(b"ab\xc3")
