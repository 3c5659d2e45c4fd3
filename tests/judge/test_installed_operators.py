"""Operators of relations that another package brings by an entry point."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.docs.test_docs import ROOT

WHOLE = """
def check_whole(history, of, most=5):
    \"\"\"Check that a number has no fraction.\"\"\"
    for answer in history.accepted:
        number = answer.got(of)
        yield answer.look(of, "a whole number", number, ok=number == int(number))
"""
ROW = """
[[relations]]
id = "relation.amount.whole"
statement = "amount is whole"
op = "whole"
of = "/amount"
basis = "document"
lines = [46, 47]
"""


def installed(folder: Path, name: str, module: str) -> None:
    """Put a package with one entry point where Python finds it."""
    (folder / "our_rules.py").write_text(module, encoding="utf-8")
    about = folder / "our_rules-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: our-rules\nVersion: 1\n")
    points = f"[order_contracts.operators]\n{name} = our_rules:check_whole\n"
    (about / "entry_points.txt").write_text(points, encoding="utf-8")


def contracts(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process that sees the package."""
    command = [sys.executable, "-m", "contracts", *arguments]
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    return subprocess.run(  # noqa: S603
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_an_installed_function_is_an_operator(tmp_path: Path) -> None:
    """It is listed, and a row of a contract may name it."""
    installed(tmp_path, "whole", WHOLE)
    listed = contracts(tmp_path, "list", "operators", "whole")
    assert "Check that a number has no fraction." in listed.stdout
    own = tmp_path / "contracts" / "apis" / "shop"
    page = ROOT / "tests" / "helpers" / "pages" / "tickets.txt"
    assert contracts(tmp_path, "new", "shop", str(page)).returncode == 0
    contract = own / "contract.toml"
    row = ROW.replace("/amount", "/priority").replace("relation.amount", "relation.priority")
    contract.write_text(contract.read_text(encoding="utf-8") + row, encoding="utf-8")
    explained = contracts(tmp_path, "explain", "relation.priority.whole", "--api", "shop")
    assert "amount is whole" in explained.stdout, explained.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "module", "words"),
    [
        ("whole", "", "can't be used: AttributeError"),
        ("whole", "check_whole = 5", "can't be used: TypeError"),
        ("echo", WHOLE, "there is one of this name"),
    ],
)
def test_what_is_no_operator_is_one_line(
    tmp_path: Path, name: str, module: str, words: str
) -> None:
    """That names the entry point."""
    installed(tmp_path, name, module)
    done = contracts(tmp_path, "list", "operators")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert f"the operator {name} = our_rules:check_whole" in done.stderr
    assert words in done.stderr
