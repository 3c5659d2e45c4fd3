"""JSON with lines; Python's own reader keeps none, and YAML's refuses some of what is JSON."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from contracts.derive.marked.values import Array, NotReadableError, Object, well_formed
from contracts.derive.model import Notes, Span

DEEPEST = 200
_SPACE = re.compile(r"[ \t\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\.)*+"')
_WORD = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


def read_json(text: str, notes: Notes) -> Any:
    """Return the value of a JSON text; NotReadableError where it stops being JSON."""
    reader = _Reader(text, notes)
    value, _ = reader.value(0)
    if reader.next():
        raise reader.problem("something stands behind the end of the JSON text")
    return value


class _Reader:
    """A position in a text, with the number of its line."""

    def __init__(self, text: str, notes: Notes) -> None:
        self.text = text
        self.notes = notes
        self.position = 0
        self.line = 1

    def problem(self, reason: str) -> NotReadableError:
        return NotReadableError(self.line, f"it is not JSON: {reason}")

    def next(self) -> str:
        """Skip white space; return the character that follows, or an empty string at the end."""
        space = _SPACE.match(self.text, self.position)
        end = space.end() if space else self.position
        self.line += self.text.count("\n", self.position, end)
        self.position = end
        return self.text[end : end + 1]

    def take(self, mark: str) -> bool:
        """Step over a mark; whether it was there."""
        if self.next() != mark:
            return False
        self.position += 1
        return True

    def value(self, depth: int) -> tuple[Any, Span]:
        if depth > DEEPEST:
            raise self.problem(f"more than {DEEPEST} values are nested")
        start = self.next()
        first = self.line
        if start == "{":
            whole: Any = self.object(depth)
        elif start == "[":
            whole = self.array(depth)
        elif start == '"':
            return self.string(), Span(first, first)
        else:
            return self.word(), Span(first, first)
        whole.span = Span(first, self.line)
        return whole, whole.span

    def object(self, depth: int) -> Object:
        self.position += 1
        members: dict[str, Any] = {}
        spans: dict[str, Span] = {}
        closed = self.take("}")
        while not closed:
            if self.next() != '"':
                raise self.problem("a name in quotes is missing")
            first = self.line
            name = self.string()
            if not self.take(":"):
                raise self.problem(f"a colon is missing behind {name!r}")
            if name in members:
                self.notes.add(first, f"{name!r} stands twice in one object: the last one counts")
            members[name], span = self.value(depth + 1)
            spans[name] = Span(first, span.last)
            closed = self.closed("}")
        return Object(members, spans, Span(1, 1))

    def array(self, depth: int) -> Array:
        self.position += 1
        elements: list[Any] = []
        spans: list[Span] = []
        closed = self.take("]")
        while not closed:
            element, span = self.value(depth + 1)
            elements.append(element)
            spans.append(span)
            closed = self.closed("]")
        return Array(elements, spans, Span(1, 1))

    def closed(self, mark: str) -> bool:
        """Step over what ends an element; whether it was the end of the whole."""
        if self.take(mark):
            return True
        if not self.take(","):
            raise self.problem(f"a comma or {mark} is missing")
        return False

    def string(self) -> str:
        match = _STRING.match(self.text, self.position)
        if match is None:
            raise self.problem("a text in quotes does not end on its line")
        self.position = match.end()
        return well_formed(str(self.loaded(match[0])))

    def word(self) -> Any:
        match = _WORD.match(self.text, self.position)
        if match is None:
            raise self.problem("a value is missing")
        self.position = match.end()
        value = self.loaded(match[0])
        if isinstance(value, float) and not math.isfinite(value):
            raise self.problem(f"the number {match[0]} is too large")
        return value

    def loaded(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError as error:
            raise self.problem(str(error)) from error
