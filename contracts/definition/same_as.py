"""Parts of an answer that are what another operation of the API answers, written once.

A schema may have ``"x-same-as": {"operation": "create-order", "pointer":
"/properties/data"}``, with ``"members": [...]`` where only some of them come. The other
operation's schema takes its place; what the part says beside it comes on top. Every keyword
has the lines of the sentence that says "the same", which are those of the part.
"""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.model import Schema
from contracts.schema import keywords
from contracts.schema.jsontext import at, escape
from contracts.schema.rewriting import with_parts


def resolve(schema: Any, response: Callable[[str], Schema]) -> Any:
    """Return a schema in which what other operations answer has been put in."""
    if not isinstance(schema, Mapping):
        return schema
    own = {name: value for name, value in schema.items() if name != "x-same-as"}
    own = with_parts(own, lambda part: resolve(part, response))
    if "x-same-as" not in schema:
        return own
    reference = schema["x-same-as"]
    other = at(response(reference["operation"]), reference.get("pointer", ""))
    members = reference.get("members")
    return _merged(_cited(other, reference["lines"], members), own)


def _cited(schema: Mapping[str, Any], lines: list[int], members: list[str] | None) -> Any:
    """Return a schema whose keywords all come from the given lines."""
    kept = {name: value for name, value in schema.items() if not name.startswith("x-")}
    if members is not None:
        named = kept["properties"]
        kept["properties"] = {name: named[name] for name in named if name in members}
        if "required" in kept:
            kept["required"] = [name for name in kept["required"] if name in members]
    assertions = [name for name in kept if name in keywords.ASSERTIONS]
    source = {name: _entry(schema, name, lines) for name in assertions}
    for member in kept.get("required", ()):
        key = f"required/{escape(member)}"
        source[key] = _entry(schema, key, lines)
    source.pop("required", None)
    kept["x-source"] = source
    return with_parts(kept, lambda part: _cited(part, lines, None))


def _entry(schema: Mapping[str, Any], key: str, lines: list[int]) -> Any:
    """Return the source of a keyword: a reading of the other page stays what it is."""
    there = schema.get("x-source", {}).get(key)
    if isinstance(there, Mapping) and there.get("basis", "document") != "document":
        return {"lines": lines, "basis": there["basis"], "why": there.get("why")}
    return lines


def _merged(below: Any, above: Any) -> Any:
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    merged = dict(below)
    for name, value in above.items():
        merged[name] = _merged(below[name], value) if name in below else value
    return merged
