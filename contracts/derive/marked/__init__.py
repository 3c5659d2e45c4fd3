"""JSON and YAML documents as plain values that know their lines: `read_marked(raw, name)`."""

from __future__ import annotations

import codecs
from typing import Any

from contracts.derive.marked.from_json import read_json
from contracts.derive.marked.from_yaml import read_yaml
from contracts.derive.marked.values import Array, NotReadableError, Object, Part, size_of
from contracts.derive.model import Note
from contracts.errors import UsageError

__all__ = ["Array", "Object", "Part", "read_marked"]

#: Values of one document with its aliases written out; a larger one is an attack or no description.
MOST_VALUES = 5_000_000
#: Byte order marks, the longer ones first: that of UTF-32 begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_marked(raw: bytes, name: str) -> tuple[Part, tuple[Note, ...]]:
    """Return the value of a JSON or YAML document with its lines.

    Notes on what is odd about it.

    The text is read as JSON when it is JSON, else as YAML 1.2. UsageError, naming the line, when it
    is neither.
    """
    text = _decoded(raw, name)
    notes: list[Note] = []
    try:
        value = _read(text, notes)
    except NotReadableError as error:
        raise UsageError(f"{name}, line {error.line}: {error.reason}") from error
    if size_of(value) > MOST_VALUES:
        raise UsageError(f"{name}: its aliases stand for more than {MOST_VALUES:,} values")
    return Part.of(value), tuple(notes)


def _read(text: str, notes: list[Note]) -> Any:
    if not text.lstrip().startswith(("{", "[")):
        return read_yaml(text, notes)
    try:
        return read_json(text, notes)
    except NotReadableError as error:
        problem = error
    try:  # JSON with comments, or with a comma behind the last member, is YAML all the same
        return read_yaml(text, notes)
    except NotReadableError:
        raise problem from None


def _decoded(raw: bytes, name: str) -> str:
    """Return the text of a file: UTF-8 where no byte order mark names another encoding."""
    encoding = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name}: byte {error.start} is not {encoding.upper()}, so it is no text"
        ) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
