"""The embedded sandbox: a small conforming server per API, as a WSGI application.

It follows the documents by itself and shares no code with the judge: what it knows of a
contract is the request schema that it is given as data. Of an API without a module of its own
the generic server (`contracts.sandbox.generic`) is given a description.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# by API: the variables that its contracts read, as they are for its embedded sandbox
ENVIRONMENT: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("environments.toml").read_text(encoding="utf-8")
)
_KOHORT = ENVIRONMENT["kohort"]
_KOMERZA = ENVIRONMENT["komerza"]
TOKEN = _KOHORT["KOHORT_TOKEN"]
OTHER_TOKEN = _KOHORT["KOHORT_FOREIGN_TOKEN"]
TOKEN_WITHOUT_PERMISSION = _KOMERZA["KOMERZA_TOKEN_WITHOUT_PERMISSION"]
FOREIGN_ORDER = _KOHORT["KOHORT_FOREIGN_ORDER"]
FOREIGN_GROUP = _KOHORT["KOHORT_FOREIGN_GROUP"]
FOREIGN_STORE_ORDER = _KOMERZA["KOMERZA_FOREIGN_ORDER"]
STORE = _KOMERZA["KOMERZA_STORE"]
FOREIGN_STORE = _KOMERZA["KOMERZA_FOREIGN_STORE"]
# by the names that the contract of komerza@2 has for them
KNOWN = {
    "productId": _KOMERZA["KOMERZA_PRODUCT"],
    "variantId": _KOMERZA["KOMERZA_VARIANT"],
    "couponCode": _KOMERZA["KOMERZA_COUPON"],
    "affiliateCode": _KOMERZA["KOMERZA_AFFILIATE"],
}

# name and revision of a contract -> the module of its server and what that is told besides; the
# modules are loaded when a server is made, since whoever verifies an address needs none of Flask
APPS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "kohort": ("contracts.sandbox.kohort", {}),
    "kohort@2": ("contracts.sandbox.kohort", {"revision": 2}),
    "komerza": ("contracts.sandbox.komerza", {}),
    "komerza@2": ("contracts.sandbox.komerza_orders", {}),
}


def environment(api: str) -> Mapping[str, str]:
    """Return the variables for an API's embedded sandbox, such as its token, by name."""
    return ENVIRONMENT[api.partition("@")[0]]


def create_app(
    api: str, request_schema: Mapping[str, Any] | None, lacks: frozenset[str] = frozenset()
) -> WsgiApp:
    """Make the WSGI application of one revision of an API with a state of its own.

    KeyError for one that has none.

    `request_schema` is what bodies are refused by. `lacks` names checks and habits that this
    server does without, so that it can be seeded with a fault; the names stand in the module
    of each API.
    """
    module, options = APPS[api]
    app: WsgiApp = import_module(module).create_app(request_schema, lacks, **options)
    return app
