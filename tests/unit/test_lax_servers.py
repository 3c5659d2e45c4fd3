"""Servers that check less under one condition: what is refused in a plain body they take in another one."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from contracts import dialect, documents, runner, sandbox, targets
from contracts.faults import WsgiApp
from contracts.generate.planning import plan
from contracts.model import Region
from contracts.transports import embedded

KOHORT = documents.load("kohort")
CONDITIONS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "joins a group": lambda body: bool(body.get("paymentGroupShareId")),
    "creates a group": lambda body: body.get("paymentGroupShareId", "") is None,
    "another locale": lambda body: body.get("locale") == "fr_FR",
    "no locale": lambda body: "locale" not in body,
    "a long last name": lambda body: len(str(body.get("customerLastName"))) > 45,
    "a large amount": lambda body: isinstance(body.get("amount"), int) and body["amount"] > 500_000,
    "no email": lambda body: "customerEmail" not in body,
    "a known customer": lambda body: bool(body.get("customerId")),
    "much metadata": lambda body: isinstance(body.get("metadata"), dict) and len(body["metadata"]) > 5,
}


def forgiving(condition: Callable[[dict[str, Any]], bool]) -> WsgiApp:
    """Make a sandbox that reads wrong members as if they were not there, where the condition holds."""
    app = sandbox.create_app("kohort", KOHORT.request, frozenset())

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            body = json.loads(sent)
        except ValueError:
            body = None
        if isinstance(body, dict) and condition(body):
            members = (KOHORT.request or {})["properties"]
            right = {name: value for name, value in body.items() if not dialect.broken(members.get(name, {}), value)}
            sent = json.dumps({"amount": 35000, **right}).encode()
        environ |= {"wsgi.input": io.BytesIO(sent), "CONTENT_LENGTH": str(len(sent))}
        return app(environ, start_response)

    return answer


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
def test_what_is_checked_less_under_a_condition_is_found(condition: Callable[[dict[str, Any]], bool]) -> None:
    """Invalid requests are not all made from one body; and only clauses of requests are violated."""
    (target,) = targets.choose(["kohort"], [], {})
    done = runner.run(KOHORT, embedded(forgiving(condition), target.credentials), targets.settings(target))
    assert done.findings
    assert all(finding.clause.id.startswith("request.") for finding in done.findings)


def test_every_clause_is_broken_in_the_plainest_body_first() -> None:
    """So that its refusal has no other reason; what comes after lies in bodies of other states."""
    invalid = [case for case in plan(KOHORT, 0).cases if case.region is Region.INVALID and isinstance(case.body, dict)]
    first = {case.decides: case for case in reversed(invalid)}
    assert not any("the rest as in case" in case.label for case in first.values())
    assert sum("the rest as in case" in case.label for case in invalid) > len(first)
