"""Labels that stand on a line of their own, with their values on the lines below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.derive.language.constraints import read_label
from contracts.derive.markdown.below import starts_entry
from contracts.derive.markdown.blocks import APART, Block, TextBlock, plain
from contracts.derive.markdown.entries import Entry, name_alone, type_alone
from contracts.derive.markdown.kinds import read_kind
from contracts.derive.markdown.restrictions import HEAD, Restriction, options, read_restrictions
from contracts.derive.markdown.spellings import OPTION_LABEL
from contracts.derive.model import Notes

_LABEL = re.compile(
    r"(?P<label>enum array|examples? array|enum(?:eration)?"
    r"|(?:allowed|possible|available|valid|accepted|enum)(?: enum)? (?:values?"
    r"|options)|options|allowed|(?:must be )?one of|default(?: value)?|pattern|match pattern|format"
    r"|"
    r"examples?|(?P<limit>(?:min|max)(?:imum)?(?: length| items)?|greater than|less than"
    r"|multiple of))\s*:?",
    re.IGNORECASE,
)
_OF_OPTIONS = (
    "enum", "allowed", "possible", "available", "valid", "accepted", "options", "one", "must",
)  # fmt: skip
#: Labels whose values a renderer may show only where the mouse is.
_MAY_STAND_ALONE = frozenset({"default", "example", "examples"})
_PLAIN_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null')
_ENUM_TYPE = re.compile(r"enum(?: or null)?")
_ALLOWED = re.compile(r"\b(?:Allowed|Possible enum)(?: values:?$|:[ \x1f]*\S)")
_ONE_OF = re.compile(r"[-+] ?(?:ONE|ANY) OF")


def read_labelled(
    blocks: Sequence[Block], at: int, entry: Entry, notes: Notes
) -> tuple[Entry, int] | None:
    """Read a label that stands alone on its line, with what is on the lines below."""
    reading = _Labelled(blocks, at + 1, entry, notes)
    return (reading.entry, reading.at) if reading.read(blocks[at]) else None


@dataclass(slots=True)
class _Labelled:
    """A member, and the place up to which the lines below one of its labels are read."""

    blocks: Sequence[Block]
    at: int
    entry: Entry
    notes: Notes

    def read(self, block: Block) -> bool:
        """Read the label on a line with its values; False where there is no label."""
        text = block.quiet.strip(APART + " ")
        below = next(iter(self.blocks[self.at : self.at + 1]), None)
        if self._stands_alone(block, text):
            return True
        label = _LABEL.fullmatch(plain(text))
        if isinstance(below, TextBlock) and (label or text.endswith(":")):
            said = f"{text.rstrip(' :')}: {below.text.strip(APART + ' ')}"
            found, left = read_restrictions(said)
            if found and found[0].name not in {"options", "sample"} and not left.strip():
                some = tuple(replace(item, first=block.line) for item in found)
                self.entry = self.entry.with_restrictions(some, below.line)
                self.at += 1
                return True
        if label and isinstance(below, TextBlock):
            if label["limit"]:  # an option that is called like one: no number is behind it
                return False
            self._values(label["label"].lower(), block, below)
        elif label:
            self.notes.add(block.line, f"nothing stands behind: {label['label']}")
        return label is not None

    def _add(self, item: Restriction, line: int) -> None:
        self.entry = self.entry.with_restrictions((item,), line)

    def _values(self, name: str, block: Block, below: TextBlock) -> None:
        """Read what is on the lines below a label; options may close the lines of the member."""
        closing = _is_flag(below) or below.plain.lower() in _MAY_STAND_ALONE
        if name.startswith("example") and name.endswith(" array"):
            self._add(Restriction("sample"), block.line)
        elif name == "enum array" or (name == "enum" and closing):
            self._add(Restriction("listed"), block.line)
        elif name.startswith(_OF_OPTIONS):
            self._options(block, below, sure=name != "enum")
        elif name.startswith("example"):
            self._examples(block.line, several=name == "examples")

    def _stands_alone(self, block: Block, text: str) -> bool:
        """Whether the value of a label is not printed: another label or a member stands behind."""
        below = next(iter(self.blocks[self.at : self.at + 1]), None)
        if not isinstance(below, TextBlock) or text.lower() not in _MAY_STAND_ALONE:
            return False
        if _LABEL.fullmatch(below.plain) or _is_flag(below) or below.line - block.line > 1:
            return True
        behind = self.at + 1 < len(self.blocks) and starts_entry(self.blocks, self.at + 1)
        return not behind and starts_entry(self.blocks, self.at)

    def _examples(self, label: int, *, several: bool) -> None:
        """Read the examples below their label: one, or all that are JSON."""
        start = self.at
        if self.blocks[start].plain in {"{", "["}:
            while self.at < len(self.blocks) and not starts_entry(self.blocks, self.at):
                self.at += 1
            self.notes.add(self.blocks[self.at - 1].line, "the example is cut off here")
            return
        for below in self.blocks[start:]:
            further = self.at > start and not (several and _PLAIN_JSON.fullmatch(below.plain))
            if further or not isinstance(below, TextBlock):
                break
            self._add(Restriction("sample", below.plain, label), below.line)
            self.at += 1

    def _options(self, label: Block, first: TextBlock, *, sure: bool) -> None:
        """Read the options below their label; the first line is one where that is `sure`."""
        kind = read_kind(first.plain)
        if kind and kind.base == "array":  # how one renderer prints them: each with its number
            self._add(Restriction("listed"), first.line)
            self.at += 1
            return
        values: list[str] = []
        lines = [first.line]
        while self.at < len(self.blocks):
            block = self.blocks[self.at]
            if block.depth != first.depth or self._is_member(sure=sure and not values):
                break
            some = options(block.text.lstrip(" ,"))
            if label.plain == "Possible enum values" and _explains(block.plain, values):
                self.at += 1  # what the option above stands for
                continue
            if not some or (values and read_restrictions(block.text)[0]):
                break
            values += some
            lines.append(block.line)
            self.at += 1
            if len(some) > 1 and not block.text.rstrip().endswith(","):
                break
        if (end := self._unsure_end()) > self.at:
            word = self.blocks[self.at]
            self.notes.add(word.line, f"whether {word.plain} is an option or a member is not said")
            self.at = end
            return
        self.entry = replace(self.entry, last=max(self.entry.last, *lines))
        self._keep(values, label, lines[-1])

    def _keep(self, values: Sequence[str], label: Block, last: int) -> None:
        """Keep the options below a label, unless several ran together."""
        if len(values) == 1 and label.plain == "Allowed values:":
            self.notes.add(last, f"options that ran together are not told apart: {values[0]}")
        elif values:
            self._add(Restriction("options", tuple(values), label.line), last)
        elif label.plain == "enum":  # they close the lines of the member
            self._add(Restriction("listed"), label.line)

    def _is_member(self, *, sure: bool) -> bool:
        """Whether a member begins here, and no option that is called like one."""
        behind = [block.plain for block in self.blocks[self.at + 1 : self.at + 2]]
        if not starts_entry(self.blocks, self.at) or behind == ["null"]:
            return False  # behind an option null is another, and no type
        if sure and not any(map(_is_flag, self.blocks[self.at + 2 : self.at + 3])):
            return False
        # Options stand further apart than a member and its type do.
        above, here, below = (block.line for block in self.blocks[self.at - 1 : self.at + 2])
        return not self.entry.kind_line - self.entry.line < here - above == below - here

    def _unsure_end(self) -> int:
        """Return the end of words that may be options or members called like a type."""
        end = self.at
        while end < len(self.blocks) and read_kind(self.blocks[end].plain):
            end += 1
        behind = next(iter(self.blocks[end : end + 1]), None)
        flagged = isinstance(behind, TextBlock) and (_is_flag(behind) or " " in behind.plain)
        count = end - self.at
        return self.at if count < 2 or (flagged and count == 2) else end


def label_without_limit(blocks: Sequence[Block], at: int, text: str, notes: Notes) -> int | None:
    """Note a label whose value is no limit, and return the place behind both."""
    label = read_label(plain(text))
    if label is None:
        return None
    name, value = label
    behind = at + 1
    below = blocks[behind] if behind < len(blocks) else None
    if not value and below and below.plain:
        value = below.plain
        behind = at + 2
    told = f"not understood behind {name!r}: {value}" if value else f"nothing stands behind: {name}"
    notes.add(blocks[behind - 1].line, told)
    return behind


def read_items(blocks: Sequence[Block], at: int, entry: Entry) -> tuple[Entry, int] | None:
    """Read what the items of the array above are: behind `Items`, or before its bracket."""
    block = blocks[at]
    text = block.quiet.strip(APART + " ")
    label = re.match(r"items\b\s*:?[\s\x1f]*", text, re.IGNORECASE)
    rest = text[label.end() :] if label else text
    behind = at + 1
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    if label and not rest and below:
        rest = below.text.strip(APART + " ")
        behind = at + 2
    found = type_alone(TextBlock(block.line, rest)) if rest else None
    if found is None or found[2] or entry.kind is None or entry.kind.base != "array":
        return None
    if not label and entry.kind.items is not None:
        return None
    rows = entry.kind.items  # the items of an array of arrays, and then those of each of them
    inner = rows if rows and rows.base == "array" and found[0].base != "array" else None
    items = replace(inner, items=found[0]) if inner else found[0]
    entry = replace(entry, kind=replace(entry.kind, items=items))
    return entry.with_restrictions(found[1], block.line), behind


def read_option_items(blocks: Sequence[Block], at: int, entry: Entry) -> tuple[Entry, int] | None:
    """Read the list of options, each perhaps explained, below the label that ends a description."""
    said = plain(entry.texts[-1].text) if entry.texts else ""
    labels = [label.span() for label in OPTION_LABEL.finditer(said)]
    if not said.endswith(":") or not labels or labels[-1][1] != len(said):
        return None
    values: list[str] = []
    depth = blocks[at].depth
    end = at
    while end < len(blocks) and blocks[end].item and blocks[end].depth == depth > entry.depth:
        head = HEAD.match(blocks[end].text)
        if not head or not (head["said"] or head.end() == len(blocks[end].text)):
            return None
        values.append(head["apart"] or head["quoted"])
        end += 1
    if len(values) < 2:
        return None
    *texts, last = entry.texts
    item = Restriction("options", tuple(values), last.number)
    entry = replace(entry, texts=(*texts, replace(last, text=said[: labels[-1][0]])))
    return entry.with_restrictions((item,), blocks[end - 1].line), end


def _explains(text: str, values: Sequence[str]) -> bool:
    """Whether a line says what the option above stands for: words, or one with a capital."""
    return bool(values) and (" " in text or (text[:1].isupper() and values[0][:1].islower()))


def _is_flag(block: Block) -> bool:
    """Whether a line holds nothing but flags."""
    restrictions, left = read_restrictions(block.text)
    flags = [item for item in restrictions if item.value is True]
    return bool(flags) and len(flags) == len(restrictions) and not left.strip()


def with_enum_types(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with a word for a type where only `enum` is printed for one.

    So it is above options, and between a name and what is no type.
    """
    last = max((at for at, block in enumerate(blocks) if _ALLOWED.search(block.text)), default=0)
    return [
        replace(block, text=block.text.replace("enum", "enumeration"))
        if isinstance(block, TextBlock)
        and _ENUM_TYPE.fullmatch(block.plain)
        and (at < last or _types_name(blocks, at))
        else block
        for at, block in enumerate(blocks)
    ]


