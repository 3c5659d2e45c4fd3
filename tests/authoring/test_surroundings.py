"""What a started contract sends beside bodies: credentials of a sentence, headers that are new."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.authoring.inputs import choose_page
from contracts.authoring.start import start
from contracts.engine.requests import Lookups, Preparer
from contracts.engine.settings import Settings
from contracts.model import Case, Skipped
from contracts.planning.plan import plan

PAGE = """# Create an order

`POST /orders`

{said}

## Headers

| Name | Required |
|---|---|
| Idempotency-Key | yes |

## Request body

| Field | Type | Required |
|---|---|---|
| label | string | yes |

## Response `201`
"""


@pytest.mark.parametrize(
    ("said", "header", "credential"),
    [
        ("The key goes into the header `X-Shop-Key`.", "X-Shop-Key", "{token}"),
        ("`Authorization: Bearer <token>`", "Authorization", "Bearer {token}"),
        ("HTTP Basic authentication: user and password.", "Authorization", "Basic {token}"),
        ("Basic authentication is no longer taken.", "", None),
    ],
)
def test_a_sentence_says_how_one_is_known(
    said: str, header: str, credential: str | None, tmp_path: Path
) -> None:
    """A page without a section about credentials often has a line about them."""
    (tmp_path / "page.md").write_text(PAGE.format(said=said))
    operation = start("shop", choose_page([tmp_path / "page.md"]), tmp_path)[0].operation
    assert (operation.header, operation.credential) == (header, credential)


def _send_nothing(case: Case) -> Skipped:
    return Skipped(case, "nothing is sent")


def test_a_key_against_repetition_is_new_in_every_request(tmp_path: Path) -> None:
    """With one for all, a server would answer every request as the first."""
    (tmp_path / "page.md").write_text(PAGE.format(said=""))
    contract = start("shop", choose_page([tmp_path / "page.md"]), tmp_path)[0]
    prepared = Preparer(
        contract, "0" * 8, Settings(), lambda _: (), Lookups(contract, _send_nothing)
    )
    requests = [prepared.request(case, 0) for case in plan(contract, 0).cases[:3]]
    keys = {dict(request.headers)["Idempotency-Key"] for request in requests}
    assert len(keys) == len(requests)


def test_an_optional_member_of_no_known_type_is_not_made_up(tmp_path: Path) -> None:
    """Any text for a time in a form that is not said would be refused by servers in order."""
    rows = "| label | string | yes |\n| at | timestamp (ISO 8601) | no |\n| kind | Sort | yes |\n"
    page = PAGE.format(said="").replace("| label | string | yes |\n", rows)
    (tmp_path / "page.md").write_text(page)
    contract = start("shop", choose_page([tmp_path / "page.md"]), tmp_path)[0]
    assert set(contract.plausible_members) == {"label", "kind"}
    assert contract.request is not None
    assert set(contract.request["properties"]) == {"label", "at", "kind"}
