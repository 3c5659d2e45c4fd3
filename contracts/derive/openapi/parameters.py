"""What goes beside the body: parameters in path, query, headers and cookies, and credentials."""

import re
from collections.abc import Sequence

from contracts.derive.marked import Object, Part
from contracts.derive.model import Fact, Json, Node, Notes, Span, schema
from contracts.derive.openapi.document import Document
from contracts.derive.openapi.keywords import checked_by_examples
from contracts.derive.openapi.media import content, examples_of, without_place
from contracts.derive.openapi.schemas import Schemas, Side
from contracts.derive.operation import credential

_PLACES = ("path", "query", "header", "cookie")
#: Headers that OpenAPI describes elsewhere: as parameters they are to be ignored.
_ELSEWHERE = frozenset({"accept", "content-type", "authorization"})
_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
#: A type of security -> the scheme in front of what is sent.
_SCHEMES = {"oauth2": "Bearer", "openidconnect": "Bearer", "basic": "Basic"}

#: What stands before a key in its header: ``with required prefix "Token"``.
_PREFIX = re.compile(
    r"\bprefix(?:ed)?(?: with| by|:)? [\"'`](?P<scheme>[A-Za-z][\w-]*) ?[\"'`]", re.IGNORECASE
)


def listed(item: Part, operation: Part, document: Document, notes: Notes) -> list[Part]:
    """Return the parameters of an operation, with those of its path that it does not replace."""
    parts: dict[tuple[str, str], Part] = {}
    for holder in (item, operation):
        member = holder.get("parameters")
        if member and not isinstance(member.value, list):
            notes.add(member.span, "parameters is no list")
        for part in member.elements():
            parameter = document.resolve(part, notes)
            if not parameter:
                continue
            place = parameter.text("in")
            name = parameter.text("name")
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
    return [Fact("parameters", described, Span.around(spans))] if spans else []


def _parameter(part: Part, schemas: Schemas, notes: Notes) -> Json:
    place = part.text("in")
    node = _node(part, schemas, notes)
    if part.is_true("deprecated"):
        node = node.with_fact("deprecated", value=True, span=part.get("deprecated").span)
    required = place == "path" or part.is_true("required")
    row: dict[str, Json] = {"in": place, "name": part.text("name"), "required": required}
    row["schema"] = schema(node)
    return row | (_list_style(part, notes) if part.get("type") else _style(part, notes))


def _node(part: Part, schemas: Schemas, notes: Notes) -> Node:
    """Return the schema of a parameter, wherever its version of OpenAPI writes it."""
    own = part.get("schema")
    if own:
        node = schemas.read(own, Side.REQUEST, notes)
    elif part.get("content"):
        forms = content(part.get("content"), schemas.document, notes)
        name = forms[0].name if forms else "unknown"
        notes.add(part.span, f"{part.text('name')} is a text of {name}; its schema is not read")
        return Node(facts=(Fact("type", "string", part.span),))
    elif part.get("type"):
        node = schemas.read(Part(without_place(part), part.span), Side.REQUEST, notes)
    else:
        node = Node(facts=(Fact("type", "string", part.span),))
    shown = examples_of(part, schemas.document, notes)
    examples = [value.plain() for value in shown]
    if not shown:
        return node
    node = node.with_fact("x-examples", examples, shown[0].span)
    return checked_by_examples(node, notes.add)


def _style(part: Part, notes: Notes) -> dict[str, Json]:
    """Return how a parameter is written where that is not the default of its place, and note it."""
    usual = _STYLES[str(part.text("in"))]
    style = part.text("style") or usual
    explode = part.get("explode")
    exploded = explode.value if isinstance(explode.value, bool) else style == "form"
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


def security_facts(
    operation: Part, parameters: Sequence[Part], document: Document, notes: Notes
) -> list[Fact]:
    """Return `authorization`, the alternatives to it, and the `permission` that scopes name."""
    stated = operation.get("security") or document.root.get("security")
    if not stated:
        return _header_facts(parameters)
    alternatives: list[list[Json]] = []
    scopes: list[str] = []
    for requirement in stated.elements():
        members = list(requirement.members())
        credentials = [_credential(name, listed, document, notes) for name, listed in members]
        if None not in credentials:
            alternatives.append(credentials)
            asked = [scope.value for _, listed in members for scope in listed.elements()]
            scopes.append(" ".join(scope for scope in asked if isinstance(scope, str)))
    return _facts(alternatives, scopes, stated, notes)


def _facts(
    alternatives: list[list[Json]], scopes: list[str], stated: Part, notes: Notes
) -> list[Fact]:
    facts = []
    several = len(alternatives) > 1 or any(len(credentials) > 1 for credentials in alternatives)
    if several:
        rows: list[Json] = [list(credentials) for credentials in alternatives]
        facts.append(Fact("authorizations", rows, stated.span))
    if [] in alternatives:
        if several:
            notes.add(stated.span, "a credential may be left out")
        return facts
    if alternatives:
        plainest = min(alternatives, key=_trouble)
        facts.insert(0, Fact("authorization", plainest[0], stated.span))
        asked = scopes[alternatives.index(plainest)]
        if asked:
            facts.append(Fact("permission", asked, stated.span))
    return facts


def _trouble(credentials: list[Json]) -> tuple[int, bool]:
    """Return how much an alternative asks for: few credentials, in a header, are best."""
    first = credentials[0]
    return len(credentials), not (isinstance(first, dict) and first["in"] == "header")


def _credential(name: str, listed: Part, document: Document, notes: Notes) -> Json:
    components = document.root.get("components") or document.root
    schemes = document.root.get("securityDefinitions") or components.get("securitySchemes")
    scheme = document.resolve(schemes.get(name), notes)
    if not scheme:
        notes.add(listed.span, f"the security scheme {name!r} is not described")
        return None
    kind = str(scheme.text("type")).lower()
    if kind in _SCHEMES:
        return credential("Authorization", _SCHEMES[kind])
    word = scheme.text("scheme") if kind == "http" else None
    if word:
        if word.lower() not in ("bearer", "basic"):
            text = f"what a credential of the scheme {word!r} looks like is not read"
            notes.add(scheme.span, text)
        return {"in": "header", "name": "Authorization", "scheme": word.capitalize()}
    place = scheme.text("in")
    if kind == "apikey" and place in ("header", "query", "cookie") and scheme.text("name"):
        return _key(scheme)
    notes.add(scheme.span, f"the security scheme {name!r} of type {kind!r} is not read")
    return None


def _key(scheme: Part) -> Json:
    """Return an API key; one in the Authorization header may have a scheme in its description."""
    name = str(scheme.text("name"))
    said = (scheme.text("description") or "") if name.lower() == "authorization" else ""
    key = credential(name, said, str(scheme.text("in")))
    prefix = _PREFIX.search(said)
    return {**key, "scheme": prefix["scheme"]} if prefix else key


def _header_facts(parameters: Sequence[Part]) -> list[Fact]:
    """Return the credential that is described as a parameter, the Authorization header."""
    for part in parameters:
        if part.text("in") == "header" and str(part.text("name")).lower() == "authorization":
            said = f"{part.text('description')} {part.text('example')}"
            value = credential(str(part.text("name")), said)
            return [Fact("authorization", value, Span(part.span.first, part.span.last))]
    return []
