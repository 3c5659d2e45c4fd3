"""A PUT makes what has a key of the caller's own: it is read, changed, listed in pages, deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import flask
import jsonschema_rs
import pytest

from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.definition import loading
from contracts.engine import run as engine_run
from contracts.engine.credentials import Credentials
from contracts.engine.embedding import embedded
from contracts.engine.settings import Settings
from contracts.faults import catalogue
from contracts.model import Contract, Outcome
from contracts.proof import prove
from tests.helpers import started

ROLLOUT = {
    "type": "object",
    "properties": {
        "percentage": {"type": "integer", "minimum": 0, "maximum": 100, "default": 100},
        "by": {"type": "string", "enum": ["user", "account"]},
    },
}
SENT: dict[str, Any] = {
    "title": {"type": "string", "minLength": 1, "maxLength": 60},
    "note": {"type": ["string", "null"], "maxLength": 60, "example": "for the tests"},
    "rollout": ROLLOUT,
}
FLAG = {
    "type": "object",
    "required": ["key", "title", "rollout"],
    "properties": {"key": {"type": "string"}, **SENT},
}
KEY = {"in": "path", "name": "flagKey", "required": True, "schema": {"type": "string"}}
TOKEN = {"in": "query", "name": "page_token", "schema": {"type": "string"}}
SIZE = {
    "in": "query",
    "name": "page_size",
    "schema": {"type": "integer", "minimum": 1, "maximum": 50, "default": 20},
}
LIST = {
    "type": "object",
    "required": ["flags"],
    "properties": {
        "flags": {"type": "array", "items": FLAG},
        "next_page_token": {"type": "string"},
    },
}
ETAG = {"ETag": {"required": True, "schema": {"type": "string"}}}


def _answer(schema: Any, **more: Any) -> Any:
    return {"description": "Done", "content": {"application/json": {"schema": schema}}, **more}


def _body(schema: Any) -> Any:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


PUT = {"type": "object", "required": ["title"], "properties": SENT}
PATCH = {"type": "object", "properties": SENT}
PATHS = {
    "/flags/{flagKey}": {
        "parameters": [KEY],
        "put": {
            "requestBody": _body(PUT),
            "responses": {str(n): _answer(FLAG, headers=ETAG) for n in (200, 201)},
        },
        "get": {"responses": {"200": _answer(FLAG)}},
        "patch": {"requestBody": _body(PATCH), "responses": {"200": _answer(FLAG)}},
        "delete": {"responses": {"204": {"description": "Deleted"}}},
    },
    "/flags": {"get": {"parameters": [SIZE, TOKEN], "responses": {"200": _answer(LIST)}}},
}
# a defect, what finds it
DEFECTS = {
    "": set(),
    "keeps the first": {"get-flag: relation.created.reads_back"},
    "keeps what is deleted": {"delete-flag: relation.deleted.gone"},
    "hides the newest": {"list-flags: relation.created.listed"},
    "begins a page too early": {"list-flags: relation.page_token.paged"},
    "has no ETag": {"replace-flag: answer.ETag.present"},
    "keeps an old title": {"replace-flag: relation.title.echo"},
    "another default": {"replace-flag: relation.rollout.percentage.default"},
    "clears what is left out": {"update-flag: relation.unsent.kept"},
}


@pytest.fixture(scope="module")
def flags(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the API as it is started from its document."""
    document = tmp_path_factory.mktemp("pages") / "flags.json"
    document.write_text(json.dumps({"openapi": "3.1.0", "paths": PATHS}))
    return start_api(
        "flags", pages_of_api([document], operations=["*"]), tmp_path_factory.mktemp("apis")
    )[1]


