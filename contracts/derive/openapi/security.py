"""Credentials: the security schemes that an operation asks for, and their alternatives."""

from collections.abc import Sequence

from contracts.derive.headers import credential
from contracts.derive.marked import Part
from contracts.derive.model import Fact, Json, Notes, Span
from contracts.derive.openapi.document import Document


def security_facts(
    operation: Part, parameters: Sequence[Part], document: Document, notes: Notes
) -> list[Fact]:
    """Return `authorization`, the alternatives to it, and the `permission` that scopes name."""
    stated = operation.get("security") or document.root.get("security")
    if stated is None:
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
        facts.append(
            Fact("authorizations", [list(credentials) for credentials in alternatives], stated.span)
        )
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
    part = schemes.get(name) if schemes is not None else None
    scheme = document.resolve(part, notes) if part is not None else None
    if scheme is None:
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


#: A type of security -> the scheme in front of what is sent.
_SCHEMES = {"oauth2": "Bearer", "openidconnect": "Bearer", "basic": "Basic"}


def _key(scheme: Part) -> Json:
    """Return an API key; one in the Authorization header may have a scheme in its description."""
    name = str(scheme.text("name"))
    said = scheme.text("description") if name.lower() == "authorization" else None
    return credential(name, said or "", str(scheme.text("in")))


def _header_facts(parameters: Sequence[Part]) -> list[Fact]:
    """Return the credential that is described as a parameter, the Authorization header."""
    for part in parameters:
        if part.text("in") == "header" and str(part.text("name")).lower() == "authorization":
            said = f"{part.text('description')} {part.text('example')}"
            value = credential(str(part.text("name")), said)
            return [Fact("authorization", value, Span(part.span.first, part.span.last))]
    return []
