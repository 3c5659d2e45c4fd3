"""Pages that real renderers drew, as a browser holds them, without what only the eye sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contracts.derive.html.reader import read as read_html
from contracts.derive.markdown.reader import read as read_markdown
from contracts.derive.model import schema
from tests.derive.openapi import operations
from tests.derive.score import facts, tally

HTML = Path(__file__).parent / "pages"
MARKDOWN = Path(__file__).parents[1] / "markdown" / "pages"
PAGES = [*sorted(HTML.glob("real-*.html")), MARKDOWN / "widdershins.md", MARKDOWN / "scalar.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_rendering_gives_what_its_document_states(page: Path) -> None:
    """Method, path and the answer with its nested members are those of the document."""
    document = next(one for one in operations() if one.name == "list_refunds")
    read = read_html if page.suffix == ".html" else read_markdown
    (derived,) = read(page.read_bytes(), page.name)
    known = {fact.keyword: fact.value for fact in derived.operation}
    assert (known["method"], known["success_status"]) == ("GET", 200)
    assert str(known["path"]).endswith(document.path)
    parameters: Any = known.get("parameters", [])
    places = sorted((one["in"], one["name"]) for one in parameters)
    # The one writer of Markdown prints no parameters.
    assert page.stem == "scalar" or places == [
        ("path", "paymentId"),
        ("query", "cursor"),
        ("query", "limit"),
    ]
    assert derived.response is not None
    result = tally(
        [({*facts(document.response, "response")}, {*facts(schema(derived.response), "response")})]
    )
    unseen = 0.9 if page.suffix == ".md" else 0.98  # neither writer of Markdown prints limits
    assert result.precision() == 1
    assert result.recall() >= unseen
    assert [one.status for one in derived.refusals] == [422]
