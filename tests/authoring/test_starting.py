"""Contracts started from pages of all sorts.

Each loads, is planned, and claims no more than its page shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contracts.authoring import start
from contracts.authoring.inputs import choose_page
from contracts.authoring.start.queries import rows as queries
from contracts.authoring.start.readings import overlay
from contracts.derive import derive
from contracts.model import ABSENT, Basis, Kind, Region
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import sample
from contracts.planning.plan import plan
from contracts.schema import checks
from tests.derive.openapi import Operation, operations
from tests.derive.render import listed, random_style, with_example
from tests.helpers.nightly import nightly_after

SUPPORTED = [operation for operation in operations() if operation.method != "DELETE"]


@pytest.mark.parametrize("rendering", nightly_after(1, [listed, with_example]))
@pytest.mark.parametrize("operation", nightly_after(5, SUPPORTED), ids=lambda row: row.name)
def test_whatever_is_derived_loads_and_is_planned(
    operation: Operation, rendering: object, tmp_path: Path
) -> None:
    """Formats, annotations and types of every page are known when its contract is loaded.

    A plan can be made.
    """
    assert callable(rendering)
    for seed in (1, 4) if rendering is listed else (2,):
        page = tmp_path / f"page{seed}.txt"
        page.write_text(rendering(operation, random_style(seed)))
        contract, _ = start.start("started", choose_page([page]), tmp_path / str(seed))
        cases = plan(contract, 0).cases
        assert cases[0].decides == ("request.typical",)
        if contract.request is not None and contract.plausible is not None:
            body = sample(plain_body(contract))
            assert checks.broken(contract.request, body) == ()
            assert checks.broken(contract.plausible, body) == ()
            valid = [
                case for case in cases if case.region is Region.VALID and case.body is not ABSENT
            ]
            assert all(checks.fits(contract.plausible, sample(case.body)) for case in valid)


@pytest.mark.parametrize("operation", SUPPORTED, ids=lambda operation: operation.name)
def test_acceptance_is_a_convention_until_somebody_wrote_it(
    operation: Operation, tmp_path: Path
) -> None:
    """Before P is written, only that an option is accepted, which the page lists, fails a run."""
    page = tmp_path / "page.txt"
    page.write_text(listed(operation, random_style(1)))
    contract, _ = start.start("started", choose_page([page]), tmp_path)
    accepting = [clause for clause in contract.clauses if clause.kind is Kind.ACCEPTANCE]
    guessed = [clause for clause in accepting if clause.basis is Basis.CONVENTION]
    assert guessed
    assert all(" may be " in one.statement for one in accepting if one not in guessed)


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        ({"type": "string", "enum": ["open", "done"]}, ["open", "done"]),
        ({"type": "boolean"}, ["true", "false"]),
        ({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}, ["a", "b"]),
        ({"type": "integer", "default": 20}, ["20"]),
        ({"type": "integer", "default": 20, "x-examples": [5, 50]}, ["5", "50"]),
        ({"type": "string"}, None),
        ({"type": "object", "default": {"a": 1}}, None),
    ],
)
def test_the_values_of_an_optional_query_parameter_are_those_that_the_page_names(
    schema: dict[str, Any], values: list[str] | None
) -> None:
    """Each is sent once by an operation that reads; a cursor is handed out and never made up."""
    rows = {
        method: queries(
            {
                "method": method,
                "parameters": [
                    {"in": "query", "name": name, "required": False, "schema": schema}
                    for name in ("state", "cursor")
                ],
                "x-source": {"parameters": [1, 2]},
            }
        )
        for method in ("GET", "POST")
    }
    assert rows["POST"] == {}
    assert {name: row["values"] for name, row in rows["GET"].items()} == (
        {"state": values} if values else {}
    )


def test_null_is_not_left_open_where_an_answer_has_to_hold_a_member() -> None:
    """What a table says has to be there is of its type alone; what may be missing may be null."""
    page = """# Paint a fence

`POST /fences`

## Response body

| Field | Type | Required |
| --- | --- | --- |
| `id` | string | Yes |
| `memo` | string | No |
"""
    actions = overlay(derive(page, name="page.md"))[0]["actions"]
    opened = [action["target"] for action in actions if "null" in str(action.get("update"))]
    assert opened == ['$.response.properties["memo"]']


def test_a_member_without_a_name_is_started_like_any_other(tmp_path: Path) -> None:
    """Recordings of generated requests have such: what is required keeps its source."""
    answer = 'HTTP/1.1 201 Created\nContent-Type: application/json\n\n{"id": "n_1"}\n'
    page = tmp_path / "notes.txt"
    body = '{"more": {"": "text"}}'
    page.write_text(f"curl -X POST https://notes.example/notes -d '{body}'\n\n{answer}")
    contract, _ = start.start("notes", choose_page([page]), tmp_path / "apis")
    assert sample(plain_body(contract)) == {"more": {"": "text"}}
