"""Relations that are proposed for a started operation warn, and only where there is ground."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contracts.authoring.inputs import choose_page
from contracts.authoring.start import listed, relations, start
from contracts.model import Basis

PAGE = """# Create an order

`POST /orders`

## Request body

| Field | Type | Required |
|---|---|---|
| label | string | yes |
| password | string | no |

## Response 201

| Field | Type | Required |
|---|---|---|
| id | string | yes |
| label | string | yes |
| password | string | no |
"""
TEXT: dict[str, Any] = {"type": "string", "x-source": {}}
GET_ORDER = {"method": "GET", "path": "/orders/{id}", "x-source": {"method": [1, 1]}}
INSTANT: dict[str, Any] = {**TEXT, "format": "date-time"}


def _object(**members: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": members, "x-source": {}}


def _proposed(
    request: dict[str, Any] | None,
    response: dict[str, Any],
    *,
    asked: str = "POST /orders",
    related: tuple[dict[str, Any], ...] = (),
) -> dict[str, dict[str, Any]]:
    """Return the rows that are proposed for an operation, by their ids."""
    method, path = asked.split()
    source = {"method": [1, 1]}
    operation = {"method": method, "path": path, "success_status": 200, "x-source": source}
    page = {
        "operation": operation,
        "request": request,
        "response": response,
        "relations": list(related),
    }
    return {row["id"]: row for row in relations.propose(page)}


def test_a_started_contract_warns_of_what_does_not_come_back(tmp_path: Path) -> None:
    """An echo and the id are conventions of a single operation, with their reasons in NOTES.md."""
    (tmp_path / "page.md").write_text(PAGE)
    contract, folder = start("orders", choose_page([tmp_path / "page.md"]), tmp_path / "o")
    rows = [one for one in contract.clauses if one.id.startswith("relation.")]
    assert [one.id for one in rows] == ["relation.label.echo", "relation.id.unique"]
    assert {one.basis for one in rows} == {Basis.CONVENTION}
    assert all(f"{one.id}: {one.statement}" in (folder / "NOTES.md").read_text() for one in rows)


ITEMS = {"type": "array", "items": _object(name=TEXT), "x-source": {}}
MAP = {"type": "object", "additionalProperties": {"type": "string"}, "x-source": {}}
ECHOES = [
    ({"lines": ITEMS}, {"lines": ITEMS}, ("/lines/*/name", "/lines/*/name")),
    ({"name": TEXT}, {"data": _object(id=TEXT, name=TEXT)}, ("/name", "/data/name")),
    ({"tag": _object(name=TEXT)}, {"id": TEXT, "name": TEXT}, ("/tag/name", "/name")),
    ({"tag": _object(name=TEXT)}, {"tag": _object(name=TEXT)}, ("/tag/name", "/tag/name")),
    ({"name": TEXT}, {"name": {**TEXT, "type": ["string", "null"]}}, ("/name", "/name")),
    ({"size": {**TEXT, "type": "integer"}}, {"size": {**TEXT, "type": "number"}}, ("/size",) * 2),
    ({"name": TEXT}, {"name": {**TEXT, "type": "integer"}}, None),
    ({"tags": MAP}, {"tags": MAP}, ("/tags", "/tags")),
    ({"state": {**TEXT, "enum": ["a"]}}, {"state": {**TEXT, "enum": ["b"]}}, None),
    ({"name": TEXT}, {"name": {**TEXT, "writeOnly": True}}, None),
    ({"cardNumber": TEXT}, {"cardNumber": TEXT}, None),
    ({"version": TEXT}, {"version": TEXT}, None),
]


@pytest.mark.parametrize(("sent", "answered", "places"), ECHOES, ids=range(len(ECHOES)))
def test_an_echo_is_proposed_at_the_corresponding_place(
    sent: dict[str, Any], answered: dict[str, Any], places: tuple[str, str] | None
) -> None:
    """Nested members, items of lists and wrapped answers have echoes; what a server masks none."""
    rows = _proposed(_object(**sent), _object(**answered)).values()
    echoes = [(row["request"], row["response"]) for row in rows if row["op"] == "comes_back"]
    assert echoes == ([] if places is None else [places])


@pytest.mark.parametrize(
    ("asked", "request_body", "unique"),
    [
        ("POST /orders", None, True),
        ("POST /stores/{id}/orders", None, True),
        ("POST /payments/{id}/capture", None, False),
        ("POST /customers/{id}", None, False),
        ("PUT /orders", None, False),
        ("POST /orders", _object(id=TEXT), False),
    ],
)
def test_ids_are_unique_where_something_new_is_made(
    asked: str, request_body: dict[str, Any] | None, *, unique: bool
) -> None:
    """An action on what exists, a change, and an id that the caller chooses have one id for all."""
    rows = _proposed(request_body, _object(id=TEXT), asked=asked)
    assert ("relation.id.unique" in rows) is unique


def test_what_an_answer_wraps_has_the_id() -> None:
    """The one part with an id names what was made, where the answer says nothing itself."""
    wrapped = _object(droplet=_object(id=TEXT), links=_object(self=TEXT))
    assert _proposed(None, wrapped)["relation.id.unique"]["response"] == "/droplet/id"
    assert _proposed(None, _object(state=TEXT, customer=_object(id=TEXT))) == {}


def test_times_have_an_order_and_totals_their_parts() -> None:
    """Nothing changes before it is created; a product is the page's own sentence about members."""
    response = _object(created_at=INSTANT, updated_at=INSTANT, total={"type": "number"})
    sentence = {"at": "/response/total", "operator": "product", "line": 7}
    sentence["of"] = ["/response/price", "/response/count"]
    rows = _proposed(None, response, related=(sentence,))
    order = rows["relation.updated_at.not_before"]
    assert (order["earlier"], order["later"]) == ("/created_at", "/updated_at")
    product = rows["relation.total.product"]
    assert (product["of"], product["lines"]) == (["/price", "/count"], [7, 7])
    assert {row["basis"] for row in rows.values()} == {"convention"}
    own = {"create": {"request": _object(updated_at=INSTANT), "operation": {}, "response": None}}
    page: dict[str, Any] = {
        "operation": GET_ORDER,
        "request": None,
        "response": response,
        "relations": [],
    }
    assert "relation.updated_at.not_before" in {row["id"] for row in relations.propose(page)}
    sent = listed.sent_names(own.values())
    assert sent == {"updated_at"}
    ids = {row["id"] for row in relations.propose(page, sent=sent)}
    assert "relation.updated_at.not_before" not in ids  # the caller's own time


