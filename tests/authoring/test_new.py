"""Contracts of other operations.

Started from a page, verified over HTTP, right and wrong servers told apart.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import flask
import pytest
from jsonschema import Draft202012Validator

from contracts.cli import main
from contracts.definition import loading, project
from tests.helpers.serving import findings_of, outcomes, served, verify

PAGES = Path(__file__).parents[1] / "helpers" / "pages"
UUID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
TOKEN = "local-token"
NOW = "2026-01-31T12:00:00Z"
TICKET = {
    "type": "object",
    "required": ["title", "reporter"],
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 120},
        "priority": {"enum": ["low", "normal", "high", None]},
        "reporter": {
            "type": "object",
            "required": ["email"],
            "properties": {
                "email": {"type": "string", "pattern": r"^[^@ ]+@[^@ ]+\.[^@ ]+$"},
                "name": {"type": ["string", "null"]},
            },
        },
        "labels": {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 5},
        "estimate": {"type": ["integer", "null"], "minimum": 0, "maximum": 100},
        "dueOn": {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    },
}
BOOK = {
    "type": "object",
    "properties": {
        "title": {"type": ["string", "null"], "minLength": 1, "maxLength": 200},
        "isbn": {"type": ["string", "null"], "pattern": "^[0-9]{13}$"},
        "pages": {"type": ["number", "null"], "minimum": 1},
        "condition": {"enum": ["new", "used", "worn", None]},
        "owner": {
            "type": ["object", "null"],
            "properties": {
                "email": {"type": ["string", "null"], "pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"},
                "since": {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"},
            },
        },
        "tags": {"type": ["array", "null"], "items": {"type": "string"}},
    },
}
BEACON = {
    "type": "object",
    "properties": {
        "label": {"type": ["string", "null"], "maxLength": 40},
        "power": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 5},
        "kind": {"enum": [1, 2, None]},
        "serial": {"type": ["string", "null"], "pattern": "^[A-Z]{2}-[0-9]{4}$"},
        "ulid": {"type": ["string", "null"]},
        "spots": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "required": ["lat"],
                "properties": {"lat": {"type": "number", "minimum": -90, "maximum": 90}},
            },
        },
        "meta": {
            "type": ["object", "null"],
            "additionalProperties": {"type": ["string", "null"], "maxLength": 100},
        },
    },
}
INVOICES = {"data": [{"id": "inv_1", "total": 12.5, "paidAt": None}], "nextCursor": None}


def ticket(sent: Any) -> Any:
    """Answer as a server of tickets does."""
    return {
        "id": str(uuid.uuid4()),
        "title": sent["title"],
        "priority": sent.get("priority") or "normal",
        "createdAt": NOW,
        "watchers": 0,
    }


def book(sent: Any) -> Any:
    """Answer as a server of shelves does."""
    return {
        "id": UUID,
        "title": sent.get("title"),
        "pages": sent.get("pages"),
        "condition": sent.get("condition"),
        "updatedAt": NOW,
    }


@dataclass(frozen=True)
class Api:
    """What a served operation does: address, credential, the bodies that it takes, its answer."""

    method: str
    path: str
    header: tuple[str, str]
    body: Any
    status: int
    answer: Callable[[Any], Any]

    def app(
        self, spoil: Callable[[Any], Any] = lambda value: value, *, strict: bool = False
    ) -> flask.Flask:
        """Make the application.

        `spoil` changes answers, and a `strict` one refuses all that the page leaves open.
        """
        made = flask.Flask(__name__)

        @made.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH"])
        def serve(path: str) -> Any:
            name, token = self.header
            if flask.request.headers.get(name) != token:
                return {"error": "who are you?"}, 401
            if flask.request.method != self.method or not re.fullmatch(self.path, f"/{path}"):
                return {"error": "nothing is here"}, 404
            if self.body is None:
                asked = flask.request.args
                limited = re.fullmatch(r"[1-9]\d?|100", asked.get("limit", "20"))
                if asked.get("status") not in {"open", "paid"} or not limited:
                    return {}, 400
                return self.answer(None)
            try:
                sent = json.loads(flask.request.get_data(), parse_constant=float)
            except (ValueError, RecursionError):  # also a text that is nested too deep for it
                return {"error": "no JSON"}, 400
            if not Draft202012Validator(self.body).is_valid(sent) or (
                strict and set(sent) - set(self.body["properties"])
            ):
                return {"error": "no such body"}, 422
            if strict and None in sent.values():
                return {"error": "nothing is null here"}, 422
            answer = spoil(self.answer(sent))
            return ("", 204) if answer is None else (answer, self.status)

        return made


APIS = {
    "tickets": Api(
        "POST",
        f"/v1/projects/{UUID}/tickets",
        ("Authorization", f"Bearer {TOKEN}"),
        TICKET,
        201,
        ticket,
    ),
    "shelves": Api("PUT", "/shelves/7/books/9", ("X-API-Key", TOKEN), BOOK, 200, book),
    "invoices": Api("GET", "/v1/invoices", ("X-Api-Key", TOKEN), None, 200, lambda _: INVOICES),
    "beacons": Api(
        "PATCH", "/beacons/b1", ("Authorization", f"Basic {TOKEN}"), BEACON, 204, lambda _: None
    ),
}
VARIABLES = {
    **{f"{api.upper()}_TOKEN": TOKEN for api in APIS},
    "TICKETS_PROJECT_ID": UUID,
    "SHELVES_SHELF_ID": "7",
    "SHELVES_BOOK_ID": "9",
    "BEACONS_BEACON_ID": "b1",
}
# an API, what its server does wrong, the clause that breaks
WRONG: list[tuple[str, Callable[[Any], Any], str]] = [
    ("tickets", lambda value: {**value, "id": "7"}, "response.id.format"),
    ("tickets", lambda value: {**value, "priority": "LOW"}, "response.priority.enum"),
    (
        "tickets",
        lambda value: {k: v for k, v in value.items() if k != "watchers"},
        "response.watchers.required",
    ),
    ("tickets", lambda value: {**value, "watchers": -1}, "response.watchers.minimum"),
    ("shelves", lambda value: {**value, "updatedAt": "yesterday"}, "response.updatedAt.format"),
    ("shelves", lambda value: {**value, "condition": "torn"}, "response.condition.enum"),
]


FEW = ("--fuzz", "0", "--budget", "30")  # what is wrong shows in the first requests


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a function that starts the contract of an API in a working directory of its own."""
    monkeypatch.chdir(tmp_path)
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)

    def start(api: str) -> None:
        assert main.run(["new", api, str(PAGES / f"{api}.txt")]) == 0

    return start


