"""Samples that are not quite JSON, and objects in samples whose keys are the caller's own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.derive import derive

PAGE = """# Open a ticket

`POST /tickets`

## Request body

```
{body}
```

## Response 201

```json
{{"id": "t_1", "state": "open"}}
```
"""


def _request(body: str) -> dict[str, Any]:
    derived: Any = derive(PAGE.format(body=body).encode(), name="page.md")
    members: dict[str, Any] = derived["request"]["properties"]
    kept = ("type", "format", "enum", "maxLength", "items", "properties")
    return {name: {key: node[key] for key in kept if key in node} for name, node in members.items()}


def test_names_and_texts_of_json5_are_read() -> None:
    """A name needs no quotes, a text may have single ones, and a comma may stand at the end."""
    body = """{
  subject: 'Printer on fire', // string, max 120 characters
  'team': "blue",
  seats: 3,
}"""
    assert _request(body) == {
        "subject": {"type": "string", "maxLength": 120},
        "team": {"type": "string"},
        "seats": {"type": "number"},
    }


def test_types_without_quotes_in_place_of_values_are_types() -> None:
    """`"id": uuid` states a type and a format; alternatives with null are one type."""
    request = _request('{"id": uuid, "open": boolean, "note": string | null, "seats": integer}')
    assert request == {
        "id": {"type": "string", "format": "uuid"},
        "open": {"type": "boolean"},
        "note": {"type": ["string", "null"]},
        "seats": {"type": "integer"},
    }


def test_a_word_that_is_no_type_ends_a_sample() -> None:
    """A program's variables are no values."""
    assert "owner" not in _request('{"seats": 3, "owner": currentUser}')


@pytest.mark.parametrize(
    ("name", "value", "is_free"),
    [
        ("metadata", {"plan": "pro", "seats": 3}, True),
        ("tags", {"team": "blue"}, True),
        ("price_labels", {"de": "Preis"}, True),
        ("labels", {"seats": 3}, False),
        ("address", {"city": "Bonn"}, False),
    ],
)
def test_the_keys_of_a_map_are_no_members(name: str, value: Any, *, is_free: bool) -> None:
    """What a sample writes into a map is the caller's own, in a page as in a saved request."""
    assert ("properties" not in _request(json.dumps({name: value}))[name]) == is_free
    url = {"raw": "https://x.example/tickets"}
    body = {"mode": "raw", "raw": json.dumps({name: value})}
    saved = {"name": "Open", "request": {"method": "POST", "url": url, "body": body}}
    collection = json.dumps({"info": {"name": "x"}, "item": [saved]})
    derived: Any = derive(collection, name="x.json")
    member = derived["request"]["properties"][name]
    assert ("properties" not in member) == is_free


@pytest.mark.parametrize("shown", [True, False])
def test_colons_in_names_part_members_where_the_sample_shows_them(*, shown: bool) -> None:
    """`region:id` is the id of a region that is an object, and a name with a namespace else."""
    answer = '{"region": {"id": "r1"}}' if shown else '{"region:id": "r1"}'
    table = "| Name | Type |\n|---|---|\n| **region:id** | *string* |\n"
    page = f"# Make an app\n\n`POST /apps`\n\n## Response 201\n\n```json\n{answer}\n```\n\n{table}"
    derived: Any = derive(page.encode(), name="page.md")
    members = derived["response"]["properties"]
    assert (list(members["region"]["properties"]) if shown else list(members)) == (
        ["id"] if shown else ["region:id"]
    )


def test_options_and_names_with_a_question_mark_stand_in_samples() -> None:
    """`"pdf" | "xlsx"` are options, and a comment behind them says the default."""
    request = _request(
        '{\n "kind": "pdf" | "xlsx", // default "pdf"\n from?: date,\n seats: integer\n}'
    )
    assert request["kind"] == {"type": "string", "enum": ["pdf", "xlsx"]}
    assert request["from"] == {"type": "string", "format": "date"}


def test_what_a_program_asks_for_is_no_body() -> None:
    """Method, address and headers in a program's object are those of the request."""
    code = '```js\n{\n  method: "POST",\n  url: "https://x.example",\n  data: {a: 1}\n}\n```'
    page = f"# Open a ticket\n\n`POST /tickets`\n\n## Request\n\n{code}\n"
    assert derive(page.encode(), name="page.md")["request"] is None
