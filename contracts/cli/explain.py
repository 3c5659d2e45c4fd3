"""``contracts explain``."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import click

from contracts.cli import completion
from contracts.cli.places import EXISTING_FOLDER, place_option
from contracts.definition import catalogue, loading
from contracts.errors import UsageError, near_misses
from contracts.model import Basis, Clause, Contract, Verdict
from contracts.reports.record import FindingRecord
from contracts.reports.text.escaping import visible


@click.command("explain")
@click.argument("clause", shell_complete=completion.clauses)
@click.option(
    "--api",
    shell_complete=completion.apis,
    help="Of which API, when several have a clause of that id.",
)
@place_option("--documents", "folder", EXISTING_FOLDER, "Show the text of the lines as well.")
def command(clause: str, api: str | None, folder: Path | None) -> None:
    """Show where a clause comes from, the fault that proves it, and an exchange that breaks it.

    The exchange is real: the embedded sandbox is run with the fault in it.
    """
    contracts = [loading.load(name) for name in ([api] if api else catalogue.available())]
    named = _named(clause, contracts)
    if not named and api is None:  # what only a later revision says
        contracts = [loading.load(name) for name in catalogue.known()]
        named = _named(clause, contracts)
    if not named:
        ids = {known.id for contract in contracts for known in contract.clauses}
        raise UsageError(f"no clause {clause!r}{near_misses(clause, sorted(ids))}")
    for contract, known in named:
        texts = _origin(contract, known), _text(contract, known, folder), _proof(contract, known)
        for line in chain.from_iterable(texts):
            click.echo(visible(line))


def _named(clause: str, contracts: Sequence[Contract]) -> list[tuple[Contract, Clause]]:
    every = [(contract, known) for contract in contracts for known in contract.clauses]
    return [(contract, known) for contract, known in every if known.id == clause]


def _origin(contract: Contract, clause: Clause) -> Iterator[str]:
    yield f"{contract.api}: {clause.id}"
    yield f"  {clause.statement}"
    yield f"  basis: {clause.basis.value}, {clause.source}"
    if address := contract.addresses.get(clause.source.document):
        yield f"  address: {address}"
    if clause.why:
        yield f"  reading: {clause.why}"
    if clause.needs:
        yield f"  needs: {contract.operation.credentials[clause.needs]}"


def _text(contract: Contract, clause: Clause, folder: Path | None) -> Iterator[str]:
    """Yield the lines of the page that the clause comes from."""
    if folder is not None and clause.source.lines is not None:
        loading.check_documents(contract, folder)
        lines = (folder / clause.source.document).read_text(encoding="utf-8").splitlines()
        first, last = clause.source.lines
        yield from (f"  {number:5} | {lines[number - 1]}" for number in range(first, last + 1))


def _proof(contract: Contract, clause: Clause) -> Iterator[str]:
    """Yield the first fault that breaks the clause and the exchange in which it shows."""
    # a run's libraries, loaded when the clause is known
    from contracts.faults import catalogue as faults  # noqa: PLC0415

    proving = faults.proving(contract).get(clause.id, [])
    if not proving:
        reason = faults.reasons(contract).get(clause.id, f"{contract.api} has none")
        yield f"  no seeded fault proves it: {reason}"
        return
    fault = proving[0]
    more = len(proving) - 1
    yield f"  proven by: {fault.id}: {fault.about}" + (f" (and {more} more)" if more else "")
    # a broken connection is made by the embedded transport only
    if fault.fails is None and contract.api in catalogue.known():
        yield f"  to see it: contracts serve {contract.api} --port 9001 --fault {fault.id}"
    if finding := _broken(contract, clause, fault):
        yield from _example(finding)


def _broken(contract: Contract, clause: Clause, fault: Any) -> FindingRecord | None:
    """Run the embedded sandbox with a fault, and return the finding of the clause for a report.

    None where the fault does not show in it.
    """
    from contracts.proof import prove  # noqa: PLC0415 - loads a run's libraries
    from contracts.reports.document import document  # noqa: PLC0415 - as above
    from contracts.reports.text.redaction import Redactor  # noqa: PLC0415 - as above

    done = prove.run_with((fault,), contract, None, only=(clause.id,))
    report = document(Verdict(0, (done,), Basis.CONVENTION), Redactor(()))
    findings = report["runs"][0]["findings"]
    return next((finding for finding in findings if finding["clause"] == clause.id), None)


def _example(finding: FindingRecord) -> Iterator[str]:
    from contracts.reports.text import marking  # noqa: PLC0415

    yield f"  broken by: {finding['case']}"
    for name, lines in marking.messages(finding):
        yield f"    {name}"
        yield from (f"    {'>' if line.marked else ' '} {line.text}" for line in lines)
    yield f"    expected {finding['expected']}"
    yield f"    got      {finding['got']}"
