"""Where each keyword stands in its schema, and where it is looked at in a value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from contracts.errors import ContractError
from contracts.schema import checks, keywords, vocabulary

CLOSED: dict[str, Any] = {
    "properties": {"a/b": {"type": "string"}, "c": {"additionalProperties": {"minimum": 0}}},
    "additionalProperties": False,
}


def looks(schema: Any, value: Any) -> list[tuple[str, str, str, bool]]:
    """Give each look: the keyword's clause and pointer, the place, and whether it holds."""
    return [
        (one.keyword.clause, one.keyword.pointer, one.place, one.ok)
        for one in checks.checks(schema, value)
    ]


def test_each_keyword_is_told_with_its_pointer_value_and_schema() -> None:
    """False for additionalProperties is a keyword like any other; a schema there is walked into."""
    found = [
        (one.clause, one.pointer, one.name, one.value, one.path)
        for one in keywords.keywords(CLOSED)
    ]
    assert found == [
        ("additionalProperties", "", "additionalProperties", False, ()),
        ("a/b.type", "/properties/a~1b", "type", "string", ("a/b",)),
        ("c{}.minimum", "/properties/c/additionalProperties", "minimum", 0, ("c", "{}")),
    ]
    assert [one.schema for one in keywords.keywords(CLOSED)] == [
        CLOSED,
        CLOSED["properties"]["a/b"],
        CLOSED["properties"]["c"]["additionalProperties"],
    ]
    assert [(one.member, one.value) for one in keywords.keywords({"required": ["x", "y"]})] == [
        ("x", ["x", "y"]),
        ("y", ["x", "y"]),
    ]


def test_each_look_has_the_place_of_its_value() -> None:
    """Names are escaped as RFC 6901 has it."""
    assert looks(CLOSED, {"a/b": "x", "c": {"d": -1, "e~": 0}}) == [
        ("a/b.type", "/properties/a~1b", "/a~1b", True),
        ("c{}.minimum", "/properties/c/additionalProperties", "/c/d", False),
        ("c{}.minimum", "/properties/c/additionalProperties", "/c/e~0", True),
        ("additionalProperties", "", "", True),
    ]


def test_nothing_is_asked_of_a_member_that_another_one_overrides() -> None:
    """Only where that other one is there and not null.

    And the members that follow are looked at all the same.
    """
    schema = {
        "properties": {"a": {"type": "string", "x-ignored-with": ["id"]}, "b": {"type": "string"}}
    }
    told = [("a.type", "/properties/a", "/a", False), ("b.type", "/properties/b", "/b", False)]
    assert looks(schema, {"a": 1, "b": 1, "id": None}) == looks(schema, {"a": 1, "b": 1}) == told
    assert looks(schema, {"a": 1, "b": 1, "id": "x"}) == told[1:]
    assert looks(schema, {"a": 1, "b": 1, "other": "x"}) == told


def test_the_first_further_member_is_told_where_none_may_be() -> None:
    """The look is at that member, and the keyword is the schema's own."""
    last = list(checks.checks(CLOSED, {"a/b": "x", "f/": 7, "g": 8}))[-1]
    assert (last.place, last.value, last.ok) == ("/f~1", 7, False)
    keyword = last.keyword
    assert (keyword.path, keyword.pointer, keyword.name, keyword.value, keyword.schema) == (
        (),
        "",
        "additionalProperties",
        False,
        CLOSED,
    )
    whole = list(checks.checks(CLOSED, {}))[-1]
    assert (whole.place, whole.value, whole.ok) == ("", {}, True)
    below = list(checks.checks({"properties": {"o": CLOSED}}, {"o": {"x": 1}}))[-1]
    assert (below.keyword.path, below.keyword.pointer, below.place) == (
        ("o",),
        "/properties/o",
        "/o/x",
    )


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": 3}, "here#/type: expected str or list, got 3"),
        ({"minLength": True}, "here#/minLength: expected int, got true"),
        ({"uniqueItems": 1}, "here#/uniqueItems: expected bool, got 1"),
        ({"minimum": "1"}, 'here#/minimum: expected int or float, got "1"'),
        ({"minimum": None}, "here#/minimum: expected int or float, got null"),
        ({"properties": {"a": []}}, "here#/properties/a: a schema is an object here, got []"),
        (
            {"items": {"minLenght": 1}},
            (
                "here#/items: the keyword 'minLenght' is not checked; did you mean "
                "minLength, maxLength?"
            ),
        ),
        (
            {"additionalProperties": {"zzz": 1}},
            "here#/additionalProperties: the keyword 'zzz' is not checked",
        ),
        ({"anyOf": [{}, {"zzz": 1}]}, "here#/anyOf/1: the keyword 'zzz' is not checked"),
        (
            {"propertyNames": {"pattern": "("}},
            "here#/propertyNames/pattern: '(' is no regular expression: ",
        ),
        ({"type": ["string", "text"]}, "here#/type: 'text' is no JSON type"),
        (
            {"format": "iban"},
            (
                "here#/format: the format 'iban' is not checked; known: date-time, email, uri, "
                "url, uuid, date, "
                "time, duration, ipv4, ipv6, hostname, byte, binary, decimal, double, float, "
                "int32, int64, password"
            ),
        ),
    ],
)
def test_what_nothing_checks_is_refused_in_words(schema: Any, message: str) -> None:
    """The place, what was expected, and what is there."""
    with pytest.raises(ContractError) as raised:
        vocabulary.refuse_unknown(schema, "here")
    assert str(raised.value).startswith(message)
    if "regular" not in message:
        assert str(raised.value) == message


@pytest.mark.parametrize(
    "schema", [{"type": "integer"}, {"additionalProperties": True}, {"minimum": 0.5}, {}]
)
def test_what_is_checked_is_taken(schema: Any) -> None:
    """An integer is a type, and true may stand for a schema that all fit."""
    vocabulary.refuse_unknown(schema, "here")


@pytest.mark.parametrize(
    ("value", "step", "ok"),
    [
        (Decimal("1e1000"), 1, True),
        (Decimal("1.5e1000"), 1, True),
        (Decimal("1e1001"), 3, True),
        (Decimal("1e1002"), 1, True),
        (Decimal("1" + "0" * 1001 + ".5"), 1, False),
        (10**1001, 1, True),
        (Decimal(10**999 + 1), 2, False),
        (Decimal("Infinity"), 1, False),
        (0.07, 0.01, True),
        (Decimal("1e1000"), 3, False),
        (Decimal("1" * 1001 + "e1"), 1, True),
        (Decimal("1" * 1001 + "." + "1" * 800), 1, False),
        (Decimal("1e-400"), 1, False),
        (Decimal("1e-999999"), 1, False),
    ],
)
def test_multiples_of_enormous_numbers(value: Any, step: float, ok: bool) -> None:  # noqa: FBT001
    """Up to a thousand digits a remainder is worked out.

    A larger number counts when it is whole.
    """
    assert checks.fits({"multipleOf": step}, value) is ok


def test_the_scheme_of_an_address_may_be_in_capitals() -> None:
    """Schemes have no case (RFC 3986, section 3.1)."""
    assert checks.fits({"format": "uri"}, "HTTPS://a.example")


def test_the_place_of_a_keyword_is_a_pattern() -> None:
    """Items and further members stand under a star, names are escaped."""
    assert keywords.place_of(("a/b", "[]", "{}", "c")) == "/a~1b/*/*/c"
    assert keywords.place_of(()) == ""
