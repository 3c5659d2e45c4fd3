"""``contracts new``."""

from __future__ import annotations

from pathlib import Path

import click

from contracts.authoring import start
from contracts.definition import catalogue


@click.command("new")
@click.argument("api")
@click.argument("document", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=catalogue.LOCAL,
    show_default=True,
    metavar="DIR",
    help="The folder that the contract's own folder is made in.",
)
def command(api: str, document: Path, out: Path) -> None:
    """Start a contract for another operation from its docs page, in a folder named API.

    What the page states is derived, and what is open is written into NOTES.md. The contract can be
    verified right away, against an address: there is no embedded sandbox for it.
    """
    contract, folder = start.start(api, document, out)
    operation = contract.operation
    name = api if folder == catalogue.LOCAL / api else str(folder)
    click.echo(f"{folder}: {operation.method} {operation.path}, {len(contract.clauses)} clauses")
    click.echo(f"what is open is listed in {folder / 'NOTES.md'}; to verify a sandbox:")
    for variable in filter(None, (operation.token_variable, *operation.parameters.values())):
        click.echo(f"export {variable}=…")
    click.echo(f"contracts verify {name} --target {name}=https://…")
