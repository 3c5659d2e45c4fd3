"""A conforming Kohort: orders, customers, and groups that orders create and join.

What it can lack: ``json`` (a body that is no JSON counts as an empty order), ``unknown_group`` (a
share id nobody handed out is taken), ``join`` (every order gets a group of its own), ``new_group``
(all groups are one), ``unique_reference`` (a reference may come again), ``new_id`` (every order has
the same id), ``atomic`` (a refused order is remembered all the same), ``rolled_back`` (an order
that was refused for an unknown group is), ``anonymous`` (a customer has to have an email or an id),
``unknown_customer`` (a customer id that nobody handed out makes a customer), ``foreign`` (another
tenant's orders and groups may be read), ``unknown_order`` (an order nobody has is answered),
``thirteenth`` (the thirteenth order that joins gets another group), ``refused_stays`` (a refused
order is in the list), ``share_in_answer`` (the answer of create has no share id for who creates a
group), ``at_once`` (one reference may come several times at once), ``listed`` (every third order is
in no list), ``pages`` (a page begins one order late), ``take`` and ``sorts`` (a query does not say
how many, or in which order), ``order`` (lists come oldest first), ``lag`` (lists have an order
after half a second).
"""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Flask, Response, request

from contracts.sandbox import FOREIGN_GROUP, FOREIGN_ORDER, OTHER_TOKEN, TOKEN
from contracts.sandbox.http import Refusal, answer, bearer, body, check, sample

