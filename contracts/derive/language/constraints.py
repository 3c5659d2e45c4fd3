"""Constraints of a member, labelled or squashed in front of the next description."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from jsonschema import Draft202012Validator

from contracts.derive.model import Json, Node, Noter, Notes, Span, is_number

#: format -> what a text of it looks like; a text that is none of these may be anything
LOOKS = {
    "uuid": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "email": re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
    "uri": re.compile(r"https?://\S+"),
}
NUMBER = r"(?>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
_LABEL = re.compile(
    r"(?P<label>Available options|Allowed values|Required string length|Maximum string length"
    r"|Minimum string length|Required array length|Maximum array length|Minimum array length"
    r"|Required range|Maximum length|Minimum length|Pattern|Format|Examples?|Multiple of|Default"
    r"|Required properties|Maximum properties|Minimum properties)\s*:\s*(?P<rest>.*)"
)
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
#: Bounds of which the first may not be above the second.
_PAIRS = (
    ("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"),
    ("minimum", "maximum"), ("exclusiveMinimum", "maximum"), ("minimum", "exclusiveMaximum"),
)  # fmt: skip


def read_label(line: str) -> tuple[str, str] | None:
    """Return the constraint label with which a line begins, and what stands behind it."""
    match = _LABEL.fullmatch(line.strip())
    return (match["label"], match["rest"].strip()) if match else None


def number(text: str) -> int | float:
    """Read a number, whole ones as int."""
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    value = float(text)
    return int(value) if value.is_integer() else value


def read_value(text: str, types: tuple[str, ...]) -> Json:
    """Read a value as the page prints it (with or without quotes) as a value of one of the types."""  # noqa: E501
    text = text.strip()
    try:
        value: Json = json.loads(text)
    except ValueError:
        return text.strip("\"'`")
    if "string" in types and not isinstance(value, str) and not fits(value, types):
        return text
    return value


def fits(value: Json, types: tuple[str, ...]) -> bool:
    """Whether a value is of one of the types; every value is when no type is known."""
    is_type = Draft202012Validator.TYPE_CHECKER.is_type
    return not types or any(is_type(value, kind) for kind in types)


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


def state_default(node: Node, text: str, line: int, notes: Notes) -> Node:
    """Return the node with its default; one that the member could not have is noted instead."""
    types = node.types()
    options = node.value("enum")
    value = read_value(text, types)
    looks = LOOKS.get(str(node.value("format")))
    problem = ""
    if not fits(value, types) or (text == "null" and types and "null" not in types):
        problem = "is not of the member's type"
    elif looks and isinstance(value, str) and not looks.fullmatch(value):
        problem = "is not of the member's format"
    elif isinstance(options, list) and value not in options:
        problem = "is none of the member's options"
    if problem:
        notes.add(line, f"this default {problem}: {text}")
        return node
    return node.with_fact("default", value, Span(line, line))


def without_crossed(node: Node, note: Noter) -> Node:
    """Return a node without the bounds that leave no value between them; each pair is noted."""
    for lower, upper in _PAIRS:
        least = node.get(lower)
        most = node.get(upper)
        if least is None or most is None:
            continue
        if is_number(least.value) and is_number(most.value) and least.value > most.value:  # type: ignore[operator]
            note(least.span, f"{lower} {least.value} and {upper} {most.value} leave no value")
            node = node.without(lower, upper)
    return node
