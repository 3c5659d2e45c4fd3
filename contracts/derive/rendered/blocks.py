"""From the lines of a copied page to blocks: text, samples and commands."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from contracts.derive.markdown.answers import standing_samples
from contracts.derive.markdown.blocks import APART, Block, Code, Row, Table, TextBlock
from contracts.derive.markdown.columns import roles
from contracts.derive.markdown.entries import begin_entry
from contracts.derive.markdown.kinds import begin_kind
from contracts.derive.page.commands import Command
from contracts.derive.page.requests import commands, requests
from contracts.derive.page.sample import Text

_NUMBER = re.compile(r"\d{1,4}")
_NAME = re.compile(r"[\w$@.\[\]{}-]+")
#: What each row of a table of members has.
ROW = ("name", "type")
#: How a numbered sample or command begins.
_NUMBERED = re.compile(r"[\[{]|curl\b")
_STUCK = re.compile(r"(?P<text>\[ [^\[\]{}]* \]|(?:[^\[\]{}]*[^\s\[\]{}])?)(?P<close>[\]}]+)")
#: A label with the first of its options, where the others have lines of their own.
_OPTIONS_GO_ON = re.compile(r"((?:Available|Allowed|Possible) (?:options|values):) *(\S.*,)$")
_LABEL = re.compile(
    r"(?:type|format|(?:min|max)(?: length| items)?|(?:match )?pattern|default|const|multiple of"
    r"|status|(?:greater|less) than)\s*:",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:Previous|Next)(?: page)?")
_TITLE = re.compile(r"(?!(?:String|Number|Integer|Boolean|Object|Array)\b)[A-Z].*")
_CAPTION = re.compile(
    r"(?P<name>[\w$@.-]+) (?:object|array)"
    r"|Properties of (?:the |each )?(?P<of>[\w$@.-]+)(?: items| object)?"
)
#: So many lines at most part a request from the answer that belongs to it; more are a list.
_MOST_BETWEEN = 9


def text_blocks(
    lines: Sequence[str], *, bracketed: bool, answered: bool = False, indents: Sequence[int] = ()
) -> tuple[Block, ...]:
    """Return the blocks of a text; `bracketed` where brackets show how deep its members stand.

    Otherwise `indents` may. `answered` where the answers of a command stand right behind it.
    """
    code = _code(lines, commands if answered else requests)
    blocks: list[Block] = []
    number, depth = 1, 0
    header: tuple[str, ...] = ()
    while number <= len(lines):
        if number in code:
            number, block = code[number]
            blocks.append(block)
            number += 1
            continue
        if not bracketed and (stacked := _stacked_table(lines, number)):
            blocks.append(stacked[0])
            number = stacked[1] + 1
            continue
        table = None if bracketed else _table(lines, number, header)
        if table:
            blocks.append(table)
            number = table.rows[-1].line + 1 if table.rows else number + 1
            header = table.header
            continue
        pieces = _pieces(lines[number - 1]) if bracketed else lines[number - 1].split("\n")
        for piece in pieces:
            if bracketed and piece == "Schema":
                continue
            if bracketed and piece in {"}", "]"}:
                depth -= 1
            if piece:
                deep = indents[number - 1] if indents else max(depth, 0)
                blocks.append(TextBlock(number, piece.replace("\t", APART), deep))
            if bracketed and piece in {"{", "["}:
                depth += 1
        number += 1
    return tuple(blocks)


def _table(lines: Sequence[str], number: int, before: tuple[str, ...]) -> Table | None:
    """Return the table of members that begins on a line, or goes on with the header `before`."""
    header = tuple(cell.strip() for cell in lines[number - 1].split("\t"))
    columns = roles(header).keys()
    first = number + 1
    if len(header) < 2 or "name" not in columns or not columns & {"type", "required"}:
        if len(header) < 3 or len(header) != len(before) or len(columns) > 1:
            return None
        header = before
        first = number
    rows: list[Row] = []
    for line, text in enumerate(lines[first - 1 :], first):
        cells = tuple(cell.strip() for cell in text.split("\t"))
        if not 1 < len(cells) <= len(header):
            break
        rows.append(Row(line, cells))
    return Table(number, header, tuple(rows))


def _stacked_table(lines: Sequence[str], number: int) -> tuple[Table, int] | None:
    """Return a table of members, of which each cell has a line, and its last line."""
    header: list[str] = []
    for title in lines[number - 1 : number + 9]:
        if not title or not roles([title, *header]).keys() - roles(header).keys():
            break
        header.append(title)
    columns = roles(header)
    width = len(header)
    if width < 3 or not columns.keys() >= {*ROW}:
        return None
    rows: list[Row] = []
    for line in range(number + width, len(lines) + 1, width):
        cells = tuple(lines[line - 1 : line - 1 + width])
        name, kind = (cells[columns[role]] if len(cells) == width else "" for role in ROW)
        if not _NAME.fullmatch(name) or not begin_kind(kind):
            break
        rows.append(Row(line, cells))
    last = number - 1 + width * (len(rows) + 1)
    return (Table(number, tuple(header), tuple(rows)), last) if rows else None


def _pieces(line: str) -> Iterator[str]:
    """Yield the cells of a line, and each bracket at its end by itself."""
    for cell in line.split("\t"):
        stuck = _STUCK.fullmatch(cell)
        if stuck:
            yield stuck["text"]
            yield from stuck["close"]
        elif cell.endswith("Enum:"):
            yield from (cell.removesuffix("Enum:"), "Enum:")
        else:
            yield cell.strip()


def without_numbers(lines: Sequence[str]) -> list[str]:
    """Empty the lines that only number those of a sample."""
    out = list(lines)
    at, number = 0, 1
    while at + 1 < len(lines):
        if lines[at] == str(number) and (number > 1 or _NUMBERED.match(lines[at + 1])):
            out[at] = ""
            at = at + 2
            number = number + 1
        elif number > 1:
            number = 1
        else:
            at += 1
    return out


def without_links(lines: Sequence[str]) -> list[str]:
    """Empty links to other pages with their titles, and fields: name, colon and value."""
    out = list(lines)
    for at, title in enumerate(lines[1:], 1):
        if _LINK.fullmatch(lines[at - 1]) and _TITLE.fullmatch(title):
            out[at - 1] = out[at] = ""
        if title == ":":
            out[at - 1 : at + 2] = [""] * len(out[at - 1 : at + 2])
    return out


def with_dashes(lines: Sequence[str]) -> list[str]:
    """Return the lines with dashes for stars in front of members, where all of them have one.

    Such stars are bullets; one that only some members have says that those are required.
    """
    members = [line for line in lines if begin_entry(TextBlock(0, line))]
    bullets = len(members) > 1 and all(line.startswith("* ") for line in members)
    return [f"- {line[2:]}" if bullets and line.startswith("* ") else line for line in lines]


def without_captions(lines: Sequence[str]) -> tuple[list[str], set[int]]:
    """Return the lines without captions that open an object's members, and their numbers."""
    out = list(lines)
    captions = set()
    for at, line in enumerate(lines):
        found = _CAPTION.fullmatch(line)
        above = [text for text in lines[max(at - 8, 0) : at] if text]
        kind = line.rpartition(" ")[2]
        if found and (
            any(re.match(rf"{re.escape(found['of'])}\b", text) for text in above)
            if found["of"]
            else any(
                name == found["name"] and said.startswith(kind) for name, said in pairwise(above)
            )
        ):
            captions.add(at + 1)
            out[at] = ""
        elif line == "object" and "array of objects" in above[1:]:
            # the box of the items of the array above, perhaps below its name once more
            name = above[above.index("array of objects") - 1]
            if lines[at - 1] in {"", name}:
                captions.add(at + 1)
                out[at - 1] = out[at] = ""
    return out, captions


