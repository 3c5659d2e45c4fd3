"""Tables of members: what each column, each row and the line above says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.derive.language.words import WORDS
from contracts.derive.markdown.blocks import APART, Block, Row, Table, TextBlock, plain
from contracts.derive.markdown.entries import Entry, begin_entry, name_alone
from contracts.derive.markdown.kinds import Kind, read_kind
from contracts.derive.markdown.restrictions import Restriction, read_restrictions
from contracts.derive.model import Notes

#: A role, and the titles under which pages give it a column.
_TITLES = {role: re.compile("|".join(titles)) for role, titles in WORDS["columns"].items()}
_YES = re.compile(
    r"yes|y|true|required|mandatory|✓|✔|✔️|✅|x|m|r|always|1(?:\.\.\S+)?|[•●]|\*", re.IGNORECASE
)
_NO = re.compile(
    r"no|n|false|optional|-|\u2013|\u2014||❌|✗|✘|o|0(?:\.\.\S+)?|none|conditional|sometimes"
    r"|depends|not required",
    re.IGNORECASE,
)
_NOTHING = frozenset({"", "-", "\u2013", "\u2014", "none", "n/a", "no default", "not set", "empty"})
_HEADERS = frozenset({"authorization"})
#: How the note begins of a table that could not be read.
NO_MEMBER_TABLE = "a table whose columns are not those of members"
#: A name of two or more: a member of a member, or one with a namespace.
_PREFIXED = re.compile(r"[A-Za-z_]\w*(?::[A-Za-z_]\w*)+")
_INDENT = re.compile(r"(?:&nbsp;|\u00a0|\u2003|\u2002)+")
#: A status with which a row or an item begins.
LISTED_STATUS = re.compile(r"([1-5]\d\d)(?= [A-Z]|\s*(?:[:(\u2013\u2014-]|$|[A-Z]))")


def roles(header: Sequence[str]) -> dict[str, int]:
    """Return the column of each role, as 1 for `required` where the second is "Mandatory"."""
    out: dict[str, int] = {}
    for number, title in enumerate(header):
        text = plain(title).lower().strip("*`: ")
        role = next((role for role, titles in _TITLES.items() if titles.fullmatch(text)), None)
        if role is not None:
            out.setdefault(role, number)
    if "name" not in out and 0 not in out.values() and ("type" in out or "required" in out):
        out["name"] = 0
    return out


def is_member_table(table: Table) -> bool:
    """Whether a table lists members: a name, and something said of it."""
    columns = roles(table.header)
    said = {"type", "required", "optional", "description", "default", "restrictions", "options"}
    return "name" in columns and bool(said & columns.keys())


def table_entries(table: Table, before: Sequence[Entry], notes: Notes) -> list[Entry]:
    """Return the members listed before with those, or the options, that a table adds."""
    columns = roles(table.header)
    formats = [plain(_cell(row, columns, "format")) for row in table.rows]
    if "type" not in columns and "format" in columns and all(map(read_kind, formats)):
        columns["type"] = columns.pop("format")
    if not is_member_table(table):
        titles = " | ".join(map(plain, table.header))
        if not re.match(r"(?:http )?method\b", titles, re.IGNORECASE):  # that of the operation
            notes.add(table.line, f"{NO_MEMBER_TABLE}: {titles}")
        return [*before]
    names = {plain(_cell(row, columns, "name")).lower() for row in table.rows}
    if columns.keys() == {"name", "options"} and _HEADERS & names:
        columns["description"] = columns.pop("options")  # what each header is
    if columns.keys() == {"name", "options"}:
        return _with_options(table, columns, before, notes)
    entries = [*before]
    for row in _with_blanks(table, columns["optional"]) if "optional" in columns else table.rows:
        entry = _row_entry(row, columns, table.depth)
        if entry and len(table.header) > 2 and sum(map(bool, map(plain, row.cells))) == 1:
            entry = None  # the title of the rows below it
        if entry:
            entries.append(entry)
        elif any(map(plain, row.cells)):
            notes.add(row.line, f"a row that names no member: {plain(' '.join(row.cells))}")
    return entries


def _with_blanks(table: Table, column: int) -> Iterator[Row]:
    """Yield the rows of a table; a blank says no in a column of marks at optional members."""
    cells = [plain(cell) for row in table.rows for cell in row.cells[column : column + 1]]
    marked = any(cells) and all(not cell or _YES.fullmatch(cell) for cell in cells)
    for row in table.rows:
        if marked and len(row.cells) > column and not plain(row.cells[column]):
            yield Row(row.line, (*row.cells[:column], "no", *row.cells[column + 1 :]))
        else:
            yield row


def _cell(row: Row, columns: dict[str, int], role: str) -> str:
    at = columns.get(role)
    return row.cells[at] if at is not None and at < len(row.cells) else ""


def _row_entry(row: Row, columns: dict[str, int], depth: int) -> Entry | None:
    name = _cell(row, columns, "name")
    indent = _INDENT.match(name)
    inside = len(indent[0]) if indent else 0
    block = TextBlock(row.line, name[inside:], depth + inside, item=True)
    typed = begin_entry(block) if "type" not in columns else None
    if typed is None and _PREFIXED.fullmatch(block.plain):
        typed = Entry(block.plain, row.line, row.line, depth=block.depth)
    if (entry := typed or name_alone(block)) is None:
        return None
    entry = _typed(entry, row, columns)
    description = _cell(row, columns, "description")
    first, _, others = description.partition(". ")
    untyped = entry.kind is None and "type" not in columns
    kind = read_kind(plain(first).rstrip(".")) if untyped else None
    if kind:
        entry = replace(entry, kind=kind, kind_line=row.line)
        description = others
    texts = [description]
    for text in _restricting(row, columns, entry.kind):
        restrictions, left = read_restrictions(text)
        entry = entry.with_restrictions(restrictions, row.line)
        texts.append(left)
    for text in texts:
        if plain(text).lower() not in _NOTHING:
            entry = entry.with_text(row.line, text)
    return entry


#: How a cell is said on a line of its own.
_SAID = {
    "default": 'default: "{}"',
    "options": "allowed values: {}",
    "format": "format: {}",
    "restrictions": "{}",
}
_FLAGS = (
    ("required", "required", "optional"),
    ("optional", "optional", "required"),
    ("nullable", "nullable", ""),
    ("read-only", "read-only", ""),
)
_LENGTHS = re.compile(r"(?P<low>\d+\s*(?:-|\u2013|\.\.\.?|to)\s*)?\d+")


def _restricting(row: Row, columns: dict[str, int], kind: Kind | None) -> Iterator[str]:
    """Yield what the cells of a row say of its member, as a line of text would say it."""
    cells = {role: plain(_cell(row, columns, role)).strip("`*_ ") for role in columns}
    for role, yes, no in _FLAGS:
        yield _flag(cells.get(role, ""), yes, no)
    if (flag := cells.get("default", "").strip("()").lower()) in {"required", "optional"}:
        cells["default"] = ""
        yield flag
    for role, said in _SAID.items():
        if cells.get(role, "").lower() not in _NOTHING:
            whole = role in {"options", "restrictions"}
            yield said.format(_cell(row, columns, role) if whole else cells[role].strip("\"'"))
    if cells.get("place"):
        yield f"in: {cells['place'].lower()}"
    length = cells.get("length", "")
    limits = _LENGTHS.fullmatch(length) if kind and kind.base == "string" else None
    most = "" if limits is None or limits["low"] else "at most "
    yield f"{most}{length} characters" if limits else length


def _flag(text: str, yes: str, no: str) -> str:
    """Return what a cell of one word says; a condition behind a yes is none.

    "Optional" says so in a column of that name as well, where "no" says the opposite.
    """
    if text.lower() in {yes, no}:
        return text.lower()
    first = re.split(r"[ ,;(]", text)[0]
    if first and _YES.fullmatch(first) and not re.search(r"\b(?:if|when|unless)\b", text):
        return yes
    return no if text and _NO.fullmatch(text) else ""


def _typed(entry: Entry, row: Row, columns: dict[str, int]) -> Entry:
    text = _cell(row, columns, "type").strip(APART + " ")
    if not text or plain(text) in _NOTHING:
        return entry
    kind = read_kind(plain(text)) or read_kind(text)
    if kind:
        return replace(entry, kind=kind, kind_line=row.line)
    # A type with more in its cell: "string, required", "string (40)", "enum: a, b".
    found = begin_entry(TextBlock(row.line, f"{entry.name}{APART}{text}", entry.depth, item=True))
    if found:
        found = found.with_restrictions(tuple(item for item, _ in entry.restrictions), row.line)
        return replace(found, name=entry.name, depth=entry.depth)
    return entry.with_text(row.line, f"its type is not understood: {plain(text)}.")


def _with_options(
    table: Table, columns: dict[str, int], before: Sequence[Entry], notes: Notes
) -> list[Entry]:
    entries = [*before]
    found: dict[str, list[Row]] = {}
    for row in table.rows:
        found.setdefault(plain(_cell(row, columns, "name")).lstrip("» "), []).append(row)
    for name, rows in found.items():
        places = [at for at, entry in enumerate(entries) if entry.name == name]
        if len(places) == 1:
            values = tuple(plain(_cell(row, columns, "options")) for row in rows)
            item = Restriction("options", values)
            entries[places[0]] = entries[places[0]].with_restrictions((item,), rows[0].line)
        else:
            notes.add(rows[0].line, f"options of {name}, which is not one member listed above")
    return entries


#: A line above a table that says something of all its members.
OF_ALL = re.compile(
    r"(?:the )?(?P<flag>required|optional)(?: \w+)? (?:fields|parameters|params|members|properties"
    r"|attributes|arguments):?",
    re.IGNORECASE,
)


def flagged(blocks: Sequence[Block], at: int, rows: Sequence[Entry]) -> list[Entry]:
    """Return the members of a table with what the line right above says of all of them."""
    for above in blocks[:at][-1:]:
        if found := OF_ALL.fullmatch(above.plain):
            flag = (Restriction(found["flag"].lower()),)
            return [entry.with_restrictions(flag, above.line) for entry in rows]
    return [*rows]


def status_column(table: Table) -> int | None:
    """Return the column of a table of answers in which their statuses stand, or None."""
    columns = roles(table.header)
    names = [plain(row.cells[columns["name"]]) for row in table.rows if "name" in columns]
    if any(map(LISTED_STATUS.match, names)):
        return columns["name"]
    if is_member_table(table) and "type" in columns:
        return None
    return columns.get("status")


def told(blocks: Sequence[Block]) -> Iterator[TextBlock]:
    """Yield the lines of text, and the rows of tables that list no members."""
    for block in blocks:
        if isinstance(block, TextBlock):
            yield block
        elif isinstance(block, Table) and not is_member_table(block):
            yield from (TextBlock(row.line, ": ".join(row.cells)) for row in block.rows)
