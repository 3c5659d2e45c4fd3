"""Values of parameters as an address has them: what a schema says of a text."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.schema.in_address import STRANGE, value_of, wrong_texts


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"type": "integer"}, "5", 5),
        ({"type": "integer"}, "five", "five"),
        ({"type": "number"}, "5.5", 5.5),
        ({"type": "number"}, "nan", "nan"),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "yes", "yes"),
        ({"type": "string"}, "5", "5"),
        ({}, "5", "5"),
    ],
)
def test_a_text_stands_for_what_its_schema_says(
    schema: dict[str, Any], text: str, value: object
) -> None:
    """A number is read where numbers are, and any other text stays as it is."""
    assert value_of(schema, text) == value


@pytest.mark.parametrize(
    ("schema", "wrong"),
    [
        (
            {"type": "integer", "minimum": 1, "maximum": 100},
            {"type": STRANGE, "minimum": "0", "maximum": "101"},
        ),
        ({"type": "number", "exclusiveMinimum": 0}, {"type": STRANGE, "exclusiveMinimum": "0"}),
        ({"type": "boolean"}, {"type": STRANGE}),
        ({"type": "string", "enum": ["a", "b"]}, {"enum": STRANGE}),
        ({"type": "string", "format": "date"}, {"format": STRANGE}),
        (
            {"type": "string", "minLength": 2, "maxLength": 3},
            {"maxLength": "xxxx", "minLength": "x"},
        ),
        ({"type": "string", "minLength": 1}, {}),  # nothing at all may pass for what is left out
        ({"type": "string", "pattern": "^[a-z-]+$"}, {}),  # which every known text matches
        ({"type": "string"}, {}),
    ],
)
def test_one_text_breaks_each_keyword(schema: dict[str, Any], wrong: dict[str, str]) -> None:
    """Of each keyword there is one text that breaks it, where one is known."""
    assert dict(wrong_texts(schema)) == wrong
