"""What codes in a description say, and what kind of text an answer is."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.derive import derive

PAGE = """# Make a label

`POST /labels`

## Request body

| Field | Type | Required | Description |
|---|---|---|---|
| size | string | yes | {description} |

## Response `200`

{answer}
"""


@pytest.mark.parametrize(
    ("description", "options"),
    [
        ("`small`, `large` or `huge`", ["small", "large", "huge"]),
        ("`small` or `large`. Default: `small`", ["small", "large"]),
        ("`small` \\| `large`", ["small", "large"]),
        ("`small`, `large`", None),
        ("`small` or `large` as in `/sizes`, or what you agreed on", None),
        ("`small` or a number", None),
    ],
)
def test_codes_with_or_between_them_are_options(
    description: str, options: list[str] | None
) -> None:
    """A list without a word may be examples, and what goes on may name more."""
    page = PAGE.format(description=description, answer="").encode()
    derived: Any = derive(page, name="page.md")
    assert derived["request"]["properties"]["size"].get("enum") == options


def test_a_text_answer_says_nothing_of_the_request() -> None:
    """The body is JSON although plain text is all that is named."""
    page = PAGE.format(description="", answer="`text/plain`: the label.").encode()
    operation: Any = derive(page, name="page.md")["operation"]
    assert (operation["media_type"], operation["answer_media_type"]) == (None, "text/plain")


@pytest.mark.parametrize(
    ("description", "stated"),
    [
        ("`small` or `large` (default)", {"enum": ["small", "large"], "default": "large"}),
        ('"small" | "large"', {"enum": ["small", "large"]}),
        ('"small" or "large" as you like', {}),
        ("Size class. Default SMALL", {"default": "SMALL"}),
        ("Default size", {}),
    ],
)
def test_options_and_their_default_are_read_where_nothing_else_is_said(
    description: str, stated: dict[str, Any]
) -> None:
    """Codes and quoted words with `or` or `|` between them, the last of which may be the default.

    A default without a colon is a word in capitals.
    """
    page = PAGE.format(description=description.replace("|", "\\|"), answer="").encode()
    derived: Any = derive(page, name="page.md")
    size = derived["request"]["properties"]["size"]
    assert {key: size[key] for key in ("enum", "default") if key in size} == stated
