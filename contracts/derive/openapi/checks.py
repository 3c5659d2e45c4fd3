"""What a schema says against itself is no fact: crossing bounds, defaults not allowed."""

from __future__ import annotations

from dataclasses import replace

from jsonschema import Draft202012Validator

from contracts.derive.contradictions import breaks
from contracts.derive.language.constraints import SPEAKS_OF
from contracts.derive.model import Json, Node, kind_of, schema
from contracts.derive.openapi.keywords import Noter, is_number

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
    if default is not None and (reason := _refused(node, default.value)):
        note(default.span, f"the default {default.value!r} is not allowed: {reason}")
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
    kept: list[Json] = [option for option in enum.value if _has_type(node.types(), option)]
    if len(kept) == len(enum.value):
        return node
    others = ", ".join(repr(option) for option in enum.value if option not in kept)
    note(enum.span, f"the options {others} are not of the type {' or '.join(node.types())}")
    return node.with_fact("enum", kept, enum.span) if kept else without(node, "enum")


def _has_type(types: tuple[str, ...], value: Json) -> bool:
    if not types:
        return True
    if is_number(value):
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return "number" in types or ("integer" in types and whole)
    return kind_of(value) in types


def _refused(node: Node, value: Json) -> str | None:
    """Return why a value is not allowed by the facts of one node, or None."""
    if not _has_type(node.types(), value):
        return f"it is not of the type {' or '.join(node.types())}"
    for fact in node.facts:
        if breaks(fact, value):
            return f"{fact.keyword} is {fact.value!r}"
    return None


def _checked_by_examples(node: Node, note: Noter) -> Node:
    """Drop patterns and formats that an example breaks, and examples that break more."""
    examples = node.get("x-examples")
    if examples is None or not isinstance(examples.value, list):
        return node
    kept: list[Json] = []
    for value in examples.value:
        fitted = _fitted(node, value, note)
        if fitted is None or not Draft202012Validator(schema(fitted)).is_valid(value):
            note(examples.span, "an example that the schema does not allow is not taken")
        else:
            node = fitted
            kept.append(value)
    if len(kept) == len(examples.value):
        return node
    return (
        node.with_fact("x-examples", kept, examples.span) if kept else without(node, "x-examples")
    )


def _fitted(node: Node, value: Json, note: Noter) -> Node | None:
    """Return a node without patterns and formats that a value breaks; None if it breaks more."""
    if value == "string":  # what generators write for any text
        return node if _refused(node, value) is None else None
    for fact in node.facts:
        if fact.keyword in ("pattern", "format") and breaks(fact, value):
            note(
                fact.span,
                f"the example {value!r} breaks the {fact.keyword} {fact.value!r}: it is no fact",
            )
            node = without(node, fact.keyword)
    if _refused(node, value) is not None:
        return None
    if isinstance(value, dict):
        return _fitted_members(node, value, note)
    items = node.items
    for element in value if isinstance(value, list) else ():
        items = _fitted(items, element, note) if items is not None else Node()
        if items is None:
            return None
    return node if node.items is None else replace(node, items=items)


def _fitted_members(node: Node, value: dict[str, Json], note: Noter) -> Node | None:
    for name, child in node.properties:
        if name not in value:
            continue
        fitted = _fitted(child, value[name], note)
        if fitted is None:
            return None
        if fitted is not child:
            node = node.with_child(name, fitted)
    return node
