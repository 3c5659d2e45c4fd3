"""The rendering of a sample with descriptions: the sample has the names, the rest its order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from contracts.derive.example.alignment import Alignment, align
from contracts.derive.example.pieces import MemberPath, Slot, TokenKind, events, read_stream
from contracts.derive.example.resolve import resolve
from contracts.derive.language.descriptions import Described, describe
from contracts.derive.language.phrases import cues, permission, stems
from contracts.derive.model import Derived, Node, Note, Notes, Relation
from contracts.derive.operation import command_facts, first_facts, sentences_of, unread
from contracts.derive.page.commands import Command
from contracts.derive.page.placeholders import (
    is_free_form,
    is_generated,
    is_real,
    sample_node,
    sample_refusal,
    scalars,
    settled,
    with_example,
    without_contradictions,
)
from contracts.derive.page.sample import Line, Page, Sample, Text, inner

_PARAMETER = re.compile(r"\{([^{}]+)\}")
#: A line of a file of requests that describes nothing: a remark, a variable, a script.
_REMARK = re.compile(r"#|//|@[\w-]+\s*=|[<>] ?\{%")
_FREE_FORM = re.compile(
    r"free[- ]?form|key[-/ ]value|arbitrary|any (?:key|name)|map of|dictionary|your own (?:keys|data)",  # noqa: E501
    re.IGNORECASE,
)


def derive_example(page: Page, commands: Sequence[Command]) -> Derived:
    """Derive the operation and both bodies from a page of a sample with descriptions."""
    text = Text.of(page.lines)
    command = _fullest(commands)
    notes = Notes(note for each in commands for note in each.notes)
    answers = (answer for each in commands for answer in each.answers)
    prose, operation_lines = _prose(text, commands)
    tokens, more = read_stream(prose, _known(command), broken=bool(notes))
    way = events(command.request, command.response)
    words = frozenset(
        stem for name in _PARAMETER.findall(command.url or "") for stem in stems(name)
    )
    tokens = tuple(token for token in tokens if not permission(token.text))
    alignment = align(way, tokens, words)
    operation = (*command_facts(command), *sentences_of([*operation_lines, *prose]))
    builder = _Builder(alignment, generated=_is_generated(command, text))
    request = builder.body(command.request, "request")
    response = builder.body(command.response, "response")
    notes += [*more, *_left_over(alignment), *unread(operation_lines), *builder.notes]
    if command.request is None and command.response is None:
        notes.add(command.method_line, "no sample of either body was found behind this command")
    return Derived(
        operation=first_facts(operation),
        request=request,
        response=response,
        relations=tuple(builder.relations),
        notes=tuple(notes),
        refusals=tuple(sample_refusal(answer) for answer in answers if answer.refuses),
    )


def _fullest(commands: Sequence[Command]) -> Command:
    """Return among the copies of the command the first whole one, or else the first."""
    whole = (each for each in commands if not each.notes and (each.request or each.response))
    return next(whole, commands[0])


def _prose(text: Text, commands: Sequence[Command]) -> tuple[list[Line], list[Line]]:
    """Return the lines of descriptions outside the samples, and those about the operation."""
    behind = _between(text, commands[-1].end, len(text.content))
    ahead = _between(text, 0, commands[0].start)
    for one, two in pairwise(commands):
        ahead += _between(text, one.end, two.start)
    behind = [line for line in behind if not _REMARK.match(line.text)]
    ahead = [line for line in ahead if not _REMARK.match(line.text)]
    if any(line.text for line in behind):
        return behind, ahead
    return ahead, []


def _between(text: Text, start: int, end: int) -> list[Line]:
    """Return the lines of a stretch of the page; the first one may be the rest of a line."""
    if start >= end:
        return []
    numbers = range(text.line(start), text.line(end - 1) + 1)
    pieces = text.content[start:end].split("\n")
    return [Line(number, piece.strip()) for number, piece in zip(numbers, pieces, strict=False)]


def _known(command: Command) -> frozenset[str]:
    """Return the sample values that may be the first option of an enumeration, as printed."""
    values = [
        item for body in (command.request, command.response) if body for item in scalars(body)
    ]
    return frozenset(str(item.value) for item in values if item.kind in {"string", "number"})


def _is_generated(command: Command, text: Text) -> bool:
    """Whether a generator wrote the samples, by their placeholders or by how it spells curl."""
    bodies = [body for body in (command.request, command.response) if body is not None]
    spelled = "--url" in text.content[command.start : command.end]
    return spelled or any(map(is_generated, bodies))


@dataclass(slots=True)
class _Builder:
    """Builds both bodies; `generated` tells that a generator wrote the samples."""

    alignment: Alignment
    generated: bool
    real: bool = False
    relations: list[tuple[str, Relation]] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def body(self, sample: Sample | None, place: str) -> Node | None:
        """Return the node of a whole body."""
        if sample is None:
            return None
        self.real = not self.generated or is_real(sample)
        node = with_example(settled(self.node(sample, (place,)), sample), sample)
        return without_contradictions(node, [sample.plain()], self.notes.add)

    def node(self, sample: Sample, path: MemberPath) -> Node:
        """Return the node of an object or an array, built from its members."""
        node = sample_node(sample)
        if sample.kind == "array" and sample.elements and node.items is not None:
            return replace(node, items=self.node(sample.elements[0], (*path, "*")))
        for name, member in dict(sample.members).items():
            child = self.described(member, (*path, name))
            node = node.with_child(name, child.node, child.required)
        return node

    def described(self, sample: Sample, path: MemberPath) -> Described:
        """Return a member as the page describes it, with the members that its sample opens."""
        name = path[-1]
        shown = inner(sample)
        slot = Slot(path, name, sample, bool(shown and shown.members))
        texts = tuple(Line(token.line, token.text) for token in self.alignment.texts.get(path, []))
        # Only a generator prints limits without a word.
        tokens = self.alignment.facts.get(path, []) if self.generated else []
        node, notes = resolve(slot, tokens, described=bool(texts), real=self.real)
        described = describe(name, node, texts, typed=False)
        self.notes += [*notes, *described.notes]
        self.relations += [("/" + "/".join(path), each) for each in described.relations]
        said = " ".join(text.text for text in texts)
        if sample.kind == "object" and (
            is_free_form(name, sample.plain()) or _FREE_FORM.search(said)
        ):
            described.node = replace(described.node, properties=())
        else:
            described.node = _grafted(described.node, self.node(sample, path))
        return described


def _grafted(node: Node, below: Node) -> Node:
    """Put the members that a sample opens under the node that its own constraints made."""
    if below.items is not None and node.items is not None:
        return replace(node, items=_grafted(node.items, below.items))
    if below.properties:
        return replace(node, properties=below.properties, required=below.required)
    return node


def _left_over(alignment: Alignment) -> tuple[Note, ...]:
    notes = [
        Note(token.line, f"belongs to no member of the example: {token.text}")
        for token in alignment.extra
        if token.text
    ]
    notes += [
        Note(token.line, f"no fact is read from: {token.text}")
        for token, known in alignment.before
        if token.kind is TokenKind.TEXT and (cues(token.text) or not known)
    ]
    return tuple(notes)
