"""What the project says of itself is so."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

from contracts.definition import catalogue, loading
from contracts.faults import catalogue as faults

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_newest_entry_of_the_changelog_is_the_version() -> None:
    """pyproject.toml, the installed metadata and CHANGELOG.md name the same version."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]
    newest = re.search(
        r"^## (\S+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert newest
    assert declared == newest[1] == version("order-contracts")


def test_the_readme_gives_two_set_up_commands() -> None:
    """One runs the main job, one the tests; the gate calls them as they stand there."""
    commands = re.findall(r"^    (python3 -m venv .*)$", README, re.MULTILINE)
    assert [command.rpartition(" ")[2] for command in commands] == ["contract", "tests"]


def test_the_readme_counts_clauses_faults_and_variants_right() -> None:
    """The numbers that the README gives are those of the data."""
    contracts = [
        loading.load(name) for api in catalogue.available() for name in catalogue.operations(api)
    ]
    seeded = [fault for contract in contracts for fault in faults.load(contract)]
    variants = sum(fault.conforming for fault in seeded)
    said = re.search(
        r"(\d+) clauses, (\d+) faults caught precisely, none of\s+(\d+) conforming variants", README
    )
    assert said
    counted = (
        sum(len(contract.clauses) for contract in contracts),
        len(seeded) - variants,
        variants,
    )
    assert tuple(map(int, said.groups())) == counted


def test_every_clause_has_a_fault() -> None:
    """A clause without a fault that breaks it can't be shown to bite."""
    for api in catalogue.shipped():
        contract = loading.load(api)
        proven = {clause for fault in faults.load(contract) for clause in fault.breaks}
        assert not {clause.id for clause in contract.clauses} - proven
