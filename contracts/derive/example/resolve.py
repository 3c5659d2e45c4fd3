"""The node of one member of a sample, once its constraints are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.derive.example.pieces import Slot, Token
from contracts.derive.example.squashed import (
    Bare,
    Bounds,
    EnumValues,
    Labelled,
    Pair,
    Regex,
    Shown,
    ends,
    explained,
    headed,
    parted,
    whole,
)
from contracts.derive.language.constraints import (
    OPTION_LABELS,
    Keywords,
    fits,
    number,
    option_values,
    state,
)
from contracts.derive.language.constraints import bounds as bound_facts
from contracts.derive.language.phrases import stems
from contracts.derive.markdown.restrictions import read_restrictions
from contracts.derive.markdown.statements import state_restriction
from contracts.derive.model import Fact, Json, Node, Note, Span, is_number, nullable
from contracts.derive.page.placeholders import is_any, is_made_up, is_placeholder, sample_node
from contracts.derive.page.sample import element

# Codes of countries, languages and currencies have one length: their limit is printed for an exact
# length.
_CODES = stems("country currency nationality language")
_CODE_LENGTHS = frozenset({2, 3})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A node, whether its sample is accounted for, and what was not understood."""

    node: Node
    settled: bool = False
    notes: tuple[Note, ...] = ()

    def state(self, keywords: Keywords, line: int) -> Resolved:
        """Return this with keywords stated on a line."""
        return replace(self, node=state(self.node, keywords, Span(line, line)))

    def note(self, line: int, text: str) -> Resolved:
        """Say that something was not understood."""
        return replace(self, notes=(*self.notes, Note(line, text)))


def resolve(slot: Slot, facts: Sequence[Token], *, described: bool, real: bool) -> Resolved:
    """Return the node of a member from its sample and its constraints.

    `real` tells that the vendor wrote the sample, so that its values are nobody's default; and only
    where the page describes the member can its value be the default that a generator shows.
    """
    resolved = Resolved(sample_node(slot.sample))
    examples = [token.fact.value for token in facts if isinstance(token.fact, Shown)]
    for token in facts:
        resolved = _apply(resolved, slot, token, examples)
    written = [
        token
        for token in facts
        if isinstance(token.fact, Shown) and not is_made_up(token.fact.value)
    ]
    if written:
        span = Span(written[0].line, written[-1].line)
        shown: list[Json] = [token.fact.value for token in written if isinstance(token.fact, Shown)]
        resolved = replace(resolved, node=resolved.node.with_fact("x-examples", shown, span))
    return _default(resolved, slot) if (described or facts) and not real else resolved


def _apply(resolved: Resolved, slot: Slot, token: Token, examples: Sequence[Json]) -> Resolved:
    fact, line = token.fact, token.line
    if isinstance(fact, Shown):
        return replace(resolved, settled=True)
    if isinstance(fact, EnumValues):
        return _options(resolved, slot, fact.values, line, shown=bool(examples))
    if isinstance(fact, Bounds):
        return _bounds(resolved, slot, fact, line)
    if isinstance(fact, Regex):
        return resolved.state((("pattern", fact.text),), line)
    if isinstance(fact, Pair):
        array = slot.sample.kind == "array" and (fact.elements or not _strings(slot))
        if slot.sample.kind == "array" and not array:
            return resolved.note(
                line, f"a length of {slot.name} or of its items: {fact.low} - {fact.high}"
            )
        low, high = ("minItems", "maxItems") if array else ("minLength", "maxLength")
        return resolved.state(((low, fact.low), (high, fact.high)), line)
    if isinstance(fact, Labelled):
        return _labelled(resolved, slot, fact, line, shown=bool(examples))
    return _bare(resolved, slot, fact, line, examples) if isinstance(fact, Bare) else resolved


def _strings(slot: Slot) -> bool:
    """Whether an array is one of plain strings, whose own length may be limited as well."""
    return element(slot.sample).kind == "string" and element(slot.sample).value == "<string>"


