"""The links of an API: where one operation takes a value from another one's answer.

Rows of ``api.toml``::

    [[links]]
    from = "create-order.response /id"
    to = "get-order.path id"
    why = "the id of an order is what the address of one order has"

    [[cleanup]]
    of = "create-order.response /id"
    by = "DELETE /orders/{id}"
    why = "the page of DELETE says that it takes an order back"
"""

import re
from pathlib import Path
from typing import Any

from contracts.definition import catalogue
from contracts.errors import ContractError
from contracts.model import Link, TakeBack

FROM = re.compile(r"(?P<operation>[a-z][a-z0-9_-]*)\.response (?P<pointer>/.*)")
BY = re.compile(r"([A-Z]+) (/.*\{(\w+)\}[^{}]*)")
TO = re.compile(r"(?P<operation>[a-z][a-z0-9_-]*)\.(?P<place>path|query|body) (?P<name>.+)")


def read(folder: Path) -> tuple[Link, ...]:
    """Return the links in an API's folder; ContractError for a row that says something else."""
    operations = catalogue.operation_order(folder)
    rows = catalogue.read_api(folder).get("links", [])
    return tuple(_link(row, operations, folder / catalogue.API) for row in rows)


def read_take_backs(folder: Path) -> tuple[TakeBack, ...]:
    """Return what takes back what was created; ContractError for a row that says something else."""
    operations = catalogue.operation_order(folder)
    rows = catalogue.read_api(folder).get("cleanup", [])
    return tuple(_take_back(row, operations, folder / catalogue.API) for row in rows)


def _take_back(row: dict[str, Any], operations: tuple[str, ...], path: Path) -> TakeBack:
    source, request = FROM.fullmatch(row.get("of", "")), BY.fullmatch(row.get("by", ""))
    if source is None or request is None or not row.keys() <= {"of", "by", "why"}:
        raise ContractError(
            f"{path}: cleanup: expected of = 'OPERATION.response /POINTER' and "
            f"by = 'METHOD /path/{{id}}', got {row}"
        )
    _check_operation(source["operation"], operations, f"{path}: cleanup")
    return TakeBack(source["operation"], source["pointer"], *request.groups())


def _link(row: dict[str, Any], operations: tuple[str, ...], path: Path) -> Link:
    source, target = FROM.fullmatch(row.get("from", "")), TO.fullmatch(row.get("to", ""))
    if source is None or target is None or not row.keys() <= {"from", "to", "why"}:
        raise ContractError(
            f"{path}: links: expected from = 'OPERATION.response /POINTER' and "
            f"to = 'OPERATION.path|query|body NAME', got {row}"
        )
    for name in (source["operation"], target["operation"]):
        _check_operation(name, operations, f"{path}: links")
    return Link(*source.groups(), *target.groups())


def _check_operation(name: str, operations: tuple[str, ...], place: str) -> None:
    """Raise ContractError for an operation that the API does not have."""
    if name not in operations:
        raise ContractError(f"{place}: there is no operation {name!r}")
