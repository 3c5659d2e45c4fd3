"""``contracts new``."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click

from contracts.authoring import start
from contracts.authoring.inputs import pages_of_api
from contracts.cli.places import FOLDER
from contracts.definition import catalogue, project
from contracts.model import Contract, Operation


@click.command("new")
@click.argument("api")
@click.argument(
    "inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="INPUT..."
)
@click.option(
    "--operation",
    "operations",
    multiple=True,
    metavar="'METHOD /path'",
    help="Which of several operations to take; may be repeated, and '*' stands for all.",
)
@click.option(
    "--out",
    type=FOLDER,
    default=project.contracts_folder,
    show_default="contracts/apis",
    metavar="DIR",
    help="The folder that the contract's own folder is made in.",
)
def command(api: str, inputs: tuple[Path, ...], operations: tuple[str, ...], out: Path) -> None:
    """Start a contract for another operation from its documentation, in a folder named API.

    INPUT is what `contracts derive` reads. What it states is derived, and what is open is
    written into NOTES.md. Several inputs, a folder, or a document with links, without
    --operation are the operations of one API: the links between them are proposed in api.toml.
    The contract can be verified right away, against an address or against what `contracts
    serve` makes of it.
    """
    pages = pages_of_api(inputs, operations)
    if len(pages) > 1:
        contract, folder, left_out = start.start_api(api, pages, out)
        for text in left_out:
            click.echo(f"left out: {text}")
        for name in catalogue.operations(str(folder)):
            click.echo(name)
    else:
        contract, folder = start.start(api, pages[0], out)
    server = str(pages[0].reading.fact("server") or "")
    _announce(api, contract, folder, urlsplit(server).path.rstrip("/"))


def _announce(api: str, contract: Contract, folder: Path, base_path: str) -> None:
    """Say what was started, and the commands that verify it."""
    if contract.unread:
        click.echo(f"mind: {contract.unread}")
    name = api if folder == project.contracts_folder() / api else str(folder)
    first = contract.operation
    click.echo(f"{folder}: {first.method} {first.path}, {len(contract.clauses)} clauses")
    click.echo(f"what is open is listed in {folder / 'NOTES.md'}; to verify a sandbox:")
    variables = (name for operation in contract.operations for name in _variables(operation))
    for variable in dict.fromkeys(variables):
        click.echo(f"export {variable}=…")
    click.echo(f"contracts verify {name} --target {name}=https://…{base_path}")
    click.echo(
        "where there is no sandbox yet, this is one, and `contracts prove` tries the clauses:"
    )
    click.echo(f"contracts serve {name}")


def _variables(operation: Operation) -> Iterator[str]:
    """Yield the variables that have to be set before an operation can be verified."""
    yield from filter(None, [operation.token_variable])
    yield from operation.parameters.values()
    yield from (header.variable for header in operation.headers.values() if header.variable)