def _options(
    resolved: Resolved, slot: Slot, values: Sequence[str], line: int, *, shown: bool
) -> Resolved:
    """Restrict a member to options; a sample that is not the first of them shows the default."""
    sample = element(slot.sample)
    null = "null" in values and sample.value != "null"
    span = Span(line, line)
    options = [value for value in values if not (null and value == "null")]
    read = option_values(options, (sample.kind,))
    resolved = resolved.state((("enum", read),), line)
    if sample.kind == "number" and all(isinstance(value, int) for value in read):
        # The page prints the type by its sample: that line is the source of the type.
        resolved = resolved.state((("type", "integer"),), sample.line)
    if null:
        resolved = replace(resolved, node=nullable(resolved.node, span))
    if (
        read
        and sample.value != read[0]
        and sample.value in read
        and not shown
        and slot.sample.kind != "array"
    ):
        span = Span(sample.line, sample.line)
        node = resolved.node.with_fact("default", sample.value, span, guessed=True)
        resolved = replace(resolved, node=node)
    return replace(resolved, settled=True)


def _bounds(resolved: Resolved, slot: Slot, fact: Bounds, line: int) -> Resolved:
    sample = element(slot.sample)
    if slot.sample.kind == "array":
        head, fact = headed(fact, sample.value)
        resolved = _bare(resolved, slot, Bare(head), line, ()) if head else resolved
    fact, split = parted(fact, sample.value)
    resolved = resolved.state(bound_facts(fact.low, fact.lop, fact.hop, fact.high), line)
    if whole(fact, sample.value) or 2**31 - 1 in ends(fact):
        resolved = resolved.state((("type", "integer"),), sample.line)
    return replace(resolved, settled=resolved.settled or split or explained(fact, sample.value))


def _labelled(
    resolved: Resolved, slot: Slot, fact: Labelled, line: int, *, shown: bool
) -> Resolved:
    if fact.label in OPTION_LABELS:
        values = [part.strip().strip("`\"'") for part in fact.value.split(",")]
        return _options(resolved, slot, [value for value in values if value], line, shown=shown)
    if fact.label.startswith("Example"):
        return replace(resolved, settled=True)
    restrictions, left = read_restrictions(f"{fact.label}: {fact.value}")
    notes: tuple[Note, ...] = ()
    if left.strip() or not restrictions:
        notes = (Note(line, f"not understood: {fact.label}: {fact.value}"),)
    node = resolved.node
    for item in () if notes else restrictions:
        node, note = state_restriction(node, slot.name, item, Span(line, line))
        notes += (note,) if note else ()
    settled = resolved.settled or (fact.label == "Required range" and not notes)
    return Resolved(node, settled, (*resolved.notes, *notes))


def _bare(
    resolved: Resolved, slot: Slot, fact: Bare, line: int, examples: Sequence[Json]
) -> Resolved:
    """Read a bare number by the type of its member; where that does not decide, say so."""
    value = number(fact.text)
    sample = slot.sample
    if is_number(sample.value):
        if sample.value == value:
            return replace(resolved, settled=True)
        if sample.value == value + 1:
            return replace(resolved.state((("minimum", value),), line), settled=True)
    elif sample.kind == "array":
        return resolved.state((("minItems" if value <= 1 else "maxItems", value),), line)
    elif sample.kind == "string" and not is_any(sample):
        if value in _CODE_LENGTHS and _CODES & stems(slot.name):
            return resolved.state((("minLength", value), ("maxLength", value)), line)
        lengths = [len(example) for example in examples if isinstance(example, str)]
        longer = any(length > value for length in lengths)
        # A text of at most one character is rarely meant; an example that is longer settles it.
        least = longer or (value <= 1 and not any(length <= value for length in lengths))
        return resolved.state((("minLength" if least else "maxLength", value),), line)
    return resolved.note(
        line, f"a bare number that {slot.name} may have as a limit of several kinds: {fact.text}"
    )


def _default(resolved: Resolved, slot: Slot) -> Resolved:
    """Take a value that nothing else accounts for as the default that the generator shows."""
    sample = slot.sample
    if resolved.settled or sample.kind in {"object", "array"} or is_placeholder(sample):
        return resolved
    types = resolved.node.types()
    if not fits(sample.value, types):
        return resolved
    default = Fact("default", sample.value, Span(sample.line, sample.line), guessed=True)
    return replace(resolved, node=resolved.node.with_facts((default,)))
