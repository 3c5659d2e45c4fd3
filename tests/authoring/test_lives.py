"""An API is started from a page whose sentences tell the life of its things, and verified."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import flask
import jsonschema_rs
import pytest
from werkzeug.exceptions import HTTPException

from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.definition import loading
from contracts.faults import catalogue
from contracts.model import Outcome
from tests.helpers import started

TEXT = {"type": "string"}
AMOUNT = {"type": "integer", "minimum": 1, "maximum": 900}
STATUS = {"type": "string", "enum": ["open", "frozen", "closed"]}
INSTANT = {"type": ["string", "null"], "format": "date-time"}
CREATE = {"type": "object", "required": ["owner"], "properties": {"owner": TEXT, "note": TEXT}}
MOVE = {"type": "object", "required": ["amount"], "properties": {"amount": AMOUNT}}
NULL = {**INSTANT, "description": "Null until the account is closed."}
ACCOUNT = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "owner": TEXT,
        "note": {"type": ["string", "null"], "description": "As it was sent."},
        "status": STATUS,
        "balance": {"type": "integer"},
        "closed_at": NULL,
        "created_at": {"type": "string", "format": "date-time"},
    },
}
MOVED = {"type": "object", "properties": {"id": TEXT, "amount": AMOUNT}}
COUNT = {"type": "integer", "description": "How many accounts match, on all pages."}
LISTED = {
    "type": "object",
    "properties": {
        "accounts": {"type": "array", "items": ACCOUNT},
        "total": COUNT,
        "has_more": {"type": "boolean"},
    },
}
ID = {"in": "path", "name": "account_id", "required": True, "schema": TEXT}
LIMIT = {"type": "integer", "minimum": 1, "maximum": 50, "default": 20}
QUERY = [
    {"in": "query", "name": "limit", "schema": LIMIT},
    {"in": "query", "name": "status", "schema": STATUS},
]


def _operation(status: str, answer: Any, sent: Any = None, text: str = "", **more: Any) -> Any:
    def media(schema: Any) -> Any:
        return {"content": {"application/json": {"schema": schema}}}

    told = {"description": text, "responses": {status: {"description": "", **media(answer)}}}
    return {**told, **({"requestBody": {"required": True, **media(sent)}} if sent else {}), **more}


DEPOSIT = "Adds `amount` to `balance`. Only open accounts take deposits, others answer 409."
WITHDRAW = "The amount is subtracted from the balance. More than the balance is refused with 422."
CLOSE = "A closed account cannot be closed: 409. The account becomes closed."
FREEZE = "Freezes the account."
PATHS = {
    "/accounts": {
        "post": _operation("201", ACCOUNT, CREATE),
        "get": _operation("200", LISTED, parameters=QUERY),
    },
    "/accounts/{account_id}": {"parameters": [ID], "get": _operation("200", ACCOUNT)},
    "/accounts/{account_id}/deposits": {
        "parameters": [ID],
        "post": _operation("201", MOVED, MOVE, DEPOSIT),
    },
    "/accounts/{account_id}/withdrawals": {
        "parameters": [ID],
        "post": _operation("201", MOVED, MOVE, WITHDRAW),
    },
    "/accounts/{account_id}/close": {
        "parameters": [ID],
        "post": _operation("200", ACCOUNT, text=CLOSE),
    },
    "/accounts/{account_id}/freeze": {
        "parameters": [ID],
        "post": _operation("200", ACCOUNT, text=FREEZE),
    },
}


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the API as it is started from its document."""
    document = tmp_path_factory.mktemp("pages") / "accounts.json"
    document.write_text(json.dumps({"openapi": "3.1.0", "paths": PATHS}))
    pages = pages_of_api([document], operations=["*"])
    return start_api("accounts", pages, tmp_path_factory.mktemp("apis"))[1]


