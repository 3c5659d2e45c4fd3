"""Labels that stand on a line of their own, with their values on the lines below."""

import re
from collections.abc import Sequence
from dataclasses import replace

from contracts.derive.language.constraints import read_label
from contracts.derive.markdown.blocks import APART, Block, TextBlock, plain
from contracts.derive.markdown.entries import Entry, starts_entry, type_alone, without_noise
from contracts.derive.markdown.kinds import read_kind
from contracts.derive.markdown.restrictions import Restriction, options, read_restrictions
from contracts.derive.model import Notes

_LABEL = re.compile(
    r"(?P<label>enum array|examples? array|enum(?:eration)?"
    r"|(?:allowed|possible|available|valid|accepted|enum)(?: enum)? (?:values?"
    r"|options)|options|allowed|(?:must be )?one of|default(?: value)?|pattern|match pattern|format"
    r"|"
    r"examples?|min(?:imum)?(?: length| items)?|max(?:imum)?(?: length| items)?|greater than"
    r"|less than|multiple of)\s*:?",
    re.IGNORECASE,
)
_OF_OPTIONS = (
    "enum", "allowed", "possible", "available", "valid", "accepted", "options", "one", "must",
)  # fmt: skip
#: Labels whose values a renderer may show only where the mouse is.
_MAY_STAND_ALONE = frozenset({"default", "example", "examples"})
_PLAIN_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null')


def read_labelled(
    blocks: Sequence[Block], at: int, entry: Entry, notes: Notes
) -> tuple[Entry, int] | None:
    """Read a label that stands alone on its line, with what is on the lines below."""
    text = without_noise(blocks[at].text).strip(APART + " ")
    if _stands_alone(blocks, at, text):
        return entry, at + 1
    following = [block for block in blocks[at + 1 : at + 2] if isinstance(block, TextBlock)]
    label = _LABEL.fullmatch(plain(text))
    if (label or text.endswith(":")) and following:
        said = f"{text.rstrip(' :')}: {following[0].text.strip(APART + ' ')}"
        restrictions, left = read_restrictions(said)
        if restrictions and restrictions[0].name not in {"options", "sample"} and not left.strip():
            some = tuple(replace(item, first=blocks[at].line) for item in restrictions)
            return entry.with_restrictions(some, following[0].line), at + 2
    if not label:
        return None
    return _below(blocks, at, label["label"], entry, notes)


def _below(
    blocks: Sequence[Block], at: int, label: str, entry: Entry, notes: Notes
) -> tuple[Entry, int]:
    """Read what is on the lines below a label."""
    following = [block for block in blocks[at + 1 : at + 2] if isinstance(block, TextBlock)]
    if not following:
        notes.add(blocks[at].line, f"nothing stands behind: {label}")
        return entry, at + 1
    name = label.lower()
    if name.startswith("example") and name.endswith(" array"):
        return entry.with_restrictions((Restriction("sample"),), blocks[at].line), at + 1
    if name == "enum" and _is_flag(following[0]):
        return entry, at + 1
    if name == "enum array":  # each option is a row of its own
        return entry.with_restrictions((Restriction("listed"),), blocks[at].line), at + 1
    if name.startswith(_OF_OPTIONS):
        return _options(blocks, at + 1, following[0], entry, notes, sure=name != "enum")
    if name.startswith("example"):
        return _examples(blocks, at, entry, notes, several=name == "examples")
    return entry, at + 1


def _stands_alone(blocks: Sequence[Block], at: int, text: str) -> bool:
    """Whether the value of a label is not printed: another label or a member stands behind."""
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    if not isinstance(below, TextBlock) or text.lower() not in _MAY_STAND_ALONE:
        return False
    other = _LABEL.fullmatch(below.plain) or _is_flag(below)
    if other or below.line - blocks[at].line > 1:
        return True
    value = at + 2 < len(blocks) and starts_entry(blocks, at + 2)
    return not value and starts_entry(blocks, at + 1)


def _examples(
    blocks: Sequence[Block], at: int, entry: Entry, notes: Notes, *, several: bool
) -> tuple[Entry, int]:
    """Read the examples below their label: one, or all that are JSON."""
    first = blocks[at].line
    end = at + 1
    opening = blocks[end]
    if opening.plain in {"{", "["}:
        while end < len(blocks) and not starts_entry(blocks, end):
            end += 1
        notes.add(blocks[end - 1].line, "the example is cut off here")
        return entry, end
    while end < len(blocks) and isinstance(below := blocks[end], TextBlock):
        if end > at + 1 and not (several and _PLAIN_JSON.fullmatch(below.plain)):
            break
        sample = Restriction("sample", below.plain, first)
        entry = entry.with_restrictions((sample,), below.line)
        end += 1
    return entry, end


