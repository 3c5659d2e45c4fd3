"""What the description of a saved request states, beside the samples of its bodies.

The description is Markdown: its tables and lists are read as those of a page. All that they state
has the lines of the description, which is one text in its file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts.derive.markdown.kinds import read_kind
from contracts.derive.markdown.reader import read
from contracts.derive.model import Derived, Fact, Json, Node, Notes, Span
from contracts.derive.page.placeholders import without_contradictions
from contracts.errors import UsageError

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Description:
    """The description of a request, and (in, name, value, text) of its parameters."""

    text: str
    span: Span
    parameters: Sequence[tuple[str, str, str, str]] = ()


def with_description(derived: Derived, told: Description) -> Derived:
    """Return an operation with what its description and those of its parameters state."""
    facts = {fact.keyword: fact for fact in derived.operation}
    page = [f"`{facts['method'].value} {facts['path'].value}`"]
    for place in ("path", "query"):
        rows = [row for row in told.parameters if row[0] == place and row[3].strip()]
        page += [f"## {place.title()} parameters", *(_entry(*row[1:]) for row in rows)] * bool(rows)
    try:
        stated = read("\n\n".join([*page, "## Body", told.text]).encode(), "description")[0]
    except UsageError:  # a method that no page has
        return derived
    notes = Notes(derived.notes)
    for fact in stated.operation:
        if fact.keyword == "parameters" and fact.keyword in facts:
            facts[fact.keyword] = _merged(facts[fact.keyword], fact)
        if fact.keyword == "newest_first":
            facts[fact.keyword] = replace(fact, span=told.span)
    bodies = ((derived.request, stated.request), (derived.response, stated.response))
    request, response = (_with(shown, said, told.span, notes) for shown, said in bodies)
    return replace(
        derived,
        operation=tuple(facts.values()),
        request=request,
        response=response,
        notes=tuple(dict.fromkeys(notes)),
    )


def _entry(name: str, value: str, text: str) -> str:
    """Return the list item of a parameter; its type is the first word of its text, or a guess."""
    word = _WORD.match(text)
    guess = "integer" if value.isdecimal() else "string"
    kind = word[0] if word and read_kind(word[0].lower()) else guess
    return f"- `{name}` ({kind.lower()}): {text}"


def _merged(shown: Fact, said: Fact) -> Fact:
    """Return the parameters that requests have, those that are described as they are described."""
    rows: Any = said.value
    known: Any = shown.value
    stated = {(row["in"], row["name"]): row["schema"] for row in rows}
    lines: list[Json] = [shown.span.first, shown.span.last]
    merged: list[Json] = []
    for row in known:
        schema = stated.get((row["in"], row["name"]), row["schema"])
        source: Json = dict.fromkeys(schema["x-source"], lines)
        merged.append({**row, "schema": {**schema, "x-source": source}})
    return replace(shown, value=merged)


def _with(shown: Node | None, said: Node | None, span: Span, notes: Notes) -> Node | None:
    """Return the node of samples with what is said of its members, as far as samples agree."""
    if shown is None or said is None or not said.properties:
        return shown
    stated = Node(items=said) if "array" in shown.types() else said
    return without_contradictions(_more(shown, stated, span), (), notes.add)


def _more(shown: Node | None, said: Node, span: Span) -> Node:
    """Return what is said of a member, at other lines, with what only samples have."""
    shown = shown or Node()
    known = dict(shown.properties)
    members = {name: _more(known.get(name), child, span) for name, child in said.properties}
    items = said.items or (Node() if shown.items is not None else None)
    facts = tuple(replace(fact, span=span) for fact in said.facts)
    examples = tuple(fact for fact in shown.facts if fact.keyword == "x-examples")
    return Node(
        (*facts, *examples) if facts else shown.facts,
        tuple({**known, **members}.items()),
        tuple((name, span) for name, _ in said.required),
        None if items is None else _more(shown.items, items, span),
        None if said.additional is None else _more(None, said.additional, span),
    )
