"""README.md and docs/ as a reader would follow them.

Files are saved, commands are run, outputs are compared.

A block that is fenced as `console` holds commands (``$ …``, continued by a backslash) and what they
print. `…` stands for any text in a line, and alone on a line for any lines. A command without an
output only has to succeed; one that fails is followed by ``$ echo $?``. Any other block with
`title="NAME"` is a file that the reader saves under that name. All blocks of a page share one
shell, in a copy of the clone.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from threading import Timer
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LONGEST = 120.0  # seconds that one command may take
PROGRESS = re.compile(r"\d+ requests done")  # is said where a machine is slow
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
MARK = "@@ the command before ended with"


class Step(NamedTuple):
    """One thing to do for a reader: save a file (`title`), or run a command.

    At a line of the page.
    """

    line: int
    title: str | None
    text: str
    output: list[str]


def steps(page: Path) -> Iterator[Step]:
    """Give the steps of a page in its order."""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type != "fence":
            continue
        first = (token.map or [0])[0] + 1
        if title := re.search(r'title="([^"]+)"', token.info):
            yield Step(first, title[1], token.content, [])
        elif token.info.split()[:1] == ["console"]:
            yield from _commands(token.content, first)


def _commands(content: str, first: int) -> Iterator[Step]:
    step: Step | None = None
    lines = iter(enumerate(content.splitlines(), first + 1))
    for number, line in lines:
        if line.startswith("$ "):
            if step:
                yield step
            command = line[2:]
            while command.endswith("\\"):
                command += "\n" + next(lines)[1]
            step = Step(number, None, command, [])
        else:
            assert step, f"line {number}: an output without a command"
            step.output.append(line.rstrip())
    if step:
        yield step


class Shell:
    """One bash for a whole page, so that variables and servers in the background live on."""

    def __init__(self, folder: Path) -> None:
        hidden = ("KOHORT_", "KOMERZA_", "GITHUB_", "CI", "COLUMNS", "PYTEST_", "COVERAGE_", "COV_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        scripts = str(Path(sys.executable).parent)
        self.folder = folder
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],  # noqa: S607 - the reader's shell
            cwd=folder,
            env={
                **kept,
                "PATH": f"{scripts}:{os.environ['PATH']}",
                "HOME": str(folder.parent),
                "COLUMNS": "80",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, command: str) -> tuple[int, list[str]]:
        """Run a command; give its exit status and the lines that it printed."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(
            f"{{ {command}\n}} < /dev/null\nstatus=$?; printf '\\n{MARK} %s\\n' $status; (exit "
            "$status)\n"
        )
        self.process.stdin.flush()
        lines: list[str] = []
        timer = Timer(LONGEST, self.close)
        timer.start()
        try:
            for line in self.process.stdout:
                if line.startswith(MARK):
                    return int(line.removeprefix(MARK)), lines[:-1] if lines[-1:] == [""] else lines
                if not PROGRESS.fullmatch(line.strip()):
                    lines.append(line.rstrip())
        finally:
            timer.cancel()
        raise AssertionError(f"{command!r} did not end within {LONGEST:.0f} s; it printed {lines}")

    def close(self) -> None:
        """End the shell and everything that it started."""
        with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def matches(expected: list[str], got: list[str]) -> bool:
    """Tell whether an output is as the page shows it."""
    pattern = "".join(
        r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in ("\n".join(expected).strip("\n")).split("\n")
    )
    return re.fullmatch(pattern, "\n".join(got).strip("\n") + "\n") is not None


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """Open a shell in a copy of the clone, the vendors' pages beside it where they are at hand."""
    shutil.copytree(ROOT, tmp_path / "main", ignore=LEFT_OUT)
    if (ROOT.parent / "shared").is_dir():
        (tmp_path / "shared").symlink_to(ROOT.parent / "shared")
    opened = Shell(tmp_path / "main")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if any(steps(page))],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_every_command_and_output_of_a_page_is_real(page: Path, shell: Shell) -> None:
    """Whoever follows the page sees what it shows."""
    todo = list(steps(page))
    for step, following in zip_longest(todo, todo[1:]):
        if step.title:
            file = shell.folder / step.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step.text, encoding="utf-8")
            continue
        status, got = shell.run(step.text)
        place = f"{page.name}:{step.line}: $ {step.text}"
        if not (following and following.text == "echo $?"):
            assert status == 0, f"{place}\nended with {status} and printed:\n" + "\n".join(got)
        if step.output:
            shown = "\n".join(step.output)
            assert matches(step.output, got), (
                f"{place}\nthe page shows:\n{shown}\nbut it printed:\n" + "\n".join(got)
            )


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        (["a", "…", "b"], ["a", "b"], True),
        (["a", "…", "b"], ["a", "x", "y", "b"], True),
        (["took … s"], ["took 0.9 s"], True),
        (["a"], ["a", "b"], False),
        (["took … s"], ["took", "0.9 s"], False),
    ],
)
def test_an_ellipsis_stands_for_text_or_lines(
    expected: list[str], got: list[str], *, same: bool
) -> None:
    """An output that differs anywhere else is noticed."""
    assert matches(expected, got) is same
