"""Bodies by media type: what a request or an answer may hold, for all versions of OpenAPI."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contracts.derive.marked import Array, Object, Part
from contracts.derive.model import Json, Node, Notes, Span
from contracts.derive.openapi.checks import consistent
from contracts.derive.openapi.document import Document
from contracts.derive.openapi.schemas import Schemas, Side

JSON = "application/json"
_ANY = ("*/*", "application/*")


@dataclass(frozen=True, slots=True)
class Media:
    """One form of a body: its media type (None where it is left open), schema and examples."""

    name: str | None
    schema: Part | None
    examples: tuple[Part, ...]
    span: Span

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON, or a form that JSON is one of."""
        return self.name is None or self.name in (JSON, *_ANY) or self.name.endswith("+json")

    @property
    def stated(self) -> str | None:
        """The media type, or None where the document names none in particular."""
        return None if self.name in _ANY else self.name


def content(part: Part | None, document: Document, notes: Notes) -> list[Media]:
    """Return the forms in `content`: JSON first, then what ends in +json, then any form."""
    forms = []
    for name, media in part.members() if part is not None else ():
        plain = name.partition(";")[0].strip().lower()
        if "/" not in plain:
            notes.add(media.span, f"{name!r} is no media type")
            continue
        if media.get("itemSchema") is not None:
            notes.add(media.span, "itemSchema, of a stream of values, is not read")
        forms.append(
            Media(plain, media.get("schema"), tuple(_examples(media, document, notes)), media.span)
        )
    return in_order(forms)


def in_order(forms: Sequence[Media]) -> list[Media]:
    """Return forms with the best one to read first."""

    def place(form: Media) -> int:
        if form.name == JSON:
            return 0
        if form.is_json:
            return 2 if form.name in _ANY else 1
        return 3

    return sorted(forms, key=place)


def _examples(media: Part, document: Document, notes: Notes) -> list[Part]:
    shown = []
    for _, part in media.named("examples"):
        example = document.resolve(part, notes)
        value = example and (example.get("value") or example.get("dataValue"))
        if value is not None:
            shown.append(value)
    single = media.get("example")
    return [*([single] if single is not None else []), *shown]


def body(forms: Sequence[Media], schemas: Schemas, side: Side, notes: Notes) -> Node | None:
    """Return the node of the first form; None where there is no body. The others are noted."""
    if not forms:
        return None
    first = forms[0]
    others = [form for form in forms[1:] if form.name != first.name]
    if others:
        names = ", ".join(str(form.name) for form in others)
        notes.add(others[0].span, f"only {first.name} is read, not {names}")
    if not first.is_json:
        notes.add(first.span, f"a body of {first.name} is not JSON")
    if first.schema is None:
        notes.add(first.span, f"nothing is stated about the body of {first.name or 'the answer'}")
        node = Node()
    else:
        node = schemas.read(first.schema, side, notes)
    return _with_examples(node, first, notes)


def _with_examples(node: Node, form: Media, notes: Notes) -> Node:
    if not form.examples or not form.is_json:
        return node
    values: list[Json] = [part.plain() for part in form.examples]
    span = Span(form.examples[0].span.first, form.examples[-1].span.last)
    return consistent(node.with_fact("x-examples", values, span), notes.add)


_FORM = "application/x-www-form-urlencoded"
#: Keywords of a parameter that are none of a schema.
_OF_PARAMETERS = ("name", "in", "required", "allowEmptyValue", "collectionFormat")
_MULTIPART = "multipart/form-data"


def swagger_request_forms(
    operation: Part, parameters: Sequence[Part], document: Document
) -> list[Media]:
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


def swagger_answer_forms(operation: Part, response: Part, document: Document) -> list[Media]:
    """Return the forms of an answer's body; none where it has no schema."""
    schema = response.get("schema")
    if schema is None:
        return []
    examples = tuple(part for name, part in response.named("examples") if "json" in name)
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
    spans = {name: field.span for name, field in named.items()}
    fields_ = {name: without_place(field) for name, field in named.items()}
    members = {"type": "object", "properties": Object(fields_, spans, span)}
    value = Object(members, {"type": span, "properties": span}, span)
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
    kept = [name for name in value if name not in _OF_PARAMETERS]
    spans = {name: value.spans[name] for name in kept}
    return Object({name: value[name] for name in kept}, spans, value.span)


def swagger_servers(document: Document) -> Iterator[tuple[str, Span]]:
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
    words = [each.value for each in root.listed("schemes") if each.value in ("https", "http")]
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
