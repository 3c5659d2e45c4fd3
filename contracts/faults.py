"""Seeded faults: data applied to the embedded sandbox, so that every clause can be seen to bite.

A fault changes what the sandbox answers (`response`: edits of the JSON, `status`, `headers`, `body`), what it
checks (`schema`: edits of the schema it refuses bodies by), what it does (`lacks`: see `contracts.sandbox`),
whom it lets in (`takes_authorization`: a regular expression of Authorization headers that count as good ones,
a missing one being ``absent``) or how its connection ends (`fails`, embedded only); always, or only `when`
conditions hold. For each of the file's named conditions that it is put `under`, a copy of it shows under that
condition alone. `breaks` names the clauses that have to be violated by it, `also` those that can't be spared.
Faults of schema keywords are made from the schemas; the others stand in faults.toml.
"""

from __future__ import annotations

import copy
import difflib
import io
import itertools
import json
import re
import threading
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpcore

from contracts import dialect, documents, sandbox
from contracts.documents import before, shipped_folder
from contracts.errors import ContractError, UsageError
from contracts.model import Contract
from contracts.sandbox import WsgiApp

CHANGES = frozenset({"upper", "lower", "cut", "append", "ascii", "scale", "add", "integer"})  # of what is there


@dataclass(frozen=True, slots=True)
class Fault:
    """A defect of the sandbox as data; `conforming` says that it is none: a variant that has to pass."""

    id: str
    about: str
    breaks: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    when: Mapping[str, Any] = field(default_factory=dict)
    response: tuple[Mapping[str, Any], ...] = ()
    status: int | None = None
    headers: Mapping[str, Any] = field(default_factory=dict)
    body: str | None = None
    schema: tuple[Mapping[str, Any], ...] = ()
    lacks: tuple[str, ...] = ()
    takes_authorization: str | None = None
    fails: str | None = None
    seconds: float = 0
    conforming: bool = False
    under: tuple[str, ...] = ()


def load(contract: Contract) -> tuple[Fault, ...]:
    """Give all faults and variants of a contract: those of faults.toml, then one for each schema keyword.

    A later revision has those of the one before as well, but for what its own file ``drops`` or has anew.
    """
    path = shipped_folder(contract.api) / "faults.toml"
    written = list(_under_conditions(contract.api))
    proven = {clause for fault in written for clause in fault.breaks}
    made = [fault for fault in _from_schemas(contract) if fault.breaks[0] not in proven]
    known = {clause.id for clause in contract.clauses}
    for fault in written:
        if unknown := [clause for clause in (*fault.breaks, *fault.also) if clause not in known]:
            raise ContractError(f"{path}: the fault {fault.id} names {unknown[0]}, which is no clause")
    return tuple(written + made)


def _under_conditions(name: str) -> Iterator[Fault]:
    """Yield the faults and variants of faults.toml, each of them followed by its copies under one condition."""
    known, conditions = _written(name)
    for fault in known.values():
        yield fault
        for condition in fault.under:
            if fault.when or condition not in conditions:
                path = shipped_folder(name) / "faults.toml"
                raise ContractError(f"{path}: {fault.id}: expected no `when`, and `under` names of [conditions]")
            about = f"{fault.about}, only {condition.replace('-', ' ')}"
            yield replace(fault, id=f"{fault.id}-{condition}", about=about, when=conditions[condition], under=())


def _written(name: str) -> tuple[dict[str, Fault], dict[str, Any]]:
    """Read faults and variants by their ids, and the conditions: first what is kept of the revision before."""
    earlier = before(name)
    known, conditions = _written(earlier) if earlier else ({}, {})
    path = shipped_folder(name) / "faults.toml"
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
        for dropped in rows.get("drops", []):
            del known[dropped]
        known |= {row["id"]: _fault(row) for row in rows["faults"]}
        known |= {row["id"]: _fault({**row, "conforming": True}) for row in rows["variants"]}
        conditions |= rows.get("conditions", {})
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ContractError(f"{path}: {error}") from error
    return known, conditions


def find(contract: Contract, fault_id: str) -> Fault:
    """Give a fault by its id; UsageError when there is none."""
    faults = load(contract)
    for fault in faults:
        if fault.id == fault_id:
            return fault
    near = difflib.get_close_matches(fault_id, [fault.id for fault in faults], n=3, cutoff=0.3)
    raise UsageError(f"{contract.api} has no fault {fault_id!r}" + (f"; near it are {', '.join(near)}" if near else ""))


def proving(contract: Contract) -> dict[str, list[Fault]]:
    """Give for each clause the faults that have to break it; none for a contract that has no faults of its own."""
    made: dict[str, list[Fault]] = {}
    # a contract of somebody's own may have the name of a shipped one, and its faults say nothing about it
    seeded = (shipped_folder(contract.api) / "faults.toml").is_file()
    own = seeded and documents.load(contract.api).clauses == contract.clauses
    for fault in load(contract) if own else ():
        for clause in fault.breaks:
            made.setdefault(clause, []).append(fault)
    return made


