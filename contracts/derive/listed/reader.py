"""The listed rendering: sections of members, each with a name, a type line, flags and a description."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contracts.derive.contradictions import without_contradictions
from contracts.derive.language.openings import before
from contracts.derive.language.phrases import cues
from contracts.derive.language.types import TypeLine, read_type, type_node
from contracts.derive.listed.entries import Entry, Listing, read_entries
from contracts.derive.listed.nesting import Tree, nest
from contracts.derive.listed.sections import Section, sections
from contracts.derive.listed.spellings import canonical
from contracts.derive.model import Derived, Fact, Json, Node, Note, Refusal, Relation, Span, schema
from contracts.derive.operation import (
    authorization_of,
    command_facts,
    first_facts,
    media_type,
    permission_facts,
    title_facts,
    unread,
)
from contracts.derive.page.answers import refusals as all_refusals
from contracts.derive.page.lines import Line
from contracts.derive.page.placeholders import (
    complete,
    sample_node,
    sample_refusal,
    settled,
    with_example,
)
from contracts.derive.page.sample import Sample, Text, read_sample
from contracts.derive.page.titles import Title, titles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.derive.page.commands import Command
    from contracts.derive.page.lines import Page

_END = re.compile(r"Was this page helpful\??|Cette page vous a-t-elle été utile ?\?", re.IGNORECASE)
_STATUS = re.compile(
    r"(?P<status>[1-5]\d\d|[1-5]XX|default)(?:\s*[-\u2013\u00b7:]?\s*(?P<media>\S.*))?",
    re.IGNORECASE,
)
_OF_TYPE = re.compile(
    r"(?:The (?:body|response) is of type"
    r"|This (?:call|endpoint|request|operation) (?:takes|expects|accepts|returns) an?)"
    r" (?P<type>.+?)\.?"
)


#: Words of the pages around a body, which say nothing about it.
_TABS = re.compile(
    r"required|Schema|Example Value|Media type|Content type|Copy|Expand all ?Collapse all|Example \(auto\)"
    r"|Controls Accept header\.|No links|Expand all|Collapse all|Show child attributes"
)
_BODIES = ("request", "response")
_PLACES = ("header", "path", "query", "cookie")


@dataclass(frozen=True, slots=True)
class Body:
    """A body as its section and its sample show it, with what the section says beside it."""

    node: Node | None
    facts: tuple[Fact, ...]
    notes: tuple[Note, ...]
    relations: tuple[tuple[str, Relation], ...] = ()
    members: bool = False


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


def _prose(page: Page, code: Sequence[tuple[int, int]]) -> list[Line]:
    out = []
    for number, text in enumerate(page.lines, 1):
        if any(first <= number <= last for first, last in code):
            continue
        if _END.match(text):
            break
        out.append(Line(number, text))
    return out


def derive_listed(page: Page, commands: Sequence[Command]) -> Derived:
    """Return the operation and both bodies of a listed page."""
    text = Text.of(page.lines)
    code = [(text.line(command.start), text.line(max(command.end - 1, 0))) for command in commands]
    lines = canonical(_prose(page, code))
    named = titles(lines)[:1]
    parts = [_placed(part, named, commands) for part in sections(lines)]
    command = next((each for each in commands if each.request or each.answers), None)
    command = command or next(iter(commands), None)
    operation, notes = _operation(parts, named, command)
    bodies: dict[str, Body] = {}
    refusals = [_refusal(_body(part, text, None), part) for part in parts if part.kind == "refusal"]
    for part in parts:
        if part.kind not in {"request", "response"}:
            continue
        body = _body(part, text, command)
        notes += body.notes
        if part.kind in bodies and bodies[part.kind].node and body.node:
            text_ = f"a second {part.kind} body is not read"
            notes += (Note(part.line, text_),) if body.members else ()
            continue
        operation += body.facts
        if part.kind not in bodies or body.node:
            bodies[part.kind] = body
    request, response = _from_samples(command, *(_node(bodies, kind) for kind in _BODIES))
    shown = [sample_refusal(answer) for answer in all_refusals(commands)]
    known = {refusal.status for refusal in refusals}
    return Derived(
        operation=first_facts(operation),
        request=request,
        response=response,
        relations=tuple(relation for body in bodies.values() for relation in body.relations),
        notes=(*notes, *(note for each in commands for note in each.notes)),
        refusals=(*refusals, *(each for each in shown if each.status not in known)),
    )


def _placed(part: Section, named: Sequence[Title], commands: Sequence[Command]) -> Section:
    """Return a section of parameters as one of the query or of the body, as the method has it."""
    if part.kind != "parameters":
        return part
    methods = [*(title.method for title in named), *(command.method for command in commands)]
    in_query = methods[:1] in (["GET"], ["DELETE"], ["HEAD"])
    placed = any(
        entry.flag(place) for entry in read_entries(part.lines).entries for place in _PLACES
    )
    return replace(part, kind="query" if in_query or placed else "request")


def _node(bodies: dict[str, Body], kind: str) -> Node | None:
    return bodies[kind].node if kind in bodies else None


def _body(part: Section, page: Text, command: Command | None) -> Body:
    """Return what a section says about the body of the request or of an answer."""
    shown, lines = _sample_in(part, page)
    part = replace(part, lines=lines)
    listing = read_entries(part.lines)
    head = _head(part, listing)
    sample = shown
    if command:
        sample = (command.request if part.kind == "request" else command.response) or shown
    tree = nest(listing.entries, head.root, sample=sample)
    media = "media_type" if part.kind == "request" else "answer_media_type"
    facts = tuple(fact for fact in (head.media, head.status) if fact)
    facts = tuple(replace(f, keyword=media) if f.keyword == "media_type" else f for f in facts)
    notes = (*head.notes, *listing.notes, *tree.notes)
    if not (listing.entries or head.described or sample) and part.kind != "request":
        return Body(None, facts, notes)  # nothing is said of a body: a 204, for one
    if part.kind == "request" and not any(line.text for line in part.lines):
        return Body(None, (), ())  # a heading above other headings
    node, missing = complete(tree.node, sample, listed=bool(listing.entries))
    node, broken = without_contradictions(
        with_example(settled(node, sample), sample), [sample.plain()] if sample else []
    )
    missing += broken
    prefix = f"/{part.kind}"
    relations = tuple((prefix + at, relation) for at, relation in tree.relations)
    return Body(node, facts, (*notes, *missing), relations, members=bool(listing.entries))


def _sample_in(part: Section, page: Text) -> tuple[Sample | None, tuple[Line, ...]]:
    """Return the sample that is printed inside a section, and the lines without it."""
    if read_entries(part.lines).entries:
        return None, part.lines
    for line in part.lines:
        if (
            line.text in {"{", "["}
            and page.content[page.starts[line.number - 1] :][:1] == line.text
        ):
            parsed = read_sample(page, page.starts[line.number - 1])
            if parsed and parsed.whole:
                last = page.line(parsed.end - 1)
                inside = range(line.number, last + 1)
                outside = tuple(each for each in part.lines if each.number not in inside)
                return parsed.sample, outside
    return None, part.lines


def _refusal(body: Body, part: Section) -> Refusal:
    """Return a section about an answer that refuses as a documented refusal."""
    media = next((fact.value for fact in body.facts if fact.keyword == "answer_media_type"), None)
    status = int(part.status) if part.status and part.status.isdigit() else None
    last = max((line.number for line in part.lines if line.text), default=part.line)
    kind = str(media) if media else None
    return Refusal(status, kind, body.node, Span(part.line, last))


def _from_samples(
    command: Command | None, request: Node | None, response: Node | None
) -> tuple[Node | None, Node | None]:
    """Return both bodies; one without a section of its own is taken from its sample."""
    if command:
        if request is None and command.request:
            request = settled(sample_node(command.request), command.request)
        if response is None and command.response:
            response = settled(sample_node(command.response), command.response)
    return request, response


def _operation(
    parts: Sequence[Section], named: Sequence[Title], command: Command | None
) -> tuple[tuple[Fact, ...], tuple[Note, ...]]:
    """Return the facts about the operation itself, and what was not understood of them."""
    facts: list[Fact] = [fact for title in named for fact in title_facts(title)]
    notes: list[Note] = []
    parameters: list[Json] = []
    lines: list[int] = []
    for part in parts:
        if part.kind == "top":
            facts += permission_facts(part.lines)
            notes += unread(part.lines)
        elif part.kind == "authorization":
            facts += authorization_of(part.line, part.lines, command)
        elif part.kind in _PLACES:
            listing = read_entries(part.lines)
            parameters += [_parameter(entry, part.kind) for entry in listing.entries]
            notes += listing.notes
            lines += [part.line, *(line.number for line in part.lines if line.text)]
    if parameters:
        facts.append(Fact("parameters", parameters, Span(min(lines), max(lines))))
    return (*facts, *(command_facts(command) if command else ())), tuple(notes)


def _parameter(entry: Entry, place: str) -> Json:
    tree: Tree = nest([entry], Node())
    node = tree.node.child(entry.name)
    place = next((word for word in _PLACES if entry.flag(word)), place)
    required = entry.flag("required") is not None or bool(tree.node.required)
    return {"in": place, "name": entry.name, "required": required, "schema": schema(node or Node())}


def _head(section: Section, listing: Listing) -> Head:
    """Return what stands between the heading of a body and its first member."""
    head = Head(None, None, Node((Fact("type", "object", Span(section.line, section.line)),)))
    behind_status = False
    for line in listing.head:
        found = _STATUS.fullmatch(line.text)
        if found and found["media"] and not media_type(found["media"]):
            found = _STATUS.fullmatch(found["status"])  # a reason stands behind it: "201 Created"
        if found and head.media is None and head.status is None:
            head = replace(head, status=_status_fact(found["status"], line.number))
        kind = media_type(found["media"] if found else line.text)
        if kind and head.media is None:
            head = _with_media(head, section, line, kind)
        elif not found:
            head = _with_text(head, section, listing, line, explained=behind_status)
        alone = found is not None and not found["media"]
        behind_status = alone or (behind_status and not line.text)
    return head


def _status_fact(printed: str, line: int) -> Fact | None:
    """Return a status as a fact; "2XX" is no number."""
    return Fact("success_status", int(printed), Span(line, line)) if printed.isdigit() else None


def _with_media(
    head: Head, section: Section, line: Line, kind: tuple[str, TypeLine | None]
) -> Head:
    """Return the head with the media type of the body, and the type of the whole where it is printed."""
    span = Span(section.line, line.number)
    root = type_node(kind[1], span) if kind[1] else head.root.with_fact("type", "object", span)
    return replace(
        head, media=Fact("media_type", kind[0], Span(line.number, line.number)), root=root
    )


def _with_text(
    head: Head, section: Section, listing: Listing, line: Line, *, explained: bool
) -> Head:
    """Return the head with what a line of text says about the body, or with a note.

    What stands right behind a status explains it, and says nothing of the body.
    """
    whole = _OF_TYPE.fullmatch(line.text)
    if whole:
        kind = read_type(whole["type"])
        if kind and not listing.entries:
            head = replace(head, root=type_node(kind, Span(section.line, line.number)))
        return replace(head, typed=True)
    if not line.text or media_type(line.text) or _TABS.fullmatch(line.text):
        return head
    kind = read_type(line.text)
    if kind:
        return replace(head, root=type_node(kind, Span(line.number, line.number)), typed=True)
    if section.kind == "request" and not listing.entries:
        note = Note(line.number, f"described without a name: {line.text}")
    elif explained and len(line.text.split()) <= 4:
        return head
    elif cues(line.text) or not _introduces(line.text):
        note = Note(line.number, f"no fact is read from: {line.text}")
    else:
        return head
    return replace(head, notes=(*head.notes, note))


def _introduces(text: str) -> bool:
    """Whether a line introduces a body: it says what the body is, or that the call went well."""
    return before(text, frozenset(), answer=True)[1] or not text.endswith((".", "!"))
