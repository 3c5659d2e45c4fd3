"""Two operations compared, and all operations of two APIs, each with its like."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from contracts.diff import comparing, operations
from contracts.diff.model import Change, Difference, Effect, Revision, Stated
from contracts.diff.sides import Side, alike
from contracts.diff.witnesses import Bodies


def difference(old: Side, new: Side) -> Difference:
    """Compare two sides: the operation, the request and the response, the worst changes first.

    Two contracts are compared as they are verified, with what is read between their lines
    (conventions are left out: no page promises them); a contract and a bare page by what both
    pages state.
    """
    old, new = alike(old, new)
    changes: list[Change] = list(operations.compare(old.operation, new.operation))
    for part in ("request", "response"):
        before = getattr(old, part)
        after = getattr(new, part)
        if before is not None and after is not None:
            changes += comparing.compare(Bodies(part, before, after))
        elif before is not after:
            changes += operations.compare_presence(before, after, part)
    if old.bare is new.bare:
        changes += operations.compare_refusals(old.refusals, new.refusals)
    return Difference(old.revision, new.revision, _worst_first(changes))


def difference_of_apis(old: Sequence[Side], new: Sequence[Side]) -> Difference:
    """Compare all operations of two sides with their like: by address, by name, or the only."""
    pairs = _pairs(old, new)
    if 1 in (len(old), len(new)):
        return difference(*(pairs or [(old[0], new[0])])[0])
    revisions = old[0].revision, new[0].revision
    changes: list[Change] = []
    for before, after in pairs:
        sides = after.title, before.revision, after.revision
        changes += [_at(change, *sides) for change in difference(before, after).changes]
    paired = {id(side) for pair in pairs for side in pair}
    for side in (side for side in old if id(side) not in paired):
        change = operations.presence(side.operation, None)
        changes.append(_at(change, side.title, side.revision, revisions[1]))
    for side in (side for side in new if id(side) not in paired):
        change = operations.presence(None, side.operation)
        changes.append(_at(change, side.title, revisions[0], side.revision))
    return Difference(*revisions, _worst_first(changes))


def _pairs(old: Sequence[Side], new: Sequence[Side]) -> list[tuple[Side, Side]]:
    """Return the operations that both sides have."""
    keys: tuple[Callable[[Side], object], ...] = (
        lambda side: operations.address(side.operation["method"], side.operation["path"]),
        lambda side: side.name,
    )
    pairs: list[tuple[Side, Side]] = []
    for key in keys:
        for before in old:
            if any(before is paired for paired, _ in pairs):
                continue
            free = [side for side in new if all(side is not paired for _, paired in pairs)]
            like = [side for side in free if key(side) and key(side) == key(before)]
            pairs += [(before, like[0])] if like else []
    return pairs


def _at(change: Change, title: str, before: Revision, after: Revision) -> Change:
    """Return a change with its operation, and the documents that its lines are lines of."""

    def stated(says: Stated, revision: Revision) -> Stated:
        return replace(says, document=says.document or revision.document)

    sides = stated(change.old, before), stated(change.new, after)
    return replace(change, operation=title, old=sides[0], new=sides[1])


def _worst_first(changes: Sequence[Change]) -> tuple[Change, ...]:
    order = list(Effect)
    return tuple(sorted(changes, key=lambda change: order.index(change.effect)))
