"""The embedded sandbox: a small conforming server per API, as a WSGI application.

It follows the documents by itself and shares no code with the judge: what it knows of a
contract is the request schema that it is given as data. Of an API without a module of its own
the generic server (`contracts.sandbox.generic`) is given a description.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# what callers have to know of the embedded sandboxes: keys, stores, and what exists there
TOKEN = "sandbox-token"  # noqa: S105 - public, of a server in this process
TOKEN_WITHOUT_PERMISSION = "sandbox-token-readonly"  # noqa: S105
# of another tenant, who has an order and a group (Kohort), and an order in a store (Komerza)
OTHER_TOKEN = "sandbox-token-of-another"  # noqa: S105
FOREIGN_ORDER = "ord_another"
FOREIGN_GROUP = "pg_another"
FOREIGN_STORE_ORDER = "3d0c7a52-1b5e-4f7a-8c2d-9e6f5a4b3c21"
STORE = "6f1c2a52-8f0e-4c5e-9a56-0f5a3f1d7b01"
FOREIGN_STORE = "0d9be1f4-3c57-4b5a-8a2f-6f2a4f5f9c02"
# by the names that the contract of komerza@2 has for them
KNOWN = {
    "productId": "b4c1f3a0-5d2e-4a7b-9c61-0e8d7f6a5b42",
    "variantId": "c7d2e4b1-6a3f-4b8c-8d72-1f9e8a7b6c53",
    "couponCode": "SPRING",
    "affiliateCode": "CREATOR",
}
# by API: the variables that its contracts read, as they are for its embedded sandbox
ENVIRONMENT = {
    "kohort": {
        "KOHORT_TOKEN": TOKEN,
        "KOHORT_FOREIGN_TOKEN": OTHER_TOKEN,
        "KOHORT_FOREIGN_ORDER": FOREIGN_ORDER,
        "KOHORT_FOREIGN_GROUP": FOREIGN_GROUP,
    },
    "komerza": {
        "KOMERZA_TOKEN": TOKEN,
        "KOMERZA_TOKEN_WITHOUT_PERMISSION": TOKEN_WITHOUT_PERMISSION,
        "KOMERZA_STORE": STORE,
        "KOMERZA_FOREIGN_STORE": FOREIGN_STORE,
        "KOMERZA_FOREIGN_TOKEN": OTHER_TOKEN,
        "KOMERZA_FOREIGN_ORDER": FOREIGN_STORE_ORDER,
        "KOMERZA_PRODUCT": KNOWN["productId"],
        "KOMERZA_VARIANT": KNOWN["variantId"],
        "KOMERZA_COUPON": KNOWN["couponCode"],
        "KOMERZA_AFFILIATE": KNOWN["affiliateCode"],
    },
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
