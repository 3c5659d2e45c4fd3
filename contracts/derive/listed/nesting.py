"""From the members of a section, one after the other, to a tree of nodes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contracts.derive.keywords import is_example, keywords_of, state, state_default, state_options
from contracts.derive.language.constraints import read_value
from contracts.derive.language.descriptions import describe
from contracts.derive.language.types import type_node
from contracts.derive.listed.entries import Constraint, Entry, split_default
from contracts.derive.listed.parents import last_name, parents
from contracts.derive.model import Node, Note, Relation, Span, nullable
from contracts.derive.page.placeholders import string_format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.derive.page.sample import Sample

_KEY = re.compile(r"\{[^{}]+\}|\*|<[^<>]+>")
# flags that say something of a member as a whole, by the keyword that says so
_MARKS = {
    "deprecated": "deprecated",
    "read-only": "readOnly",
    "readOnly": "readOnly",
    "write-only": "writeOnly",
    "writeOnly": "writeOnly",
}


@dataclass(frozen=True, slots=True)
class Tree:
    """The node of a section, with what its sentences relate and what was not understood."""

    node: Node
    relations: tuple[tuple[str, Relation], ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Member:
    entry: Entry
    name: str
    node: Node
    required: Span | None
    relations: tuple[Relation, ...]
    notes: tuple[Note, ...]
    children: tuple[int, ...]


def nest(entries: Sequence[Entry], root: Node, *, sample: Sample | None = None) -> Tree:
    """Hang the members of a section under its root.

    The sample helps where names do not tell their parent.
    """
    above = parents(entries, sample)
    members = []
    for at, entry in enumerate(entries):
        name = last_name(entries, at, above[at])
        children = tuple(child for child, parent in enumerate(above) if parent == at)
        members.append(_member(entry, name, children))
    tops = tuple(at for at, parent in enumerate(above) if parent is None)
    tree = _hang(Tree(root), tops, members, "")
    notes = tuple(note for member in members for note in member.notes)
    return replace(tree, notes=(*tree.notes, *notes))


def _hang(tree: Tree, indices: tuple[int, ...], members: Sequence[_Member], pointer: str) -> Tree:
    """Put members under a node: into its items where it is an array."""
    if tree.node.items is not None and "array" in tree.node.types():
        inner = _hang(replace(tree, node=tree.node.items), indices, members, f"{pointer}/*")
        return replace(inner, node=replace(tree.node, items=inner.node))
    node, relations, notes = tree.node, tree.relations, tree.notes
    for at in indices:
        member = members[at]
        place = f"{pointer}/{'*' if _KEY.fullmatch(member.name) else _escaped(member.name)}"
        below = _hang(Tree(member.node), member.children, members, place)
        relations += below.relations + tuple((place, relation) for relation in member.relations)
        notes += below.notes
        if _KEY.fullmatch(member.name):
            node = replace(node, additional=below.node)
            continue
        if node.child(member.name) is not None:
            text = f"a second member of the same place and name: {member.entry.name}"
            notes += (Note(member.entry.line, text),)
            continue
        node = node.with_child(member.name, below.node)
        if member.required and member.name not in {name for name, _ in node.required}:
            node = replace(node, required=(*node.required, (member.name, member.required)))
    return Tree(node, relations, notes)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _member(entry: Entry, name: str, children: tuple[int, ...]) -> _Member:
    node = type_node(entry.kind, Span(entry.line, entry.type_line))
    notes: list[Note] = []
    options = tuple(
        option
        for item in entry.constraints
        if not is_example(item.label)
        for option in item.options
    )
    required = entry.flag("required")
    if entry.flag("nullable"):
        node = nullable(node, Span(entry.line, entry.flag("nullable") or entry.line))
    for word, keyword in _MARKS.items():
        line = entry.flag(word)
        node = node.with_fact(keyword, value=True, span=Span(entry.line, line)) if line else node
    for constraint in entry.constraints:
        node, note = _constrain(node, constraint)
        notes += [note] if note else []
    if entry.default:
        text, flags = split_default(entry.default[0], options, entry.kind)
        required = entry.default[1] if "required" in flags else required
        node, note = state_default(node, text, entry.default[1])
        notes += [note] if note else []
    if entry.kind.enumerated and not options:
        notes.append(Note(entry.line, f"no options are printed for the enumeration {entry.name}"))
    if entry.marker and entry.marker[0] == "hide" and not children:
        notes.append(
            Note(
                entry.marker[1],
                f"the members of {entry.name} are not told from those that follow it",
            )
        )
    described = describe(name, node, entry.texts, typed=True)
    node = _hiding(described.node) if entry.marker and not children else described.node
    span = Span(entry.line, required) if required else None
    return _Member(
        entry, name, node, span, described.relations, (*notes, *described.notes), children
    )


def _hiding(node: Node) -> Node:
    """Return a node that hides its members, or those of its items."""
    if node.items is not None:
        return replace(node, items=_hiding(node.items))
    return replace(node, hides_members=True)


def _constrain(node: Node, constraint: Constraint) -> tuple[Node, Note | None]:
    """Return the node with what a labelled constraint states.

    Or a note that it was not understood.
    """
    span = Span(constraint.first, constraint.last)
    if is_example(constraint.label):
        return _examples(node, constraint, span), None
    if constraint.options:
        return state_options(node, constraint.options, span), None
    if constraint.label == "Default":
        return state_default(node, constraint.value, constraint.last)
    array = "array" in node.types()
    keywords = keywords_of(constraint.label, constraint.value, array=array)
    if keywords is None:
        text = f"not understood: {constraint.label}: {constraint.value}"
        return node, Note(constraint.last, text)
    return state(node, keywords, span), None


def _examples(node: Node, constraint: Constraint, span: Span) -> Node:
    """Keep the examples that the vendor wrote; a placeholder is none."""
    read = [read_value(text, node.types()) for text in constraint.options]
    shown = [value for value in read if not (isinstance(value, str) and string_format(value)[0])]
    return node.with_fact("x-examples", shown, span) if shown else node
