"""What is done to a thing stands but once, and what has to be unique is new in each request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import flask
import jsonschema_rs
import pytest
from werkzeug.exceptions import HTTPException

from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.cli import main
from contracts.model import Outcome
from tests.helpers import started
from tests.helpers.serving import served

TEXT = {"type": "string", "minLength": 1, "maxLength": 40}
AMOUNT = {"type": "integer", "minimum": 1, "maximum": 90_000}
STATUS = {"type": "string", "enum": ["paid", "held"]}
CREATE = {
    "type": "object",
    "required": ["label", "amount", "mail"],
    "properties": {
        "label": {**TEXT, "description": "Unique within the account.", "example": "rent-7"},
        "mail": {"type": "string", "format": "email", "maxLength": 60},
        "amount": {**AMOUNT, "example": 2500},
        "at_once": {"type": "boolean", "default": True},
        "parent_id": TEXT,
    },
}
PAYMENT = {
    "type": "object",
    "required": ["id", "label", "amount", "status"],
    "properties": {"id": TEXT, "label": TEXT, "amount": AMOUNT, "status": STATUS},
}
#: The answer has an envelope.
ANSWER = {
    "type": "object",
    "required": ["ok", "payment"],
    "properties": {"ok": {"type": "boolean"}, "payment": PAYMENT},
}
CAPTURE = {"type": "object", "properties": {"amount": AMOUNT}}


def _says(status: str, schema: Any) -> Any:
    body = {"content": {"application/json": {"schema": schema}}}
    refusals = {name: {"description": "Refused"} for name in ("404", "409", "422")}
    return {status: {"description": "Done", **body}, **refusals}


def _takes(schema: Any) -> Any:
    return {"content": {"application/json": {"schema": schema}}}


ID = {"in": "path", "name": "payment_id", "required": True, "schema": {"type": "string"}}
LABEL = {"in": "path", "name": "label", "required": True, "schema": {"type": "string"}}
PATHS = {
    "/payments": {"post": {"requestBody": _takes(CREATE), "responses": _says("201", ANSWER)}},
    "/payments/{payment_id}/capture": {
        "parameters": [ID],
        "post": {"requestBody": _takes(CAPTURE), "responses": _says("200", ANSWER)},
    },
    "/payments/labels/{label}": {"parameters": [LABEL], "get": {"responses": _says("200", ANSWER)}},
}


@pytest.fixture(scope="module")
def payments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the API as it is started from its document."""
    document = tmp_path_factory.mktemp("pages") / "payments.json"
    document.write_text(json.dumps({"openapi": "3.1.0", "paths": PATHS}))
    pages = pages_of_api([document], operations=["*"])
    return start_api("payments", pages, tmp_path_factory.mktemp("apis"))[1]


def server(  # noqa: C901
    *, ever_held: bool = True, checks: bool = True, conflicting: bool = False
) -> flask.Flask:
    """Return a server that captures what is held, once; without `checks` any amount of it."""
    app = flask.Flask(__name__)
    kept: dict[str, dict[str, Any]] = {}
    app.register_error_handler(RecursionError, lambda _: ("{}", 400))
    app.register_error_handler(HTTPException, lambda error: ({"error": error.name}, error.code))

    def sent(schema: Any) -> Any:
        try:
            body = json.loads(flask.request.data.decode() or "{}")
            json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        except ValueError:
            flask.abort(400)
        if not jsonschema_rs.is_valid(schema, body, validate_formats=True):
            flask.abort(422)
        return body

    @app.post("/payments")
    def create() -> Any:
        body = sent(CREATE)
        if "parent_id" in body:
            flask.abort(422)
        if any(body[name] == each[name] for each in [*kept.values()] for name in ("label", "mail")):
            flask.abort(409)
        held = ever_held and not body.get("at_once", True)
        payment = {**body, "id": f"p{len(kept)}", "status": "held" if held else "paid"}
        kept[payment["id"]] = payment
        return {"ok": True, "payment": payment}, 201

    @app.post("/payments/<key>/capture")
    def capture(key: str) -> Any:
        payment = kept[key] if key in kept else flask.abort(404)
        if conflicting and flask.request.data.endswith(b"2500}"):
            flask.abort(409)
        amount = sent(CAPTURE if checks else {}).get("amount", payment["amount"])
        if payment["status"] != "held":
            flask.abort(409)
        if checks and amount > payment["amount"]:
            flask.abort(422)
        payment["status"] = "paid"
        return {"ok": True, "payment": payment}

    @app.get("/payments/labels/<label>")
    def labelled(label: str) -> Any:
        found = [payment for payment in [*kept.values()] if payment["label"] == label]
        return {"ok": True, "payment": found[0]} if found else flask.abort(404)

    return app


