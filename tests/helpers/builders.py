"""Small records and fake transports that the unit tests are made of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from contracts.definition import loading
from contracts.engine.sender import Sender
from contracts.engine.settings import Settings
from contracts.judge.history import Answer, History, Look
from contracts.judge.operators import OPERATORS
from contracts.model import ABSENT, Case, Contract, Exchange, Failure, Region, Request, Response
from contracts.schema.jsontext import decode, encode

# of when the order of `order` was created
JSON_HEADERS = (("content-type", "application/json"), ("date", "Thu, 01 Jan 2026 00:00:00 GMT"))
KOHORT = loading.load("kohort")
KOMERZA = loading.load("komerza")

Reply = Response | Failure


def parts(contract: Contract) -> dict[str, Any]:
    """Return all that a contract consists of, by which it can be compared; others by name."""
    values = {item.name: getattr(contract, item.name) for item in fields(contract)}
    return {**values, "others": sorted(contract.others)}


def response(status: int = 201, value: Any = ABSENT, **headers: str) -> Response:
    """Make a response with a JSON body; underscores in header names stand for hyphens."""
    body = b"" if value is ABSENT else encode(value)
    pairs = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Response(status, (*JSON_HEADERS, *pairs), body)


def exchange(
    answer: Reply,
    sent: Any = ABSENT,
    *,
    case: Case | None = None,
    number: int = 1,
    parameters: Any = None,
) -> Exchange:
    """Make an exchange of a valid plain request unless another case is given."""
    case = case or Case(number, Region.VALID, "a plain request")
    body = None if sent is ABSENT else encode(sent)
    request = Request("POST", "/orders", (), body, sent, parameters or {})
    value, problems = decode(answer.body) if isinstance(answer, Response) else (ABSENT, ())
    return Exchange(case, request, answer, 0.1, value, problems, case.number)


def look(
    operator: str, arguments: Mapping[str, Any], *pairs: tuple[Any, Any], **more: Any
) -> list[Look]:
    """Apply an operator to a history of (sent, got) pairs, all accepted, one after the other."""
    exchanges = [
        replace(exchange(response(201, got), sent, number=number, **more), started=float(number))
        for number, (sent, got) in enumerate(pairs, 1)
    ]
    history = History([Answer(one) for one in exchanges], exchanges)
    return list(OPERATORS[operator].rule(arguments, history))


def order(sent: Any = ABSENT, **changes: Any) -> dict[str, Any]:
    """Give a Kohort order that keeps the contract."""
    members = sent if isinstance(sent, dict) else {}
    made = {
        "id": "ord_1",
        "livemode": False,
        "organizationId": "org_1",
        "amount": members.get("amount", 100),
        "amountCashback": None,
        "applicationFeeAmount": None,
        "customerEmail": "a@example.com",
        "customerFirstName": "",
        "customerLastName": "",
        "customerPhoneNumber": "",
        "paymentGroupShareId": None,
        "customerId": "cus_1",
        "currency": "EUR",
        "locale": "fr_FR",
        "status": "CREATED",
        "metadata": {},
        "paymentGroupId": None,
        "ambassadorId": None,
        "clientReferenceId": None,
        "riskLevel": "LOW",
        "createdAt": "2026-01-01T00:00:00Z",
        "createdBy": None,
        "updatedAt": "2026-01-01T00:00:00Z",
        "updatedBy": None,
    }
    return {**made, **changes}


class Scripted:
    """A transport that gives prepared answers in turn, the last one again and again, and counts."""

    name = "scripted"

    def __init__(self, *answers: Reply | Callable[[Request], Reply]) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self._lock = threading.Lock()

    def send(self, request: Request, deadline: float, gate: object = None) -> Reply:  # noqa: ARG002 - the interface's
        """Give the next answer."""
        with self._lock:
            self.requests.append(request)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer(request) if callable(answer) else answer

    def close(self) -> None:
        """Do nothing."""


def sender(transport: Scripted, contract: Contract = KOHORT, **more: Any) -> Sender:
    """Make a sender with a fixed run id over a scripted transport."""
    return Sender(contract, transport, Settings(**more), run_id="abcdef12")


def plain_case(number: int = 1, body: Any = None, **more: Any) -> Case:
    """Make a valid case with a small body."""
    made = Case(
        number, Region.VALID, "a plain request", body if body is not None else {"amount": 100}
    )
    return replace(made, **more)
