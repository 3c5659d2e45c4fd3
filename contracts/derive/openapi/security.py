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
    scopes: list[Json] = []
    for requirement in stated.elements():
        credentials: list[Json] | None = []
        asked: list[Json] = []
        for name, listed in requirement.members():
            credential = _credential(name, listed, document, notes)
            if credential is None or credentials is None:
                credentials = None
                continue
            credentials.append(credential)
            asked += [scope.value for scope in listed.elements() if isinstance(scope.value, str)]
        if credentials is None:
            continue
        alternatives.append(credentials)
        scopes.append(" ".join(map(str, asked)))
    return _facts(alternatives, scopes, stated, notes)


def _facts(
    alternatives: list[list[Json]], scopes: list[Json], stated: Part, notes: Notes
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
    if kind in ("oauth2", "openidconnect"):
        return credential("Authorization", "Bearer")
    if kind == "basic":
        return credential("Authorization", "Basic")
    if kind == "http":
        word = str(scheme.text("scheme") or "")
        if word.lower() not in ("bearer", "basic"):
            notes.add(
                scheme.span, f"what a credential of the scheme {word!r} looks like is not read"
            )
        return (
            {"in": "header", "name": "Authorization", "scheme": word.capitalize()} if word else None
        )
    if (
        kind == "apikey"
        and scheme.text("in") in ("header", "query", "cookie")
        and scheme.text("name")
    ):
        return _key(scheme)
    notes.add(scheme.span, f"the security scheme {name!r} of type {kind!r} is not read")
    return None


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
