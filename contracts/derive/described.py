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
from contracts.derive.model import GUESSED, Derived, Fact, Json, Node, Notes, Span
from contracts.derive.operation import FLAGS, SAID
from contracts.derive.page.placeholders import without_contradictions
from contracts.errors import UsageError

#: A type in front of a text: `Integer. The yard`, `(date) when it opens`.
_TYPE = re.compile(r"\(?(?P<word>\w+)(?:\)|(?=[.,;:]|\s+[-\u2013\u2014]|\s*\Z))")


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
            facts[fact.keyword] = _merged(facts[fact.keyword], fact, told)
        if fact.keyword in FLAGS:
            facts[fact.keyword] = replace(fact, span=told.span)
        if fact.keyword == SAID:
            said: Any = fact.value
            sentences: list[Json] = [[told.span.first, text] for _, text in said]
            facts[SAID] = replace(fact, value=sentences, span=told.span)
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
    guess = "integer" if value.isdecimal() else "string"
    return f"- `{name}` ({_stated_type(text) or guess}): {text}"


def _stated_type(text: str) -> str | None:
    """Return the type that a text begins with; `Number of the account` begins with none."""
    match = _TYPE.match(text)
    word = match["word"].lower() if match else ""
    return word if read_kind(word) else None


def _merged(shown: Fact, said: Fact, told: Description) -> Fact:
    """Return the parameters that requests have, with what is said of those that are described."""
    rows: Any = said.value
    known: Any = shown.value
    stated = {(row["in"], row["name"]): row["schema"] for row in rows}
    typed = {(place, name): _stated_type(text) for place, name, _, text in told.parameters}
    lines: list[Json] = [told.span.first, told.span.last]
    merged: list[Json] = []
    for row in known:
        key = (row["in"], row["name"])
        sample = row["schema"]
        if key not in stated:
            merged.append(row)
            continue
        schema = {**stated[key], "x-source": dict.fromkeys(stated[key]["x-source"], lines)}
        if not typed.get(key):  # of whose type a sample is all that is known
            guessed = {"type", "format"} & sample.keys() if schema["type"] == "string" else {"type"}
            schema |= {keyword: sample[keyword] for keyword in guessed - {"type"}}
            schema[GUESSED] = sorted(guessed, reverse=True)
            schema["x-source"] |= {keyword: sample["x-source"][keyword] for keyword in guessed}
        merged.append({**row, "schema": schema})
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
