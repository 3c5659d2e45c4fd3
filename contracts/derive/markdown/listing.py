"""From the blocks of one section to its members: lines, list items and tags read in order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from contracts.derive.markdown.below import is_noise, starts_entry, typed_below, whole_kind
from contracts.derive.markdown.blocks import (
    APART,
    Block,
    Heading,
    Table,
    Tag,
    TextBlock,
    as_text,
    of_items,
    plain,
)
from contracts.derive.markdown.columns import OF_ALL, flagged, table_entries
from contracts.derive.markdown.entries import FLAGS, Entry, begin_entry, name_alone
from contracts.derive.markdown.kinds import Kind, read_kind
from contracts.derive.markdown.labels import (
    label_without_limit,
    read_items,
    read_labelled,
    read_option_items,
    with_enum_types,
    with_null_types,
)
from contracts.derive.markdown.nested import holders, under_title
from contracts.derive.markdown.restrictions import Restriction, read_restrictions
from contracts.derive.markdown.tags import tag_entry
from contracts.derive.markdown.unread import is_other_head
from contracts.derive.model import Note, Notes
from contracts.derive.page.commands import METHODS
from contracts.derive.page.sample import MARKER

_OPTION_ITEM = re.compile(r"(?P<value>\S+)")
_TYPE_WORDS = frozenset({"type", "object", "format", "number", "default", "note"})
_ROWS = frozenset({"listed", "option", "sample"})
_ALTERNATIVES = re.compile(r"(?:one|any) ?of:?(?:\s*\d+)?|oneOf|anyOf", re.IGNORECASE)
_ANY_BELOW = re.compile(
    r"\b(?:one|any|either) of(?: the following| these)?(?: \w+)?:\W*\Z", re.IGNORECASE
)
_LABEL_BEHIND = re.compile(
    r"\x1f(?P<label>(?:items )?enum|allowed values|default|pattern)\s*:$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Listing:
    """The members of a section in order, with what was not understood."""

    entries: tuple[Entry, ...] = ()
    notes: tuple[Note, ...] = ()
    root: Kind | None = None


class _Reader:
    def __init__(self, blocks: Sequence[Block]) -> None:
        members = [of_items(block) for block in blocks]
        is_list = members != [*blocks]
        blocks = with_enum_types(with_null_types(members))
        self.blocks = [
            part
            for at, block in enumerate(blocks)
            if not is_noise(block) or _is_kept(blocks, at)
            for part in _quiet(block)
        ]
        self.entries: list[Entry] = []
        self.notes = Notes()
        self.open_tags: list[Tag] = []
        self.hidden: int | None = None
        head = takewhile(lambda at: not starts_entry(blocks, at), range(len(blocks)))
        is_list = is_list or any(blocks[at].plain == "Array [" for at in head)
        self.root = Kind("array") if is_list else None
        self.owner: int | None = -1
        self.titled = False

    def read(self) -> Listing:
        at = 0
        while at < len(self.blocks):
            block = self.blocks[at]
            if isinstance(block, Tag):
                self._tag(block)
            elif isinstance(block, Table):
                self._table(block, at)
            elif not holders(self.blocks, at, self.entries):
                at = self._text(at) - 1
            at += 1
        return Listing(tuple(self.entries), tuple(self.notes), self.root)

    def _table(self, table: Table, at: int) -> None:
        """Read a table: its members are those of the object that a title above it names."""
        before = len(self.entries)
        entries = table_entries(table, self.entries, self.notes)
        rows = flagged(self.blocks, at, entries[before:])
        self.entries = under_title(self.blocks, at, entries[:before], rows, self.notes)

    def _tag(self, tag: Tag) -> None:
        if tag.closes:
            if self.open_tags and self.open_tags[-1].name == tag.name:
                self.open_tags.pop()
            return
        depth = sum(tag_entry(parent, 0) is not None for parent in self.open_tags)
        if entry := tag_entry(tag, depth):
            self.entries.append(entry)
        self.open_tags.append(tag)

    def _text(self, at: int) -> int:
        """Read the line at a place; give the place of the next one."""
        block = as_text(self.blocks[at])
        owner = self._owner()
        last = owner.kind if owner else None
        options = last is not None and not last.holds_members and block.plain.endswith(":")
        if _ALTERNATIVES.fullmatch(plain(block.text)) and not options:
            self._hide(block.depth, block.line)
            return at + 1
        if owner and self.owner is not None and (some := read_option_items(self.blocks, at, owner)):
            self.entries[self.owner], end = some
            return end
        if found := self._start(at, block):
            entry, end = found
            if self._describes_all(entry, end):
                self.root = entry.kind
                return end
            if self.hidden is not None and entry.depth > self.hidden:
                self.notes.add(entry.line, f"a member of one alternative: {entry.name}")
                return end
            self.hidden = None
            self.entries.append(entry)
            self.owner = -1
            if entry.texts and entry.holds_members and _ANY_BELOW.search(entry.texts[-1].text):
                self._hide(entry.depth, entry.line)
            return end
        if _is_bracket(block) and self.entries:
            self._close(block)
            return at + 1
        return self._detail(at, block)

    def _hide(self, depth: int, line: int) -> None:
        """Leave out the members below a place: each belongs to one of several alternatives."""
        self.hidden = depth
        note = "alternatives are not told apart: the members below are left out"
        self.notes.add(line, note)

    def _describes_all(self, entry: Entry, end: int) -> bool:
        """Whether what reads as the first member is a word and the type of the whole body."""
        whole = entry.kind is not None and entry.kind.base in {"array", "object"}
        if self.entries or not whole or not re.fullmatch("[A-Z][a-z]+", entry.name):
            return False
        behind = map(as_text, self.blocks[end : end + 1])
        names = [begin_entry(block) or name_alone(block) for block in behind]
        return any(other.name[:1].islower() for other in names if other)

    def _close(self, block: TextBlock) -> None:
        """Step out of an object: what follows its bracket says more of the object."""
        if block.plain == "}":
            same = [at for at, entry in enumerate(self.entries) if entry.depth == block.depth]
            self.owner = same[-1] if same else -1

    def _owner(self) -> Entry | None:
        """Return the member of which the lines speak, if that is sure."""
        return self.entries[self.owner] if self.entries and self.owner is not None else None

    def _start(self, at: int, block: TextBlock) -> tuple[Entry, int] | None:
        if self.open_tags and self.entries and tag_entry(self.open_tags[-1], 0):
            return None
        if entry := begin_entry(block) or self._type_name(block):
            return entry, at + 1
        following = self.blocks[at + 1 : at + 2]
        if (
            block.plain == "object"
            and not self.entries
            and any(begin_entry(as_text(below)) for below in following)
        ):
            return None  # the type of the whole body, and its first member
        nulls = (other.item == block.item for other in following if other.plain == "null")
        if any(nulls) and (block.item or self._lists(block)):
            return None  # two options
        entry = name_alone(block) or self._flag_name(at, block)
        return typed_below(entry, self.blocks, at + 1) if entry else None

    def _lists(self, block: Block) -> bool:
        """Whether a line may be an option of the member above: behind its words, or apart."""
        if (owner := self._owner()) is None or block.plain.endswith("."):
            return False
        names = {item.name for item, _ in owner.restrictions}
        apart = owner.texts or "option" in names or block.line > owner.last + 1
        return bool(apart) and "listed" in names

    def _flag_name(self, at: int, block: TextBlock) -> Entry | None:
        """Return the member that is called like a flag: its type follows, and no other type."""
        kinds = [read_kind(other.plain) is not None for other in self.blocks[at + 1 : at + 3]]
        if kinds not in ([True], [True, False]) or block.plain.lower() not in FLAGS:
            return None
        if starts_entry(self.blocks, at + 1):
            return None  # the word below is no type but a member called like one
        return Entry(block.plain, block.line, block.line, depth=block.depth)

    def _type_name(self, block: TextBlock) -> Entry | None:
        """Return a member called like a word of types, where each has one line with its type."""
        owner = self._owner()
        name, _, kind = block.plain.partition(" ")
        typed = owner is not None and owner.kind_line == owner.line and read_kind(kind)
        if not typed or name not in _TYPE_WORDS:
            return None
        return begin_entry(replace(block, text=f"{name}{APART}{kind}"))

    def _before_members(self, at: int, block: TextBlock) -> None:
        """Read a line in front of the first member: it may say what the whole body is."""
        if self.entries or self.titled:
            return
        if isinstance(self.blocks[at], Heading) and name_alone(block):
            self.notes.add(block.line, f"no member is read from: {block.plain}")
            self.titled = True
        else:
            self.root = self.root or whole_kind(block)

    def _detail(self, at: int, block: TextBlock) -> int:
        """Read a line that says more of the last member."""
        text = block.quiet.strip(APART + " ")
        self._before_members(at, block)
        if self._mark(block):
            return at + 1
        if text.upper() in METHODS:
            self.owner = None  # the operation, named once more behind its members
        entry = self._owner()
        if entry is None or self.owner is None or not text or OF_ALL.fullmatch(plain(text)):
            return at + 1
        if is_other_head(self.blocks, at, entry):
            self.notes.add(block.line, f"no member is read from: {plain(text)}")
            self.owner = None
            return at + 1
        more = read_items(self.blocks, at, entry)
        if more := more or read_labelled(self.blocks, at, entry, self.notes):
            self.entries[self.owner], at = more
            return at
        rows = [item for item, _ in entry.restrictions if item.name in _ROWS]
        alone = _OPTION_ITEM.fullmatch(text) if block.item or self._lists(block) else None
        numbers = [sum(item.name == name for item in rows) for name in ("option", "sample")]
        following = {str(max(n - less, 0)) for n in numbers for less in (0, 1)}
        before = "|".join(sorted(following, key=len, reverse=True))
        row = re.fullmatch(rf"#(?:{before})\s*\x1f?\s*(?P<value>\S.*)", text) or alone
        if row and rows:
            value = plain(row["value"])
            several = any(item.name == "sample" and item.value in {True, "array"} for item in rows)
            listed = rows[-1].name != "sample" or (not several and rows[0].name == "listed")
            name, value = ("option", value.strip('"')) if listed else ("sample", value)
            item = Restriction(name, value)
            self.entries[self.owner] = entry.with_restrictions((item,), block.line)
            return at + 1
        restrictions, left = read_restrictions(text)
        if not restrictions and (behind := label_without_limit(self.blocks, at, text, self.notes)):
            return behind
        entry = entry.with_restrictions(restrictions, block.line)
        if left.strip(APART + " "):
            entry = entry.with_text(block.line, left)
        self.entries[self.owner] = entry
        return at + 1

    def _mark(self, block: TextBlock) -> bool:
        """Keep a line that shows or hides the members of the last one."""
        is_marker = MARKER.fullmatch(block.plain) is not None
        if self.entries and self.owner is not None and is_marker:
            self.entries[self.owner] = replace(self.entries[self.owner], marked=True)
        return is_marker


def _is_bracket(block: Block) -> bool:
    """Whether a line is a bracket alone: how one renderer shows where an object begins and ends."""
    return block.plain in {"{", "[", "}", "]", "}]"}


def _quiet(block: Block) -> Iterator[Block]:
    """Yield a line without noise, and a label at its end as a line of its own."""
    if not isinstance(block, TextBlock) or MARKER.fullmatch(block.plain):
        yield block
        return
    text = block.quiet
    if text.count("]") > text.count("["):
        text = text.removesuffix(f"{APART}]")
    label = _LABEL_BEHIND.search(text)
    yield replace(block, text=text[: label.start()] if label else text)
    if label:
        yield replace(block, text=label["label"], item=False)


def _is_kept(blocks: Sequence[Block], at: int) -> bool:
    """Whether a line that is only there for the mouse says something here all the same."""
    block = blocks[at]
    return (
        MARKER.fullmatch(block.plain) is not None or starts_entry(blocks, at) or _is_bracket(block)
    )


def read_listing(blocks: Sequence[Block]) -> Listing:
    """Return the members that the blocks of a section list."""
    return _Reader(blocks).read()
