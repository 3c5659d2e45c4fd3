"""What the dialect does not check, it refuses.

The text names file, place and the nearest known word.
"""

from __future__ import annotations

from typing import Any

import pytest

from contracts.errors import ContractError
from contracts.schema import keywords, vocabulary


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        (
            {"minLenght": 3},
            (
                "api/request#: the keyword 'minLenght' is not checked; did you mean "
                "minLength, maxLength?"
            ),
        ),
        (
            {"properties": {"a": {"requird": ["b"]}}},
            (
                "api/request#/properties/a: the keyword 'requird' is not checked; did you mean "
                "required?"
            ),
        ),
        ({"items": {"oneOf": []}}, "api/request#/items: the keyword 'oneOf' is not checked"),
        (
            {"additionalProperties": {"$ref": "#"}},
            "api/request#/additionalProperties: the keyword '$ref' is not checked",
        ),
        (
            {"properties": {"a/b": {"format": "ulid"}}},
            (
                "api/request#/properties/a~1b/format: the format 'ulid' is not checked; known: "
                "date-time, email, uri, url"
            ),
        ),
        ({"type": "text"}, "api/request#/type: 'text' is no JSON type"),
        ({"type": ["string", "nul"]}, "api/request#/type: 'nul' is no JSON type"),
        (
            {"items": {"pattern": "[a"}},
            (
                "api/request#/items/pattern: '[a' is no regular expression: unterminated character "
                "set at position 0"
            ),
        ),
        (
            {"properties": {"a": True}},
            "api/request#/properties/a: a schema is an object here, got true",
        ),
        ({"items": [{}]}, "api/request#/items: "),
        (7, "api/request#: a schema is an object here, got 7"),
    ],
)
def test_what_nobody_checks_is_refused(schema: Any, text: str) -> None:
    """The first unknown keyword, format, type or pattern is an error that says where it stands."""
    with pytest.raises(ContractError) as caught:
        vocabulary.refuse_unknown(schema, "api/request")
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize(
    "keyword", sorted(keywords.ASSERTIONS.keys() | keywords.APPLICATORS | keywords.ANNOTATIONS)
)
def test_a_known_keyword_is_found_again_when_a_letter_is_lost(keyword: str) -> None:
    """Every keyword of the dialect is proposed for its own misspelling."""
    misspelt = keyword[:-2] + keyword[-1]
    with pytest.raises(ContractError, match="did you mean") as caught:
        vocabulary.refuse_unknown({misspelt: None}, "api/request")
    assert repr(misspelt) in str(caught.value)


def test_a_schema_of_known_keywords_is_taken() -> None:
    """All assertions, applicators and annotations of the tables pass together."""
    schema: dict[str, Any] = dict.fromkeys(keywords.ASSERTIONS, 1) | {
        "type": ["object", "null"],
        "enum": [1],
        "format": "uuid",
        "pattern": "a",
        "uniqueItems": True,
        "required": ["a"],
        "anyOf": [{}],
        "propertyNames": {"maxLength": 3},
        "properties": {"a": {}},
        "items": {},
        "additionalProperties": False,
        "examples": [1],
        "title": "A",
        "description": "A",
        "example": 1,
        "deprecated": True,
        "readOnly": True,
        "writeOnly": True,
        "default": None,
        "x-unique": "a",
        "x-source": {},
        "x-reference": {"response": "/a"},
    }
    assert schema.keys() >= keywords.ASSERTIONS.keys() | keywords.APPLICATORS
    vocabulary.refuse_unknown(schema, "api/request")  # raises where one is not known
