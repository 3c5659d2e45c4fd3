"""The reader of text: pages copied from a browser, curl commands and request files."""

import re
from collections.abc import Sequence
from dataclasses import replace

from contracts.derive.example.reader import derive_example
from contracts.derive.markdown.blocks import Block, Code, Table
from contracts.derive.markdown.entries import starts_entry
from contracts.derive.markdown.heads import Mention, mentions
from contracts.derive.markdown.sections import split
from contracts.derive.markdown.unread import empty_bodies
from contracts.derive.model import Derived
from contracts.derive.page.commands import METHODS, Command
from contracts.derive.page.lines import Page, read_page
from contracts.derive.page.requests import commands
from contracts.derive.page.sample import Text
from contracts.derive.rendered.reader import (
    derive_listed,
    derive_rendered,
    listed_blocks,
)
from contracts.errors import UsageError


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return the operations that a text shows; UsageError where it shows none."""
    page = read_page(raw.decode())
    derived = derive_rendered(page, name) or [
        _operation(segment, name) for segment in _segments(page)
    ]
    seen = tuple(each for each in derived if each.operation or each.request or each.response)
    if not seen:
        raise UsageError(f"{name}: {_seen(page)}")
    return tuple(replace(each, notes=(*page.notes, *each.notes)) for each in seen)


def _operation(page: Page, name: str) -> Derived:
    """Return the operation of a page, read as its rendering asks for."""
    found = commands(Text.of(page.lines))
    blocks = listed_blocks(page.lines)
    named = mentions(blocks, ())
    if (found or named) and (not found or _is_listed(page, found)):
        return replace(derive_listed(page, name)[0], rendering="listed")
    if found:
        derived = replace(derive_example(page, found), rendering="example")
        return empty_bodies(derived, split(blocks))
    return Derived((), None, None)


def _segments(page: Page) -> list[Page]:
    """Return the page once for each operation on it, without the lines of the others."""
    blocks = listed_blocks(page.lines)
    named = mentions(blocks, ())
    starts: list[Mention] = []
    for mention in named:
        if not starts or not starts[-1].same(mention):
            starts.append(mention)
    if len(starts) < 2:
        return [page]
    ends = {_lines_of(blocks, mention)[1] for mention in named}
    begins = [_lines_of(blocks, mention)[0] for mention in starts[1:]]
    firsts = [1, *(_heading_above(page, line, ends) for line in begins)]
    lasts = [*(first - 1 for first in firsts[1:]), len(page.lines)]
    segments = []
    for first, last in zip(firsts, lasts, strict=True):
        lines = ("",) * (first - 1) + page.lines[first - 1 : last]
        segments.append(replace(page, lines=lines))
    return segments


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
    whole = Text.of(page.lines)
    code: set[int] = set()
    for command in found:
        code.update(range(whole.line(command.start), whole.line(command.end - 1) + 1))
    prose = [text for number, text in enumerate(page.lines, 1) if number not in code]
    blocks = listed_blocks(prose)
    return any(
        isinstance(block, Table) or starts_entry(blocks, at) for at, block in enumerate(blocks)
    )


_NAMED = re.compile(rf"\b(?:{'|'.join(sorted(METHODS))})\s+/[^\s,;]*")


def _seen(page: Page) -> str:
    """Return what a page is on which no operation was found, and what to do about it."""
    text = "\n".join(page.lines)
    if re.search(r"\b(?:log|sign)[ -]?in\b", text, re.IGNORECASE) and "password" in text.lower():
        return "this is a login page; save the page once you are logged in"
    for number, line in enumerate(page.lines, 1):
        if re.search(r"\bcurl\b", line):
            return f"no method and address were read from the curl command on line {number}"
        if re.search(r"\bInvoke-(?:WebRequest|RestMethod)\b", line):
            return f"a command of PowerShell stands on line {number}; paste the request as curl"
        if line in METHODS:
            return f"{line} stands on line {number} without a path behind it"
        if named := _NAMED.search(line):
            return (
                f"{named[0]} stands on line {number} among other words; put it on a line of its own"
            )
    for number, line in enumerate(page.lines, 1):
        if line[:1] in {"{", "["}:
            return (
                f"a sample stands on line {number}, but no method with its path and no curl command"
            )
    return "this is prose: no method with its path, no curl command and no list of members"
