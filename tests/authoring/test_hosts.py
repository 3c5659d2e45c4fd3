"""Which hosts of a document a run must keep away from."""

from __future__ import annotations

import pytest

from contracts.authoring.start.operation import production_hosts

SERVERS = [
    ("https://api.crates.example", "", True),
    ("https://contest.crates.example", "", True),
    ("https://developer.crates.example", "", True),
    ("https://sandbox.crates.example", "", False),
    ("https://api-test.crates.example", "", False),
    ("https://crates.example", "Our sandbox", False),
    ("https://eu.crates.example", "Staging environment", False),
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
