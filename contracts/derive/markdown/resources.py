"""A table of what an API keeps: the members of an answer, and but for some those of a request."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.derive.markdown.answers import Body
from contracts.derive.markdown.entries import Entry
from contracts.derive.page.sample import Sample, inner


def is_resource(entries: Sequence[Entry], sample: Sample | None, *, sends: bool) -> bool:
    """Whether members that stand under no title are those of a thing, and no parameters.

    Some of them are read-only, or an operation that `sends` no body answers with these members.
    """
    if any(item.name == "readOnly" for entry in entries for item, _ in entry.restrictions):
        return True
    names = {entry.name for entry in entries}
    shown = max((at.keys() & names for _, at in _homes(sample)), key=len, default=set())
    return not sends and bool(names) and names == shown


def fill(body: Body, entries: Sequence[Entry], *, sends: bool) -> list[Entry]:
    """Give a body the members of a thing where its sample shows them; return those it has not.

    In what is sent none is read-only, in an answer none is required.
    """
    way = _way(entries, body.sample)
    if body.entries or way is None:
        return [*entries]
    dropped = "readOnly" if sends else "required"
    for entry in entries:
        marked = any(item.name == "readOnly" for item, _ in entry.restrictions)
        kept = tuple(
            each for each in entry.restrictions if each[0].name not in (dropped, "readOnly")
        )
        if not (sends and marked):
            body.entries.append(replace(entry, name=f"{way}{entry.name}", restrictions=kept))
            body.line, body.last = body.line or entry.line, max(body.last, entry.last)
    return []


def _way(entries: Sequence[Entry], sample: Sample | None) -> str | None:
    """Return the way down to where a sample shows the most of some members; None for nowhere."""
    names = {entry.name for entry in entries}
    homes = [(len(at.keys() & names), way) for way, at in _homes(sample)]
    count, way = max(homes, key=lambda home: home[0], default=(0, ""))
    return way if count or sample is None else None


def _homes(sample: Sample | None) -> list[tuple[str, dict[str, Sample]]]:
    """Return the members of a sample, and of each object in it, with the way down to them."""
    whole = inner(sample) if sample else None
    members = dict(whole.members) if whole else {}
    inside = ((name, each, inner(each)) for name, each in members.items())
    brackets = {"array": "[]."}
    return [("", members)] + [
        (f"{name}{brackets.get(each.kind, '.')}", dict(below.members))
        for name, each, below in inside
        if below is not None
    ]