def need_sandbox(contract: Contract) -> None:
    """Raise UsageError for a contract that has no embedded sandbox, which faults could be seeded into."""
    if contract.api not in sandbox.APPS:
        raise UsageError(f"{contract.api} has no embedded sandbox; those that have one: {', '.join(sandbox.APPS)}")


def create_app(contract: Contract, fault: Fault) -> WsgiApp:
    """Make the embedded sandbox with a fault in it, with a fresh state."""
    schema = copy.deepcopy(dict(contract.request)) if contract.request is not None else None
    for edit in fault.schema:
        _edit_schema(schema, edit)
    return around(sandbox.create_app(contract.api, schema, frozenset(fault.lacks)), fault)


def around(app: WsgiApp, fault: Fault) -> WsgiApp:
    """Put what a fault changes about answers around a sandbox that has a state already."""
    return _Middleware(app, fault)


def _fault(row: Mapping[str, Any]) -> Fault:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Fault(**values)


def _from_schemas(contract: Contract) -> Iterator[Fault]:
    for keyword in dialect.keywords(contract.response):
        clause = f"response.{keyword.clause}"
        place = "".join(f"/{'*' if name == '[]' else name}" for name in keyword.path)
        if keyword.name == "required":
            edit: dict[str, Any] = {"op": "drop", "at": f"{place}/{keyword.member}"}
        else:
            edit = {"op": "set", "at": place, "value": _wrong(keyword)}
        yield Fault(clause, f"a response breaks {keyword.name} at {place or 'its root'}", (clause,), response=(edit,))
    if contract.request is None:
        return
    for keyword in dialect.keywords(contract.request):
        clause = f"request.{keyword.clause}"
        edit = {"at": keyword.pointer, "relax": keyword.name, "member": keyword.member}
        yield Fault(clause, f"a request that breaks {keyword.name} is taken", (clause,), schema=(edit,))


