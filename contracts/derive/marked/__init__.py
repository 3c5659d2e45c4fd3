"""JSON and YAML documents as plain values that know their lines: `read_marked(raw, name)`."""

from typing import Any

from contracts.derive.marked.from_json import read_json
from contracts.derive.marked.from_yaml import read_yaml
from contracts.derive.marked.values import Array, NotReadableError, Object, Part, size_of
from contracts.derive.model import Note, Notes
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
        return read_json(text, notes)
    except NotReadableError as error:
        problem = error
    try:  # JSON with comments, or with a comma behind the last member, is YAML all the same
        return read_yaml(text, notes)
    except NotReadableError:
        raise problem from None
