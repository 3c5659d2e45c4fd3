"""The health of contracts.

Each check finds what it is for, and what is accepted has a reason that is needed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.authoring import lint
from contracts.cli import main
from contracts.definition import catalogue
from contracts.errors import ContractError

Edit = Callable[[Path], object]


def edited(path: Path, edit: Callable[[Any], object]) -> None:
    """Change a JSON file."""
    value = json.loads(path.read_text())
    edit(value)
    path.write_text(json.dumps(value))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of a shipped contract, without its later revisions."""
    made = tmp_path / "kohort"
    shutil.copytree(catalogue.APIS / "kohort", made, ignore=shutil.ignore_patterns("2"))
    return made / "create-order"


def request(edit: Callable[[Any], object]) -> Edit:
    """Change a member of the request schema."""
    return lambda folder: edited(
        folder / "schemas" / "request.json", lambda schema: edit(schema["properties"])
    )


# what is wrong, the check that finds it, the place, words
WRONG: list[tuple[Edit, str, str, str]] = [
    (
        request(lambda p: p["amount"]["x-source"].pop("description")),
        "undescribed",
        "request.amount",
        "gives no description",
    ),
    (
        request(lambda p: p["amount"]["x-source"].update(description=[64, 64])),
        "overlaps",
        "request.amount",
        "same lines as that of request.clientReferenceId",
    ),
    (
        request(lambda p: p["locale"].update(default="de_DE")),
        "examples",
        "request.locale",
        'the default "de_DE" breaks enum',
    ),
    (
        request(lambda p: p["amount"].update({"x-examples": ["12"]})),
        "examples",
        "request.amount",
        'the example "12" breaks type',
    ),
    (
        request(
            lambda p: (
                p["customerId"].update(minLength=9, maxLength=3),
                p["customerId"]["x-source"].update(minLength=[36, 36], maxLength=[36, 36]),
            )
        ),
        "unsatisfiable",
        "plausible.customerId",
        "no value fits it",
    ),
    (
        lambda folder: edited(
            folder / "overlay.json", lambda overlay: overlay["actions"][0].pop("description")
        ),
        "unfinished",
        "actions/0",
        "gives no reason",
    ),
    (
        lambda folder: (folder / "contract.toml").write_text(
            'acceptance = "convention"\n' + (folder / "contract.toml").read_text()
        ),
        "unfinished",
        "acceptance",
        "not written yet",
    ),
    (
        lambda folder: (folder / "contract.toml").write_text(
            (folder / "contract.toml")
            .read_text()
            .replace('response = "/id"', 'response = "/number"')
        ),
        "unexercised",
        "relation.id.unique",
        "the response has no /number",
    ),
    (
        lambda folder: (folder / "lint.toml").write_text(
            (folder / "lint.toml")
            .read_text()
            .replace("response.updatedAt", 'response.*At", "response.gone')
        ),
        "accepted",
        "response.gone",
        "accepts nothing",
    ),
]


@pytest.mark.parametrize(
    ("edit", "check", "place", "words"), WRONG, ids=[f"{row[1]} {row[2]}" for row in WRONG]
)
def test_each_check_finds_what_it_is_for(
    folder: Path, edit: Edit, check: str, place: str, words: str
) -> None:
    """A contract that was clean has the problem that was put into it, with its place and words."""
    assert lint.lint(str(folder))[0] == ()
    edit(folder)
    problems, _ = lint.lint(str(folder))
    found = [problem for problem in problems if (problem.check, problem.place) == (check, place)]
    assert found, problems
    assert words in str(found[0])


def test_one_definition_may_speak_of_the_request_and_the_answer(folder: Path) -> None:
    """What a document says once, by a reference say, of a member of both is no overlap."""
    answer = json.loads((folder / "schemas" / "response.json").read_text())
    lines = answer["properties"]["locale"]["x-source"]["description"]
    request(lambda p: p["locale"]["x-source"].update(description=lines))(folder)
    problems, _ = lint.lint(str(folder))
    assert [problem for problem in problems if problem.check == "overlaps"] == []


@pytest.mark.parametrize("name", catalogue.available())
def test_the_shipped_contracts_are_clean(name: str) -> None:
    """What is found in a shipped contract is accepted with a reason.

    And every such row is needed.
    """
    problems, accepted = lint.lint(name)
    assert problems == ()
    assert accepted > 0


def test_a_row_that_is_none_is_refused(folder: Path) -> None:
    """A row of lint.toml names a check, places and a reason."""
    (folder / "lint.toml").write_text('[[accepted]]\ncheck = "undescribed"\nplaces = ["a"]\n')
    with pytest.raises(ContractError, match="accepted/0: expected a check of"):
        lint.lint(str(folder))
    (folder / "lint.toml").write_text("[[")
    with pytest.raises(ContractError, match=r"lint\.toml"):
        lint.lint(str(folder))


def test_the_exit_status_says_whether_it_is_clean(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 clean, 1 with problems, 2 for a name that is none.

    Each problem is a line with file, place and lines.
    """
    assert main.run(["lint", str(folder)]) == 0
    assert capsys.readouterr().out == f"{folder}: 0 problems, 2 accepted\n"
    (folder / "lint.toml").unlink()
    assert main.run(["lint", str(folder)]) == 1
    assert (
        "kohort/create-order/schemas/response.json: response.createdAt (lines 209-210): the page"
        in capsys.readouterr().out
    )
    assert main.run(["lint", "nobody"]) == 2
