"""The OpenAPI documents that are rendered.

Those of tests/derive, with answers for what is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

PAGES = Path(__file__).parents[2] / "derive" / "pages"

REFUSAL = {
    "description": "The body is not valid.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["error"],
                "properties": {
                    "error": {
                        "type": "object",
                        "description": "What is wrong.",
                        "properties": {
                            "code": {"type": "string", "enum": ["BAD_BODY", "GONE"]},
                            "message": {"type": "string", "description": "For people."},
                        },
                    }
                },
            }
        }
    },
}


@dataclass(frozen=True)
class Document:
    """A document with one operation, and the parts of that operation that a page states."""

    name: str
    content: dict[str, Any]
    method: str
    path: str
    operation_id: str
    request: dict[str, Any] | None
    status: str
    response: dict[str, Any]


def documents() -> Iterator[Document]:
    """Yield every document with a documented refusal beside its success."""
    for file in sorted(PAGES.glob("*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        ((path, item),) = content["paths"].items()
        ((method, operation),) = item.items()
        ((status, answer),) = operation["responses"].items()
        operation["responses"]["422"] = REFUSAL
        operation.setdefault("tags", ["things"])
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        yield Document(
            name=file.stem,
            content=content,
            method=method.upper(),
            path=path,
            operation_id=operation["operationId"],
            request=body.get("schema"),
            status=status,
            response=answer["content"]["application/json"]["schema"],
        )


def of_3_0(document: Document) -> Document:
    """Return the document as OpenAPI 3.0 writes it: null and exclusive bounds are flags there."""
    content = _of_3_0(document.content)
    return replace(document, content={**content, "openapi": "3.0.3"})


def _of_3_0(value: Any) -> Any:
    if isinstance(value, list):
        return [_of_3_0(item) for item in value]
    if not isinstance(value, dict):
        return value
    out = {key: _of_3_0(item) for key, item in value.items()}
    kinds = out.get("type")
    if isinstance(kinds, list):
        out["type"] = next(kind for kind in kinds if kind != "null")
        out["nullable"] = True
    for bound in ("minimum", "maximum"):
        exclusive = "exclusive" + bound.capitalize()
        if isinstance(out.get(exclusive), int | float):
            out[bound], out[exclusive] = out[exclusive], True
    return out
