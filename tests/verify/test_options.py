"""The options of a run stand in one table: every front end has them all."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.cli.verify import command
from contracts.engine.settings import Settings
from contracts.errors import UsageError
from contracts.verify.configuration import load
from contracts.verify.options import LIVE, TABLE, Options, read


@pytest.mark.parametrize("flag", [option.flag for option in TABLE.values() if option.command_line])
def test_the_command_line_has_every_option(flag: str) -> None:
    """A row of the table is an option of ``contracts verify``."""
    assert flag in CliRunner().invoke(command, ["--help"], terminal_width=200).output


@pytest.mark.parametrize("flag", [option.flag for option in TABLE.values() if option.pytest])
def test_pytest_has_every_option(flag: str, pytestconfig: pytest.Config) -> None:
    """A row of the table is an option of the contract suite."""
    assert any(
        option.dest == f"contracts_{name}" and flag in option.names()
        for name, row in TABLE.items()
        if row.flag == flag
        for group in pytestconfig._parser._groups
        for option in group.options
    )


@pytest.mark.parametrize("name", LIVE)
def test_a_targets_file_may_set_what_is_live(name: str, tmp_path: Path) -> None:
    """What a row calls live may stand in the table of a target."""
    path = tmp_path / "targets.toml"
    path.write_text(f'[staging.kohort]\nurl = "http://127.0.0.1:9"\n{name} = 3\n', encoding="utf-8")
    (entry,) = load(path).entries
    assert entry.url == "http://127.0.0.1:9"


def test_every_option_is_a_field() -> None:
    """A row of the table names a field of the options, in the same order."""
    names = [entry.name for entry in fields(Options)]
    assert [name for name in names if name in TABLE] == list(TABLE)


def test_what_goes_to_the_engine_is_one_of_its_settings() -> None:
    """A row's setting names a field of the engine's settings."""
    settings = {option.setting for option in TABLE.values() if option.setting}
    assert settings <= {entry.name for entry in fields(Settings)}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("budget", "0", "of at least 1"),
        ("rate", "inf", "a number"),
        ("concurrency", "65", "of at most 64"),
        ("seed", "1.5", "a whole number"),
        ("fail_on", "documents", "one of document, standard, convention"),
    ],
)
def test_a_value_that_an_option_does_not_take_is_refused(
    name: str, value: str, expected: str
) -> None:
    """The message names the option, what it takes, and what it got."""
    with pytest.raises(UsageError) as raised:
        read({name: value})
    assert str(raised.value).startswith(TABLE[name].flag)
    assert expected in str(raised.value)
