"""From a constraint as a page prints it to keywords of a schema: one builder for all renderings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contracts.derive.language.constraints import (
    fits,
    number,
    range_facts,
    read_value,
    size_facts,
)
from contracts.derive.model import Json, Node, Note, Span
from contracts.derive.samples import LOOKS

Keywords = tuple[tuple[str, Json], ...]

OPTION_LABELS = frozenset({"Available options", "Allowed values"})
#: keyword -> the types of which it says something
SPEAKS_OF: dict[str, set[str]] = {
    "pattern": {"string"}, "minLength": {"string"}, "maxLength": {"string"},
    "minimum": {"number", "integer"}, "maximum": {"number", "integer"},
    "multipleOf": {"number", "integer"},
    "exclusiveMinimum": {"number", "integer"}, "exclusiveMaximum": {"number", "integer"},
    "minItems": {"array"}, "maxItems": {"array"}, "uniqueItems": {"array"},
    "minProperties": {"object"}, "maxProperties": {"object"},
}  # fmt: skip
#: Keywords that say something about a scalar: on an array they are about its items.
SCALAR_KEYWORDS = frozenset([
    "type", "enum", "format", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "pattern", "multipleOf",
])  # fmt: skip


def is_example(label: str) -> bool:
    """Whether a label announces sample values, which constrain nothing."""
    return label.startswith("Example")


def keywords_of(label: str, value: str, *, array: bool) -> Keywords | None:
    """Return the keywords that a label states with its value.

    Or None when the value is not understood.

    Example: "Required range" and "0 <= x <= 100" give minimum 0 and maximum 100.
    """
    if label == "Pattern":
        return (("pattern", value),)
    if label == "Format":
        return (("format", value.strip("\"'`")),)
    if label == "Multiple of":
        return (("multipleOf", number(value)),)
    if label == "Required range":
        return range_facts(value)
    return size_facts(label, value, array=array)


def state(node: Node, keywords: Keywords, span: Span) -> Node:
    """Return the node with these keywords; those about a scalar are about an array's items."""
    for keyword, value in keywords:
        if keyword in SCALAR_KEYWORDS and node.items is not None and "array" in node.types():
            node = replace(node, items=state(node.items, ((keyword, value),), span))
        else:
            node = node.with_fact(keyword, value, span)
    return node


def option_values(options: Sequence[str], types: tuple[str, ...]) -> list[Json]:
    """Return printed options as values of the types; what is of no such type stays a text."""
    values: list[Json] = []
    for option in options:
        value = None if option == "null" and "null" in types else read_value(option, types)
        values.append(value if fits(value, types) else option)
    return values


def state_options(node: Node, options: Sequence[str], span: Span) -> Node:
    """Return the node, or the items of an array, restricted to the options that the page prints."""
    if "array" in node.types() and node.items is not None:
        return replace(node, items=state_options(node.items, options, span))
    values = option_values(options, node.types())
    if "null" in node.types() and None not in values:
        values.append(None)
    return node.with_fact("enum", values, span)


def state_default(node: Node, text: str, line: int) -> tuple[Node, Note | None]:
    """Return the node with its default; a value of another type is noted instead."""
    types = node.types()
    value = read_value(text, types)
    if not fits(value, types) or (value is None and types and "null" not in types):
        return node, Note(line, f"this default is not of the member's type: {text}")
    looks = LOOKS.get(str(node.value("format")))
    if looks and isinstance(value, str) and not looks.fullmatch(value):
        return node, Note(line, f"this default is not of the member's format: {text}")
    return node.with_fact("default", value, Span(line, line)), None
