"""Which member of a listing stands under which.

By its dotted name, or by the sample of the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contracts.derive.page.sample import inner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contracts.derive.listed.entries import Entry
    from contracts.derive.page.sample import Sample

_DOT = re.compile(r"(?:\[\])*\.")


def parents(entries: Sequence[Entry], sample: Sample | None) -> list[int | None]:
    """Return the index of the parent of each member, or None where it stands at the top.

    A dotted name says it. Names without dots behind a marker are children only where the sample
    shows them there; without a sample, what follows a marker is the next member, for the children
    are hidden.
    """
    dotted = [_dotted(entries, at) for at in range(len(entries))]
    shown = inner(sample) if sample else None
    if shown is None or any(parent is not None for parent in dotted):
        return dotted
    found: list[int | None] = [None] * len(entries)
    at = 0
    while at < len(entries):
        at = _opened(entries, at, dict(shown.members), found)
    return found


def last_name(entries: Sequence[Entry], at: int, parent: int | None) -> str:
    """Return the name of a member below its parent."""
    name = entries[at].name
    above = "" if parent is None else entries[parent].name
    return (
        _DOT.sub("", name.removeprefix(above), count=1) if above and _below(above, name) else name
    )


def _below(above: str, name: str) -> bool:
    return name.startswith(above) and _DOT.match(name.removeprefix(above)) is not None


def _dotted(entries: Sequence[Entry], at: int) -> int | None:
    """Return the member that a dotted name stands under.

    The longest earlier name that begins it.
    """
    best = None
    for earlier in range(at):
        longer = best is None or len(entries[earlier].name) >= len(entries[best].name)
        if longer and _below(entries[earlier].name, entries[at].name):
            best = earlier
    return best


def _opened(
    entries: Sequence[Entry], at: int, level: Mapping[str, Sample], found: list[int | None]
) -> int:
    """Step over a member and the children that follow it, and say whose children they are."""
    parent, at = at, at + 1
    shown = level.get(entries[parent].name)
    below = inner(shown) if shown else None
    children = dict(below.members) if below else {}
    if not entries[parent].marker or not _starts(entries, at, children, level):
        return at
    seen: set[str] = set()
    while at < len(entries) and entries[at].name in children and entries[at].name not in seen:
        seen.add(entries[at].name)
        found[at] = parent
        at = _opened(entries, at, children, found)
    return at


def _starts(
    entries: Sequence[Entry], at: int, children: Mapping[str, Sample], level: Mapping[str, Sample]
) -> bool:
    """Whether the children of a member are listed from an index on.

    Where the next name could be a sibling as well, all children must follow.
    """
    if at >= len(entries) or entries[at].name not in children:
        return False
    names = {entry.name for entry in entries[at:]}
    return entries[at].name not in level or children.keys() <= names - (
        level.keys() - children.keys()
    )