def server(fault: str = "") -> flask.Flask:  # noqa: C901 - seven operations, a line a fault
    """Return a server that does what the page says, but for one fault."""
    app, kept = flask.Flask(__name__), dict[str, dict[str, Any]]()
    numbers = itertools.count(1)
    app.register_error_handler(RecursionError, lambda _: ("{}", 400))
    app.register_error_handler(HTTPException, lambda error: ({"error": error.name}, error.code))

    def sent(schema: Any) -> Any:
        try:
            body = json.loads(flask.request.data.decode())
            json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        except ValueError:
            flask.abort(400)
        return body if jsonschema_rs.is_valid(schema, body) else flask.abort(400)

    def find(key: str) -> dict[str, Any]:
        return kept[key] if key in kept else flask.abort(404)

    def moment() -> str:
        number = next(numbers)
        return f"2026-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z"

    @app.post("/accounts")
    def create() -> Any:
        body, made = sent(CREATE), moment()
        account = {"owner": body["owner"], "note": body.get("note"), "status": "open"}
        account |= {"id": f"a{len(kept)}", "balance": 0, "closed_at": None, "created_at": made}
        spoiled: dict[str, Any] = {"note": None, "closed_at": made}
        account |= {name: value for name, value in spoiled.items() if name == fault}
        kept[str(account["id"])] = account
        return account, 201

    @app.get("/accounts")
    def listed() -> Any:
        limit = flask.request.args.get("limit", "20")
        if not limit.isdecimal() or not 1 <= int(limit) <= 50:
            flask.abort(400)
        status = flask.request.args.get("status")
        if status not in (None, *STATUS["enum"]):
            flask.abort(400)
        found = [each for each in kept.values() if status in (None, each["status"])]
        found = [*kept.values()] if fault == "filter" else found
        page = found[::-1][: int(limit)]
        total = len(page) if fault == "total" else len(found)
        more = fault != "more" and len(found) > len(page)
        return {"accounts": page, "total": total, "has_more": more}

    @app.get("/accounts/<key>")
    def get(key: str) -> Any:
        return find(key)

    @app.post("/accounts/<key>/<any(deposits,withdrawals):kind>")
    def move(key: str, kind: str) -> Any:
        account, amount = find(key), sent(MOVE)["amount"]
        if kind == "deposits" and account["status"] != "open" and fault != "frozen":
            flask.abort(409)
        if kind == "withdrawals" and amount > account["balance"] and fault != "overdrawn":
            flask.abort(422)
        if fault != "lost":
            account["balance"] += amount if kind == "deposits" else -amount
        return {"id": f"m{next(numbers)}", "amount": amount}, 201

    @app.post("/accounts/<key>/<any(close,freeze):action>")
    def act(key: str, action: str) -> Any:
        account = find(key)
        if account["status"] == "closed" and action == "close" and fault != "twice":
            flask.abort(400 if fault == "status" else 409)
        status = "closed" if action == "close" else "frozen"
        account["status"] = "open" if fault == "stays" else status
        account["created_at"] = moment() if fault == "created" else account["created_at"]
        account["closed_at"] = moment() if action == "close" else account["closed_at"]
        return account

    return app


FAULTS = {
    "note": "create-account: relation.note.echo",
    "closed_at": "create-account: relation.closed_at.null_while",
    "filter": "list-accounts: relation.status.filtered",
    "total": "list-accounts: relation.total.counts",
    "more": "list-accounts: relation.has_more.short",
    "frozen": "create-deposit: relation.status.only_in",
    "overdrawn": "create-withdrawal: relation.amount.within",
    "lost": "create-deposit: relation.balance.adds",
    "twice": "create-close: relation.status.only_in",
    "status": "create-close: relation.status.only_in",
    "stays": "create-close: relation.status.afterwards",
    "created": "create-freeze: relation.created_at.untouched",
}


def test_a_server_that_does_what_the_page_says_is_not_accused(accounts: Path) -> None:
    """Nothing is violated: what is withdrawn from was paid in before, as the page asks."""
    outcomes = started.outcomes(accounts, server())
    assert [clause for clause, each in outcomes.items() if each is Outcome.VIOLATED] == []
    assert {outcomes.get(clause, Outcome.HELD) for clause in FAULTS.values()} == {Outcome.HELD}


def test_what_a_described_sandbox_does_not_know_is_held_against_no_fault(accounts: Path) -> None:
    """Of states it knows nothing: their relations may be broken beside whatever is seeded."""
    contract = loading.load(f"{accounts}/create-close")
    faults = catalogue.load(contract)
    assert faults
    for fault in faults:
        assert {"relation.status.only_in", "relation.changed.stays"} <= {*fault.also}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_page_states_of_lives_is_found_where_it_is_broken(
    accounts: Path, fault: str
) -> None:
    """The clause of the sentence says so."""
    assert started.outcomes(accounts, server(fault))[FAULTS[fault]] is Outcome.VIOLATED
