"""From members in the order of a page to the node of a body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from contracts.derive.keywords import state, state_default, state_options
from contracts.derive.language.constraints import read_value
from contracts.derive.language.descriptions import describe
from contracts.derive.markdown.blocks import plain
from contracts.derive.markdown.entries import ANY_NAME, Entry
from contracts.derive.markdown.kinds import kind_node
from contracts.derive.markdown.restrictions import Restriction, clauses
from contracts.derive.model import Fact, Node, Note, Relation, Span, nullable
from contracts.derive.page.lines import TextLine
from contracts.derive.page.placeholders import string_format

_ARRAYS = re.compile(r"(?:\[(?:\*|\d*)\])+$")
_KEY = re.compile(r"\{[^{}]+\}|\*|<[^<>]+>")
_OBJECT = "object"


@dataclass(slots=True)
class _Member:
    """A member in the making, with those below it."""

    name: str
    entry: Entry | None = None
    line: int = 0
    arrays: int = 0
    children: dict[str, _Member] = field(default_factory=dict)

    def child(self, name: str, line: int) -> _Member:
        plain_name = _ARRAYS.sub("", name)
        found = self.children.setdefault(plain_name, _Member(plain_name, line=line))
        found.arrays = max(found.arrays, name.count("["))
        return found


@dataclass(frozen=True, slots=True)
class Tree:
    """A body: its node, what its sentences relate, and what was not understood."""

    node: Node
    relations: tuple[tuple[str, Relation], ...] = ()
    notes: tuple[Note, ...] = ()


def build(entries: Sequence[Entry], span: Span) -> Tree:
    """Return the object whose members are listed, nested as the page nests them."""
    root, notes = _nested(entries)
    node = Node(facts=(Fact("type", _OBJECT, span),))
    relations: list[tuple[str, Relation]] = []
    for child in root.children.values():
        node = _add(node, child, "", relations, notes)
    return Tree(node, tuple(relations), tuple(notes))


def member_node(entry: Entry) -> Node:
    """Return the node of one member by itself: a parameter."""
    return _stated(entry, [])[0]


def _nested(entries: Sequence[Entry]) -> tuple[_Member, list[Note]]:
    root, notes = _Member(""), []
    stack: list[tuple[int, _Member]] = []
    for entry in entries:
        while stack and stack[-1][0] >= entry.depth:
            stack.pop()
        parent = next((member for _, member in reversed(stack) if _holds(member)), root)
        names = _split(entry.name)
        if entry.name.endswith(".*"):
            text = f"whether {entry.name} are items or members of any name is not said"
            notes.append(Note(entry.line, text))
            continue
        if len(names) > 1 and (parent is root or names[0] in map(_bare, root.children)):
            parent = root  # a name with dots is the whole way down
        for name in names[:-1]:
            parent = parent.child(name, entry.line)
        member = parent.child(names[-1], entry.line)
        if member.entry is not None:
            if member.entry.kind != entry.kind:
                notes.append(
                    Note(entry.line, f"{entry.name} is described a second time, as something else")
                )
            continue
        member.entry, member.line = entry, entry.line
        stack.append((entry.depth, member))
    return root, notes


def _bare(name: str) -> str:
    return _ARRAYS.sub("", name)


def _split(name: str) -> list[str]:
    parts = [part for part in re.sub(r"\.(?:\*|\d+)(?=\.|$)", "[]", name).split(".") if part]
    return parts or [name]


def _holds(member: _Member) -> bool:
    kind = member.entry.kind if member.entry else None
    return kind is None or kind.holds_members or kind.values is not None


def _add(
    parent: Node,
    member: _Member,
    place: str,
    relations: list[tuple[str, Relation]],
    notes: list[Note],
) -> Node:
    """Return the parent with a member and all below it."""
    here = f"{place}/{member.name}"
    if member.entry:
        node, required, more = _stated(member.entry, notes)
        relations += [(here, relation) for relation in more]
    else:
        node, required = Node(), None
    node = _wrapped(node, member)
    if [*member.children] == [
        "propertyName"
    ]:  # how one renderer prints a name that is the caller's
        member.children = {ANY_NAME: member.children["propertyName"]}
        member.children[ANY_NAME].name = ANY_NAME
    for child in member.children.values():
        node = _inside(node, child, here, relations, notes)
    if member.entry and member.entry.marker and not member.children:
        node = _hiding(node)
    if member.name == ANY_NAME or _KEY.fullmatch(member.name):
        return replace(parent, additional=node)
    parent = parent.with_child(member.name, node)
    if required is not None:
        parent = replace(parent, required=(*parent.required, (member.name, required)))
    return parent


def _hiding(node: Node) -> Node:
    """Return a node that hides its members, or those of its items."""
    if node.items is not None:
        return replace(node, items=_hiding(node.items))
    return replace(node, hides_members=True)


def _wrapped(node: Node, member: _Member) -> Node:
    """Give a node the type that its children and the brackets of its name say it has."""
    span = Span(member.line, member.line)
    if member.children and not node.types():
        node = node.with_facts((Fact("type", "array" if member.arrays else _OBJECT, span),))
    elif member.arrays and not node.types():
        node = node.with_facts((Fact("type", "array", span),))
    elif member.arrays and "array" not in node.types():
        # `tags[]` of type string: the type is that of its items.
        node = Node(facts=(Fact("type", "array", span),), items=node)
    return node


def _inside(
    node: Node, child: _Member, place: str, relations: list[tuple[str, Relation]], notes: list[Note]
) -> Node:
    """Put a member into an object, or into the objects that an array or a map holds."""
    span = Span(child.line, child.line)
    if "array" in node.types():
        items = node.items or Node(facts=(Fact("type", _OBJECT, span),))
        return replace(node, items=_inside(items, child, place, relations, notes))
    return _add(node, child, place, relations, notes)


def _stated(entry: Entry, notes: list[Note]) -> tuple[Node, Span | None, tuple[Relation, ...]]:
    """Return the node of a member by what is printed of it.

    The lines that say that it is required.
    """
    span = Span(entry.line, entry.kind_line or entry.line)
    printed = _printed_options(entry)
    if entry.kind and printed and all(map(_is_word, printed)):
        entry = replace(entry, kind=entry.kind.with_words())
    node = kind_node(entry.kind, span) if entry.kind else Node()
    required: Span | None = None
    optional = False
    for item, line in _said(entry):
        here = Span(entry.line if item.value is True else item.first or line, line)
        if item.name == "required" and not optional:
            required = required or Span(entry.line, line)
        elif item.name == "optional":
            optional = True
        else:
            node, note = _state(node, entry, item, here)
            notes += [note] if note else []
    named = {item.name for item, _ in _said(entry)}
    if entry.kind and entry.kind.enumerated and not named & {"options", "option", "listed"}:
        text = f"no options are printed for the enumeration {entry.name}"
        notes.append(Note(entry.line, text))
    listed = [(item.value, line) for item, line in entry.restrictions if item.name == "option"]
    if listed:
        options = tuple(str(value) for value, _ in listed)
        node = state_options(node, options, Span(listed[0][1], listed[-1][1]))
    node = _with_examples(node, entry)
    texts = tuple(TextLine(text.line, plain(text.text)) for text in entry.texts if plain(text.text))
    done = describe(entry.name, node, texts, typed=entry.kind is not None)
    notes += [note for note in done.notes if not _is_read(note, entry)]
    if required is None and not optional and done.required:
        required = done.required
    return done.node, required, done.relations


def _printed_options(entry: Entry) -> list[str]:
    """Return the options that a page prints of a member, as it prints them."""
    out: list[str] = []
    for item, _ in _said(entry):
        if item.name == "options" and isinstance(item.value, tuple):
            out += map(str, item.value)
        elif item.name == "option":
            out.append(str(item.value))
    return out


def _is_word(option: str) -> bool:
    """Whether an option is surely a text, and no number or other value of JSON."""
    return re.fullmatch(r"[-+]?[\d.]+|true|false|null", option.strip(), re.IGNORECASE) is None


def _with_examples(node: Node, entry: Entry) -> Node:
    """Keep the examples that the vendor wrote; a placeholder is none."""
    samples = [(item, line) for item, line in entry.restrictions if item.name == "sample"]
    printed = [item.value for item, _ in samples if isinstance(item.value, str) and item.value]
    values = [read_value(text, node.types()) for text in printed]
    shown = [value for value in values if not (isinstance(value, str) and string_format(value)[0])]
    if not shown:
        return node
    first = min(item.first or line for item, line in samples)
    return node.with_fact("x-examples", shown, Span(first, samples[-1][1]))


def _is_read(note: Note, entry: Entry) -> bool:
    """Whether a sentence of which nothing was read as prose was read as a restriction."""
    sentence = note.text.partition(": ")[2]
    return any(text.line == note.line and any(clauses(text.text)) for text in entry.texts) and any(
        clauses(sentence)
    )


def _said(entry: Entry) -> Iterator[tuple[Restriction, int]]:
    """Yield the restrictions, those in the sentences last.

    What is printed apart is nearer to the truth.
    """
    # A bound is known by then that is said to be open.
    yield from sorted(entry.restrictions, key=lambda said: said[0].name == "open")
    for text in entry.texts:
        for found in clauses(text.text):
            for item in found:
                if item.name not in {known.name for known, _ in entry.restrictions}:
                    yield item, text.line


def _state(node: Node, entry: Entry, item: Restriction, span: Span) -> tuple[Node, Note | None]:
    if item.name in {"sample", "listed", "option", "place"}:
        return node, None
    if item.name == "nullable":
        return nullable(node, span), None
    if item.name == "options" and isinstance(item.value, tuple):
        if node.get("enum"):
            return node, None
        options = [str(value) for value in item.value]
        scalar = node.items if node.items is not None and "array" in node.types() else node
        if not scalar.types() and not all(map(_is_word, options)):
            text = f"whether the options of {entry.name} are texts or not is not said"
            return node, Note(span.last, text)
        return state_options(node, options, span), None
    if item.name == "open":
        return _opened(node, str(item.value)), None
    if item.name == "default":
        return state_default(node, str(item.value), span.last)
    pairs = _pairs(node, item)
    if pairs is None:
        return node, Note(
            span.last, f"not understood of {entry.name}: {item.name} {_spelt(item.value)}"
        )
    return state(node, pairs, span), None


def _opened(node: Node, bound: str) -> Node:
    """Turn a bound into one that is not itself allowed."""
    fact = node.get(bound)
    if fact is None:
        return node
    kept = tuple(other for other in node.facts if other is not fact)
    return replace(node, facts=kept).with_fact(
        f"exclusive{bound.capitalize()}", fact.value, fact.span
    )


def _spelt(value: object) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _pairs(
    node: Node, item: Restriction
) -> tuple[tuple[str, str | int | float | bool], ...] | None:
    """Return keywords for a restriction, or None where it can not be one of such a member."""
    types = set(node.types())
    scalar = set(node.items.types()) if node.items is not None and "array" in types else types
    value = item.value
    if item.name == "filled":
        name = "minItems" if "array" in types else "minLength"
        return ((name, 1),) if types & {"array", "string"} else None
    if isinstance(value, tuple):
        names = _ends(item.name, types, scalar)
        return _both(names, value) if names else None
    wanted = _NEEDS.get(item.name)
    if wanted and types and not wanted & (types | scalar):
        return None
    if (
        item.name in {"minimum", "maximum"}
        and "string" in scalar
        and not scalar & {"number", "integer"}
    ):
        return None
    return ((item.name, value),) if isinstance(value, str | int | float) else None


_NUMERIC = frozenset({"number", "integer"})
_NEEDS = {
    "minLength": {"string"}, "maxLength": {"string"}, "pattern": {"string"}, "minItems": {"array"},
    "maxItems": {"array"}, "uniqueItems": {"array"}, "minimum": _NUMERIC, "maximum": _NUMERIC,
    "exclusiveMinimum": _NUMERIC, "exclusiveMaximum": _NUMERIC, "multipleOf": _NUMERIC,
    "minProperties": {"object"}, "maxProperties": {"object"},
}  # fmt: skip


def _ends(name: str, types: set[str], scalar: set[str]) -> tuple[str, str] | None:
    if name == "lengths" and "string" in scalar:
        return "minLength", "maxLength"
    if name in {"size", "bound"} and "string" in types:
        return "minLength", "maxLength"
    if name in {"sizes", "size", "between"} and "array" in types:
        return "minItems", "maxItems"
    if name == "range" and "array" in types and scalar == {"object"}:
        return "minItems", "maxItems"  # what else would be counted
    if name in {"range", "between", "bound"} and scalar & _NUMERIC:
        return "minimum", "maximum"
    if name == "members" and "object" in types:
        return "minProperties", "maxProperties"
    return None


def _both(names: tuple[str, str], value: tuple[object, ...]) -> tuple[tuple[str, int | float], ...]:
    low, low_open, high, high_open = value
    out: list[tuple[str, int | float]] = []
    if isinstance(low, int | float):
        out.append(("exclusiveMinimum" if low_open else names[0], low))
    if isinstance(high, int | float):
        out.append(("exclusiveMaximum" if high_open else names[1], high))
    return tuple(out)