def server(defect: str) -> flask.Flask:  # noqa: C901 - a server of five operations
    """Return a server that does what the document says, but for a defect."""
    app = flask.Flask(__name__)
    kept: dict[str, dict[str, Any]] = {}
    app.register_error_handler(RecursionError, lambda _: ("", 400))

    def sent(schema: Any) -> dict[str, Any]:
        try:
            body = json.loads(flask.request.data.decode())
            assert "Infinity" not in json.dumps(body, ensure_ascii=False).encode().decode()
        except (ValueError, AssertionError):
            flask.abort(400)
        if not jsonschema_rs.is_valid(schema, body):
            flask.abort(422)
        return {name: body[name] for name in SENT if name in body}

    @app.put("/flags/<key>")
    def put(key: str) -> Any:
        default = 1 if defect == "another default" else 100
        body, is_new = sent(PUT), key not in kept
        flag = {**body, "key": key, "rollout": {"percentage": default, **body.get("rollout", {})}}
        if not is_new and defect == "keeps an old title":
            flag["title"] = kept[key]["title"]
        if is_new or defect != "keeps the first":
            kept[key] = flag
        return flag, 201 if is_new else 200, {} if defect == "has no ETag" else {"ETag": '"1"'}

    @app.route("/flags/<key>", methods=["GET", "PATCH", "DELETE"])
    def one(key: str) -> Any:
        flag = kept[key] if key in kept else flask.abort(404)
        if flask.request.method == "DELETE":
            if defect != "keeps what is deleted":
                del kept[key]
            return "", 204
        if flask.request.method == "PATCH":
            body = sent(PATCH)
            rollout = {**flag["rollout"], **body.get("rollout", {})}
            lost = {"note": None} if defect == "clears what is left out" else {}
            kept[key] = flag = {**flag, **lost, **body, "rollout": rollout}
        return flag

    @app.get("/flags")
    def listed() -> Any:
        size, names = flask.request.args.get("page_size", "20"), list(kept)
        if not size.isascii() or not size.isdigit() or not 1 <= int(size) <= 50:
            flask.abort(400)
        token = flask.request.args.get("page_token")
        begin = 0 if token is None else names.index(token) if token in names else flask.abort(400)
        shown = names[begin : begin + int(size)]
        following = names[begin + int(size) - (defect == "begins a page too early") :]
        more = {"next_page_token": following[0]} if len(following) > 1 else {}
        shown = shown[:-1] if defect == "hides the newest" else shown
        return {"flags": [kept[name] for name in shown], **more}

    return app


def _violated(folder: Path, defect: str, names: set[str]) -> set[str]:
    """Return the clauses that some operations, or all, break: ``get-flag: response.type``."""
    found = started.outcomes(folder, server(defect), names)
    return {clause for clause, outcome in found.items() if outcome is Outcome.VIOLATED}


@pytest.mark.parametrize(("defect", "clauses"), DEFECTS.items())
def test_what_has_a_key_of_the_callers_own_is_verified_throughout(
    flags: Path, defect: str, clauses: set[str]
) -> None:
    """It is made by a key that is new each time, written once more, read, listed and deleted."""
    violated = _violated(flags, defect, {clause.partition(":")[0] for clause in clauses})
    assert clauses <= violated if clauses else violated == set()


def _contract(flags: Path, name: str) -> Contract:
    return next(c for c in loading.load_all(str(flags)) if c.operation.name == name)


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("replace-flag", "answer.ETag.present"),
        ("replace-flag", "relation.rollout.percentage.default"),
        ("update-flag", "relation.unsent.kept"),
    ],
)
def test_the_generic_sandbox_shows_that_these_clauses_bite(
    flags: Path, name: str, clause: str
) -> None:
    """It has the header, the default and the members; a seeded fault takes them away."""
    contract = _contract(flags, name)
    (fault,) = (each for each in catalogue.load(contract) if each.breaks == (clause,))
    results = prove.run_with((fault,), contract, None).results
    assert next(r.outcome for r in results if r.clause.id == clause) is Outcome.VIOLATED
    honest = prove.run_with((), contract, None).results
    assert not [r.clause.id for r in honest if r.outcome is Outcome.VIOLATED]


def test_a_key_needs_no_setting_and_the_notes_say_so(flags: Path) -> None:
    """A PUT that may create makes up its key; what reads it takes the key from the answer."""
    notes = {path.parent.name: path.read_text() for path in flags.glob("*/NOTES.md")}
    assert "**flagKey** is new in every request" in notes["replace-flag"]
    assert "**flagKey** is what another operation answers" in notes["get-flag"]
    operations = [contract.operation for contract in loading.load_all(str(flags))]
    assert not any(operation.parameters for operation in operations)
    assert "replace-flag.response /key" in (flags / "api.toml").read_text()


def test_a_refused_credential_is_told_by_an_operation_that_needs_another_ones_id(
    flags: Path,
) -> None:
    """What has to be created first is refused as well: nothing waits for itself."""
    app = flask.Flask(__name__)
    app.before_request(lambda: ("{}", 401))
    transport = embedded(app, Credentials(""))
    run = engine_run.run(_contract(flags, "update-flag"), transport, Settings(lag=0))
    assert "refuses the credentials (401)" in str(run.aborted)
    assert run.requests <= 2
