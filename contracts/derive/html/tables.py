"""Tables in HTML, with the cells that were merged."""

from collections.abc import Callable

from lxml import html

from contracts.derive.markdown.blocks import Table
from contracts.derive.markdown.columns import is_member_table, roles

_NO_DATA = frozenset({
    "table", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "form", "details", "button",
})  # fmt: skip


def data_table(
    node: html.HtmlElement, text_of: Callable[[html.HtmlElement], str]
) -> list[tuple[str, ...]] | None:
    """Return the rows of a table of members or statuses; None for one that only lays out."""
    if any(
        isinstance(child.tag, str) and child.tag in _NO_DATA for child in node.iterdescendants()
    ):
        return None
    rows = [row for row in _grid(node, text_of) if row]
    if len(rows) < 2 or len(rows[0]) < 2 or len({len(row) for row in rows}) > 2:
        return None
    columns = roles(rows[0])
    known = is_member_table(Table(0, rows[0], ())) or "status" in columns
    return rows if known and len(columns) > 1 else None


def _grid(
    node: html.HtmlElement, text_of: Callable[[html.HtmlElement], str]
) -> list[tuple[str, ...]]:
    """Return the cells of a table, those that were merged on each row and column that they cover.

    What names several rows at once names no member of its own, and says so.
    """
    rows: list[tuple[str, ...]] = []
    merged: dict[int, tuple[int, str]] = {}
    for row in node.iter("tr"):
        cells: list[str] = []
        for cell in (cell for cell in row if cell.tag in {"td", "th"}):
            cells += _covering(merged, len(cells))
            text = text_of(cell)
            if (height := _span(cell, "rowspan")) > 1:
                text = f"{text} (of {height} rows)" if not cells else text
                merged[len(cells)] = (height - 1, text)
            cells += [text, *([""] * (_span(cell, "colspan") - 1))]
        cells += _covering(merged, len(cells))
        rows.append(tuple(cells))
    return rows


def _covering(merged: dict[int, tuple[int, str]], column: int) -> list[str]:
    """Return the texts of cells of rows above that reach into this row, from a column on."""
    texts: list[str] = []
    while column + len(texts) in merged:
        left, text = merged.pop(column + len(texts))
        if left > 1:
            merged[column + len(texts)] = (left - 1, text)
        texts.append(text)
    return texts


def _span(cell: html.HtmlElement, name: str) -> int:
    """Return how many rows or columns a cell covers."""
    stated = cell.get(name) or "1"
    return min(max(int(stated), 1), 50) if stated.isdigit() else 1
