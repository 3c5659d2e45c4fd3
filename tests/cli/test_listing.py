"""What there is, listed and completed: shipped contracts and those of the project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete

from contracts.cli import main
from contracts.cli.list import KINDS
from contracts.definition import catalogue, loading


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a contract of the project's own, in a folder that its file names."""
    folder = tmp_path / "here" / "shelves"
    shutil.copytree(catalogue.APIS / "kohort", folder)
    (tmp_path / "order-contracts.toml").write_text(
        'contracts = "here"\n[env.staging.shelves]\nurl = "http://127.0.0.1:9"\n', encoding="utf-8"
    )
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    return "shelves"


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    """Return the rows of ``contracts list``."""
    assert main.run(["list", *arguments, "--json"]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


def completed(*words: str) -> list[str]:
    """Return what a shell offers for the last word."""
    shell = ShellComplete(main.contracts, {}, "contracts", "_CONTRACTS_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_listed_in_words_and_as_json(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both have a row for each; no text is cut."""
    rows = listed(capsys, kind)
    assert main.run(["list", kind]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rows) > 3
    longest = max((str(value) for value in rows[0].values()), key=len)
    assert longest in lines[0] or longest.startswith("[")


def test_a_filter_is_of_words_that_are_all_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Case does not matter."""
    rows = listed(capsys, "clauses", "kohort/create-order", "RISKLEVEL.enum")
    assert [row["clause"] for row in rows] == ["response.riskLevel.enum"]
    assert main.run(["list", "clauses", "no-such"]) == 0
    assert capsys.readouterr() == ("", "no clauses with no-such\n")


def test_a_bare_command_prints_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 0; the table of exit statuses stands one a line."""
    assert main.run([]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Usage: contracts")
    assert "\n    2  " in out


def test_contracts_of_ones_own_have_names(
    own: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are listed, explained, compared, written and verified by name, from below as well."""
    monkeypatch.setenv("KOHORT_TOKEN", "any")
    rows = listed(capsys, "apis", own)
    assert [(row["api"], row["origin"]) for row in rows] == [(own, "own"), (f"{own}@2", "own")]
    assert loading.load(own).clauses == loading.load("kohort").clauses
    for arguments in (
        ["diff", own, "kohort"],
        ["openapi", own],
        ["explain", "response.riskLevel.enum", "--api", own],
        ["verify", own, "--plan", "--env", "staging"],
    ):
        assert main.run(arguments) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["verify", "shelves@2/create-o"], ["shelves@2/create-order"]),
        (["verify", "komerza@2/create-o"], ["komerza@2/create-order"]),
        (["verify", "--env", "st"], ["staging"]),
        (["replay", "x.json", "--env", ""], ["staging"]),
        (["verify", "--only", "response.riskLevel.e"], ["response.riskLevel.enum"]),
        (["explain", "response.riskLevel.e"], ["response.riskLevel.enum"]),
        (["serve", "komerza@2/create-o"], ["komerza@2/create-order"]),
        (["serve", "kohort", "--fault", "default-locale-wrong"], ["default-locale-wrong"]),
        (["serve", "kohort", "--fault", "cut"], ["cut-off"]),
        (["confirm", "kohort", "response.riskLevel.e"], ["response.riskLevel.enum"]),
        (["derive", "page.txt", "--check", "komerza@2/create-o"], ["komerza@2/create-order"]),
        (["replay", "x.json", "--api", "komerza@2/create-o"], ["komerza@2/create-order"]),
        (["explain", "x", "--api", "komerza@2/create-o"], ["komerza@2/create-order"]),
        (["openapi", "no-such"], []),
    ],
)
@pytest.mark.usefixtures("own")
def test_a_shell_completes_names(words: list[str], expected: list[str]) -> None:
    """APIs and operations, environments of the file, clauses and faults, wherever one is named."""
    assert completed(*words) == expected
