"""Schemas of which one holds: one schema where that says the same, else `anyOf`."""

from collections.abc import Sequence
from itertools import combinations

from contracts.derive.marked import Part
from contracts.derive.model import Fact, Json, Node, Span, schema
from contracts.derive.openapi.checks import without
from contracts.derive.openapi.keywords import Noter, same
from contracts.derive.openapi.merge import common_types

_ANNOTATIONS = frozenset(
    {"title", "description", "x-examples", "deprecated", "readOnly", "writeOnly", "default"}
)


def union(branches: Sequence[Node], span: Span, note: Noter, *, exclusive: bool) -> Node:
    """Return a node that allows what some branch allows.

    `exclusive` where only one branch may hold.

    The fact `title` of a branch is what messages call it. Null beside one schema, types alone, and
    options of one type become plain keywords: a string or null is ``{"type": ["string", "null"]}``.
    All else becomes `anyOf`, with a note where more than that was meant.
    """
    others = [branch for branch in branches if not _is_null(branch)]
    null = len(others) < len(branches)
    others = _distinct(others)
    if not others:
        return Node(facts=(Fact("type", "null", span),))
    if any(_is_any(branch) for branch in others):
        if exclusive and len(others) > 1:
            note(span, "oneOf is not read: one of its schemas allows everything")
        return Node()
    plain = others[0] if len(others) == 1 else _types(others, span) or _options(others, span)
    if plain is not None:
        plain = without(plain, "title")
        return with_null(plain, span) if null else plain
    if exclusive and not all(_apart(one, other) for one, other in combinations(others, 2)):
        note(span, "oneOf is read as anyOf: that no two of its schemas hold at once is not checked")
    return _any_of([*others, *([Node(facts=(Fact("type", "null", span),))] if null else [])], span)


def with_null(node: Node, span: Span) -> Node:
    """Return a node that allows null as well."""
    types = node.types()
    options = node.get("anyOf")
    if options is not None and isinstance(options.value, list):
        null: Json = {"type": "null", "x-source": {"type": [span.first, span.last]}}
        if not any(
            isinstance(option, dict) and option.get("type") == "null" for option in options.value
        ):
            node = node.with_fact("anyOf", [*options.value, null], options.span)
    if types and "null" not in types:
        node = node.with_fact("type", [*types, "null"], span)
    enum = node.get("enum")
    if enum is not None and isinstance(enum.value, list) and None not in enum.value:
        node = node.with_fact("enum", [*enum.value, None], enum.span)
    const = node.get("const")
    if const is not None and const.value is not None:
        kept = tuple(fact for fact in node.facts if fact.keyword != "const")
        node = Node((*kept, Fact("enum", [const.value, None], const.span)), *_structure(node))
    return node


def _structure(
    node: Node,
) -> tuple[tuple[tuple[str, Node], ...], tuple[tuple[str, Span], ...], Node | None, Node | None]:
    return node.properties, node.required, node.items, node.additional


def _is_null(node: Node) -> bool:
    const = node.get("const")
    return (
        node.types() == ("null",)
        or node.value("enum") == [None]
        or (const is not None and const.value is None)
    )


def _is_any(node: Node) -> bool:
    return not _assertions(node) and not any(_structure(node))


def _assertions(node: Node) -> set[str]:
    return {fact.keyword for fact in node.facts} - _ANNOTATIONS


def _distinct(branches: list[Node]) -> list[Node]:
    kept: list[Node] = []
    for branch in branches:
        alike = [other for other in kept if _outline(other) == _outline(branch)]
        if not any(_without_lines(branch) == _without_lines(other) for other in alike):
            kept.append(branch)
    return kept


def _outline(node: Node) -> tuple[object, ...]:
    """Return what is compared first, since it costs little."""
    names = tuple(name for name, _ in node.properties)
    return node.types(), _assertions(node), names, len(node.required)


