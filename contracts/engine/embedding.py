"""The transport to an application in this process: the embedded sandbox, through respx."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import httpx

from contracts.engine.credentials import Credentials
from contracts.engine.deadlines import Clock
from contracts.engine.transports import EMBEDDED, HttpTransport, WsgiApp


def embedded(
    app: WsgiApp, credentials: Credentials, headers: Sequence[tuple[str, str]] = ()
) -> HttpTransport:
    """Return the transport to a WSGI application in this process, through respx: no network.

    Every request has the `headers` beside its own.
    """
    import respx  # noqa: PLC0415 - who verifies an address needs none of it
    from respx.handlers import WSGIHandler  # noqa: PLC0415

    base_url = "http://embedded.invalid"
    router = respx.Router(assert_all_called=False, base_url=base_url)
    router.route().mock(side_effect=WSGIHandler(_with_wsgi_path(app)))

    def handle(request: httpx.Request) -> httpx.Response:
        for name in set(request.headers):  # WSGI has one text for each name
            request.headers[name] = ", ".join(request.headers.get_list(name))
        answer = router.handler(request)
        router.calls.reset()  # respx remembers every call, a run needs none of them
        return answer

    inside = httpx.MockTransport(handle)
    transport = HttpTransport(base_url, credentials, inside, Clock(), headers)
    transport.name = EMBEDDED
    return transport


def _with_wsgi_path(app: WsgiApp) -> WsgiApp:
    """Return the application with paths as in PEP 3333: each byte as one character.

    httpx passes decoded text, which an application can't read where it is not Latin. A body
    that came in chunks has a length, as servers of WSGI applications give it one.
    """

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"].encode("utf-8").decode("latin-1")
        body = environ["wsgi.input"].read()
        whole = {
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": True,
        }
        return app({**environ, **whole}, start_response)

    return call
