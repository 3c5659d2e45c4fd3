"""JSON with lines; Python's own reader keeps none, and YAML's refuses some of what is JSON."""

import json
import math
from typing import Any

from contracts.derive.marked.values import (
    DEEPEST,
    Array,
    NotReadableError,
    Object,
    nested_too_deep,
    well_formed,
)
from contracts.derive.model import Notes, Span
from contracts.derive.page.sample import Sample, Text, read_sample


def read_json(text: str, notes: Notes) -> Any:
    """Return the value of a JSON text; NotReadableError where it is none."""
    try:
        json.loads(text, parse_constant=_refuse)
        parsed = read_sample(Text.of(tuple(text.split("\n"))), 0)
    except RecursionError as error:
        raise nested_too_deep(1) from error
    except ValueError as error:
        reason = getattr(error, "msg", str(error))
        raise NotReadableError(getattr(error, "lineno", 1), f"it is not JSON: {reason}") from error
    if parsed is None:
        raise nested_too_deep(1)
    return _marked(parsed.sample, notes, 0)


def _refuse(word: str) -> None:
    raise ValueError(word)


def _marked(sample: Sample, notes: Notes, depth: int) -> Any:
    """Return a value that was read with its lines as an object, an array or a plain value."""
    if depth > DEEPEST:
        raise nested_too_deep(sample.line)
    span = Span(sample.line, sample.last)
    if sample.kind == "array":
        elements = [_marked(element, notes, depth + 1) for element in sample.elements]
        return Array(elements, [Span(item.line, item.last) for item in sample.elements], span)
    if sample.kind == "object":
        members: dict[str, Any] = {}
        spans: dict[str, Span] = {}
        for name, member in sample.members:
            if name in members:
                text = f"{name!r} stands twice in one object: the last one counts"
                notes.add(member.line, text)
            members[well_formed(name)] = _marked(member, notes, depth + 1)
            spans[well_formed(name)] = Span(member.line, member.last)
        return Object(members, spans, span)
    if isinstance(sample.value, float) and not math.isfinite(sample.value):
        raise NotReadableError(sample.line, "it is not JSON: a number is too large")
    return well_formed(sample.value) if isinstance(sample.value, str) else sample.value
