"""A conforming Komerza of revision 2, in which an order is made of what the request's body says.

What it can lack, beside what ``komerza`` can: ``cost`` (items are sold although a cost is given),
``json`` (a body that is no JSON counts as a small order), ``unknown_product``, ``unknown_coupon``
and ``unknown_affiliate`` (one that does not exist will do).
"""

from collections.abc import Mapping
from typing import Any, TypeGuard

from flask import Flask, request

from contracts.sandbox import KNOWN
from contracts.sandbox.http import Refusal, body, check, sample
from contracts.sandbox.komerza import Komerza, item, routed

FIXED = "FIVER"  # a coupon of a fixed amount
UNIT_COST = 19.99


class KomerzaOrders(Komerza):
    """The state of one server; safe to use from several threads."""

    def _create(self, store: str) -> dict[str, Any]:
        """Make an order of what the body says; Refusal for what breaks the schema."""
        try:
            sent = body(request)
        except Refusal:
            if "json" not in self._lacks:
                raise
            sent = {"cost": 1, "gateway": "stripe", "emailAddress": "nobody@example.com"}
        check(self._schema or {}, sent)
        sent = sent if isinstance(sent, dict) else {}
        cost = sent.get("cost")
        sells_items = cost is None or "cost" in self._lacks
        items = self._items(sent.get("items")) if sells_items else []
        total = cost if cost is not None else sum(line["lineTotal"] for line in items)
        used = self._coupon(sent.get("couponCode"), total)
        discount = self._discount(sent.get("affiliateCode"), total)
        taken_off = sum(part["netDecrease"] for part in (used, discount) if part)
        amount = round(max(total - taken_off, 0), 2) if _is_number(total) else total
        order = self._order(
            store,
            next(self._numbers),
            items=items,
            gateway=sent.get("gateway"),
            customer=sample(
                "komerza",
                "customer",
                countryCode=sent.get("countryCode"),
                emailAddress=sent.get("emailAddress", ""),
            ),
            amount=amount,
            coupon=used,
            affiliateDiscount=discount,
        )
        shown_again = {name: sent.get(name) for name in ("returnUrl", "metadata")}
        return {**order, **sample("komerza", "members of revision 2", **shown_again)}

    def _items(self, lines: Any) -> list[dict[str, Any]]:
        items = []
        for line in lines if isinstance(lines, list) else []:
            sent = line if isinstance(line, dict) else {}
            ids = {name: sent.get(name) for name in ("productId", "variantId")}
            for name, value in ids.items():
                self._check(name, value, "unknown_product")
            quantity = sent.get("quantity")
            items.append(item(UNIT_COST, quantity if _is_number(quantity) else 1, **ids))
        return items

    def _coupon(self, code: Any, total: Any) -> dict[str, Any] | None:
        if code is None:
            return None
        if code == FIXED:
            return sample("komerza", "coupon", code=FIXED, netDecrease=5)
        self._check("couponCode", code, "unknown_coupon")
        decrease = round(total * 0.1, 2) if _is_number(total) else 0
        own = {"code": str(code), "netDecrease": decrease, "percentageDecrease": 10}
        return sample("komerza", "coupon", **own)

    def _discount(self, code: Any, total: Any) -> dict[str, Any] | None:
        """Return a share of what costs much, and a fixed amount of what costs little."""
        if code is None:
            return None
        self._check("affiliateCode", code, "unknown_affiliate")
        if _is_number(total) and total > UNIT_COST:
            share = {"netDecrease": round(total * 0.05, 2), "percentageDecrease": 5}
            return sample("komerza", "discount", **share)
        return sample("komerza", "discount")

    def _check(self, name: str, value: Any, check_name: str) -> None:
        """Refuse what does not exist; what is no text names nothing."""
        is_unknown = isinstance(value, str) and value.lower() != KNOWN[name].lower()
        if is_unknown and check_name not in self._lacks:
            raise Refusal(404, f"There is no such {name}")


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float))


def create_app(schema: Mapping[str, Any] | None, lacks: frozenset[str]) -> Flask:
    """Make the application with a fresh state."""
    return routed(KomerzaOrders(schema, lacks))
