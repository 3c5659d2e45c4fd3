"""The node of one member of a sample, once its constraints are known."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts.derive.example import squashed
from contracts.derive.example.pieces import Slot, Token
from contracts.derive.language.constraints import (
    OPTION_LABELS,
    Keywords,
    fits,
    number,
    option_values,
    state,
)
from contracts.derive.language.limits import end_facts
from contracts.derive.language.phrases import stems
from contracts.derive.markdown.restrictions import read_restrictions
from contracts.derive.markdown.statements import state_restriction
from contracts.derive.model import Fact, Json, Node, Notes, Span, is_number, nullable
from contracts.derive.page.placeholders import is_any, is_made_up, is_placeholder, sample_node
from contracts.derive.page.sample import element

# Codes of countries, languages and currencies have one length: their limit is printed for an exact
# length.
_CODES = stems("country currency nationality language")
_CODE_LENGTHS = frozenset({2, 3})


@dataclass(slots=True)
class _Reading:
    """A member while its constraints are read; it is settled once its sample is accounted for."""

    slot: Slot
    node: Node
    examples: list[Json]
    settled: bool = False
    notes: Notes = field(default_factory=Notes)

    def state(self, line: int, *keywords: tuple[str, Json]) -> None:
        """Add keywords that stand on a line."""
        self.node = state(self.node, keywords, Span(line, line))

    def read(self, fact: squashed.Squashed, line: int) -> None:
        """Read one constraint."""
        match fact:
            case squashed.Shown():
                self.settled = True
            case squashed.EnumValues():
                self.options(fact.values, line)
            case squashed.Bounds():
                self.bounds(fact, line)
            case squashed.Regex():
                self.state(line, ("pattern", fact.text))
            case squashed.Pair():
                self.pair(fact, line)
            case squashed.Labelled():
                self.labelled(fact, line)
            case squashed.Bare():
                self.bare(fact, line)

    def options(self, values: Sequence[str], line: int) -> None:
        """Restrict a member to options; a sample that is not the first of them is the default."""
        sample = element(self.slot.sample)
        null = "null" in values and sample.value != "null"
        options = [value for value in values if not (null and value == "null")]
        read = option_values(options, (sample.kind,))
        self.state(line, ("enum", read))
        if sample.kind == "number" and all(isinstance(value, int) for value in read):
            # The page prints the type by its sample: that line is the source of the type.
            self.state(sample.line, ("type", "integer"))
        if null:
            self.node = nullable(self.node, Span(line, line))
        alone = not self.examples and self.slot.sample.kind != "array"
        if alone and sample.value in read[1:] and sample.value != read[0]:
            span = Span(sample.line, sample.line)
            self.node = self.node.with_fact("default", sample.value, span, guessed=True)
        self.settled = True

    def bounds(self, fact: squashed.Bounds, line: int) -> None:
        """Read a range, which what is squashed beside it may have run into."""
        sample = element(self.slot.sample)
        if self.slot.sample.kind == "array":
            head, fact = squashed.headed(fact, sample.value)
            if head:
                self.bare(squashed.Bare(head), line)
        fact, split = squashed.parted(fact, sample.value)
        low, high = squashed.ends(fact)
        ends = (low, squashed.is_above(fact), high, fact.hop == "<")
        self.state(line, *end_facts(("minimum", "maximum"), ends))
        if squashed.whole(fact, sample.value) or 2**31 - 1 in squashed.ends(fact):
            self.state(sample.line, ("type", "integer"))
        self.settled = self.settled or split or squashed.explained(fact, sample.value)

    def pair(self, fact: squashed.Pair, line: int) -> None:
        """Read two numbers: of an array of plain strings, either may have such a length."""
        is_array = self.slot.sample.kind == "array"
        item = element(self.slot.sample)
        if is_array and not fact.elements and item.value == "<string>":
            text = f"a length of {self.slot.name} or of its items: {fact.low} - {fact.high}"
            self.notes.add(line, text)
            return
        low, high = ("minItems", "maxItems") if is_array else ("minLength", "maxLength")
        self.state(line, (low, fact.low), (high, fact.high))

    def labelled(self, fact: squashed.Labelled, line: int) -> None:
        """Read a constraint by its label, as in a listing."""
        if fact.label in OPTION_LABELS:
            values = [part.strip().strip("`\"'") for part in fact.value.split(",")]
            self.options([value for value in values if value], line)
        if fact.label in OPTION_LABELS or fact.label.startswith("Example"):
            self.settled = True
            return
        restrictions, left = read_restrictions(f"{fact.label}: {fact.value}")
        if left.strip() or not restrictions:
            self.notes.add(line, f"not understood: {fact.label}: {fact.value}")
            return
        for item in restrictions:
            span = Span(line, line)
            self.node = state_restriction(self.node, self.slot.name, item, span, self.notes)
        self.settled = self.settled or fact.label == "Required range"

    def bare(self, fact: squashed.Bare, line: int) -> None:
        """Read a bare number by the type of its member; where that does not decide, say so."""
        value = number(fact.text)
        sample = self.slot.sample
        if is_number(sample.value) and sample.value == value:
            self.settled = True
        elif is_number(sample.value) and sample.value == value + 1:
            self.state(line, ("minimum", value))
            self.settled = True
        elif sample.kind == "array":
            self.state(line, ("minItems" if value <= 1 else "maxItems", value))
        elif sample.kind == "string" and not is_any(sample):
            self.state(line, *self.lengths(value))
        else:
            text = f"a bare number that {self.slot.name} may have as a limit of several kinds"
            self.notes.add(line, f"{text}: {fact.text}")

    def lengths(self, value: float) -> Keywords:
        """Return the limits that a bare number is for a text."""
        if value in _CODE_LENGTHS and _CODES & stems(self.slot.name):
            return (("minLength", value), ("maxLength", value))
        lengths = [len(example) for example in self.examples if isinstance(example, str)]
        longer = any(length > value for length in lengths)
        # A text of at most one character is rarely meant; an example that is longer settles it.
        least = longer or (value <= 1 and not any(length <= value for length in lengths))
        return (("minLength" if least else "maxLength", value),)


def resolve(
    slot: Slot, tokens: Sequence[Token], *, described: bool, real: bool
) -> tuple[Node, Notes]:
    """Return the node of a member, and notes; `real` tells that the vendor wrote the sample."""
    shown = [
        (token.fact.value, token.line) for token in tokens if isinstance(token.fact, squashed.Shown)
    ]
    reading = _Reading(slot, sample_node(slot.sample), [value for value, _ in shown])
    for token in tokens:
        if token.fact is not None:
            reading.read(token.fact, token.line)
    node = reading.node
    if written := [(value, line) for value, line in shown if not is_made_up(value)]:
        span = Span(written[0][1], written[-1][1])
        node = node.with_fact("x-examples", [value for value, _ in written], span)
    sample = slot.sample
    accounted = reading.settled or sample.kind in {"object", "array"} or is_placeholder(sample)
    if (described or tokens) and not real and not accounted and fits(sample.value, node.types()):
        span = Span(sample.line, sample.line)
        node = node.with_facts((Fact("default", sample.value, span, guessed=True),))
    return node, reading.notes
