"""The dialect: one check a keyword and place, and what jsonschema says about validity."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts.model import ABSENT
from contracts.planning.bodies.everyday import typical
from contracts.schema import checks, formats, keywords, vocabulary
from contracts.schema.jsontext import at, type_of

ORDER: dict[str, Any] = {
    "type": "object",
    "required": ["id", "items"],
    "properties": {
        "id": {"type": "string", "minLength": 2, "maxLength": 4, "pattern": "^[a-z]+$"},
        "items": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["n"],
                "properties": {"n": {"type": "integer", "minimum": 0}},
            },
        },
        "kind": {"type": ["string", "null"], "enum": ["a", "b", None]},
    },
    "additionalProperties": {"type": "number", "multipleOf": 0.01},
}

# keyword schema, values that keep it, values that break it, expectation in words
KEYWORDS: list[tuple[dict[str, Any], list[Any], list[Any], str]] = [
    ({"type": "integer"}, [1, 1.0, -(10**30), Decimal("1e400")], [1.5, "1", True, None], "integer"),
    ({"type": ["string", "null"]}, ["", None], [0, [], False], "string or null"),
    ({"type": "number"}, [0, 1.5, Decimal("0.1")], [True, "0", None], "number"),
    ({"type": "boolean"}, [True, False], [0, 1, "true"], "boolean"),
    ({"enum": ["a", 1, None]}, ["a", 1, 1.0, None], ["A", True, 0, ""], '"a" or 1 or null'),
    ({"const": 0}, [0, 0.0], [False, "0", None], "0"),
    (
        {"format": "uuid"},
        ["3F0f1b7e-2f6c-4b55-9d0a-6f3f4e1d2c3b", 5],
        ["3f0f1b7e2f6c4b559d0a6f3f4e1d2c3b", ""],
        "a string of format uuid",
    ),
    (
        {"format": "email"},
        ["a@b.c", "ä.b+c@x.example", "a@b", '"a b"@c', None],
        ["a b@c.d", "@b.c", "a@b.c\n", "a@@b.c", "a@", "a"],
        "a string of format email",
    ),
    (
        {"format": "uri"},
        ["https://a/b?c#d", "urn:x:y", 1],
        ["/a", "a b:c", "https://a b", "1a:b"],
        "a string of format uri",
    ),
    (
        {"format": "date-time"},
        [
            "2026-01-31T12:00:00Z",
            "2026-01-31t12:00:00.123456789z",
            "2026-01-31T12:00:00-02:30",
            "2016-12-31T23:59:60Z",
            "2016-12-31t15:59:60.5-08:00",
        ],
        [
            "2026-02-30T12:00:00Z",
            "2026-01-31",
            "2026-01-31T12:00:00",
            "12:00",
            "2026-01-31T12:00:00Z\n",
            "2026-01-31T12:00:61Z",
            "2026-01-31T12:60:00Z",
            "2026-01-31T12:00:60",
        ],
        "a string of format date-time",
    ),
    ({"format": "url"}, ["https://a/b"], ["/a", "a b:c"], "a string of format url"),
    (
        {"format": "date"},
        ["2024-02-29", 5],
        ["2023-02-29", "20240229", "2024-02-29T00:00:00Z", ""],
        "a string of format date",
    ),
    (
        {"format": "time"},
        ["12:00:00Z", "23:59:59.5+02:00"],
        ["12:00", "25:00:00Z", "noon"],
        "a string of format time",
    ),
    (
        {"format": "duration"},
        ["P1D", "PT1H30M", "P3Y6M4DT12H30M5S", "P2W"],
        ["P", "PT", "1D", "P1DT"],
        "a string of format duration",
    ),
    (
        {"format": "ipv4"},
        ["192.0.2.1", None],
        ["192.0.2", "192.0.2.256", "::1"],
        "a string of format ipv4",
    ),
    ({"format": "ipv6"}, ["::1", "2001:db8::1"], ["192.0.2.1", ":::"], "a string of format ipv6"),
    (
        {"format": "hostname"},
        ["a", "www.example.com"],
        ["-a.b", "a..b", "a b", ""],
        "a string of format hostname",
    ),
    ({"format": "byte"}, ["dGV4dA==", "", "a-_="], ["é", "{}"], "a string of format byte"),
    (
        {"minLength": 2},
        ["ab", "\U0001f600\U0001f600", 1],
        ["", "\U0001f600"],
        "at least 2 characters",
    ),
    ({"maxLength": 2}, ["", "\U0001f600\U0001f600", [1, 2, 3]], ["abc"], "at most 2 characters"),
    ({"pattern": "b"}, ["abc", 1], ["a", ""], "a string that matches b"),
    ({"minimum": 1}, [1, 1.5, "0"], [0, 0.999, -1], "at least 1"),
    (
        {"minimum": 0.01},
        [0.01, Decimal("0.01"), 1],
        [0.009, Decimal("0.0099999999999999999"), 0],
        "at least 0.01",
    ),
    ({"maximum": 1}, [1, Decimal("0.5"), None], [1.001, 10**30], "at most 1"),
    ({"exclusiveMinimum": 0}, [0.001, 1], [0, -1], "more than 0"),
    ({"exclusiveMaximum": 0}, [-1], [0, 0.0, 1], "less than 0"),
    ({"multipleOf": 0.01}, [19.99, 0, 1.1, Decimal("4.35")], [0.001, 19.995], "a multiple of 0.01"),
    ({"minItems": 1}, [[0], "x"], [[]], "at least 1 items"),
    ({"maxItems": 1}, [[], [0], {}], [[0, 0]], "at most 1 items"),
    (
        {"uniqueItems": True},
        [[1, "1", True], [0, False], []],
        [[1, 1.0], [{"a": 1}, {"a": 1}]],
        "no item twice",
    ),
    ({"minProperties": 1}, [{"a": 1}, []], [{}], "at least 1 members"),
    ({"maxProperties": 1}, [{}, {"a": 1}], [{"a": 1, "b": 1}], "at most 1 members"),
    (
        {"propertyNames": {"maxLength": 1}},
        [{"a": 1}, {}],
        [{"ab": 1}],
        'member names that fit {"maxLength": 1}',
    ),
    ({"required": ["a"]}, [{"a": None}, []], [{}, {"b": 1}], "the member 'a'"),
    (
        {"anyOf": [{"title": "a number", "type": "number"}, {"required": ["a"], "type": "object"}]},
        [1, {"a": None}],
        ["1", {"b": 1}, None],
        'a number or {"required": ["a"], "type": "object"}',
    ),
    (
        {"properties": {"a": {}}, "additionalProperties": False},
        [{"a": 1}, {}, 1],
        [{"b": 1}],
        "no other member than those named",
    ),
]


@pytest.mark.parametrize(
    ("schema", "good", "bad", "words"), KEYWORDS, ids=lambda part: str(part)[:40]
)
def test_a_keyword_holds_and_breaks(
    schema: dict[str, Any], good: list[Any], bad: list[Any], words: str
) -> None:
    """Every keyword of the dialect is kept by good values, broken once by bad ones.

    And says what it asks for.
    """
    assert [value for value in good if not checks.fits(schema, value)] == []
    for value in bad:
        (check,) = checks.broken(schema, value)
        assert check.expected == words


def test_every_keyword_and_format_is_in_the_table_above() -> None:
    """The table leaves out no keyword and no format that the dialect knows."""
    named = {name for schema, *_ in KEYWORDS for name in schema}
    assert named >= keywords.ASSERTIONS.keys()
    assert {
        schema["format"] for schema, *_ in KEYWORDS if "format" in schema
    } == formats.FORMATS.keys()


@pytest.mark.parametrize("form", sorted(formats.ANNOTATED_FORMATS))
def test_a_format_that_forbids_nothing_makes_no_clause(form: str) -> None:
    """A format that only tells how a value is kept is taken, is no keyword that could break.

    And breaks nothing.
    """
    schema = {"format": form}
    vocabulary.refuse_unknown(schema, "api/request")
    assert list(keywords.keywords(schema)) == []
    assert list(checks.checks(schema, "anything")) == []


@pytest.mark.parametrize("form", sorted(formats.FORMATS))
def test_every_format_has_a_value_to_send(form: str) -> None:
    """The typical value of each format is of that format, so that a plain request can be made."""
    assert checks.fits(
        {"type": "string", "format": form}, typical({"type": "string", "format": form})
    )


# jsonschema divides doubles, and brings no formats of its own
COMMON = [row[:3] for row in KEYWORDS if row[0].keys().isdisjoint({"format", "multipleOf"})]


@pytest.mark.parametrize(("schema", "good", "bad"), COMMON, ids=lambda part: str(part)[:40])
def test_jsonschema_agrees(schema: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    """What fits and what does not is what jsonschema says, formats and exact remainders aside."""
    plain = [value for value in (*good, *bad) if not isinstance(value, Decimal)]
    validator = Draft202012Validator(schema)
    assert [checks.fits(schema, value) for value in plain] == [
        validator.is_valid(value) for value in plain
    ]


def test_there_is_one_check_for_every_keyword_at_every_place() -> None:
    """Each keyword that speaks of what is there gives exactly one look, held or broken.

    With its place.
    """
    value = {"id": "abc", "items": [{"n": 1}, {"n": -1}], "other": 0.5}
    found = [(check.keyword.clause, check.place, check.ok) for check in checks.checks(ORDER, value)]
    assert found == [
        ("type", "", True),
        ("id.required", "/id", True),
        ("items.required", "/items", True),
        ("id.type", "/id", True),
        ("id.minLength", "/id", True),
        ("id.maxLength", "/id", True),
        ("id.pattern", "/id", True),
        ("items.type", "/items", True),
        ("items.minItems", "/items", True),
        ("items[].type", "/items/0", True),
        ("items[].n.required", "/items/0/n", True),
        ("items[].n.type", "/items/0/n", True),
        ("items[].n.minimum", "/items/0/n", True),
        ("items[].type", "/items/1", True),
        ("items[].n.required", "/items/1/n", True),
        ("items[].n.type", "/items/1/n", True),
        ("items[].n.minimum", "/items/1/n", False),
        ("{}.type", "/other", True),
        ("{}.multipleOf", "/other", True),
    ]


def test_a_wrong_type_breaks_the_type_alone() -> None:
    """Where the type is wrong nothing else is held against the value."""
    (check,) = checks.broken(ORDER, {"id": 7, "items": [{"n": 1}]})
    assert (check.keyword.clause, check.place, check.expected, check.got) == (
        "id.type",
        "/id",
        "string",
        "7",
    )


def test_a_missing_member_is_told_by_its_own_name() -> None:
    """Each entry of ``required`` is a keyword by itself, at the place where the member is not."""
    found = [(check.keyword.clause, check.place, check.got) for check in checks.broken(ORDER, {})]
    assert found == [("id.required", "/id", "absent"), ("items.required", "/items", "absent")]


def test_the_keywords_of_a_schema_are_those_that_its_checks_come_from() -> None:
    """Every check names a keyword that ``keywords`` lists.

    And a value with everything meets all of them.
    """
    value = {"id": "abc", "items": [{"n": 1}], "kind": "a", "other": 0.5}
    listed = [keyword.clause for keyword in keywords.keywords(ORDER)]
    assert len(listed) == len(set(listed))
    assert {check.keyword.clause for check in checks.checks(ORDER, value)} == set(listed)


def test_every_keyword_stands_where_its_pointer_says() -> None:
    """A keyword's pointer leads to the subschema that it was taken from."""
    for keyword in keywords.keywords(ORDER):
        assert at(ORDER, keyword.pointer) is keyword.schema


