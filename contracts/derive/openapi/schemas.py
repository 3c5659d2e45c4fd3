"""Schemas of a document, with what they refer to, as nodes."""

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from referencing import Registry, Resource

from contracts.derive.marked import Part, marked_sample
from contracts.derive.model import Fact, Node, Note, Noter, Notes, Span, nullable, schema
from contracts.derive.openapi.combining import merged, tagged, union
from contracts.derive.openapi.document import Document, Recursion
from contracts.derive.openapi.keywords import NOT_CHECKED, TYPES, consistent, value_facts
from contracts.derive.page.sample import Sample

#: References that are followed inside each other. One that leads back to itself counts as STEP of
#: them, so that a
#: schema that holds itself is read DEPTH / STEP times inside itself.
DEPTH = 12
STEP = 4
#: Schemas in one body; where there are more, references are followed less deep.
LARGEST = 4_000
_BESIDE_REFERENCE = frozenset({"$ref", "description", "summary", "title", "example", "deprecated"})


class Side(Enum):
    """Whose body a schema is: read-only members are never sent, write-only ones never answered."""

    REQUEST = "readOnly"
    ANSWER = "writeOnly"


class _TooLargeError(Exception):
    """A body has more than LARGEST schemas."""


@dataclass(slots=True)
class _Entry:
    """What was read once: the node, how many schemas it took, and its notes."""

    node: Node
    size: int
    notes: tuple[Note, ...]


