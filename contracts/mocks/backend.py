"""The embedded sandbox behind a mock: it keeps its state, and can be a faulty one for a while."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import httpcore
import httpx

from contracts import model, sandbox
from contracts.faults import catalogue, embedded, server
from contracts.interop.exchanges import exchange_of
from contracts.sandbox import WsgiApp
from contracts.schema.jsontext import decode, encode

INSIDE = "http://sandbox.invalid"
# checks that the sandbox does without: a store, product or code of the client's own is as good as
# the sandbox's
LENIENT = ("unknown", "unknown_product", "unknown_coupon", "unknown_affiliate")


class Backend:
    """One embedded sandbox; `token` is what it takes, None takes any."""

    def __init__(self, contract: model.Contract, token: str | None = None) -> None:
        self._contract = contract
        self._token = token
        self._app: WsgiApp = embedded.create_app(contract, frozenset(LENIENT))
        self._faulty: tuple[WsgiApp, int | None] | None = None

    def seed(self, fault_id: str, times: int | None) -> None:
        """Have a seeded fault for the next `times` requests, None for good.

        UsageError when there is no such fault. One that is about what the sandbox remembers or
        checks begins with a sandbox that remembers nothing.
        """
        fault = catalogue.find(self._contract, fault_id)
        if fault.lacks or fault.schema or fault.takes_authorization is not None:
            fault = replace(fault, lacks=(*fault.lacks, *LENIENT))
            self._faulty = (server.create_app(self._contract, fault), times)
        else:
            faulty = server.FaultySandbox(self._app, fault, self._contract.operation)
            self._faulty = (faulty, times)

    def next(self) -> WsgiApp:
        """Return the application that answers the next request."""
        if self._faulty is None:
            return self._app
        app, times = self._faulty
        if times is not None:
            self._faulty = (app, times - 1) if times > 1 else None
        return app

    def ask(self, request: model.Request, app: WsgiApp | None = None) -> model.Response:
        """Let the sandbox answer a request; any good token becomes its own."""
        headers = {n: text for n, text in request.headers if n in ("content-type", "accept")}
        name = self._contract.operation.header.lower()
        token = dict(request.headers).get(name)
        if token is not None:
            headers[name] = self._exchanged(token)
        url = INSIDE + request.path
        message = httpx.Request(request.method, url, headers=headers, content=request.body)
        with httpx.WSGITransport(app=app or self._app) as transport:
            try:
                answer = transport.handle_request(message)
                # as it is sent: reading it is the client's business
                body = b"".join(answer.stream)  # type: ignore[arg-type] # WSGITransport's is sync
            except httpcore.TimeoutException as error:  # a fault that ends its connection
                raise httpx.ReadTimeout("the server did not answer in time") from error
            except httpcore.NetworkError as error:
                words = "the connection was reset before the answer was whole"
                raise httpx.ReadError(words) from error
        return model.Response(answer.status_code, tuple(answer.headers.multi_items()), body)

    def refusal(self) -> dict[str, Any]:
        """Return the body with which the sandbox refuses a request without a token."""
        value = decode(self.ask(self._plain(())).body)[0]
        return value if isinstance(value, dict) else {}

    def sample(self, body: Any) -> tuple[model.Request, model.Response]:
        """Send a body as a client does that makes no mistake; ABSENT for no body."""
        operation = self._contract.operation
        credential = f"{operation.scheme} {sandbox.TOKEN}".strip()
        headers = ((operation.header.lower(), credential), ("content-type", "application/json"))
        request = self._plain(headers, body)
        return request, self.ask(request)

    def _plain(
        self, headers: tuple[tuple[str, str], ...], body: Any = model.ABSENT
    ) -> model.Request:
        operation = self._contract.operation
        values = embedded.environment(self._contract)
        parameters = {name: values[variable] for name, variable in operation.parameters.items()}
        path = model.filled_path(operation.path, parameters)
        content = None if body is model.ABSENT else encode(body)
        return model.Request(operation.method, path, headers, content, body, parameters)

    def _exchanged(self, header: str) -> str:
        has_scheme = bool(self._contract.operation.scheme)
        scheme, _, token = header.partition(" ") if has_scheme else ("", "", header)
        token = token.strip()
        is_weak = token == sandbox.TOKEN_WITHOUT_PERMISSION
        good = token and self._token in (None, token) and not is_weak
        return f"{scheme} {sandbox.TOKEN}".strip() if good else header


def samples(contract: model.Contract, bodies: Iterable[Any]) -> list[model.Exchange]:
    """Return the exchanges of requests that are as they should be, with a sandbox of their own."""
    backend = Backend(contract)
    case = model.Case(0, model.Region.VALID, "a sample")
    return [exchange_of(case, *backend.sample(body)) for body in bodies]


def address_pattern(base_url: str, path: str) -> re.Pattern[str]:
    """Return the pattern of an operation's address, with a group for each path parameter."""
    return re.compile(rf"^{re.escape(base_url)}{model.path_pattern(path)}(\?.*)?$")


def header_fields(
    environ: Mapping[str, Any], contract: model.Contract
) -> tuple[tuple[str, str], ...]:
    """Return the header fields of a request as WSGI has it, by their names in lower case.

    WSGI does not tell api_key from api-key: where the contract has such a field, it is that one.
    """
    declared = {operation.header.lower() for operation in contract.operations}
    declared |= {name.lower() for operation in contract.operations for name in operation.headers}
    own = {f"HTTP_{name.upper().replace('-', '_')}": name for name in declared}
    names = {"CONTENT_TYPE": "content-type"} | {
        name: own.get(name, name.removeprefix("HTTP_").replace("_", "-").lower())
        for name in environ
        if name.startswith("HTTP_")
    }
    fields = {name: spoken for name, spoken in names.items() if environ.get(name)}
    return tuple((spoken, environ[name]) for name, spoken in fields.items())
