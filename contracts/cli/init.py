"""``contracts init``."""

from __future__ import annotations

from pathlib import Path

import click

from contracts.errors import UsageError
from contracts.reports.formats import files
from contracts.verify import targets_file


@click.command("init")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default="targets.toml")
def command(file: Path) -> None:
    """Write a commented example of a targets file (targets.toml, unless another name is given)."""
    if file.exists():
        raise UsageError(f"{file} exists; give another name")
    files.save(file, targets_file.EXAMPLE.read_text(encoding="utf-8"))
    click.echo(f"wrote {file}; then: contracts verify --targets {file}")
