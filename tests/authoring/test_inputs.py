"""What may be named as input: files, folders and standard input, with one operation chosen."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from contracts.cli import main
from contracts.definition import loading
from contracts.planning.bodies.fields import plain_body
from contracts.schema import checks

CRATE = "POST\n/crates\n\nBody\n\napplication/json\n\nkind\nstring\nrequired\n\nWhat it is.\n"
TRUCK = CRATE.replace("/crates", "/trucks")


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with two pages, a picture, and a file that is no documentation."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "pages"
    (folder / "more").mkdir(parents=True)
    (folder / "crates.txt").write_text(CRATE)
    (folder / "more" / "trucks.txt").write_text(TRUCK)
    (folder / "logo.png").write_bytes(b"\x89PNG")
    (folder / "LICENSE").write_text("Do what you like.\n")
    return folder


def derived(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    """Run ``contracts derive`` and return the operation that it prints."""
    assert main.run(["derive", *arguments]) == 0
    operation: dict[str, object] = json.loads(capsys.readouterr().out)["operation"]
    return operation


def test_a_folder_holds_the_operations_of_its_files(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of them is chosen, and its document is named by its place in the folder."""
    operation = derived(capsys, str(pages), "--operation", "post /trucks/")
    assert operation["path"] == "/trucks"
    assert operation["x-document"]["name"] == "more/trucks.txt"  # type: ignore[index]


def test_several_operations_are_listed(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a choice all of them are named, in one line, with exit status 2."""
    files = [str(pages / "crates.txt"), str(pages / "more" / "trucks.txt")]
    for inputs, holder in ((files, "what was named (2 inputs)"), ([str(pages)], str(pages))):
        assert main.run(["derive", *inputs]) == 2
        message = capsys.readouterr().err
        assert f"{holder} holds 2 operations: POST /crates, POST /trucks;" in message
        assert message.count("\n") == 1


def test_standard_input_is_read_and_kept(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hyphen stands for it; a contract that is started from it keeps what it was."""
    for command in (["derive", "-"], ["new", "crates", "-"]):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(CRATE.encode())))
        assert main.run(command) == 0
    assert '"name": "standard-input"' in capsys.readouterr().out
    kept = pages.parent / "contracts" / "apis" / "crates" / "standard-input"
    assert kept.read_text() == CRATE


WRONG = [
    (["nowhere.txt"], "nowhere.txt can't be read: No such file or directory"),
    (["pages/crates.txt", "--operation", "GET /crates"], "holds no operation GET /crates"),
    (["pages/logo.png"], "is an image (PNG)"),
    (["empty"], "no operation was found in this folder: it has no files"),
    (["prose"], "no operation was found in this folder: LICENSE: this is prose"),
    (["pages/crates.txt", "pages/crates.txt"], "stands in crates.txt and crates.txt"),
    (["pages/crates.txt", "--out", "x", "--check", "y"], "give one of them"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=[row[1] for row in WRONG])
def test_wrong_inputs_are_named(
    arguments: list[str], words: str, pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, and one line that says what is wrong."""
    (pages.parent / "empty").mkdir()
    (pages.parent / "prose").mkdir()
    (pages.parent / "prose" / "LICENSE").write_text("Do what you like.\n")
    assert main.run(["derive", *arguments]) == 2
    message = capsys.readouterr().err
    assert words in message
    assert message.count("\n") == 1


LINKLESS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "paths": {
        "/notes": {
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["text", "stars"],
                                "properties": {
                                    "text": {"type": "string"},
                                    "stars": {"type": "integer", "minimum": 1.0},
                                    "room": {"type": ["string", "null"], "maxLength": 9},
                                },
                            }
                        }
                    }
                },
                "responses": {"201": {"description": "Made"}},
            }
        },
        "/status/{day}": {"get": {"responses": {"200": {"description": "One"}}}},
        "/notes/{id}": {
            "get": {"responses": {"200": {"description": "One"}}},
            "delete": {"responses": {"204": {"description": "Gone"}}},
        },
    },
}


@pytest.mark.parametrize(
    ("chosen", "operations"),
    [
        (["*"], ["create-note", "get-note", "get-status"]),
        (["POST *", "GET /notes/{id}"], ["create-note", "get-note"]),
    ],
)
def test_all_operations_of_a_document_without_links_can_be_taken(
    chosen: list[str], operations: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By a pattern or one by one; what the suite can't verify is left out and said."""
    path = tmp_path / "notes.json"
    path.write_text(json.dumps(LINKLESS), encoding="utf-8")
    assert main.run(["new", "notes", str(path), "--out", str(tmp_path)]) == 2
    assert "or all: --operation '*'" in capsys.readouterr().err
    options = [option for text in chosen for option in ("--operation", text)]
    assert main.run(["new", "notes", str(path), "--out", str(tmp_path), *options]) == 0
    started = loading.load_all(str(tmp_path / "notes"))
    assert [one.operation.name for one in started] == operations
    lines = capsys.readouterr().out.splitlines()
    assert ("export NOTES_DAY=…" in lines) is ("*" in chosen)
    left_out = [line for line in lines if line[:9] == "left out:"]
    assert [line.partition(": ")[2][:18] for line in left_out] == (
        ["DELETE /notes/{id}"] if "*" in chosen else []
    )
    body = plain_body(started[0])
    assert str(body["stars"]) == "1"
    assert checks.fits((started[0].plausible or {})["properties"]["room"], None)


def test_what_deletes_is_left_out_with_what_creates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An upload that is no JSON is not verified, so nothing is there that could be deleted."""
    made = {"type": "object", "properties": {"id": {"type": "string"}}}
    answer = {"201": {"description": "Made", "content": {"application/json": {"schema": made}}}}
    upload = {"requestBody": {"content": {"image/png": {}}}, "responses": answer}
    gone = {"delete": {"responses": {"204": {"description": "Gone"}}}}
    paths = {**LINKLESS["paths"], "/images": {"post": upload}, "/images/{id}": gone}
    path = tmp_path / "notes.json"
    path.write_text(json.dumps({**LINKLESS, "paths": paths}), encoding="utf-8")
    options = ["--operation", "*", "--out", str(tmp_path)]
    assert main.run(["new", "notes", str(path), *options]) == 0
    left_out = [line for line in capsys.readouterr().out.splitlines() if "left out:" in line]
    assert len(left_out) == 3
    assert any("POST /images: its bodies are image/png" in line for line in left_out)
    assert any("DELETE /images/{id}: what is gone" in line for line in left_out)
    names = [each.operation.name for each in loading.load_all(str(tmp_path / "notes"))]
    assert names == ["create-note", "get-note", "get-status"]


def test_an_address_is_no_input(capsys: pytest.CaptureFixture[str]) -> None:
    """The message says how it becomes one."""
    assert main.run(["new", "notes", "https://shop.example/openapi.json"]) == 2
    assert "an address is read from a file: curl -o FILE ADDRESS" in capsys.readouterr().err
