"""What a started contract says of ids in its path, of credentials, and of media types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contracts.authoring.inputs import choose_page, pages_of_api
from contracts.authoring.start import start, start_api
from contracts.definition import loading
from contracts.engine.credentials import Credentials
from contracts.model import Basis

CURL = """curl -X {method} https://api.acme.example/v2/bases/app7Xk2/fields \\
  -u "ada:secret" -H "Content-Type: {media}" -d '{{"name": "Two blue hats"}}'
"""
NOTE = "**app7Xk2** in the path may be ids"


def _started(folder: Path, media: str = "application/json") -> Path:
    page = folder / "page.sh"
    page.write_text(CURL.format(method="POST", media=media))
    return start("acme", choose_page([page]), folder / "out")[1]


def test_an_id_in_the_path_can_be_made_a_parameter_as_the_notes_say(tmp_path: Path) -> None:
    """A recording names ids of its own sandbox; a version is none."""
    folder = _started(tmp_path)
    assert NOTE in (folder / "NOTES.md").read_text()
    overlay = json.loads((folder / "overlay.json").read_text())
    update = {"path": "/v2/bases/{id1}/fields"}
    assert json.dumps(update) in (folder / "NOTES.md").read_text()
    action = {"target": "$.operation", "description": "other ids", "update": update}
    overlay["actions"].append(action)
    (folder / "overlay.json").write_text(json.dumps(overlay))
    with (folder / "contract.toml").open("a") as toml:
        toml.write('[operation.parameters.id1]\nvariable = "ACME_ID1"\nlines = [1, 1]\n')
    operation = loading.load_folder(folder).operation
    assert (operation.path, dict(operation.parameters)) == (update["path"], {"id1": "ACME_ID1"})


def test_a_user_and_a_password_are_encoded_for_basic(tmp_path: Path) -> None:
    """A text with a colon is no base64; whichever form is given, no report shows either."""
    folder = _started(tmp_path)
    assert "`user:password`, which is encoded" in (folder / "NOTES.md").read_text()
    given = Credentials("ada:secret", scheme="Basic")
    assert given.values()["token"] == "YWRhOnNlY3JldA=="
    assert {"ada:secret", "secret", "YWRhOnNlY3JldA=="} <= {*given.secrets()}
    assert Credentials("YWRhOnNlY3JldA==", scheme="Basic").values()["token"] == "YWRhOnNlY3JldA=="
    assert Credentials("ada:secret", scheme="Bearer").values()["token"] == "ada:secret"


def test_bodies_of_json_types_are_sent_under_their_own_name(tmp_path: Path) -> None:
    """A type that ends on +json takes the place of application/json, parameters kept."""
    operation = loading.load_folder(_started(tmp_path, "application/vnd.acme.v1+json")).operation
    assert operation.content_type("application/json") == "application/vnd.acme.v1+json"
    assert operation.content_type("application/json; charset=utf-8") == (
        "application/vnd.acme.v1+json; charset=utf-8"
    )
    assert operation.content_type("text/plain") == "text/plain"


@pytest.mark.parametrize(("status", "basis"), [("404", Basis.DOCUMENT), ("400", Basis.CONVENTION)])
def test_that_an_unknown_id_is_refused_is_stated_by_a_404(
    tmp_path: Path, status: str, basis: Basis
) -> None:
    """A page without one leaves it to the server what it answers for what is not there."""
    thing = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    body = {"content": {"application/json": {"schema": thing}}}
    answers = {"200": {"description": "Done", **body}, status: {"description": "Refused"}}
    place = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    paths = {
        "/things": {"post": {"requestBody": body, "responses": {"201": answers["200"]}}},
        "/things/{id}": {"get": {"parameters": [place], "responses": answers}},
    }
    page = tmp_path / "things.json"
    page.write_text(json.dumps({"openapi": "3.0.3", "paths": paths}))
    folder = start_api("things", pages_of_api([page], operations=["*"]), tmp_path / "apis")[1]
    contracts = {each.operation.name: each for each in loading.load_all(str(folder))}
    assert contracts["get-thing"].clause("address.unknown_id").basis is basis
