"""Facts that the page's own samples break: they are no facts, but listed as not understood."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from contracts.derive.model import Fact, Json, Node, Note, Notes
from contracts.derive.page.placeholders import is_made_up


def without_contradictions(node: Node, values: Sequence[Json]) -> tuple[Node, tuple[Note, ...]]:
    """Return the node without the facts that one of the values breaks, and a note for each.

    The examples that are printed beside a member are values as well.
    """
    examples = node.value("x-examples")
    known = [*values, *(examples if isinstance(examples, list) else [])]
    written = [value for value in known if not is_made_up(value)]
    notes = Notes()
    for fact in node.facts:
        broken = next((value for value in written if _breaks(fact, value)), None)
        if broken is not None:
            node = replace(node, facts=tuple(other for other in node.facts if other is not fact))
            text = f"the page's own sample {broken!r} breaks {fact.keyword} {fact.value!r}"
            notes.add(fact.span.last, text)
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


#: What a sample need not keep: it is shorter than the real, and its texts have the form they have.
_NOT_SHOWN = frozenset([
    "type", "minItems", "minProperties", "maxProperties", "additionalProperties", "format",
])  # fmt: skip


def _breaks(fact: Fact, value: Json) -> bool:
    """Whether a value breaks a fact; a pattern of another dialect is not judged.

    Null breaks none here, since it may be left out of a sample, and no sample shows all items.
    """
    if value is None or fact.keyword in _NOT_SHOWN:
        return False
    if fact.keyword == "enum" and isinstance(value, dict | list):
        return False
    try:
        return any(errors_of({fact.keyword: fact.value}, value))
    except re.error:
        return False


#: Of fractions it is not exact which are multiples of one another: that is not judged.
_JUDGE: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"multipleOf": lambda *_: None}
)


def errors_of(stated: Mapping[str, Json], value: Json) -> Iterator[ValidationError]:
    """Yield what is wrong with a value by a schema."""
    judge = _JUDGE(stated, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return iter(judge.iter_errors(value))
