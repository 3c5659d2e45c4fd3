"""A served sandbox that tells its callers what they do wrong, and can vary its answers and be slow.

A refusal carries, beside what the sandbox says, a member ``contract`` with every complaint: clause,
place, expected, got and source. With `strict`, what nothing promises to work is refused as well,
with 422.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from contracts import sandbox
from contracts.mocks import complaints, variants
from contracts.mocks.backend import address_pattern, exchange, samples
from contracts.mocks.troubles import Answer
from contracts.model import ABSENT, Case, Contract, Exchange, Region, Request
from contracts.sandbox import WsgiApp
from contracts.schema.jsontext import decode, encode

UNPROCESSABLE = 422  # what --strict says of a request that the sandbox itself would take

REMEMBERED = 1_000  # answers that the next one has to agree with


class Strict:
    """A WSGI application around a sandbox.

    `latency` is in seconds; `vary` goes through the variants in turn.
    """

    def __init__(
        self,
        app: WsgiApp,
        contract: Contract,
        *,
        strict: bool = False,
        vary: bool = False,
        latency: float = 0,
    ) -> None:
        self._app, self._contract, self._strict, self._latency = app, contract, strict, latency
        self._pattern = address_pattern("", contract)
        made = (
            variants.covering(contract, samples(contract, variants.sample_bodies(contract)))
            if vary
            else []
        )
        self._variants: Iterator[variants.Variant] = itertools.cycle(made)
        self._vary = vary
        self._before: deque[Exchange] = deque(maxlen=REMEMBERED)
        self._lock = threading.Lock()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request."""
        started = time.monotonic()
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        sent = self._read(environ, body)
        answer = self._ask(environ)
        answer = (
            self._undeclared(environ, answer)
            if sent is None
            else self._judged(sent, answer, started)
        )
        time.sleep(self._latency)
        headers = [
            (name, text) for name, text in answer.headers if name.lower() != "content-length"
        ]
        start_response(_line(answer.status), [*headers, ("Content-Length", str(len(answer.body)))])
        return [answer.body]

    def _read(self, environ: dict[str, Any], body: bytes) -> Request | None:
        """Read a request to the declared address; None for any other."""
        found = re.fullmatch(self._pattern, environ["PATH_INFO"])
        operation = self._contract.operation
        if found is None or environ["REQUEST_METHOD"] != operation.method:
            return None
        names = {"CONTENT_TYPE": "content-type"} | {
            name: name.removeprefix("HTTP_").replace("_", "-").lower()
            for name in environ
            if name.startswith("HTTP_")
        }
        headers = tuple(
            (spoken, environ[name]) for name, spoken in names.items() if environ.get(name)
        )
        value = decode(body)[0] if body else ABSENT
        return Request(
            operation.method, environ["PATH_INFO"], headers, body or None, value, found.groupdict()
        )

    def _ask(self, environ: dict[str, Any]) -> Answer:
        answered: list[Any] = []
        body = b"".join(
            self._app(environ, lambda status, headers, _=None: answered.extend([status, headers]))
        )
        return Answer(int(answered[0].split()[0]), tuple(answered[1]), body)

    def _judged(self, sent: Request, answer: Answer, started: float) -> Answer:
        refused = answer.status // 100 == 4
        found = complaints.complaints(
            self._contract, sent, sandbox.TOKEN if answer.status == 401 else None
        )
        if answer.status == 404 and not found:
            found = complaints.address(self._contract, sent)
        if refused or (self._strict and found and answer.status < 300):
            return _explained(
                answer if refused else replace(answer, status=UNPROCESSABLE, body=b"{}"), found
            )
        if self._vary and answer.status < 300:
            return self._varied(sent, answer, started)
        return answer

    def _varied(self, sent: Request, answer: Answer, started: float) -> Answer:
        plain = exchange(Case(0, Region.VALID, "served"), sent, answer, started)
        if plain.value is ABSENT:
            return answer
        with self._lock:
            done = variants.varied(self._contract, next(self._variants), list(self._before), plain)
            self._before.append(done)
        return replace(answer, status=done.status or answer.status, body=encode(done.value))

    def _undeclared(self, environ: dict[str, Any], answer: Answer) -> Answer:
        """Say what is declared when nothing is at an address."""
        if answer.status not in (404, 405):
            return answer
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        declared = f"{self._contract.operation.method} {self._contract.operation.path}"
        told = {"message": f"no contract declares {asked}", "declared": declared}
        kept = tuple(
            (name, text) for name, text in answer.headers if name.lower() != "content-type"
        )
        return Answer(
            answer.status, (*kept, ("Content-Type", "application/json")), json.dumps(told).encode()
        )


def _line(status: int) -> str:
    known = {member.value: member.phrase for member in HTTPStatus}
    return f"{status} {known.get(status, 'Answer')}"


def _explained(answer: Answer, found: Iterable[complaints.Complaint]) -> Answer:
    value = decode(answer.body)[0]
    told = [complaint.data() for complaint in found]
    if not isinstance(value, dict) or not told:
        return answer
    words = value or {
        "message": f"{told[0]['bug']}; no sentence of the page forbids it, and none promises it"
    }
    return replace(answer, body=encode({**words, "contract": told}))
