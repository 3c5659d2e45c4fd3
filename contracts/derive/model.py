"""Records that the modules of the deriver hand to each other; all frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

#: Keywords in the order in which a schema prints them; the structural ones are added by `schema`.
ORDER = (
    "type", "format", "enum", "const", "default", "pattern", "minLength", "maxLength", "minimum",
    "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems",
    "uniqueItems", "minProperties", "maxProperties", "propertyNames", "deprecated", "readOnly",
    "writeOnly", "description", "x-examples",
)  # fmt: skip


#: Lists the keywords of a schema that are guesses; as a fact that is true, all of a node are.
GUESSED = "x-guessed"


@dataclass(frozen=True, slots=True)
class Note:
    """Something on the page that was not understood, with its line."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last line on which a fact stands."""

    first: int
    last: int

    @classmethod
    def around(cls, spans: Iterable[Span]) -> Span:
        """Return the lines from the first to the last of some spans."""
        lines = [line for span in spans for line in (span.first, span.last)]
        return cls(min(lines), max(lines))


class Notes(list[Note]):
    """Notes in the order in which they were taken."""

    def add(self, place: Span | int, text: str) -> None:
        """Note something that was not understood: where it begins, or its line."""
        self.append(Note(place.first if isinstance(place, Span) else place, text))


#: Takes what was not understood: `Notes.add`.
Noter = Callable[[Span, str], None]


@dataclass(frozen=True, slots=True)
class Fact:
    """One keyword with its value and lines; `guessed` where the page does not state it."""

    keyword: str
    value: Json
    span: Span
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A sentence that relates members of one object: the operator, its arguments and its line."""

    operator: str
    of: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Node:
    """A schema in the making; `hides_members` tells that the page does not show them."""

    facts: tuple[Fact, ...] = ()
    properties: tuple[tuple[str, Node], ...] = ()
    required: tuple[tuple[str, Span], ...] = ()
    items: Node | None = None
    additional: Node | None = None
    hides_members: bool = False

    def get(self, keyword: str) -> Fact | None:
        """Return the fact of a keyword, or nothing."""
        return next((fact for fact in self.facts if fact.keyword == keyword), None)

    def value(self, keyword: str) -> Json:
        """Return the value of a keyword, or None."""
        fact = self.get(keyword)
        return fact.value if fact else None

    def with_fact(self, keyword: str, value: Json, span: Span, *, guessed: bool = False) -> Node:
        """Put a fact in the place of what was said about its keyword before."""
        kept = self.without(keyword).facts
        return replace(self, facts=(*kept, Fact(keyword, value, span, guessed)))

    def with_facts(self, facts: tuple[Fact, ...]) -> Node:
        """Add facts where nothing is said about their keywords yet: what came first is nearer."""
        node = self
        for fact in facts:
            if node.get(fact.keyword) is None:
                node = node.with_fact(fact.keyword, fact.value, fact.span, guessed=fact.guessed)
        return node

    def types(self) -> tuple[str, ...]:
        """Return the types that the node admits; empty for any."""
        value = self.value("type")
        if isinstance(value, str):
            return (value,)
        return tuple(str(item) for item in value) if isinstance(value, list) else ()

    def child(self, name: str) -> Node | None:
        """Return a member by its name."""
        return next((node for key, node in self.properties if key == name), None)

    def without(self, *keywords: str) -> Node:
        """Return the node without the facts of some keywords."""
        return replace(self, facts=tuple(f for f in self.facts if f.keyword not in keywords))

    def with_child(self, name: str, node: Node, required: Span | None = None) -> Node:
        """Add a member, or replace it in its place; `required` are the lines that ask for it."""
        members = dict(self.properties) | {name: node}
        asked = ((name, required),) if required else ()
        return replace(self, properties=tuple(members.items()), required=(*self.required, *asked))


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer to a request that fails; `status` is None where the page prints none."""

    status: int | None
    media_type: str | None
    body: Node | None
    span: Span


@dataclass(frozen=True, slots=True)
class Derived:
    """One operation as a reader found it.

    The operation's facts, both bodies, refusals, relations and notes. Every reader of an input
    (text, Markdown, HTML, OpenAPI, Postman, HAR) gives these, and `contracts.derive` turns them
    into JSON Schemas. Keywords of `operation`: ``method``, ``path``, ``server``, ``authorization``
    (a dict of ``in``, ``name``, ``scheme``), ``authorizations`` (a list of alternatives, each a
    list of such dicts, where there is more than one), ``permission``, ``parameters`` (a list of
    dicts of ``in``, ``name``, ``required``, ``schema``), ``media_type`` (of the request),
    ``answer_media_type``, ``success_status``. `rendering` says how the members are printed, where
    the kind of the input does not tell. `unread` are the bodies, `request` or `response`, that the
    page has and of which nothing was read, with their lines.
    """

    operation: tuple[Fact, ...]
    request: Node | None
    response: Node | None
    relations: tuple[tuple[str, Relation], ...] = ()
    notes: tuple[Note, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    rendering: str | None = None
    unread: tuple[tuple[str, Note], ...] = ()


def nullable(node: Node, span: Span) -> Node:
    """Return a node that allows null as well; one that states nothing does so already."""
    types = node.types()
    options = node.get("enum")
    kind = node.get("type")
    if kind and types and "null" not in types:
        node = node.with_fact("type", [*types, "null"], span, guessed=kind.guessed)
    if options and isinstance(options.value, list) and None not in options.value:
        # An enumeration without null would take back what the type grants.
        node = node.with_fact("enum", [*options.value, None], options.span)
    const = node.get("const")
    branches = node.value("anyOf")
    if const is not None and const.value is not None:
        node = node.without("const").with_fact("enum", [const.value, None], const.span)
    if isinstance(branches, list) and "null" not in types:
        null: Json = {"type": "null", "x-source": {"type": [span.first, span.last]}}
        node = node.with_fact("anyOf", [*branches, null], span)
    return node


def schema(node: Node) -> dict[str, Json]:
    """Return a node as JSON Schema, with the lines of every keyword under `x-source`."""
    out: dict[str, Json] = {}
    source: dict[str, Json] = {}
    facts = [fact for fact in sorted(node.facts, key=_place) if fact.keyword != GUESSED]
    for fact in facts:
        if fact.keyword != "description":
            out[fact.keyword] = fact.value
        source[fact.keyword] = [fact.span.first, fact.span.last]
    if node.properties:
        out["properties"] = {name: schema(child) for name, child in node.properties}
    if node.required:
        out["required"] = [name for name, _ in node.required]
        source |= {f"required/{name}": [span.first, span.last] for name, span in node.required}
    if node.items is not None:
        out["items"] = schema(node.items)
    if node.additional is not None:
        out["additionalProperties"] = schema(node.additional)
    out["x-source"] = source
    whole = node.value(GUESSED) is True
    guessed: list[Json] = [
        fact.keyword for fact in facts if fact.guessed or (whole and fact.keyword != "x-examples")
    ]
    if guessed:
        out[GUESSED] = guessed
    return out


def _place(fact: Fact) -> int:
    return ORDER.index(fact.keyword) if fact.keyword in ORDER else len(ORDER)


def kind_of(value: Json) -> str:
    """Return the JSON type of a value; every number is a number."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, dict):
        return "object"
    return "array" if isinstance(value, list) else "number"


def is_number(value: Json) -> bool:
    """Whether a value is a JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
