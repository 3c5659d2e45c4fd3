"""Members whose names and types have lines of their own, one below the other."""

import re
from collections.abc import Sequence
from dataclasses import replace

from contracts.derive.markdown.blocks import APART, NOISE, Block, TextBlock, plain
from contracts.derive.markdown.entries import (
    BUTTON,
    TYPE_LABEL,
    Entry,
    begin_entry,
    name_alone,
    type_alone,
)
from contracts.derive.markdown.kinds import Kind
from contracts.derive.markdown.restrictions import read_restrictions
from contracts.derive.page.sample import MARKER, Line

#: Lines between a name and its type that do not part them.
_REACH = 4
#: What may be the title of an answer, with a sentence and a type below it: "Success".
_TITLE_WORD = re.compile("[A-Z][a-z]+")
_SENTENCE = re.compile(r"[A-Z].* .*[.!]")
_JSON_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array"})
#: How one renderer prints the types of what holds others: by the bracket alone.
_OPENINGS = {"{": "object", "[": "array"}
_OF_TYPE = re.compile(
    r"(?:The (?:body|response) is of type"
    r"|This (?:call|endpoint|request|operation) (?:takes|expects|accepts|returns) an?)"
    r" (?P<type>.+?)\.?"
)


def typed_below(
    entry: Entry, blocks: Sequence[Block], at: int, *, further: bool = True
) -> tuple[Entry, int] | None:
    """Return a member whose name was read with the type on the lines from a place on.

    The place behind it comes second. Only flags and restrictions may stand between the two, and a
    sentence where the type has a label. A word like `url` is no type where it is a name, with its
    own type below it.
    """
    described: tuple[Line, ...] = ()
    for end in range(at, min(at + _REACH, len(blocks))):
        block = blocks[end]
        if not isinstance(block, TextBlock):
            return None
        if instead := _instead_of_type(blocks, end):
            return replace(entry, kind=instead, kind_line=block.line), end + 1
        kind = type_alone(block) if block.plain.lower() != "enum" else None
        if kind and further and _is_other_name(entry, blocks, end):
            return None
        if described and not (kind and TYPE_LABEL.match(block.plain)):
            return None  # words stand between a name and a type that has a label, and no other
        if kind:
            entry = replace(entry, kind=kind[0], kind_line=block.line, texts=described)
            entry = entry.with_restrictions(kind[1], block.line)
            return (entry.with_text(block.line, kind[2]) if kind[2] else entry), end + 1
        if is_noise(block):
            continue
        if _SENTENCE.fullmatch(block.plain) and not _TITLE_WORD.fullmatch(entry.name):
            described = (Line(block.line, block.plain),)
            continue
        restrictions, left = read_restrictions(block.quiet)
        further_name = any(item.name == "place" for item in restrictions)  # called like a place
        if not restrictions or further_name or left.strip(APART + " ") or block.plain[-1:] == ":":
            return None
        entry = entry.with_restrictions(restrictions, block.line)
    return None


def _instead_of_type(blocks: Sequence[Block], at: int) -> Kind | None:
    """Return what stands in place of a type: the bracket of an object, or a value that it has."""
    below = [block.plain for block in blocks[at : at + 2]]
    if below[0] == "enum" and below[-1].startswith("const:"):
        return Kind("any")
    return Kind(_OPENINGS[below[0]]) if below[0] in _OPENINGS else None


def _is_other_name(entry: Entry, blocks: Sequence[Block], at: int) -> bool:
    """Whether what reads as the type of a member is another member, with its own type below."""
    text = blocks[at].plain
    below = [block.plain for block in blocks[at + 1 : at + 2]]
    plain_type = text.partition(",")[0] in _JSON_TYPES and not _JSON_TYPES.issuperset(
        below or [text]
    )
    if re.search(r"[\[<]", text) or (plain_type and entry.name not in _JSON_TYPES):
        return False
    name = name_alone(blocks[at])
    return name is not None and typed_below(name, blocks, at + 1, further=False) is not None


def starts_entry(blocks: Sequence[Block], at: int) -> bool:
    """Whether a member begins at a place: its type follows its name, on the line or below it."""
    block = blocks[at]
    if isinstance(block, TextBlock) and begin_entry(block):
        return True
    entry = name_alone(block)
    return entry is not None and typed_below(entry, blocks, at + 1) is not None


def is_noise(block: Block) -> bool:
    """Whether a line is only there for the mouse."""
    if not isinstance(block, TextBlock):
        return False
    text = plain(block.quiet)
    return not text or any(noise.fullmatch(text) for noise in (NOISE, BUTTON, MARKER))


def whole_kind(block: TextBlock) -> Kind | None:
    """Return the type of the whole body, where a line before the first member says it."""
    whole = _OF_TYPE.fullmatch(block.plain)
    found = type_alone(replace(block, text=whole["type"]) if whole else block)
    kind = found[0] if found else None
    if re.match(r"\[|array of:?$", block.plain, re.IGNORECASE):
        kind = Kind("array")
    return kind if kind and kind.base in {"array", "object"} else None
