"""What a person at a terminal sees of a run: a bar, colours, and the same verdict."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys

import pytest


def on_a_terminal(*arguments: str, **environment: str) -> tuple[int, str]:
    """Run a command on a terminal of its own; return its exit status and what it showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "contracts", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **environment},
    )
    os.close(theirs)
    text = b""
    try:
        while chunk := os.read(ours, 65536):
            text += chunk
    except OSError:  # how Linux tells that the other end is closed
        pass
    os.close(ours)
    return process.wait(60), text.decode()


@pytest.mark.slow
def test_all_operations_of_an_api_are_verified_on_a_terminal() -> None:
    """The bar counts the requests of every operation, and the verdict is go."""
    status, text = on_a_terminal("verify", "komerza", "--fuzz", "0")
    assert status == 0, text
    assert "requests  [###" in text
    assert "pass: go" in text


@pytest.mark.slow
@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colours_are_left_out_where_the_user_says_so(no_color: str, *, coloured: bool) -> None:
    """NO_COLOR is kept to."""
    _, text = on_a_terminal("verify", "komerza/list-orders", "--fuzz", "0", NO_COLOR=no_color)
    assert ("\x1b[1m" in text) is coloured


# runs the command, and stands still where a library is loaded; a shell has what runs in its
# background ignore interrupts, these tests as well
SLOW_IMPORT = """
import runpy, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
class Finder:
    def find_spec(name, *_):
        if name == {library!r}:
            print("loading", flush=True)
            time.sleep(30)
sys.meta_path.insert(0, Finder)
sys.argv = ["contracts", "verify"]
runpy.run_module("contracts", run_name="__main__")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("library", "number", "status"),
    [("click", signal.SIGINT, 130), ("httpx", signal.SIGINT, 130), ("click", signal.SIGTERM, 143)],
)
def test_an_interrupt_while_libraries_load_is_no_traceback(
    library: str, number: signal.Signals, status: int
) -> None:
    """Whoever ends a command before it has begun sees one line, and the status of that."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", SLOW_IMPORT.format(library=library)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "loading\n"
    process.send_signal(number)
    _, words = process.communicate(timeout=20)
    assert (process.returncode, words) == (status, "contracts: interrupted\n")
