"""Lines above tables: whose members a table lists, and what holds of all of them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from contracts.derive.markdown.blocks import Block, Heading, Table
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.restrictions import Restriction
from contracts.derive.model import Notes

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

#: A line above a table that says something of all its members.
OF_ALL = re.compile(
    r"(?:the )?(?P<flag>required|optional)(?: \w+)? (?:fields|parameters|params|members|properties"
    r"|attributes|arguments):?",
    re.IGNORECASE,
)


def flagged(blocks: Sequence[Block], at: int, rows: Sequence[Entry]) -> list[Entry]:
    """Return the members of a table with what the line right above says of all of them."""
    above = blocks[at - 1] if at else None
    found = OF_ALL.fullmatch(above.plain) if above else None
    if above is None or found is None:
        return [*rows]
    flag = (Restriction(found["flag"].lower()),)
    return [entry.with_restrictions(flag, above.line) for entry in rows]


def holders(blocks: Sequence[Block], at: int, entries: Sequence[Entry]) -> list[Entry]:
    """Return the members that a line means right above a table; of any other line none."""
    tabled = isinstance(next(iter(blocks[at + 1 : at + 2]), None), Table)
    title = _TITLE.fullmatch(blocks[at].plain) if tabled and at >= 0 else None
    name = _letters(title["name"]) if title else ""
    called = (entry for entry in entries if _letters(entry.name.rpartition(".")[2]) == name)
    return [entry for entry in called if _holds(entry)]


def under_title(
    blocks: Sequence[Block],
    at: int,
    entries: Sequence[Entry],
    rows: Sequence[Entry],
    notes: Notes,
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
    place, depth = entries.index(named[0]), named[0].depth
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
    behind = [*entries[1:], None]
    return any(
        _holds(entry) and (other is None or other.depth <= entry.depth)
        for entry, other in zip(entries, behind, strict=bool(entries))
    )


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _holds(entry: Entry) -> bool:
    return entry.kind is None or entry.kind.holds_members
