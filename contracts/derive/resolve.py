"""The node of one member of a sample, once its constraints are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contracts.derive.constraints import bounds as bound_facts
from contracts.derive.constraints import fits, number, range_facts, read_value, size_facts
from contracts.derive.evidence import unexplained
from contracts.derive.expected import ends, explained, headed, is_number, parted, whole
from contracts.derive.model import Fact, Json, Node, Note, Span, nullable
from contracts.derive.placeholders import is_any, is_placeholder, sample_node, string_format
from contracts.derive.slots import Slot, element
from contracts.derive.squashed import Bare, Bounds, Labelled, Options, Pair, Regex, Shown
from contracts.derive.words import stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.derive.stream import Token

# Codes of countries, languages and currencies have one length: their limit is printed for an exact length.
_CODES = stems("country currency nationality language")
_CODE_LENGTHS = frozenset({2, 3})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A node, whether its sample is accounted for, and what was not understood."""

    node: Node
    settled: bool = False
    notes: tuple[Note, ...] = ()

    def plus(self, keyword: str, value: Json, line: int) -> Resolved:
        """State a keyword."""
        return replace(self, node=self.node.with_fact(keyword, value, Span(line, line)))

    def note(self, line: int, text: str) -> Resolved:
        """Say that something was not understood."""
        return replace(self, notes=(*self.notes, Note(line, text)))


def resolve(slot: Slot, facts: Sequence[Token], *, real: bool) -> Resolved:
    """Make the node of a member from its sample and its constraints.

    `real` tells that the vendor wrote the sample, so that its values are nobody's default.
    """
    done = Resolved(sample_node(slot.sample))
    examples = [token.fact.value for token in facts if isinstance(token.fact, Shown)]
    for token in facts:
        done = _apply(done, slot, token, examples)
    written = [token for token in facts if isinstance(token.fact, Shown) and not _is_made_up(token.fact.value)]
    if written:
        span = Span(written[0].line, written[-1].line)
        shown: list[Json] = [token.fact.value for token in written if isinstance(token.fact, Shown)]
        done = replace(done, node=done.node.with_fact("x-examples", shown, span))
    return done if real else _default(done, slot)


def _is_made_up(value: Json) -> bool:
    return isinstance(value, str) and string_format(value)[0]


def _apply(done: Resolved, slot: Slot, token: Token, examples: Sequence[Json]) -> Resolved:
    fact, line = token.fact, token.line
    if isinstance(fact, Shown):
        return replace(done, settled=True)
    if isinstance(fact, Options):
        return _options(done, slot, fact.values, line, shown=bool(examples))
    if isinstance(fact, Bounds):
        return _bounds(done, slot, fact, line)
    if isinstance(fact, Regex):
        return _on_items(done, slot, (("pattern", fact.text),), line)
    if isinstance(fact, Pair):
        array = slot.sample.kind == "array" and (fact.elements or not _strings(slot))
        if slot.sample.kind == "array" and not array:
            return done.note(line, f"a length of {slot.name} or of its items: {fact.low} - {fact.high}")
        low, high = ("minItems", "maxItems") if array else ("minLength", "maxLength")
        return done.plus(low, fact.low, line).plus(high, fact.high, line)
    if isinstance(fact, Labelled):
        return _labelled(done, slot, fact, line, shown=bool(examples))
    return _bare(done, slot, fact, line, examples) if isinstance(fact, Bare) else done


def _strings(slot: Slot) -> bool:
    """Tell whether an array is one of plain strings, whose own length may be limited as well."""
    return element(slot.sample).kind == "string" and element(slot.sample).value == "<string>"


def _on_items(done: Resolved, slot: Slot, facts: Sequence[tuple[str, Json]], line: int) -> Resolved:
    """State keywords on a member, or on its items where it is an array."""
    node = done.node
    if slot.sample.kind == "array" and node.items is not None:
        span = Span(line, line)
        return replace(done, node=replace(node, items=_placed(node.items, facts, span)))
    for keyword, value in facts:
        done = done.plus(keyword, value, line)
    return done


def _placed(node: Node, facts: Sequence[tuple[str, Json]], span: Span) -> Node:
    if "array" in node.types() and node.items is not None:
        return replace(node, items=_placed(node.items, facts, span))
    for keyword, value in facts:
        node = node.with_fact(keyword, value, span)
    return node


