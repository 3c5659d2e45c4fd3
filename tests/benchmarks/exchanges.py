"""Cost per exchange: a full verify over loopback against a bare httpx loop that sends the same prepared requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import httpx

from contracts import documents, verification
from contracts.model import Exchange, Request, Skipped
from contracts.transports import Credentials
from tests.cli.serving import ENVIRONMENT

from .measuring import Row, alternate, anew, at_most, seconds, serving

MOST = 1.6
FUZZ = 40  # the default of `contracts verify`


def rows(rounds: int = 9, fuzz: int = FUZZ) -> Iterator[Row]:
    """Measure every shipped API."""
    for api in documents.available():
        with serving(api) as url:
            yield from _rows(api, url, rounds, fuzz)


def _rows(api: str, url: str, rounds: int, fuzz: int) -> Iterator[Row]:
    """Measure a verify as it is by default, one that has to draw its bodies, and one that generates nothing."""
    options = verification.Options(apis=(api,), targets=(f"{api}={url}",), fuzz=fuzz)
    planned = replace(options, fuzz=0)
    all_sent, planned_sent = _recorded(options, url), _recorded(planned, url)
    whole, drawn, bare, without, bare_without = alternate(
        rounds,
        lambda: _verified(options),
        anew(lambda: _verified(options)),
        lambda: seconds(lambda: _bare(all_sent)),
        lambda: _verified(planned),
        lambda: seconds(lambda: _bare(planned_sent)),
    )
    question = f"{api}: cost per exchange"
    yield at_most(question, whole / bare, MOST, f"{len(all_sent)} requests, {fuzz} of them of bodies drawn before")
    yield Row(f"{question}, bodies drawn anew", drawn / bare, detail=f"{len(all_sent)} requests")
    yield at_most(f"{question}, planned ones", without / bare_without, MOST, f"{len(planned_sent)} requests")


def _verified(options: verification.Options) -> float:
    return seconds(lambda: verification.verify(verification.choose(options, ENVIRONMENT), options))


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
