"""JSON and YAML documents as plain values that know their lines: `read_marked(raw, name)`.

Python's own reader of JSON keeps no lines, and YAML's refuses some of what is JSON.
"""

import json
import math
import re
from typing import Any

import yaml

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
from contracts.derive.samples import refuse
from contracts.errors import UsageError

__all__ = ["Array", "Object", "Part", "read_marked"]

#: Values of one document with its aliases written out; a larger one is an attack or no description.
MOST_VALUES = 5_000_000
_TAG = "tag:yaml.org,2002:"


def read_marked(raw: bytes, name: str) -> tuple[Part, tuple[Note, ...]]:
    """Return the value of a JSON or YAML document, and notes; UsageError names the line."""
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
        json.loads(text, parse_constant=refuse)
        parsed = read_sample(Text.of(tuple(text.split("\n"))), 0)
    except RecursionError as error:
        raise nested_too_deep(1) from error
    except ValueError as error:
        reason = getattr(error, "msg", str(error))
        raise NotReadableError(getattr(error, "lineno", 1), f"it is not JSON: {reason}") from error
    if parsed is None:
        raise nested_too_deep(1)
    return marked_sample(parsed.sample, notes, 0)


def marked_sample(sample: Sample, notes: Notes, depth: int) -> Any:
    """Return a value that was read with its lines as an object, an array or a plain value."""
    if depth > DEEPEST:
        raise nested_too_deep(sample.line)
    span = Span(sample.line, sample.last)
    if sample.kind == "array":
        elements = [marked_sample(element, notes, depth + 1) for element in sample.elements]
        return Array(elements, [Span(item.line, item.last) for item in sample.elements], span)
    if sample.kind == "object":
        members: dict[str, Any] = {}
        spans: dict[str, Span] = {}
        for name, member in sample.members:
            if name in members:
                text = f"{name!r} stands twice in one object: the last one counts"
                notes.add(member.line, text)
            members[well_formed(name)] = marked_sample(member, notes, depth + 1)
            spans[well_formed(name)] = Span(member.line, member.last)
        return Object(members, spans, span)
    if isinstance(sample.value, float) and not math.isfinite(sample.value):
        raise NotReadableError(sample.line, "it is not JSON: a number is too large")
    return well_formed(sample.value) if isinstance(sample.value, str) else sample.value


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A loader in which `on`, `no` and 2020-01-01 are texts, as in YAML 1.2."""

    yaml_implicit_resolvers: dict[str | None, Any] = {}  # noqa: RUF012 - PyYAML's own name and form


_Loader.add_implicit_resolver(_TAG + "null", re.compile(r"^(?:~|null|Null|NULL|)$"), [*"~nN", ""])
_Loader.add_implicit_resolver(
    _TAG + "bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), [*"tTfF"]
)
_Loader.add_implicit_resolver(
    _TAG + "int", re.compile(r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$"), [*"-+0123456789"]
)
_Loader.add_implicit_resolver(
    _TAG + "float",
    re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
    [*"-+.0123456789"],
)


def read_yaml(text: str, notes: Notes) -> Any:
    """Return the value of a YAML document; NotReadableError where it stops being YAML."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise NotReadableError(line, f"it is not YAML: {error.problem or error.context}") from error
    except RecursionError as error:  # libyaml has a limit of its own, the reader in Python has not
        raise nested_too_deep(1) from error
    except (yaml.YAMLError, ValueError) as error:
        raise NotReadableError(1, f"it is not YAML: {str(error).splitlines()[0]}") from error
    if node is None:
        raise NotReadableError(1, "it is empty")
    value, _ = _Builder(text, notes).value(node, 0)
    return value


class _Builder:
    """Values made of composed nodes; what an alias repeats is made once."""

    def __init__(self, text: str, notes: Notes) -> None:
        self.lines = text.split("\n")
        self.notes = notes
        self.values: dict[int, tuple[Any, Span]] = {}
        self.open: set[int] = set()

    def value(self, node: yaml.Node, depth: int) -> tuple[Any, Span]:
        if id(node) in self.values:
            return self.values[id(node)]
        line = node.start_mark.line + 1
        if id(node) in self.open:
            raise NotReadableError(line, "a value holds itself")
        if depth > DEEPEST:
            raise nested_too_deep(line)
        self.open.add(id(node))
        if isinstance(node, yaml.MappingNode):
            value: Any = self.object(node, depth)
            span = value.span
        elif isinstance(node, yaml.SequenceNode):
            value = self.array(node, depth)
            span = value.span
        else:
            value = _scalar(node)
            span = Span(line, self.last(node))
        self.open.discard(id(node))
        self.values[id(node)] = value, span
        return value, span

    def object(self, node: yaml.MappingNode, depth: int) -> Object:
        members: dict[str, Any] = {}
        spans: dict[str, Span] = {}
        merged: list[Any] = []
        first = last = node.start_mark.line + 1
        for key, content in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise NotReadableError(line, "a name is no text here")
            value, span = self.value(content, depth + 1)
            last = max(last, line, span.last if span.first >= line else line)
            if key.value == "<<" and not key.style:
                parts = value if isinstance(value, Array) else [value]
                merged += [part for part in parts if isinstance(part, Object)]
                continue
            name = well_formed(key.value)
            if name in members:
                self.notes.add(line, f"{name!r} stands twice in one object: the last one counts")
            members[name] = value
            spans[name] = Span(line, span.last if span.first >= line else line)
        for other in merged:
            for name in other:
                members.setdefault(name, other[name])
                spans.setdefault(name, other.spans[name])
        return Object(
            members, spans, Span(first, max(last, self.last(node)) if node.flow_style else last)
        )

    def array(self, node: yaml.SequenceNode, depth: int) -> Array:
        parts = [self.value(child, depth + 1) for child in node.value]
        first = node.start_mark.line + 1
        after = [span.last for _, span in parts if span.first >= first]
        last = self.last(node) if node.flow_style else max([first, *after])
        return Array([value for value, _ in parts], [span for _, span in parts], Span(first, last))

    def last(self, node: yaml.Node) -> int:
        """Return the last line of a node that is not blank: its mark may stand further down."""
        first = node.start_mark.line
        last = node.end_mark.line
        if node.end_mark.column == 0 and last > first:
            last -= 1
        while last > first and not self.lines[last].strip():
            last -= 1
        return int(last) + 1


def _scalar(node: yaml.Node) -> Any:
    """Return what a scalar says; one with an unknown tag is a text."""
    text = str(node.value)
    kind = node.tag.removeprefix(_TAG)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind not in ("int", "float"):
        return well_formed(text)
    try:
        if kind == "int":
            return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
        number = float(text)
    except ValueError as error:  # Python limits the digits of an integer, and a tag may be wrong
        raise NotReadableError(node.start_mark.line + 1, "this is no number") from error
    if not math.isfinite(number):
        raise NotReadableError(node.start_mark.line + 1, f"the number {text} is too large")
    return number
