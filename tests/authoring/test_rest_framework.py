"""An API as Django REST framework describes and serves it starts with links and likely values."""

from __future__ import annotations

import json
from typing import Any

import flask
import jsonschema_rs
import pytest

from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.definition import loading
from contracts.engine.credentials import Credentials
from contracts.engine.embedding import embedded
from contracts.engine.run import run
from contracts.engine.settings import Settings
from contracts.model import Case, Contract, Outcome
from contracts.planning.bodies.templates import sample
from contracts.planning.plan import plan

NUMBER = {"type": "integer", "readOnly": True}
CUSTOMER = {
    "type": "object",
    "required": ["id", "email"],
    "properties": {"id": NUMBER, "email": {"type": "string", "format": "email"}},
}
ORDER = {
    "type": "object",
    "required": ["id", "customer", "price"],
    "properties": {
        "id": NUMBER,
        "customer": {"type": "integer"},
        "price": {"type": "string", "format": "decimal", "pattern": r"^-?\d{0,6}(?:\.\d{0,2})?$"},
        "code": {"type": "string", "pattern": "^[a-z]*$"},
    },
}
TOKEN = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": 'Token-based authentication with required prefix "Token"',
}


def _of(schema: Any, status: str, **more: Any) -> Any:
    answer = {status: {"description": "Done", "content": {"application/json": {"schema": schema}}}}
    return {"responses": answer, **more}


def _paths(name: str, schema: Any) -> Any:
    body = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    own = {"parameters": [{"name": "id", "in": "path", "required": True, "schema": NUMBER}]}
    page = {"type": "object", "properties": {"results": {"type": "array", "items": schema}}}
    return {
        f"/{name}/": {"post": _of(schema, "201", **body), "get": _of(page, "200")},
        f"/{name}/{{id}}/": {
            "get": _of(schema, "200", **own),
            "patch": _of(schema, "200", **own, **body),
            "delete": {"responses": {"204": {"description": "Gone"}}, **own},
        },
    }


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Contract]:
    """Return the contracts of an API whose addresses all end on a slash, by operation."""
    document = {
        "openapi": "3.0.3",
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": TOKEN}},
        "paths": {**_paths("customers", CUSTOMER), **_paths("orders", ORDER)},
    }
    page = tmp_path_factory.mktemp("pages") / "shop.json"
    page.write_text(json.dumps(document))
    place = start_api("shop", pages_of_api([page], operations=["*"]), page.parent / "apis")[1]
    return {contract.operation.name: contract for contract in loading.load_all(str(place))}


def _cases(contract: Contract) -> tuple[Case, ...]:
    return plan(contract, seed=0).cases


def test_a_slash_at_the_end_of_addresses_hides_no_link(shop: dict[str, Contract]) -> None:
    """What is created is read, changed, listed and taken back at addresses with that slash."""
    contract = shop["create-customer"]
    links = {(link.source, link.target) for link in contract.links if link.place == "path"}
    reading = {f"{verb}-customer" for verb in ("get", "update", "delete")}
    assert {("create-customer", name) for name in reading} <= links
    assert [row.path for row in contract.take_backs] == ["/customers/{id}/", "/orders/{id}/"]
    of_list = {clause.id for clause in shop["list-customers"].clauses}
    assert "relation.created.listed" in of_list
    assert "relation.changed.stays" in {clause.id for clause in shop["update-customer"].clauses}


def test_a_number_that_is_called_as_a_thing_names_one(shop: dict[str, Contract]) -> None:
    """Keys of other things are called by the thing alone."""
    links = shop["create-order"].links
    named = [(link.source, link.name) for link in links if link.target == "create-order"]
    assert named == [("create-customer", "/customer")]


def test_plain_texts_are_values_that_servers_take(shop: dict[str, Contract]) -> None:
    """An amount is one though its pattern allows a sign alone, and no plain text is empty."""
    body = sample(_cases(shop["create-order"])[0].body)
    assert body["price"] == "10.00"
    assert body.get("code") != ""


def test_an_address_for_mail_is_new_where_a_body_comes_again(shop: dict[str, Contract]) -> None:
    """Frameworks keep them unique without a word in the document."""
    cases = _cases(shop["create-customer"])
    again = next(case for case in cases if "again, what is unique fresh" in case.label)
    assert again.body["email"] == cases[0].body["email"]  # a template, filled anew


def test_a_key_has_the_scheme_that_its_description_puts_in_front(shop: dict[str, Contract]) -> None:
    """`Token` before the key, which else had to be part of the variable."""
    assert shop["create-order"].operation.credential == "Token {token}"


def test_what_a_body_names_is_created_before_it(shop: dict[str, Contract]) -> None:
    """Plain orders are those of a customer who is there; a wrong type is sent as it is."""
    app = flask.Flask(__name__)
    kept: dict[str, dict[int, Any]] = {"customers": {}, "orders": {}}

    def created(name: str, schema: Any, *, is_known: bool = True) -> Any:
        body = flask.request.get_json(force=True, silent=True)
        if flask.request.headers.get("Authorization") != "Token good":
            flask.abort(401)
        if not is_known or not jsonschema_rs.is_valid(schema, body, validate_formats=True):
            flask.abort(400)
        number = len(kept[name]) + 70
        kept[name][number] = {**(body or {}), "id": number}
        return kept[name][number], 201

    def customer() -> Any:
        return created("customers", {**CUSTOMER, "required": ["email"]})

    def order() -> Any:
        body = flask.request.get_json(force=True, silent=True)
        known = isinstance(body, dict) and body.get("customer") in [*kept["customers"]]
        return created("orders", {**ORDER, "required": ["customer", "price"]}, is_known=known)

    app.post("/customers/")(customer)
    app.post("/orders/")(order)
    app.register_error_handler(RecursionError, lambda _: ("{}", 400))
    settings, contract = Settings(lag=0), shop["create-order"]
    done = run(contract, embedded(app, Credentials("good")), settings)
    assert not [clause.clause.id for clause in done.results if clause.outcome is Outcome.VIOLATED]
    outcomes = {result.clause.id: result.outcome for result in done.results}
    assert outcomes["request.typical"] is Outcome.HELD
    assert outcomes["request.customer.type"] is Outcome.HELD
    assert list(kept["customers"]) == [70]
    assert {order["customer"] for order in kept["orders"].values()} == {70}
