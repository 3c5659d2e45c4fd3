"""Of several credentials that a page documents, each may be good wherever it is sent."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import flask
import pytest

from contracts.authoring.inputs import choose_page
from contracts.authoring.start import start
from contracts.cli import main
from contracts.model import Contract
from tests.helpers.serving import served

TOKEN = "0f1e2d3c4b5a69788796a5b4"
WAYS = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "basic"},
    "asked": {"type": "apiKey", "in": "query", "name": "api_key"},
    "session": {"type": "apiKey", "in": "cookie", "name": "token"},
}


def _started(folder: Path, *ways: str) -> Contract:
    thing = {"type": "object", "properties": {"name": {"type": "string", "example": "a pen"}}}
    body = {"content": {"application/json": {"schema": thing}}}
    operation = {"requestBody": body, "responses": {"201": {"description": "Made", **body}}}
    document = {
        "openapi": "3.0.3",
        "security": [{way: []} for way in ways],
        "components": {"securitySchemes": WAYS},
        "paths": {"/things": {"post": operation}},
    }
    folder.mkdir(exist_ok=True)
    page = folder / "things.json"
    page.write_text(json.dumps(document))
    return start("things", choose_page([page]), folder / "apis")[0]


def _forms(contract: Contract) -> set[str]:
    return {
        f"{clause.id.removeprefix('authorization.')}{form}"
        for clause in contract.clauses
        if clause.id in ("authorization.absent", "authorization.other_scheme")
        for form in clause.arguments["authorization"]
    }


@pytest.mark.parametrize(
    ("way", "allowed"),
    [
        ("asked", {"absent, the token in the query"}),
        ("session", {"absent, the token in a cookie"}),
        ("basic", {"other_scheme", "other_scheme, as a user's name"}),
    ],
)
def test_a_token_is_not_bad_where_another_credential_stands(
    tmp_path: Path, way: str, allowed: set[str]
) -> None:
    """A server that has one table of keys may take it there: only the other forms are refused."""
    alone = _forms(_started(tmp_path / "alone", "bearer"))
    assert alone - _forms(_started(tmp_path / "beside", "bearer", way)) == allowed


def test_the_command_of_a_finding_has_the_key_of_a_query_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that was sent has it in its address already, where only its marker is kept."""
    monkeypatch.setenv("THINGS_TOKEN", TOKEN)
    asked: list[Any] = []
    app = flask.Flask(__name__)

    @app.post("/things")
    def create() -> Any:
        asked.append(flask.request.args.to_dict(flat=False))
        return {"name": 1} if flask.request.args.get("api_key") == TOKEN else flask.abort(401)

    _started(tmp_path, "asked")
    report = tmp_path / "report.json"
    with served(app) as url:
        options = ["--target", f"things={url}", "--fuzz", "0", "--json", str(report)]
        assert main.run(["verify", str(tmp_path / "apis/things"), *options]) == 1
        finding = json.loads(report.read_text())["runs"][0]["findings"][0]
        asked.clear()
        subprocess.run(  # noqa: S603 - our own command
            ["/bin/sh", "-c", finding["curl"]], capture_output=True, check=True
        )
    assert asked == [{"api_key": [TOKEN]}]
