"""The reader of text: pages copied from a browser, curl commands and request files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from contracts.derive.example.reader import derive_example
from contracts.derive.markdown.below import starts_entry
from contracts.derive.markdown.blocks import Block, Code, Table
from contracts.derive.markdown.heads import Mention, among_words, mentions, without_token_requests
from contracts.derive.markdown.operations import derive_blocks
from contracts.derive.markdown.sections import split
from contracts.derive.markdown.unread import empty_bodies
from contracts.derive.model import Derived
from contracts.derive.page.commands import METHODS, Command
from contracts.derive.page.requests import commands
from contracts.derive.page.sample import END, MARKER, Page, Text, read_page
from contracts.derive.rendered.blocks import (
    text_blocks,
    with_dashes,
    with_labels,
    without_captions,
    without_links,
    without_numbers,
)
from contracts.derive.rendered.nesting import Openings
from contracts.derive.rendered.squashed import glued_line, run_on, unsquashed
from contracts.errors import UsageError


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return the operations that a text shows; UsageError where it shows none."""
    page = _without_token_requests(read_page(_with_tabs(_without_arrows(raw.decode()))))
    derived = derive_rendered(page, name) or _operations(page, name)
    seen = tuple(each for each in derived if each.operation or each.request or each.response)
    if not seen:
        raise UsageError(f"{name}: {_seen(page)}")
    return tuple(replace(each, notes=(*page.notes, *each.notes)) for each in seen)


def _without_arrows(text: str) -> str:
    """Return what `curl -v` prints without the marks in front of what was sent and answered."""
    sent = re.search(rf"^> (?:{'|'.join(METHODS)}) \S+ HTTP/", text, re.MULTILINE)
    text = re.sub(r"^(?:[<>] ?|[*{}] .*)", "", text, flags=re.MULTILINE) if sent else text
    return re.sub(rf"^> ?(?=(?:{'|'.join(METHODS)}) \S+$)", "", text, flags=re.MULTILINE)


def _without_token_requests(page: Page) -> Page:
    """Return the page with empty lines where only a token is fetched for its operation."""
    blocks = listed_blocks(page.lines)
    lines = [*page.lines]
    left = without_token_requests(blocks)
    for block in blocks:
        if isinstance(block, Code) and block not in left:
            lines[block.line - 1 : block.line - 1 + len(block.lines)] = [""] * len(block.lines)
    return replace(page, lines=tuple(lines))


def _with_tabs(text: str) -> str:
    """Return a text with tabs between the cells of rows that are drawn with bars, as in wikis."""
    row = re.compile(r"^[ \t]*\|{1,2}([^|\n].*?)\|{1,2}[ \t]*$", re.MULTILINE)
    text = row.sub(lambda found: re.sub(r" *\|{1,2} *", "\t", found[1].strip(" ")), text)
    # the rules of a table that is drawn, and titles as wikis have them
    return re.sub(r"^(?:[ \t]*\+[-=+]+\+[ \t]*$|h[1-6]\. +)", "", text, flags=re.MULTILINE)


def _operations(page: Page, name: str) -> Iterator[Derived]:
    """Yield the operations of a page, each read as its rendering asks for."""
    for segment in _segments(page):
        blocks = listed_blocks(segment.lines)
        found = commands(Text.of(segment.lines))
        if _is_listed(segment, found) if found else mentions(blocks, ()):
            yield replace(derive_listed(segment, name)[0], rendering="listed")
        elif found:
            derived = replace(derive_example(segment, found), rendering="example")
            yield empty_bodies(derived, split(blocks))


def _segments(page: Page) -> Iterator[Page]:
    """Yield the page once for each operation on it, without the lines of the others."""
    blocks = listed_blocks(page.lines)
    named = mentions(blocks, ())
    ends = {_lines_of(blocks, mention)[1] for mention in named}
    begins = [_lines_of(blocks, two)[0] for one, two in pairwise(named) if not one.same(two)]
    firsts = [1, *(_heading_above(page, line, ends) for line in begins)]
    for first, behind in pairwise([*firsts, len(page.lines) + 1]):
        lines = ("",) * (first - 1) + page.lines[first - 1 : behind - 1]
        yield replace(page, lines=lines)


def _lines_of(blocks: Sequence[Block], mention: Mention) -> tuple[int, int]:
    """Return the first and the last line of what names an operation."""
    block = blocks[mention.at]
    if isinstance(block, Code):
        return block.line, block.line + len(block.lines) - 1
    return mention.method_line, mention.path_end or mention.path_line


