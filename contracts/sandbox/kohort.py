"""A conforming Kohort: orders, customers, and groups that orders create and join.

What it can lack: ``json`` (a body that is no JSON counts as an empty order), ``unknown_group`` (a
share id nobody handed out is taken), ``join`` (every order gets a group of its own), ``new_group``
(all groups are one), ``unique_reference`` (a reference may come again), ``new_id`` (every order has
the same id), ``atomic`` (a refused order is remembered all the same), ``anonymous`` (a customer has
to have an email or an id), ``unknown_customer`` (a customer id that nobody handed out makes a
customer).
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request

from contracts.sandbox.http import Refusal, answer, bearer, body, check, now
from contracts.sandbox.values import TOKEN

NOBODY = {1: "", 2: "nobody@example.com"}  # revision -> the email of a customer who was sent none


class Kohort:
    """The state of one server; safe to use from several threads."""

    def __init__(
        self, schema: Mapping[str, Any] | None, lacks: frozenset[str], revision: int
    ) -> None:
        self._schema = schema or {}
        self._nobody = NOBODY[min(revision, 2)]
        self._lacks = lacks
        self._lock = threading.Lock()
        self._groups: dict[str, str] = {}  # share id -> group id
        self._customers: dict[str, dict[str, str]] = {}
        self._references: set[str] = set()
        self._orders = 0

    def create_order(self) -> Response:
        """Answer POST /orders."""
        try:
            self._authorize()
            order = self._body()
            with self._lock:
                return answer(201, self._create(order))
        except Refusal as refusal:
            kind = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}[refusal.status]
            return answer(
                refusal.status,
                {"statusCode": refusal.status, "message": refusal.message, "error": kind},
            )

    def _authorize(self) -> None:
        if bearer(request) != TOKEN:
            raise Refusal(401, "Unknown token")

    def _body(self) -> dict[str, Any]:
        try:
            order = body(request)
        except Refusal:
            if "json" not in self._lacks:
                raise
            order = {"amount": 0}
        try:
            check(self._schema, order)
        except Refusal:
            if "atomic" in self._lacks and isinstance(order, dict):
                self._references.add(str(order.get("clientReferenceId")))
            raise
        return order if isinstance(order, dict) else {"amount": 0}

    def _create(self, order: dict[str, Any]) -> dict[str, Any]:
        reference = _text(order.get("clientReferenceId"))
        share_id = _text(order.get("paymentGroupShareId"))
        if reference in self._references and "unique_reference" not in self._lacks:
            raise Refusal(400, "clientReferenceId is already used")
        if "anonymous" in self._lacks:
            _identify(order)
        customer_id, customer = self._customer(order)
        group_id, shown = self._group(share_id)
        if reference is not None:
            self._references.add(reference)
        self._orders += 1
        number = 1 if "new_id" in self._lacks else self._orders
        moment = now()
        return {
            "id": f"ord_{number:012d}",
            "livemode": False,
            "organizationId": "org_sandbox",
            "amount": order.get("amount"),
            "amountCashback": None if share_id is None else 0,
            "applicationFeeAmount": 0 if share_id is None else None,
            **customer,
            "paymentGroupShareId": shown,
            "customerId": customer_id,
            "currency": "EUR",
            "locale": order.get("locale") or "fr_FR",
            "status": "CREATED",
            "metadata": order.get("metadata") or {},
            "paymentGroupId": group_id,
            "ambassadorId": None,
            "clientReferenceId": reference,
            "riskLevel": ("LOW", "MEDIUM", "HIGH", "HIGHEST")[self._orders % 4],
            "createdAt": moment,
            "createdBy": None,
            "updatedAt": moment,
            "updatedBy": None,
        }

    def _customer(self, order: dict[str, Any]) -> tuple[str, dict[str, str]]:
        names = ("customerEmail", "customerFirstName", "customerLastName", "customerPhoneNumber")
        sent = {name: order[name] for name in names if order.get(name) is not None}
        known_id = _text(order.get("customerId"))
        if (
            known_id is not None
            and known_id not in self._customers
            and "unknown_customer" not in self._lacks
        ):
            raise Refusal(404, "No such customer")
        customer_id = known_id or f"cus_{uuid.uuid4().hex[:16]}"
        known = self._customers.setdefault(
            customer_id, {**dict.fromkeys(names, ""), "customerEmail": self._nobody}
        )
        known.update(sent)
        return customer_id, dict(known)

    def _group(self, share_id: str | None) -> tuple[str, str]:
        if (
            share_id is not None
            and share_id not in self._groups
            and "unknown_group" not in self._lacks
        ):
            raise Refusal(404, "No such group")
        if share_id in self._groups and "join" not in self._lacks:
            return self._groups[share_id], share_id
        if "new_group" in self._lacks and self._groups:
            shown, group_id = next(iter(self._groups.items()))
            return group_id, shown
        shown = share_id if share_id is not None else f"KHT-{uuid.uuid4().hex[:12].upper()}"
        self._groups[shown] = f"pg_{uuid.uuid4().hex[:16]}"
        return self._groups[shown], shown


def _identify(order: dict[str, Any]) -> None:
    if _text(order.get("customerEmail")) is None and _text(order.get("customerId")) is None:
        raise Refusal(400, "A customer has an email or an id")


def _text(value: Any) -> str | None:
    """Give what only a text can refer to; anything else refers to nothing."""
    return value if isinstance(value, str) else None


def create_app(schema: Mapping[str, Any] | None, lacks: frozenset[str], revision: int = 1) -> Flask:
    """Make the application with a fresh state."""
    app = Flask("kohort")
    app.add_url_rule(
        "/orders", view_func=Kohort(schema, lacks, revision).create_order, methods=["POST"]
    )
    return app
