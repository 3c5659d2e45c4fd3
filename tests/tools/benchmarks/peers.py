"""What comparisons with other tools share: which sandboxes are tried, and what a tool makes of one.

Each tool gets the same address, the same token and the same contract.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.definition import loading
from contracts.faults import catalogue
from tests.helpers.serving import ENVIRONMENT, Counting, served


@dataclass(frozen=True, slots=True)
class Trial:
    """What one tool made of one sandbox."""

    found: bool
    requests: int
    seconds: float


def sampled(api: str, every: int) -> list[catalogue.Fault]:
    """Return every so manieth fault that a server can have, and every so manieth variant.

    Not the faults that end connections: other tools end with them.
    """
    faults = [fault for fault in catalogue.load(loading.load(api)) if not fault.fails]
    broken = [fault for fault in faults if not fault.conforming]
    variants = [fault for fault in faults if fault.conforming]
    return [*broken[::every], *variants[::every]]


def our_command(api: str) -> list[str]:
    """Return our command: its defaults, but failing on every basis, as `contracts prove` does."""
    command = [sys.executable, "-m", "contracts", "verify", f"{api}/create-order"]
    return [*command, "--target", f"{api}={{url}}", "--fail-on", "convention"]


def attempt(
    command: Sequence[str], folder: Path, app: Callable[..., Any], **environment: str
) -> Trial:
    """Serve an application on a port of its own and run a command against it.

    Exit status 1 means that something was found; RuntimeError for any other that is not 0.
    """
    counting = Counting(app)
    kept = {  # coverage takes time
        name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")
    }
    with served(counting) as url:
        started = time.perf_counter()
        done = subprocess.run(  # noqa: S603 - both commands are ours to choose
            [part.replace("{url}", url) for part in command],
            cwd=folder,
            env={**kept, **ENVIRONMENT, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - started
    if done.returncode not in (0, 1):
        raise RuntimeError(
            f"{' '.join(command[:3])}: exit status {done.returncode}: {done.stderr[-500:]}"
        )
    return Trial(done.returncode == 1, counting.requests, seconds)
