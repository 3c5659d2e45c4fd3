"""Cost per exchange.

A full verify over loopback against a bare httpx loop that sends the same prepared requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import httpx

from contracts.definition import catalogue
from contracts.engine.credentials import Credentials
from contracts.interop import fuzzing
from contracts.model import Exchange, Request, Skipped
from contracts.verify import options as verify_options
from contracts.verify import verification
from tests.helpers.serving import ENVIRONMENT

from .measuring import Row, alternate, at_most, seconds, serving

MOST = 1.4  # times the bare loop
GENERATING = 0.25  # seconds that generated requests may add


def rows(rounds: int = 9, fuzz: int = fuzzing.COUNT) -> Iterator[Row]:
    """Measure every shipped API."""
    for api in catalogue.available():
        with serving(api) as url:
            yield from _rows(api, url, rounds, fuzz)


def _rows(api: str, url: str, rounds: int, fuzz: int) -> Iterator[Row]:
    """Measure a verify as it is by default, one that generates nothing.

    And one that has to draw its bodies.
    """
    usual = verify_options.Options(
        apis=(f"{api}/create-order",), targets=(f"{api}={url}",), fuzz=fuzz
    )
    measured = [usual, replace(usual, fuzz=0), replace(usual, seed=1)]
    sent = [_recorded(options, url) for options in measured]
    taken = alternate(
        rounds,
        *(partial(_verified, options) for options in measured),
        *(partial(seconds, partial(_bare, requests)) for requests in sent),
    )
    whole, planned, drawn = (ours / bare for ours, bare in zip(taken[:3], taken[3:], strict=True))
    added = taken[0] - taken[1]
    question = f"{api}: cost per exchange"
    yield at_most(question, whole, MOST, f"{len(sent[0])} requests, {fuzz} of them generated")
    yield at_most(f"{question}, planned ones", planned, MOST, f"{len(sent[1])} requests")
    yield Row(
        f"{question}, another seed",
        drawn,
        detail=f"{len(sent[2])} requests, {fuzz} drawn in the run",
    )
    yield at_most(
        f"{api}: added by generated requests, seconds",
        added,
        GENERATING,
        f"to {taken[1]:.2f} s of a run without",
    )


def _verified(options: verify_options.Options) -> float:
    return seconds(lambda: verification.verify(verification.choose(options, ENVIRONMENT), options))


def _recorded(options: verify_options.Options, url: str) -> list[httpx.Request]:
    """Verify once, and give the requests as they were sent, tokens and all."""
    (target,) = verification.choose(options, ENVIRONMENT)
    done: list[Exchange | Skipped] = []
    verification.verify([target], options, done.append)
    return [
        _prepared(one.request, url, target.credentials) for one in done if isinstance(one, Exchange)
    ]


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
