"""The plainest request that a page shows: its own example, or what its members look like."""

from collections.abc import Iterator
from typing import Any

from contracts.interop import strategies
from contracts.model import ABSENT, Schema
from contracts.planning.bodies.typical import typical
from contracts.schema import checks


def plain(schema: Schema, example: Any = ABSENT) -> Any:
    """Return a value that fits a schema and that the page shows; ABSENT when none is found.

    `example` is what an example of the whole has at this place.
    """
    for value in _candidates(schema, example):
        if checks.fits(schema, value):
            return value
    return ABSENT


def _candidates(schema: Schema, example: Any) -> Iterator[Any]:
    yield from () if example is ABSENT else [example]
    yield from schema.get("x-examples", ())
    if "default" in schema:
        yield schema["default"]
    yield from schema.get("enum", ())
    if "properties" in schema:
        yield members(schema, example)
    if isinstance(schema.get("additionalProperties"), dict):
        inner = plain(schema["additionalProperties"])
        yield from () if inner is ABSENT else [{"note": inner}]
    if "items" in schema:
        item = plain(
            schema["items"], example[0] if isinstance(example, list) and example else ABSENT
        )
        yield from ([] if item is ABSENT else [[item] * max(schema.get("minItems", 1), 1)])
        yield []
    if "pattern" in schema:
        texts = [
            text
            for text in strategies.matching(schema["pattern"])
            if text.isascii() and text.isprintable()
        ]
        yield from sorted(texts, key=lambda text: (not text.isalnum(), len(text)))
    yield typical(
        {key: value for key, value in schema.items() if key not in {"properties", "items"}}
    )
    yield None


def plainest(schema: Schema) -> Any:
    """Return the plainest request body that a page shows.

    It is the page's own example, with what is required beside it. Without one it has the required
    members and those that the page shows a value of; all members where none is called required.
    """
    example = next(
        (value for value in schema.get("x-examples", ()) if isinstance(value, dict)), None
    )
    if "properties" not in schema:
        return example if example is not None and checks.fits(schema, example) else {}
    body = members(schema, example)
    required = schema.get("required", ())
    if example is not None:
        return {name: value for name, value in body.items() if name in {*example, *required}}
    if not required:
        return body
    named = schema["properties"]
    return {name: value for name, value in body.items() if name in required or _shows(named[name])}


def _shows(schema: Schema) -> bool:
    """Whether a page shows a value of a member: an example, a default, options."""
    return bool({"x-examples", "default", "enum", "const"} & schema.keys())


def members(schema: Schema, example: Any = ABSENT) -> dict[str, Any]:
    """Return the plain value of each member that may be sent and that there is a value for."""
    inside = example if isinstance(example, dict) else {}
    values = {
        name: plain(child, inside.get(name, ABSENT))
        for name, child in schema["properties"].items()
        if not child.get("readOnly") or name in schema.get("required", ())
    }
    return {name: value for name, value in values.items() if value is not ABSENT}
