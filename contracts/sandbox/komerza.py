"""A conforming Komerza: orders in stores that belong to tenants, by tokens that have permissions.

What it can lack: ``foreign`` (another tenant's store will do), ``unknown`` (a store that does not
exist will do), ``malformed`` (a store id that is none will do), ``new_id`` (every order has the
same id).
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request

from contracts.sandbox.http import Refusal, answer, bearer, body, check, now
from contracts.sandbox.values import FOREIGN_STORE, STORE, TOKEN, TOKEN_WITHOUT_PERMISSION

PERMISSIONS = {TOKEN: {"stores.orders.create"}, TOKEN_WITHOUT_PERMISSION: set[str]()}


class Komerza:
    """The state of one server; safe to use from several threads."""

    def __init__(self, schema: Mapping[str, Any] | None, lacks: frozenset[str]) -> None:
        self._schema = schema
        self._lacks = lacks
        self._numbers = itertools.count(1)  # next() of a count is one step, even with threads

    def create_order(self, store: str) -> Response:
        """Answer POST /stores/{storeId}/orders."""
        try:
            self._authorize()
            self._check_store(store)
            order = self._create(store.lower())
        except Refusal as refusal:
            code = {400: "invalid_body", 401: "unauthorized", 403: "forbidden", 404: "not_found"}[
                refusal.status
            ]
            return answer(
                refusal.status,
                {"success": False, "message": refusal.message, "code": code, **refusal.more},
            )
        return answer(200, {"success": True, "message": "Created", "code": None, "data": order})

    def _authorize(self) -> None:
        permissions = PERMISSIONS.get(bearer(request))
        if permissions is None:
            raise Refusal(401, "Unknown key")
        if "stores.orders.create" not in permissions:
            raise Refusal(403, "The key lacks the permission stores.orders.create")

    def _check_store(self, store: str) -> None:
        if store.lower() == STORE:
            return
        well_formed = bool(
            re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", store.lower())
        )
        kind = (
            "malformed"
            if not well_formed
            else "foreign"
            if store.lower() == FOREIGN_STORE
            else "unknown"
        )
        if kind not in self._lacks:
            raise Refusal(404, "No such store")

    def _create(self, store: str) -> dict[str, Any]:
        if self._schema is not None:
            check(self._schema, body(request))
        elif request.get_data() and not isinstance(body(request), dict):
            raise Refusal(400, "The body is no JSON object")
        number = next(self._numbers)
        order_id = self._new_id()
        items = [
            item(amount, quantity)
            for amount, quantity in ((19.99, 1 + number % 3), (4.5, 2))[: 1 + number % 2]
        ]
        percentage = number % 2 == 0
        total = sum(item["lineTotal"] for item in items)
        return {
            **entity(),
            "id": order_id,
            "items": items,
            "currencyCode": "USD",
            "gateway": "stripe",
            "customer": customer("buyer@example.com", "FR"),
            "status": "Pending",
            "amountPaid": 0,
            "amount": round(total * 0.9 if percentage else total - 1, 2),
            "coupon": coupon(
                "SPRING", round(total * 0.1, 2) if percentage else 1, 10 if percentage else None
            ),
            "affiliateDiscount": {**entity(), "netDecrease": 0.5, "percentageDecrease": None},
            **fulfilment(order_id, store, number),
        }

    def _new_id(self) -> str:
        return str(uuid.UUID(int=1 << 100)) if "new_id" in self._lacks else str(uuid.uuid4())


def customer(email: str, country: str | None) -> dict[str, Any]:
    """Make the customer of an order."""
    return {
        **entity(),
        "countryCode": country,
        "emailAddress": email,
        "customerId": str(uuid.uuid4()),
    }


def coupon(code: str, decrease: float, percentage: float | None) -> dict[str, Any]:
    """Make the use of a coupon; `percentage` is None for a fixed amount."""
    used = {
        "netDecrease": decrease,
        "code": code,
        "couponId": str(uuid.uuid4()),
        "percentageDecrease": percentage,
    }
    return {**entity(), **used}


def fulfilment(order_id: str, store: str, number: int) -> dict[str, Any]:
    """Make what an order has whatever was asked for.

    The gateway's words, what was delivered, a dispute.
    """
    return {
        "gatewayMetadata": {
            **entity(),
            "transactionId": f"tx_{number}",
            "clientSecret": "secret of the card gateway",
            "note": "thank you",
            "cryptocurrencyAddress": "bc1qexample",
            "cryptocurrencyAmount": 0.0005,
            "cryptocurrencyExpiration": now(),
        },
        "deliveredItems": [
            _delivered(order_id, store, "File", file={**entity(), "friendlyName": "manual.pdf"}),
            _delivered(
                order_id, store, "LicenseKey", textContent="ABCD-EFGH", variantId=str(uuid.uuid4())
            ),
        ],
        "chargeback": {**entity(), "status": "Open", "reason": "fraudulent"},
        "customFieldAnswers": {"size": "L"},
    }


def entity() -> dict[str, Any]:
    """Make what every entity has: an id and the time it was made."""
    return {"id": str(uuid.uuid4()), "dateCreated": now()}


def item(amount: float, quantity: float, **ids: Any) -> dict[str, Any]:
    """Make a line item; `ids` are those of the product and its variant where they are known."""
    return {
        **entity(),
        "productName": "T-shirt",
        "productId": str(uuid.uuid4()),
        "variantId": str(uuid.uuid4()),
        **ids,
        "variantName": "Large",
        "amount": amount,
        "lineTotal": round(amount * quantity, 2),
        "additionalFeePercentage": 0,
        "additionalFeeAmount": 0,
        "quantity": quantity,
    }


def _delivered(order: str, store: str, kind: str, **content: Any) -> dict[str, Any]:
    return {
        **entity(),
        "orderId": order,
        "storeId": store,
        "type": kind,
        "source": "stock",
        "productId": str(uuid.uuid4()),
        "variantId": None,
        **content,
    }


def create_app(schema: Mapping[str, Any] | None, lacks: frozenset[str]) -> Flask:
    """Make the application with a fresh state."""
    app = Flask("komerza")
    app.add_url_rule(
        "/stores/<path:store>/orders",
        view_func=Komerza(schema, lacks).create_order,
        methods=["POST"],
    )
    return app
