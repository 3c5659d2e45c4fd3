"""What a new revision of an operation does to those who call it.

`difference(old, new)` gives one record.
"""

from __future__ import annotations

from contracts.diff import comparing, operations
from contracts.diff.model import Change, Difference, Effect
from contracts.diff.sides import Side, alike, read

__all__ = ["Difference", "Effect", "Side", "difference", "read"]


def difference(old: Side, new: Side) -> Difference:
    """Compare two sides: the operation, the request and the response, the worst changes first.

    Two contracts are compared as they are verified, with what is read between their lines
    (conventions are left out: no page promises them); a contract and a bare page by what both pages
    state.
    """
    old, new = alike(old, new)
    found: list[Change] = list(operations.compare(old.operation, new.operation))
    for part, before, after in (
        ("request", old.request, new.request),
        ("response", old.response, new.response),
    ):
        if before is not None and after is not None:
            found += comparing.compare(comparing.Bodies(part, before, after))
        elif before is not after:
            found += operations.compare_presence(before, after, part)
    order = list(Effect)
    return Difference(
        old.revision,
        new.revision,
        tuple(sorted(found, key=lambda change: order.index(change.effect))),
    )
