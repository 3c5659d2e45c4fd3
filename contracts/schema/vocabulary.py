"""Schemas that say something that nothing here checks: refused, or rewritten without it."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contracts.errors import ContractError, near_misses
from contracts.model import ABSENT, Schema
from contracts.schema.formats import ANNOTATED_FORMATS, FORMATS
from contracts.schema.jsontext import escape, show
from contracts.schema.keywords import ANNOTATIONS, ANY, APPLICATORS, ASSERTIONS, asserts, types

# keyword -> what its own value has to be
VALUES: dict[str, tuple[type, ...]] = {
    "type": (str, list),
    **dict.fromkeys(("enum", "required", "anyOf"), (list,)),
    **dict.fromkeys(("format", "pattern", "description"), (str,)),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), (int,)),
    **dict.fromkeys(("minProperties", "maxProperties"), (int,)),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), (int, float)),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), (int, float)),
    **dict.fromkeys(("uniqueItems", "deprecated", "readOnly", "writeOnly"), (bool,)),
    "properties": (dict,),
    "additionalProperties": (dict, bool),
}


def refuse_unknown(schema: Any, name: str, pointer: str = "") -> None:
    """Raise ContractError for the first keyword, format or type that nothing here checks.

    `name` is the file's; the message gives the pointer in it and the nearest keyword that is
    known.
    """
    _refuse_values(schema, name, pointer)
    names = ASSERTIONS.keys() | APPLICATORS | ANNOTATIONS
    for keyword in schema:
        if keyword not in names:
            what = f"the keyword {keyword!r} is not checked{near_misses(keyword, sorted(names))}"
            raise ContractError(f"{name}#{pointer}: {what}")
    if schema.get("format", "uuid") not in FORMATS.keys() | ANNOTATED_FORMATS:
        raise ContractError(
            f"{name}#{pointer}/format: the format {schema['format']!r} is not checked; known: "
            f"{', '.join([*FORMATS, *sorted(ANNOTATED_FORMATS)])}"
        )
    for kind in types(schema):
        if kind not in ANY | {"integer"}:
            raise ContractError(f"{name}#{pointer}/type: {kind!r} is no JSON type")
    if "pattern" in schema:
        _refuse_pattern(schema["pattern"], f"{name}#{pointer}/pattern")
    for below, child in _parts(schema):
        refuse_unknown(child, name, f"{pointer}/{below}")


def _parts(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Yield (pointer, schema) of all that a schema holds, also what is applied as a whole."""
    for keyword in ("items", "additionalProperties", "propertyNames"):
        if keyword in schema and not isinstance(schema[keyword], bool):
            yield keyword, schema[keyword]
    for number, option in enumerate(schema.get("anyOf", ())):
        yield f"anyOf/{number}", option
    for member, child in schema.get("properties", {}).items():
        yield f"properties/{escape(member)}", child


def _refuse_values(part: Any, name: str, pointer: str) -> None:
    """Raise ContractError for the first keyword whose own value is of the wrong kind."""
    if not isinstance(part, dict):
        raise ContractError(f"{name}#{pointer}: a schema is an object here, got {show(part)}")
    for keyword, kinds in VALUES.items():
        value, place = part.get(keyword, ABSENT), f"{name}#{pointer}/{keyword}"
        is_kind = isinstance(value, kinds) and (type(value) is not bool or bool in kinds)
        if value is not ABSENT and not is_kind:
            expected = " or ".join(kind.__name__ for kind in kinds)
            raise ContractError(f"{place}: expected {expected}, got {show(value)}")
        if isinstance(value, float) and not math.isfinite(value):
            raise ContractError(f"{place}: expected a finite number")
        if keyword == "multipleOf" and isinstance(value, int | float) and value <= 0:
            raise ContractError(f"{place}: expected more than 0, got {show(value)}")


def _refuse_pattern(pattern: str, place: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        what = f"{pattern!r} is no regular expression"
        raise ContractError(f"{place}: {what}: {error}") from error


def closed(schema: Schema) -> dict[str, Any]:
    """Return a schema by which objects have the members that are named, and no others."""
    out = readable(schema)
    if "properties" in out and "additionalProperties" not in out:
        out["additionalProperties"] = False
    return with_parts(out, closed)


def readable(schema: Schema) -> dict[str, Any]:
    """Return a schema without the formats and patterns that the dialect can't check."""
    out = {name: value for name, value in schema.items() if is_readable(name, value)}
    return with_parts(out, readable)


def with_parts(schema: Schema, change: Callable[[Schema], Schema]) -> dict[str, Any]:
    """Return a schema whose subschemas are changed: of items, and of members of any name."""
    out = dict(schema)
    for keyword in ("items", "additionalProperties"):
        if isinstance(out.get(keyword), Mapping):
            out[keyword] = change(out[keyword])
    if "properties" in out:
        out["properties"] = {name: change(child) for name, child in out["properties"].items()}
    return out


def is_readable(keyword: str, value: Any) -> bool:
    """Whether a keyword says something that a reader of an answer relies on."""
    if keyword not in {"format", "pattern"}:
        return True
    try:
        refuse_unknown({keyword: value}, "schema")
    except ContractError:
        return False
    return asserts(keyword, value)
