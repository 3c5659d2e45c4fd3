"""``contracts init``."""

from pathlib import Path

import click

from contracts.cli.places import FILE
from contracts.definition import project
from contracts.errors import UsageError
from contracts.reports.formats import files
from contracts.verify import configuration, targets_file


@click.command("init")
@click.argument("file", type=FILE, default=project.FILE)
def command(file: Path) -> None:
    """Write a commented example of the configuration file, and its JSON Schema beside it.

    The file is order-contracts.toml unless another name is given; editors complete its keys.
    """
    if file.exists():
        raise UsageError(f"{file} exists; give another name")
    files.save(file, configuration.EXAMPLE.read_text(encoding="utf-8"))
    schema = file.with_name(targets_file.SCHEMA.name)
    files.save(schema, targets_file.SCHEMA.read_text(encoding="utf-8"))
    is_found = file.name == project.FILE
    then = "--env staging" if is_found else f"--targets {file}"
    click.echo(f"wrote {file} and {schema}; then: contracts verify {then}")
