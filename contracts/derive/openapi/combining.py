"""Schemas of which all hold, written as one; of which one holds, as one or as `anyOf`."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from contracts.derive.marked import Part
from contracts.derive.model import Fact, Json, Node, Noter, Span, nullable, schema
from contracts.derive.openapi.keywords import distinct, same

_ANNOTATIONS = frozenset(
    {"default", "description", "deprecated", "readOnly", "writeOnly", "x-examples"}
)
#: keyword -> which of two values is the narrower one
_NARROWER: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"), max),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"), min),
    "additionalProperties": min,  # false
}


def merged(own: Node, other: Node, note: Noter) -> Node:
    """Return a node that allows what both allow; what it cannot say of both is noted."""
    names = {name for name, _ in own.properties}
    others = {name for name, _ in other.properties}
    own = _opened(own, others - names, note)
    other = _opened(other, names - others, note)
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
    note(next((each.span for each in (fact, *part.facts) if each), Span(1, 1)), text)
    return replace(part.without("additionalProperties"), additional=None)


def _with(node: Node, fact: Fact, note: Noter) -> Node:
    before = node.get(fact.keyword)
    if before is None or (before.guessed and not fact.guessed):
        return node.with_fact(fact.keyword, fact.value, fact.span, guessed=fact.guessed)
    if fact.keyword in _ANNOTATIONS or same(before.value, fact.value) or fact.guessed:
        return node
    if fact.keyword == "type":
        types = Node(facts=(fact,)).types()
        return _narrowed(node, before, fact, _common_types(node.types(), types), note)
    if fact.keyword == "enum" and isinstance(before.value, list) and isinstance(fact.value, list):
        others = fact.value
        both = [
            option for option in before.value if len(distinct([*others, option])) == len(others)
        ]
        return _narrowed(node, before, fact, both, note)
    if fact.keyword in _NARROWER:
        limit = _NARROWER[fact.keyword](before.value, fact.value)
        if limit == before.value:
            return node
        return node.with_fact(fact.keyword, limit, fact.span)
    note(fact.span, f"of two {fact.keyword} that both hold only one is checked")
    return node


def _narrowed(node: Node, before: Fact, fact: Fact, common: list[Json], note: Noter) -> Node:
    if not common:
        text = f"no {fact.keyword} is allowed by all parts of this schema; none is checked"
        note(fact.span, text)
        return node.without(fact.keyword)
    span = before.span if same(common, before.value) else fact.span
    if fact.keyword == "type" and len(common) == 1:
        return node.with_fact("type", common[0], span)
    return node.with_fact(fact.keyword, common, span)


def _common_types(one: tuple[str, ...], other: tuple[str, ...]) -> list[Json]:
    """Return the types that both lists allow: integer and number both allow an integer."""
    common: list[Json] = []
    for kind in one:
        if kind in other:
            common.append(kind)
        elif kind in ("integer", "number") and {"integer", "number"} & set(other):
            common.append("integer")
    return common


def union(branches: Sequence[Node], span: Span, note: Noter, *, exclusive: bool) -> Node:
    """Return a node that allows what some branch allows.

    `exclusive` where only one branch may hold. The fact `title` of a branch is what messages call
    it. Null beside one schema, types alone, and options of one type become plain keywords: a string
    or null is ``{"type": ["string", "null"]}``. All else becomes `anyOf`, with a note where more
    than that was meant.
    """
    others = _distinct([branch for branch in branches if not _is_null(branch)])
    null = any(map(_is_null, branches))
    if not others:
        return Node(facts=(Fact("type", "null", span),))
    if any(not _assertions(branch) and _is_flat(branch) for branch in others):
        if exclusive and len(others) > 1:
            note(span, "oneOf is not read: one of its schemas allows everything")
        return Node()
    plain = others[0] if len(others) == 1 else _plain(others, span)
    if plain is not None:
        plain = plain.without("title")
        return nullable(plain, span) if null else plain
    if exclusive and not all(_apart(one, other) for one, other in combinations(others, 2)):
        note(span, "oneOf is read as anyOf: that no two of its schemas hold at once is not checked")
    return _any_of([*others, *([Node(facts=(Fact("type", "null", span),))] if null else [])], span)


def _is_null(node: Node) -> bool:
    return node.types() == ("null",) or _listed(node) == [None]


def _is_flat(node: Node) -> bool:
    """Whether nothing is said of what is inside of a value."""
    return replace(node, facts=()) == Node()


def _assertions(node: Node) -> set[str]:
    return {fact.keyword for fact in node.facts} - _ANNOTATIONS - {"title"}


def _distinct(branches: list[Node]) -> list[Node]:
    """Return the branches that differ in more than their names and lines."""
    kept: dict[str, Node] = {}
    for branch in branches:
        kept.setdefault(json.dumps(_without_lines(schema(branch.without("title")))), branch)
    return list(kept.values())


def _without_lines(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _without_lines(part) for name, part in value.items() if name != "x-source"}
    return [_without_lines(part) for part in value] if isinstance(value, list) else value


def _plain(branches: list[Node], span: Span) -> Node | None:
    """Return the union of branches that state types alone, or that all list options."""
    options = [_listed(branch) for branch in branches]
    stated = set().union(*map(_assertions, branches))
    if not all(map(_is_flat, branches)) or not stated <= {"type", "enum", "const"}:
        return None
    node = Node(facts=_types_of(branches, span))
    if not any(options):
        return node
    listed = distinct(option for some in options for option in some or ())
    return node.with_fact("enum", listed, span) if all(options) else None


def _types_of(branches: Sequence[Node], span: Span) -> tuple[Fact, ...]:
    """Return the types of all branches, where each has one."""
    types = [branch.types() for branch in branches]
    words = list(dict.fromkeys(word for group in types for word in group))
    kinds: list[Json] = [word for word in words if word != "integer" or "number" not in words]
    if not all(types):
        return ()
    is_guessed = any(fact.guessed for branch in branches if (fact := branch.get("type")))
    return (Fact("type", kinds if len(kinds) > 1 else kinds[0], span, guessed=is_guessed),)


def _listed(node: Node) -> list[Json] | None:
    const = node.get("const")
    enum = node.value("enum")
    if const is not None:
        return [const.value]
    return enum if isinstance(enum, list) else None


def _any_of(branches: list[Node], span: Span) -> Node:
    """Return a node with `anyOf`, and with the types of all branches where each has one."""
    facts = (Fact("anyOf", [schema(branch) for branch in branches], span),)
    return Node(facts=(*facts, *_types_of(branches, span)))


def _apart(one: Node, other: Node) -> bool:
    """Whether surely no value fits both: their types, options or required options differ."""
    if one.types() and other.types() and not _common_types(one.types(), other.types()):
        return True
    if _other_options(one, other):
        return True
    if not {*one.types(), *other.types()} <= {"object"}:
        return False
    both = {name for name, _ in one.required} & {name for name, _ in other.required}
    return any(
        _other_options(one.child(name) or Node(), other.child(name) or Node()) for name in both
    )


def _other_options(one: Node, other: Node) -> bool:
    here = _listed(one)
    there = _listed(other)
    if here is None or there is None:
        return False
    return len(distinct([*here, *there])) == len(distinct(here)) + len(distinct(there))


def tagged(part: Part, branches: Sequence[tuple[Part, Node]], note: Noter) -> list[Node]:
    """Return the branches of a schema with the values that its discriminator has there."""
    discriminator = part.get("discriminator")
    name = discriminator.text("propertyName")
    if discriminator and name is None:
        note(discriminator.span, "the discriminator names no member")
    if name is None:
        return [node for _, node in branches]
    return [
        _with_values(node, name, _values(discriminator, branch), discriminator.span)
        for branch, node in branches
    ]


def _values(discriminator: Part, branch: Part) -> list[Json]:
    """Return the values that stand for a branch; none for a branch without a name."""
    name = (branch.text("$ref") or "").rpartition("/")[2]
    values: list[Json] = [
        value
        for value, place in discriminator.get("mapping").members()
        if str(place.value).rpartition("/")[2] == name
    ]
    return values or ([name] if name else [])


def _with_values(node: Node, name: str, values: list[Json], span: Span) -> Node:
    """Return a branch whose member has one of some values; one that has others keeps those.

    A branch that does not have the member says nothing of it, whatever the discriminator names.
    """
    member = node.child(name)
    if member is None or not values or member.get("const"):
        return node
    if "string" not in (member.types() or ("string",)):
        return node
    enum = member.value("enum")
    narrower = [value for value in values if not isinstance(enum, list) or value in enum]
    if narrower:
        return node.with_child(name, member.with_fact("enum", narrower, span))
    return node
