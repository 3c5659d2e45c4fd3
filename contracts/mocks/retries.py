"""Lets httpx's transports repeat a connection that a mock refused, as they do on a network.

A mock answers above the connections, which are what ``httpx.HTTPTransport(retries=2)`` repeats.
Nothing waits between the attempts.
"""

from typing import Any

import httpcore
import httpx

REPEATED = (httpx.ConnectError, httpx.ConnectTimeout)
REAL = (httpcore.ConnectError, httpcore.ConnectTimeout)  # of a network: repeated already
_SEND = httpx.HTTPTransport.handle_request
_SEND_ASYNC = httpx.AsyncHTTPTransport.handle_async_request


def begin() -> None:
    """Have all transports repeat refused connections from now on."""
    _let_send(_send, _send_async)


def end() -> None:
    """Leave all transports as they were."""
    _let_send(_SEND, _SEND_ASYNC)


def _let_send(send: Any, send_async: Any) -> None:
    httpx.HTTPTransport.handle_request = send  # type: ignore[method-assign]
    httpx.AsyncHTTPTransport.handle_async_request = send_async  # type: ignore[method-assign]


def _send(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
    for _ in range(_retries(transport)):
        request.read()  # a body that is streamed can be read once only
        try:
            return _SEND(transport, request)
        except REPEATED as error:
            if isinstance(error.__cause__, REAL):
                raise
    return _SEND(transport, request)


async def _send_async(
    transport: httpx.AsyncHTTPTransport, request: httpx.Request
) -> httpx.Response:
    for _ in range(_retries(transport)):
        await request.aread()
        try:
            return await _SEND_ASYNC(transport, request)
        except REPEATED as error:
            if isinstance(error.__cause__, REAL):
                raise
    return await _SEND_ASYNC(transport, request)


def _retries(transport: httpx.HTTPTransport | httpx.AsyncHTTPTransport) -> int:
    """Return how often a transport repeats a connection; httpx does not say it in public."""
    return int(getattr(getattr(transport, "_pool", None), "_retries", 0))
