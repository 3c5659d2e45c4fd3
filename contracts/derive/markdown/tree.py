"""From members in the order of a page to the node of a body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from contracts.derive.markdown.answers import STAND_IN
from contracts.derive.markdown.blocks import ANY_NAME
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.statements import node_of
from contracts.derive.model import Fact, Node, Notes, Relation, Span

_ARRAYS = re.compile(r"(?:\[(?:\*|\d*)\])+$")
_KEY = re.compile(r"\{[^{}]+\}|\*|<[^<>]+>")
_OBJECT = "object"
#: What sentences relate, each with the place of its member.
Relations = list[tuple[str, Relation]]


@dataclass(slots=True)
class _Member:
    """A member in the making, with those below it."""

    name: str
    entry: Entry | None = None
    line: int = 0
    arrays: int = 0
    children: dict[str, _Member] = field(default_factory=dict)

    @property
    def holds_members(self) -> bool:
        """Whether members can stand below it."""
        return self.entry is None or self.entry.holds_members

    def child(self, name: str, line: int) -> _Member:
        plain_name = _ARRAYS.sub("", name)
        found = self.children.setdefault(plain_name, _Member(plain_name, line=line))
        found.arrays = max(found.arrays, name.count("["))
        return found


def build(
    entries: Sequence[Entry], span: Span, place: str, relations: Relations, notes: Notes
) -> Node:
    """Return the object at a place whose members are listed, nested as the page nests them."""
    node = Node(facts=(Fact("type", _OBJECT, span),))
    for child in _nested(entries, notes).children.values():
        node = _add(node, child, place, relations, notes)
    return node


def member_node(entry: Entry) -> Node:
    """Return the node of one member by itself: a parameter."""
    return node_of(entry, Notes())[0]


def _nested(entries: Sequence[Entry], notes: Notes) -> _Member:
    root = _Member("")
    stack: list[tuple[int, _Member]] = []
    for entry in entries:
        while stack and stack[-1][0] >= entry.depth:
            stack.pop()
        parent = next((member for _, member in reversed(stack) if member.holds_members), root)
        names = _split(entry.name)
        if entry.name.endswith(".*"):
            text = f"whether {entry.name} are items or members of any name is not said"
            notes.add(entry.line, text)
            continue
        if len(names) > 1 and (parent is root or names[0] in root.children):
            parent = root  # a name with dots is the whole way down
        for name in names[:-1]:
            parent = parent.child(name, entry.line)
        member = parent.child(names[-1], entry.line)
        if member.entry is not None:
            if member.entry.kind != entry.kind:
                notes.add(entry.line, f"{entry.name} is described a second time, as something else")
            continue
        member.entry = entry
        member.line = entry.line
        stack.append((entry.depth, member))
    return root


def _split(name: str) -> list[str]:
    parts = [part for part in re.sub(r"\.(?:\*|\d+)(?=\.|$)", "[]", name).split(".") if part]
    return parts or [name]


def _add(parent: Node, member: _Member, place: str, relations: Relations, notes: Notes) -> Node:
    """Return the parent with a member and all below it."""
    here = f"{place}/{member.name}"
    if member.entry:
        node, required, more = node_of(member.entry, notes)
        relations += [(here, relation) for relation in more]
    else:
        node = Node()
        required = None
    node = _wrapped(node, member)
    for child in member.children.values():
        if len(member.children) == 1 and STAND_IN.fullmatch(child.name):
            child.name = ANY_NAME
        node = _inside(node, child, here, relations, notes)
    if member.entry and member.entry.marked and not member.children:
        node = _hiding(node)
    if member.name == ANY_NAME or _KEY.fullmatch(member.name):
        return replace(parent, additional=node)
    return parent.with_child(member.name, node, required)


def _hiding(node: Node) -> Node:
    """Return a node that hides its members, or those of its items."""
    if node.items is not None:
        return replace(node, items=_hiding(node.items))
    return replace(node, hides_members=True)


def _wrapped(node: Node, member: _Member) -> Node:
    """Give a node the type that its children and the brackets of its name say it has."""
    span = Span(member.line, member.line)
    if not node.types() and (member.children or member.arrays):
        node = node.with_facts((Fact("type", "array" if member.arrays else _OBJECT, span),))
    elif member.arrays and "array" not in node.types():
        # `tags[]` of type string: the type is that of its items.
        node = Node(facts=(Fact("type", "array", span),), items=node)
    return node


def _inside(node: Node, child: _Member, place: str, relations: Relations, notes: Notes) -> Node:
    """Put a member into an object, or into the objects that an array or a map holds."""
    span = Span(child.line, child.line)
    if "array" in node.types():
        items = node.items or Node(facts=(Fact("type", _OBJECT, span),))
        return replace(node, items=_inside(items, child, place, relations, notes))
    return _add(node, child, place, relations, notes)
