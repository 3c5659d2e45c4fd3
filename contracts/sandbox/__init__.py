"""The embedded sandbox: a small conforming server per API, as a WSGI application.

It follows the documents by itself and shares no code with the judge: what it knows of a contract is the
request schema that it is given as data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Flask

from contracts.sandbox import kohort, komerza, komerza_orders

TOKEN = "sandbox-token"  # noqa: S105 - public, of a server in this process
TOKEN_WITHOUT_PERMISSION = "sandbox-token-readonly"  # noqa: S105
STORE = komerza.STORE
FOREIGN_STORE = komerza.FOREIGN_STORE
KNOWN = komerza_orders.KNOWN

# name and revision of a contract -> what makes the application
APPS: Mapping[str, Callable[[Mapping[str, Any] | None, frozenset[str]], Flask]] = {
    "kohort": kohort.create_app,
    "kohort@2": partial(kohort.create_app, revision=2),
    "komerza": komerza.create_app,
    "komerza@2": komerza_orders.create_app,
}


def create_app(api: str, request_schema: Mapping[str, Any] | None, lacks: frozenset[str] = frozenset()) -> Flask:
    """Make the application of one revision of an API with a state of its own; KeyError for one that has none.

    `request_schema` is what bodies are refused by. `lacks` names checks and habits that this server does
    without, so that it can be seeded with a fault; the names stand in the module of each API.
    """
    return APPS[api](request_schema, lacks)
