"""Schemas rewritten: closed, or without what a reader does not see."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.errors import ContractError
from contracts.model import Schema
from contracts.schema import keywords as schema_keywords
from contracts.schema import vocabulary


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
        vocabulary.refuse_unknown({keyword: value}, "schema")
    except ContractError:
        return False
    return schema_keywords.asserts(keyword, value)