@dataclass(slots=True)
class Schemas:
    """Reads schemas of one document; what many operations refer to is read once for all of them."""

    document: Document
    recursion: Recursion = field(init=False)
    _entries: dict[tuple[int, Side, int], _Entry] = field(default_factory=dict)
    _notes: Notes = field(default_factory=Notes)
    _size: int = 0

    def __post_init__(self) -> None:
        """Look for schemas that hold themselves only when one is met."""
        self.recursion = Recursion(self.document)

    def read(self, part: Part, side: Side, notes: Notes) -> Node:
        """Return the node of a schema; what is not understood in it goes to `notes`."""
        for depth in range(DEPTH, -1, -STEP // 2):
            self._notes = Notes()
            self._size = 0
            try:
                node = self._schema(part, side, depth)
            except _TooLargeError:
                continue
            notes += self._notes
            if depth < DEPTH:
                text = f"the schema is larger than {LARGEST:,} parts: "
                text += f"references in it are followed to a depth of {depth}"
                notes.add(part.span, text)
            return node
        notes.add(part.span, f"the schema is larger than {LARGEST:,} parts, and not read")
        return Node()

    def _schema(self, part: Part, side: Side, depth: int, *, typed: bool = True) -> Node:
        """Return the node of a schema; `typed` where members or items show a type not stated."""
        note = self._notes.add
        self._count(1)
        if part.value is False:
            note(part.span, "the schema false allows nothing; it is not checked")
        elif part.value is not True and not isinstance(part.value, dict):
            note(part.span, "a schema is an object, and this is none")
        if not isinstance(part.value, dict):
            return Node()
        if part.get("$ref") and not self.document.is_json_schema:
            for name, beside in part.members():
                if name not in _BESIDE_REFERENCE and not name.startswith("x-"):
                    note(beside.span, f"{name} beside $ref has no meaning before OpenAPI 3.1")
            return self._reference(part, side, depth)
        node = self._own(part, side, depth, note)
        for other in self._parts(part, side, depth, note):
            node = merged(node, other, note)
        node = _closed(_typed(node, note) if typed else node, part, note)
        allowed = part.get("nullable") or part.get("x-nullable")
        if allowed.value is True:
            if self.document.is_json_schema:
                note(allowed.span, "nullable is read as in OpenAPI 3.0: 3.1 has no such keyword")
            node = nullable(node, allowed.span)
        return consistent(node, note)

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > LARGEST:
            raise _TooLargeError

    def _own(self, part: Part, side: Side, depth: int, note: Noter) -> Node:
        """Return the node of what stands in a schema itself."""
        node = value_facts(part, note)
        properties = []
        left_out = set()
        names: dict[str, Span] = {}
        for name, member in _held(part, "properties", dict, note).members():
            if self._is_left_out(member, side):
                left_out.add(name)
            else:
                properties.append((name, self._schema(member, side, depth)))
            if member.is_true("required") and name not in left_out:
                note(member.span, f"{name} is read as required: its object should list it")
                names[name] = member.span
        required = part.get("required")
        for element in required.elements():
            if isinstance(element.value, str) and element.value not in left_out:
                names.setdefault(element.value, element.span)
        if required and not isinstance(required.value, list | bool):
            note(required.span, "required is no list of names")
        node = replace(node, properties=tuple(properties), required=tuple(names.items()))
        return self._inside(node, part, side, depth, note)

    def _inside(self, node: Node, part: Part, side: Side, depth: int, note: Noter) -> Node:
        """Add what is said of items, of members of other names, and of names."""
        items = part.get("items")
        if items and not part.get("prefixItems"):
            if isinstance(items.value, list):
                note(items.span, "items that differ by their position are not checked")
            else:
                node = replace(node, items=self._schema(items, side, depth))
        others = part.get("additionalProperties")
        if others and part.get("patternProperties"):
            note(others.span, "additionalProperties beside patternProperties is not checked")
        elif isinstance(others.value, bool):
            node = node.with_fact("additionalProperties", others.value, others.span)
        elif others:
            node = replace(node, additional=self._schema(others, side, depth))
        names = part.get("propertyNames")
        if names:
            node = node.with_fact(
                "propertyNames", schema(self._schema(names, side, depth)), names.span
            )
        return node

    def _is_left_out(self, member: Part, side: Side) -> bool:
        """Whether a member, or what it refers to, is no part of a body of this side."""
        if member.is_true(side.value):
            return True
        return self.document.resolve(member, Notes()).is_true(side.value)

    def _parts(self, part: Part, side: Side, depth: int, note: Noter) -> list[Node]:
        """Return what else holds: the reference, all parts of allOf, one of anyOf and of oneOf."""
        nodes = []
        if part.get("$ref"):
            nodes.append(self._reference(part, side, depth))
        parts = _held(part, "allOf", list, note).elements()
        nodes += [self._schema(member, side, depth, typed=False) for member in parts]
        typed = not part.get("type") and not part.get("properties")
        for keyword in ("anyOf", "oneOf"):
            branches = [
                (member, _titled(self._schema(member, side, depth, typed=typed), member))
                for member in _held(part, keyword, list, note).elements()
            ]
            if branches:
                choices = tagged(part, branches, note)
                span = part.get(keyword).span
                nodes.append(union(choices, span, note, exclusive=keyword == "oneOf"))
        if part.get("discriminator") and not (part.get("oneOf") or part.get("anyOf")):
            span = part.get("discriminator").span
            note(span, "only what all schemas of this discriminator share is read")
        return nodes

    def _reference(self, part: Part, side: Side, depth: int) -> Node:
        target = self.document.resolve(part, self._notes)
        if not target:
            return Node()
        circular = self.recursion.holds_itself(target)
        left = depth - (STEP if circular else 1)
        if left < 0:
            text = (
                "holds itself, and is read no deeper here" if circular else "is read no deeper here"
            )
            self._notes.add(part.span, f"{part.text('$ref')} {text}")
            return _outline(target)
        key = (id(target.value), side, left)
        if key not in self._entries:
            size = self._size
            notes = self._notes
            self._notes = Notes()
            try:
                node = self._schema(target, side, left)
                self._entries[key] = _Entry(
                    node, self._size - size, tuple(dict.fromkeys(self._notes))
                )
            finally:
                self._notes = notes
            self._size = size
        entry = self._entries[key]
        self._count(entry.size)
        self._notes += entry.notes
        return entry.node


def _titled(node: Node, part: Part) -> Node:
    """Return a branch with the name that messages call it by: its title, or its reference's."""
    reference = part.text("$ref")
    title = part.text("title") or (reference.rpartition("/")[2] if reference else None)
    return node.with_fact("title", title, part.span) if title else node


def _outline(target: Part) -> Node:
    """Return the node of a schema that is not read further: its type, where one is stated."""
    kind = target.get("type")
    if not kind or kind.value not in TYPES or kind.value == "null":
        return Node()
    return Node(facts=(Fact("type", kind.value, kind.span),))


def _typed(node: Node, note: Noter) -> Node:
    """Add the type that members or items show where none is stated: of others they say nothing."""
    if node.types() or node.get("anyOf") is not None or node.get("enum") is not None:
        return node
    kind = "object" if node.properties else "array"
    inside = node.properties[0][1] if node.properties else node.items
    if inside is None or not inside.facts:
        return node
    first = inside.facts[0].span
    note(first, f"that this is inside an {kind} is read from its members: no type is stated")
    return node.with_fact("type", kind, first, guessed=True)


def _closed(node: Node, part: Part, note: Noter) -> Node:
    """Read `unevaluatedProperties: false` where all members are known here."""
    closed = part.get("unevaluatedProperties")
    if not closed or closed.value is True:
        return node
    others = node.get("anyOf") is not None or node.additional is not None
    others = others or any(map(part.get, NOT_CHECKED))
    if closed.value is False and not others:
        return node.with_fact("additionalProperties", value=False, span=closed.span)
    note(closed.span, "unevaluatedProperties is not checked")
    return node


def _held(part: Part, name: str, kind: type, note: Noter) -> Part:
    """Return a member of a schema; one that is not of its kind, dict or list, is noted."""
    member = part.get(name)
    if member and not isinstance(member.value, kind):
        note(member.span, f"{name} is no {'object' if kind is dict else 'list'}")
    return member


def page_schema(sample: Sample, side: Side, notes: Notes) -> Node:
    """Return the node of a JSON Schema that stands in a page, and may refer to its own parts."""
    root = Part.of(marked_sample(sample, notes, 0))
    registry: Registry[Any] = Registry().with_resource("", Resource.opaque(root.value))
    document = Document(root, "", is_json_schema=True, _registry=registry)
    return Schemas(document).read(root, side, notes)
