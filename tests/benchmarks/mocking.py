"""The mock: what a request costs that the embedded sandbox answers through respx, against a static respx route."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import respx

from contracts import documents, targets
from contracts.generate.planning import plan
from contracts.sending import Sender, Settings

from .measuring import Row, alternate, seconds

URL = "http://static.invalid"
DEADLINE = 10.0  # seconds


def rows(rounds: int = 5, api: str = "kohort", count: int = 200) -> Iterator[Row]:
    """Send plain requests one after the other, in turn to the sandbox and to the route."""
    contract = documents.load(api)
    (target,) = targets.choose([api], [], {})
    sender = Sender(contract, target.transport(1), Settings(parameters=target.parameters), "0" * 8)
    sender.send(plan(contract, 0).cases[0])
    plain = sender.history[0].request
    transport = target.transport(1)

    def mocked() -> None:
        for _ in range(count):
            transport.send(plain, DEADLINE)

    with respx.mock(base_url=URL) as router, httpx.Client(base_url=URL) as client:
        router.post("/orders").mock(return_value=httpx.Response(201, json={"id": "1"}))

        def static() -> None:
            for _ in range(count):
                client.post("/orders", content=plain.body)

        ours, theirs = alternate(rounds, lambda: seconds(mocked), lambda: seconds(static))
    detail = f"{count / ours:,.0f} a second, {count / theirs:,.0f} of the static route"
    yield Row(f"{api}: a mocked request, times a static respx route", ours / theirs, detail=detail)
