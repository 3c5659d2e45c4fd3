"""Requests that are sent at once meet in the sandbox, and what it mixes up of them is found."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.serving import ENVIRONMENT, App, conforming, findings_of, served, verify

WORK = 0.02  # seconds that an order takes a sandbox


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the credentials of the embedded sandboxes."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


class Forgetful:
    """A sandbox that keeps the amount of a new group's order in one place.

    Those that meet get that of the last one.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._amount: Any = None

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Work for a moment, then answer."""
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        order = json.loads(sent or b"null")
        if not isinstance(order, dict) or order.get("paymentGroupShareId", "") is not None:
            environ["wsgi.input"] = io.BytesIO(sent)
            return self._app(environ, start_response)
        self._amount = order.get("amount")
        time.sleep(WORK)
        mixed = json.dumps({**order, "amount": self._amount}).encode()
        return self._app(
            {**environ, "wsgi.input": io.BytesIO(mixed), "CONTENT_LENGTH": str(len(mixed))},
            start_response,
        )


def test_orders_that_are_mixed_up_when_they_come_at_once_are_found(tmp_path: Path) -> None:
    """Each of them differs from the others.

    One after the other the sandbox takes every one as it is.
    """
    with served(Forgetful(conforming("kohort"))) as url:
        status, report = verify(
            tmp_path, "kohort/create-order", "--target", f"kohort={url}", "--fuzz", "0"
        )
    assert status == 1
    (finding,) = findings_of(report, ["relation.amount.echo"])
    assert finding["case"] == "paymentGroupShareId: create several at once"
    assert finding["seen"]  # alone it is answered as it should


class Crowded:
    """A sandbox that refuses whoever comes while it works."""

    def __init__(self, app: App) -> None:
        self._app, self._lock = app, threading.Lock()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer 401 to all but one of those that come at once."""
        if not self._lock.acquire(blocking=False):
            start_response("401 Unauthorized", [("Content-Type", "application/json")])
            return [b"{}"]
        try:
            time.sleep(WORK)
            return self._app(environ, start_response)
        finally:
            self._lock.release()


def test_a_key_that_is_refused_at_once_only_is_not_a_bad_key(tmp_path: Path) -> None:
    """The run goes on, and says that a plain request was refused."""
    with served(Crowded(conforming("komerza"))) as url:
        status, report = verify(
            tmp_path, "komerza/create-order", "--target", f"komerza={url}", "--fuzz", "0"
        )
    assert (status, report["reason"]) == (1, None)
    assert {finding["clause"] for finding in report["runs"][0]["findings"]} == {"request.combined"}
