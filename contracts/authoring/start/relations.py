"""Relations that are proposed for an operation: conventions, until a person confirms them."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from contracts.authoring.start import operation as surroundings
from contracts.authoring.start.links import Proposal
from contracts.schema import keywords
from contracts.schema.files import read_toml

SCALARS = ({"string"}, {"number"}, {"integer"}, {"boolean"})
NUMBERS = {"number", "integer"}
WORDS = Path(__file__).with_suffix(".toml")  # id, statement and reason of each operator's rows

Rows = Iterator[dict[str, Any]]

CREATED = re.compile(r"creat|inserted|placed|made", re.IGNORECASE)
LATER = re.compile(r"(?:updat|modif|chang|expir)\w*", re.IGNORECASE)
PAGE_SIZE = re.compile(r"limit|take|count|size|(page|per)_?(size|page|limit)", re.IGNORECASE)
# members that a server shows otherwise than it was sent them: masked, or counted on by itself
OWN_FORM = re.compile(
    r"pass(?:word|code|phrase)|secret|token|cv[cv]\d?|pin$|card_?number|account_?number|iban|ssn"
    r"|version|revision|etag|updated|modified|created",
    re.IGNORECASE,
)
SLACK = 1  # seconds: two times of one answer may be rounded, or come from two clocks


def propose(
    page: Mapping[str, Any],
    own: Sequence[Proposal] = (),
    derived: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """Return the rows of contract.toml for an operation.

    `own` are the links that lead to it, `derived` the operations of its API.
    """
    lines = page["operation"]["x-source"]["method"]
    reads = page["operation"]["method"] == "GET"
    rows = [*(_reads(page, own, derived) if reads else _writes(page))]
    rows += [*_times(page), *_products(page)]
    by_id = {row["id"]: {"basis": "convention", "lines": lines, **row} for row in rows}
    return list(by_id.values())


def _row(operator: str, arguments: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Return the row of a relation; `names` are put into its id and statement."""
    words = {key: text.format(**names) for key, text in read_toml(WORDS)[operator].items()}
    said = {"id": words["id"], "statement": words["statement"], "op": operator}
    return {**said, **arguments, "why": words["why"]}


def _writes(page: Mapping[str, Any]) -> Rows:
    """Yield what holds of an operation that writes: what was sent comes back, ids differ."""
    yield from _echoes(page)
    created = surroundings.created(page["response"] or {})
    if created and _makes_new(page) and created not in dict(_scalars(page["request"] or {})):
        yield _row("unique", {"response": created})


def _makes_new(page: Mapping[str, Any]) -> bool:
    """Whether an operation surely makes something new each time.

    ``POST /customers/{id}`` changes a customer, and ``POST /payments/{id}/capture`` acts on a
    payment; ``POST /stores/{id}/orders`` makes an order.
    """
    operation = page["operation"]
    if operation["method"] != "POST":
        return False
    *before, last = [part for part in operation["path"].split("/") if part] or [""]
    acts = any("{" in part for part in before) and not last.endswith("s")
    return "{" not in last and (operation["success_status"] == 201 or not acts)


def _echoes(page: Mapping[str, Any]) -> Rows:
    """Yield that a member comes back, for each that the answer has by the same name and type."""
    response = page["response"] or {}
    answered = dict(_scalars(response))
    # an answer may wrap what was made, as in {"data": {...}}, and a request what it sends
    around_answer = (surroundings.created(response) or "").rpartition("/")[0]
    members = (page["request"] or {}).get("properties", {})
    around_request = f"/{next(iter(members))}" if len(members) == 1 else ""
    for pointer, schema in _scalars(page["request"] or {}):
        inner = pointer.removeprefix(around_request)
        places = (pointer, f"{around_answer}{pointer}", inner, f"{around_answer}{inner}")
        place = next((each for each in places if each in answered), None)
        if place is not None and _comes_back(pointer, schema, answered[place]):
            lines = schema["x-source"].get("type", page["operation"]["x-source"]["method"])
            arguments = {"request": pointer, "response": place, "lines": lines}
            yield _row("comes_back", arguments, name=_dotted(pointer))


