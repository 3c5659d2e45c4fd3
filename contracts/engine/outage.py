"""Requests that were not answered: the server would not read them, or they took it down."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from contracts.model import Exchange, Failure, Request

SILENT = ("closed", "connect")  # kinds of failures after which a server may be down
PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between questions whether it is back
HEAVY_BODY = 64 * 1024  # bytes
HEAVY_HEADER = 8 * 1024


def is_heavy(request: Request) -> bool:
    """Whether a request is one that many servers refuse without reading it to its end.

    Whoever closes the connection then takes its own refusal away from the client.
    """
    longest = max((len(value) for _, value in request.headers), default=0)
    return len(request.body or b"") >= HEAVY_BODY or longest >= HEAVY_HEADER


def is_silent(exchange: Exchange) -> bool:
    """Whether a connection ended without an answer, or there was none."""
    return isinstance(exchange.answer, Failure) and exchange.answer.kind in SILENT


def unread(exchange: Exchange, why: str) -> Exchange:
    """Return an exchange as one that was refused in words that were lost, for a reason."""
    detail = exchange.answer.detail if isinstance(exchange.answer, Failure) else ""
    return replace(exchange, answer=Failure("unread", f"{detail}, and {why}"))


def seconds_until_back(answers: Callable[[], bool]) -> float | None:
    """Return how long a server was down, asking less and less often; None when it stays so."""
    started = time.monotonic()
    for pause in PAUSES:
        time.sleep(pause)
        if answers():
            return time.monotonic() - started
    return None


# a word of why nothing answered -> what to do; the first that is in it
MENDS = {
    "certificate verify": "name who signed it by ca in the configuration",
    "certificate required": "name one by certificate and key in the configuration",
    "handshake failure": "it may ask for a certificate: certificate and key in the configuration",
    "407 ": "name its user and password by proxy in the configuration",
    "no TLS": "is it an address with http://?",
    "": "is it running? verify --wait 60 waits for it",
}


def with_mend(detail: str) -> str:
    """Return why nothing answered, with what to do."""
    return f"{detail}; {next(mend for word, mend in MENDS.items() if word in detail)}"


def failure_of(exchange: Exchange) -> Failure:
    """Return what failed in an exchange that was not answered."""
    assert isinstance(exchange.answer, Failure)  # noqa: S101
    return exchange.answer


def met(failures: Sequence[Exchange]) -> list[Exchange]:
    """Return the failures in which the server was reached."""
    return [failed for failed in failures if failure_of(failed).kind != "connect"]
