"""What a schema says against itself is no fact: crossing bounds, defaults not allowed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from jsonschema.exceptions import ValidationError

from contracts.derive.contradictions import errors_of
from contracts.derive.language.constraints import SPEAKS_OF, fits
from contracts.derive.model import Fact, Json, Node, Span, is_number, schema
from contracts.derive.openapi.keywords import Noter

#: Formats of numbers forbid nothing, and stand beside numbers.
_NUMBER_FORMATS = frozenset({"int32", "int64", "float", "double", "decimal"})
_PAIRS = (
    ("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"),
    ("minimum", "maximum"), ("exclusiveMinimum", "maximum"), ("minimum", "exclusiveMaximum"),
)  # fmt: skip


def consistent(node: Node, note: Noter) -> Node:
    """Return a node without the facts that its other facts rule out; each of them is noted."""
    node = _speaking(node, note)
    node = _uncrossed(node, note)
    node = _possible_options(node, note)
    default = node.get("default")
    error = next(errors_of(schema(node), default.value), None) if default else None
    if default and error:
        note(default.span, f"the default {default.value!r} is not allowed: {error.message}")
        node = without(node, "default")
    return _checked_by_examples(node, note)


def without(node: Node, *keywords: str) -> Node:
    """Return a node without the facts of some keywords."""
    return replace(node, facts=tuple(fact for fact in node.facts if fact.keyword not in keywords))


def _speaking(node: Node, note: Noter) -> Node:
    """Drop keywords about another type than the node has."""
    types = set(node.types())
    for fact in node.facts:
        about = {"string"} if fact.keyword == "format" else SPEAKS_OF.get(fact.keyword)
        harmless = fact.keyword == "format" and fact.value in _NUMBER_FORMATS
        if types and about and not about & types and not harmless:
            note(fact.span, f"{fact.keyword} says nothing of {' or '.join(sorted(types))}")
            node = without(node, fact.keyword)
    return node


def _uncrossed(node: Node, note: Noter) -> Node:
    for lower, upper in _PAIRS:
        least, most = node.get(lower), node.get(upper)
        if least is None or most is None:
            continue
        if is_number(least.value) and is_number(most.value) and least.value > most.value:  # type: ignore[operator]
            note(least.span, f"{lower} {least.value} and {upper} {most.value} leave no value")
            node = without(node, lower, upper)
    return node


def _possible_options(node: Node, note: Noter) -> Node:
    """Keep the options that have the node's type."""
    enum = node.get("enum")
    if enum is None or not isinstance(enum.value, list):
        return node
    kept = [option for option in enum.value if fits(option, node.types())]
    if len(kept) == len(enum.value):
        return node
    others = ", ".join(repr(option) for option in enum.value if option not in kept)
    note(enum.span, f"the options {others} are not of the type {' or '.join(node.types())}")
    return _with_values(node, enum, kept)


def _with_values(node: Node, fact: Fact, values: list[Json]) -> Node:
    """Return a node with other values in a fact that lists some; without it where none is left."""
    if not values:
        return without(node, fact.keyword)
    return node.with_fact(fact.keyword, values, fact.span)


def _checked_by_examples(node: Node, note: Noter) -> Node:
    """Drop patterns and formats that an example breaks, and examples that break more."""
    examples = node.get("x-examples")
    if examples is None or not isinstance(examples.value, list):
        return node
    kept: list[Json] = []
    for value in examples.value:
        errors = list(errors_of(schema(node), value))
        if not all(map(_blames_the_schema, errors)):
            note(examples.span, "an example that the schema does not allow is not taken")
            continue
        kept.append(value)
        for error in errors:
            keyword, stated = str(error.validator), error.validator_value
            text = f"the example {error.instance!r} breaks the {keyword} {stated!r}: it is no fact"
            broken: Any = error.schema
            note(Span(*broken["x-source"][keyword]), text)
            node = _without_at(node, [*error.absolute_schema_path])
    return node if len(kept) == len(examples.value) else _with_values(node, examples, kept)


def _blames_the_schema(error: ValidationError) -> bool:
    """Whether an example is right and its schema is not: people rarely get a pattern right.

    But "string" is what generators write for any text.
    """
    return error.validator in {"pattern", "format"} and error.instance != "string"


def _without_at(node: Node, path: Sequence[str | int]) -> Node:
    """Return a node without the keyword that stands at a path of its schema."""
    first = str(path[0])
    if first == "properties":
        name = str(path[1])
        return node.with_child(name, _without_at(node.child(name) or Node(), path[2:]))
    if first == "items" and node.items is not None:
        return replace(node, items=_without_at(node.items, path[1:]))
    if first == "additionalProperties" and node.additional is not None:
        return replace(node, additional=_without_at(node.additional, path[1:]))
    return without(node, first)
