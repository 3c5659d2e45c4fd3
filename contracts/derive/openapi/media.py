"""Bodies by media type: what a request or an answer may hold, for all versions of OpenAPI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.derive.marked import Part
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
        return (
            (form.name == JSON) * -3
            or (form.is_json and form.name not in _ANY) * -2
            or form.is_json * -1
        )

    return sorted(forms, key=place)


def _examples(media: Part, document: Document, notes: Notes) -> list[Part]:
    named = media.get("examples")
    shown = []
    for _, part in named.members() if named is not None else ():
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