def with_labels(lines: Sequence[str]) -> list[str]:
    """Put a label in front of its value, which stands on the next line.

    Of options that go on there, the first is put with the others.
    """
    out = [_OPTIONS_GO_ON.sub(r"\1\n\2", line) for line in lines]
    for at, line in enumerate(lines[:-1]):
        value = lines[at + 1]
        if value and not value.endswith(":") and _LABEL.fullmatch(line):
            out[at], out[at + 1] = "", f"{line} {value}"
    return out


def _code(
    lines: Sequence[str], read: Callable[[Text], Sequence[Command]]
) -> dict[int, tuple[int, Code | TextBlock]]:
    """Return the commands and the samples of a text by their first lines, behind their last."""
    text = Text.of(tuple(lines))
    spans = []
    for bare, command in zip(requests(text), read(text), strict=True):
        between = command.answers[0].first - text.line(bare.end) if command.answers else 0
        behind = lines[text.line(bare.end) : text.line(command.end)]
        tabled = any(line.count("\t") > 1 for line in behind)
        end = bare.end if tabled or between > _MOST_BETWEEN else command.end
        spans.append((text.line(bare.start), text.line(max(end - 1, bare.start))))
    sent = [(last, Code(first, "", tuple(lines[first - 1 : last]))) for first, last in spans]
    inside = {line for first, last in spans for line in range(first, last + 1)}
    shown = [found for found in standing_samples(lines) if found[1].line not in inside]
    return {block.line: (last, block) for last, block in (*sent, *shown)}
