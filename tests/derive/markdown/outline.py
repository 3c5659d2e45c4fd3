"""What was derived, short enough to compare with what a page says."""

from __future__ import annotations

from typing import Any

from contracts.derive.model import Derived, Node

_LEFT_OUT = frozenset({"description", "x-examples"})


def outline(node: Node | None) -> Any:
    """Return a node as nested dicts.

    A star behind the names of required members, facts under their keywords.

    A member of which only the type is known is that type.
    """
    if node is None:
        return None
    required = {name for name, _ in node.required}
    facts = {fact.keyword: fact.value for fact in node.facts if fact.keyword not in _LEFT_OUT}
    if node.items is not None:
        facts["items"] = outline(node.items)
    if node.additional is not None:
        facts["values"] = outline(node.additional)
    if node.properties:
        members = {
            f"{name}{'*' * (name in required)}": outline(child) for name, child in node.properties
        }
        kind = facts.pop("type", None)
        return (
            members
            if not facts and kind == "object"
            else {**facts, "type": kind, "members": members}
        )
    return facts["type"] if facts.keys() == {"type"} else facts


def operation(derived: Derived) -> dict[str, Any]:
    """Return the facts of an operation without their lines."""
    return {fact.keyword: fact.value for fact in derived.operation}
