"""``contracts list``."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import click

from contracts.definition import catalogue, loading
from contracts.model import Contract
from contracts.reports.formats.files import FORMATS
from contracts.reports.text.columns import columns
from contracts.schema.files import json_text

Row = dict[str, Any]


def _contracts() -> Iterator[tuple[str, Contract]]:
    """Yield every contract that is known, with the name that commands take."""
    for api in catalogue.known():
        yield from zip(catalogue.operations(api), loading.load_all(api), strict=True)


def _apis() -> Iterator[Row]:
    own = catalogue.own()
    for api in catalogue.known():
        contracts = loading.load_all(api)
        operations = [contract.operation for contract in contracts]
        variables: list[str] = []
        for operation in operations:
            further = {**operation.parameters, **operation.credentials}
            variables += [operation.token_variable, *further.values()]
        yield {
            "api": api,
            "title": contracts[0].title,
            "origin": "own" if catalogue.parse(api).api in own else "shipped",
            "operations": [operation.name for operation in operations],
            "variables": list(dict.fromkeys(filter(None, variables))),
        }


def _operations() -> Iterator[Row]:
    for name, contract in _contracts():
        operation = contract.operation
        yield {
            "contract": name,
            "method": operation.method,
            "path": operation.path,
            "clauses": len(contract.clauses),
        }


def _clauses() -> Iterator[Row]:
    for name, contract in _contracts():
        for clause in contract.clauses:
            yield {
                "contract": name,
                "clause": clause.id,
                "basis": clause.basis.value,
                "source": str(clause.source),
                "statement": clause.statement,
            }


def _faults(*, conforming: bool) -> Iterator[Row]:
    from contracts.faults import catalogue as faults  # noqa: PLC0415 - loads the sandboxes

    for name, contract in _contracts():
        for fault in faults.load(contract):
            if fault.conforming is conforming:
                broken = {} if conforming else {"breaks": list(fault.breaks)}
                yield {"contract": name, "id": fault.id, **broken, "about": fault.about}


def _operators() -> Iterator[Row]:
    from contracts.judge.operators import OPERATORS  # noqa: PLC0415 - loads jsonschema

    for name, operator in OPERATORS.items():
        yield {
            "operator": name,
            "arguments": list(operator.arguments),
            "options": list(operator.options),
            "about": (inspect.getdoc(operator.check) or "").partition("\n")[0],
        }


def _reports() -> Iterator[Row]:
    for name, (_, about) in FORMATS.items():
        yield {"report": name, "option": f"--{name} FILE", "about": about}


KINDS: dict[str, Callable[[], Iterator[Row]]] = {
    "apis": _apis,
    "operations": _operations,
    "clauses": _clauses,
    "faults": lambda: _faults(conforming=False),
    "variants": lambda: _faults(conforming=True),
    "operators": _operators,
    "reports": _reports,
}


@click.command("list")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("words", nargs=-1, metavar="[FILTER]...")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array of objects.")
def command(kind: str, words: tuple[str, ...], *, as_json: bool) -> None:
    """List what there is: the shipped contracts and the project's own, what they have and can do.

    FILTER is a text that has to be in a row, in any case; several have to be there all. What
    is listed is never cut. `variants` are servers that differ and conform, for `contracts
    serve --fault`.
    """
    rows = [row for row in KINDS[kind]() if _has(row, words)]
    if as_json:
        click.echo(json_text(rows), nl=False)
        return
    for line in columns([[_cell(value) for value in row.values()] for row in rows]):
        click.echo(line)
    if not rows:
        having = f" with {' and '.join(words)}" if words else ""
        click.echo(f"no {kind}{having}", err=True)


def _has(row: Row, words: tuple[str, ...]) -> bool:
    text = " ".join(map(_cell, row.values())).lower()
    return all(word.lower() in text for word in words)


def _cell(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
