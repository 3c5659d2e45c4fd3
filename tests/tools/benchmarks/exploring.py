"""Exploring: what a long run keeps in memory and writes into its report.

`contracts explore` in a process of its own, against its embedded sandbox.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from contracts.cli.main import run

from .growth import largest_size
from .measuring import Row, at_most

MEMORY, REPORT = 300.0, 5.0  # MB


def rows(minutes: float = 3.0, api: str = "kohort/create-order") -> Iterator[Row]:
    """Explore one operation for so many minutes."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", __name__, "explore", api, "--minutes", str(minutes)]
        done = subprocess.run(  # noqa: S603
            [*command, "--json", str(report)],
            check=True,
            capture_output=True,
            text=True,
            cwd=folder,
        )
        megabytes = report.stat().st_size / 1_000_000
        (explored,) = json.loads(report.read_text(encoding="utf-8"))["runs"]
    memory = float(done.stderr.split()[-1])
    detail = f"{explored['requests']:,} requests in {minutes:g} minutes"
    yield at_most("exploring: memory, MB", memory, MEMORY, detail)
    yield at_most("exploring: its report, MB", megabytes, REPORT, detail)


if __name__ == "__main__":
    status = run(sys.argv[1:])
    print(largest_size(), file=sys.stderr)  # noqa: T201 - for `rows`
    sys.exit(status)
