"""``contracts draw``."""

from __future__ import annotations

from importlib.metadata import version

import click

from contracts.definition import catalogue, corpus, loading

LIBRARIES = ("hypothesis", "schemathesis")


@click.command("draw")
@click.argument("contracts", nargs=-1, metavar="[API|FOLDER]...")
def command(contracts: tuple[str, ...]) -> None:
    """Draw the generated requests of a run with the usual seed.

    And keep them in the contract's folder.

    Such a run then draws nothing, and sends the same whatever releases of Hypothesis and
    Schemathesis are there. Draw again when the schemas have changed: until then, every run draws
    for itself. Without a name every shipped contract is drawn for.
    """
    from contracts.interop import strategies  # noqa: PLC0415 - their libraries take long to load

    for name in contracts or catalogue.shipped():
        contract, folder = loading.load(name), catalogue.locate(name)
        if not contract.operation.takes_body:
            raise click.UsageError(
                f"{name}: {contract.operation.method} requests have no body to draw"
            )
        bodies = strategies.draw(contract, corpus.SEED, corpus.COUNT)
        path = corpus.write(
            folder, contract, bodies, {library: version(library) for library in LIBRARIES}
        )
        click.echo(f"{path}: {len(bodies)} bodies")
