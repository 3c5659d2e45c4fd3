"""A conforming Komerza: orders in stores of tenants, by tokens that have permissions.

What it can lack: ``foreign`` (another tenant's store will do), ``unknown`` (a store that does not
exist will do), ``malformed`` (a store id that is none will do), ``new_id`` (every order has the
same id), ``foreign_order`` (another tenant's order may be read in one's own store),
``unknown_order`` (an order nobody has is answered), ``malformed_order`` (an order id that is none
is answered), ``any_store`` (an order is found in whichever store), ``listed`` (every second order
is in no list), ``sorts`` (lists come in the order of creation, whatever is asked for), ``lag``
(lists have an order after half a second).
"""

import itertools
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, request

from contracts.sandbox import (
    FOREIGN_STORE,
    FOREIGN_STORE_ORDER,
    OTHER_TOKEN,
    STORE,
    TOKEN,
    TOKEN_WITHOUT_PERMISSION,
)
from contracts.sandbox.http import Refusal, answer, bearer, body, check, sample

CREATE = "stores.orders.create"
VIEW = "stores.orders.view"
PERMISSIONS = {TOKEN: {CREATE, VIEW}, OTHER_TOKEN: {CREATE, VIEW}, TOKEN_WITHOUT_PERMISSION: {VIEW}}
STORES = {TOKEN: STORE, OTHER_TOKEN: FOREIGN_STORE, TOKEN_WITHOUT_PERMISSION: STORE}
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SAME_ID = "00000010-0000-0000-0000-000000000000"  # of every order, where ids are not new
CODES = {400: "invalid_body", 401: "unauthorized", 403: "forbidden", 404: "not_found"}
PAGE = 25  # orders of a list
LAG = 0.5  # seconds until a list has an order, where it is slow
LISTED = (
    *("id", "dateCreated", "items", "gateway", "status"),
    *("currencyCode", "amountPaid", "amount", "coupon"),
)


