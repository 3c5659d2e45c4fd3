"""What a request sends and its answer shows: members that come back, and defaults of others."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contracts.authoring.start import identity
from contracts.authoring.start.identity import Derived
from contracts.model import Schema
from contracts.schema import keywords
from contracts.schema.files import read_toml
from contracts.schema.jsontext import show

SCALARS = ({"string"}, {"number"}, {"integer"}, {"boolean"})
NUMBERS = {"number", "integer"}
WORDS = Path(__file__).with_name("relations.toml")  # id, statement and reason of operators' rows
# members that a server shows otherwise than it was sent them: masked, or counted on by itself
OWN_FORM = re.compile(
    r"pass(?:word|code|phrase)|secret|token|cv[cv]\d?|pin$|card_?number|account_?number|iban|ssn"
    r"|version|revision|etag|updated|modified|created",
    re.IGNORECASE,
)

ADDRESS = re.compile(r"url|uri|href|self|location|link", re.IGNORECASE)

Rows = Iterator[dict[str, Any]]


def row_of(operator: str, arguments: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Return the row of a relation; `names` are put into its id and statement."""
    words = {key: text.format(**names) for key, text in read_toml(WORDS)[operator].items()}
    said = {"id": words["id"], "statement": words["statement"], "op": operator}
    return {**said, **arguments, "why": words["why"]}


def echoes(page: Derived) -> Rows:
    """Yield that a member comes back, for each that the answer has by the same name and type."""
    response = page["response"] or {}
    answered = dict(scalars(response))
    # an answer may wrap what was made, as in {"data": {...}}, and a request what it sends
    around_answer = (identity.created(page) or "").rpartition("/")[0]
    members = (page["request"] or {}).get("properties", {})
    around_request = f"/{next(iter(members))}" if len(members) == 1 else ""
    for pointer, schema in scalars(page["request"] or {}):
        inner = pointer.removeprefix(around_request)
        places = (pointer, f"{around_answer}{pointer}", inner, f"{around_answer}{inner}")
        place = next((each for each in places if each in answered), None)
        # a part of an amount may be captured: the answer has all of it
        is_part = bool(types_of(schema) & NUMBERS) and identity.acts(page)
        if place and not is_part and _comes_back(pointer, schema, answered[place]):
            lines = schema["x-source"].get("type", page["operation"]["x-source"]["method"])
            arguments = {"request": pointer, "response": place, "lines": lines}
            yield row_of("comes_back", arguments, name=dotted(pointer))
            is_change = page["operation"]["method"] == "PATCH" and "*" not in pointer
            if is_change and "null" in keywords.types(schema) and "default" not in schema:
                yield row_of("cleared", arguments, name=dotted(pointer))
            is_new = page["operation"]["method"] in ("POST", "PUT") and pointer.count("*") < 2
            if "default" in schema and is_new:
                more = {"value": schema["default"], "null_allowed": True}
                said = {"name": dotted(pointer), "value": show(schema["default"])}
                yield row_of("default", {**arguments, **more}, **said)


def leads(page: Derived, derived: identity.Api) -> Rows:
    """Yield that the addresses in an answer are those at which what was made can be read."""
    operation = page["operation"]
    created = identity.created(page)
    form = re.compile(re.escape(operation["path"]) + r"/\{[^{}/]+\}")
    reads = (o["operation"] for o in derived.values() if o["operation"]["method"] == "GET")
    path = next((o["path"] for o in reads if form.fullmatch(o["path"])), None)
    if not created or path is None or operation["method"] != "POST":
        return
    named = {"created": created, "path": path}
    if any(each["name"].lower() == "location" for each in operation.get("answer_headers", ())):
        yield row_of("leads", {**named, "header": "Location"}, name="Location")
    for pointer, schema in scalars(page["response"] or {}):
        is_address = ADDRESS.fullmatch(pointer.rpartition("/")[2]) and "*" not in pointer
        if is_address and types_of(schema) == {"string"}:
            yield row_of("leads", {**named, "response": pointer}, name=dotted(pointer))


def scalars(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Yield (pointer, schema) of each text, number, boolean and map; ``*`` stands for all items."""
    for path, _, part in keywords.subschemas(schema):
        kinds = types_of(part)
        is_map = kinds == {"object"} and not {"properties", "anyOf"} & part.keys() and path
        if (kinds in SCALARS or is_map) and "{}" not in path:
            yield keywords.place_of(path), part


def dotted(pointer: str) -> str:
    """Return a pointer as people write it: ``order_lines[].name``."""
    return keywords.dotted(keywords.path_of(pointer))


def _comes_back(pointer: str, sent: Schema, answered: Schema) -> bool:
    """Whether a member is likely to be shown as it was sent, and not as the server sees it."""
    both = [
        [option for option in (schema["enum"]) if option is not None]
        for schema in (sent, answered)
        if "enum" in schema
    ]
    formats = {schema["format"] for schema in (sent, answered) if "format" in schema}
    alike = len(formats) < 2 and both[:1] == both[-1:]
    hidden = sent.get("readOnly") or answered.get("writeOnly")
    named = [part for part in pointer.split("/") if part != "*"][-1]
    same_type = (
        types_of(sent) == types_of(answered) or {*types_of(sent), *types_of(answered)} == NUMBERS
    )
    return bool(same_type and alike and not hidden and not OWN_FORM.search(named))


def types_of(schema: Schema) -> set[str]:
    """Return the types of a schema, but for null."""
    return set(keywords.types(schema)) - {"null"}
