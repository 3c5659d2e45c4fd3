"""Pages of every kind that was once read wrongly, with what is right of each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from contracts.derive import derive
from contracts.errors import UsageError

FOLDER = Path(__file__).parent / "pages" / "text"


class Page(NamedTuple):
    """A page with what it states."""

    name: str
    text: str
    expected: dict[str, Any]


def load() -> list[Page]:
    """Load the pages of every kind; a file holds ten."""
    pages = []
    for path in sorted(FOLDER.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("=== ")[1:]:
            number, _, rest = block.partition("\n")
            text, _, expected = rest.rpartition("--- expected\n")
            pages.append(Page(f"{path.stem}-{number}", text, json.loads(expected)))
    return pages


def plain(schema: Any) -> Any:
    """Drop sources, marks and examples of a schema."""
    if isinstance(schema, dict):
        kept = {key: value for key, value in schema.items() if key[:2] not in {"x-", "$s"}}
        members = {name: plain(child) for name, child in kept.get("properties", {}).items()}
        out = {key: plain(value) for key, value in kept.items() if key != "properties"}
        return out | ({"properties": members} if "properties" in kept else {})
    return [plain(item) for item in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("page", load(), ids=lambda page: page.name)
def test_page_gives_what_it_states(page: Page) -> None:
    """Operation, headers, bodies and refusals are those of the page, and nothing more.

    Where the lines are given that have to be noted, just those are.
    """
    expected = page.expected
    if "error" in expected:
        with pytest.raises(UsageError, match=re.escape(expected["error"])):
            derive(page.text, name="page")
        if "choose" not in expected:
            return
    out: Any = derive(page.text, name="page", operation=expected.get("choose"))
    for key, value in expected.get("operation", {}).items():
        stated = out["operation"].get(key)
        assert value in (stated, plain(stated)), key
    for body in ("request", "response"):
        if body in expected:
            assert plain(out[body]) == expected[body]
    headers = {
        row["name"]: row["required"]
        for row in out["operation"].get("parameters", ())
        if row["in"] == "header"
    }
    assert headers == expected.get("headers", {})
    refusals = [
        [row["status"], list((row["schema"] or {}).get("properties", {}))]
        for row in out.get("refusals", ())
    ]
    assert refusals == expected.get("refusals", [])
    if "noted" in expected:
        assert sorted({note["line"] for note in out["not_understood"]}) == expected["noted"]
        assert out.get("unread") == expected.get("unread")
