"""OpenAPI documents under `pages/`: one operation each, without references."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Operation:
    """The parts of a document that a page prints."""

    name: str
    method: str
    path: str
    server: str
    scheme: dict[str, Any]
    summary: str
    description: str
    parameters: tuple[dict[str, Any], ...]
    body_description: str
    request: dict[str, Any] | None
    status: str
    response_description: str
    response: dict[str, Any]


@cache
def operations() -> tuple[Operation, ...]:
    """Load every document."""
    return tuple(_load(path) for path in sorted(PAGES.glob("*.json")))


def _load(path: Path) -> Operation:
    document = json.loads(path.read_text(encoding="utf-8"))
    ((route, item),) = document["paths"].items()
    ((method, operation),) = item.items()
    ((status, answer),) = operation["responses"].items()
    (scheme,) = document["components"]["securitySchemes"].values()
    body = operation.get("requestBody", {})
    return Operation(
        name=path.stem,
        method=method.upper(),
        path=route,
        server=document["servers"][0]["url"],
        scheme=scheme,
        summary=operation["summary"],
        description=operation.get("description", ""),
        parameters=tuple(operation.get("parameters", ())),
        body_description=body.get("description", ""),
        request=body["content"]["application/json"]["schema"] if body else None,
        status=status,
        response_description=answer["description"],
        response=answer["content"]["application/json"]["schema"],
    )


def base_type(schema: dict[str, Any]) -> str | None:
    """Give the type of a schema beside null."""
    stated = schema.get("type")
    if isinstance(stated, list):
        return next((str(item) for item in stated if item != "null"), None)
    return str(stated) if stated else None


def admits_null(schema: dict[str, Any]) -> bool:
    """Tell whether a schema lists null among its types."""
    return isinstance(schema.get("type"), list) and "null" in schema["type"]