@pytest.mark.parametrize(("api", "strict"), [*((api, False) for api in APIS), ("tickets", True)])
def test_a_server_that_does_what_the_page_says_passes(
    api: str,
    strict: bool,  # noqa: FBT001
    started: Callable[[str], None],
    tmp_path: Path,
) -> None:
    """Whether it takes or refuses what the page leaves open.

    A conforming server is not accused of anything.
    """
    started(api)
    with served(APIS[api].app(strict=strict)) as url:
        status, report = verify(
            tmp_path,
            api,
            "--target",
            f"{api}={url}",
            "--fail-on",
            "convention",
            "--fuzz",
            "4" if strict else "0",
        )
    assert [finding["clause"] for finding in findings_of(report, tuple(outcomes(report)))] == []
    assert status == 0
    held = outcomes(report)
    assert held["request.typical"] == "held"
    assert held["authorization.absent"] == "held"
    assert all(
        held[clause] == "held"
        for clause in held
        if clause.startswith("response.") and "paidAt" not in clause
    )


@pytest.mark.parametrize(("api", "spoil", "clause"), WRONG, ids=[row[2] for row in WRONG])
def test_a_broken_response_is_found(
    api: str,
    spoil: Callable[[Any], Any],
    clause: str,
    started: Callable[[str], None],
    tmp_path: Path,
) -> None:
    """A response that breaks what the page states fails the run, by the clause of that keyword."""
    started(api)
    with served(APIS[api].app(spoil)) as url:
        status, report = verify(tmp_path, api, "--target", f"{api}={url}", *FEW)
    assert status == 1
    assert outcomes(report)[clause] == "violated"


