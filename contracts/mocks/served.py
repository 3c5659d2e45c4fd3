"""A mock with a real port: for clients in any library, and in other processes."""

import json
import threading
from collections.abc import Callable, Iterable
from typing import Any, Self

import httpx
from werkzeug.serving import WSGIRequestHandler, make_server

from contracts.mocks.backend import header_fields
from contracts.mocks.mock import ContractMock
from contracts.mocks.router import SERVED, undeclared


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def make_environ(self) -> dict[str, Any]:
        """Return what WSGI has of a request; werkzeug leaves out names with an underscore."""
        underscored = {
            f"HTTP_{name.upper().replace('-', '_')}": text
            for name, text in self.headers.items()
            if "_" in name
        }
        return {**super().make_environ(), **underscored}

    def connection_dropped(self, *_: Any) -> None:
        """Close the connection: no answer comes."""
        self.close_connection = True

    def log(self, *_: Any) -> None:
        """Write nothing: what was sent is in the mock's exchanges."""


class ContractServer(ContractMock):
    """One API at `base_url`, a port on loopback, while it is started.

    It answers, checks, varies and misbehaves as `ContractMock` does. A time-out is an answer
    that does not come until the server stops, any other failure a connection that is closed.
    """

    def __init__(self, api: str, **more: Any) -> None:
        self._server = make_server(
            "127.0.0.1", 0, self._respond, threaded=True, request_handler=_Handler
        )
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._stopped = threading.Event()
        super().__init__(api, f"http://127.0.0.1:{self._server.server_port}", **more)

    def start(self) -> Self:
        """Begin to answer."""
        waiting = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        waiting.start()
        SERVED.add(self.base_url)
        return self

    def stop(self) -> None:
        """Close the port; requests that hang end."""
        if not self._stopped.is_set():
            self._stopped.set()
            SERVED.discard(self.base_url)
            self._server.shutdown()
            self._server.socket.close()

    def _respond(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request as WSGI has it."""
        request = self._request(environ)
        for method, pattern, respond in self.routes:
            match = pattern.match(str(request.url))
            if match and method == request.method:
                try:
                    answer = respond(request, **match.groupdict())
                except httpx.TimeoutException:
                    self._stopped.wait()
                    raise ConnectionAbortedError from None
                except httpx.TransportError:
                    raise ConnectionAbortedError from None  # the connection is closed
                headers = [*answer.headers.multi_items()]
                start(f"{answer.status_code} Answer", headers)
                return [answer.content]
        text = undeclared(f"{request.method} {request.url}", self.addresses)
        self._note_undeclared(request, text)
        start("404 Not Found", [("Content-Type", "application/json")])
        return [json.dumps({"message": text}).encode()]

    def _request(self, environ: dict[str, Any]) -> httpx.Request:
        headers = list(header_fields(environ, self.contract))
        length = int(environ.get("CONTENT_LENGTH") or 0)
        stream = environ["wsgi.input"]
        is_chunked = "HTTP_TRANSFER_ENCODING" in environ
        body = stream.read() if is_chunked else stream.read(length)
        url = self.base_url + environ.get("REQUEST_URI", environ["PATH_INFO"])
        return httpx.Request(environ["REQUEST_METHOD"], url, headers=headers, content=body)