TENANTS = {TOKEN: "org_sandbox", OTHER_TOKEN: "org_another"}
PAGE = 25  # orders at most
LAG = 0.5  # seconds until a list has an order, where it is slow
RISKS = ("LOW", "MEDIUM", "HIGH", "HIGHEST")
ERRORS = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
# revision -> the email of a customer who was sent none
NOBODY = {1: "", 2: "nobody@example.com"}


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
        self._joined: Counter[str] = Counter()
        self._kept: list[tuple[float, dict[str, Any]]] = []  # when, and the order
        self._rooms: dict[str, dict[str, Any]] = {}  # groups by their ids
        self._orders = 0
        self._seed_another()

    def respond(self, status: int, value: Callable[..., Any], **variables: str) -> Response:
        """Answer one request with what `value` gives for the variables of its rule."""
        try:
            return answer(status, value(**variables))
        except Refusal as refusal:
            code = refusal.status
            message = refusal.message
            return answer(code, {"statusCode": code, "message": message, "error": ERRORS[code]})

    def create_order(self) -> dict[str, Any]:
        """Return the answer to POST /orders."""
        self._authorize()
        order = self._body()
        reference = _text(order.get("clientReferenceId"))
        if "at_once" in self._lacks:
            if reference is not None and reference in self._references:
                raise Refusal(400, "clientReferenceId is already used")
            time.sleep(0.05)  # it was looked up, and is written down later
        with self._lock:
            return self._create(order)

    def list_orders(self) -> dict[str, Any]:
        """Return the answer to GET /orders."""
        return self._listed(lambda _: True)

    def list_participants(self, group: str) -> dict[str, Any]:
        """Return the answer to GET /payment-groups/{id}/participants."""
        name = self.get_group(group)["id"]
        return self._listed(lambda order: order["paymentGroupId"] == name)

    def _authorize(self) -> str:
        """Return the organization that the token is of."""
        tenant = TENANTS.get(bearer(request))
        if tenant is None:
            raise Refusal(401, "Unknown token")
        return tenant

    def get_order(self, order: str) -> dict[str, Any]:
        """Return the answer to GET /orders/{id}."""
        tenant = self._authorize()
        for _, created in self._kept:
            if created["id"] == order and self._shows(created, tenant):
                return created
        if "unknown_order" in self._lacks and self._kept:
            return self._kept[-1][1]
        raise Refusal(404, "No such order")

    def _shows(self, thing: Mapping[str, Any], tenant: str) -> bool:
        """Whether a tenant may see an order or a group."""
        return "foreign" in self._lacks or bool(thing["organizationId"] == tenant)

    def get_group(self, group: str) -> dict[str, Any]:
        """Return the answer to GET /payment-groups/{id}."""
        tenant = self._authorize()
        room = self._rooms.get(group)
        if room is None and "unknown_order" in self._lacks:
            room = list(self._rooms.values())[-1]
        if room is None or not self._shows(room, tenant):
            raise Refusal(404, "No such group")
        return room

    def _listed(self, belongs: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return a page of the tenant's orders, newest first or as orderBy says."""
        tenant = self._authorize()
        latest = time.monotonic() - (LAG if "lag" in self._lacks else 0)
        belonging = [order for moment, order in self._kept if moment <= latest and belongs(order)]
        orders = [order for order in belonging if self._shows(order, tenant)]
        if "listed" in self._lacks:
            orders = [order for number, order in enumerate(orders) if number % 3 != 1]
        count = len(orders)
        order_by = request.args.get("orderBy") if "sorts" not in self._lacks else None
        oldest_first = order_by == "createdAt:asc"
        if oldest_first == ("order" in self._lacks):
            orders.reverse()
        skip = _number(request.args.get("skip"), 0)
        skip += 1 if "pages" in self._lacks and skip else 0
        size = request.args.get("take") if "take" not in self._lacks else None
        take = min(_number(size, PAGE), PAGE)
        return {"data": orders[skip : skip + take], "count": count}

    def _body(self) -> dict[str, Any]:
        """Return the order that was sent; Refusal for one that breaks the schema."""
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
            if "refused_stays" in self._lacks and isinstance(order, dict):
                self._stay(order)
            raise
        return order if isinstance(order, dict) else {"amount": 0}

    def _create(self, order: dict[str, Any]) -> dict[str, Any]:
        """Make an order of a body that fits the schema; Refusal for what refers to nothing."""
        reference = _text(order.get("clientReferenceId"))
        share_id = _text(order.get("paymentGroupShareId"))
        is_used = reference in self._references and "at_once" not in self._lacks
        if is_used and "unique_reference" not in self._lacks:
            raise Refusal(400, "clientReferenceId is already used")
        identity = _text(order.get("customerEmail")), _text(order.get("customerId"))
        if "anonymous" in self._lacks and identity == (None, None):
            raise Refusal(400, "A customer has an email or an id")
        if "rolled_back" in self._lacks and reference is not None:
            self._references.add(reference)
        # first what may be refused: a refused order must not change what is known of a customer
        group_id, shown_id = self._group(share_id)
        customer_id, customer = self._customer(order)
        if reference is not None:
            self._references.add(reference)
        self._orders += 1
        number = 1 if "new_id" in self._lacks else self._orders
        created = sample(
            "kohort",
            "order",
            id=f"ord_{number:012d}",
            amount=order.get("amount"),
            amountCashback=None if share_id is None else 0,
            applicationFeeAmount=0 if share_id is None else None,
            **customer,
            paymentGroupShareId=shown_id,
            customerId=customer_id,
            locale=order.get("locale") or "fr_FR",
            metadata=order.get("metadata") or {},
            paymentGroupId=group_id,
            clientReferenceId=reference,
            riskLevel=RISKS[self._orders % len(RISKS)],
        )
        self._kept.append((time.monotonic(), created))
        self._open_room(created)
        if "share_in_answer" in self._lacks and share_id is None:
            created["paymentGroupShareId"] = None
        return created

    def _stay(self, order: dict[str, Any]) -> None:
        """Keep an order that was refused as if it had been created."""
        texts = ("customerEmail", "clientReferenceId", "paymentGroupShareId")
        sound = {name: order[name] for name in texts if isinstance(order.get(name), str)}
        with self._lock:
            self._create({"amount": 100, **sound})

    def _open_room(self, order: dict[str, Any]) -> None:
        """Keep the group of an order, unless it is there."""
        group = sample(
            "kohort",
            "group",
            id=order["paymentGroupId"],
            shareId=order["paymentGroupShareId"],
            organizationId=order["organizationId"],
            customerId=order["customerId"],
            creatorEmail=order["customerEmail"] or "nobody@example.com",
            createdAt=order["createdAt"],
            updatedAt=order["createdAt"],
        )
        self._rooms.setdefault(group["id"], group)

    def _seed_another(self) -> None:
        """Give another tenant an order and a group."""
        order = self._create({"amount": 4200, "customerEmail": "another@example.com"})
        self._orders = 0
        self._rooms.clear()
        self._groups.clear()
        order |= {"id": FOREIGN_ORDER, "organizationId": "org_another"}
        order |= {"paymentGroupId": FOREIGN_GROUP}
        self._open_room(order)

    def _customer(self, order: dict[str, Any]) -> tuple[str, dict[str, str]]:
        """Return the customer of an order: the known one with what was sent, or a new one."""
        names = ("customerEmail", "customerFirstName", "customerLastName", "customerPhoneNumber")
        sent = {name: order[name] for name in names if order.get(name) is not None}
        known_id = _text(order.get("customerId"))
        is_known = known_id is None or known_id in self._customers
        if not is_known and "unknown_customer" not in self._lacks:
            raise Refusal(404, "No such customer")
        customer_id = known_id or f"cus_{uuid.uuid4().hex[:16]}"
        nobody = {**dict.fromkeys(names, ""), "customerEmail": self._nobody}
        details = self._customers.setdefault(customer_id, nobody)
        details.update(sent)
        return customer_id, dict(details)

    def _group(self, share_id: str | None) -> tuple[str, str]:
        """Return the group of an order and its share id: a new one, or the one that is joined."""
        is_open = share_id is None or share_id in self._groups
        if not is_open and "unknown_group" not in self._lacks:
            raise Refusal(404, "No such group")
        if share_id in self._groups and "join" not in self._lacks:
            self._joined[share_id] += 1
            if self._joined[share_id] != 13 or "thirteenth" not in self._lacks:
                return self._groups[share_id], share_id
        if "new_group" in self._lacks and self._groups:
            shown_id, group_id = next(iter(self._groups.items()))
            return group_id, shown_id
        shown_id = share_id if share_id is not None else f"KHT-{uuid.uuid4().hex[:12].upper()}"
        self._groups[shown_id] = f"pg_{uuid.uuid4().hex[:16]}"
        return self._groups[shown_id], shown_id


def _number(text: str | None, default: int) -> int:
    """Return a number of a query; what is none is as if it were not there."""
    return int(text) if text is not None and text.isdecimal() else default


def _text(value: Any) -> str | None:
    """Return what only a text can refer to; anything else refers to nothing."""
    return value if isinstance(value, str) else None


def create_app(schema: Mapping[str, Any] | None, lacks: frozenset[str], revision: int = 1) -> Flask:
    """Make the application with a fresh state."""
    app = Flask("kohort")
    kohort = Kohort(schema, lacks, revision)
    rules: list[tuple[str, str, int, Callable[..., Any]]] = [
        ("POST", "/orders", 201, kohort.create_order),
        ("GET", "/orders", 200, kohort.list_orders),
        ("GET", "/orders/<order>", 200, kohort.get_order),
    ]
    for group in ("/payment-groups/<group>", "/groups/<group>"):
        rules.append(("GET", group, 200, kohort.get_group))
        rules.append(("GET", f"{group}/participants", 200, kohort.list_participants))
    for method, rule, status, value in rules:
        respond = partial(kohort.respond, status, value)
        app.add_url_rule(rule, f"{method} {rule}", respond, methods=[method])
    return app
