"""A served sandbox that tells its callers what they do wrong, and can vary its answers and be slow.

A refusal carries, beside what the sandbox says, a member ``contract`` with every complaint:
clause, place, expected, got and source. With `strict`, what nothing promises to work is
refused as well, with 422.
"""

import http.client
import io
import itertools
import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from contracts import sandbox
from contracts.faults.server import answered
from contracts.interop.exchanges import exchange_of, request_of
from contracts.mocks import complaints, variants
from contracts.mocks.backend import address_pattern, header_fields, samples
from contracts.mocks.router import nearest
from contracts.model import (
    ABSENT,
    Case,
    Contract,
    Exchange,
    Region,
    Request,
    Response,
    path_pattern,
)
from contracts.sandbox import WsgiApp
from contracts.schema.jsontext import decode, encode

UNPROCESSABLE = 422  # what --strict says of a request that the sandbox itself would take

REMEMBERED = 1_000  # answers that the next one has to agree with


class Strict:
    """A WSGI application around a sandbox of a contract's API.

    What its operations do not declare is answered by 404 or 405. `latency` is in seconds;
    `vary` goes through the variants in turn.
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
        self._app = app
        self._strict = strict
        self._latency = latency
        self._contracts = contract.family
        self._taken_back = contract.take_backs
        self._variants = {
            contract.name: _variants(contract) for contract in self._contracts if vary
        }
        self._before: dict[str, deque[Exchange]] = defaultdict(partial(deque, maxlen=REMEMBERED))
        self._lock = threading.Lock()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        there = self._operations(environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        method = environ["REQUEST_METHOD"]
        asked = "GET" if method == "HEAD" else method
        if asked in there:
            contract, parameters = there[asked]
            sent = request_of(
                asked, environ["PATH_INFO"], header_fields(environ, contract), body, parameters
            )
            answer = self._ask(environ)
            missing = _missing(answer)
            if not missing:
                answer = self._judged(contract, sent, answer)
        elif any(
            row.method == method and re.fullmatch(path_pattern(row.path), environ["PATH_INFO"])
            for row in self._taken_back
        ):
            answer = self._ask(environ)
            missing = 0
        else:
            answer = self._undeclared(environ, sorted(there))
            missing = 0
        time.sleep(self._latency)
        headers = [field for field in answer.headers if field[0].lower() != "content-length"]
        length = len(answer.body) + missing
        line = f"{answer.status} {http.client.responses.get(answer.status, 'Answer')}"
        start_response(line, [*headers, ("Content-Length", str(length))])
        return [] if method == "HEAD" else [answer.body]

    def declares(self, path: str) -> bool:
        """Whether some operation is at a path."""
        return bool(self._operations(path))

    def _operations(self, path: str, query: str = "") -> dict[str, tuple[Contract, dict[str, str]]]:
        """Return the operations at a path by their methods, with the parameters of the address."""
        there = {}
        sent = dict(parse_qsl(query))
        for contract in self._contracts:
            bare, _, asked = contract.operation.path.partition("?")
            match = address_pattern("", bare).match(path)
            if match:
                places = re.findall(r"([^&=]+)=\{([^{}]*)\}", asked)
                carried = {name: sent.get(key, "") for key, name in places}
                there[contract.operation.method] = (contract, match.groupdict() | carried)
        return there

    def _ask(self, environ: dict[str, Any]) -> Response:
        status, headers, body = answered(self._app, environ)
        return Response(status, tuple(headers), body)

    def _judged(self, contract: Contract, sent: Request, answer: Response) -> Response:
        """Return what is answered: a refusal with its reasons, also by --strict, or a variant."""
        refused = answer.status // 100 == 4
        token = sandbox.TOKEN if answer.status == 401 else None
        wrong = complaints.complaints(contract, sent, token)
        if answer.status == 404 and not wrong:
            wrong = complaints.address(contract, sent)
        if refused or (self._strict and wrong and answer.status < 300):
            refusal = answer if refused else replace(answer, status=UNPROCESSABLE, body=b"{}")
            value = decode(refusal.body)[0]
            rows = [complaint.data() for complaint in wrong]
            if not isinstance(value, dict) or not rows:
                return refusal
            unsaid = f"{rows[0]['bug']}; no sentence of the page forbids it, and none promises it"
            words = value or {"message": unsaid}
            return replace(refusal, body=encode({**words, "contract": rows}))
        if contract.name in self._variants and answer.status < 300:
            return self._varied(contract, sent, answer)
        return answer

    def _varied(self, contract: Contract, sent: Request, answer: Response) -> Response:
        case = Case(0, Region.VALID, "served", operation=contract.operation.name)
        plain = exchange_of(case, sent, answer)
        if plain.value is ABSENT:
            return answer
        with self._lock:
            variant = next(self._variants[contract.name])
            before = self._before[contract.name]
            others = [
                exchange
                for name, seen in self._before.items()
                if name != contract.name
                for exchange in seen
            ]
            done = variants.varied(contract, variant, list(before), plain, others)
            before.append(done)
        return replace(answer, status=done.status or answer.status, body=encode(done.value))

    def _undeclared(self, environ: dict[str, Any], methods: Sequence[str]) -> Response:
        """Say what is declared when nothing is at an address, or nothing by this method."""
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        declared = [
            f"{contract.operation.method} {contract.operation.path}" for contract in self._contracts
        ]
        message = f"no contract declares {asked}"
        body = {"message": message, "declared": nearest(asked, declared)}
        allow = (("Allow", ", ".join(methods)),) if methods else ()
        headers = (*allow, ("Content-Type", "application/json"))
        return Response(405 if methods else 404, headers, encode(body))


def _variants(contract: Contract) -> Iterator[variants.Variant]:
    """Return the variants of an operation's answers, which go round."""
    known = [] if contract.reads else samples(contract, variants.sample_bodies(contract))
    return itertools.cycle(variants.covering(contract, known, read=True))


def _missing(answer: Response) -> int:
    """Return how many bytes an answer lacks of what it announces, cut off or answering a HEAD."""
    announced = (text for name, text in answer.headers if name.lower() == "content-length")
    return max(0, int(next(announced, "0")) - len(answer.body))
