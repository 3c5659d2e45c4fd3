"""Servers that check less under one condition.

What is refused in a plain body they take in another one.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pytest

from contracts import sandbox
from contracts.definition import loading
from contracts.engine import run
from contracts.engine.embedding import embedded
from contracts.model import Outcome, Region
from contracts.planning.plan import Plan, plan
from contracts.sandbox import WsgiApp
from contracts.schema import checks
from contracts.verify import targets
from tests.helpers.nightly import nightly_after

KOHORT = loading.load("kohort")
CONDITIONS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "joins a group": lambda body: bool(body.get("paymentGroupShareId")),
    "creates a group": lambda body: body.get("paymentGroupShareId", "") is None,
    "another locale": lambda body: body.get("locale") == "fr_FR",
    "no locale": lambda body: "locale" not in body,
    "a long last name": lambda body: len(str(body.get("customerLastName"))) > 45,
    "a large amount": lambda body: isinstance(body.get("amount"), int) and body["amount"] > 500_000,
    "no email": lambda body: "customerEmail" not in body,
    "a known customer": lambda body: bool(body.get("customerId")),
    "the smallest order": lambda body: len(body) <= 2,
    "much metadata": lambda body: (
        isinstance(body.get("metadata"), dict) and len(body["metadata"]) > 5
    ),
}


def reading(change: Callable[[dict[str, Any]], dict[str, Any]]) -> WsgiApp:
    """Make a sandbox that changes the objects it is sent before it looks at them."""
    app = sandbox.create_app("kohort", KOHORT.request, frozenset())

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            body = json.loads(sent)
        except (ValueError, RecursionError):  # the plan sends bodies nested very deep
            body = None
        if isinstance(body, dict):
            sent = json.dumps(change(body)).encode()
        environ |= {"wsgi.input": io.BytesIO(sent), "CONTENT_LENGTH": str(len(sent))}
        return app(environ, start_response)

    return answer


@cache
def planned() -> Plan:
    """Return the plan, which is the same for each of these servers."""
    return plan(KOHORT, 0)


def violated(app: WsgiApp, only: tuple[str, ...] = ()) -> set[str]:
    """Verify a sandbox, and return the clauses that are violated: of requests only.

    One cause is made smaller, since how small is no matter here.
    """
    (target,) = targets.choose(["kohort/create-order"], [], {})
    settings = targets.settings(target, max_causes=1, only=only)
    done = run.run(KOHORT, embedded(app, target.credentials), settings, planned=planned())
    assert done.aborted is None
    clauses = {one.clause.id for one in done.results if one.outcome is Outcome.VIOLATED}
    assert all(clause.startswith("request.") for clause in clauses)
    return clauses


def _right(body: dict[str, Any]) -> dict[str, Any]:
    """Leave wrong members out, and make up for an amount."""
    members = (KOHORT.request or {})["properties"]
    right = {
        name: value
        for name, value in body.items()
        if not checks.broken(members.get(name, {}), value)
    }
    return {"amount": 35000, **right}


@pytest.mark.nightly
@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
def test_what_is_checked_less_under_a_condition_is_found(
    condition: Callable[[dict[str, Any]], bool],
) -> None:
    """Invalid requests are not all made from one body.

    And only clauses of requests are violated.
    """
    assert violated(reading(lambda body: _right(body) if condition(body) else body))


def test_every_clause_is_broken_in_the_plainest_body_first() -> None:
    """So that its refusal has no other reason; what comes after lies in bodies of other states."""
    invalid = [
        case
        for case in planned().cases
        if case.region is Region.INVALID and isinstance(case.body, dict)
    ]
    first = {case.decides: case for case in reversed(invalid)}
    assert not any("the rest as in case" in case.label for case in first.values())
    assert sum("the rest as in case" in case.label for case in invalid) > len(first)


def _without(body: dict[str, Any], *wrong: Any) -> dict[str, Any]:
    """Leave out the optional members that are exactly one of these values."""
    return {
        name: value
        for name, value in body.items()
        if name == "amount" or not any(type(value) is type(bad) and value == bad for bad in wrong)
    }


def _locale(body: dict[str, Any], takes: Callable[[str], bool]) -> dict[str, Any]:
    locale = body.get("locale")
    if not isinstance(locale, str) or locale in ("en_US", "fr_FR"):
        return body
    return {**body, "locale": "en_US"} if takes(locale) else body


def _amount(body: dict[str, Any], read: Callable[[Any], Any]) -> dict[str, Any]:
    amount = body.get("amount")
    return (
        body
        if isinstance(amount, int | float) and not isinstance(amount, bool)
        else {**body, "amount": read(amount)}
    )


NAMES = (
    "customerEmail",
    "customerPhoneNumber",
    "customerFirstName",
    "customerLastName",
    "customerId",
    "clientReferenceId",
    "paymentGroupShareId",
)
FALSE = (False,)
# what a careless server makes of a body before it checks it
LOOSE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "0 is nothing": lambda body: _without(body, 0),
    "false is nothing": lambda body: _without(body, *FALSE),
    "an empty list is nothing": lambda body: _without(body, []),
    "an empty object is nothing": lambda body: {
        n: v for n, v in body.items() if v != {} or n == "metadata"
    },
    "an empty text is nothing": lambda body: {
        n: v for n, v in body.items() if v != "" or n in NAMES
    },
    "numbers are texts": lambda body: {
        n: str(v) if n in NAMES and type(v) is int else v for n, v in body.items()
    },
    "locales of any region": lambda body: _locale(
        body, lambda text: bool(re.fullmatch("en_[A-Z]{2}", text))
    ),
    "languages alone": lambda body: _locale(body, lambda text: text in ("en", "fr")),
    "locales with a hyphen": lambda body: _locale(
        body, lambda text: text.replace("-", "_") in ("en_US", "fr_FR")
    ),
    "white space": lambda body: _locale(body, lambda text: text.strip() in ("en_US", "fr_FR")),
    "any letter case": lambda body: _locale(body, lambda text: text.lower() in ("en_us", "fr_fr")),
    "amounts in words": lambda body: _amount(
        body, lambda a: int(a.split()[0]) if isinstance(a, str) and a.split() else a
    ),
    "no amount in an empty text": lambda body: _amount(body, lambda a: 0 if a == "" else a),
    "no amount in an empty list": lambda body: _amount(body, lambda a: 0 if a == [] else a),
    "true amounts": lambda body: _amount(body, lambda a: 1 if a is True else a),
}


@pytest.mark.parametrize("loosened", nightly_after(5, LOOSE.values()), ids=LOOSE)
def test_what_loose_types_take_for_something_else_is_found(
    loosened: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    """Values that count as nothing, or are read as the right type.

    Are tried as well as those that are far off.
    """
    assert violated(reading(loosened), only=("request.*",))
