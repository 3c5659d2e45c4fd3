"""A small client of Kohort, as a shop might have it: one order for one cart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx


class Refused(Exception):
    """The order was not taken; the text is what the shopper is shown."""


@dataclass(frozen=True)
class Placed:
    """An order that exists.

    Its id, the link for friends to join it, and whether it has to be looked at.
    """

    id: str
    share_link: str | None
    needs_review: bool


class Checkout:
    """Places orders; `base_url` and `token` come from the shop's settings."""

    def __init__(self, token: str, base_url: str = "https://api.kohortpay.com") -> None:
        self._client = httpx.Client(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=5
        )

    def place(self, cart: str, total: Decimal, email: str, join: str | None = None) -> Placed:
        """Place the order of a cart; the total is in euros.

        Tries once more when the service is busy.
        """
        body: dict[str, Any] = {
            "amount": self.amount(total),
            "clientReferenceId": cart,
            "customerEmail": email,
        }
        if join is not None:
            body["paymentGroupShareId"] = join
        answer = self._client.post("/orders", json=body)
        if answer.status_code in (429, 503):
            answer = self._client.post("/orders", json=body)
        if not answer.is_success:
            raise Refused("We could not place your order. Please try again later.")
        return self.read(answer.json())

    def amount(self, total: Decimal) -> int:
        """Give a total as Kohort counts: in cents."""
        return int(total * 100)

    def read(self, order: dict[str, Any]) -> Placed:
        """Read an answer.

        The share id may be null, and members that are not read may be anything.
        """
        share_id = order["paymentGroupShareId"]
        link = None if share_id is None else f"https://shop.example/join/{share_id.lower()}"
        return Placed(order["id"], link, order["riskLevel"] in ("HIGH", "HIGHEST"))


class InEuros(Checkout):
    """The same with a bug: the total is sent in euros."""

    def amount(self, total: Decimal) -> Any:
        """Give a total as the shop counts."""
        return float(total)


class ChokesOnNull(Checkout):
    """The same with a bug: it relies on a share id."""

    def read(self, order: dict[str, Any]) -> Placed:
        """Read an answer that always has a share id."""
        link = f"https://shop.example/join/{order['paymentGroupShareId'].lower()}"
        return Placed(order["id"], link, order["riskLevel"] in ("HIGH", "HIGHEST"))
