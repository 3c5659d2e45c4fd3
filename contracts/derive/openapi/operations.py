"""The operations of a document, each as a record."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.derive.marked import Object, Part
from contracts.derive.model import Derived, Fact, Note, Span
from contracts.derive.openapi import swagger
from contracts.derive.openapi.answers import answers_of
from contracts.derive.openapi.document import METHODS, Document, Version
from contracts.derive.openapi.media import Media, body, content
from contracts.derive.openapi.parameters import listed, parameter_facts
from contracts.derive.openapi.schemas import Schemas, Side
from contracts.derive.openapi.security import security_facts
from contracts.derive.openapi.servers import server_facts


def operations_of(document: Document, lost: list[Note], *, descriptions: bool) -> Iterator[Derived]:
    """Yield a record of each operation, in the order of the document.

    `lost` gets a note of each path without one.
    """
    schemas = Schemas(document, descriptions)
    paths = document.root.get("paths")
    for path, part in paths.members() if paths is not None else ():
        if not path.startswith("/"):
            continue
        item = document.resolve(part, lost)
        if item is None:
            continue
        for method, operation in _methods(item):
            yield _operation(method, path, item, operation, schemas)


def _methods(item: Part) -> Iterator[tuple[str, Part]]:
    for name, part in item.members():
        if name.lower() in METHODS and isinstance(part.value, Object):
            yield name.upper(), part
    others = item.get("additionalOperations")
    for name, part in others.members() if others is not None else ():
        if isinstance(part.value, Object):
            yield name, part


def _operation(method: str, path: str, item: Part, operation: Part, schemas: Schemas) -> Derived:
    document = schemas.document
    notes = list(document.notes)
    facts = [Fact("method", method, _name_span(operation)), Fact("path", path, _name_span(item))]
    parameters = listed(item, operation, document, notes)
    facts += server_facts(item, operation, document, notes)
    facts += security_facts(operation, parameters, document, notes)
    facts += parameter_facts(operation, parameters, path, schemas, notes)
    forms, more = _request_forms(operation, parameters, document, notes)
    facts += more
    request = body(forms, schemas, Side.REQUEST, notes)
    answers = answers_of(operation, schemas, notes)
    facts += answers.facts
    facts += _about(operation)
    if operation.get("callbacks") is not None:
        place = operation.get("callbacks") or operation
        notes.append(Note(place.span.first, "callbacks are not read"))
    return Derived(
        tuple(facts), request, answers.response, notes=_distinct(notes), refusals=answers.refusals
    )


def _request_forms(
    operation: Part, parameters: list[Part], document: Document, notes: list[Note]
) -> tuple[list[Media], list[Fact]]:
    """Return the forms of the request's body.

    Facts about it: its media type, and whether it may be left out.
    """
    if document.version is Version.V2:
        forms = swagger.request_forms(operation, parameters, document)
        holder = next((part for part in parameters if part.text("in") == "body"), None)
    else:
        part = operation.get("requestBody")
        holder = document.resolve(part, notes) if part is not None else None
        forms = content(holder.get("content"), document, notes) if holder is not None else []
    facts = []
    if forms and forms[0].stated:
        facts.append(Fact("media_type", forms[0].stated, forms[0].span))
    if holder is not None and forms:
        flag = holder.get("required")
        facts.append(Fact("body_required", holder.is_true("required"), (flag or holder).span))
    return forms, facts


def _about(operation: Part) -> Iterator[Fact]:
    for name, keyword in (
        ("operationId", "operation_id"),
        ("summary", "summary"),
        ("deprecated", "deprecated"),
    ):
        part = operation.get(name)
        if part is not None and (isinstance(part.value, str) or part.value is True):
            yield Fact(keyword, part.value, part.span)


def _name_span(part: Part) -> Span:
    return Span(part.span.first, part.span.first)


def _distinct(notes: list[Note]) -> tuple[Note, ...]:
    return tuple(sorted(dict.fromkeys(notes), key=lambda note: (note.line, note.text)))
