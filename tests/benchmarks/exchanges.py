"""Cost per exchange: a full verify over loopback against a bare httpx loop that sends the same prepared requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import httpx

from contracts import documents, verification
from contracts.model import Exchange, Request, Skipped
from contracts.transports import Credentials
from tests.cli.serving import ENVIRONMENT

from .measuring import Row, alternate, at_most, seconds, serving

MOST = 1.6
FUZZ = 40  # the default of `contracts verify`


def rows(rounds: int = 9, fuzz: int = FUZZ) -> Iterator[Row]:
    """Measure every shipped API: what is planned, which has the bar, and with generated requests as well."""
    for api in documents.available():
        with serving(api) as url:
            planned, requests = _ratio(api, url, rounds, 0)
            yield at_most(f"{api}: cost per exchange, planned requests", planned, MOST, f"{requests} requests")
            if fuzz:
                drawn, requests = _ratio(api, url, rounds, fuzz)
                detail = f"{requests} requests; most of it is Schemathesis drawing {fuzz} of them"
                yield Row(f"{api}: cost per exchange, with generated requests", drawn, detail=detail)


def _ratio(api: str, url: str, rounds: int, fuzz: int) -> tuple[float, int]:
    """Give the cost of an exchange in a verify over that in the bare loop, and how many requests a verify sends."""
    options = verification.Options(apis=(api,), targets=(f"{api}={url}",), fuzz=fuzz)
    requests = _recorded(options, url)
    sent: int = verification.verify(verification.choose(options, ENVIRONMENT), options)["runs"][0]["requests"]

    def verify() -> float:
        return seconds(lambda: verification.verify(verification.choose(options, ENVIRONMENT), options)) / sent

    whole, bare = alternate(rounds, verify, lambda: seconds(lambda: _bare(requests)) / len(requests))
    return whole / bare, sent


def _recorded(options: verification.Options, url: str) -> list[httpx.Request]:
    """Verify once, and give the requests as they were sent, tokens and all."""
    (target,) = verification.choose(options, ENVIRONMENT)
    done: list[Exchange | Skipped] = []
    verification.verify([target], options, done.append)
    return [_prepared(one.request, url, target.credentials) for one in done if isinstance(one, Exchange)]


def _prepared(request: Request, url: str, credentials: Credentials) -> httpx.Request:
    headers = []
    for name, value in request.headers:
        text = value
        for secret, token in credentials.values().items():
            text = text.replace(f"{{{secret}}}", token)
        headers.append((name, text))
    return httpx.Request(request.method, url + request.path, headers=headers, content=request.body)


def _bare(requests: Sequence[httpx.Request]) -> None:
    """Send prepared requests one after the other over a kept connection, and read the bodies."""
    with httpx.Client() as client:
        for request in requests:
            client.send(request).read()
