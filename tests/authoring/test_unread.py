"""Sections that were seen and from which nothing was read are never passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.cli import main

BODY = "## Request body\n\n| Field | Type | Required |\n|---|---|---|\n| `kind` | string | yes |\n"
ANSWER = "## Response\n\n| Field | Type |\n|---|---|\n| `id` | string |\n"
HEAD = "# Pack a crate\n\n`POST /crates`\n\n"
PROSE = "A crate, as you know it.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "heading", ["## Request body", "## Body", "## Body parameters", "## Payload"]
)
def test_a_request_of_which_nothing_was_read_is_refused(
    heading: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing could be sent: exit status 2, with the line of the section and what to do."""
    Path("page.md").write_text(f"{HEAD}{heading}\n\n{PROSE}\n{ANSWER}")
    assert main.run(["new", "crates", "page.md"]) == 2
    message = capsys.readouterr().err
    assert "page.md: line 5 begins the request body, and no member of it was read" in message
    assert not Path("contracts").exists()


def test_an_answer_of_which_nothing_was_read_is_said_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands first in the notes, and before everything else in what `verify` prints."""
    Path("page.md").write_text(f"{HEAD}{BODY}\n## Response\n\n{PROSE}")
    assert main.run(["new", "crates", "page.md"]) == 0
    said = "nothing was read of the response that begins on line 11 of page.md"
    assert said in Path("contracts/apis/crates/NOTES.md").read_text().splitlines()[0]
    assert said in capsys.readouterr().out.splitlines()[0]
    monkeypatch.setenv("CRATES_TOKEN", "t")
    main.run(["verify", "crates", "--target", "crates=http://127.0.0.1:9"])
    assert said in capsys.readouterr().err.splitlines()[0]


@pytest.mark.parametrize(
    "page",
    [
        f"{HEAD}{BODY}\n{ANSWER}",
        f"{HEAD}{BODY}\n## Response\n\n### 204 No Content\n",
        f"{HEAD}{BODY}",
    ],
    ids=["both read", "without a body", "no such section"],
)
def test_nothing_is_said_where_nothing_is_missing(
    page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page whose sections were read, and one that has none, start without a word."""
    Path("page.md").write_text(page)
    assert main.run(["new", "crates", "page.md"]) == 0
    assert "nothing was read" not in capsys.readouterr().out