def _heading_above(page: Page, line: int, ends: set[int]) -> int:
    """Return the first line of the heading right above an operation, or its own line."""
    first = line
    for above in (line - 1, line - 2):
        text = page.line(above)
        if not text or above in ends or text.endswith((".", "}", "]", ",")) or len(text) > 80:
            break
        first = above
    return first


def _is_listed(page: Page, found: Sequence[Command]) -> bool:
    """Whether members stand with their type lines beside the commands of a page."""
    content = Text.of(page.lines).content
    pieces = pairwise([0, *(place for each in found for place in (each.start, each.end)), None])
    prose = "\n".join(content[start:end] for start, end in [*pieces][::2])
    blocks = listed_blocks(prose.split("\n"))
    tabled = any(isinstance(block, Table) for block in listed_blocks(page.lines))
    return tabled or any(starts_entry(blocks, at) for at in range(len(blocks)))


_PROSE = re.compile(r"^[A-Z\"][^{}()<>]*[a-z\")][.!?]?$", re.MULTILINE)


def _seen(page: Page) -> str:
    """Return what a page is on which no operation was found, and what to do about it."""
    text = "\n".join(page.lines)
    if re.search(r"\b(?:log|sign)[ -]?in\b", text, re.IGNORECASE) and "password" in text.lower():
        return "this is a login page; save the page once you are logged in"
    for number, line in enumerate(page.lines, 1):
        if re.search(r"\bcurl\b(?!/)", line):
            return f"no method and address were read from the curl command on line {number}"
        if line in METHODS:
            return f"{line} stands on line {number} without a path behind it"
    if named := among_words(page.lines):
        return named
    for number, line in enumerate(page.lines, 1):
        if line[:1] in {"{", "["}:
            missing = "but no method with its path and no curl command"
            return f"a sample stands on line {number}, {missing}"
    kind = "this is prose" if _PROSE.search(text) else "no operation is named here"
    return f"{kind}: no method with its path, no curl command and no list of members"


@dataclass(frozen=True, slots=True)
class _Form:
    """What tells the pages of a renderer, and how they show what holds what."""

    mark: re.Pattern[str]
    opening: re.Pattern[str] | None = None
    bracketed: bool = False
    glued: bool = False
    spaced: bool = False


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.MULTILINE)


_FORMS = (
    _Form(_pattern(r"^Collapse all(?:object|array|string)|[\w$]Collapse all[a-z]"), glued=True),
    _Form(_pattern(r"^Schema\n+\{\n(?!\s*\")|^\{\n[\w$.@-]+\*?\t[\w{\[]"), bracketed=True),
    _Form(_pattern(r"^Example Value\n(?:Schema\n)?")),
    _Form(
        _pattern(r"Copy link to [\w$]"),
        _pattern(r"(?:Hide|Show) (?:Child )?(?:Attributes|Properties)"),
    ),
    _Form(
        _pattern(r"^EXAMPLE SCHEMA$|^Single line description$|^\u2794 "), _pattern(r"[-+] [\w$].*")
    ),
    _Form(_pattern(r"(?i)^(?:REQUEST BODY|RESPONSE) SCHEMA:"), spaced=True),
    _Form(_pattern(r"^Send API Request$|^Request Sample: |^powered by\s*Stoplight$")),
    _Form(_pattern(r"(?i)^Array \[$|^Example \(auto\)$|^Body ?required$")),
)


#: A type with the name of its schema, as `string (Color)`.
_TITLED = re.compile(
    r"(?P<type>^(?:Array of )?(?:string|number|integer|boolean|object)s?(?: or null)?"
    r"(?: <[^<>]+>)?) \([A-Z][\w. -]*\)"
)
#: Several schemas of one type, of which any may be sent: `Card (object) or Bank (object)`.
_UNION = re.compile(r"^[A-Z][\w.]* \((?P<type>\w+)\)(?: or [A-Z][\w.]* \((?P=type)\))+$")
#: The titles with which the parts of an operation begin.
_PART = re.compile(
    r"authorizations:|(?:path|query|header|cookie) parameters$|request body schema:|responses$",
    re.IGNORECASE,
)
#: A name, a status or a button with the text for the mouse right behind it.
_LINKED = re.compile(r"^(.+?)(?:Copy link(?: to \1)?|(?<=[Aa]ttributes)for [\w.$@-]+)$")
#: The line above the members of the items of an array, perhaps with how many those are.
_ARRAY = re.compile(r"Array(?: \(.+\))?(?: \[)?")
_NUMBERS = re.compile(r"Enum: -?[\d.]+(?: -?[\d.]+)+")


