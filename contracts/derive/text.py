"""The reader of text: pages copied from a browser, curl commands and request files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contracts.derive.example.reader import derive_example
from contracts.derive.markdown.blocks import Table
from contracts.derive.markdown.entries import starts_entry
from contracts.derive.markdown.sections import split
from contracts.derive.markdown.unread import empty_bodies
from contracts.derive.model import Derived
from contracts.derive.operation import title_facts
from contracts.derive.page.address import read_address, same_path
from contracts.derive.page.commands import METHODS
from contracts.derive.page.lines import Line, Page, read_page
from contracts.derive.page.requests import commands
from contracts.derive.page.sample import Text
from contracts.derive.page.titles import titles
from contracts.derive.rendered.reader import (
    derive_listed,
    derive_rendered,
    is_rendered,
    listed_blocks,
)
from contracts.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.derive.page.commands import Command


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return the operations that a text shows; UsageError where it shows none."""
    page = read_page(raw)
    if is_rendered(page):
        return tuple(
            replace(each, notes=(*page.notes, *each.notes)) for each in derive_rendered(page, name)
        )
    derived = [_operation(segment, name) for segment in _segments(page)]
    seen = tuple(each for each in derived if each.operation or each.request or each.response)
    if not seen:
        raise UsageError(f"{name}: {_seen(page)}")
    return tuple(replace(each, notes=(*page.notes, *each.notes)) for each in seen)


def _operation(page: Page, name: str) -> Derived:
    """Return the operation of a page, read as its rendering asks for."""
    found = commands(Text.of(page.lines))
    named = titles([Line(number, text) for number, text in enumerate(page.lines, 1)])
    if (found or named) and _is_listed(page, found):
        return replace(derive_listed(page, name)[0], rendering="listed")
    if found:
        derived = replace(derive_example(page, found), rendering="example")
        return empty_bodies(derived, split(listed_blocks(page.lines)))
    if named:
        derived = Derived(tuple(title_facts(named[0])), None, None, rendering="listed")
        return empty_bodies(derived, split(listed_blocks(page.lines)))
    return Derived((), None, None)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A place on a page that names an operation: its lines, and what it names."""

    first: int
    last: int
    method: str
    path: str | None

    def same(self, other: _Anchor) -> bool:
        """Whether two places name one operation, one of them perhaps by a sample of its path."""
        paths = self.path is None or other.path is None or same_path(self.path, other.path)
        return self.method == other.method and paths


def _segments(page: Page) -> list[Page]:
    """Return the page once for each operation on it, without the lines of the others."""
    anchors = _anchors(page)
    starts: list[_Anchor] = []
    for anchor in anchors:
        if not starts or not starts[-1].same(anchor):
            starts.append(anchor)
    if len(starts) < 2:
        return [page]
    ends = {anchor.last for anchor in anchors}
    firsts = [1, *(_heading_above(page, anchor.first, ends) for anchor in starts[1:])]
    lasts = [*(first - 1 for first in firsts[1:]), len(page.lines)]
    segments = []
    for first, last in zip(firsts, lasts, strict=True):
        lines = ("",) * (first - 1) + page.lines[first - 1 : last]
        segments.append(replace(page, lines=lines))
    return segments


def _anchors(page: Page) -> list[_Anchor]:
    """Return the places that name an operation, in order."""
    text = Text.of(page.lines)
    found = []
    for command in commands(text):
        last = text.line(max(command.end - 1, command.start))
        path = read_address(command.url).path if command.url else None
        found.append(_Anchor(text.line(command.start), last, command.method, path))
    for title in titles([Line(number, line) for number, line in enumerate(page.lines, 1)]):
        if not any(anchor.first <= title.method_line <= anchor.last for anchor in found):
            path = read_address(title.url).path
            found.append(_Anchor(title.method_line, title.last, title.method, path))
    return sorted(found, key=lambda anchor: anchor.first)


def _heading_above(page: Page, line: int, ends: set[int]) -> int:
    """Return the first line of the heading right above an operation.

    Or its own line without one.
    """
    first = line
    for above in (line - 1, line - 2):
        text = page.line(above)
        if not text or above in ends or text.endswith((".", "}", "]", ",")) or len(text) > 80:
            break
        first = above
    return first


def _is_listed(page: Page, found: Sequence[Command]) -> bool:
    """Whether members stand with their type lines, or titles stand where such members should."""
    whole = Text.of(page.lines)
    code = {
        number
        for command in found
        for number in range(whole.line(command.start), whole.line(command.end - 1) + 1)
    }
    prose = [Line(n, text) for n, text in enumerate(page.lines, 1) if n not in code]
    blocks = listed_blocks([line.text for line in prose])
    if any(isinstance(block, Table) or starts_entry(blocks, at) for at, block in enumerate(blocks)):
        return True
    return bool(titles(prose)) and not found and len(split(blocks)) > 1


_NAMED = re.compile(rf"\b(?:{'|'.join(sorted(METHODS))})\s+/[^\s,;]*")


def _seen(page: Page) -> str:
    """Return what a page is on which no operation was found, and what to do about it."""
    text = "\n".join(page.lines)
    if re.search(r"\b(?:log|sign)[ -]?in\b", text, re.IGNORECASE) and "password" in text.lower():
        return "this is a login page; save the page once you are logged in"
    for number, line in enumerate(page.lines, 1):
        if re.search(r"\bcurl\b", line):
            return f"no method and address were read from the curl command on line {number}"
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