def _scalars(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield (pointer, schema) of each text, number and boolean; ``*`` stands for all items."""
    for path, _, part in keywords.subschemas(schema):
        if _types(part) in SCALARS and "{}" not in path:
            yield keywords.place_of(path), part


def _dotted(pointer: str) -> str:
    """Return a pointer as people write it: ``order_lines[].name``."""
    return keywords.dotted(keywords.path_of(pointer))


def _comes_back(pointer: str, sent: Mapping[str, Any], answered: Mapping[str, Any]) -> bool:
    """Whether a member is likely to be shown as it was sent, and not as the server sees it."""
    alike = all(
        sent[name] == answered[name]
        for name in ("format", "enum")
        if name in sent and name in answered
    )
    hidden = sent.get("readOnly") or answered.get("writeOnly")
    named = [part for part in pointer.split("/") if part != "*"][-1]
    same_type = _types(sent) == _types(answered) or {*_types(sent), *_types(answered)} == NUMBERS
    return bool(same_type and alike and not hidden and not OWN_FORM.search(named))


def _times(page: Mapping[str, Any]) -> Rows:
    """Yield that what was created is neither changed nor over before that."""
    sent = dict(_scalars(page["request"] or {}))
    instants: dict[str, list[str]] = {}
    for pointer, schema in _scalars(page["response"] or {}):
        if schema.get("format") == "date-time" and "*" not in pointer and pointer not in sent:
            instants.setdefault(pointer.rpartition("/")[0], []).append(pointer)
    for home, pointers in instants.items():
        names = {pointer: pointer.removeprefix(f"{home}/") for pointer in pointers}
        earlier = [pointer for pointer, name in names.items() if CREATED.match(name)]
        later = [pointer for pointer, name in names.items() if LATER.match(name)]
        for first, second in itertools.product(earlier, later):
            arguments = {"earlier": first, "later": second, "slack": SLACK}
            names = {"name": _dotted(second), "earlier": first[1:], "later": second[1:]}
            yield _row("not_before", arguments, **names)


def _products(page: Mapping[str, Any]) -> Rows:
    """Yield that a member is the product of others, where a sentence of the page says so."""
    for related in page["relations"]:
        places = [place.strip("/").split("/", 1) for place in (related["at"], *related["of"])]
        if related["operator"] == "product" and all(part == "response" for part, _ in places):
            total, *factors = (pointer for _, pointer in places)
            arguments = {
                "of": [f"/{factor}" for factor in factors],
                "equals": f"/{total}",
                "lines": [related["line"], related["line"]],
            }
            names = {
                "name": _dotted(f"/{total}"),
                "total": total,
                "factors": " times ".join(factors),
            }
            yield _row("product", arguments, **names)


def _reads(
    page: Mapping[str, Any], own: Sequence[Proposal], derived: Mapping[str, Mapping[str, Any]]
) -> Rows:
    """Yield what holds of an operation that reads: what was created is shown, nothing changes."""
    response = page["response"] or {}
    identity = surroundings.created(response)
    for link in own[-1:]:
        if link.place == "path" and identity is not None:
            place = identity.rpartition("/")[0]
            arguments = {
                "by": link.source,
                "created_id": link.pointer,
                "parameter": link.name,
                "created": link.pointer.rpartition("/")[0],
                "response": place,
            }
            yield _row("reads_back", arguments)
            yield _row("unchanged", {"response": place})
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
                arguments = {
                    "by": source,
                    "created_id": created,
                    "created": created.rpartition("/")[0],
                    "items": f"/{name}",
                    "item_id": identity,
                    "instant": _instant(items),
                    "pages": [],
                    **_page(page["operation"]),
                }
                yield _row("listed", arguments)


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
