"""Types and limits in any spelling, turned into the plain lines of a listing.

Example: ``string [ 1 .. 40 ] characters`` is the type ``string`` with the label
``Required string length: 1 - 40``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from contracts.derive.language.constraints import NUMBER
from contracts.derive.markdown.blocks import APART
from contracts.derive.markdown.kinds import Kind, begin_kind
from contracts.derive.markdown.restrictions import Restriction, read_restrictions

_TYPE_LABEL = re.compile(r"Type:\s*")
_TITLE = re.compile(r"[ ]*\([A-Z][\w .-]*\)")
_BETWEEN = " \u00b7,;\t\x1f"
_FLAGS = {
    "required": "required", "optional": "optional", "deprecated": "deprecated",
    "nullable": "nullable", "readOnly": "read-only", "writeOnly": "write-only",
}  # fmt: skip
_SIZES = {"string": "string length", "array": "array length", "object": "properties"}
_ENDS = {
    "minLength": ("string", 0), "maxLength": ("string", 1), "minItems": ("array", 0),
    "maxItems": ("array", 1),
}  # fmt: skip
_SIGNS = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}

#: `min: 1` behind the type of a string is its length.
_SHORT = re.compile(r"\b(?:min|max):")
_LENGTHS = {"minimum": "minLength", "maximum": "maxLength"}
_MAP = re.compile(r"(?:map|dictionary|record) from \w+ to [\w ]+", re.IGNORECASE)
_DOT = re.compile(r"\s*\u00b7\s*")
_BARE_RANGE = re.compile(rf"(?P<low>{NUMBER})\s*(?:[-\u2013]|to)\s*(?P<high>{NUMBER})")
_AND = re.compile(r"\s+and\s+(?=[<>=\u2264\u2265])")
_LIMITS = {"filled", "lengths", "sizes", "members", "range", "between", *_ENDS, *_SIGNS}
#: What a listing says of a type without a line of its own.
_UNLABELLED = frozenset({*_FLAGS, "format", "listed", "uniqueItems", "sample"})


@dataclass(frozen=True, slots=True)
class SpelledType:
    """A plain type line, the flags behind it, and the labelled lines of its limits."""

    line: str
    flags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """Whether its values are strings, numbers, integers, arrays or others."""
        plain = self.line.removesuffix(" | null")
        return "array" if plain.endswith("[]") or plain == "array" else plain.partition("<")[0]


def read_spelled(text: str) -> SpelledType | None:
    """Return a type with all that stands behind it, or None unless all of it is understood."""
    text = _MAP.sub("object", _TYPE_LABEL.sub("", text.strip(), count=1))
    text = _DOT.sub(APART, text)
    found = begin_kind(text)
    line = _type_line(found[0]) if found else None
    if found and found[0].form and text[:1].isupper() and found[1] == len(text):
        return None  # "Email" is the title of a field, "email" a type
    if found and text[: found[1]].lower() == "enum":
        line = "enum"  # options of a type that is not said
    if found is None or line is None:
        return None
    rest = _TITLE.sub("", text[found[1] :], count=1)
    restrictions, left = read_restrictions(rest)
    if left.strip(_BETWEEN):
        return None
    form = next((str(item.value) for item in restrictions if item.name == "format"), None)
    if form:
        head, bar, null = line.partition(" ")
        line = f"{head}<{form}>{bar}{null}" if "<" not in line else line
    if line == "string" and any(item.name == "listed" for item in restrictions):
        line = "enum<string>"
    spelled = SpelledType(line)
    flags = tuple(_FLAGS[item.name] for item in restrictions if item.name in _FLAGS)
    others = [item for item in restrictions if item.name not in _UNLABELLED]
    if spelled.base == "string" and _SHORT.search(rest):
        others = [replace(item, name=_LENGTHS.get(item.name, item.name)) for item in others]
    labels = _labels(others, spelled.base)
    return None if labels is None else SpelledType(line, flags, tuple(labels))


def read_limits(text: str, base: str) -> list[str] | None:
    """Return the labelled lines that a text of limits means for a type, or None for other texts."""
    bare = _BARE_RANGE.fullmatch(text.strip())
    if bare and base in {"number", "integer"}:
        return [f"Required range: {bare['low']} <= x <= {bare['high']}"]
    restrictions, left = read_restrictions(_AND.sub(", ", text.strip()))
    if left.strip(_BETWEEN) or not restrictions or {item.name for item in restrictions} - _LIMITS:
        return None
    return _labels(restrictions, base)


def _type_line(kind: Kind) -> str | None:
    """Return a type as the plain listing has it; None for unions of other types than null."""
    if kind.others or kind.base == "null":
        return None
    line = kind.base
    if kind.items is not None:
        inner = _type_line(kind.items)
        if inner is None:
            return None
        line = f"({inner})[]" if inner.endswith(" | null") else f"{inner}[]"
    elif kind.enumerated:
        line = f"enum<{kind.base}>"
    elif kind.form:
        line = f"{kind.base}<{kind.form}>"
    return f"{line} | null" if kind.null else line


def _labels(some: Iterable[Restriction], base: str) -> list[str] | None:
    """Return the labelled line of each restriction; None where one has no such line."""
    out = []
    for item in some:
        label = _label(item, base)
        if label is None:
            return None
        out.append(label)
    return out


def _label(item: Restriction, base: str) -> str | None:
    if item.name == "filled":
        return f"Minimum {_SIZES[base]}: 1" if base in {"string", "array"} else None
    if item.name in {"pattern", "default"}:
        return f"{item.name.capitalize()}: {item.value}"
    if item.name in _ENDS:
        wanted, end = _ENDS[item.name]
        ends = (item.value, None) if end == 0 else (None, item.value)
        return _size(_SIZES[wanted], *ends) if base == wanted else None
    if item.name in _SIGNS:
        numeric = base in {"number", "integer"}
        return f"Required range: x {_SIGNS[item.name]} {item.value}" if numeric else None
    if not isinstance(item.value, tuple):
        return None
    low, low_open, high, high_open = item.value
    if item.name in {"range", "between"} and base in {"number", "integer"}:
        left = f"{low} {'<' if low_open else '<='} " if low is not None and high is not None else ""
        sign = f"{'<' if high_open else '<='} {high}"
        if high is None:
            sign = f"{'>' if low_open else '>='} {low}"
        return f"Required range: {left}x {sign}"
    named = {"lengths": "string", "sizes": "array", "members": "object"}.get(item.name)
    if item.name in {"lengths", "between"} and base == "array":
        named = "array"
    return _size(_SIZES[base], low, high) if named == base else None


def _size(what: str, low: object, high: object) -> str:
    if low is None or high is None:
        return f"Minimum {what}: {low}" if high is None else f"Maximum {what}: {high}"
    return f"Required {what}: {low}" if low == high else f"Required {what}: {low} - {high}"
