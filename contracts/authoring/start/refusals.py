"""Refusals and headers of answers that a document states, as rows of a started contract."""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.authoring.start.identity import Derived
from contracts.derive.operation import is_json
from contracts.model import Schema
from contracts.schema import keywords
from contracts.schema.vocabulary import is_readable

INNER = ("items", "additionalProperties")


def rows(derived: Derived) -> Iterator[dict[str, Any]]:
    """Yield a row for each status of 4xx whose body the document states, to be held to it.

    And one for each header that a success always has.
    A status with several bodies gives none, since a refusal may have either; nor does a body of
    which only a sample is known, or one that is no JSON.
    """
    for header in derived["operation"].get("answer_headers", ()):
        yield {
            "id": f"answer.{header['name']}.present",
            "statement": f"a success has the header {header['name']}",
            "op": "header",
            "name": header["name"],
            "basis": "document",
            "lines": header["lines"],
        }
    refusals = derived.get("refusals", ())
    statuses = [refusal["status"] for refusal in refusals]
    for refusal in refusals:
        status = refusal["status"]
        if status is None or status // 100 != 4 or statuses.count(status) > 1:
            continue
        if refusal["media_type"] is not None and not is_json(refusal["media_type"]):
            continue
        schema = _stated(refusal["schema"] or {}, strict=derived["rendering"] == "OpenAPI")
        if any(keyword.name != "type" or keyword.path for keyword in keywords.keywords(schema)):
            yield {
                "id": f"refusal.{status}.body",
                "statement": f"a refusal with {status} has the body that is documented for it",
                "op": "refusal_body",
                "status": [status],
                "schema": schema,
                "basis": "document",
                "lines": refusal["lines"],
            }


def _stated(schema: Schema, *, strict: bool) -> dict[str, Any]:
    """Return what a schema states, nothing guessed; null is admitted unless it is `strict`."""
    guessed = schema.get("x-guessed", ())
    out: dict[str, Any] = {
        name: value
        for name, value in schema.items()
        if name in keywords.ASSERTIONS and name not in guessed and is_readable(name, value)
        if value is not None and not (isinstance(value, list) and None in value)  # TOML has no null
    }
    if "anyOf" in out:
        out["anyOf"] = [_stated(option, strict=strict) for option in out["anyOf"]]
    required = schema.get("required", ())
    members = {
        name: _stated(child, strict=strict) for name, child in schema.get("properties", {}).items()
    }
    if not strict:
        members = {
            name: child if name in required else _or_null(child) for name, child in members.items()
        }
    if members:
        out["properties"] = members
    for name in INNER:
        if isinstance(schema.get(name), Mapping):
            out[name] = _stated(schema[name], strict=strict)
    return out


def _or_null(schema: Schema) -> dict[str, Any]:
    """Return a schema that admits null as well."""
    out = {name: value for name, value in schema.items() if name not in {"enum", "const"}}
    if keywords.types(schema):
        out["type"] = [*keywords.types(schema), "null"]
    if "enum" in schema:
        out["anyOf"] = [{"enum": schema["enum"]}, {"type": "null"}]
    return out
