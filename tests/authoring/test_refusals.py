"""Documented refusals become clauses of a started contract where they are sure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contracts.authoring.inputs import choose_page
from contracts.authoring.start import refusals, start
from contracts.derive import derive

PAGE = """# Pack a crate

`POST /crates`

## Request body

| Field | Type | Required |
|---|---|---|
| kind | string | yes |

## Response 201

| Field | Type |
|---|---|
| id | string |

## Response {status}

{body}
"""
TABLE = """| Field | Type | Required |
|---|---|---|
| error | string | yes |
| code | string | no |"""
SAMPLE = '```json\n{"error": "no such kind"}\n```'


def rows(status: int, body: str) -> list[dict[str, Any]]:
    """Return the rows that a page with such a refusal gives."""
    derived: Any = derive(PAGE.format(status=status, body=body), name="page.md")
    return list(refusals.rows(derived))


def test_a_refusal_that_the_page_states_is_a_clause_with_its_lines(tmp_path: Path) -> None:
    """Status, body and lines are the page's; what may be left out may be null as well."""
    (row,) = rows(422, TABLE)
    assert (row["status"], row["basis"], row["lines"]) == ([422], "document", [17, 22])
    assert row["schema"]["required"] == ["error"]
    assert row["schema"]["properties"]["error"] == {"type": "string"}
    assert row["schema"]["properties"]["code"]["type"] == ["string", "null"]
    (tmp_path / "page.md").write_text(PAGE.format(status=422, body=TABLE))
    contract, _ = start("crates", choose_page([tmp_path / "page.md"]), tmp_path)
    (clause,) = [clause for clause in contract.clauses if clause.id == "refusal.422.body"]
    assert clause.source.lines == (17, 22)


@pytest.mark.parametrize(
    ("status", "body"),
    [(422, SAMPLE), (500, TABLE), (422, "Not valid.")],
    ids=["a sample alone", "a failure of the server", "no body"],
)
def test_what_is_not_sure_is_no_clause(status: int, body: str) -> None:
    """What a sample shows is a guess, a 5xx is no refusal, and prose describes no body."""
    assert rows(status, body) == []