@pytest.mark.parametrize("name", ["a/b", "m~n"])
def test_places_are_json_pointers(name: str) -> None:
    """Names are escaped in the place of a check."""
    (check,) = checks.broken({"properties": {name: {"type": "string"}}}, {name: 1})
    assert at({name: 1}, check.place) == 1


@pytest.mark.parametrize("digits", ["1e999999999", "9" * 10_000, "1e-400", "0.5"])
def test_enormous_numbers_are_checked_without_delay(digits: str) -> None:
    """Neither many digits nor a great exponent make a check slow or fail."""
    number = Decimal(digits)
    assert checks.fits({"type": "number", "minimum": 0}, number)
    assert checks.fits({"type": "integer"}, number) == (number >= 1)
    assert type_of(number) == "number"


def test_absence_is_no_value_that_fits_a_type() -> None:
    """A schema with a type is broken by nothing at all."""
    assert not checks.fits({"type": ["null", "string"]}, ABSENT)


@pytest.mark.parametrize(
    ("schema", "value", "got"),
    [
        ({"maxLength": 3}, "abcd", '4 characters: "abcd"'),
        ({"minLength": 2}, "\U0001f600", r'1 characters: "\ud83d\ude00"'),
        (
            {"maxLength": 10_000},
            "x" * 10_001,
            f'10,001 characters: "{"x" * 158}… (10003 characters)',
        ),
        ({"pattern": "b"}, "abc"[:1], '"a"'),
    ],
)
def test_a_text_of_the_wrong_length_is_told_with_its_length(
    schema: dict[str, Any], value: str, got: str
) -> None:
    """Counted in characters, as the keyword counts; other keywords show the text alone."""
    (broken,) = checks.broken(schema, value)
    assert broken.got == got