def _options(
    blocks: Sequence[Block], at: int, first: TextBlock, entry: Entry, notes: Notes, *, sure: bool
) -> tuple[Entry, int]:
    """Read the options below their label, one a line or several on one.

    The first line is one where that is `sure`: a flag looks like the label, and has none behind it.
    """
    values: list[str] = []
    label = blocks[at - 1].line
    described = blocks[at - 1].plain == "Possible enum values"
    lines = [first.line]
    kind = read_kind(first.plain)
    if (
        kind and kind.base == "array"
    ):  # how one renderer prints the options: an array, each with its number
        return entry.with_restrictions((Restriction("listed"),), first.line), at + 1
    while at < len(blocks):
        block = blocks[at]
        if (
            not isinstance(block, TextBlock)
            or block.depth != first.depth
            or (
                starts_entry(blocks, at)
                and not (sure and not values and not any(map(_is_flag, blocks[at + 2 : at + 3])))
                and not _is_spaced(blocks, at, entry)
            )
        ):
            break
        some = options(block.text.lstrip(" ,"))
        if not some and described and values and " " in block.plain:
            at += 1  # what the option above stands for
            continue
        if not some or (values and read_restrictions(block.text)[0]):
            break
        values += some
        lines.append(block.line)
        at += 1
        if len(some) > 1 and not block.text.rstrip().endswith(","):
            break
    if (end := _unsure_end(blocks, at)) > at:
        notes.add(
            blocks[at].line, f"whether {blocks[at].plain} is an option or a member is not said"
        )
        return entry, end
    for line in dict.fromkeys(lines):
        entry = entry.with_restrictions((), line)
    return entry.with_restrictions(
        (Restriction("options", tuple(values), label),) if values else (), lines[-1]
    ), at


def _is_spaced(blocks: Sequence[Block], at: int, entry: Entry) -> bool:
    """Whether what reads as a member and its type are options: further apart than those are."""
    gap = blocks[at].line - blocks[at - 1].line
    return entry.kind_line - entry.line < gap == blocks[at + 1].line - blocks[at].line


def _unsure_end(blocks: Sequence[Block], at: int) -> int:
    """Return the end of words at a place that may be options or members called like a type."""
    end = at
    while end < len(blocks) and read_kind(getattr(blocks[end], "plain", "")):
        end += 1
    behind = blocks[end] if end < len(blocks) else None
    flagged = isinstance(behind, TextBlock) and (_is_flag(behind) or " " in behind.plain)
    return at if end - at < 2 or (flagged and end - at == 2) else end


def label_without_limit(blocks: Sequence[Block], at: int, text: str, notes: Notes) -> int | None:
    """Note a label whose value is no limit, and return the place behind both."""
    label = read_label(plain(text))
    if label is None:
        return None
    name, value = label
    behind = at + 1
    below = blocks[behind] if behind < len(blocks) else None
    if not value and below and below.plain:
        value, behind = below.plain, at + 2
    told = f"not understood behind {name!r}: {value}" if value else f"nothing stands behind: {name}"
    notes.add(blocks[behind - 1].line, told)
    return behind


def read_items(blocks: Sequence[Block], at: int, entry: Entry) -> tuple[Entry, int] | None:
    """Read what the items of the array above are: behind `Items`, or before its bracket."""
    block = blocks[at]
    text = without_noise(block.text).strip(APART + " ")
    label = re.match(r"items\b\s*:?[\s\x1f]*", text, re.IGNORECASE)
    rest, behind = (text[label.end() :] if label else text), at + 1
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    if label and not rest and below:
        rest, behind = below.text.strip(APART + " "), at + 2
    found = type_alone(TextBlock(block.line, rest)) if rest else None
    if found is None or found[2] or entry.kind is None or entry.kind.base != "array":
        return None
    if not label and entry.kind.items is not None:
        return None
    entry = replace(entry, kind=replace(entry.kind, items=found[0]))
    return entry.with_restrictions(found[1], block.line), behind


def _is_flag(block: Block) -> bool:
    """Whether a line holds nothing but flags."""
    restrictions, left = read_restrictions(block.text)
    flags = [item for item in restrictions if item.value is True]
    return bool(flags) and len(flags) == len(restrictions) and not left.strip()


_ENUM_TYPE = re.compile(r"enum(?: or null)?")
_ALLOWED = re.compile(r"\b(?:Allowed|Possible enum)(?: values:?$|:[ \x1f]*(?P<values>\S.*))")


def with_enum_types(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with the type of a member's options where only `enum` is printed."""
    out = list(blocks)
    for at, block in enumerate(blocks):
        if not isinstance(block, TextBlock) or not _ENUM_TYPE.fullmatch(block.plain):
            continue
        for number, below in enumerate(blocks[at + 1 :], at + 1):
            allowed = _ALLOWED.search(below.text)
            if isinstance(below, TextBlock) and allowed:
                numbers = allowed["values"] and re.fullmatch(r"[\d.\u2503-]+", allowed["values"])
                kind = "string" if allowed["values"] and not numbers else "any"
                out[at] = replace(block, text=block.text.replace("enum", kind))
                if numbers:
                    out[number] = replace(below, text=below.text[: allowed.start()])
                break
    return out
