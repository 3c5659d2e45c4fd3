"""The embedded sandbox: a small conforming server per API, as a WSGI application.

It follows the documents by itself and shares no code with the judge: what it knows of a contract is
the request schema that it is given as data. Of an API without a module of its own the generic
server (`contracts.sandbox.generic`) is given a description.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

from contracts.sandbox.values import (
    ENVIRONMENT,
    FOREIGN_STORE,
    KNOWN,
    OTHER_TOKEN,
    STORE,
    TOKEN,
    TOKEN_WITHOUT_PERMISSION,
)

__all__ = [
    "APPS",
    "FOREIGN_STORE",
    "KNOWN",
    "OTHER_TOKEN",
    "STORE",
    "TOKEN",
    "TOKEN_WITHOUT_PERMISSION",
    "WsgiApp",
    "create_app",
    "environment",
]

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# name and revision of a contract -> the module of its server and what that is told besides; the
# modules are loaded when a server is made, since whoever verifies an address needs none of Flask
APPS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "kohort": ("contracts.sandbox.kohort", {}),
    "kohort@2": ("contracts.sandbox.kohort", {"revision": 2}),
    "komerza": ("contracts.sandbox.komerza", {}),
    "komerza@2": ("contracts.sandbox.komerza_orders", {}),
}


def environment(api: str) -> Mapping[str, str]:
    """Return the variables for an API's embedded sandbox, such as its token, by their names."""
    return ENVIRONMENT[api.partition("@")[0]]


def create_app(
    api: str, request_schema: Mapping[str, Any] | None, lacks: frozenset[str] = frozenset()
) -> WsgiApp:
    """Make the WSGI application of one revision of an API with a state of its own.

    KeyError for one that has none.

    `request_schema` is what bodies are refused by. `lacks` names checks and habits that this server
    does without, so that it can be seeded with a fault; the names stand in the module of each API.
    """
    module, options = APPS[api]
    app: WsgiApp = import_module(module).create_app(request_schema, lacks, **options)
    return app
