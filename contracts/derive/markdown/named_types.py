"""Types with tables of their own: one has `array of Item`, another the members of Item."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from contracts.derive.markdown.blocks import Block, Heading, Row, Table, plain
from contracts.derive.markdown.columns import is_member_table, roles
from contracts.derive.markdown.titles import named

_TYPE = re.compile(
    r"(?P<several>(?:array|list) of )?(?P<name>[A-Z]\w*)(?: objects?)?(?P<brackets>\[\])?"
    r"(?P<null>(?: or | \| )null)?"
)
_NAME = re.compile(r"[A-Za-z_$@][\w$@.\[\]-]*")


def with_types(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with the members of each type below those that have it, by dotted names.

    Example: `lines`, of type `array of Line`, brings `lines[].sku` from the table below "Line".
    """
    tables = {
        heading.plain.removesuffix(" object"): table
        for heading, table in pairwise(blocks)
        if isinstance(heading, Heading) and isinstance(table, Table) and is_member_table(table)
        if named(heading.plain, "top", None, heading=True) is None
    }
    used: set[str] = set()
    out = [
        Table(block.line, block.header, tuple(_rows(block, tables, used, ())), block.depth)
        if isinstance(block, Table)
        else block
        for block in blocks
    ]
    lines = {tables[name].line for name in used}
    moved = [isinstance(block, Table) and block.line in lines for block in out]
    return [
        block
        for block, here, below in zip(out, moved, [*moved[1:], False], strict=False)
        if not here and not (below and isinstance(block, Heading))
    ]


def _rows(
    table: Table, tables: Mapping[str, Table], used: set[str], above: tuple[str, ...]
) -> Iterator[Row]:
    """Yield the rows of a table, each with those of its type behind it; a type once a branch."""
    columns = roles(table.header)
    for row in table.rows:
        cell = plain(row.cells[columns["type"]]) if "type" in columns else ""
        found = _TYPE.fullmatch(cell)
        name = _NAME.search(row.cells[columns.get("name", 0)])
        inner = tables.get(found["name"]) if found else None
        if not found or not name or inner is None:
            yield row
            continue
        several = bool(found["several"] or found["brackets"])
        kind = ("array of objects" if several else "object") + (found["null"] or "")
        at = columns["type"]
        yield Row(row.line, (*row.cells[:at], kind, *row.cells[at + 1 :]))
        own = roles(inner.header)
        if found["name"] in above or own.keys() - columns.keys():
            continue  # a type within itself, or a column that the outer table has not
        used.add(found["name"])
        prefix = f"{name[0]}{'[]' * several}."
        for below in _rows(inner, tables, used, (*above, found["name"])):
            yield _inside(below, prefix, own, columns, len(table.header))


def _inside(
    row: Row, prefix: str, own: Mapping[str, int], columns: Mapping[str, int], width: int
) -> Row:
    """Return a row as one of an outer table, with the way down in front of its name."""
    cells = [""] * width
    for role, at in own.items():
        cells[columns[role]] = row.cells[at]
    name = columns["name"]
    cells[name] = _NAME.sub(lambda found: prefix + found[0], cells[name], count=1)
    return Row(row.line, tuple(cells))
