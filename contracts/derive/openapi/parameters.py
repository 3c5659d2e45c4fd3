"""Parameters of an operation: in the path, the query, headers and cookies."""

import re
from collections.abc import Sequence

from contracts.derive.marked import Object, Part
from contracts.derive.model import Fact, Json, Node, Notes, Span, schema
from contracts.derive.openapi.document import Document
from contracts.derive.openapi.media import content, examples_of, without_place
from contracts.derive.openapi.schemas import Schemas, Side

_PLACES = ("path", "query", "header", "cookie")
#: Headers that OpenAPI describes elsewhere: as parameters they are to be ignored.
_ELSEWHERE = frozenset({"accept", "content-type", "authorization"})
_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def listed(item: Part, operation: Part, document: Document, notes: Notes) -> list[Part]:
    """Return the parameters of an operation, with those of its path that it does not replace."""
    parts: dict[tuple[str, str], Part] = {}
    for holder in (item, operation):
        member = holder.get("parameters")
        if member is not None and not isinstance(member.value, list):
            notes.add(member.span, "parameters is no list")
        for part in member.elements() if member is not None else ():
            parameter = document.resolve(part, notes)
            if parameter is None:
                continue
            place, name = parameter.text("in"), parameter.text("name")
            if place is None or name is None or not isinstance(parameter.value, Object):
                notes.add(part.span, "a parameter without `in` or `name` is not read")
                continue
            if place == "querystring":
                notes.add(part.span, "a query that is described as a whole is not read")
                continue
            parts[place, name] = parameter
    return list(parts.values())


def parameter_facts(
    operation: Part, parts: Sequence[Part], path: str, schemas: Schemas, notes: Notes
) -> list[Fact]:
    """Return the fact of all parameters, and note the placeholders that none describes."""
    described: list[Json] = []
    spans: list[Span] = []
    for part in parts:
        if part.text("in") in ("body", "formData"):
            continue
        if part.text("in") not in _PLACES:
            notes.add(part.span, f"a parameter in {part.text('in')!r} is not read")
            continue
        if part.text("in") == "header" and str(part.text("name")).lower() in _ELSEWHERE:
            continue
        described.append(_parameter(part, schemas, notes))
        spans.append(part.span)
    named = {part.text("name") for part in parts if part.text("in") == "path"}
    for name in _PLACEHOLDER.findall(path):
        if name not in named:
            line = operation.span.first
            notes.add(line, f"{{{name}}} in the path is not described among the parameters")
    if not described:
        return []
    return [
        Fact("parameters", described, Span(min(s.first for s in spans), max(s.last for s in spans)))
    ]


def _parameter(part: Part, schemas: Schemas, notes: Notes) -> Json:
    place = part.text("in")
    node = _node(part, schemas, notes)
    if part.is_true("deprecated"):
        member = part.get("deprecated") or part
        node = node.with_fact("deprecated", value=True, span=member.span)
    required = place == "path" or part.is_true("required")
    row: dict[str, Json] = {"in": place, "name": part.text("name"), "required": required}
    row["schema"] = schema(node)
    return row | (_style(part, notes) if part.get("type") is None else _list_style(part, notes))


def _node(part: Part, schemas: Schemas, notes: Notes) -> Node:
    """Return the schema of a parameter, wherever its version of OpenAPI writes it."""
    own = part.get("schema")
    if own is not None:
        node = schemas.read(own, Side.REQUEST, notes)
    elif part.get("content") is not None:
        forms = content(part.get("content"), schemas.document, notes)
        name = forms[0].name if forms else "unknown"
        notes.add(part.span, f"{part.text('name')} is a text of {name}; its schema is not read")
        return Node(facts=(Fact("type", "string", part.span),))
    elif part.get("type") is not None:
        node = schemas.read(Part(without_place(part), part.span), Side.REQUEST, notes)
    else:
        node = Node(facts=(Fact("type", "string", part.span),))
    shown = examples_of(part, schemas.document, notes)
    examples = [value.plain() for value in shown]
    return node.with_fact("x-examples", examples, shown[0].span) if shown else node


def _style(part: Part, notes: Notes) -> dict[str, Json]:
    """Return how a parameter is written where that is not the default of its place, and note it."""
    usual = _STYLES[str(part.text("in"))]
    style = part.text("style") or usual
    explode = part.get("explode")
    exploded = (
        style == "form" if explode is None or not isinstance(explode.value, bool) else explode.value
    )
    row: dict[str, Json] = {}
    if style != usual:
        row["style"] = style
    if exploded != (usual == "form") and style != "deepObject":
        row["explode"] = exploded
    if row:
        words = ", ".join(f"{name} {value}" for name, value in row.items())
        notes.add(part.span, f"{part.text('name')} is written in a form of its own: {words}")
    return row


def _list_style(part: Part, notes: Notes) -> dict[str, Json]:
    """Return how version 2 writes an array that is not one parameter an element, and note it."""
    style = part.text("collectionFormat") or "csv"
    if part.text("type") != "array" or style == "multi":
        return {}
    notes.add(part.span, f"{part.text('name')} is one text with several values ({style})")
    return {"style": style}
