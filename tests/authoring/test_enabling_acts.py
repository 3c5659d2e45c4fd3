"""What may only be done after something else, and what changes nothing the second time."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import flask
import pytest
from werkzeug.exceptions import HTTPException

from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.definition import loading
from contracts.model import Outcome
from contracts.planning.plan import plan
from tests.helpers import started

DOOR = """
| Field | Type | Description |
| --- | --- | --- |
| id | string | |
| label | string | As sent. |
| note | string or null | As sent. |
| state | string | `open`, `shut`, `locked` or `broken`. |
"""
PAGE = f"""# Doors

## Make a door

`POST /doors`

A new door is `open`.

### Body

| Field | Type | Required | Description |
| --- | --- | --- | --- |
| label | string | yes | Up to 200 characters. |

### Response `201`
{DOOR}
## Get a door

`GET /doors/{{id}}`

### Response `200`
{DOOR}
## Shut a door

`POST /doors/{{id}}/shut`

The door becomes `shut`. To shut it twice has no effect.

### Body

| Field | Type | Required | Description |
| --- | --- | --- | --- |
| note | string | no | Up to 20 characters. |

### Response `200`
{DOOR}
## Lock a door

`POST /doors/{{id}}/lock`

Only shut doors can be locked; otherwise the request is refused.

### Response `200`
{DOOR}
## Break a door

`POST /doors/{{id}}/break`

It can't be mended.

### Response `200`
{DOOR}
## Remove a door

`DELETE /doors/{{id}}`

A shut door can't be removed: 409.

### Response `204`
"""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the API as it is started from its page."""
    page = tmp_path_factory.mktemp("pages") / "doors.md"
    page.write_text(PAGE)
    pages = pages_of_api([page], operations=["*"])
    return start_api("doors", pages, tmp_path_factory.mktemp("apis"))[1]


def server(fault: str = "") -> flask.Flask:  # noqa: C901
    """Return a server that does what the page says, but for one fault."""
    app = flask.Flask(__name__)
    app.register_error_handler(HTTPException, lambda error: ({"error": error.name}, error.code))
    kept: dict[str, dict[str, Any]] = {}
    numbers = itertools.count()

    def sent(name: str, most: int) -> Any:
        try:
            body = flask.request.get_json(force=True) if flask.request.data else {}
            flask.json.dumps(body).encode()
        except (HTTPException, RecursionError, ValueError):
            flask.abort(400)
        value = body.get(name, "") if isinstance(body, dict) else None
        if not isinstance(value, str) or len(value) > most or "\0" in value:
            flask.abort(422)
        return body.get(name)

    def door(key: str) -> dict[str, Any]:
        return kept[key] if key in kept else flask.abort(404)

    @app.post("/doors")
    def make() -> Any:
        label = sent("label", 200)
        if label is None:
            flask.abort(422)
        label = label[:60] if fault == "cut" else label
        key = f"d{next(numbers)}"
        kept[key] = {"id": key, "label": label, "note": None, "state": "open"}
        return kept[key], 201

    @app.get("/doors/<key>")
    def get(key: str) -> Any:
        return door(key)

    @app.post("/doors/<key>/shut")
    def shut(key: str) -> Any:
        found, note = door(key), sent("note", 20)
        if found["state"] in ("locked", "broken"):
            flask.abort(409)
        if found["state"] == "open":
            found |= {"state": "shut", "note": note}
        return found

    @app.post("/doors/<key>/lock")
    def lock(key: str) -> Any:
        if door(key)["state"] != "shut":
            flask.abort(409 if kept[key]["state"] != "broken" else 400)
        kept[key] |= {"state": "locked"}
        return kept[key]

    @app.post("/doors/<key>/break")
    def break_it(key: str) -> Any:
        door(key)["state"] = "broken"
        return kept[key]

    @app.delete("/doors/<key>")
    def remove(key: str) -> Any:
        if door(key)["state"] == "shut" and fault != "removes":
            flask.abort(409)
        del kept[key]
        return "", 204

    return app


def _of(outcomes: dict[str, Outcome], outcome: Outcome) -> set[str]:
    return {clause for clause, each in outcomes.items() if each is outcome}


def test_what_another_operation_allows_is_asked_for_after_that(doors: Path) -> None:
    """A new door is not shut, so it is shut before it is locked; notes are those of new doors."""
    outcomes = started.outcomes(doors, server())
    assert not _of(outcomes, Outcome.VIOLATED)
    assert outcomes["create-lock: request.typical"] is Outcome.HELD
    assert outcomes["create-shut: relation.note.echo"] is Outcome.HELD


def test_what_was_removed_is_not_removed_again_to_see_whether_that_lags(doors: Path) -> None:
    """The second time it is refused, since it is gone."""
    violated = _of(started.outcomes(doors, server("removes"), ["delete-door"]), Outcome.VIOLATED)
    assert "delete-door: relation.state.only_in" in violated


def test_the_longest_text_is_sent_before_rare_ones(doors: Path) -> None:
    """It shows what is cut, also where an operation has few requests."""
    create = loading.load(f"{doors}/create-door")
    planned = plan(create, 0)
    longest = [each for each in planned.cases if each.observes == ("label.longest documented",)]
    assert longest[0].number in planned.essential
    violated = _of(started.outcomes(doors, server("cut"), ["create-door"]), Outcome.VIOLATED)
    assert "create-door: relation.label.echo" in violated
