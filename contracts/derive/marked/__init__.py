"""JSON and YAML documents as plain values that know their lines: `read_marked(raw, name)`.

Python's own reader of JSON keeps no lines, and YAML's refuses some of what is JSON.
"""

import json
import math
from typing import Any

from contracts.derive.marked.from_yaml import read_yaml
from contracts.derive.marked.values import (
    DEEPEST,
    Array,
    NotReadableError,
    Object,
    Part,
    nested_too_deep,
    size_of,
    well_formed,
)
from contracts.derive.model import Note, Notes, Span
from contracts.derive.page.sample import Sample, Text, read_sample
from contracts.derive.recognise import decoded
from contracts.errors import UsageError

__all__ = ["Array", "Object", "Part", "read_marked"]

#: Values of one document with its aliases written out; a larger one is an attack or no description.
MOST_VALUES = 5_000_000


def read_marked(raw: bytes, name: str) -> tuple[Part, tuple[Note, ...]]:
    """Return the value of a JSON or YAML document with its lines.

    Notes on what is odd about it. The text is read as JSON when it is JSON, else as YAML 1.2.
    UsageError, naming the line, when it is neither.
    """
    text = decoded(raw, name).replace("\r\n", "\n").replace("\r", "\n")
    notes = Notes()
    try:
        value = _read(text, notes)
    except NotReadableError as error:
        raise UsageError(f"{name}, line {error.line}: {error.reason}") from error
    if size_of(value) > MOST_VALUES:
        raise UsageError(f"{name}: its aliases stand for more than {MOST_VALUES:,} values")
    return Part.of(value), tuple(notes)


def _read(text: str, notes: Notes) -> Any:
    if not text.lstrip().startswith(("{", "[")):
        return read_yaml(text, notes)
    try:
        return _read_json(text, notes)
    except NotReadableError as error:
        problem = error
    try:  # JSON with comments, or with a comma behind the last member, is YAML all the same
        return read_yaml(text, notes)
    except NotReadableError:
        raise problem from None


def _read_json(text: str, notes: Notes) -> Any:
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
