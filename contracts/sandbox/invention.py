"""Values that fit a JSON Schema, for a server that knows nothing else of its answers.

Ids are new each time; everything else is the same every time, so that what is read twice is
the same.
"""

import json
import random
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from contracts.errors import missing_extra
from contracts.sandbox.http import now

ID = re.compile(r"(.*[a-z_-])?([iI]d|ID|[uU]uid|UUID|identifier)|id|uuid")
DEEPEST = 12  # levels of a schema that refers to itself
FORMATS: Mapping[str, Callable[[], str]] = {
    "uuid": lambda: "6b1f7d0c-9f6e-4b7a-8d55-2f6f0f0f7a10",
    "date-time": now,
    "date": lambda: datetime.now(UTC).date().isoformat(),
    "time": lambda: "12:00:00Z",
    "email": lambda: "somebody@example.com",
    "uri": lambda: "https://example.com/",
    "url": lambda: "https://example.com/",
    "hostname": lambda: "example.com",
    "ipv4": lambda: "192.0.2.1",
    "ipv6": lambda: "2001:db8::1",
    "duration": lambda: "P1D",
}


class Inventor:
    """Makes values for the parts of one schema; ids come from its counter and its dice."""

    def __init__(self, root: Any) -> None:
        self._root = root
        if '"pattern":' in json.dumps(root):  # rather told now than in the middle of an answer
            _generator_of_texts()
        self._count = 0
        self._dice = random.Random(0)  # noqa: S311 - nothing here is a secret

    def value(self, schema: Any, name: str = "", depth: int = 0) -> Any:
        """Return a value for a schema; the member's `name` tells ids from other texts."""
        schema = self._plain(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return next((option for option in schema["enum"] if option is not None), None)
        kind = _kind(schema)
        if kind == "object":
            described = schema.get("properties", {})
            required = schema.get("required", ())
            further: dict[str, Any] = {name: {} for name in required if name not in described}
            return {
                member: self.value(part, member, depth + 1)
                for member, part in {**described, **further}.items()
                if depth < DEEPEST or member in required
            }
        if kind == "array":
            count = schema.get("minItems", min(1, schema.get("maxItems", 1)))
            count = count if depth < DEEPEST else schema.get("minItems", 0)
            of_items = schema.get("items", {})
            items = [self.value(of_items, name, depth + 1) for _ in range(count)]
            if schema.get("uniqueItems"):
                options = self._plain(of_items).get("enum", ())
                items = list(options[:count]) or [_other(item, n) for n, item in enumerate(items)]
            return items
        if kind in ("number", "integer"):
            return self._number(schema, name)
        if kind == "string":
            return self._text(schema, name)
        return {"boolean": False}.get(kind)

    def _plain(self, schema: Any) -> dict[str, Any]:
        """Return a schema with what it refers to, and its first alternative, put in."""
        if not isinstance(schema, Mapping):
            return {}
        plain = dict(schema)
        parts = list(plain.pop("allOf", ()))
        for word in ("anyOf", "oneOf"):
            choices = plain.pop(word, ())
            parts += [choice for choice in choices if choice != {"type": "null"}][:1]
        if "$ref" in plain:
            place: Any = self._root
            for token in plain.pop("$ref").split("/")[1:]:
                place = place[token.replace("~1", "/").replace("~0", "~")]
            parts.append(place)
        for part in map(self._plain, parts):
            both = {**part.get("properties", {}), **plain.get("properties", {})}
            plain = {**part, **plain, **({"properties": both} if both else {})}
        return plain

    def _number(self, schema: Mapping[str, Any], name: str) -> Any:
        """Return the least number that fits, a new one each time for an id."""
        step = schema.get("multipleOf", 1)
        least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
        most = schema.get("maximum", schema.get("exclusiveMaximum"))
        if ID.fullmatch(name):
            self._count += 1
            least += self._count * step
        number = -(-least // step) * step
        if number == schema.get("exclusiveMinimum"):
            number += step
        if most is not None and number > most:
            number = most // step * step
        return number

    def _text(self, schema: Mapping[str, Any], name: str) -> str:
        """Return a text of the pattern, the format or the length, a new one each time for an id."""
        is_id = ID.fullmatch(name) is not None
        if "pattern" in schema:
            dice = self._dice if is_id else random.Random(0)  # noqa: S311
            return str(_generator_of_texts()(dice).xeger(schema["pattern"]))
        if is_id and schema.get("format") == "uuid":
            return str(uuid.uuid4())
        if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]]()
        text = name or "text"
        if is_id:
            self._count += 1
            text = f"{text}_{self._count:06d}"
        text = text.ljust(schema.get("minLength", 0), "x")
        return text[-schema["maxLength"] :] if "maxLength" in schema else text


def _other(value: Any, count: int) -> Any:
    """Return the value that comes so many after another: ``text2`` for ``text`` and 2."""
    if isinstance(value, bool):
        return value != bool(count % 2)
    if isinstance(value, dict):
        return {name: _other(part, count) for name, part in value.items()}
    if isinstance(value, str) and count:
        return f"{value}{count}"
    return value + count if isinstance(value, int | float) else value


def _kind(schema: Mapping[str, Any]) -> str:
    """Return the type that a value is made of, said by the schema or by what it describes."""
    kinds = schema.get("type", [])
    names = [kind for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind != "null"]
    if names:
        return str(names[0])
    if "properties" in schema or "items" in schema:
        return "object" if "properties" in schema else "array"
    return "null" if kinds else "string"


def _generator_of_texts() -> Callable[[random.Random], Any]:
    """Return what makes texts that fit a pattern: a library that few schemas need."""
    try:
        from rstr import Rstr  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise missing_extra(error) or error from error
    return Rstr
