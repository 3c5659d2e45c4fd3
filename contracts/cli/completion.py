"""What a shell completes: names of APIs, clauses, faults and environments.

``eval "$(_CONTRACTS_COMPLETE=bash_source contracts)"``, or ``zsh_source``, ``fish_source``.
What goes wrong while a name is typed completes to nothing.
"""

from collections.abc import Callable, Iterable

import click

from contracts.definition import catalogue, loading, project
from contracts.errors import ContractsError

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def _completing(names: Callable[[click.Context], Iterable[str]]) -> Complete:
    """Return what gives a shell those of the names that begin as what was typed."""

    def complete(context: click.Context, _: click.Parameter, beginning: str) -> list[str]:
        try:
            return sorted({name for name in names(context) if name.startswith(beginning)})
        except (ContractsError, OSError):
            return []

    return complete


def _names(_: click.Context) -> Iterable[str]:
    known = catalogue.known()
    return [*known, *(name for api in known for name in catalogue.operations(api))]


def _clauses(context: click.Context) -> Iterable[str]:
    named = context.params.get("api")
    apis = [named] if named else catalogue.known()
    contracts = [contract for api in apis for contract in loading.load_all(api)]
    return [clause.id for contract in contracts for clause in contract.clauses]


def _faults(context: click.Context) -> Iterable[str]:
    from contracts.faults import catalogue as faults  # noqa: PLC0415 - loads the sandboxes

    named = context.params.get("api") or context.params.get("apis") or catalogue.shipped()
    apis = [named] if isinstance(named, str) else named
    contracts = [contract for api in apis for contract in loading.load_all(api)]
    return [
        fault.id for contract in contracts for fault in (*faults.load(contract), *faults.CONNECTION)
    ]


def _environments(_: click.Context) -> Iterable[str]:
    path = project.find()
    return project.read(path).get("env", {}) if path else []


apis = _completing(_names)
clauses = _completing(_clauses)
faults = _completing(_faults)
environments = _completing(_environments)
