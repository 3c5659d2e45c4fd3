"""Everyday values of schemas, as templates."""

from collections.abc import Callable
from typing import Any

from contracts.model import ABSENT, Schema
from contracts.schema import checks
from contracts.schema.keywords import types

ALWAYS: Schema = {}


def typical(schema: Schema) -> Any:
    """Return the template of an everyday value of a schema; ABSENT where it takes a reference.

    A schema with a pattern has to bring an example along.
    """
    if "x-reference" in schema or schema.get("enum") == []:
        return ABSENT
    for keyword in ("x-unique", "x-fresh", "const"):
        if keyword in schema:
            return schema[keyword]
    for keyword in ("examples", "enum"):
        if keyword in schema:
            return schema[keyword][0]
    return _BUILDERS[first_type(schema)](schema)


def first_type(schema: Schema) -> str:
    """Return the type of a typical value: null only where nothing else may be."""
    names = types(schema) or ("string",)
    return next((kind for kind in names if kind != "null"), "null")


_FORMATTED = {
    "date-time": "2026-01-31T12:00:00Z",
    "email": "camille@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "date": "2026-01-31",
    "time": "12:00:00Z",
    "duration": "P1D",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "www.example.com",
    "byte": "dGV4dA==",
    "uuid": "3f0f1b7e-2f6c-4b55-9d0a-6f3f4e1d2c3b",
}


def _build_string(schema: Schema) -> str:
    if schema.get("format") in _FORMATTED:
        return _FORMATTED[str(schema["format"])]
    length = min(max(schema.get("minLength", 0), 4), schema.get("maxLength", 4))
    return str(("text" * length)[:length])


def _build_number(schema: Schema) -> float:
    step = schema.get("multipleOf", 1)
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    start = low if low is not None else min(0, high) if high is not None else 0
    number: float = -(-start // step) * step
    candidates = [number, number + step]
    if low is not None and high is not None:
        candidates.append((low + high) / 2)
    return next((value for value in candidates if checks.fits(schema, value)), number)


def _build_object(schema: Schema) -> Any:
    members = schema.get("properties", {})
    sent = {*schema.get("x-plain", members), *schema.get("required", ())}
    built = {name: typical(child) for name, child in members.items() if name in sent}
    value = {name: member for name, member in built.items() if member not in (ABSENT, None)}
    if not value.keys() >= set(schema.get("required", ())):
        return ABSENT
    others = schema.get("additionalProperties", ALWAYS)
    child = others if isinstance(others, dict) else ALWAYS
    for index in range(schema.get("minProperties", 0) - len(value)):
        value[f"name{index}"] = typical(child)
    return value


def _build_array(schema: Schema) -> Any:
    item = typical(schema["items"]) if "items" in schema else "item"
    if item is ABSENT:
        return ABSENT
    return [item] * min(max(schema.get("minItems", 0), 1), schema.get("maxItems", 1))


_BUILDERS: dict[str, Callable[[Schema], Any]] = {
    "string": _build_string,
    "number": _build_number,
    "integer": _build_number,
    "object": _build_object,
    "array": _build_array,
    "boolean": lambda _: True,
    "null": lambda _: None,
}