def test_a_server_that_lets_anybody_in_is_found(
    started: Callable[[str], None], tmp_path: Path
) -> None:
    """Without the credential that the page asks for a request has to be refused.

    Whatever header carries it.
    """
    started("invoices")
    open_door = flask.Flask(__name__)
    open_door.route("/v1/invoices")(lambda: INVOICES)
    with served(open_door) as url:
        status, report = verify(tmp_path, "invoices", "--target", f"invoices={url}")
    assert status == 1
    assert outcomes(report)["authorization.absent"] == "violated"


def test_a_server_that_takes_what_the_page_forbids_is_found(
    started: Callable[[str], None], tmp_path: Path
) -> None:
    """A body that breaks the derived schema of the request has to be refused."""
    started("tickets")
    lax = replace(APIS["tickets"], body={**TICKET, "required": ["title"], "properties": {}})
    with served(lax.app()) as url:
        chosen = ("--only", "request.reporter.required", "--only", "request.estimate.maximum")
        status, report = verify(tmp_path, "tickets", "--target", f"tickets={url}", *chosen)
    assert status == 1
    assert outcomes(report)["request.reporter.required"] == "violated"
    assert outcomes(report)["request.estimate.maximum"] == "violated"


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "check the base URL"), (400, "preconditions"), (422, "preconditions")],
)
def test_a_server_that_refuses_everything_gets_no_verdict(
    status: int,
    words: str,
    started: Callable[[str], None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nobody called a request plausible, so a server that takes none is not accused: exit 3.

    The server's own words are shown, in the form of RFC 9457 as well.
    """
    started("tickets")
    choosy = flask.Flask(__name__)
    problem = {"title": "Not so", "detail": "no project of yours"}
    choosy.route("/<path:path>", methods=["POST"])(lambda path: ({**problem, "on": path}, status))
    with served(choosy) as url:
        code, report = verify(tmp_path, "tickets", "--target", f"tickets={url}", "--fuzz", "0")
    assert code == 3
    findings = findings_of(report, tuple(outcomes(report)))
    assert [finding for finding in findings if finding["basis"] != "convention"] == []
    shown = capsys.readouterr().out
    assert words in shown
    if status != 404:
        assert "Not so: no project of yours" in shown


def test_nothing_is_overwritten(
    started: Callable[[str], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that exists stays as it is: exit status 2, one line."""
    started("shelves")
    notes = tmp_path / project.USUAL_FOLDER / "shelves" / "NOTES.md"
    notes.write_text("mine")
    assert main.run(["new", "shelves", str(PAGES / "shelves.txt")]) == 2
    assert "exists" in capsys.readouterr().err
    assert notes.read_text() == "mine"


def test_the_folder_may_stand_elsewhere(
    started: Callable[[str], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --out the contract is made there, and verified by its path."""
    del started
    assert (
        main.run(["new", "invoices", str(PAGES / "invoices.txt"), "--out", str(tmp_path / "mine")])
        == 0
    )
    assert f"--target {tmp_path / 'mine' / 'invoices'}=" in capsys.readouterr().out
    operation = loading.load(str(tmp_path / "mine" / "invoices")).operation
    assert (operation.path, operation.asked({})) == ("/v1/invoices", {"status": "open"})


def test_the_derived_schemas_are_what_the_page_gives(
    started: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """`derive --check` holds for a contract that was just started."""
    started("beacons")
    assert main.run(["derive", str(PAGES / "beacons.txt"), "--check", "beacons"]) == 0
    assert "is what the document gives" in capsys.readouterr().out


def test_what_is_open_is_written_down(started: Callable[[str], None], tmp_path: Path) -> None:
    """The notes name what the suite can't check, what it takes credentials from.

    And what was not understood.
    """
    started("beacons")
    notes = (tmp_path / project.USUAL_FOLDER / "beacons" / "NOTES.md").read_text()
    for words in (
        "the format 'ulid' is not checked (lines",
        "BEACONS_TOKEN",
        "BEACONS_BEACON_ID",
        "No response body",
        "plausible region is a range",
    ):
        assert words in notes
    started("shelves")
    notes = (tmp_path / project.USUAL_FOLDER / "shelves" / "NOTES.md").read_text()
    assert "status of a success" in notes
    assert "line 63: " in notes


TEXT = {"content": {"application/json": {"schema": {"type": "string"}}}}
TEXT_BODY = {"requestBody": TEXT, "responses": {}}
# a page, what can't be verified
REFUSED = [
    (
        "DELETE\n/\nthings\n\nBody\n\napplication/json\nname\nstring\n",
        "what is gone can't be deleted again",
    ),
    (
        "POST\n/\nthings\n\nBody\n\nmultipart/form-data\nname\nstring\n",
        "its bodies are multipart/form-data",
    ),
    (
        "POST\n/\nthings\n\nAuthorizations\n\nkey\nstring\ncookierequired\n\nYour key.\n",
        "its credential goes into the cookie",
    ),
    (
        json.dumps({"openapi": "3.1.0", "info": {}, "paths": {"/things": {"post": TEXT_BODY}}}),
        "its request body is string",
    ),
    ("Nothing of use.\n", "this is prose"),
    (
        "GET\n/\nthings\n\nCookies\n\nsession\nstring\nrequired\n\nYour session.\n",
        "it needs the cookie session",
    ),
]


@pytest.mark.parametrize(("page", "words"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_is_not_supported_is_said(
    page: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An operation that can't be verified is refused by what is not supported.

    And leaves no folder.
    """
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.txt").write_text(page)
    assert main.run(["new", "things", "page.txt"]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / project.USUAL_FOLDER / "things").exists()


def test_diff_writes_what_it_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 1 when something breaks, 0 when nothing does; Markdown and JSON beside.

    2 for wrong use.
    """
    markdown, json_file = tmp_path / "diff.md", tmp_path / "diff.json"
    files = ["--markdown", str(markdown), "--json", str(json_file)]
    assert main.run(["diff", "komerza@1", "komerza@2", *files]) == 1
    assert "no body at all" in capsys.readouterr().out
    assert "## What breaks callers" in markdown.read_text()
    assert json.loads(json_file.read_text())["format"] == "order-contracts-diff/1"
    assert main.run(["diff", "kohort", "kohort@1"]) == 0
    assert main.run(["diff", str(PAGES / "tickets.txt"), str(PAGES / "tickets.txt")]) == 0
    for wrong in (
        ["diff", "kohort", "nobody"],
        ["diff", "kohort", "kohort", "--json", str(tmp_path)],
        ["diff", "kohort", "kohort", "--json", str(tmp_path / "none" / "x.json")],
    ):
        assert main.run(wrong) == 2


def test_what_is_undecided_fails_when_it_is_asked_to(tmp_path: Path) -> None:
    """A response member that is not named any more is undecided.

    Exit status 0, and 1 with --fail-on-undecided.
    """
    later = tmp_path / "later.txt"
    later.write_text(
        (PAGES / "invoices.txt").read_text().replace("data.paidAt\n", "data.settledAt\n")
    )
    sides = [str(PAGES / "invoices.txt"), str(later)]
    assert main.run(["diff", *sides]) == 0
    assert main.run(["diff", *sides, "--fail-on-undecided"]) == 1


@pytest.mark.parametrize("name", ["Tickets", "7", "a b", "kohort"])
def test_a_name_that_is_none_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A contract's name can stand in reports and file names, and is no shipped one's."""
    assert main.run(["new", name, str(PAGES / "tickets.txt"), "--out", str(tmp_path)]) == 2
    assert "name" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
