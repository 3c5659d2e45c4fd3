"""Relations that are proposed for an operation: conventions, until a person confirms them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.authoring.start import operation as surroundings
from contracts.authoring.start.links import Proposal, member
from contracts.schema.keywords import types

SCALARS = ({"string"}, {"number"}, {"integer"}, {"boolean"})
WHY_ECHO = "request and answer have a member of this name and type"
WHY_BACK = "what was created is read by its id, and both answers have the same members"
WHY_SAFE = "GET is safe (RFC 9110, section 9.2.1)"
WHY_UNIQUE = "an id that two have in common names neither"

Rows = Iterator[dict[str, Any]]

CREATED = re.compile(r"creat|inserted|placed|made", re.IGNORECASE)
PAGE_SIZE = re.compile(r"limit|take|count|size|(page|per)_?(size|page|limit)", re.IGNORECASE)


def propose(
    page: Mapping[str, Any], own: Sequence[Proposal], derived: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the rows of contract.toml for an operation with the links that lead to it."""
    lines = page["operation"]["x-source"]["method"]
    rows = _echoes(page) if page["operation"]["method"] != "GET" else _reads(page, own, derived)
    return [{**row, "basis": "convention", "lines": lines} for row in rows]


def _echoes(page: Mapping[str, Any]) -> Rows:
    response = page["response"] or {}
    created = surroundings.created(response)
    wrapper = created.rpartition("/")[0] if created else ""
    sent = (page["request"] or {}).get("properties", {})
    answered = member(response, wrapper).get("properties", {})
    for name, schema in sent.items():
        if _types(schema) in SCALARS and _types(schema) == _types(answered.get(name, {})):
            yield {
                "id": f"relation.{name}.echo",
                "statement": f"{name} comes back as it was sent",
                "op": "echo",
                "request": f"/{name}",
                "response": f"{wrapper}/{name}",
                "null_allowed": True,
                "why": WHY_ECHO,
            }
    if created:
        yield {
            "id": "relation.id.unique",
            "statement": "whatever is created has an id of its own",
            "op": "unique",
            "response": created,
            "why": WHY_UNIQUE,
        }


def _reads(
    page: Mapping[str, Any], own: Sequence[Proposal], derived: Mapping[str, Mapping[str, Any]]
) -> Rows:
    response = page["response"] or {}
    shown = surroundings.created(response)
    for link in own[-1:]:
        if link.place == "path" and shown is not None:
            place = shown.rpartition("/")[0]
            yield {
                "id": "relation.created.reads_back",
                "statement": "what was created reads back the same",
                "op": "reads_back",
                "by": link.source,
                "created_id": link.pointer,
                "parameter": link.name,
                "created": link.pointer.rpartition("/")[0],
                "response": place,
                "why": WHY_BACK,
            }
            yield {
                "id": "relation.read.unchanged",
                "statement": "reading changes nothing",
                "op": "unchanged",
                "response": place,
                "why": WHY_SAFE,
            }
    yield from _listed(page, derived)


def _listed(page: Mapping[str, Any], derived: Mapping[str, Mapping[str, Any]]) -> Rows:
    """Yield that a list has what was created at its address."""
    for name, schema in (page["response"] or {}).get("properties", {}).items():
        items = schema.get("items", {})
        identity = surroundings.created(items) if isinstance(items, Mapping) else None
        for source, other in derived.items():
            operation = other["operation"]
            created = surroundings.created(other["response"] or {})
            same_address = operation["path"] == page["operation"]["path"]
            if identity and created and same_address and operation["method"] == "POST":
                yield {
                    "id": "relation.created.listed",
                    "statement": "the list has what was created, as it was created",
                    "op": "listed",
                    "by": source,
                    "created_id": created,
                    "created": created.rpartition("/")[0],
                    "items": f"/{name}",
                    "item_id": identity,
                    "instant": _instant(items),
                    "pages": [],
                    **_page(page["operation"]),
                    "why": WHY_BACK,
                }


def _instant(items: Mapping[str, Any]) -> str:
    """Return the pointer to when an item of a list was created."""
    instants = (
        name
        for name, schema in items.get("properties", {}).items()
        if schema.get("format") == "date-time" and CREATED.match(name)
    )
    return f"/{next(instants, 'createdAt')}"


def _page(operation: Mapping[str, Any]) -> dict[str, int]:
    """Return how many items a list has at most where nothing is asked for, if the page says so."""
    defaults = (
        parameter["schema"].get("default")
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query" and PAGE_SIZE.fullmatch(parameter["name"])
    )
    return next(({"page": size} for size in defaults if isinstance(size, int)), {})


def _types(schema: Mapping[str, Any]) -> set[str]:
    return set(types(schema)) - {"null"}
