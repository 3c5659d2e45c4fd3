"""An OpenAPI document, or an excerpt of one: its version, and where its references lead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from referencing import Registry, Resource
from referencing.exceptions import Unresolvable

from contracts.derive.marked import Array, Object, Part, read_marked
from contracts.derive.model import Note, Notes, Span
from contracts.derive.page.sample import Line
from contracts.errors import UsageError

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
#: A chain of references that is longer than this leads in a circle.
_LONGEST_CHAIN = 50


@dataclass(frozen=True)
class Document:
    """A document, or an excerpt in the form of one; `is_json_schema` from OpenAPI 3.1 on."""

    root: Part
    name: str
    is_json_schema: bool
    notes: tuple[Note, ...] = ()
    _registry: Registry[Any] = field(default_factory=Registry, repr=False)

    def resolve(self, part: Part, notes: Notes) -> Part:
        """Return what a part refers to, or itself; nothing, with a note, where that is not here."""
        for _ in range(_LONGEST_CHAIN):
            reference = part.text("$ref")
            if reference is None:
                return part
            part = self._target(part, reference, notes)
        notes.add(part.span, f"the reference {reference} leads in a circle")
        return part.nothing()

    def _target(self, part: Part, reference: str, notes: Notes) -> Part:
        line = part.get("$ref").span.first
        address, _, fragment = reference.partition("#")
        if address and address.removeprefix("./") != self.name:
            notes.add(line, f"{reference} is outside of this document, and nothing is fetched")
            return part.nothing()
        resolver = self._registry.resolver("")
        try:
            value = resolver.lookup(f"#{fragment}").contents
        except (Unresolvable, ValueError, LookupError, TypeError, AttributeError):
            notes.add(line, f"{reference} is nowhere in this document")
            return part.nothing()
        spanned = isinstance(value, Object | Array)
        return Part.of(value) if spanned else Part(value, Span(line, line))


def load(raw: bytes, name: str) -> Document:
    """Return the document of a file; UsageError names what it is when it is none."""
    root, notes = read_marked(raw, name)
    if not isinstance(root.value, Object):
        raise UsageError(f"{name} is no OpenAPI document: it holds no object")
    is_json_schema = _is_json_schema(root, name)
    if not root.get("paths"):
        root = _completed(root, name)
    registry: Registry[Any] = Registry().with_resource("", Resource.opaque(root.value))
    return Document(root, name, is_json_schema, notes, registry)


def _is_json_schema(root: Part, name: str) -> bool:
    """Whether schemas are read as JSON Schema: by the version, which an excerpt does not state."""
    stated = root.get("openapi") or root.get("swagger")
    if not stated:
        words = ("asyncapi", "arazzo", "overlay", "swaggerVersion")
        other = next((word for word in words if word in root.value), None)
        if other:
            raise UsageError(f"{name} is no OpenAPI document of version 2 or 3, but has {other!r}")
        return True
    text = str(stated.value)
    match = re.match(r"(2|3\.[0-2])(?:\.|$)", text)
    if not match:
        raise UsageError(
            f"{name} states the version {text!r} of OpenAPI; 2.0, 3.0, 3.1 and 3.2 are read"
        )
    return match[1] not in {"2", "3.0"}


def _completed(root: Part, name: str) -> Part:
    """Return an excerpt that begins at a path as a document with that path."""
    members = dict(root.members())
    paths = [path for path in members if path.startswith("/")]
    if paths:
        return _with_paths(root, paths)
    if any(method in members for method in METHODS):
        raise UsageError(
            f"{name} is one operation of an OpenAPI document without its path: begin at the path"
        )
    if "webhooks" in members:
        raise UsageError(f"{name} describes webhooks only: no operation that could be called")
    raise UsageError(f"{name} is no OpenAPI document that describes operations: it has no paths")


def _with_paths(root: Part, paths: list[str]) -> Part:
    value = root.value
    spans = {path: value.spans[path] for path in paths}
    item = Object({path: value[path] for path in paths}, spans, value.span)
    others = {name: value[name] for name in value if name not in paths}
    beside = {name: value.spans[name] for name in others}
    return Part.of(Object({**others, "paths": item}, {**beside, "paths": value.span}, value.span))


class Recursion:
    """Answers for one document whether a schema leads back to itself."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._targets: dict[int, list[Part]] = {}
        self._answers: dict[int, bool] = {}

    def holds_itself(self, schema: Part) -> bool:
        """Whether following the references in a schema leads to the same schema again."""
        key = id(schema.value)
        if key not in self._answers:
            seen: set[int] = set()
            waiting = [schema]
            while waiting and key not in seen:
                targets = self._references(waiting.pop())
                waiting += [target for target in targets if id(target.value) not in seen]
                seen.update(id(target.value) for target in targets)
            self._answers[key] = key in seen
        return self._answers[key]

    def _references(self, schema: Part) -> list[Part]:
        """Return the schemas that a schema refers to."""
        key = id(schema.value)
        if key not in self._targets:
            referring = map(Part.of, _referring(schema.value))
            targets = [self._document.resolve(part, Notes()) for part in referring]
            self._targets[key] = [target for target in targets if target]
        return self._targets[key]


def _referring(value: object) -> Iterator[Object]:
    """Yield the objects with a reference inside a value; what aliases repeat is visited once."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if id(part) in seen or not isinstance(part, Object | Array):
            continue
        seen.add(id(part))
        if isinstance(part, Object) and isinstance(part.get("$ref"), str):
            yield part
        waiting += part.values() if isinstance(part, Object) else part


def told(operation: Part) -> list[Line]:
    """Return what a document says of an operation, and of its answers to wrong requests."""
    parts = (operation.get(name) for name in ("summary", "description"))
    lines = [Line(each.span.first, each.value) for each in parts if isinstance(each.value, str)]
    for status, answer in operation.get("responses").members():
        if status.startswith("4") and (text := answer.text("description")):
            lines.append(Line(answer.span.first, f"{status}: {text}"))
    return lines
