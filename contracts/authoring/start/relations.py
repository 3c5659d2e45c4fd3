"""Relations that are proposed for an operation: conventions, until a person confirms them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.authoring.start import operation as surroundings
from contracts.authoring.start.links import Proposal, member
from contracts.derive.headers import is_json
from contracts.model import Schema
from contracts.schema import keywords
from contracts.schema.rewriting import is_readable

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
    return set(keywords.types(schema)) - {"null"}


INNER = ("items", "additionalProperties")


def refusals(derived: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row for each status of 4xx whose body the document states, to be held to it.

    A status with several bodies gives none, since a refusal may have either; nor does a body of
    which only a sample is known, or one that is no JSON.
    """
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
    """Return what a schema states: nothing guessed, and null beside what a page may leave out.

    `strict` where the document says of every member whether it may be null.
    """
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
