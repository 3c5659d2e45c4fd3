"""OpenAPI 2.0, 3.0, 3.1 and 3.2 in JSON or YAML, whole documents and excerpts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from contracts.derive.marked import Object, Part
from contracts.derive.model import Derived, Fact, Json, Node, Notes, Refusal, Span
from contracts.derive.openapi.document import METHODS, Document, load, told
from contracts.derive.openapi.media import Media, answer_forms, body, request_forms
from contracts.derive.openapi.parameters import listed, parameter_facts, security_facts
from contracts.derive.openapi.schemas import Schemas, Side
from contracts.derive.operation import FLAGS, SAID, sentences_of
from contracts.errors import UsageError

__all__ = ["read"]
_VARIABLE = re.compile(r"\{([^{}]+)\}")
_STATUS = re.compile(r"[1-5](?:\d\d|XX)", re.IGNORECASE)
_FAILURE = re.compile(r"\b(error|fail|unexpected|invalid|problem)", re.IGNORECASE)


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return a record of each operation of a document; UsageError where there is none."""
    document = load(raw, name)
    lost = Notes()
    try:
        operations = tuple(operations_of(document, lost))
    except RecursionError as error:
        raise UsageError(f"{name}: its schemas are nested too deep") from error
    if not operations:
        reason = f": line {lost[0].line}, {lost[0].text}" if lost else ""
        raise UsageError(
            f"{name} is an OpenAPI document without an operation that could be read{reason}"
        )
    return tuple(replace(operation, notes=(*lost, *operation.notes)) for operation in operations)


def operations_of(document: Document, lost: Notes) -> Iterator[Derived]:
    """Yield a record of each operation; `lost` gets a note of each path without one."""
    schemas = Schemas(document)
    for path, part in document.root.get("paths").members():
        if not path.startswith("/"):
            continue
        item = document.resolve(part, lost)
        for method, operation in _methods(item):
            yield _operation(method, path, item, operation, schemas)


def _methods(item: Part) -> Iterator[tuple[str, Part]]:
    for name, part in item.members():
        if name.lower() in METHODS and isinstance(part.value, Object):
            yield name.upper(), part
    for name, part in item.get("additionalOperations").members():
        if isinstance(part.value, Object):
            yield name, part


def _operation(method: str, path: str, item: Part, operation: Part, schemas: Schemas) -> Derived:
    """Return the record of one operation, each part read by the module about it."""
    document = schemas.document
    notes = Notes(document.notes)
    facts = [Fact("method", method, _name_span(operation)), Fact("path", path, _name_span(item))]
    parameters = listed(item, operation, document, notes)
    facts += server_facts(item, operation, document, notes)
    facts += security_facts(operation, parameters, document, notes)
    facts += parameter_facts(operation, parameters, path, schemas, notes)
    forms, holder = request_forms(operation, parameters, document, notes)
    facts += _media_facts(forms, holder)
    request = body(forms, schemas, Side.REQUEST, notes)
    about_answers, response, refusals = answers_of(operation, schemas, notes)
    facts += [*about_answers, *_about(operation)]
    if callbacks := operation.get("callbacks"):
        notes.add(callbacks.span, "callbacks are not read")
    return Derived(
        tuple(facts),
        request,
        response,
        notes=tuple(sorted(dict.fromkeys(notes), key=lambda note: (note.line, note.text))),
        refusals=refusals,
    )


def _media_facts(forms: list[Media], holder: Part) -> Iterator[Fact]:
    """Yield the media type of the request's body, and whether it is required."""
    if forms and forms[0].stated:
        yield Fact("media_type", forms[0].stated, forms[0].span)
    if holder and forms:
        yield Fact("body_required", holder.is_true("required"), holder.get("required").span)


def _about(operation: Part) -> Iterator[Fact]:
    for name in ("operationId", "summary", "deprecated"):
        part = operation.get(name)
        if isinstance(part.value, str) or part.value is True:
            yield Fact("operation_id" if name == "operationId" else name, part.value, part.span)
    yield from (fact for fact in sentences_of(told(operation)) if fact.keyword in (SAID, *FLAGS))