#: Swagger UI without the text of any of its buttons, among which are the names of members.
_NAMELESS = re.compile(
    r"\A(?![\s\S]*^(?:Try it out|Example Value|\{)$)[\s\S]*^OAS 3\.1$[\s\S]*^Code\tDescription",
    re.MULTILINE,
)


def derive_rendered(page: Page, name: str) -> tuple[Derived, ...]:
    """Return the operations of a page that has what only a renderer prints; of others none."""
    text = "\n".join(page.lines)
    if _NAMELESS.match(text):
        mend = "save the page as HTML, or copy it from Chromium"
        raise UsageError(f"{name}: this browser copied no names of members; {mend}")
    form = next((form for form in _FORMS if form.mark.search(text)), None)
    if form is None:
        return ()
    lines = _spelled(page.lines, form)
    blocks = text_blocks(lines, bracketed=form.bracketed)
    openings = None if form.bracketed else _openings(lines, form)
    starts = _starts(lines) if form.spaced else [1]
    ends = [*starts[1:], len(lines) + 1]
    derived: list[Derived] = []
    for start, end in zip(starts, ends, strict=True):
        part = [block for block in blocks if start <= block.line < end]
        derived += derive_blocks(part, (), name, openings)
    return tuple(derived)


def derive_listed(page: Page, name: str) -> tuple[Derived, ...]:
    """Return the operations of a page that lists members, each with its name, type and flags."""
    end = next((at for at, line in enumerate(page.lines) if END.match(line)), len(page.lines))
    lines = unsquashed(with_labels(without_numbers(without_links(with_dashes(page.lines)))))
    lines, captions = without_captions(lines)
    markers = [(at, found) for at, line in enumerate(lines, 1) if (found := MARKER.fullmatch(line))]
    hiding = {at: found["count"] for at, found in markers if found["verb"].lower() == "hide"}
    possible = frozenset(at for at, _ in markers if at not in hiding)
    counts = {at: int(count) for at, count in hiding.items() if count}
    openings = Openings(frozenset(captions | hiding.keys()), possible=possible, counts=counts)
    blocks = [
        block
        for block in text_blocks(lines, bracketed=False, answered=True, indents=page.indents)
        if block.line <= end or isinstance(block, Code)
    ]
    return derive_blocks(blocks, (), name, openings if markers or captions else None)


def listed_blocks(lines: Sequence[str]) -> tuple[Block, ...]:
    """Return the blocks of a page, perhaps one that lists members."""
    return text_blocks(unsquashed(with_labels(without_numbers(lines))), bracketed=False)


def _starts(lines: Sequence[str]) -> list[int]:
    """Return the lines where operations begin whose method and path stand behind their members."""
    named = [
        number
        for number, line in enumerate(lines[:-1], 1)
        if line.upper() in METHODS and lines[number].startswith("/")
    ]
    starts = [1]
    for above, below in pairwise(named):
        parts = (number for number in range(above, below) if _PART.match(lines[number - 1]))
        starts += [next(parts, below)]
    return starts


def _spelled(lines: Sequence[str], form: _Form) -> list[str]:
    """Return the lines as the reader of blocks expects them."""
    lines = [_LINKED.sub(r"\1\nCopy link", line) for line in lines]
    joined = with_labels(without_numbers(without_links(lines)))
    if form.glued:
        return [glued_line(line) for line in joined]
    joined = [_UNION.sub(r"\g<type>", run_on(line)) for line in joined]
    return [_parted_numbers(_TITLED.sub(r"\g<type>", line)) for line in joined]


def _parted_numbers(line: str) -> str:
    """Return the line with commas between options that are numbers."""
    return line.replace(" ", ", ").replace(",", "", 1) if _NUMBERS.fullmatch(line) else line


def _openings(lines: Sequence[str], form: _Form) -> Openings:
    """Return what the lines say of the depths of their members."""
    gaps = (
        number for number in range(2, len(lines) - 1) if not any(lines[number - 1 : number + 1])
    )
    if form.opening is None:
        opens = frozenset(number for number, line in enumerate(lines, 1) if _ARRAY.fullmatch(line))
        bracketed = any(lines[number - 1].endswith("[") for number in opens)
        closes = (number for number, line in enumerate(lines, 1) if bracketed and line == "]")
        gaps_open = frozenset(gaps if form.spaced else ())
        return Openings(gaps_open | opens, closings=frozenset(closes))
    found = (number for number, line in enumerate(lines, 1) if form.opening.match(line))
    return Openings(frozenset(found), always=True)
