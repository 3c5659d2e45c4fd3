"""Bodies by media type: what a request or an answer may hold, for all versions of OpenAPI."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.derive.marked import Array, Object, Part
from contracts.derive.model import Json, Node, Notes, Span
from contracts.derive.openapi.document import Document
from contracts.derive.openapi.keywords import consistent
from contracts.derive.openapi.schemas import Schemas, Side

JSON = "application/json"
_ANY = ("*/*", "application/*")
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
#: Keywords of a parameter that are none of a schema.
_OF_PARAMETERS = ("name", "in", "required", "allowEmptyValue", "collectionFormat")


@dataclass(frozen=True, slots=True)
class Media:
    """One form of a body: its media type (None where it is left open), schema and examples."""

    name: str | None
    schema: Part
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


def content(part: Part, document: Document, notes: Notes) -> list[Media]:
    """Return the forms in `content`: JSON first, then what ends in +json, then any form."""
    forms = []
    for name, media in part.members():
        plain = name.partition(";")[0].strip().lower()
        if "/" not in plain:
            notes.add(media.span, f"{name!r} is no media type")
            continue
        if media.get("itemSchema"):
            notes.add(media.span, "itemSchema, of a stream of values, is not read")
        examples = tuple(examples_of(media, document, notes))
        forms.append(Media(plain, media.get("schema"), examples, media.span))
    return in_order(forms)


def in_order(forms: Sequence[Media]) -> list[Media]:
    """Return forms with the best one to read first."""
    return sorted(forms, key=lambda form: (form.name != JSON, not form.is_json, form.name in _ANY))


def examples_of(media: Part, document: Document, notes: Notes) -> list[Part]:
    """Return the values that a form of a body, or a parameter, gives as its examples."""
    shown = [media.get("example")]
    for _, part in media.get("examples").members():
        example = document.resolve(part, notes)
        shown.append(example.get("value") or example.get("dataValue"))
    return [value for value in shown if value]


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
    if not first.schema:
        notes.add(first.span, f"nothing is stated about the body of {first.name or 'the answer'}")
        node = Node()
    else:
        node = schemas.read(first.schema, side, notes)
    if side is Side.ANSWER:
        node = _requiring_described(node, notes)
    return _with_examples(node, first, notes)


def _requiring_described(node: Node, notes: Notes) -> Node:
    """Return the node of an answer in which only members are required that are described.

    A list of names beside members of other names is likely to be out of date: no server has to
    answer what its page shows nowhere. Where more members are announced, the list holds.
    """
    kept = node.required
    known = {name for name, _ in node.properties}
    more = ("anyOf", "oneOf", "additionalProperties")
    if known and node.additional is None and not any(node.value(keyword) for keyword in more):
        kept = tuple((name, span) for name, span in kept if name in known)
    for name, span in node.required:
        if (name, span) not in kept:
            notes.add(span, f"{name} is listed as required, and described nowhere")
    members = ((name, _requiring_described(child, notes)) for name, child in node.properties)
    items = node.items and _requiring_described(node.items, notes)
    return replace(node, required=kept, properties=tuple(members), items=items)


def _with_examples(node: Node, form: Media, notes: Notes) -> Node:
    if not form.examples or not form.is_json:
        return node
    values: list[Json] = [part.plain() for part in form.examples]
    span = Span(form.examples[0].span.first, form.examples[-1].span.last)
    return consistent(node.with_fact("x-examples", values, span), notes.add)


def request_forms(
    operation: Part, parameters: Sequence[Part], document: Document, notes: Notes
) -> tuple[list[Media], Part]:
    """Return the forms of a request's body, and what says whether it is required."""
    stated = operation.get("requestBody")
    if stated:
        holder = document.resolve(stated, notes)
        return content(holder.get("content"), document, notes), holder
    listed = _media_types(operation, "consumes", document)
    for parameter in parameters:
        if parameter.text("in") == "body":
            return _forms(listed, parameter.get("schema"), (), parameter.span), parameter
    fields = [parameter for parameter in parameters if parameter.text("in") == "formData"]
    if not fields:
        return [], stated
    usual = _MULTIPART if any(field.text("type") == "file" for field in fields) else _FORM
    named = next((name for name in listed if name in (_FORM, _MULTIPART)), usual)
    form = _form_schema(fields)
    return [Media(named, form, (), form.span)], stated


def answer_forms(operation: Part, response: Part, document: Document, notes: Notes) -> list[Media]:
    """Return the forms of an answer's body; in version 2 its schema stands beside its status."""
    schema = response.get("schema")
    if not schema:
        return content(response.get("content"), document, notes)
    examples = tuple(part for name, part in response.get("examples").members() if "json" in name)
    return _forms(_media_types(operation, "produces", document), schema, examples, response.span)


def _forms(
    names: Sequence[str], schema: Part, examples: tuple[Part, ...], span: Span
) -> list[Media]:
    return in_order([Media(name, schema, examples, span) for name in names or (None,)])


def _media_types(operation: Part, name: str, document: Document) -> list[str]:
    listed = operation if operation.get(name) else document.root
    words = [part.value for part in listed.get(name).elements() if isinstance(part.value, str)]
    return [word.partition(";")[0].strip().lower() for word in words]


def _form_schema(fields: Sequence[Part]) -> Part:
    """Return the fields of a form as the schema of an object."""
    span = Span(fields[0].span.first, fields[-1].span.last)
    named = {field.text("name") or "": field for field in fields}
    properties = Object(
        {name: without_place(field) for name, field in named.items()},
        {name: field.span for name, field in named.items()},
        span,
    )
    required = {name: field.span for name, field in named.items() if field.is_true("required")}
    members = {
        "type": "object",
        "properties": properties,
        "required": Array([*required], [*required.values()], span),
    }
    return Part(Object(members, dict.fromkeys(members, span), span), span)


def without_place(field: Part) -> Object:
    """Return a parameter as a schema: without its name, its place and whether it is required."""
    value = field.value
    kept = [name for name in value if name not in _OF_PARAMETERS]
    spans = {name: value.spans[name] for name in kept}
    return Object({name: value[name] for name in kept}, spans, value.span)