def _name_span(part: Part) -> Span:
    return Span(part.span.first, part.span.first)


def server_facts(item: Part, operation: Part, document: Document, notes: Notes) -> list[Fact]:
    """Return `server`, its base path and defaults included, and `servers` of several."""
    holders = (operation, item, document.root)
    holder = next((part for part in holders if part.get("servers")), document.root)
    found = [*_servers_of(holder, notes), *_hosts(document.root)]
    if not found:
        return []
    facts = [Fact("server", found[0][0], found[0][2])]
    if len(found) > 1:
        rows: list[Json] = [{"url": url, "description": sentence} for url, sentence, _ in found]
        facts.append(Fact("servers", rows, Span(found[0][2].first, found[-1][2].last)))
    return facts


def _hosts(root: Part) -> Iterator[tuple[str, str | None, Span]]:
    """Yield the server of each scheme, that of https first, as version 2 states them."""
    host = root.text("host")
    base = (root.text("basePath") or "").rstrip("/")
    place = root.get("host") or root.get("basePath") or root
    if host is None:
        yield from [(base, None, place.span)] if base else ()
        return
    words = [each.value for each in root.get("schemes").elements()]
    schemes = [word for word in ("https", "http") if word in words]
    for scheme in schemes or ["https"]:
        yield f"{scheme}://{host}{base}", None, place.span


def _servers_of(holder: Part, notes: Notes) -> Iterator[tuple[str, str | None, Span]]:
    """Yield the address, the description and the lines of each server."""
    for server in holder.get("servers").elements():
        url = server.text("url")
        if url is None:
            notes.add(server.span, "a server without a url is not read")
            continue
        filled = _filled(url, server, notes).rstrip("/")
        if filled:
            yield filled, server.text("description"), server.span


def _filled(url: str, server: Part, notes: Notes) -> str:
    def default(match: re.Match[str]) -> str:
        value = server.get("variables").get(match[1]).get("default")
        if not value:
            notes.add(server.span, f"the variable {match[0]} of the server has no default")
            return match[0]
        return str(value.value)

    return _VARIABLE.sub(default, url)


@dataclass(frozen=True, slots=True)
class Answer:
    """One documented answer, its status as it is written."""

    status: str
    part: Part
    forms: list[Media]
    span: Span

    @property
    def number(self) -> int | None:
        """The status, or None for `default` and for a range like 4XX."""
        return int(self.status) if self.status.isdigit() else None

    @property
    def has_json(self) -> bool:
        """Whether its body is JSON."""
        return bool(self.forms) and self.forms[0].is_json


def answers_of(
    operation: Part, schemas: Schemas, notes: Notes
) -> tuple[list[Fact], Node | None, tuple[Refusal, ...]]:
    """Return what an operation answers: facts about its success, its body, and the refusals."""
    listed = _listed(operation, schemas.document, notes)
    success = _success(listed, notes)
    refusals = []
    links: list[Json] = []
    for answer in listed:
        links += links_of(answer.status, answer.part, schemas.document, notes)
        if answer is not success and answer.status[0] in "45d":
            media = answer.forms[0].stated if answer.forms else None
            node = body(answer.forms, schemas, Side.ANSWER, notes)
            refusals.append(Refusal(answer.number, media, node, answer.span))
        elif answer.status[0] in "13":
            notes.add(answer.span, f"the answer {answer.status} is neither a success nor a refusal")
    facts = _success_facts(success, listed) if success is not None else []
    if headers := [*_headers(listed, schemas.document, notes)]:
        facts.append(Fact("answer_headers", headers, listed[0].span))
    if links:
        facts.append(Fact("links", links, Span(listed[0].span.first, listed[-1].span.last)))
    response = body(success.forms, schemas, Side.ANSWER, notes) if success is not None else None
    return facts, response, tuple(refusals)


