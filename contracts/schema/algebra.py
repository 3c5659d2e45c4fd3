"""Schemas as sets of values, compared by `jsonschema-rs`; the only importer of it.

Only what the dialect asserts goes into a comparison: annotations and ``x-`` keywords are left
out, and formats that the library has no model of are written as what they mean. What the
library can't decide stays unknown.
"""

import enum
import json
from typing import Any

import jsonschema_rs
from jsonschema_rs.canonical import (
    CanonicalizationError,
    Containment,
    Satisfiability,
    UnsupportedResult,
)

from contracts.model import Schema
from contracts.schema import formats, keywords
from contracts.schema.jsontext import encode

SAME_AS = {"url": "uri"}  # formats by another name
PARTS = {"items", "additionalProperties", "propertyNames"}  # keywords that hold one schema


class Covers(enum.Enum):
    """Whether one schema admits every value that another does."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def covers(wide: Schema, narrow: Schema) -> Covers:
    """Return whether `wide` admits every value that `narrow` admits, as far as is known."""
    wide_set = _canonical(wide)
    narrow_set = _canonical(narrow)
    if wide_set is None or narrow_set is None:
        return Covers.UNKNOWN
    words = {Containment.YES: Covers.YES, Containment.NO: Covers.NO}
    answer = words.get(wide_set.covers(narrow_set), Covers.UNKNOWN)
    if answer is Covers.UNKNOWN and _nothing_left(narrow_set, wide_set):
        return Covers.YES
    return answer


def _nothing_left(
    schema: jsonschema_rs.CanonicalSchema, without: jsonschema_rs.CanonicalSchema
) -> bool:
    try:
        return schema.subtract(without).satisfiability() is Satisfiability.NO
    except UnsupportedResult:
        return False


def remainder(schema: Schema, without: Schema) -> Schema | None:
    """Return the schema of what `schema` admits and `without` does not, if it has a form."""
    whole = _canonical(schema)
    taken_out = _canonical(without)
    if whole is None or taken_out is None:
        return None
    try:
        left = whole.subtract(taken_out).to_json_schema()
    except UnsupportedResult:
        return None
    return left if isinstance(left, dict) else None


def assertions(schema: Schema) -> dict[str, Any]:
    """Return a schema with nothing but the keywords that forbid values."""
    out: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "properties":
            out[keyword] = {name: assertions(child) for name, child in value.items()}
        elif keyword in PARTS and isinstance(value, dict):
            out[keyword] = assertions(value)
        elif keyword == "anyOf":
            out[keyword] = [assertions(option) for option in value]
        elif keyword == "format":
            if value in formats.FORMATS:
                out[keyword] = SAME_AS.get(value, value)
        elif keyword in keywords.ASSERTIONS or keyword == "additionalProperties":
            out[keyword] = value
    return out


def _canonical(schema: Schema) -> jsonschema_rs.CanonicalSchema | None:
    plain = json.loads(encode(assertions(schema)))
    draft = jsonschema_rs.Draft202012
    try:
        return jsonschema_rs.canonicalize(plain, draft=draft, validate_formats=True)
    except (CanonicalizationError, jsonschema_rs.ValidationError):
        return None  # a pattern of another dialect, for one
