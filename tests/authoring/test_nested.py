"""An API of nested things: all of its operations are verified, each on something of its own."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import flask
import pytest

from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.definition import loading
from contracts.engine import run as engine_run
from contracts.engine.credentials import Credentials
from contracts.engine.embedding import embedded
from contracts.engine.settings import Settings
from contracts.model import Outcome

HEAD = "| Field | Type | Required | Description |\n|---|---|---|---|\n"
BOARD = f"{HEAD}| id | integer | yes | |\n| name | string | yes | |\n"
CARD = f"{BOARD}| board_id | integer | yes | |\n| state | string | yes | One of `open`, `done` |\n"
SENT = f"{HEAD}| name | string | yes | 1 to 40 characters |\n"
CARD_SENT = f"{SENT}| state | string | yes | One of `open`, `done` |\n"
ITEMS = HEAD + "".join(
    f"| {name} | {kind} | yes | |\n"
    for name, kind in (
        ("cards", "array of objects"),
        ("cards[].id", "integer"),
        ("cards[].name", "string"),
        ("total", "integer"),
    )
)
# method and path, body, status, answer
PAGES = [
    ("POST /boards", SENT, "201 Created", BOARD),
    ("POST /boards/{board_id}/cards", CARD_SENT, "201 Created", CARD),
    ("GET /boards/{board_id}/cards", "", "200 OK", ITEMS),
    ("GET /boards/{board_id}/cards/{id}", "", "200 OK", CARD),
    ("PUT /boards/{board_id}/cards/{id}", CARD_SENT, "200 OK", CARD),
    ("DELETE /boards/{board_id}/cards/{id}", "", "204 No Content", ""),
]
# a defect, what finds it
DEFECTS = {
    "": set(),
    "forgets changes": {"replace-card: relation.changed.stays"},
    "keeps what is deleted": {"delete-card: relation.deleted.gone"},
    "another board": {"create-card: relation.board_id.of_address"},
    "hides the newest": {"list-cards: relation.created.listed"},
    "counts one more": {"list-cards: relation.total.counts"},
    "deletes with 200": {"delete-card: protocol.status"},
}


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the API as it is started from its pages."""
    folder = tmp_path_factory.mktemp("pages")
    for number, (title, body, status, answer) in enumerate(PAGES):
        asked = f"## Body\n\n{body}\n" if body else ""
        page = f"# {title}\n\n`{title}`\n\n{asked}## Response\n\n`{status}`\n\n{answer}"
        (folder / f"{number}.md").write_text(page)
    pages = pages_of_api(sorted(folder.iterdir()))
    return start_api("boards", pages, tmp_path_factory.mktemp("apis"))[1]


def server(defect: str) -> flask.Flask:  # noqa: C901 - a server of six operations
    """Return a server that does what the pages say, but for a defect."""
    app = flask.Flask(__name__)
    numbers = count(1)
    kept: dict[int, dict[int, Any]] = {}

    app.register_error_handler(RecursionError, lambda _: ("", 400))

    def sent(*names: str) -> dict[str, Any]:
        body: Any = flask.request.get_json(silent=True)
        fits = isinstance(body, dict) and all(isinstance(body.get(n), str) for n in names)
        if not fits or not 1 <= len(body["name"]) <= 40:
            flask.abort(422)
        if "state" in names and body["state"] not in {"open", "done"}:
            flask.abort(422)
        return {name: body[name] for name in names}

    @app.post("/boards")
    def create_board() -> tuple[Any, int]:
        body, number = sent("name"), next(numbers)
        kept[number] = {}
        return {"id": number, **body}, 201

    @app.post("/boards/<int:board>/cards")
    def create_card(board: int) -> tuple[Any, int]:
        cards = kept[board] if board in kept else flask.abort(404)
        body, number = sent("name", "state"), next(numbers)
        cards[number] = {"id": number, "board_id": board, **body}
        shown = board + 1 if defect == "another board" else board
        return {**cards[number], "board_id": shown}, 201

    @app.get("/boards/<int:board>/cards")
    def list_cards(board: int) -> Any:
        cards = list((kept[board] if board in kept else flask.abort(404)).values())
        shown = cards[:-1] if defect == "hides the newest" else cards
        items = [{"id": card["id"], "name": card["name"]} for card in shown]
        return {"cards": items, "total": len(cards) + (defect == "counts one more")}

    @app.route("/boards/<int:board>/cards/<int:number>", methods=["GET", "PUT", "DELETE"])
    def one_card(board: int, number: int) -> Any:
        if number not in kept.get(board, {}):
            flask.abort(404)
        card = kept[board][number]
        if flask.request.method == "DELETE":
            if defect != "keeps what is deleted":
                del kept[board][number]
            return "", 200 if defect == "deletes with 200" else 204
        changed = card
        if flask.request.method == "PUT":
            changed = {**card, **sent("name", "state")}
        if defect != "forgets changes":
            kept[board][number] = changed
        return changed

    return app


@pytest.mark.parametrize(("defect", "found"), DEFECTS.items())
def test_every_operation_is_verified_on_something_of_its_own(
    boards: Path, defect: str, found: set[str]
) -> None:
    """Cards are created on a board of the run, changed, read again, listed and deleted."""
    app, violated, idle = server(defect), set(), set()
    for contract in loading.load_all(str(boards)):
        transport = embedded(app, Credentials(""))
        run = engine_run.run(contract, transport, Settings(lag=0))
        for one in run.results:
            name = f"{contract.operation.name}: {one.clause.id}"
            violated |= {name} if one.outcome is Outcome.VIOLATED else set()
            idle |= {name} if one.outcome is Outcome.NOT_EXERCISED else set()
    if found:
        assert found <= violated
    else:
        assert (violated, idle) == (set(), set())
