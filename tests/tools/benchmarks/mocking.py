"""The mock.

What a request costs that a contract's mock checks and answers, against a static respx route.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import respx

from contracts.mocks.mock import ContractMock

from .measuring import Row, alternate, seconds

URL = "http://static.invalid"
BODY = {"amount": 12_000, "locale": "en_US"}
TOKEN = {"Authorization": "Bearer any-token"}


def rows(rounds: int = 5, count: int = 200) -> Iterator[Row]:
    """Send the same order again and again.

    In turn to the mock that the fixture `kohort_api` gives and to the route.
    """
    ours, theirs = alternate(
        rounds, lambda: seconds(lambda: mocked(count)), lambda: seconds(lambda: static(count))
    )
    detail = f"{count / ours:,.0f} a second, {count / theirs:,.0f} of the static route"
    yield Row(
        "a request to the mock of kohort, times a static respx route", ours / theirs, detail=detail
    )


def mocked(count: int) -> None:
    """Send orders to the mock of a contract."""
    with ContractMock("kohort") as mock, httpx.Client(base_url=mock.base_url) as client:
        _send(client, count)


def static(count: int) -> None:
    """Send orders to a route that answers the same each time."""
    with respx.mock(base_url=URL) as router, httpx.Client(base_url=URL) as client:
        router.post("/orders").mock(return_value=httpx.Response(201, json={"id": "1"}))
        _send(client, count)


def _send(client: httpx.Client, count: int) -> None:
    for _ in range(count):
        client.post("/orders", json=BODY, headers=TOKEN).raise_for_status()
