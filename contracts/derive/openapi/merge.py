"""Two schemas that both hold, written as one: parts of an allOf, and what is beside them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contracts.derive.model import Fact, Json, Node, Span
from contracts.derive.openapi.checks import without
from contracts.derive.openapi.keywords import Noter, distinct, same

ANNOTATIONS = frozenset(
    {"default", "description", "deprecated", "readOnly", "writeOnly", "x-examples"}
)
#: keyword -> which of two values is the narrower one
_NARROWER: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"), max),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"), min),
    "additionalProperties": min,  # false
}


def merged(own: Node, other: Node, note: Noter) -> Node:
    """Return a node that allows what both allow; of annotations the own ones are kept.

    What one node cannot say, such as two patterns, is noted, and the own one is kept.
    """
    names = {name for name, _ in own.properties}
    others = {name for name, _ in other.properties}
    own, other = _opened(own, others - names, note), _opened(other, names - others, note)
    node = own
    for fact in other.facts:
        node = _with(node, fact, note)
    for name, child in other.properties:
        node = node.with_child(name, _both(node.child(name), child, note) or child)
    required = {**dict(other.required), **dict(own.required)}
    order = dict.fromkeys(name for name, _ in (*own.required, *other.required))
    return replace(
        node,
        required=tuple((name, required[name]) for name in order),
        items=_both(node.items, other.items, note),
        additional=_both(node.additional, other.additional, note),
    )


def _both(own: Node | None, other: Node | None, note: Noter) -> Node | None:
    """Return what allows what both allow, where one of them may not be stated."""
    if own is None or other is None or own is other:
        return own or other
    return merged(own, other, note)


def _opened(part: Node, foreign: set[str], note: Noter) -> Node:
    """Return a part that neither forbids nor binds the members that other parts name."""
    fact = part.get("additionalProperties")
    closed = fact is not None and fact.value is False
    if not foreign or not (closed or part.additional is not None):
        return part
    text = "additionalProperties of one part is not taken: other parts name further members"
    note(fact.span if fact else _first_span(part), text)
    return replace(without(part, "additionalProperties"), additional=None)


def _first_span(node: Node) -> Span:
    """Return the lines of the first fact in a node, or of the first one below it."""
    if node.facts:
        return node.facts[0].span
    below = [*(child for _, child in node.properties), node.items, node.additional]
    return next((_first_span(child) for child in below if child is not None), Span(1, 1))


def _with(node: Node, fact: Fact, note: Noter) -> Node:
    before = node.get(fact.keyword)
    if before is None:
        return node.with_facts((fact,))
    if fact.keyword in ANNOTATIONS or same(before.value, fact.value):
        return node
    if fact.keyword == "type":
        types = Node(facts=(fact,)).types()
        return _narrowed(node, before, fact, common_types(node.types(), types), note)
    if fact.keyword == "enum" and isinstance(before.value, list) and isinstance(fact.value, list):
        others = fact.value
        both = [
            option for option in before.value if len(distinct([*others, option])) == len(others)
        ]
        return _narrowed(node, before, fact, both, note)
    if fact.keyword in _NARROWER:
        limit = _NARROWER[fact.keyword](before.value, fact.value)
        return node if limit == before.value else node.with_fact(fact.keyword, limit, fact.span)
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


def common_types(one: tuple[str, ...], other: tuple[str, ...]) -> list[Json]:
    """Return the types that both lists allow: integer and number both allow an integer."""
    common: list[Json] = []
    for kind in one:
        if kind in other:
            common.append(kind)
        elif kind in ("integer", "number") and {"integer", "number"} & set(other):
            common.append("integer")
    return common
