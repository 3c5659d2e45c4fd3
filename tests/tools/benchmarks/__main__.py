"""Run the benchmarks and print one table: ``python -m tests.tools.benchmarks [NAME]...

[--full] [--quick]``.

Every figure is a ratio, or holds with room to spare on two shared cores. Exit status 1 when a bar
is missed.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from . import (
    against_schemathesis,
    against_specmatic,
    concurrency,
    conditions,
    discovery,
    exchanges,
    exploring,
    growth,
    mocking,
    profiles,
    startup,
)
from .measuring import Row

LIBRARIES = ("httpx", "hypothesis", "jsonschema", "pytest", "respx", "schemathesis")


# the smallest sizes, which show that everything runs and measure nothing
QUICK: dict[str, dict[str, Any]] = {
    "exchanges": {"rounds": 1, "fuzz": 0},
    "startup": {"rounds": 1},
    "concurrency": {"latencies": [0.001], "workers": [2], "api": "komerza", "fuzz": 0},
    "growth": {"members": [2, 4], "operations": [1], "fuzz": 0},
    "discovery": {"every": 400},
    "mocking": {"rounds": 1, "count": 3},
    "exploring": {"minutes": 0.02, "api": "komerza/create-order"},
    "schemathesis": {"every": 1_000, "apis": ["komerza"]},
    "profile": {"members": 2, "requests": 3},
}


def _schemathesis(details: Path | None, **sizes: Any) -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        trials = against_schemathesis.compare(Path(folder), **sizes)
    if details is not None:
        details.write_text(against_schemathesis.report(trials), encoding="utf-8")
    yield from against_schemathesis.rows(trials)


def _specmatic(jar: Path | None, **sizes: Any) -> Iterator[Row]:
    if jar is not None:
        with TemporaryDirectory() as folder:
            yield from against_specmatic.rows(Path(folder), jar, **sizes)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--full", is_flag=True, help="Compare with Schemathesis on every fault, not on a sample."
)
@click.option(
    "--every",
    type=click.IntRange(1),
    default=against_schemathesis.SAMPLE,
    show_default=True,
    help="Compare with Schemathesis on every so manieth fault.",
)
@click.option(
    "--specmatic",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="JAR",
    help="Compare with Specmatic as well: the jar that its npm package brings.",
)
@click.option(
    "--profile", is_flag=True, help="Print where the time goes, by cProfile, and measure nothing."
)
@click.option(
    "--quick", is_flag=True, help="Run with the smallest sizes, to see that everything runs."
)
@click.option(
    "--details",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what each tool made of each fault, as JSON.",
)
def main(
    names: Sequence[str],
    details: Path | None,
    every: int,
    specmatic: Path | None,
    *,
    full: bool,
    profile: bool,
    quick: bool,
) -> None:
    """Run the benchmarks of these names, all when none is given."""
    if profile:
        for line in profiles.lines(**(QUICK["profile"] if quick else {})):
            click.echo(line)
        return
    benchmarks: dict[str, Callable[..., Iterator[Row]]] = {
        "exchanges": exchanges.rows,
        "startup": startup.rows,
        "concurrency": concurrency.rows,
        "growth": growth.rows,
        "discovery": discovery.rows,
        "conditions": conditions.rows,
        "mocking": mocking.rows,
        "exploring": exploring.rows,
        "schemathesis": partial(_schemathesis, details),
        "specmatic": partial(_specmatic, specmatic),
    }
    sizes = QUICK if quick else {"schemathesis": {"every": 1 if full else every}}
    if unknown := sorted(set(names) - benchmarks.keys()):
        raise click.UsageError(
            f"there is no benchmark {unknown[0]!r}; there are {', '.join(benchmarks)}"
        )
    rows = [row for name in names or benchmarks for row in benchmarks[name](**sizes.get(name, {}))]
    console = Console(width=150 if not sys.stdout.isatty() else None, markup=False, highlight=False)
    console.print(table(rows))
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    console.print(
        f"order-contracts {version('order-contracts')}, Python {platform.python_version()}, "
        f"{libraries}"
    )
    missed = [row for row in rows if row.holds is False]
    console.print(f"{len(missed)} bars missed")
    sys.exit(1 if missed else 0)


def table(rows: Sequence[Row]) -> Table:
    """Return the table of all figures."""
    lines = Table("question", "figure", "bar", "", "detail")
    words = {True: "ok", False: "missed", None: ""}
    for row in rows:
        lines.add_row(row.question, f"{row.figure:,.2f}", row.bar, words[row.holds], row.detail)
    return lines


if __name__ == "__main__":
    main()