class Komerza:
    """The state of one server; safe to use from several threads."""

    def __init__(self, schema: Mapping[str, Any] | None, lacks: frozenset[str]) -> None:
        self._schema = schema
        self._lacks = lacks
        self._lock = threading.Lock()
        self._kept: list[tuple[float, str, dict[str, Any]]] = []  # when, the store, the order
        self._numbers = itertools.count(1)  # next() of a count is one step, even with threads

    def create_order(self, store: str) -> Response:
        """Answer POST /stores/{storeId}/orders."""
        return self._answered(CREATE, store, self._created, "Created")

    def get_order(self, store: str, order: str) -> Response:
        """Answer GET /stores/{storeId}/orders/{orderId}."""

        def read(own: str) -> dict[str, Any]:
            return {"data": {"order": _read(self._find(own, order.lower()), own)}}

        return self._answered(VIEW, store, read, "Found")

    def list_orders(self, store: str) -> Response:
        """Answer GET /stores/{storeId}/orders."""
        return self._answered(VIEW, store, self._listed, "Found")

    def _created(self, store: str) -> dict[str, Any]:
        with self._lock:  # orders are kept in the order of their dates
            order = self._create(store)
            self._kept.append((time.monotonic(), store, order))
        return {"data": order}

    def _find(self, store: str, name: str) -> dict[str, Any]:
        if name == FOREIGN_STORE_ORDER and "foreign_order" in self._lacks:
            return self._kept[0][2]
        for _, owner, order in self._kept:
            if order["id"] == name and (owner == store or "any_store" in self._lacks):
                return order
        if "malformed_order" in self._lacks and not re.fullmatch(UUID, name):
            return self._kept[-1][2]
        if "unknown_order" in self._lacks and self._kept:
            return self._kept[-1][2]
        raise Refusal(404, "No such order")

    def _listed(self, store: str) -> dict[str, Any]:
        """Return a page of a store's orders, newest first or as the query says."""
        latest = time.monotonic() - (LAG if "lag" in self._lacks else 0)
        so_far = [(owner, order) for moment, owner, order in self._kept if moment <= latest]
        orders = [order for owner, order in so_far if owner == store]
        if "listed" in self._lacks:
            orders = orders[::2]
        newest_first = request.args.get("sorts", "-dateCreated").startswith("-")
        if newest_first and "sorts" not in self._lacks:
            orders = orders[::-1]
        if request.args.get("filters", "status==pending") != "status==pending":
            raise Refusal(400, "No such filter")
        rows = []
        for order in orders[:PAGE]:
            email = {"customerEmail": order["customer"]["emailAddress"]}
            rows.append({**{name: order.get(name) for name in LISTED}, **email})
        return {"pages": -(-len(orders) // PAGE), "data": rows}

    def _answered(
        self, permission: str, store: str, respond: Callable[[str], dict[str, Any]], message: str
    ) -> Response:
        try:
            self._authorize(permission)
            self._check_store(store)
            answered = respond(store.lower())
        except Refusal as refusal:
            words = {"message": refusal.message, "code": CODES[refusal.status]}
            return answer(refusal.status, {"success": False, **words, **refusal.more})
        return answer(200, {"success": True, "message": message, "code": None, **answered})

    def _authorize(self, permission: str) -> None:
        """Refuse whoever has no key, or one that lacks the permission."""
        permissions = PERMISSIONS.get(bearer(request))
        if permissions is None:
            raise Refusal(401, "Unknown key")
        if permission not in permissions:
            raise Refusal(403, f"The key lacks the permission {permission}")

    def _check_store(self, store: str) -> None:
        if store.lower() == STORES[bearer(request)]:
            return
        kind = "foreign" if store.lower() in STORES.values() else "unknown"
        if not re.fullmatch(UUID, store.lower()):
            kind = "malformed"
        if kind not in self._lacks:
            raise Refusal(404, "No such store")

    def _create(self, store: str) -> dict[str, Any]:
        """Make an order; of a page that documents no body, from nothing that was sent."""
        if self._schema is not None:
            check(self._schema, body(request))
        elif request.get_data() and not isinstance(body(request), dict):
            raise Refusal(400, "The body is no JSON object")
        number = next(self._numbers)
        lines = ((19.99, 1 + number % 3), (4.5, 2))[: 1 + number % 2]
        items = [item(amount, quantity) for amount, quantity in lines]
        total = sum(item["lineTotal"] for item in items)
        percentage = number % 2 == 0
        discount = number % 3 == 0
        decrease, share = (round(total * 0.1, 2), 10) if percentage else (1, None)
        return self._order(
            store,
            number,
            items=items,
            customer=sample("komerza", "customer"),
            amount=round(total * 0.9 if percentage else total - 1, 2),
            coupon=sample("komerza", "coupon", netDecrease=decrease, percentageDecrease=share),
            affiliateDiscount=sample(
                "komerza",
                "discount",
                netDecrease=round(total * 0.05, 2) if discount else 0.5,
                percentageDecrease=5 if discount else None,
            ),
        )

    def _order(self, store: str, number: int, **own: Any) -> dict[str, Any]:
        """Return an order with members of its own, paid for and delivered as all orders are."""
        order = sample("komerza", "order", **own)
        if "new_id" in self._lacks:
            order["id"] = SAME_ID
        order["gatewayMetadata"] = sample("komerza", "payment", transactionId=f"tx_{number}")
        of_order = {"orderId": order["id"], "storeId": store}
        order["deliveredItems"] = [
            sample("komerza", thing, **of_order) for thing in ("delivered file", "delivered key")
        ]
        return order


def item(amount: float, quantity: float, **ids: Any) -> dict[str, Any]:
    """Return a line of an order; `ids` are those of the product and its variant, where known."""
    total = round(amount * quantity, 2)
    return sample("komerza", "item", **ids, amount=amount, lineTotal=total, quantity=quantity)


def _read(order: dict[str, Any], store: str) -> dict[str, Any]:
    """Return an order as it is read: with the store, and with the order's id in its parts."""
    of_order = {"storeId": store, "orderId": order["id"]}
    buyer = {"customerId": order["customer"]["customerId"]}
    created = order["customer"]["dateCreated"]
    login = sample("komerza", "login", id=buyer["customerId"], dateCreated=created)
    return {
        **order,
        "storeId": store,
        "userId": "usr_1",
        "items": [{**line, **of_order} for line in order["items"]],
        "deliveredItems": [{**part, **buyer} for part in order["deliveredItems"]],
        "customer": {**order["customer"], "externalLogins": [login]},
    }


def create_app(schema: Mapping[str, Any] | None, lacks: frozenset[str]) -> Flask:
    """Make the application with a fresh state."""
    return routed(Komerza(schema, lacks))


def routed(komerza: Komerza) -> Flask:
    """Return the application that answers with a server's state."""
    app = Flask("komerza")
    orders = "/stores/<path:store>/orders"
    app.add_url_rule(orders, view_func=komerza.create_order, methods=["POST"])
    app.add_url_rule(orders, view_func=komerza.list_orders, methods=["GET"])
    app.add_url_rule(f"{orders}/<order>", view_func=komerza.get_order, methods=["GET"])
    return app
