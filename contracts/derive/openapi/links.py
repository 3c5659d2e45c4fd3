"""Links: where another operation takes a value from an answer of this one."""

from __future__ import annotations

from contracts.derive.marked import Part
from contracts.derive.model import Json, Note
from contracts.derive.openapi.document import METHODS, Document


def links_of(status: str, response: Part, document: Document, notes: list[Note]) -> list[Json]:
    """Return the links of one answer, each with the operation it leads to as ``POST /path``."""
    links: list[Json] = []
    listed = response.get("links")
    for name, part in listed.members() if listed is not None else ():
        link = document.resolve(part, notes)
        if link is None:
            continue
        target = _target(link, document)
        if target is None:
            notes.append(
                Note(part.span.first, f"the operation of the link {name} is not in this document")
            )
            continue
        parameters, body = link.get("parameters"), link.get("requestBody")
        links.append(
            {
                "status": status,
                "name": name,
                "operation": target,
                "parameters": parameters.plain() if parameters is not None else {},
                "body": body.plain() if body is not None else None,
            }
        )
    return links


def _target(link: Part, document: Document) -> str | None:
    reference, name = link.text("operationRef"), link.text("operationId")
    paths = document.root.get("paths")
    for path, item in paths.members() if paths is not None else ():
        for method in METHODS:
            operation = item.get(method)
            if operation is None:
                continue
            pointer = f"#/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}"
            if (name is not None and operation.text("operationId") == name) or reference == pointer:
                return f"{method.upper()} {path}"
    return None
