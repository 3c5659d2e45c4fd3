"""The listed rendering: sections of members, each with a name, a type line, flags and a description."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contracts.derive.language.openings import before
from contracts.derive.language.phrases import cues
from contracts.derive.language.types import read_type, type_node
from contracts.derive.listed.entries import Entry, Listing, read_entries, starts_member
from contracts.derive.listed.nesting import Tree, nest
from contracts.derive.model import Derived, Fact, Json, Node, Note, Span, schema
from contracts.derive.operation import (
    METHODS,
    authorization_of,
    command_facts,
    first_facts,
    media_type,
    permission_facts,
    unread,
)
from contracts.derive.page.lines import Line
from contracts.derive.page.placeholders import complete, sample_node, with_example
from contracts.derive.page.sample import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.derive.page.curl import Command
    from contracts.derive.page.lines import Page

_SECTIONS = {
    "Authorizations": "authorization", "Authorization": "authorization", "Headers": "header",
    "Header Parameters": "header", "Path Parameters": "path", "Query Parameters": "query", "Cookies": "cookie",
    "Cookie Parameters": "cookie", "Body": "request", "Request Body": "request", "Response": "response",
    "Responses": "response",
}  # fmt: skip
_END = re.compile(r"Was this page helpful\??|Cette page vous a-t-elle été utile ?\?", re.IGNORECASE)
_STATUS = re.compile(
    r"(?P<status>[1-5]\d\d|[1-5]XX|default)(?:\s*[-\u2013·]\s*(?P<media>\S.*))?", re.IGNORECASE
)
_OF_TYPE = re.compile(r"The (?:body|response) is of type (?P<type>.+?)\.?")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the lines below it."""

    kind: str
    line: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the first member of a body: status, media type, the type of the whole."""

    status: Fact | None
    media: Fact | None
    root: Node
    notes: tuple[Note, ...] = ()
    typed: bool = False

    @property
    def described(self) -> bool:
        """Whether anything is said of a body."""
        return self.media is not None or self.typed


def sections(page: Page, code: Sequence[tuple[int, int]]) -> tuple[Section, ...]:
    """Split a page at its headings; lines of code and what follows the end of the page are left out."""
    lines = _prose(page, code)
    cuts = [at for at in range(len(lines)) if _heading(lines, at)]
    out = [Section("top", 1, tuple(lines[: cuts[0]] if cuts else lines))]
    for at, cut in enumerate(cuts):
        end = cuts[at + 1] if at + 1 < len(cuts) else len(lines)
        out.append(
            Section(_SECTIONS[lines[cut].text], lines[cut].number, tuple(lines[cut + 1 : end]))
        )
    return tuple(out)


def _prose(page: Page, code: Sequence[tuple[int, int]]) -> list[Line]:
    out = []
    for number, text in enumerate(page.lines, 1):
        if any(first <= number <= last for first, last in code):
            continue
        if _END.match(text):
            break
        out.append(Line(number, text))
    return out


def _heading(lines: Sequence[Line], at: int) -> bool:
    if lines[at].text not in _SECTIONS:
        return False
    # A member may be called like a heading; then its type line follows at once.
    if starts_member(lines, at):
        return False
    return lines[at].text != "Authorization" or not (at and lines[at - 1].text == "Authorizations")


def derive_listed(page: Page, commands: Sequence[Command], *, descriptions: bool) -> Derived:
    """Derive the operation and both bodies from a listed page."""
    text = Text.of(page.lines)
    code = [(text.line(command.start), text.line(max(command.end - 1, 0))) for command in commands]
    found = sections(page, code)
    command = next(iter(commands), None)
    operation, notes = _operation(found, command)
    request = response = None
    out = Derived((), None, None)
    for section in found:
        if section.kind not in {"request", "response"}:
            continue
        listing = read_entries(section.lines)
        head = _head(section, listing)
        sample = (
            (command.request if section.kind == "request" else command.response)
            if command
            else None
        )
        tree = nest(listing.entries, head.root, sample=sample, descriptions=descriptions)
        if section.kind == "response" and not (listing.entries or head.described or sample):
            operation += tuple(fact for fact in (head.status,) if fact)
            notes += (*head.notes, *listing.notes)
            continue  # nothing is said of a body: a 204, for one
        node, missing = complete(tree.node, sample, listed=bool(listing.entries))
        node = with_example(node, sample)
        notes += (*head.notes, *listing.notes, *tree.notes, *missing)
        operation += tuple(fact for fact in (head.media, head.status) if fact)
        prefix = f"/{section.kind}"
        out = replace(
            out, relations=(*out.relations, *((prefix + at, rel) for at, rel in tree.relations))
        )
        if section.kind == "request" and request is None:
            request = node
        elif section.kind == "response" and response is None:
            response = node
    request, response = _from_samples(command, request, response)
    for command_ in commands:
        notes += command_.notes
    return replace(
        out, operation=first_facts(operation), request=request, response=response, notes=notes
    )


def _from_samples(
    command: Command | None, request: Node | None, response: Node | None
) -> tuple[Node | None, Node | None]:
    """Take a body that has no section of its own from its sample."""
    if command:
        if request is None and command.request:
            request = sample_node(command.request)
        if response is None and command.response:
            response = sample_node(command.response)
    return request, response


def _operation(
    found: Sequence[Section], command: Command | None
) -> tuple[tuple[Fact, ...], tuple[Note, ...]]:
    facts: list[Fact] = []
    notes: list[Note] = []
    parameters: list[Json] = []
    lines: list[int] = []
    for section in found:
        if section.kind == "top":
            facts += _method_and_path(section.lines)
            facts += permission_facts(section.lines)
            notes += unread(section.lines)
        elif section.kind == "authorization":
            facts += authorization_of(section.line, section.lines, command)
        elif section.kind in {"header", "path", "query", "cookie"}:
            listing = read_entries(section.lines)
            parameters += [_parameter(entry, section.kind) for entry in listing.entries]
            notes += listing.notes
            lines += [section.line, *(line.number for line in section.lines if line.text)]
    if parameters:
        facts.append(Fact("parameters", parameters, Span(min(lines), max(lines))))
    return (*facts, *(command_facts(command) if command else ())), tuple(notes)


def _method_and_path(lines: Sequence[Line]) -> list[Fact]:
    for at, line in enumerate(lines):
        if (
            line.text not in METHODS
            or at + 1 >= len(lines)
            or not lines[at + 1].text.startswith("/")
        ):
            continue
        end = at + 1
        while (
            end < len(lines)
            and lines[end].text
            and (end == at + 1 or _piece(lines[end].text, lines[end - 1].text))
        ):
            end += 1
        path = "".join(part.text for part in lines[at + 1 : end])
        return [
            Fact("method", line.text, Span(line.number, line.number)),
            Fact("path", path, Span(lines[at + 1].number, lines[end - 1].number)),
        ]
    return []


def _piece(text: str, before: str) -> bool:
    """Tell whether a line goes on with a path: a slash after a name, a name after a slash."""
    return (
        text.startswith("/")
        if not before.endswith("/")
        else bool(re.fullmatch(r"[\w.{}:~$@-]+(?:/[\w.{}:~$@-]*)*", text))
    )


def _parameter(entry: Entry, place: str) -> Json:
    tree: Tree = nest([entry], Node(), descriptions=False)
    node = tree.node.child(entry.name)
    required = entry.flag("required") is not None or bool(tree.node.required)
    return {"in": place, "name": entry.name, "required": required, "schema": schema(node or Node())}


def _head(section: Section, listing: Listing) -> Head:
    """Read what stands between the heading of a body and its first member."""
    status: Fact | None = None
    media: Fact | None = None
    root = Node(facts=(Fact("type", "object", Span(section.line, section.line)),))
    notes: list[Note] = []
    typed = False
    for line in listing.head:
        span = Span(line.number, line.number)
        found = _STATUS.fullmatch(line.text)
        if found and media is None and status is None:
            status = (
                Fact("success_status", int(found["status"]), span)
                if found["status"].isdigit()
                else None
            )
        kind = media_type(found["media"] if found else line.text)
        if kind and media is None:
            media = Fact("media_type", kind[0], span)
            root = (
                type_node(kind[1], Span(section.line, line.number))
                if kind[1]
                else _typed(root, section, line)
            )
            continue
        whole = _OF_TYPE.fullmatch(line.text)
        kind_of = read_type(whole["type"]) if whole else None
        typed = typed or whole is not None
        if kind_of and not listing.entries:
            root = type_node(kind_of, Span(section.line, line.number))
        elif (
            not listing.entries
            and section.kind == "request"
            and line.text
            and not kind
            and not whole
        ):
            notes.append(Note(line.number, f"described without a name: {line.text}"))
        elif (
            line.text
            and not (found or kind or whole)
            and (cues(line.text) or not _introduces(line.text))
        ):
            notes.append(Note(line.number, f"no fact is read from: {line.text}"))
    return Head(status, media, root, tuple(notes), typed)


def _introduces(text: str) -> bool:
    """Tell whether a line introduces a body: it says what the body is, or that the call went well."""
    return before(text, frozenset(), answer=True)[1] or not text.endswith((".", "!"))


def _typed(root: Node, section: Section, line: Line) -> Node:
    return root.with_fact("type", "object", Span(section.line, line.number))