@pytest.mark.parametrize(("asked", "expected"), [("POST /orders", "b"), ("PATCH /orders/1", None)])
def test_a_default_is_what_an_answer_has_where_a_member_is_left_out(
    asked: str, expected: str | None
) -> None:
    """What is changed keeps what it has."""
    kind = {**TEXT, "default": "b"}
    row = _proposed(_object(kind=kind), _object(kind=TEXT), asked=asked).get(
        "relation.kind.default"
    )
    assert (row and row["value"]) == expected


def test_each_of_several_that_are_made_at_once_has_an_id_of_its_own() -> None:
    """An answer that is a list has several ids."""
    rows = _proposed(None, {"type": "array", "items": _object(id=TEXT), "x-source": {}})
    assert rows["relation.id.unique"]["response"] == "/*/id"


@pytest.mark.parametrize(
    ("name", "asked", "unique"),
    [
        ("label_id", "POST /labels", True),
        ("paymentIntentId", "POST /v1/payment_intents", True),
        ("sid", "POST /messages", True),
        ("customer_id", "POST /labels", False),
        ("account_id", "POST /accounts/{account_id}/labels", False),
    ],
)
def test_an_id_may_be_called_as_what_it_names(name: str, asked: str, *, unique: bool) -> None:
    """Who else is named by an answer, such as the customer, has the same id many times."""
    rows = _proposed(None, _object(**{name: TEXT}), asked=asked)
    assert ("relation.id.unique" in rows) is unique


NUMBER: dict[str, Any] = {"type": "number", "x-source": {}}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (("quantity", "unit_price", "amount"), {"/lines/*/amount", "/total"}),
        (("quantity", "price"), {"/total"}),
        (("amount",), {"/total"}),
        (("quantity", "amount"), set()),
        (("quantity", "unit_price", "amount", "tax"), set()),
    ],
)
def test_totals_are_proposed_by_their_names(members: tuple[str, ...], expected: set[str]) -> None:
    """A total is the sum of what its items have, unless something else may be part of it."""
    lines = {"type": "array", "items": _object(**dict.fromkeys(members, NUMBER)), "x-source": {}}
    rows = _proposed(None, _object(id=TEXT, lines=lines, total=NUMBER)).values()
    assert {row["equals"] for row in rows if row["op"] == "product"} == expected
    counted = _proposed(None, _object(lines=lines, total=NUMBER), asked="GET /orders").values()
    assert not [row for row in counted if row["op"] == "product"]


@pytest.mark.parametrize(
    ("asked", "is_shown"),
    [
        ("POST /orders", True),
        ("PUT /orders/{id}/parcel", True),
        ("POST /orders/{id}/capture", False),
    ],
)
def test_a_number_that_is_done_to_a_thing_may_be_a_part_of_what_it_shows(
    asked: str, *, is_shown: bool
) -> None:
    """Of an amount some may be captured, and the answer has all; what is written comes back."""
    number: dict[str, Any] = {"type": "integer", "x-source": {}}
    rows = _proposed(_object(amount=number), _object(id=TEXT, amount=number), asked=asked)
    assert ("relation.amount.echo" in rows) == is_shown


@pytest.mark.parametrize("asked", ["PATCH /orders/{id}", "PUT /orders/{id}"])
def test_a_change_clears_what_may_be_null(asked: str) -> None:
    """Where the page of a PATCH takes null for a member, null is not passed over."""
    note: dict[str, Any] = {"type": ["string", "null"], "x-source": {}}
    rows = _proposed(_object(note=note, label=TEXT), _object(note=note, label=TEXT), asked=asked)
    assert ("relation.note.cleared" in rows) == asked.startswith("PATCH")
    assert "relation.label.cleared" not in rows
