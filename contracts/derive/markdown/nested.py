"""Tables of the members of a member: which one the title above each of them means."""

import re
from collections.abc import Sequence
from dataclasses import replace

from contracts.derive.markdown.blocks import Block, Heading, Table, plain
from contracts.derive.markdown.entries import Entry
from contracts.derive.model import Notes

#: The title of a table of the members of another member: "output object".
_TITLE = re.compile(
    r"(?:(?:members|properties|attributes|fields|items) (?:of|in) )?(?:the |each |an? )?"
    r"(?P<name>[\w$@.\[\]-]+)(?: (?:object|array|items?|elements?|entry|fields|properties"
    r"|attributes|parameters|members|schema|structure|type))*:?",
    re.IGNORECASE,
)
#: A title above a table of further members of the same object.
_OF_SAME = re.compile(
    r"(?:required|mandatory|optional|common|general|additional|other|further|more|basic|advanced"
    r"|main|top-level|body|request|response)\b",
    re.IGNORECASE,
)


def names_member(blocks: Sequence[Block], at: int, above: Sequence[Block]) -> bool:
    """Whether a title in front of a table is that of a member which a table above it lists."""
    title = _TITLE.fullmatch(blocks[at].plain)
    if title is None or not isinstance(next(iter(blocks[at + 1 : at + 2]), None), Table):
        return False
    tables = (block for block in above if isinstance(block, Table))
    cells = (plain(cell) for table in tables for row in table.rows for cell in row.cells[:1])
    names = {_letters(cell.rpartition(".")[2]) for cell in cells}
    return bool({_letters(title["name"]), f"{_letters(title['name'])}s"} & names)


def holders(blocks: Sequence[Block], at: int, entries: Sequence[Entry]) -> list[Entry]:
    """Return the members that a line means right above a table; of any other line none."""
    has_table = at >= 0 and any(isinstance(below, Table) for below in blocks[at + 1 : at + 2])
    title = _TITLE.fullmatch(blocks[at].plain) if has_table else None
    name = _letters(title["name"]) if title else ""
    holding = (entry for entry in entries if entry.holds_members)
    return [entry for entry in holding if name in _titles(entry)]


def _titles(entry: Entry) -> set[str]:
    """Return what a title may call a member: its name, and one item of an array."""
    name = _letters(entry.name.rpartition(".")[2])
    is_array = entry.kind is not None and entry.kind.base == "array"
    return {name, name.removesuffix("s")} if is_array else {name}


def under_title(
    blocks: Sequence[Block], at: int, entries: Sequence[Entry], rows: Sequence[Entry], notes: Notes
) -> list[Entry]:
    """Return the members with those of a table, inside the one that the title above it names.

    They stand beside the others where no title says that they belong into an object. They are left
    out, with a note, where the title may be that of an object with no members so far.
    """
    named = holders(blocks, at - 1, entries)
    if not named and not _may_open(blocks, at - 1, entries):
        return [*entries, *rows]
    if len(named) != 1:
        names = ", ".join(entry.name for entry in rows)
        notes.add(blocks[at].line, f"which object holds {names} is not said: left out")
        return [*entries]
    place = entries.index(named[0])
    depth = named[0].depth
    end = place + 1
    while end < len(entries) and entries[end].depth > depth:
        end += 1
    outer = min((entry.depth for entry in rows), default=0)
    inside = [replace(entry, depth=depth + 1 + entry.depth - outer) for entry in rows]
    return [*entries[:end], *inside, *entries[end:]]


def _may_open(blocks: Sequence[Block], at: int, entries: Sequence[Entry]) -> bool:
    """Whether a title may be that of an object which has no members so far."""
    above = blocks[at] if at >= 0 else None
    if not isinstance(above, Heading) or _OF_SAME.match(above.plain):
        return False
    depths = [*(entry.depth for entry in entries[1:]), 0]
    return any(
        entry.holds_members and depth <= entry.depth
        for entry, depth in zip(entries, depths, strict=bool(entries))
    )


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()
