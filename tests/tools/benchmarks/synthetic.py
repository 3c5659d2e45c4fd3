"""Contracts of any size, and a sandbox that keeps them: what growth is measured on."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from contracts.definition.clauses import make_clauses
from contracts.engine import credentials, embedding, transports
from contracts.model import Contract
from contracts.schema import formats
from contracts.verify import targets
from tests.helpers.drawn import DOCUMENT, LAYER, OPERATION, sourced

FORMATS = FormatChecker([])
FORMATS.checks("email")(lambda value: not isinstance(value, str) or formats.FORMATS["email"](value))
TOKEN = "token-of-a-synthetic-sandbox"
# what the members of a body are, one after the other: what a page says, and what narrows it to the
# plausible
KINDS: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"type": "string"}, {"minLength": 1, "maxLength": 60}),
    ({"type": "integer"}, {"minimum": 1, "maximum": 5_000}),
    ({"type": "string", "enum": ["RED", "GREEN", "BLUE"]}, {}),
    ({"type": "string", "format": "email"}, {}),
    ({"type": "boolean"}, {}),
    (
        {"type": ["string", "null"], "maxLength": 40},
        {"minLength": 3, "pattern": "^[A-Za-z ]+$", "examples": ["some text"]},
    ),
)


def contract(members: int, name: str = "synthetic") -> Contract:
    """Make a contract whose body and answer have so many members, each sent back as it came."""
    kinds = itertools.cycle(KINDS)
    pairs = {f"member{number}": next(kinds) for number in range(members)}
    properties = {name: said for name, (said, _) in pairs.items()}
    narrowed = {name: {**said, **more} for name, (said, more) in pairs.items()}
    required = [f"member{number}" for number in range(0, members, 10)]
    request = {"type": "object", "properties": properties, "required": required}
    response = {
        "type": "object",
        "properties": {"id": {"type": "string"}, **properties},
        "required": ["id"],
    }
    schemas = {"request": sourced(request), "response": sourced(response)}
    schemas["plausible"] = {
        **sourced({**request, "properties": narrowed}),
        "additionalProperties": False,
    }
    relations = [
        {
            "id": f"relation.{member}.echo",
            "statement": f"{member} comes back as it was sent",
            "op": "echo",
            "request": f"/{member}",
            "response": f"/{member}",
            "basis": "document",
            "lines": [1, 1],
        }
        for member in properties
    ]
    data = {"operation": {}, "relations": relations}
    clauses = make_clauses(schemas, LAYER, data, [DOCUMENT])
    return Contract(
        name,
        name,
        1,
        OPERATION,
        {"drawn.txt": "0" * 64},
        schemas["request"],
        schemas["plausible"],
        schemas["response"],
        clauses,
    )


class Target(targets.Target):
    """A synthetic contract with a sandbox of its own in this process."""

    # the interface's
    def transport(self, connections: int) -> transports.HttpTransport:  # noqa: ARG002
        """Make the transport."""
        return embedding.embedded(_app(self.contract), self.credentials)


def target_of(made: Contract) -> Target:
    """Make the target of a synthetic contract."""
    return Target(made, None, credentials.Credentials(TOKEN), {})


def _app(made: Contract) -> Callable[..., Iterable[bytes]]:
    """Make a sandbox that checks bodies by D and echoes what it takes."""
    validator = Draft202012Validator(made.request or {}, format_checker=FORMATS)
    numbers = itertools.count(1)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, value = "201 Created", {}
        if environ.get("HTTP_AUTHORIZATION") != f"Bearer {TOKEN}":
            status, value = "401 Unauthorized", {"message": "no such token"}
        else:
            try:
                body = json.loads(sent)
            except (ValueError, RecursionError):  # nested too deep
                status, value = "400 Bad Request", {"message": "no JSON"}
            else:
                if validator.is_valid(body):
                    value = {
                        "id": f"id-{next(numbers)}",
                        **{n: v for n, v in body.items() if n.startswith("member")},
                    }
                else:
                    status, value = "400 Bad Request", {"message": "the body does not fit"}
        text = json.dumps(value).encode()
        start_response(
            status, [("Content-Type", "application/json"), ("Content-Length", str(len(text)))]
        )
        return [text]

    return app
