"""Where operations of an API take values from each other's answers, and what takes these back.

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
from collections.abc import Iterator
from pathlib import Path

from contracts.definition import catalogue
from contracts.errors import ContractError
from contracts.model import Link, TakeBack

FROM = re.compile(r"(?P<operation>[a-z][a-z0-9_-]*)\.response (?P<pointer>/.*)")
BY = re.compile(r"([A-Z]+) (/.*\{(\w+)\}[^{}]*)")
TO = re.compile(r"(?P<operation>[a-z][a-z0-9_-]*)\.(?P<place>path|query|body) (?P<name>.+)")

EXPECTED = {
    "links": "from = 'OPERATION.response /POINTER' and to = 'OPERATION.path|query|body NAME'",
    "cleanup": "of = 'OPERATION.response /POINTER' and by = 'METHOD /path/{id}'",
}


def read_links(folder: Path) -> tuple[Link, ...]:
    """Return the links in an API's folder; ContractError for a row of another form."""
    return tuple(
        Link(*source.groups(), *target.groups())
        for source, target in _rows(folder, "links", ("from", FROM), ("to", TO))
    )


def read_take_backs(folder: Path) -> tuple[TakeBack, ...]:
    """Return what takes back what was created; ContractError for a row of another form."""
    return tuple(
        TakeBack(*source.groups(), *request.groups())
        for source, request in _rows(folder, "cleanup", ("of", FROM), ("by", BY))
    )


def _rows(
    folder: Path, table: str, *forms: tuple[str, re.Pattern[str]]
) -> Iterator[list[re.Match[str]]]:
    """Yield the two parts of each row of a table, read by their forms."""
    place = f"{folder / catalogue.API}: {table}"
    rows = catalogue.read_api(folder).get(table, [])
    operations = catalogue.operation_order(folder) if rows else ()
    for row in rows:
        parts = [form.fullmatch(row.get(key, "")) for key, form in forms]
        matches = [part for part in parts if part is not None]
        if len(matches) < len(parts) or not row.keys() <= {"why", *dict(forms)}:
            raise ContractError(f"{place}: expected {EXPECTED[table]}, got {row}")
        for name in [part["operation"] for part in matches if "operation" in part.groupdict()]:
            if name not in operations:
                raise ContractError(f"{place}: there is no operation {name!r}")
        yield matches
