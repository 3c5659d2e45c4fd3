"""Misbehaviour on demand: statuses, failures of the connection, answers that can't be read.

A failure is a row of a table: what httpx would raise, or the answer that comes instead. `lost`
is the nasty one: the order is created and its answer never arrives.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from contracts.errors import UsageError
from contracts.model import Response

HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


Send = Callable[[], Response]  # lets the sandbox answer
Act = Callable[[httpx.Request, Send], Response]


@dataclass(slots=True)
class Trouble:
    """What happens instead of a plain answer, and how often still."""

    act: Act
    left: int


def of_status(status: int, retry_after: float | None, sample: Mapping[str, Any]) -> Act:
    """Return the trouble of a status; its body has the shape of `sample`, a 401 of the sandbox."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        raise UsageError(f"{status} is no HTTP status") from None
    if status < 400:
        raise UsageError(f"{status} is no failure; answers(body, status=...) sets an answer")
    members = {name: _instead(value, status, phrase) for name, value in sample.items()}
    body = json.dumps(members).encode()
    headers = [("Content-Type", "application/json")]
    if retry_after is not None:
        headers.append(("Retry-After", f"{retry_after:g}"))
    answer = Response(status, tuple(headers), body)
    return lambda _request, _send: answer


def of_kind(kind: str) -> Act:
    """Make the trouble of a kind by its name; UsageError, which lists them, when there is none."""
    if kind not in KINDS:
        raise UsageError(
            f"no trouble is named {kind!r}; known: {', '.join(KINDS)}; or a status, or fault=ID"
        )
    return KINDS[kind]


def _instead(value: Any, status: int, phrase: str) -> Any:
    word = phrase.lower().replace(" ", "_")
    instead = {401: status, "Unauthorized": phrase, "unauthorized": word}
    if isinstance(value, (int, str)) and not isinstance(value, bool):
        return instead.get(value, f"{phrase}, as the test asked for")
    return value


def _raising(error: type[httpx.TransportError], words: str) -> Act:
    def act(request: httpx.Request, _: Send) -> Response:
        raise error(words, request=request)

    return act


def _lost(request: httpx.Request, send: Send) -> Response:
    send()
    raise httpx.ReadTimeout("the order was created, its answer was lost", request=request)


def _malformed(_: httpx.Request, send: Send) -> Response:
    answer = send()
    return Response(answer.status, answer.headers, answer.body[: len(answer.body) * 2 // 3])


def _html(_: httpx.Request, __: Send) -> Response:
    return Response(502, (("Content-Type", "text/html"),), HTML)


def _empty(_: httpx.Request, send: Send) -> Response:
    return Response(send().status, (("Content-Type", "application/json"),), b"")


KINDS: Mapping[str, Act] = {
    "timeout": _raising(httpx.ReadTimeout, "the server did not answer in time"),
    "lost": _lost,
    "connect": _raising(httpx.ConnectError, "the connection was refused"),
    "connect timeout": _raising(httpx.ConnectTimeout, "no connection in time"),
    "reset": _raising(httpx.ReadError, "the connection was reset"),
    "closed": _raising(httpx.RemoteProtocolError, "the server disconnected without an answer"),
    "malformed": _malformed,
    "empty": _empty,
    "html": _html,
}
