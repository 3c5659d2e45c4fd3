"""Reports that go to standard output, and those that come from standard input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.nightly import at_night

VERIFY = ("verify", "kohort/create-order", "--fuzz", "0", "--only", "request.typical")
OUTPUT = Path("/dev/stdout")


def contracts(*arguments: str, out: str, cwd: Path, given: str = "") -> str:
    """Run a command whose standard output is a file of a folder; return what it said besides."""
    with (cwd / out).open("w", encoding="utf-8") as stream:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "contracts", *arguments],
            stdout=stream,
            stderr=subprocess.PIPE,
            input=given,
            text=True,
            cwd=cwd,
            timeout=60,
            check=False,
        )
    return done.stderr


COMMANDS = {
    "pass: go": (*VERIFY, "--json"),
    "What breaks callers": ("diff", "kohort", "kohort@2", "--json"),
    "clauses proven": ("prove", "kohort/get-group", "--quick", "--json"),
}
NAMES = ("-", "/dev/stdout", "out.json")  # of standard output, or of the file that it is sent to


@pytest.mark.slow
@pytest.mark.skipif(not OUTPUT.exists(), reason="the system has no such device")
@pytest.mark.parametrize(
    ("words", "name"),
    # a proof takes seconds, and has its output as the others have it
    [
        at_night((words, name)) if "prove" in command and name != "-" else (words, name)
        for words, command in COMMANDS.items()
        for name in NAMES
    ],
)
def test_standard_output_has_the_report_and_nothing_else(
    words: str, name: str, tmp_path: Path
) -> None:
    """By each of its names, also that of the file that it is sent to; words go elsewhere."""
    said = contracts(*COMMANDS[words], name, out="out.json", cwd=tmp_path)
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["format"]
    assert words in said


def test_a_report_to_a_null_device_moves_no_words(tmp_path: Path) -> None:
    """Whoever wants neither gets neither, although both go to one device."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "contracts", *VERIFY, "--json", "/dev/null"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        timeout=60,
        check=True,
    )
    assert done.stderr == b""


def test_two_reports_to_standard_output_are_refused(tmp_path: Path) -> None:
    """Under two names as well."""
    said = contracts(*VERIFY, "--json", "-", "--html", "/dev/stdout", out="o", cwd=tmp_path)
    assert said == "contracts: --json and --html name the same file: /dev/stdout\n"


def test_a_report_is_read_from_standard_input(tmp_path: Path) -> None:
    """So one command reads what another wrote; a folder named - is not in the way."""
    (tmp_path / "-").mkdir()
    contracts(*VERIFY, "--json", "-", out="report", cwd=tmp_path)
    given = (tmp_path / "report").read_text(encoding="utf-8")
    contracts("report", "-", "--markdown", "-", out="words", cwd=tmp_path, given=given)
    assert "go; " in (tmp_path / "words").read_text(encoding="utf-8").splitlines()[0]