def _without_lines(node: Node) -> Json:
    def stripped(value: Json) -> Json:
        if isinstance(value, dict):
            return {name: stripped(part) for name, part in value.items() if name != "x-source"}
        if isinstance(value, list):
            return [stripped(part) for part in value]
        return [type(value).__name__, value]

    return stripped({**schema(without(node, "title"))})


def _types(branches: list[Node], span: Span) -> Node | None:
    """Return the union of branches that state a type and nothing else."""
    if any(_assertions(branch) != {"type"} or any(_structure(branch)) for branch in branches):
        return None
    return Node(facts=(Fact("type", _united([branch.types() for branch in branches]), span),))


def _united(types: Sequence[tuple[str, ...]]) -> Json:
    words = list(dict.fromkeys(word for group in types for word in group))
    kinds: list[Json] = [word for word in words if word != "integer" or "number" not in words]
    return kinds if len(kinds) > 1 else kinds[0]


def _options(branches: list[Node], span: Span) -> Node | None:
    """Return the union of branches that list options, each with the same types."""
    options: list[Json] = []
    for branch in branches:
        listed = _listed(branch)
        if (
            listed is None
            or not _assertions(branch) <= {"type", "enum", "const"}
            or any(_structure(branch))
        ):
            return None
        options += [
            option for option in listed if not any(same(option, other) for other in options)
        ]
    types = [branch.types() for branch in branches]
    facts = (Fact("type", _united(types), span),) if all(types) else ()
    return Node(facts=(*facts, Fact("enum", options, span)))


def _listed(node: Node) -> list[Json] | None:
    const, enum = node.get("const"), node.value("enum")
    if const is not None:
        return [const.value]
    return enum if isinstance(enum, list) else None


def _any_of(branches: list[Node], span: Span) -> Node:
    """Return a node with `anyOf`, and with the types of all branches where each has one."""
    facts = [Fact("anyOf", [schema(branch) for branch in branches], span)]
    types = [branch.types() for branch in branches]
    if all(types):
        facts.append(Fact("type", _united(types), span))
    return Node(facts=tuple(facts))


def _apart(one: Node, other: Node) -> bool:
    """Whether surely no value fits both: their types, options or required options differ."""
    if one.types() and other.types() and not common_types(one.types(), other.types()):
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
    here, there = _listed(one), _listed(other)
    if here is None or there is None:
        return False
    return not any(same(option, listed) for option in here for listed in there)


def tagged(part: Part, branches: Sequence[tuple[Part, Node]], note: Noter) -> list[Node]:
    """Return the branches of a schema, each with the values that its discriminator has there.

    The value is what `mapping` says, or the name of the schema. A branch that has options of its
    own keeps them.
    """
    nodes = [node for _, node in branches]
    discriminator = part.get("discriminator")
    if discriminator is None:
        return nodes
    name = discriminator.text("propertyName")
    if name is None:
        note(discriminator.span, "the discriminator names no member")
        return nodes
    tags = [_values(discriminator, branch) for branch, _ in branches]
    return [
        _with_values(node, name, values, discriminator.span) if values else node
        for node, values in zip(nodes, tags, strict=True)
    ]


def _values(discriminator: Part, branch: Part) -> list[Json]:
    """Return the values that stand for a branch; none for a branch without a name."""
    reference = branch.text("$ref")
    if reference is None:
        return []
    name = reference.rpartition("/")[2]
    values: list[Json] = []
    for value, place in discriminator.named("mapping"):
        if isinstance(place.value, str) and place.value.rpartition("/")[2] == name:
            values.append(value)
    return values or [name]


def _with_values(node: Node, name: str, values: list[Json], span: Span) -> Node:
    member = node.child(name)
    if member is None:
        return node.with_child(
            name, Node(facts=(Fact("type", "string", span), Fact("enum", values, span)))
        )
    if member.get("const") is not None or "string" not in (member.types() or ("string",)):
        return node
    enum = member.value("enum")
    narrower = [value for value in values if not isinstance(enum, list) or value in enum]
    return node.with_child(name, member.with_fact("enum", narrower, span)) if narrower else node