def _listed(operation: Part, document: Document, notes: Notes) -> list[Answer]:
    answers = []
    for written, part in operation.get("responses").members():
        status = written.upper() if written.upper() != "DEFAULT" else "default"
        if written.startswith("x-"):
            continue
        if status != "default" and not _STATUS.fullmatch(status):
            notes.add(part.span, f"{written!r} is no status")
            continue
        response = document.resolve(part, notes)
        forms = answer_forms(operation, response, document, notes)
        answers.append(Answer(status, response, forms, part.span))
    if not answers:
        notes.add(operation.span, "no answer is documented")
    return answers


def _headers(listed: list[Answer], document: Document, notes: Notes) -> Iterator[Json]:
    """Yield the headers that every success has; others are noted."""
    successes = [answer for answer in listed if answer.status[0] == "2"]
    required: list[set[str]] = []
    for answer in listed:
        headers = answer.part.get("headers")
        parts = {name: document.resolve(part, notes) for name, part in headers.members()}
        always = {name for name, part in parts.items() if part.is_true("required")}
        if names := [name for name in parts if name not in always or answer not in successes]:
            notes.add(headers.span, f"headers of {answer.status} are not read: {', '.join(names)}")
        if answer in successes:
            required.append(always)
    for name in sorted(set.intersection(*required)) if required else ():
        span = successes[0].part.get("headers").get(name).span
        yield {"name": name, "lines": [span.first, span.last]}


def _success(listed: list[Answer], notes: Notes) -> Answer | None:
    """Return the lowest 2xx with JSON, or without, or 2XX, or `default` where that is all."""
    numbered = sorted(
        (a for a in listed if a.number and a.status[0] == "2"),
        key=lambda answer: answer.number or 0,
    )
    with_json = [answer for answer in numbered if answer.has_json]
    ranges = [answer for answer in listed if answer.status == "2XX"]
    success = next(iter([*with_json, *numbered, *ranges]), None)
    if success is not None:
        others = [answer.status for answer in (*numbered, *ranges) if answer is not success]
        if others:
            text = f"only the success {success.status} is read, not {', '.join(others)}"
            notes.add(success.span, text)
        return success
    fallback = next((answer for answer in listed if answer.status == "default"), None)
    if fallback is None or _FAILURE.search(fallback.part.text("description") or ""):
        if listed:
            notes.add(listed[0].span, "no answer to a success is documented")
        return None
    notes.add(fallback.span, "the default answer is taken for the success: no other is documented")
    return fallback


def _success_facts(success: Answer, listed: list[Answer]) -> list[Fact]:
    facts = []
    any_success = any(answer.status == "2XX" for answer in listed)
    if success.number is not None and not any_success:
        facts.append(Fact("success_status", success.number, success.span))
    numbers: list[Json] = [
        answer.number for answer in listed if answer.number and answer.status[0] == "2"
    ]
    if len(numbers) > 1:
        facts.append(Fact("success_statuses", sorted(numbers, key=str), success.span))
    if success.forms and success.forms[0].stated:
        facts.append(Fact("answer_media_type", success.forms[0].stated, success.forms[0].span))
    return facts


def links_of(status: str, response: Part, document: Document, notes: Notes) -> list[Json]:
    """Return the links of one answer, each with the operation it leads to as ``POST /path``."""
    links: list[Json] = []
    for name, part in response.get("links").members():
        link = document.resolve(part, notes)
        if not link:
            continue
        target = _target(link, document)
        if target is None:
            notes.add(part.span, f"the operation of the link {name} is not in this document")
            continue
        parameters = link.get("parameters")
        body = link.get("requestBody")
        row: dict[str, Json] = {"status": status, "name": name, "operation": target}
        row["parameters"] = parameters.plain() if parameters else {}
        links.append({**row, "body": body.plain()})
    return links


def _target(link: Part, document: Document) -> str | None:
    reference = link.text("operationRef")
    name = link.text("operationId")
    for path, item in document.root.get("paths").members():
        for method, operation in item.members():
            pointer = f"#/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}"
            same = name is not None and operation.text("operationId") == name
            if method in METHODS and (same or reference == pointer):
                return f"{method.upper()} {path}"
    return None
