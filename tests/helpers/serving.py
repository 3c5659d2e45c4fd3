"""Sandboxes served over HTTP on the loopback interface, and reports of runs against them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from waitress import wasyncore
from waitress.server import create_server
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from contracts import sandbox
from contracts.cli import main
from contracts.definition import loading
from contracts.faults import catalogue
from contracts.faults import server as faults_server
from contracts.reports import reading

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

ENVIRONMENT = {
    "KOHORT_TOKEN": sandbox.TOKEN,
    "KOMERZA_TOKEN": sandbox.TOKEN,
    "KOMERZA_TOKEN_WITHOUT_PERMISSION": sandbox.TOKEN_WITHOUT_PERMISSION,
    "KOMERZA_STORE": sandbox.STORE,
    "KOMERZA_FOREIGN_STORE": sandbox.FOREIGN_STORE,
}


def conforming(api: str) -> App:
    """Make the embedded sandbox of an API, with a fresh state."""
    return sandbox.create_app(api, loading.load(api).request)


def faulty(api: str, fault: str | catalogue.Fault) -> App:
    """Make a sandbox with a fault: one of faults.toml by its id, or a fault of one's own."""
    contract = loading.load(api)
    return faults_server.create_app(
        contract, catalogue.find(contract, fault) if isinstance(fault, str) else fault
    )


def below(prefix: str, app: App) -> App:
    """Put an application behind a base path."""
    return DispatcherMiddleware(NotFound(), {prefix: app})


class Counting:
    """An application that counts the requests to the one in it."""

    def __init__(self, app: App) -> None:
        self.requests = 0
        self._app = app
        self._lock = threading.Lock()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Count, then answer as the application does."""
        with self._lock:
            self.requests += 1
        return self._app(environ, start_response)


@contextmanager
def served(app: App, path: str = "", threads: int = 8) -> Iterator[str]:
    """Serve an application on an ephemeral port while the block runs; give its base URL."""
    channels: dict[int, Any] = {}
    server: Any = create_server(
        app,
        map=channels,
        host="127.0.0.1",
        port=0,
        threads=threads,
        clear_untrusted_proxy_headers=True,
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}{path}"
    finally:
        # by the thread that waits on the sockets: closed under its feet they would make it fail;
        # it may do so before it is woken, by a response that is just finished
        with suppress(OSError):
            server.trigger.pull_trigger(lambda: wasyncore.close_all(channels, ignore_all=True))
        thread.join(5)
        server.task_dispatcher.shutdown()


@lru_cache
def _reports() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(reading.schema())


def assert_keeps_its_schema(report: Mapping[str, Any]) -> None:
    """Check that a report is as the published schema of reports says.

    With a compiled validator: `jsonschema` takes half a second for a report of many findings.
    """
    _reports().validate(report)


def verify(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Run ``contracts verify`` in this process, without generated requests unless asked for.

    Give the exit status and the JSON report, which keeps its schema.
    """
    path = folder / "report.json"
    fuzz = [] if "--fuzz" in arguments else ["--fuzz", "0"]
    status = main.run(["verify", *arguments, *fuzz, "--json", str(path)])
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert_keeps_its_schema(report)
    return status, report


def outcomes(report: dict[str, Any], operation: str | None = None) -> dict[str, str]:
    """Give the outcome of every clause of the one run in a report, or of its operation's run."""
    (run,) = (run for run in report["runs"] if operation in {None, run["operation"]})
    return {clause["id"]: clause["outcome"] for clause in run["clauses"]}


def findings_of(report: dict[str, Any], clauses: Sequence[str]) -> list[dict[str, Any]]:
    """Give the findings of some clauses."""
    return [
        finding
        for run in report["runs"]
        for finding in run["findings"]
        if finding["clause"] in clauses
    ]
