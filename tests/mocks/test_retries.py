"""Clients that repeat what failed: by their own code, their library's, or httpx's transport."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import tenacity
import urllib3
from httpx_retries import Retry, RetryTransport
from requests.adapters import HTTPAdapter

from contracts import ContractMock
from contracts.mocks.served import ContractServer

HEADERS = {"Authorization": "Bearer t"}
ORDER: dict[str, Any] = {"amount": 1999, "clientReferenceId": "cart-1"}
PATIENCE = 0.3  # seconds that a client waits for an answer
POSTS = urllib3.util.Retry(
    total=3, allowed_methods=None, status_forcelist=[429, 502, 503], backoff_factor=0.01
)
HTTPX_POSTS = Retry(total=3, allowed_methods=["POST"], backoff_factor=0.01)

# what is wrong at first: the arguments of `fails`, and the status of each attempt
TROUBLES: dict[str, tuple[dict[str, Any], list[int | None]]] = {
    "503": ({"what": 503}, [503, 503, 201]),
    "429": ({"what": 429, "retry_after": 0}, [429, 429, 201]),
    "reset": ({"what": "reset"}, [None, None, 201]),
    "closed": ({"what": "closed"}, [None, None, 201]),
    "connect": ({"what": "connect"}, [None, None, 201]),
    "timeout": ({"what": "timeout"}, [None, None, 201]),
    "html": ({"what": "html"}, [502, 502, 201]),
}


def with_httpx_retries(url: str) -> int:
    """Place an order with a transport that repeats."""
    transport = RetryTransport(retry=HTTPX_POSTS)
    with httpx.Client(transport=transport, headers=HEADERS, timeout=PATIENCE) as client:
        return client.post(url, json=ORDER).status_code


def with_httpx_retries_async(url: str) -> int:
    """Do the same without waiting for it in this thread."""

    async def place() -> int:
        transport = RetryTransport(retry=HTTPX_POSTS)
        async with httpx.AsyncClient(
            transport=transport, headers=HEADERS, timeout=PATIENCE
        ) as client:
            return (await client.post(url, json=ORDER)).status_code

    return asyncio.run(place())


@tenacity.retry(stop=tenacity.stop_after_attempt(4), wait=tenacity.wait_fixed(0.01))
def with_tenacity(url: str) -> int:
    """Place an order; the decorator repeats it for any exception."""
    answer = httpx.post(url, json=ORDER, headers=HEADERS, timeout=PATIENCE)
    return answer.raise_for_status().status_code


def with_requests(url: str) -> int:
    """Place an order through an adapter that repeats."""
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=POSTS))
        return session.post(url, json=ORDER, headers=HEADERS, timeout=PATIENCE).status_code


def with_urllib3(url: str) -> int:
    """Place an order through a pool that repeats."""
    with urllib3.PoolManager(retries=POSTS, timeout=PATIENCE) as pool:
        return int(pool.request("POST", url, json=ORDER, headers=HEADERS).status)


def with_aiohttp(url: str) -> int:
    """Place an order; a loop in the client repeats it on one session."""

    async def place() -> int:
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        async with aiohttp.ClientSession(headers=HEADERS, timeout=timeout) as session:
            for _ in range(3):
                try:
                    async with session.post(url, json=ORDER) as answer:
                        if answer.ok:
                            return answer.status
                except (aiohttp.ClientError, TimeoutError):
                    continue
        raise AssertionError

    return asyncio.run(place())


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("place", [with_httpx_retries, with_httpx_retries_async, with_tenacity])
def test_a_client_in_httpx_repeats_until_the_mock_answers(
    place: Callable[[str], int], trouble: str
) -> None:
    """Each attempt is an exchange, and an order whose answers failed may be sent once more."""
    what, statuses = TROUBLES[trouble]
    with ContractMock("kohort") as mock:
        mock.fails(**what, times=2)
        assert place(f"{mock.base_url}/orders") == 201
    assert [exchange.status for exchange in mock.exchanges] == statuses


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize(
    "place", [with_httpx_retries, with_tenacity, with_requests, with_urllib3, with_aiohttp]
)
def test_a_client_in_any_library_repeats_until_the_server_answers(
    place: Callable[[str], int], trouble: str
) -> None:
    """Over a port the same attempts are made, on new connections where one was closed."""
    what, statuses = TROUBLES[trouble]
    with ContractServer("kohort") as server:
        server.fails(**what, times=2)
        assert place(f"{server.base_url}/orders") == 201
    assert [exchange.status for exchange in server.exchanges] == statuses


def send(client: httpx.Client, url: str) -> httpx.Response:
    """Place an order."""
    return client.post(url, json={"amount": 1999})


def send_stream(client: httpx.Client, url: str) -> httpx.Response:
    """Place an order whose body can be read once."""

    def body() -> Iterator[bytes]:
        yield b'{"amount": 1999}'

    return client.post(url, content=body(), headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("place", [send, send_stream])
@pytest.mark.parametrize("kind", ["connect", "connect timeout"])
def test_a_transport_repeats_a_refused_connection(
    kind: str, place: Callable[[httpx.Client, str], httpx.Response]
) -> None:
    """As `httpx.HTTPTransport(retries=2)` does on a network: twice, and no other failure."""
    transport = httpx.HTTPTransport(retries=2)
    with ContractMock("kohort") as mock, httpx.Client(transport=transport, headers=HEADERS) as one:
        url = f"{mock.base_url}/orders"
        mock.fails(kind, times=2)
        assert place(one, url).status_code == 201
        mock.fails(kind, times=3)
        with pytest.raises((httpx.ConnectError, httpx.ConnectTimeout)):
            place(one, url)
        mock.fails("reset")
        with pytest.raises(httpx.ReadError):
            place(one, url)


def test_an_asynchronous_transport_repeats_a_refused_connection() -> None:
    """Of two requests at once each has its own attempts."""

    async def place(url: str) -> list[int]:
        transport = httpx.AsyncHTTPTransport(retries=4)
        async with httpx.AsyncClient(transport=transport, headers=HEADERS) as client:
            sent = [client.post(url, json={"amount": 1999}) for _ in range(2)]
            return [answer.status_code for answer in await asyncio.gather(*sent)]

    with ContractMock("kohort") as mock:
        mock.fails("connect", times=4)
        assert asyncio.run(place(f"{mock.base_url}/orders")) == [201, 201]
    assert len(mock.exchanges) == 6


def test_transports_are_as_they_were_when_the_last_mock_stops() -> None:
    """In any order of the ends; without a mock nothing repeats but httpx itself."""
    before = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request
    first, second = ContractMock("kohort").start(), ContractMock("komerza").start()
    first.stop()
    assert httpx.HTTPTransport.handle_request is not before[0]
    second.stop()
    first.stop()
    after = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request
    assert after == before
