"""Samples whose comments say what the members are: `"name": "x"  // string, required`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from contracts.derive.markdown.blocks import TextBlock
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.kinds import read_kind
from contracts.derive.markdown.restrictions import read_restrictions
from contracts.derive.markdown.statements import node_of
from contracts.derive.model import Node, Note, Notes
from contracts.derive.page.sample import UNREAD, Sample, inner


def with_comments(
    node: Node, sample: Sample, notes: Notes, listed: Sequence[TextBlock] = ()
) -> Node:
    """Return the node of a sample with what is said of the members, in comments or `listed`.

    The comments are those of the notes, which keep the ones of which nothing is read.
    """
    comments = [note for note in notes if note.text.startswith(UNREAD)]
    said = _owners(sample, [note for note in comments if sample.line <= note.line <= sample.last])
    for block in listed:
        named = LISTED.match(block.text)
        member = _member(sample, re.split(r"[\[\].]+", named["name"])) if named else None
        if named and member:
            text = named["said"].strip(" :\u2013\u2014-")
            said.setdefault(id(member), []).append(Note(block.line, UNREAD + text))
        elif named:
            notes.add(block.line, f"the example shows no member {named['name']}")
    return _stated(node, sample, said, notes) if said else node


def _member(sample: Sample, path: Sequence[str]) -> Sample | None:
    """Return the member at the end of a path, through the first items of arrays."""
    for name in filter(None, path):
        body = inner(sample)
        found = dict(body.members).get(name) if body else None
        if found is None:
            return None
        sample = found
    return sample


def _owners(sample: Sample, comments: Sequence[Note]) -> dict[int, list[Note]]:
    """Return the comments by the identity of the member of which each speaks.

    That stands on the same line, or below a line with nothing else; it is alone there.
    """
    taken = {line for each in _all(sample) for line in (each.line, each.last)}
    members = [member for each in _all(sample) for _, member in each.members]
    out: dict[int, list[Note]] = {}
    for note in comments:
        below = min((line for line in taken if line > note.line), default=0)
        line = note.line if note.line in taken else below
        owners = [member for member in members if member.line == line]
        if len(owners) == 1:
            out.setdefault(id(owners[0]), []).append(note)
    return out


def _all(sample: Sample) -> Iterator[Sample]:
    """Yield a sample and all inside it."""
    yield sample
    for each in (*(member for _, member in sample.members), *sample.elements):
        yield from _all(each)


def _stated(node: Node, sample: Sample, said: Mapping[int, list[Note]], notes: Notes) -> Node:
    """Return the node with what is said of each of its members, and of those inside them."""
    if node.items is not None and sample.elements:
        return replace(node, items=_stated(node.items, sample.elements[0], said, notes))
    for name, member in sample.members:
        child = node.child(name)
        if child is None:
            continue
        child = _stated(child, member, said, notes)
        required = None
        if comments := said.get(id(member)):
            notes[:] = [note for note in notes if note not in comments]
            entry = _entry(name, max(member.line, comments[0].line), comments)
            more, required, _ = node_of(entry, notes, child)
            child = (
                more
                if entry.kind is None
                else replace(
                    child, facts=more.with_facts(child.facts).facts, items=child.items or more.items
                )
            )
        node = node.with_child(name, child, required)
    return node


#: A member in a list below a sample: its name set apart, and what is said of it.
LISTED = re.compile(r"[ ]*\x1f(?P<name>[A-Za-z_$@][\w$.\[\]-]*)\x1f(?P<said>.+)", re.DOTALL)
#: What ends the type with which a comment may begin: "number of items" is none.
_BEHIND_TYPE = re.compile(r"[,.;:()\u2013\u2014]\s*|\s-\s")


def _entry(name: str, line: int, comments: Sequence[Note]) -> Entry:
    """Return a member as its comments tell it: type, flags, limits and words."""
    said = ". ".join(note.text.removeprefix(UNREAD) for note in comments)
    first, *behind = _BEHIND_TYPE.split(said, maxsplit=1)
    kind = read_kind(first.strip())
    restrictions, left = read_restrictions("".join(behind) if kind else said)
    entry = Entry(name, line, line, kind, line).with_restrictions(restrictions, line)
    return entry.with_text(line, left) if left.strip() else entry
