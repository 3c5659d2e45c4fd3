"""The listed rendering.

Sections of members, each with a name, a type line, flags and a description.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contracts.derive.contradictions import without_contradictions
from contracts.derive.listed.entries import Entry, read_entries
from contracts.derive.listed.heads import read_head
from contracts.derive.listed.nesting import Tree, nest
from contracts.derive.listed.sections import Section, sections
from contracts.derive.listed.spellings import canonical
from contracts.derive.model import Derived, Fact, Json, Node, Note, Refusal, Relation, Span, schema
from contracts.derive.operation import (
    authorization_of,
    command_facts,
    first_facts,
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
    head = read_head(part, listing)
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
