"""``contracts init``."""

from __future__ import annotations

from pathlib import Path

import click

from contracts import configuration
from contracts.errors import UsageError


@click.command("init")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default="targets.toml")
def command(file: Path) -> None:
    """Write a commented example of a targets file (targets.toml, unless another name is given)."""
    if file.exists():
        raise UsageError(f"{file} exists; give another name")
    try:
        file.write_text(configuration.EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}") from error
    click.echo(f"wrote {file}; then: contracts verify --targets {file}")
