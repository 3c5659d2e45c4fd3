"""Tables as a browser copies them: a row a line, its cells parted by tabs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contracts.derive.page.lines import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a column holds, by its heading.
_COLUMNS = {
    "name": "name, field, parameter, property, attribute, key, member, argument",
    "type": "type, data type, format",
    "required": "required, required?, mandatory, presence",
    "default": "default, default value",
    "description": "description, details, meaning, notes, restrictions",
    "in": "in, location, where",
}
_KINDS = {title.strip(): kind for kind, row in _COLUMNS.items() for title in row.split(",")}
_YES = re.compile(r"(?:yes|true|required|mandatory|y|✓|✔)\b.*", re.IGNORECASE)


def table_rows(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with every row of a table about members as lines of their own."""
    out: list[Line] = []
    columns: list[str] = []
    for line in lines:
        cells = [cell.strip() for cell in line.text.split("\t")]
        if len(cells) < 2:
            columns = columns if not line.text else []
            out.append(line)
            continue
        kinds = [_KINDS.get(cell.lower(), "") for cell in cells]
        if "name" in kinds and "type" in kinds:
            columns = kinds
        elif columns and len(cells) <= len(columns):
            out += _row(line.number, dict(zip(columns, cells, strict=False)))
        else:
            out.append(line)
    return out


def _row(number: int, cells: dict[str, str]) -> list[Line]:
    """Return the lines of one member."""
    name = cells.get("name", "").strip("` \u00bb\u203a")
    texts = [name, cells.get("type", "")]
    place = cells.get("in", "").lower()
    if place in {"header", "path", "query", "cookie"}:
        texts.append(place)
    if _YES.fullmatch(cells.get("required", "")):
        texts.append("required")
    texts += ["", cells["description"]] if cells.get("description") else []
    default = cells.get("default", "")
    if default and default not in {"-", "none", "None", "n/a"}:
        texts.append(f"Default: {default}")
    return [Line(number, text) for text in (*texts, "")]
