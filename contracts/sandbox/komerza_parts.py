"""The parts of a Komerza order: items, customer, coupon, and what is delivered."""

import uuid
from typing import Any

from contracts.sandbox.http import now


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
    """Make what every order has: the gateway's words, what was delivered, a dispute."""
    manual = {**entity(), "friendlyName": "manual.pdf"}
    key = {"textContent": "ABCD-EFGH", "variantId": str(uuid.uuid4())}
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
            _delivered(order_id, store, "File", file=manual),
            _delivered(order_id, store, "LicenseKey", **key),
        ],
        "chargeback": {**entity(), "status": "Open", "reason": "fraudulent"},
        "customFieldAnswers": {"size": "L"},
    }


def entity() -> dict[str, Any]:
    """Make what every entity has: an id and the time it was made."""
    return {"id": str(uuid.uuid4()), "dateCreated": now()}


def item(amount: float, quantity: float, **ids: Any) -> dict[str, Any]:
    """Make a line item; `ids` are those of the product and its variant, where known."""
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
