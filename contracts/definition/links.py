"""The links of an API: where one operation takes a value from another one's answer.

Rows of ``api.toml``::

    [[links]]
    from = "create-order.response /id"
    to = "get-order.path id"
    why = "the id of an order is what the address of one order has"
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from contracts.definition import catalogue
from contracts.errors import ContractError
from contracts.model import Link

FROM = re.compile(r"(?P<operation>[a-z][a-z0-9_-]*)\.response (?P<pointer>/.*)")
TO = re.compile(r"(?P<operation>[a-z][a-z0-9_-]*)\.(?P<place>path|query|body) (?P<name>.+)")


def read(folder: Path) -> tuple[Link, ...]:
    """Return the links in an API's folder; ContractError for a row that says something else."""
    operations = catalogue.operation_order(folder)
    rows = catalogue.read_api(folder).get("links", [])
    return tuple(_link(row, operations, folder / catalogue.API) for row in rows)


def _link(row: dict[str, Any], operations: tuple[str, ...], path: Path) -> Link:
    source, target = FROM.fullmatch(row.get("from", "")), TO.fullmatch(row.get("to", ""))
    if source is None or target is None or not row.keys() <= {"from", "to", "why"}:
        raise ContractError(
            f"{path}: links: expected from = 'OPERATION.response /POINTER' and "
            f"to = 'OPERATION.path|query|body NAME', got {row}"
        )
    for name in (source["operation"], target["operation"]):
        if name not in operations:
            raise ContractError(f"{path}: links: there is no operation {name!r}")
    return Link(
        source["operation"],
        source["pointer"],
        target["operation"],
        target["place"],
        target["name"],
    )
