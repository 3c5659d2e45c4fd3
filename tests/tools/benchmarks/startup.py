"""Start-up.

The help, an offline verify, and what the installed plugin adds to pytest runs that use none of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from .measuring import Row, alternate, at_most, process

HELP, OFFLINE, PLUGIN = 0.3, 2.5, 0.15  # seconds
UNRELATED = "def test_unrelated():\n    assert True\n"


def rows(rounds: int = 5) -> Iterator[Row]:
    """Measure each as the median of processes of their own, started in turn."""
    with TemporaryDirectory() as folder:
        test = Path(folder) / "test_unrelated.py"
        test.write_text(UNRELATED, encoding="utf-8")
        unrelated = (
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--rootdir={folder}",
            str(test),
        )
        nothing, shown, usual, drawn, without, installed = alternate(
            rounds,
            process("-c", "pass"),
            process("-m", "contracts", "--help"),
            process("-m", "contracts", "verify"),
            process("-m", "contracts", "verify", "--seed", "1"),
            process(*unrelated, "-p", "no:contracts.plugin"),
            process(*unrelated),
        )
    yield at_most(
        "contracts --help, seconds", shown, HELP, f"an empty Python process takes {nothing:.2f} s"
    )
    detail = f"{drawn:.2f} s with another seed, whose bodies are drawn in the run"
    yield at_most("contracts verify, both APIs offline, seconds", usual, OFFLINE, detail)
    added = installed - without
    yield at_most("added to an unrelated pytest run, seconds", added, PLUGIN, f"to {without:.2f} s")
