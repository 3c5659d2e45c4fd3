"""The picture of the rooms in docs/architecture.md is the tree of the package."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def rooms() -> set[str]:
    """Return the folders of the package, by their names in it: ``derive/html``."""
    package = ROOT / "contracts"
    return {
        str(path.parent.relative_to(package))
        for path in package.rglob("__init__.py")
        if path.parent != package
    }


def test_every_room_is_in_the_picture() -> None:
    """A folder that the picture does not show would be a room that nobody finds."""
    picture = PAGE.partition("## Rooms")[2].partition("```\n\n")[0]
    drawn = set(re.findall(r"\b([a-z_]+)/", picture))
    assert {room.rpartition("/")[2] for room in rooms()} <= drawn


def test_the_picture_shows_no_room_that_is_not_there() -> None:
    """A room that has gone goes from the picture as well."""
    picture = PAGE.partition("## Rooms")[2].partition("```\n\n")[0]
    drawn = set(re.findall(r"^ {2,4}([a-z_]+)/ ", picture, re.MULTILINE))
    known = {room.rpartition("/")[2] for room in rooms()} | {"apis"}
    assert drawn <= known


def test_few_modules_stand_at_the_root() -> None:
    """What has a room stands in it."""
    assert len(list((ROOT / "contracts").glob("*.py"))) <= 8


def test_tests_have_a_folder_for_each_room() -> None:
    """Where the test of a module is has one answer."""
    tests = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    top = {room.partition("/")[0] for room in rooms()}
    # the sandboxes are tested by all that run against them, and records do nothing
    assert top - {"sandbox", "model"} <= tests


def test_what_the_page_says_of_additions_is_there() -> None:
    """Every file that the table of additions names exists."""
    table = PAGE.partition("## Where to add what")[2]
    named = re.findall(r"`((?:tests|judge|reports|cli|verify|proof|derive)/[\w/]*\w\.py)`", table)
    missing = [
        name
        for name in named
        if not (ROOT / name).exists() and not (ROOT / "contracts" / name).exists()
    ]
    assert named
    assert not missing


@pytest.mark.slow
def test_ids_of_clauses_are_made_in_one_module() -> None:
    """No other module has a literal, or the beginning of one, that is the id of a clause."""
    begins = re.compile(r"(request|response|authorization|address|protocol|robustness)\.[\w{]?")
    modules = (ROOT / "contracts").rglob("*.py")
    strays = [
        f"{path.name}:{node.lineno} {node.value}"
        for path in modules
        if path.name != "clause_ids.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and begins.match(node.value)
        and not re.search(r"\s|/", node.value)
    ]
    assert not strays


MOST_LINES, LONGEST_FUNCTION = 300, 50


def test_no_module_and_no_function_is_too_long_to_be_read_at_once() -> None:
    """A module has one subject, and fits a few screens; a function fits one."""
    long = []
    for path in (ROOT / "contracts").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        lines = len(text.splitlines())
        long += [f"{path.name}: {lines} lines"] if lines > MOST_LINES else []
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                long += [f"{path.name}: {node.name}"] if size > LONGEST_FUNCTION else []
    assert not long
