"""What any page is made of: headings, lines, tables, code and tags, with their lines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

#: Stands between the pieces of a line that the page sets apart: a name in bold, a type in a box of
#: its own.
APART = "\x1f"

_SPACES = re.compile(r"\s+")
# What renderers print for the mouse, and what says nothing of a member.
NOISE = re.compile(
    r"(?:copy link(?: to [\w.$@-]+)?|(?-i:Copy|Field|Link)|collapse all|expand all|show all"
    r"|hide all|(?:show|hide) \d+ more|for [\w.$@-]+|child attributes|properties|[{}[\]+➔-]"
    r"|single line description|array \[|description:|additional property"
    r"|was this page helpful\??|yes ?no|show password)",
    re.IGNORECASE,
)
_NOISE_PIECE = re.compile(
    r"(?:\x1f|^)[ ]*(?:collapse all|expand all|copy link(?: to [\w.$@-]+)?|(?:show|hide) "
    r"child attributes|#)[ ]*(?=\x1f|$)",
    re.IGNORECASE,
)
#: What stands for the members of a map whose names are the caller's.
ANY_NAME = "additionalProperties"
_ANY_NAME = re.compile(
    r"([ \x1f]*(?:»[» ]*)?[ \x1f]*)(?:\*\*)?(?:property name\*|< ?\* ?>:?|additional "
    r"propert(?:y|ies)(?=\x1f)|additionalProperties|any property|"
    r"\{key\}|<key>|\[key\]|<any-key>|\[any-key\]|\{any ?key\})(?=[ \x1f:*]|$)",
    re.IGNORECASE,
)
#: A name whose way down is set apart from it: "address." and "street".
_WAY_DOWN = re.compile(r"\A([ \x1f]*[A-Za-z_$@][\w$@.\[\]-]*\.)\x1f(?=[\w$@{])")


class Block:
    """A piece of a page with its line; one that is no text has none.

    The text holds `APART` between pieces that the page sets apart. `depth` counts the boxes or
    lists that it stands in, `item` says that it begins a list item.
    """

    __slots__ = ()
    line: int
    text: str = ""
    depth: int = 0
    item: bool = False

    @property
    def quiet(self) -> str:
        """The text without what renderers print for the mouse."""
        text = _WAY_DOWN.sub(r"\1", _NOISE_PIECE.sub("", self.text), count=1)
        return _ANY_NAME.sub(rf"\1{ANY_NAME}", text)

    @property
    def plain(self) -> str:
        """The text as a person reads it."""
        return plain(self.text)


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """A heading with its level, 1 to 6; a title that is only set in bold has level 7."""

    line: int
    level: int
    text: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class TextBlock(Block):
    """A line of text."""

    line: int
    text: str
    depth: int = 0
    item: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table(Block):
    """A table: its header and its rows."""

    line: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Code(Block):
    """A block of code: the line on which it begins, its language, and its lines."""

    line: int
    info: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tag(Block):
    """A component that opens or closes: its name and its attributes."""

    line: int
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    closes: bool = False


def plain(text: str) -> str:
    """Return a text with spaces for the marks between its pieces."""
    return _SPACES.sub(" ", text.replace(APART, " ")).strip()


def is_listed(blocks: Sequence[Block], at: int) -> bool:
    """Whether a line is one of several items of one word: an option that is called like a title.

    So is a number among other numbers that are no statuses.
    """
    block = blocks[at]
    beside = [*blocks[max(at - 1, 0) : at], *blocks[at + 1 : at + 2]]
    if block.plain.isdigit() and any(other.plain.isdigit() for other in beside):
        above = takewhile(str.isdigit, (other.plain for other in reversed(blocks[:at])))
        below = takewhile(str.isdigit, (other.plain for other in blocks[at:]))
        return any(not 100 <= int(text) <= 599 for text in (*above, *below))
    items = [other for other in beside if other.item and other.depth == block.depth]
    words = [item.plain for item in items if " " not in item.plain]
    return block.item and not all(word[:3].isdigit() for word in words)


_OF_ITEM = re.compile(r"^(\x1f?)\[\]\.(?=\w)")


def of_items(block: Block) -> Block:
    """Return a line or table without the ``[].`` before each member of a list's items."""
    if isinstance(block, Table):
        rows = (
            replace(r, cells=(_OF_ITEM.sub(r"\1", r.cells[0]), *r.cells[1:])) for r in block.rows
        )
        return replace(block, rows=tuple(rows))
    if isinstance(block, TextBlock):
        return replace(block, text=_OF_ITEM.sub(r"\1", block.text))
    return block


def as_text(block: Block) -> TextBlock:
    """Return a heading as the line that it is."""
    if isinstance(block, TextBlock):
        return block
    return TextBlock(block.line, block.text, block.depth)


_DESCRIPTION = re.compile(r"description: *(?P<quote>[\"']?)(?P<text>[A-Z].* .*)(?P=quote) *")


def front_description(lines: Sequence[str]) -> Iterator[TextBlock]:
    """Yield what the front matter of a page says of it."""
    for number, line in enumerate(lines[:40] if lines[:1] == ["---"] else (), 1):
        if found := _DESCRIPTION.fullmatch(line):
            yield TextBlock(number, found["text"])
