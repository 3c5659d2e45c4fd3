"""The embedded sandbox with faults seeded around it, as a WSGI middleware."""

from __future__ import annotations

import copy
import io
import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import httpcore

from contracts import sandbox
from contracts.errors import UsageError
from contracts.faults.catalogue import Fault
from contracts.faults.conditions import condition_holds
from contracts.faults.edits import apply_edits
from contracts.model import Contract, Operation
from contracts.sandbox import WsgiApp

OTHER_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}  # that another operation may have


def need_sandbox(contract: Contract) -> None:
    """Raise UsageError for a contract that has no embedded sandbox.

    Which faults could be seeded into.
    """
    if contract.api not in sandbox.APPS:
        raise UsageError(
            f"{contract.api} has no embedded sandbox; those that have one: "
            f"{', '.join(sandbox.APPS)}"
        )


def create_app(contract: Contract, fault: Fault) -> WsgiApp:
    """Make the embedded sandbox with a fault in it, with a fresh state."""
    request = contract.refuses_by
    schema = copy.deepcopy(dict(request)) if request is not None else None
    for edit in fault.schema:
        _edit_schema(schema, edit)
    app = sandbox.create_app(contract.api, schema, frozenset(fault.lacks))
    return around(app, fault, contract.operation)


def around(app: WsgiApp, fault: Fault, operation: Operation) -> WsgiApp:
    """Put what a fault changes about an operation's answers around a sandbox with its state."""
    return _Middleware(app, fault, operation)


def _edit_schema(schema: Any, edit: Mapping[str, Any]) -> None:
    """Relax one keyword of the schema, or set one (`set` with `value`)."""
    node = schema
    for token in edit["at"].split("/")[1:]:
        node = node[token]
    if "set" in edit:
        node[edit["set"]] = edit["value"]
    elif edit["relax"] == "required":
        node["required"] = [name for name in node["required"] if name != edit["member"]]
    elif edit["relax"] == "type":
        kept = dict(node)
        node.clear()
        node["anyOf"] = [kept, {"not": {"type": kept["type"]}}]
    else:
        del node[edit["relax"]]


class _Middleware:
    """A WSGI application around the sandbox that changes what it answers when a fault's conditions hold."""  # noqa: E501

    def __init__(self, app: WsgiApp, fault: Fault, operation: Operation) -> None:
        self._app, self._fault = app, fault
        path = re.sub(r"\\{[^/]*?\\}", "[^/]*", re.escape(operation.path.partition("?")[0]))
        self._address = re.compile(f".*{path}/?")
        self._method = operation.method
        self._successes = itertools.count(1)
        self._previous: Any = None
        self._lock = threading.Lock()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in OTHER_METHODS - {self._method} or not (
            self._address.fullmatch(environ["PATH_INFO"])
        ):
            return self._app(environ, start_response)
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(sent)
        header = environ.get("HTTP_AUTHORIZATION", "absent")
        if self._fault.takes_authorization is not None and re.fullmatch(
            self._fault.takes_authorization, header
        ):
            environ["HTTP_AUTHORIZATION"] = f"Bearer {sandbox.TOKEN}"
        answered: list[Any] = []
        answer = b"".join(
            self._app(environ, lambda status, headers, _=None: answered.extend([status, headers]))
        )
        status, headers = int(answered[0].split()[0]), answered[1]
        with self._lock:
            applies, before = self._applies(environ, sent, status, answer)
        if applies:
            time.sleep(self._fault.seconds)
            status, headers, answer = self._changed(sent, status, headers, answer, before)
        headers = [(name, value) for name, value in headers if name != "Content-Length"]
        start_response(f"{status} Answer", [*headers, ("Content-Length", str(len(answer)))])
        return _failing(answer, self._fault.fails) if self._fault.fails and applies else [answer]

    def _applies(
        self, environ: dict[str, Any], sent: bytes, status: int, answer: bytes
    ) -> tuple[bool, Any]:
        """Tell whether the fault's conditions hold now, and give the success before this one."""
        when, before = self._fault.when, self._previous
        success = status < 300 and answer.startswith(b"{")  # what is asked by OPTIONS has no body
        number = next(self._successes) if success else 0
        if success:
            self._previous = json.loads(answer)
        address = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        about_refusals = "status" in when or "path" in when
        return (success or about_refusals) and condition_holds(
            when, address, _read(sent), status, number
        ), before

    def _changed(
        self, sent: bytes, status: int, headers: list[tuple[str, str]], answer: bytes, before: Any
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        fault, original = self._fault, answer
        if fault.response:
            answer = apply_edits(answer, fault.response, before, _read(sent))
        if fault.body is not None:
            answer = (
                fault.body.encode("latin-1")
                if fault.body.startswith("\xff")
                else fault.body.encode()
            )
            answer = answer.replace(b"{answer}", original).replace(b"{members}", original[1:-1])
        return fault.status or status, _with_headers(headers, fault.headers), answer


def _failing(answer: bytes, kind: str) -> Iterator[bytes]:
    """Begin an answer and end it as a broken connection does."""
    errors = {"timeout": httpcore.ReadTimeout, "incomplete": httpcore.ReadError}
    yield answer[: len(answer) // 2]
    raise errors[kind](kind)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _with_headers(
    headers: list[tuple[str, str]], changes: Mapping[str, Any]
) -> list[tuple[str, str]]:
    kept = [
        (name, value)
        for name, value in headers
        if name.lower() not in {change.lower() for change in changes}
    ]
    for name, value in changes.items():
        kept += [(name, text) for text in ([value] if isinstance(value, str) else value)]
    return kept
