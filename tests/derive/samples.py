"""The sample that such a docs page shows for a schema, and the curl command around it."""

from __future__ import annotations

import json
import math
from typing import Any

from .openapi import Operation, base_type

STRINGS = {
    "uuid": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
    "date-time": "2023-11-07T05:31:56Z",
    "date": "2023-12-25",
    "byte": "aSDinaTvuI8gbWludGxpZnk=",
    "email": "[email protected]",
}


def sample(schema: dict[str, Any]) -> Any:
    """Make the value that the page shows."""
    for keyword in ("example", "default"):
        if keyword in schema:
            # The site's shield puts a placeholder wherever an address stands.
            return STRINGS["email"] if "@" in str(schema[keyword]) else schema[keyword]
    if "enum" in schema:
        return schema["enum"][0]
    kind = base_type(schema)
    if kind == "object":
        return {name: sample(member) for name, member in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema["items"])]
    if kind == "string":
        return STRINGS.get(schema.get("format", ""), "<string>")
    if kind in {"integer", "number"}:
        return _number(schema, whole=kind == "integer")
    return True if kind == "boolean" else "<unknown>"


def _number(schema: dict[str, Any], *, whole: bool) -> Any:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is not None and high is not None:
        middle = (low + high) / 2
        return math.floor(middle) if whole or float(middle).is_integer() else middle
    return low + 1 if low is not None else 123


def curl(operation: Operation, *, newline: bool, indent: int) -> tuple[str, str]:
    """Print the command and the sample of the answer."""
    pad = " " * indent
    lines = [
        f"curl --request {operation.method} \\",
        f"{pad}--url {operation.server}{operation.path} \\",
    ]
    kind = operation.scheme
    if kind["type"] == "apiKey":
        lines.append(f"{pad}--header '{kind['name']}: <api-key>'")
    else:
        secret = "Bearer <token>" if kind["scheme"] == "bearer" else "Basic <encoded-value>"
        lines.append(f"{pad}--header 'Authorization: {secret}'")
    if operation.request is not None:
        lines[-1] += " \\"
        lines.append(f"{pad}--header 'Content-Type: application/json' \\")
        body = dump(sample(operation.request), indent)
        lines.append(f"{pad}--data '\n{body}\n'" if newline else f"{pad}--data '{body}'")
    return "\n".join(lines), dump(sample(operation.response), indent)


def dump(value: Any, indent: int) -> str:
    """Print JSON over several lines, as a browser's text has it: often without indentation."""
    text = json.dumps(value, indent=indent or 1, ensure_ascii=False)
    return text if indent else "\n".join(line.strip() for line in text.splitlines())
