"""A small conforming server for the operation that the pages beside this module describe."""

from __future__ import annotations

import copy
import itertools
import json
import uuid
from typing import Any

import flask
from jsonschema import Draft202012Validator

TOKEN = "local-token-of-the-forms"
SIGNATURE = "local-signature"
KINDS = ["box", "letter", "pallet"]
CREDENTIALS = {"Authorization": f"Bearer {TOKEN}", "X-Crates-Key": TOKEN}
BODY: dict[str, Any] = {
    "type": "object",
    "required": ["kind", "weight"],
    "properties": {
        "kind": {"enum": KINDS},
        "label": {"type": "string", "maxLength": 40},
        "weight": {"type": "number", "minimum": 1},
        "owner": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "email": {"type": "string", "pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"},
            },
        },
    },
}


def create_app(
    header: str,
    *,
    nullable: bool = False,
    signed: bool = False,
    spoiled: bool = False,
    refused: str | None = None,
) -> flask.Flask:
    """Return an app that takes what the schema says and refuses everything else.

    `header` carries the credential. With `nullable` the label may be null; with `signed` a
    signature and a tenant are asked for as well; a `spoiled` one answers with an id of the wrong
    type. One kind of crate may be `refused`.
    """
    app = flask.Flask(__name__)
    numbers = itertools.count(7)
    schema = copy.deepcopy(BODY)
    if nullable:
        schema["properties"]["label"]["type"] = ["string", "null"]
    body = Draft202012Validator(schema)

    def pack() -> Any:
        sent = flask.request.headers
        if sent.get(header) != CREDENTIALS[header]:
            return {"title": "Who are you?"}, 401
        if signed and (sent.get("X-Signature") != SIGNATURE or sent.get("X-Tenant") != "north"):
            return {"title": "Not signed"}, 401
        try:
            crate = json.loads(flask.request.get_data(), parse_constant=float)
        except (ValueError, RecursionError):
            return {"title": "No JSON"}, 400
        errors = [error.message for error in body.iter_errors(crate)]
        if errors or crate["kind"] == refused:
            errors.append("not that kind")
            return {"title": "It can't be packed", "detail": errors[0][:80]}, 422
        packed = {
            "id": next(numbers) if spoiled else str(uuid.uuid4()),
            "kind": crate["kind"],
            "weight": crate["weight"],
            "createdAt": "2026-01-31T12:00:00Z",
        }
        return packed, 201

    app.add_url_rule("/v1/crates", "pack", pack, methods=["POST"])
    return app