def _wrong(keyword: dialect.Keyword) -> Any:
    """Give a value that breaks one keyword and as little else as it can."""
    value = keyword.value
    length = {"minLength": lambda: "x" * (value - 1), "maxLength": lambda: "x" * (value + 1)}
    if keyword.name in length:
        return length[keyword.name]()
    if keyword.name == "type":
        kinds = {value} if isinstance(value, str) else set(value)
        wrong = {"string": "text", "number": 7, "boolean": True, "array": [], "object": {}, "null": None}
        kinds |= {"number"} if "integer" in kinds else set()
        return next(wrong[kind] for kind in wrong if kind not in kinds)
    wrong_values = {"enum": "NONE OF THEM", "format": "nothing of the kind", "pattern": "no match", "const": "another"}
    if keyword.name in wrong_values:
        return wrong_values[keyword.name]
    bounds = {"minimum": -1, "maximum": 1, "exclusiveMinimum": 0, "exclusiveMaximum": 0}
    return value + bounds[keyword.name] if keyword.name in bounds else None


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
    """A WSGI application around the sandbox that changes what it answers when a fault's conditions hold."""

    def __init__(self, app: WsgiApp, fault: Fault) -> None:
        self._app, self._fault = app, fault
        self._successes = itertools.count(1)
        self._previous: Any = None
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(sent)
        header = environ.get("HTTP_AUTHORIZATION", "absent")
        if self._fault.takes_authorization is not None and re.fullmatch(self._fault.takes_authorization, header):
            environ["HTTP_AUTHORIZATION"] = f"Bearer {sandbox.TOKEN}"
        answered: list[Any] = []
        answer = b"".join(self._app(environ, lambda status, headers, _=None: answered.extend([status, headers])))
        status, headers = int(answered[0].split()[0]), answered[1]
        with self._lock:
            applies, before = self._applies(environ, sent, status, answer)
        if applies:
            time.sleep(self._fault.seconds)
            status, headers, answer = self._changed(sent, status, headers, answer, before)
        headers = [(name, value) for name, value in headers if name != "Content-Length"]
        start_response(f"{status} Answer", [*headers, ("Content-Length", str(len(answer)))])
        return _failing(answer, self._fault.fails) if self._fault.fails and applies else [answer]

    def _applies(self, environ: dict[str, Any], sent: bytes, status: int, answer: bytes) -> tuple[bool, Any]:
        """Tell whether the fault's conditions hold now, and give the success before this one."""
        when, before = self._fault.when, self._previous
        success = status < 300 and answer.startswith(b"{")  # what is asked by OPTIONS has no body
        number = next(self._successes) if success else 0
        if success:
            self._previous = json.loads(answer)
        about_refusals = "status" in when or "path" in when
        return (success or about_refusals) and _holds(when, environ["PATH_INFO"], _read(sent), status, number), before

    def _changed(
        self, sent: bytes, status: int, headers: list[tuple[str, str]], answer: bytes, before: Any
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        fault, original = self._fault, answer
        if fault.response:
            answer = _edited(answer, fault.response, before, _read(sent))
        if fault.body is not None:
            answer = fault.body.encode("latin-1") if fault.body.startswith("\xff") else fault.body.encode()
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
    except ValueError:
        return None


def _holds(when: Mapping[str, Any], path: str, sent: Any, status: int, number: int) -> bool:
    members = sent if isinstance(sent, dict) else {}

    def longer(limits: Mapping[str, int]) -> bool:
        return all(isinstance(members.get(name), str) and len(members[name]) > least for name, least in limits.items())

    def between(limits: Mapping[str, float], least: float, most: float) -> bool:
        numbers = [(members.get(name), limit) for name, limit in limits.items()]
        return all(isinstance(n, (int, float)) and least < (n > limit) - (n < limit) < most for n, limit in numbers)

    tests: dict[str, Callable[[Any], bool]] = {
        "every": lambda n: number % int(n) == 0,
        "first": lambda n: number <= int(n),
        "from": lambda n: number >= int(n),
        "equals": lambda wanted: all(members.get(name) == value for name, value in wanted.items()),
        "has": lambda names: all(members.get(name) is not None for name in names),
        "null": lambda names: all(name in members and members[name] is None for name in names),
        "lacks": lambda names: all(name not in members for name in names),
        "longer": longer,
        "above": lambda limits: between(limits, 0, 2),
        "below": lambda limits: between(limits, -2, 0),
        "contains": lambda parts: all(part in str(members.get(name)) for name, part in parts.items()),
        "non_ascii": lambda names: all(not str(members.get(name, "")).isascii() for name in names),
        "path": lambda part: str(part) in path,
        "status": lambda wanted: status == wanted,
    }
    return all(tests[name](wanted) for name, wanted in when.items())


def _edited(answer: bytes, edits: Iterable[Mapping[str, Any]], before: Any, sent: Any) -> bytes:
    value = json.loads(answer)
    for edit in edits:
        if edit["at"] == "":
            value = edit["value"]
            continue
        for parent, key in list(_places(value, edit["at"].split("/")[1:])):
            _edit(parent, key, edit, before, sent)
    return json.dumps(value).encode()


def _places(value: Any, tokens: list[str]) -> Iterator[tuple[Any, Any]]:
    head, *rest = tokens
    if not isinstance(value, (dict, list)):  # null, where an object may be
        return
    keys = range(len(value)) if head == "*" and isinstance(value, list) else [head]
    for key in keys:
        here: Any = int(key) if isinstance(value, list) else key
        if not rest:
            yield value, here
        elif (isinstance(value, list) and here < len(value)) or (isinstance(value, dict) and here in value):
            yield from _places(value[here], rest)


def _edit(parent: Any, key: Any, edit: Mapping[str, Any], before: Any, sent: Any) -> None:
    now = parent.get(key) if isinstance(parent, dict) else parent[key]
    operation = edit["op"]
    if operation in CHANGES and isinstance(parent, dict) and key not in parent:
        return
    if operation == "drop":
        parent.pop(key, None)
    elif operation == "previous":
        if before is not None:
            parent[key] = _walk(before, edit["at"])
    elif operation == "copy":
        parent[key] = _walk(sent if edit.get("of") == "request" else {"data": parent, **parent}, edit["from"])
    else:
        changes: dict[str, Callable[[], Any]] = {
            "set": lambda: edit["value"],
            "scale": lambda: now * edit["by"] if isinstance(now, (int, float)) else now,
            "add": lambda: now + edit["by"] if isinstance(now, (int, float)) else now,
            "upper": lambda: now.upper() if isinstance(now, str) else now,
            "lower": lambda: now.lower() if isinstance(now, str) else now,
            "cut": lambda: now[: edit["to"]] if isinstance(now, (str, list)) else now,
            "append": lambda: now + edit["value"] if isinstance(now, str) else now,
            "ascii": lambda: now.encode("ascii", "replace").decode() if isinstance(now, str) else now,
            "null": lambda: None,
            "half_pair": lambda: "\ud800",
            "integer": lambda: int(now) if isinstance(now, (int, float)) else now,
        }
        parent[key] = changes[operation]()


def _walk(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        value = value.get(token) if isinstance(value, dict) else None
    return value


def _with_headers(headers: list[tuple[str, str]], changes: Mapping[str, Any]) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in headers if name.lower() not in {change.lower() for change in changes}]
    for name, value in changes.items():
        kept += [(name, text) for text in ([value] if isinstance(value, str) else value)]
    return kept
