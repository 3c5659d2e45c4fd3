"""Facts that the page's own samples break: they are no facts, but listed as not understood."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.derive.model import Fact, Json, Node, Note
from contracts.derive.page.placeholders import NUMBER, string_format

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def without_contradictions(node: Node, values: Sequence[Json]) -> tuple[Node, tuple[Note, ...]]:
    """Return the node without the facts that one of the values breaks, and a note for each.

    The examples that are printed beside a member are values as well.
    """
    examples = node.value("x-examples")
    known = [*values, *(examples if isinstance(examples, list) else [])]
    written = [value for value in known if not _made_up(value)]
    notes: list[Note] = []
    for fact in node.facts:
        broken = next((value for value in written if _breaks(fact, value)), None)
        if broken is not None:
            node = replace(node, facts=tuple(other for other in node.facts if other is not fact))
            text = f"the page's own sample {broken!r} breaks {fact.keyword} {fact.value!r}"
            notes.append(Note(fact.span.last, text))
    for name, child in node.properties:
        inside = [value[name] for value in known if isinstance(value, dict) and name in value]
        checked, more = without_contradictions(child, inside)
        node = node.with_child(name, checked)
        notes += more
    if node.items is not None:
        inside = [item for value in known if isinstance(value, list) for item in value]
        checked, more = without_contradictions(node.items, inside)
        node = replace(node, items=checked)
        notes += more
    return node, tuple(notes)


def _made_up(value: Json) -> bool:
    """Whether a value is one that a generator writes for any member of its type."""
    return value == NUMBER or (isinstance(value, str) and string_format(value)[0])


def _matches(value: str, pattern: str) -> bool:
    """Whether a value fits a pattern; a pattern of another dialect is not judged."""
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return True


_TEXT_RULES: dict[str, Callable[[str, str], bool]] = {"pattern": _matches}
_LENGTH_RULES: dict[str, Callable[[int, int], bool]] = {
    "minLength": lambda size, limit: size >= limit,
    "maxLength": lambda size, limit: size <= limit,
}
_ARRAY_RULES: dict[str, Callable[[int, int], bool]] = {
    "maxItems": lambda size, limit: size <= limit,
}
_NUMBER_RULES: dict[str, Callable[[float, float], bool]] = {
    "minimum": lambda number, limit: number >= limit,
    "maximum": lambda number, limit: number <= limit,
    "exclusiveMinimum": lambda number, limit: number > limit,
    "exclusiveMaximum": lambda number, limit: number < limit,
}


def _breaks(fact: Fact, value: Json) -> bool:
    """Whether a value breaks a fact.

    Null breaks none here, since it may be left out of a sample.
    """
    limit = fact.value
    if value is None:
        return False
    if fact.keyword == "enum" and isinstance(limit, list):
        return not isinstance(value, dict | list) and value not in limit
    if isinstance(value, str) and isinstance(limit, str):
        rule = _TEXT_RULES.get(fact.keyword)
        return rule is not None and not rule(value, limit)
    if isinstance(limit, bool) or not isinstance(limit, int | float):
        return False
    if isinstance(value, str) and fact.keyword in _LENGTH_RULES:
        return not _LENGTH_RULES[fact.keyword](len(value), int(limit))
    if isinstance(value, list) and fact.keyword in _ARRAY_RULES:
        return not _ARRAY_RULES[fact.keyword](len(value), int(limit))
    if isinstance(value, int | float) and not isinstance(value, bool):
        rule_ = _NUMBER_RULES.get(fact.keyword)
        return rule_ is not None and not rule_(value, limit)
    return False
