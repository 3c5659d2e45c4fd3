"""Two schemas that both hold, written as one: parts of an allOf, and what is beside them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contracts.derive.model import Fact, Json, Node, Span
from contracts.derive.openapi.checks import without
from contracts.derive.openapi.keywords import Noter, same

_ANNOTATIONS = frozenset(
    {"default", "description", "deprecated", "readOnly", "writeOnly", "x-examples"}
)
#: keyword -> which of two values is the narrower one
_NARROWER: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"), max),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"), min),
}


def merged(own: Node, other: Node, note: Noter) -> Node:
    """Return a node that allows what both allow; of annotations the own ones are kept.

    What one node cannot say, such as two patterns, is noted, and the own one is kept.
    """
    own, other = _closed(own, other, note)
    node = own
    for fact in other.facts:
        node = _with(node, fact, note)
    for name, child in other.properties:
        before = node.child(name)
        node = node.with_child(name, child if before is None else merged(before, child, note))
    names = {name for name, _ in node.required}
    required = (*node.required, *(entry for entry in other.required if entry[0] not in names))
    items = node.items or other.items
    if node.items is not None and other.items is not None and node.items is not other.items:
        items = merged(node.items, other.items, note)
    additional = node.additional or other.additional
    if (
        node.additional is not None
        and other.additional is not None
        and node.additional is not other.additional
    ):
        additional = merged(node.additional, other.additional, note)
    return replace(node, required=required, items=items, additional=additional)


def _closed(own: Node, other: Node, note: Noter) -> tuple[Node, Node]:
    """Return both parts without what one says of further members when the other names some."""
    names = {name for name, _ in own.properties}
    others = {name for name, _ in other.properties}
    return _opened(own, others - names, note), _opened(other, names - others, note)


def _opened(part: Node, foreign: set[str], note: Noter) -> Node:
    """Return a part that neither forbids nor binds the members that other parts name."""
    fact = part.get("additionalProperties")
    closed = fact is not None and fact.value is False
    if not foreign or not (closed or part.additional is not None):
        return part
    text = "additionalProperties of one part is not taken: other parts name further members"
    note(fact.span if fact else first_span(part), text)
    return replace(without(part, "additionalProperties"), additional=None)


def first_span(node: Node) -> Span:
    """Return the lines of the first fact in a node, or of the first one below it."""
    if node.facts:
        return node.facts[0].span
    below = [*(child for _, child in node.properties), node.items, node.additional]
    return next((first_span(child) for child in below if child is not None), Span(1, 1))


def _with(node: Node, fact: Fact, note: Noter) -> Node:
    before = node.get(fact.keyword)
    if before is None:
        return node.with_fact(fact.keyword, fact.value, fact.span)
    if fact.keyword in _ANNOTATIONS or same(before.value, fact.value):
        return node
    if fact.keyword == "type":
        return _narrowed(node, before, fact, common_types(node.types(), _words(fact.value)), note)
    if fact.keyword == "enum" and isinstance(before.value, list) and isinstance(fact.value, list):
        both: list[Json] = [
            option for option in before.value if any(same(option, other) for other in fact.value)
        ]
        return _narrowed(node, before, fact, both, note)
    if fact.keyword in _NARROWER:
        limit = _NARROWER[fact.keyword](before.value, fact.value)
        return node if limit == before.value else node.with_fact(fact.keyword, limit, fact.span)
    if fact.keyword == "additionalProperties":
        return (
            node if before.value is False else node.with_fact(fact.keyword, fact.value, fact.span)
        )
    note(fact.span, f"of two {fact.keyword} that both hold only one is checked")
    return node


def _narrowed(node: Node, before: Fact, fact: Fact, common: list[Json], note: Noter) -> Node:
    if not common:
        text = f"no {fact.keyword} is allowed by all parts of this schema; none is checked"
        note(fact.span, text)
        return without(node, fact.keyword)
    span = before.span if same(common, before.value) else fact.span
    if fact.keyword == "type" and len(common) == 1:
        return node.with_fact("type", common[0], span)
    return node.with_fact(fact.keyword, common, span)


def _words(value: Json) -> tuple[str, ...]:
    words = value if isinstance(value, list) else [value]
    return tuple(str(word) for word in words if word is not None)


def common_types(one: tuple[str, ...], other: tuple[str, ...]) -> list[Json]:
    """Return the types that both lists allow: integer and number both allow an integer."""
    common: list[Json] = []
    for kind in one:
        if kind in other:
            common.append(kind)
        elif kind in ("integer", "number") and {"integer", "number"} & set(other):
            common.append("integer")
    return common
