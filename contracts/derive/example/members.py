"""The members of both samples, depth first: what descriptions and constraints belong to."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.derive.page.sample import Sample, depth, inner

MemberPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A member: its path in its body (items of an array are `*`), and the value that it shows."""

    path: MemberPath
    name: str
    sample: Sample
    opens: bool


class Step(enum.Enum):
    """What can happen next on the way through the page."""

    START = "start"
    MEMBER = "member"
    MARK = "mark"
    MAYBE = "maybe"
    KEY = "key"
    CLOSE = "close"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Event:
    """A step, with the member that it concerns."""

    step: Step
    slot: Slot | None = None


def events(request: Sample | None, response: Sample | None) -> tuple[Event, ...]:
    """Lay out the way through the page: what stands before the members, the request, the answer."""
    out = [Event(Step.START)]
    if request:
        out += _inside(request, ("request",))
    out.append(Event(Step.GAP))
    if response:
        out += _inside(response, ("response",))
    return tuple(out)


def _inside(sample: Sample, path: MemberPath) -> Iterator[Event]:
    shown = inner(sample)
    path += ("*",) * depth(sample)
    for name, member in dict(shown.members).items() if shown else ():
        yield from _member(name, member, (*path, name))


def _member(name: str, sample: Sample, path: MemberPath) -> Iterator[Event]:
    shown = inner(sample)
    opens = bool(shown and shown.members)
    slot = Slot(path, name, sample, opens)
    yield Event(Step.MEMBER, slot)
    if opens:
        yield Event(Step.MARK, slot)
        yield from _inside(sample, path)
        yield Event(Step.CLOSE, slot)
    elif shown:
        # An object without members may still open on members of any name, which a sample does not
        # show.
        yield Event(Step.MAYBE, slot)
        yield Event(Step.KEY, slot)
