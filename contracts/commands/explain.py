"""``contracts explain``."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

import click

from contracts import documents
from contracts.errors import UsageError
from contracts.model import Clause, Contract


@click.command("explain")
@click.argument("clause")
@click.option("--api", help="Of which API, when several have a clause of that id.")
@click.option("--documents", "folder", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR",
              help="Show the text of the lines as well.")  # fmt: skip
def command(clause: str, api: str | None, folder: Path | None) -> None:
    """Show where a clause comes from: its sentence, basis, reason and source lines."""
    contracts = [documents.load(name) for name in ([api] if api else documents.available())]
    found = _named(clause, contracts)
    if not found and api is None:  # what only a later revision says
        contracts = [documents.load(name) for name in documents.shipped()]
        found = _named(clause, contracts)
    if not found:
        ids = {known.id for contract in contracts for known in contract.clauses}
        near = difflib.get_close_matches(clause, ids, n=3, cutoff=0.4)
        raise UsageError(f"no clause {clause!r}" + (f"; did you mean {', '.join(near)}?" if near else ""))
    for contract, known in found:
        _explain(contract, known, folder)


def _named(clause: str, contracts: Sequence[Contract]) -> list[tuple[Contract, Clause]]:
    return [(contract, known) for contract in contracts for known in contract.clauses if known.id == clause]


def _explain(contract: Contract, clause: Clause, folder: Path | None) -> None:
    click.echo(f"{contract.api}: {clause.id}")
    click.echo(f"  {clause.statement}")
    click.echo(f"  basis: {clause.basis.value}, {clause.source}")
    if clause.why:
        click.echo(f"  reading: {clause.why}")
    if clause.needs:
        click.echo(f"  needs: {contract.operation.credentials[clause.needs]}")
    if folder is not None and clause.source.lines is not None:
        documents.check_documents(contract, folder)
        lines = (folder / clause.source.document).read_text(encoding="utf-8").splitlines()
        first, last = clause.source.lines
        for number in range(first, last + 1):
            click.echo(f"  {number:5} | {lines[number - 1]}")
