"""Reports that the tests look at, each made by the judge from a few exchanges."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from contracts.judge.causes import causes
from contracts.judge.outcomes import judge
from contracts.model import (
    Basis,
    Case,
    Exchange,
    Failure,
    Observation,
    Region,
    Request,
    Response,
    Run,
    Verdict,
)
from contracts.reports import document
from contracts.reports.text.redaction import Redactor
from contracts.schema.jsontext import encode
from contracts.verify import waivers
from tests.helpers.builders import JSON_HEADERS, KOHORT, exchange, order, response
from tests.helpers.serving import assert_keeps_its_schema

URL = "http://127.0.0.1:9000/v2/"
STARTED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> ]]> </code></pre> "
    "\x1b[2J\x1b]0;owned\x07 \u202egnp.exe"
    "\r\n::error title=owned::owned\n| a | b |\n```\n# heading\n[link](javascript:alert(3)) &amp; "
    "%0A::warning::x \x00 \ufffe"
)


def request(
    body: bytes | None = b'{"amount":100}', authorization: str | None = "Bearer {token}"
) -> Request:
    """Make a request as the sender does."""
    headers = [
        ("Accept", "application/json"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", "order-contracts"),
    ]
    if authorization is not None:
        headers.append(("Authorization", authorization))
    return Request(
        "POST", "/orders", (*headers, ("Content-Type", "application/json")), body, {"amount": 100}
    )


def run_of(*exchanges: Exchange, aborted: str | None = None, blame: Any = None) -> Run:
    """Judge exchanges; give them as a run."""
    results, findings = judge(KOHORT, exchanges, blame=blame)
    seen = (Observation("amount.zero", "accepted 201"),)
    return Run(
        KOHORT,
        URL,
        len(exchanges),
        0.12345,
        results,
        findings,
        seen,
        ("ord_1",),
        (3, 4),
        aborted,
        exchanges=exchanges,
        causes=causes(KOHORT, findings),
    )


def broken(**changes: Any) -> Exchange:
    """Make an exchange whose response breaks what the changes break."""
    one = exchange(
        response(201, order(**changes)),
        {"amount": 100},
        case=Case(1, Region.VALID, "a plain request"),
    )
    return replace(one, request=request())


def report(*runs: Run, fail_on: Basis = Basis.STANDARD, secrets: tuple[str, ...] = ()) -> Any:
    """Make a report of runs, which keeps the published schema."""
    made = document.document(Verdict(7, runs, fail_on), Redactor(secrets))
    made["started"] = STARTED.isoformat()
    made = {**waivers.apply(made, ())[0], "unused_waivers": [], "drift": None}
    assert_keeps_its_schema(made)
    return made


def hostile() -> Any:
    """Make a report of a server that puts markup and escape sequences wherever it can."""
    body = order(riskLevel=HOSTILE, metadata={HOSTILE: HOSTILE})
    one = replace(
        broken(), answer=Response(201, ((*JSON_HEADERS[0],), ("x-evil", HOSTILE)), encode(body))
    )
    refused = replace(
        broken(),
        answer=Response(500, JSON_HEADERS, encode({"message": HOSTILE})),
        number=2,
        value={"message": HOSTILE},
    )
    run = run_of(replace(one, value=body), refused, aborted=f"so said the server: {HOSTILE}")
    seen = (Observation("amount.zero", f"refused 400 {HOSTILE}"),)
    return report(replace(run, target=f"http://127.0.0.1/{HOSTILE}", observations=seen))


def _acceptance() -> Any:
    answer = response(400, {"message": "The minimum purchase value is 3000"})
    case = Case(
        1, Region.VALID, "the required members only", {"amount": 100}, decides=("request.typical",)
    )
    refused = replace(exchange(answer, {"amount": 100}, case=case), request=request())
    return report(run_of(refused, blame={1: ("request.typical",)}))


def _refused(
    clause: str,
    label: str,
    *,
    body: bytes | None = b"{}",
    authorization: str | None = "Bearer {token}",
) -> Any:
    case = Case(1, Region.INVALID, label, decides=(clause,))
    taken = exchange(response(201, order()), {}, case=case)
    return report(run_of(replace(taken, request=request(body, authorization))))


def _answered(answer: Response | Failure, **more: Any) -> Any:
    return report(run_of(replace(broken(), answer=answer, **more)))


def _first(made: Any, **changes: Any) -> Any:
    """Give a report with its first finding changed."""
    (run,) = made["runs"]
    first, *rest = run["findings"]
    return {**made, "runs": [{**run, "findings": [{**first, **changes}, *rest]}]}


def _waived() -> Any:
    known = waivers.Waiver(
        ("response.riskLevel.enum",), "until release 12", "ana@example.com", date(2027, 1, 31)
    )
    return waivers.apply(report(run_of(broken(riskLevel="NONE"))), [known])[0]


def once(make: Callable[[], Any]) -> Callable[[], Any]:
    """Return what makes a report once and gives a copy each time: judging it takes a while."""
    made = cache(make)
    return lambda: deepcopy(made())


# every kind of finding, as the first of a report
MAKERS: dict[str, Callable[[], Any]] = {
    "acceptance": _acceptance,
    "refusal": lambda: _refused("request.amount.required", "amount is missing"),
    "keyword": lambda: report(run_of(broken(riskLevel="NONE"))),
    "relation": lambda: report(run_of(broken(amount=1))),
    "authorization": lambda: _refused(
        "authorization.absent",
        "a request without an Authorization header",
        body=b'{"amount":100}',
        authorization=None,
    ),
    "protocol": lambda: _answered(response(200, order())),
    "standard": lambda: _answered(
        Response(201, JSON_HEADERS, b"{,}"),
        value=None,
        problems=(("protocol.json", "character 1: no member"),),
    ),
    "robustness": lambda: _answered(
        response(500, {"message": "null pointer"}), value={"message": "null pointer"}
    ),
    "transport": lambda: _answered(Failure("timeout", "more than 20 s passed"), value=None),
    "convention": lambda: report(run_of(broken(status="CASHBACK_SENT"))),
    "failing_convention": lambda: report(
        run_of(broken(status="CASHBACK_SENT")), fail_on=Basis.CONVENTION
    ),
    "waived": _waived,
    "intermittent": lambda: _first(report(run_of(broken(riskLevel="NONE"))), seen="1 of 7"),
    "minimised": lambda: _first(
        report(
            run_of(*[replace(broken(riskLevel="NONE"), number=number) for number in range(1, 60)])
        ),
        minimised=True,
        occurrences=57,
    ),
}


KINDS = {name: once(make) for name, make in MAKERS.items()}
EVERY = {**KINDS, "hostile": once(hostile), "held": once(lambda: report(run_of(broken())))}
