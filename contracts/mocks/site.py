"""What `contracts serve` puts around its sandboxes: an index, OpenAPI, Swagger UI, CORS, a log.

One API stands at the root, several each below its name: ``/kohort/orders``. What an API
declares goes before the pages of the site, which is served on a port by a thread of its own.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, jsonify
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server

from contracts.errors import UsageError, missing_extra
from contracts.faults.server import HANG
from contracts.mocks.strict import Strict
from contracts.model import Contract
from contracts.sandbox import WsgiApp

LONGEST = 3600  # seconds that a request hangs
ANY = ("*",)


@dataclass(frozen=True, slots=True)
class Served:
    """One API with its application, and the path that is before its own."""

    contract: Contract
    app: Strict
    prefix: str


class Site:
    """A WSGI application of several APIs; `origins` may call it from pages in browsers."""

    def __init__(
        self, served: Sequence[Served], origins: Sequence[str], log: Callable[[str], None]
    ) -> None:
        # the longest prefix first: /shop-2 is not /shop
        self._served = sorted(served, key=lambda each: -len(each.prefix))
        self._pages = {each.prefix: _pages(served, each) for each in served}
        self._index = _pages(served, None)
        self._origins = origins
        self._log = log
        self._lock = threading.Lock()
        self.ended = threading.Event()  # lets go of requests that hang
        self.under_way = 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, and write a line about it."""
        started = time.monotonic()
        statuses = ["-"]
        environ[HANG] = lambda: self.ended.wait(LONGEST)
        method = environ["REQUEST_METHOD"]
        path = environ["PATH_INFO"]

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            statuses[:] = [status.partition(" ")[0]]
            return start(status, [*headers, *self._cors(environ)])

        with self._lock:
            self.under_way += 1
        try:
            if method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
                start_response("204 No Content", [])
                return
            yield from self._app(environ)(environ, start_response)
        finally:
            with self._lock:
                self.under_way -= 1
            took = round((time.monotonic() - started) * 1000)
            caller = environ.get("REMOTE_ADDR", "-")
            self._log(f"{caller} {method} {path} {statuses[0]} {took} ms")

    def _app(self, environ: dict[str, Any]) -> WsgiApp:
        """Return what answers a request, which is told of its own path only."""
        path = environ["PATH_INFO"]
        for api in self._served:
            if path == api.prefix or path.startswith(f"{api.prefix}/"):
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + api.prefix
                environ["PATH_INFO"] = own = path.removeprefix(api.prefix)
                is_page = own in ("", "/", "/openapi.json") or own.split("/")[1] == "docs"
                if is_page and not api.app.declares(own):
                    return self._pages[api.prefix]
                return api.app
        return self._index

    def _cors(self, environ: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the headers that let a page of another origin read an answer."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is None or not ({origin, "*"} & set(self._origins)):
            return []
        allowed = "*" if "*" in self._origins else origin
        headers = [("Access-Control-Allow-Origin", allowed), ("Vary", "Origin")]
        method = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
        if method:
            requested = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "*")
            headers.append(("Access-Control-Allow-Methods", method))
            headers.append(("Access-Control-Allow-Headers", requested))
        return headers


def _pages(served: Sequence[Served], api: Served | None) -> Flask:
    """Make the pages of the whole site, or those below one API."""
    app = Flask("site")
    listed = served if api is None or not api.prefix else [api]

    @app.get("/")
    def index() -> Response:
        return jsonify(serves=[_entry(each) for each in listed])

    if api is not None:
        app.add_url_rule("/openapi.json", "openapi", _document(api))
    _add_docs(app, listed, api.prefix if api is not None else "")
    return app


def _add_docs(app: Flask, listed: Sequence[Served], prefix: str) -> None:
    """Add Swagger UI with each API that is shown, or a page that says how to install it."""
    try:
        from flask_swagger_ui import get_swaggerui_blueprint  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        text = f"{missing_extra(error)}\n"
        app.add_url_rule("/docs/", "docs", lambda: Response(text, 501, mimetype="text/plain"))
        return
    config: dict[str, Any] = {"app_name": ", ".join(each.contract.title for each in listed)}
    if len(listed) > 1:
        places = {each.contract.api: f"..{each.prefix}/openapi.json" for each in listed}
        config["urls"] = [{"url": url, "name": api} for api, url in places.items()]
    docs = get_swaggerui_blueprint(f"{prefix}/docs", "../openapi.json", config=config)
    app.register_blueprint(docs, url_prefix="/docs")


def _entry(api: Served) -> Mapping[str, Any]:
    return {
        "api": api.contract.api,
        "title": api.contract.title,
        "openapi": f"{api.prefix}/openapi.json",
        "docs": f"{api.prefix}/docs/",
        "operations": [
            f"{each.method} {api.prefix}{each.path}" for each in api.contract.operations
        ],
    }


def _document(api: Served) -> Callable[[], Response]:
    """Return what answers with the OpenAPI document, which is made when it is asked for."""

    def respond() -> Response:
        from contracts.interop import openapi  # noqa: PLC0415 - few ask for it, and it takes a while

        return jsonify({**openapi.whole(api.contract), "servers": [{"url": api.prefix or "/"}]})

    return respond


UNDERSCORED = re.compile(rb"^[\w-]*_[\w-]*(?=:)", re.MULTILINE)
PATIENCE = 5.0  # seconds that requests under way have to end


class _Parser(HTTPRequestParser):
    """Keeps header fields with an underscore in their names, as in api_key.

    waitress drops them, since WSGI does not tell them from those with a hyphen.
    """

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(UNDERSCORED.sub(lambda name: name[0].replace(b"_", b"-"), header_plus))


class _Channel(HTTPChannel):
    parser_class = _Parser


@contextmanager
def listening(site: Site, host: str, port: int) -> Iterator[int]:
    """Serve a site; yield its port. When the block ends, requests under way are still answered."""
    channels: dict[int, Any] = {}
    try:
        server: Any = create_server(site, map=channels, host=host, port=port, threads=16)
    except ValueError as error:  # a host that can't be looked up
        raise UsageError(f"--host {host}: there is no such address on this machine") from error
    except OSError as error:
        raise UsageError(
            f"port {port} can't be used: {error.strerror}; choose another with --port"
        ) from error
    server.channel_class = _Channel
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.trigger.pull_trigger(server.del_channel)  # no further connection is taken
        site.ended.set()
        deadline = time.monotonic() + PATIENCE
        while site.under_way and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.05)  # until the last bytes have left
        # by the thread that waits on the sockets: closed under its feet they would make it fail
        server.trigger.pull_trigger(lambda: wasyncore.close_all(channels, ignore_all=True))
        thread.join(PATIENCE)
        server.socket.close()
        server.task_dispatcher.shutdown()