def _types_name(blocks: Sequence[Block], at: int) -> bool:
    """Whether a line is the type of the name above it: no other type is beside it."""
    beside = [*blocks[max(at - 1, 0) : at], *blocks[at + 1 : at + 2]]
    named = at > 0 and isinstance(blocks[at - 1], TextBlock) and name_alone(blocks[at - 1])
    return bool(named) and not any(read_kind(block.plain) for block in beside)


def with_null_types(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with `or null` behind the types of which null is the only alternative.

    Example: the lines `- ONE OF`, `- 1`, `object`, further ones, `2` and `null` say "object or
    null" of the member above.
    """
    out = list(blocks)
    for at in reversed(range(1, len(out) - 3)):  # inner ones first
        kind = out[at - 1]
        first = out[at + 2]
        if not _ONE_OF.fullmatch(out[at].plain) or not isinstance(kind, TextBlock):
            continue
        seconds = (end for end in range(at + 3, len(out)) if out[end].plain.strip("-+ ") == "2")
        second = next(seconds, len(out))
        behind = [block.plain for block in out[second + 1 : second + 3]]
        if behind[:1] == ["null"]:
            again = behind[1:] == [out[at + 3].plain]  # the description of the member once more
            null = replace(kind, text=f"{first.text} or null")
            out[at - 1 :] = [null, *out[at + 3 : second], *out[second + 2 + again :]]
    return out
