"""Tables of members, whatever their columns are called and in which order they stand."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.derive.markdown.reader import read

from .outline import outline

RESPONSE = "\nResponse\n\n| Field | Type | Description |\n|---|---|---|\n| `id` | string | Id |\n"
KIND_AND_WEIGHT = {"kind*": "string", "weight": "number"}

TABLES: dict[str, tuple[str, Any]] = {
    "as usual": (
        (
            "| Field | Type | Required | Description |\n|---|---|---|---|\n"
            "| `kind` | string | Yes | The kind |\n| `weight` | number | No | The weight |\n"
        ),
        KIND_AND_WEIGHT,
    ),
    "another order": (
        (
            "Description | Required? | Name | Data type\n---|---|---|---\n"
            "The kind | required | kind | string\nThe weight | optional | weight | double\n"
        ),
        {"kind*": "string", "weight": {"type": "number", "format": "double"}},
    ),
    "marks": (
        (
            "| Key | Type | Mandatory |\n|---|---|:---:|\n| **kind** | `string` | ✓ |\n| **weight** "  # noqa: E501
            "| `number` | |\n"
        ),
        KIND_AND_WEIGHT,
    ),
    "optional": (
        (
            "| Attribute | Type | Optional |\n|---|---|---|\n| kind | string | no |\n| weight | "
            "number | yes |\n"
        ),
        KIND_AND_WEIGHT,
    ),
    "optional in words": (
        (
            "| Attribute | Type | Optional |\n|---|---|---|\n| kind | string | Required |\n"
            "| weight | number | Optional |\n"
        ),
        KIND_AND_WEIGHT,
    ),
    "flag in the type": (
        (
            "| Parameter | Type | Notes |\n|---|---|---|\n| kind | string, required | The kind |\n"
            "| weight | number (optional) | The weight |\n"
        ),
        KIND_AND_WEIGHT,
    ),
    "flag in the description": (
        (
            "| Property | Type | Description |\n|---|---|---|\n| kind | string | **Required.** "
            "The kind |\n"
            "| weight | number | Optional. The weight |\n"
        ),
        KIND_AND_WEIGHT,
    ),
    "star at the name": (
        "| Property | Type |\n|---|---|\n| `kind`* | string |\n| `weight` | number |\n",
        KIND_AND_WEIGHT,
    ),
    "type in the description": (
        (
            "| Parameter | Default | Description |\n|---|---|---|\n| kind | | string. Required. "
            "The kind. |\n"
            "| weight | 1 | number. The weight. |\n"
        ),
        {"kind*": "string", "weight": {"type": "number", "default": 1}},
    ),
    "limits": (
        (
            "| Field | Type | Required | Constraints | Default |\n|---|---|---|---|---|\n"
            "| kind | string | Y | 1-40 characters | `box` |\n| weight | number | N | >= 0, <= "
            "40 | - |\n"
        ),
        {
            "kind*": {"type": "string", "minLength": 1, "maxLength": 40, "default": "box"},
            "weight": {"type": "number", "minimum": 0, "maximum": 40},
        },
    ),
    "options": (
        (
            "| Field | Type | Allowed values |\n|---|---|---|\n| kind | string | `letter`, `box` "
            "|\n| weight | number or null | |\n"
        ),
        {"kind": {"type": "string", "enum": ["letter", "box"]}, "weight": ["number", "null"]},
    ),
    "dotted": (
        (
            "| Field | Type | Required |\n|---|---|---|\n| to | object | yes |\n| to.city | "
            "string | yes |\n"
            "| lines | array | no |\n| lines[].sku | uuid | yes |\n| tags | array of strings | "
            "no |\n"
        ),
        {
            "to*": {"city*": "string"},
            "lines": {"type": "array", "items": {"sku*": {"type": "string", "format": "uuid"}}},
            "tags": {"type": "array", "items": "string"},
        },
    ),
    "deeper by spaces, behind a number": (
        (
            "|#|Field|Type|M/O|\n|---|---|---|---|\n|1|to|object|M|\n"
            "|2|&nbsp;&nbsp;city|string|M|\n"
            "|3|kind|string|O|\n"
        ),
        {"to*": {"city*": "string"}, "kind": "string"},
    ),
    "a table for an object": (
        (
            "| Field | Type | Must be sent |\n|---|---|---|\n| to | object | ✔ |\n"
            "| kind | string | |\n"
            "\n### The `to` object\n\n| Field | Type | Must be sent |\n|---|---|---|\n"
            "| city | string | ✔ |\n"
        ),
        {"to*": {"city*": "string"}, "kind": "string"},
    ),
    "a table for the items of an array": (
        (
            "| Field | Occurrence | Type |\n|---|---|---|\n| lines | 0..n | array of objects |\n"
            "\n#### lines object\n\n"
            "| Field | Occurrence | Type |\n|---|---|---|\n"
            "| sku | 1..1 | string |\n"
        ),
        {"lines": {"type": "array", "items": {"sku*": "string"}}},
    ),
    "types in a column of formats": (
        (
            "| Sr. No. | Field Name | M/O | Format |\n|---|---|---|---|\n"
            "| 1 | kind | M | string |\n| 2 | weight | O | number |\n"
        ),
        KIND_AND_WEIGHT,
    ),
    "deeper by marks": (
        (
            "|Name|Type|Required|\n|---|---|---|\n|» to|object|true|\n|»» city|string|true|\n|» "
            "kind|string|false|\n"
        ),
        {"to*": {"city*": "string"}, "kind": "string"},
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read(name: str) -> None:
    """Each kind of table gives the members, their types, flags and limits.

    The answer its own.
    """
    table, expected = TABLES[name]
    (derived,) = read(f"POST\n/crates\n\nBody\n\n{table}{RESPONSE}".encode(), "page.md")
    assert outline(derived.request) == expected
    assert outline(derived.response) == {"id": "string"}


def test_a_table_that_is_not_about_members_states_nothing() -> None:
    """Rows of prices are no members, and the table is named among what was not understood."""
    page = "`POST /crates`\n\n## Body\n\n| Plan | Price |\n|---|---|\n| small | 3 |\n"
    (derived,) = read(page.encode(), "page.md")
    assert derived.request is None
    assert [note.line for note in derived.notes] == [5]


def test_a_table_under_the_name_of_a_schema_states_nothing() -> None:
    """Members of an object that no member is called are in no body, which a note says."""
    table = "| Field | Type |\n|---|---|\n| {} | {} |\n"
    body = f"{table.format('to', 'object')}\n### Address\n\n{table.format('city', 'string')}"
    (derived,) = read(f"POST\n/crates\n\nBody\n\n{body}".encode(), "page.md")
    assert outline(derived.request) == {"to": "object"}
    assert "which object holds city is not said: left out" in [note.text for note in derived.notes]


def test_a_table_of_answers_names_their_statuses() -> None:
    """A status in the column of names is that of an answer, and no member."""
    table = "| Name | Type | Description |\n|---|---|---|\n| 202 Accepted | Crate | Done |\n"
    (derived,) = read(f"POST\n/crates\n\nResponses\n\n{table}".encode(), "page.md")
    assert {fact.keyword: fact.value for fact in derived.operation}["success_status"] == 202
    assert derived.notes == ()


def test_every_fact_has_the_line_of_its_row() -> None:
    """The lines of a fact are those of the file, counted from 1."""
    (derived,) = read(f"POST\n/crates\n\nBody\n\n{TABLES['as usual'][0]}".encode(), "page.md")
    assert derived.request is not None
    weight = derived.request.child("weight")
    assert weight is not None
    assert {fact.keyword: (fact.span.first, fact.span.last) for fact in weight.facts} == {
        "type": (9, 9),
        "description": (9, 9),
    }
