"""OpenAPI 2.0, 3.0, 3.1 and 3.2 in JSON or YAML, whole documents and excerpts."""

import re
from collections.abc import Iterator
from dataclasses import replace

from contracts.derive.marked import Object, Part
from contracts.derive.model import Derived, Fact, Json, Notes, Span
from contracts.derive.openapi.answers import answers_of
from contracts.derive.openapi.document import METHODS, Document, load
from contracts.derive.openapi.media import Media, body, request_forms
from contracts.derive.openapi.parameters import listed, parameter_facts, security_facts
from contracts.derive.openapi.schemas import Schemas, Side
from contracts.errors import UsageError

__all__ = ["read"]


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return a record of each operation of an OpenAPI document, every fact with its lines.

    An excerpt may begin at `paths:` or at one path. What is not understood is noted with its line;
    nothing is fetched. UsageError when the file is no such document, or describes no operation.
    """
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
    facts += about_answers
    facts += _about(operation)
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


def _name_span(part: Part) -> Span:
    return Span(part.span.first, part.span.first)


_VARIABLE = re.compile(r"\{([^{}]+)\}")


def server_facts(item: Part, operation: Part, document: Document, notes: Notes) -> list[Fact]:
    """Return `server` with its defaults filled in, and `servers` where there are several.

    The base path stays with the server: ``https://example.com/v2`` and ``/orders``.
    """
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
    host, base = root.text("host"), (root.text("basePath") or "").rstrip("/")
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