def _options(done: Resolved, slot: Slot, values: Sequence[str], line: int, *, shown: bool) -> Resolved:
    sample = element(slot.sample)
    null = "null" in values and sample.value != "null"
    kinds = (sample.kind,)
    read = [read_value(value, kinds) for value in values if not (null and value == "null")]
    whole_numbers = sample.kind == "number" and all(isinstance(value, int) for value in read)
    facts: list[tuple[str, Json]] = [("enum", read)]
    if whole_numbers:
        facts.insert(0, ("type", "integer"))
    done = _on_items(done, slot, facts, line)
    if whole_numbers:
        # The page prints the type by its sample: that line stays the source of the type.
        done = _on_items(done, slot, [("type", "integer")], sample.line)
    if null:
        done = replace(done, node=nullable(done.node, Span(line, line)))
    if read and sample.value != read[0] and sample.value in read and not shown and slot.sample.kind != "array":
        done = done.plus("default", sample.value, sample.line)
    return replace(done, settled=True)


def _bounds(done: Resolved, slot: Slot, fact: Bounds, line: int) -> Resolved:
    sample = element(slot.sample)
    if slot.sample.kind == "array":
        head, fact = headed(fact, sample.value)
        done = _bare(done, slot, Bare(head), line, ()) if head else done
    fact, split = parted(fact, sample.value)
    done = _on_items(done, slot, bound_facts(fact.low, fact.lop, fact.hop, fact.high), line)
    if whole(fact, sample.value) or 2**31 - 1 in ends(fact):
        done = _on_items(done, slot, [("type", "integer")], sample.line)
    return replace(done, settled=done.settled or split or explained(fact, sample.value))


def _labelled(done: Resolved, slot: Slot, fact: Labelled, line: int, *, shown: bool) -> Resolved:
    if fact.label in {"Available options", "Allowed values"}:
        values = [part.strip().strip("`\"'") for part in fact.value.split(",")]
        return _options(done, slot, [value for value in values if value], line, shown=shown)
    if fact.label.startswith("Example"):
        return replace(done, settled=True)
    if fact.label == "Pattern":
        return _on_items(done, slot, [("pattern", fact.value)], line)
    if fact.label == "Required range":
        facts = range_facts(fact.value)
        if facts is None:
            return done.note(line, f"not understood: {fact.label}: {fact.value}")
        return replace(_on_items(done, slot, facts, line), settled=True)
    sizes = size_facts(fact.label, fact.value, array=slot.sample.kind == "array")
    if sizes is None:
        return done.note(line, f"not understood: {fact.label}: {fact.value}")
    for keyword, value in sizes:
        done = done.plus(keyword, value, line)
    return done


def _bare(done: Resolved, slot: Slot, fact: Bare, line: int, examples: Sequence[Json]) -> Resolved:
    """Read a bare number by the type of its member; where that does not decide, say so."""
    value = number(fact.text)
    sample = slot.sample
    if is_number(sample.value):
        if sample.value == value:
            return replace(done, settled=True)
        if sample.value == value + 1:
            return replace(done.plus("minimum", value, line), settled=True)
    elif sample.kind == "array":
        return done.plus("minItems" if value <= 1 else "maxItems", value, line)
    elif sample.kind == "string" and not is_any(sample):
        if value in _CODE_LENGTHS and _CODES & stems(slot.name):
            return done.plus("minLength", value, line).plus("maxLength", value, line)
        lengths = [len(example) for example in examples if isinstance(example, str)]
        longer = any(length > value for length in lengths)
        # A text of at most one character is rarely meant; an example that is longer settles it.
        least = longer or (value <= 1 and not any(length <= value for length in lengths))
        return done.plus("minLength" if least else "maxLength", value, line)
    return done.note(line, f"a bare number that {slot.name} may have as a limit of several kinds: {fact.text}")


def _default(done: Resolved, slot: Slot) -> Resolved:
    """Take a value that nothing else accounts for as the default that the generator shows."""
    sample = slot.sample
    if done.settled or not unexplained(slot) or is_placeholder(sample):
        return done
    types = done.node.types()
    if not fits(sample.value, types):
        return done
    return replace(done, node=done.node.with_facts((Fact("default", sample.value, Span(sample.line, sample.line)),)))
