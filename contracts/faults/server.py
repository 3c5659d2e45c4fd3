"""The embedded sandbox with faults seeded around it, as a WSGI middleware."""

import copy
import io
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import httpcore

from contracts import sandbox
from contracts.faults import embedded
from contracts.faults.catalogue import Fault
from contracts.faults.edits import apply_edits, condition_holds
from contracts.model import Contract, Operation, path_pattern
from contracts.sandbox import WsgiApp
from contracts.schema.jsontext import at

HANG = "contracts.hang"  # in the environ of a request over HTTP: what waits until the server ends
OTHER_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}  # that another operation may have


def create_app(contract: Contract, fault: Fault) -> WsgiApp:
    """Make the embedded sandbox with a fault in it, with a fresh state."""
    return seeded(contract, [(contract, fault)])


def seeded(contract: Contract, faults: Sequence[tuple[Contract, Fault]]) -> WsgiApp:
    """Make the embedded sandbox with several faults at once, each of an operation of the API."""
    schemas: dict[str, Any] = {}
    for faulty, fault in faults:
        name = faulty.operation.name
        for edit in fault.schema:
            schemas.setdefault(name, copy.deepcopy(faulty.request))
            _edit_schema(schemas[name], edit)
    lacks = frozenset(name for _, fault in faults for name in fault.lacks)
    # what is taken against the page may be nothing that an answer can have
    app = embedded.create_app(contract, lacks | {"unfit"} if schemas else lacks, schemas)
    for faulty, fault in faults:
        app = FaultySandbox(app, fault, faulty.operation)
    return app


def _edit_schema(schema: Any, edit: Mapping[str, Any]) -> None:
    """Relax one keyword of the schema, or set one (`set` with `value`)."""
    node = at(schema, edit["at"])
    if "set" in edit:
        node[edit["set"]] = edit["value"]
    elif edit["relax"] == "required":
        node["required"] = [name for name in node["required"] if name != edit["member"]]
    elif edit["relax"] == "type":
        original = dict(node)
        node.clear()
        node["anyOf"] = [original, {"not": {"type": original["type"]}}]
    else:
        del node[edit["relax"]]


def answered(app: WsgiApp, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return what an application answers to a request: status, header fields, body."""
    started: list[Any] = []
    body = b"".join(app(environ, lambda *arguments: started.extend(arguments)))
    return int(started[0].split()[0]), started[1], body


class FaultySandbox:
    """A WSGI application around a sandbox, which changes an operation's answers as a fault says."""

    def __init__(self, app: WsgiApp, fault: Fault, operation: Operation) -> None:
        self._app = app
        self._fault = fault
        self._address = re.compile(f".*{path_pattern(operation.path.partition('?')[0])}/?")
        self._method = operation.method
        self._parameters = {*re.findall(r"[?&]([^=]+)=", operation.path)}
        self._header = f"HTTP_{operation.header.upper().replace('-', '_')}"
        self._key = operation.header if operation.key_in_query else None
        self._credential = (operation.credential or "").replace("{token}", sandbox.TOKEN)
        self._successes: Counter[str] = Counter()  # by address
        self._previous: Any = None
        self._lock = threading.Lock()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request; those of other operations are the sandbox's."""
        others = OTHER_METHODS - {self._method}
        is_here = self._address.fullmatch(environ["PATH_INFO"])
        if environ["REQUEST_METHOD"] in others or not is_here:
            return self._app(environ, start_response)
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(sent)
        pattern = self._fault.takes_authorization
        if pattern is not None and re.fullmatch(pattern, self._shown_credential(environ)):
            environ[self._header] = self._credential
            good = f"{self._key}={self._credential}&" if self._key else ""
            environ["QUERY_STRING"] = good + environ.get("QUERY_STRING", "")
        status, headers, answer = answered(self._app, environ)
        with self._lock:
            applies, before = self._applies(environ, sent, status, answer)
        if applies:
            status, headers, answer = self._changed(sent, status, headers, answer, before)
        headers = [(name, value) for name, value in headers if name != "Content-Length"]
        start_response(f"{status} Answer", [*headers, ("Content-Length", str(len(answer)))])
        if self._fault.fails and applies:
            return _failing(answer, self._fault.fails, environ.get(HANG))
        return [answer]

    def _shown_credential(self, environ: dict[str, Any]) -> str:
        """Return what a request shows as its credential, wherever it stands."""
        if self._key:
            sent = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
            return str(sent.get(self._key, ["absent"])[0])
        elsewhere = (self._undocumented_query(environ), environ.get("HTTP_COOKIE"))
        return " ".join(filter(None, (environ.get(self._header, "absent"), *elsewhere)))

    def _undocumented_query(self, environ: dict[str, Any]) -> str:
        """Return what of the query is no parameter of the operation: where a token may stand."""
        pairs = environ.get("QUERY_STRING", "").split("&")
        return "&".join(pair for pair in pairs if pair.partition("=")[0] not in self._parameters)

    def _applies(
        self, environ: dict[str, Any], sent: bytes, status: int, answer: bytes
    ) -> tuple[bool, Any]:
        """Return whether the fault's conditions hold now, and the success before this one."""
        when = self._fault.when
        before = self._previous
        success = status < 300 and environ["REQUEST_METHOD"] == self._method
        address = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        if success:
            self._successes[address] += 1
            self._previous = _read(answer) if answer else self._previous
        number = self._successes.total() if success else 0
        turn = self._successes[address] if success else 0
        about_refusals = "status" in when or "path" in when
        return (success or about_refusals) and condition_holds(
            when, address, _read(sent), status, number, turn=turn
        ), before

    def _changed(
        self, sent: bytes, status: int, headers: list[tuple[str, str]], answer: bytes, before: Any
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Return status, headers and body of an answer as the fault changes them."""
        fault = self._fault
        original = answer
        if fault.response:
            answer = apply_edits(answer, fault.response, before, _read(sent))
        if fault.body is not None:
            encoding = "latin-1" if fault.body.startswith("\xff") else "utf-8"
            answer = fault.body.encode(encoding)
            members = original[1:-1].strip()
            answer = answer.replace(b", {members}", b", " + members if members else b"")
            answer = answer.replace(b"{answer}", original)
        changed = {name.lower() for name in fault.headers}
        rest = [(name, value) for name, value in headers if name.lower() not in changed]
        for name, value in fault.headers.items():
            rest += [(name, text) for text in ([value] if isinstance(value, str) else value)]
        return fault.status or status, rest, answer


def _failing(answer: bytes, kind: str, hang: Callable[[], object] | None) -> Iterator[bytes]:
    """Begin an answer and end it as a broken connection does.

    Over HTTP a hang waits until the server ends; in this process the error is that of
    httpcore.
    """
    if hang is not None and kind == "timeout":
        hang()
    yield answer[: len(answer) // 2]
    if hang is None:
        errors = {"timeout": httpcore.ReadTimeout, "incomplete": httpcore.ReadError}
        raise errors[kind](kind)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
