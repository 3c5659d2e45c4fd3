"""Which hosts of a document a run must keep away from."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.authoring.start.operation import production_hosts
from contracts.derive import derive

SERVERS = [
    ("https://api.crates.example", "", True),
    ("https://contest.crates.example", "", True),
    ("https://developer.crates.example", "", True),
    ("https://sandbox.crates.example", "", False),
    ("https://api-test.crates.example", "", False),
    ("https://crates.example", "Our sandbox", False),
    ("https://eu.crates.example", "Staging environment", False),
    ("https://apisandbox.crates.example", "", False),
    ("https://crates.example", "For your QA", False),
    ("http://localhost:8080", "", False),
    ("/v1", "", False),
]


@pytest.mark.parametrize(("url", "about", "production"), SERVERS, ids=[s[0] for s in SERVERS])
def test_no_host_that_is_called_a_sandbox_is_production(
    url: str,
    about: str,
    production: bool,  # noqa: FBT001
) -> None:
    """Neither by its name nor by what the document says of it; every other host is production."""
    operation = {"servers": [{"url": url, "description": about or None}]}
    assert bool(production_hosts(operation)) is production


@pytest.mark.parametrize(("words", "production"), [("Sandbox base URL", False), ("Base URL", True)])
def test_a_page_says_of_its_base_address_what_it_is(words: str, production: bool) -> None:  # noqa: FBT001
    """The line that names the base of all paths counts as what the page says of that host."""
    page = f"# Crates\n\n{words}: `https://try.crates.example`\n\n`GET /crates`\n"
    operation: Any = derive(page, name="page.md")["operation"]
    assert bool(production_hosts(operation)) is production


CURL = "curl https://try.crates.example/v1/crates -H 'X-Key: k' -d '{\"kind\": \"box\"}'"


@pytest.mark.parametrize(
    ("words", "production"),
    [("Test it in our sandbox:", False), ("# Sandbox", False), ("Pack a crate:", True)],
)
@pytest.mark.parametrize("name", ["page.md", "page.txt"])
def test_the_line_above_a_command_says_where_it_goes(
    name: str,
    words: str,
    production: bool,  # noqa: FBT001
) -> None:
    """A host that is only called under a heading or behind a sentence of tests is no production."""
    fence = "```" if name == "page.md" else ""
    page = f"{words}\n\n{fence}\n{CURL}\n{fence}\n"
    operation: Any = derive(page, name=name)["operation"]
    assert operation["server"] == "https://try.crates.example"
    assert bool(production_hosts(operation)) is production


def test_the_heading_above_a_command_counts_as_well() -> None:
    """A sentence may stand between the two."""
    page = f"## Our sandbox\n\nPack a crate:\n\n```\n{CURL}\n```\n"
    operation: Any = derive(page, name="page.md")["operation"]
    assert production_hosts(operation) == []
    assert operation["servers"][0]["description"] == "Pack a crate: Our sandbox"