def _of(outcomes: dict[str, Outcome], outcome: Outcome) -> set[str]:
    return {clause for clause, each in outcomes.items() if each is outcome}


def test_each_request_is_of_a_thing_in_the_state_that_it_needs(payments: Path) -> None:
    """Labels and addresses are new, ids of others are not sent, and each capture is of its own."""
    outcomes = started.outcomes(payments, server())
    assert not _of(outcomes, Outcome.VIOLATED)
    assert not _of(outcomes, Outcome.UNDECIDED)
    assert outcomes["create-capture: request.typical"] is Outcome.HELD
    assert outcomes["get-label: request.typical"] is Outcome.HELD


def test_a_check_is_not_hidden_by_a_state_in_which_everything_is_refused(payments: Path) -> None:
    """A capture that was made before is refused whatever is sent, so another one is asked for."""
    violated = _of(started.outcomes(payments, server(checks=False)), Outcome.VIOLATED)
    assert "create-capture: request.amount.type" in violated


def test_a_state_that_nothing_brings_about_is_no_fault(payments: Path) -> None:
    """Where each capture is a conflict, nothing is known of it: another operation may be needed."""
    outcomes = started.outcomes(payments, server(ever_held=False))
    assert not _of(outcomes, Outcome.VIOLATED)
    assert outcomes["create-capture: request.typical"] is Outcome.UNDECIDED


def test_a_conflict_with_what_is_there_is_no_fault(payments: Path) -> None:
    """A valid request may be one that the state of the thing does not allow."""
    outcomes = started.outcomes(payments, server(conflicting=True))
    assert not _of(outcomes, Outcome.VIOLATED)


def test_of_an_api_that_is_not_there_the_operation_that_creates_says_so(
    payments: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is done to a thing has none where nothing is created: its address tells nothing more."""
    with served(flask.Flask("elsewhere")) as url:
        status = main.run(["verify", str(payments), "--target", f"payments={url}", "--fuzz", "0"])
    told = capsys.readouterr().out.splitlines()[-1]
    assert (status, f"POST {url}/payments is answered 404" in told) == (3, True), told


@pytest.mark.parametrize(
    ("status", "told"),
    [(400, "create-capture: no valid request was accepted"), (302, "it leads elsewhere")],
)
def test_one_operation_that_is_elsewhere_takes_no_verdict_from_the_others(
    payments: Path, tmp_path: Path, status: int, told: str
) -> None:
    """Where others accept something the API is there: a text that is no JSON is one's own answer.

    What is known of the others is told.
    """
    inner = server()

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        if not environ["PATH_INFO"].endswith("/capture"):
            return inner(environ, start_response)
        start_response(f"{status} Whatever", [("Content-Type", "text/plain")])
        return [b"no"]

    report = tmp_path / "report.json"
    with served(app) as url:
        target = ["--target", f"payments={url}", "--fuzz", "0", "--json", str(report)]
        assert main.run(["verify", str(payments), *target]) == 3
    content = json.loads(report.read_text())
    accepted = {run["operation"]: run["accepted"] for run in content["runs"]}
    assert accepted.keys() == {"create-payment", "create-capture", "get-label"}
    assert accepted["create-payment"] > 0
    assert told in content["reason"]
