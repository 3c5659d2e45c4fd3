"""What OpenAPI 2.0 writes differently: bodies, media types and servers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.derive.marked import Array, Object, Part
from contracts.derive.model import Notes, Span
from contracts.derive.openapi.document import Document
from contracts.derive.openapi.media import Media, in_order

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


def request_forms(operation: Part, parameters: Sequence[Part], document: Document) -> list[Media]:
    """Return the forms of a request's body: a parameter in `body`, or the fields of a form."""
    listed = _media_types(operation, "consumes", document)
    for parameter in parameters:
        if parameter.text("in") == "body":
            return _forms(listed, parameter.get("schema"), (), parameter.span)
    fields = [parameter for parameter in parameters if parameter.text("in") == "formData"]
    if not fields:
        return []
    files = any(field.text("type") == "file" for field in fields)
    named = next(
        (name for name in listed if name in (_FORM, _MULTIPART)), _MULTIPART if files else _FORM
    )
    return [
        Media(named, _form_schema(fields), (), Span(fields[0].span.first, fields[-1].span.last))
    ]


def answer_forms(operation: Part, response: Part, document: Document) -> list[Media]:
    """Return the forms of an answer's body; none where it has no schema."""
    schema = response.get("schema")
    if schema is None:
        return []
    shown = response.get("examples")
    examples = (
        tuple(part for name, part in shown.members() if "json" in name) if shown is not None else ()
    )
    return _forms(_media_types(operation, "produces", document), schema, examples, response.span)


def _forms(
    names: Sequence[str], schema: Part | None, examples: tuple[Part, ...], span: Span
) -> list[Media]:
    return in_order(
        [Media(name, schema, examples, span) for name in names]
        or [Media(None, schema, examples, span)]
    )


def _media_types(operation: Part, name: str, document: Document) -> list[str]:
    listed = operation.get(name) or document.root.get(name)
    elements = listed.elements() if listed is not None else ()
    return [
        part.value.partition(";")[0].strip().lower()
        for part in elements
        if isinstance(part.value, str)
    ]


def _form_schema(fields: Sequence[Part]) -> Part:
    """Return the fields of a form as the schema of an object."""
    span = Span(fields[0].span.first, fields[-1].span.last)
    named = {field.text("name") or "": field for field in fields}
    properties = Object(
        {name: without_place(field) for name, field in named.items()},
        {name: field.span for name, field in named.items()},
        span,
    )
    value = Object(
        {"type": "object", "properties": properties}, {"type": span, "properties": span}, span
    )
    required = [(name, field.span) for name, field in named.items() if field.is_true("required")]
    if required:
        value["required"] = _names(required, span)
        value.spans["required"] = span
    return Part(value, span)


def _names(required: Sequence[tuple[str, Span]], span: Span) -> list[str]:
    return Array([name for name, _ in required], [place for _, place in required], span)


def without_place(field: Part) -> Object:
    """Return a parameter as a schema: without its name, its place and whether it is required."""
    value = field.value
    kept = [
        name
        for name in value
        if name not in ("name", "in", "required", "allowEmptyValue", "collectionFormat")
    ]
    return Object(
        {name: value[name] for name in kept}, {name: value.spans[name] for name in kept}, value.span
    )


def servers(document: Document) -> Iterator[tuple[str, Span]]:
    """Yield the server of each scheme, that of https first."""
    root = document.root
    host, base = root.text("host"), root.text("basePath") or ""
    place = root.get("host") or root.get("basePath")
    if place is None:
        return
    base = base.rstrip("/")
    if host is None:
        if base:
            yield base, place.span
        return
    listed = root.get("schemes")
    words = (
        [part.value for part in listed.elements() if part.value in ("https", "http")]
        if listed
        else []
    )
    for scheme in sorted(words, reverse=True) or ["https"]:
        yield f"{scheme}://{host}{base}", place.span


def is_body(parameter: Part) -> bool:
    """Whether a parameter is the body, or a part of it."""
    return parameter.text("in") in ("body", "formData")


def array_style(parameter: Part, notes: Notes) -> str | None:
    """Return how an array is written when it is not one parameter an element, and note it."""
    if parameter.text("type") != "array":
        return None
    style = parameter.text("collectionFormat") or "csv"
    if style == "multi":
        return None
    notes.add(parameter.span, f"{parameter.text('name')} is one text with several values ({style})")
    return style
