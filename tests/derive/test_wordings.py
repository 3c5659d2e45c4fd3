"""What people write of a member in a column of a table: every wording states the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.derive import derive

ROWS = json.loads(Path(__file__).with_name("wordings.json").read_text("utf-8"))
PAGE = """# Create a thing

`POST https://api.example/things`

## Request body

| Field | Type | Description |
| --- | --- | --- |
"""
STATED = frozenset([
    "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "enum", "default", "format", "pattern", "minItems", "maxItems",
])  # fmt: skip


def members(kind: str, wordings: list[str]) -> dict[str, Any]:
    """Return the members of a page with a row for each wording."""
    rows = (
        f"| `c{number}` | {kind} | {text.replace('|', chr(92) + '|')} |\n"
        for number, text in enumerate(wordings)
    )
    out: Any = derive((PAGE + "".join(rows)).encode(), name="things.md")
    return dict(zip(wordings, out["request"]["properties"].values(), strict=True))


@pytest.mark.parametrize("lead", ["", "The paint. "])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: json.dumps(row["says"]) + row["type"])
def test_every_wording_states_the_same(row: dict[str, Any], lead: str) -> None:
    """A limit, an option, a default or a format is read in each of the words that people use."""
    stated = {
        text: {key: value for key, value in member.items() if key in STATED}
        | ({"type": member["type"]} if "null" in member.get("type", ()) else {})
        for text, member in members(row["type"], [lead + text for text in row["wordings"]]).items()
    }
    assert {text: said for text, said in stated.items() if said != row["says"]} == {}
