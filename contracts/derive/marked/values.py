"""Objects and arrays that know on which lines their members stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contracts.derive.model import Json, Span

#: No document that a person wrote is nested deeper.
DEEPEST = 200
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class NotReadableError(Exception):
    """A text is not what it was read as: the line, and what is wrong there."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason


def nested_too_deep(line: int) -> NotReadableError:
    """Return the error of a document that no person wrote."""
    return NotReadableError(line, f"more than {DEEPEST} values are nested")


class Object(dict[str, Any]):
    """A JSON object with its lines, and with those of each member from its name on."""

    __slots__ = ("span", "spans")

    def __init__(self, members: dict[str, Any], spans: dict[str, Span], span: Span) -> None:
        super().__init__(members)
        self.spans = spans
        self.span = span


class Array(list[Any]):
    """A JSON array; `span` are its own lines, `spans` those of each element."""

    __slots__ = ("span", "spans")

    def __init__(self, elements: list[Any], spans: list[Span], span: Span) -> None:
        super().__init__(elements)
        self.spans = spans
        self.span = span


@dataclass(frozen=True, slots=True)
class Part:
    """A value with its lines.

    Asking it for what it does not have gives a part that is not `stated`, and false, on its lines.
    """

    value: Any
    span: Span
    stated: bool = True

    def __bool__(self) -> bool:
        return self.stated

    @classmethod
    def of(cls, value: Any) -> Part:
        """Return an object or an array as a part with its own lines."""
        return cls(value, value.span if isinstance(value, Object | Array) else Span(1, 1))

    def get(self, name: str) -> Part:
        """Return a member of an object."""
        if isinstance(self.value, Object) and name in self.value:
            return Part(self.value[name], self.value.spans.get(name, self.value.span))
        return self.nothing()

    def nothing(self) -> Part:
        """Return what stands for a part that is not there."""
        return Part(None, self.span, stated=False)

    def text(self, name: str) -> str | None:
        """Return a member that is a string, or None."""
        value = self.get(name).value
        return value if isinstance(value, str) else None

    def is_true(self, name: str) -> bool:
        """Whether a member is there and true."""
        return self.get(name).value is True

    def members(self) -> Iterator[tuple[str, Part]]:
        """Yield the members of an object; nothing for any other value."""
        if isinstance(self.value, Object):
            for name in self.value:
                yield name, self.get(name)

    def elements(self) -> Iterator[Part]:
        """Yield the elements of an array; nothing for any other value."""
        if isinstance(self.value, Array):
            yield from map(Part, self.value, self.value.spans)

    def plain(self) -> Json:
        """Return the value without its lines."""
        return _plain(self.value)


def _plain(value: Any) -> Json:
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    return [_plain(element) for element in value] if isinstance(value, list) else value


def size_of(value: Any) -> int:
    """Count the values in a value; what aliases repeat counts each time."""
    sizes: dict[int, int] = {}

    def size(part: Any) -> int:
        if not isinstance(part, dict | list):
            return 1
        if id(part) not in sizes:
            inside = part.values() if isinstance(part, dict) else part
            sizes[id(part)] = 1 + sum(size(member) for member in inside)
        return sizes[id(part)]

    return size(value)


def well_formed(text: str) -> str:
    """Return a text that files can hold: halves of surrogate pairs are joined or replaced."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
