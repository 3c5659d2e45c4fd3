"""Which member holds which, where a copied text lists them all at one depth.

Members come in the order of a walk through the tree. Every tree is followed that agrees with the
names, which are unique within an object, with what the renderer opened, and with the sample; a
member is placed only where all of these trees agree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contracts.derive.markdown.answers import STAND_IN, without_stand_ins
from contracts.derive.markdown.blocks import ANY_NAME
from contracts.derive.markdown.entries import Entry
from contracts.derive.model import Note, Notes
from contracts.derive.page.sample import Sample

#: Where more trees than this are possible, none of them is followed.
_MOST_STATES = 2000
_ROOT = -1
_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Openings:
    """The lines that say that a member's own members follow.

    `always` says that nothing follows a member without such a line. `possible` are lines that say
    that a member has others, which may be hidden: they are here only where a sample shows them
    here. `counts` say of some lines how many members follow; `closings` are lines that end the
    innermost of the members that one of `lines` opened.
    """

    lines: frozenset[int] = frozenset()
    always: bool = False
    possible: frozenset[int] | None = None
    counts: Mapping[int, int] = field(default_factory=dict)
    closings: frozenset[int] = frozenset()


def nest(
    entries: Sequence[Entry], openings: Openings, sample: Sample | None
) -> tuple[tuple[Entry, ...], tuple[Note, ...]]:
    """Return the members with the depth of each, and a note for each whose parent is not sure."""
    if any("." in entry.name for entry in entries):
        return tuple(entries), ()  # each name is the whole way down
    shown = dict(_shapes(without_stand_ins(sample), ())) if sample else {}
    entries = [
        # a name that is the caller's own stands for any
        replace(entry, name=ANY_NAME) if STAND_IN.fullmatch(entry.name) else entry
        for entry in entries
    ]
    attempts = [_Search(entries, openings, shown, whole=whole) for whole in (True, False)]
    if openings.possible:  # what may be hidden is hidden, where that agrees with the sample
        closed = replace(openings, possible=frozenset())
        attempts.insert(1, _Search(entries, closed, shown, whole=False))
    if openings.counts:  # a member that was not read makes them too large
        uncounted = replace(openings, counts={})
        attempts.append(_Search(entries, uncounted, shown, whole=False))
    attempts.append(_Search(entries, openings, shown, whole=False, partial=True))
    searches = [*(attempts if shown else []), _Search(entries, openings, {}, whole=False)]
    possible = next((found for search in searches if (found := search.parents())), None)
    mend = "" if shown else ": copy the page's example of the body as well"
    return _placed(entries, possible or _doubtful(entries), mend)


def is_flattened(entries: Sequence[Entry], sample: Sample | None) -> bool:
    """Whether members of objects stand at one depth: by the sample, or two of one name."""
    shown = dict(_shapes(sample, ())) if sample else {}
    top = shown.pop((), frozenset[str]())
    inside = frozenset[str]().union(*shown.values())
    names = [entry.name for entry in entries]
    level = len({entry.depth for entry in entries}) == 1
    held = any(entry.holds_members for entry in entries)
    twice = held and len(set(names)) < len(names)
    return level and (twice or any(name in inside - top for name in names))


def _doubtful(entries: Sequence[Entry]) -> list[set[int]]:
    """Return the parents where only those in front of the first object are sure."""
    first = next((at for at, entry in enumerate(entries) if entry.holds_members), len(entries))
    return [{_ROOT} if at <= first else {_ROOT, first} for at in range(len(entries))]


def _placed(
    entries: Sequence[Entry], possible: Sequence[set[int]], mend: str
) -> tuple[tuple[Entry, ...], tuple[Note, ...]]:
    """Keep the members whose parent is sure and kept itself."""
    depths = {_ROOT: 0}
    kept: list[Entry] = []
    notes = Notes()
    for at, entry in enumerate(entries):
        parent = next(iter(possible[at])) if len(possible[at]) == 1 else None
        if parent is None or parent not in depths:
            note = f"which object holds {entry.name} is not said: it is left out{mend}"
            notes.add(entry.line, note)
            continue
        depths[at] = depths[parent] + 1
        kept.append(replace(entry, depth=depths[at]))
    return tuple(kept), tuple(notes)


def _shapes(sample: Sample, path: _Path) -> Iterator[tuple[_Path, frozenset[str]]]:
    """Yield the names that a sample shows at each place, through its arrays."""
    if sample.kind == "array" and sample.elements:
        yield from _shapes(sample.elements[0], path)
    elif sample.kind == "object" and sample.members:
        yield path, frozenset(name for name, _ in sample.members)
        for name, member in sample.members:
            yield from _shapes(member, (*path, name))


@dataclass(frozen=True, slots=True)
class _Frame:
    """An object that is open: the index of its entry, its place, and the members it has so far.

    `size` is how many it has in all, where the page says so; `bracketed` where it says the end.
    """

    owner: int
    path: _Path = ()
    names: frozenset[str] = frozenset()
    size: int | None = None
    bracketed: bool = False

    @property
    def is_full(self) -> bool:
        """Whether it has all of its members."""
        return self.size is not None and len(self.names) >= self.size


_State = tuple[_Frame, ...]


@dataclass(frozen=True, slots=True)
class _Search:
    """A search for all trees of some members; `whole` where a sample shows just these members.

    Where it is `partial`, those that it shows nowhere may stand anywhere.
    """

    entries: Sequence[Entry]
    openings: Openings
    shown: Mapping[_Path, frozenset[str]]
    whole: bool
    partial: bool = False

    def parents(self) -> list[set[int]] | None:
        """Return the possible parents of each member; None where there is no tree, or too many."""
        layers: list[dict[_State, list[_State]]] = [{(_Frame(_ROOT),): []}]
        for at in range(len(self.entries)):
            layer: dict[_State, list[_State]] = {}
            for state in layers[-1]:
                for following in self._following(state, at):
                    layer.setdefault(following, []).append(state)
            if not layer or len(layer) > _MOST_STATES:
                return None
            layers.append(layer)
        alive = {state for state in layers[-1] if all(map(self._can_end, state))}
        out: list[set[int]] = []
        for layer in reversed(layers[1:]):
            out.append({state[-1].owner for state in alive})
            alive = {before for state in alive for before in layer[state]}
        return out[::-1] if alive else None

    def _following(self, state: _State, at: int) -> Iterator[_State]:
        """Yield every way in which a member can stand behind those before it."""
        before = self.entries[at - 1] if at else None
        opened = self._opened(state, at) if before and before.holds_members else False
        if before and opened is not False:
            bracketed = bool(self.openings.closings) and opened is True
            path = (*state[-1].path, before.name)
            state = (*state, _Frame(at - 1, path, size=self._size(at), bracketed=bracketed))
        closed = self._closed(state, at)
        if closed is None:
            return
        opened = opened and closed == state
        state = closed
        name = self.entries[at].name
        for depth in range(len(state), 0, -1):
            frame = state[depth - 1]
            shown = self.shown.get(frame.path)
            fits = not {name, ANY_NAME} & frame.names and not frame.is_full
            if fits and (shown is None or name in shown or self._is_free(name)):
                yield (*state[: depth - 1], replace(frame, names=frame.names | {name}))
            outer = self.shown.get(state[max(depth - 2, 0)].path, frozenset())
            empty = shown is None and name in outer  # it may hold nothing that is printed
            if (opened and not empty) or frame.bracketed or not self._can_end(frame):
                return

    def _is_free(self, name: str) -> bool:
        """Whether a member may stand at a place where the sample does not show it."""
        unseen = not any(name in names for names in self.shown.values())
        return name == ANY_NAME or (self.partial and unseen)

    def _closed(self, state: _State, at: int) -> _State | None:
        """Return what is open behind the lines that end objects; None where one cannot end."""
        first = self.entries[max(at - 1, 0)].line
        last = self.entries[at].line
        for _ in filter(lambda line: first < line < last, self.openings.closings):
            inner = [depth for depth, frame in enumerate(state) if frame.bracketed]
            if not inner or not all(map(self._can_end, state[inner[-1] :])):
                return None
            state = state[: inner[-1]]
        return state

    def _has_line(self, at: int, lines: frozenset[int]) -> bool:
        """Whether one of some lines belongs to a member."""
        first = self.entries[at].line
        end = self.entries[at + 1].line if at + 1 < len(self.entries) else first + 2
        return any(first <= line < end for line in lines)

    def _opened(self, state: _State, at: int) -> bool | None:
        """Whether a member stands in the one before it; None where nothing says it."""
        before = self.entries[at - 1]
        if self.entries[at].name == ANY_NAME:
            return True
        if self._has_line(at - 1, self.openings.lines):
            return True
        if self.whole and (*state[-1].path, before.name) in self.shown:
            return True
        if self.openings.possible is not None:
            hidden = not self.shown or not self._has_line(at - 1, self.openings.possible)
            return False if hidden else None
        return False if self.openings.always else None

    def _size(self, at: int) -> int | None:
        """Return how many members the one before a place has, where a line below it says so."""
        first = self.entries[at - 1].line
        last = self.entries[at].line
        counts = self.openings.counts.items()
        return next((count for line, count in counts if first <= line < last), None)

    def _can_end(self, frame: _Frame) -> bool:
        if frame.size is not None and not frame.is_full:
            return False
        return not self.whole or self.shown.get(frame.path, frozenset()) <= frame.names
