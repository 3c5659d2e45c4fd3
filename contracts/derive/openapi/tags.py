"""Discriminators: the member that says which of several schemas a value has."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.derive.marked import Part
from contracts.derive.model import Fact, Json, Node, Span
from contracts.derive.openapi.keywords import Noter


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
    mapping = discriminator.get("mapping")
    values: list[Json] = []
    for value, place in mapping.members() if mapping is not None else ():
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
