"""Facts about the operation itself: method, path, server, authorization, media type, permission."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contracts.derive.language.phrases import cues, permission
from contracts.derive.language.types import TypeLine, read_type
from contracts.derive.model import Fact, Json, Note, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contracts.derive.page.curl import Command
    from contracts.derive.page.lines import Line

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_MEDIA = re.compile(r"(?P<media>(?:application|multipart|text|image|audio|video)/[\w.+*-]+?)(?:required)?"
                    r"(?:\s*·\s*(?P<type>.+))?")  # fmt: skip
_SCHEME = re.compile(r"\b(?P<scheme>Bearer|Basic|Digest)\b")
_FORM = re.compile(r"\bof the form (?P<scheme>\w+) <")
_URL = re.compile(r"(?P<server>[a-z]+://[^/?#]+)?(?P<path>/[^?#]*)?.*")
_SECRET = re.compile(r"<[^<>]+>|\$\w+|YOUR[_A-Z]*", re.IGNORECASE)
_PLACES = ("header", "query", "cookie")
#: Headers of a command that say nothing about who asks.
_PLAIN = frozenset({"content-type", "accept", "idempotency-key", "user-agent"})


def media_type(text: str | None) -> tuple[str, TypeLine | None] | None:
    """Read a media type, and the type of the whole body where one stands behind it."""
    found = _MEDIA.fullmatch((text or "").strip())
    if not found:
        return None
    return found["media"], read_type(found["type"]) if found["type"] else None


def authorization_of(line: int, lines: Sequence[Line], command: Command | None) -> list[Fact]:
    """Read the section about authorization: the name, where it goes, and the scheme."""
    filled = [item for item in lines if item.text]
    if not filled:
        return []
    prose = " ".join(item.text for item in filled)
    flags = next((item.text for item in filled[1:4] if item.text.startswith(_PLACES)), "header")
    place = next(place for place in _PLACES if flags.startswith(place))
    named = len(filled) > 1 and read_type(filled[1].text) is not None
    name = filled[0].text if named else "Authorization"
    found = _FORM.search(prose) or _SCHEME.search(prose)
    scheme = found["scheme"] if found else _command_scheme(command, name)
    value: Json = {"in": place, "name": name, "scheme": scheme}
    return [Fact("authorization", value, Span(line, filled[-1].number))]


def _command_scheme(command: Command | None, name: str) -> str | None:
    for header in command.headers if command else ():
        if header.name.lower() == name.lower():
            found = _SCHEME.match(header.value)
            return found["scheme"] if found else None
    return None


def command_facts(command: Command) -> tuple[Fact, ...]:
    """Read the curl command: method, path, server, authorization and the media type of the body."""
    span = Span(command.method_line, command.method_line)
    facts = [Fact("method", command.method, span)]
    url = _URL.fullmatch(command.url or "")
    where = Span(command.url_line, command.url_line)
    if command.url and url:
        facts.append(Fact("path", url["path"] or "/", where))
        if url["server"]:
            facts.append(Fact("server", url["server"], where))
    for header in command.headers:
        line = Span(header.line, header.line)
        if header.name.lower() == "content-type":
            facts.append(Fact("media_type", header.value, line))
        elif header.name.lower() not in _PLAIN and _SECRET.search(header.value):
            found = _SCHEME.match(header.value)
            value: Json = {
                "in": "header",
                "name": header.name,
                "scheme": found["scheme"] if found else None,
            }
            facts.append(Fact("authorization", value, line))
    return tuple(facts)


def permission_facts(lines: Iterable[Line]) -> list[Fact]:
    """Read the permission that a sentence about the operation asks for."""
    for line in lines:
        found = permission(line.text)
        if found:
            return [Fact("permission", found, Span(line.number, line.number))]
    return []


def unread(lines: Iterable[Line]) -> tuple[Note, ...]:
    """Note the sentences about the operation that state nothing that is known."""
    return tuple(
        Note(line.number, f"no fact is read from: {line.text}")
        for line in lines
        if (cues(line.text) or line.text.endswith((".", "!"))) and not permission(line.text)
    )


def first_facts(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Keep the first fact of each keyword: it stands nearest to where the page states it."""
    out: dict[str, Fact] = {}
    for fact in facts:
        out.setdefault(fact.keyword, fact)
    return tuple(out.values())


def operation_dict(facts: Sequence[Fact]) -> dict[str, Json]:
    """Write the facts of an operation, with their lines under `x-source`."""
    known = {fact.keyword: fact for fact in facts}
    out: dict[str, Json] = {}
    for keyword in ("method", "path", "authorization", "media_type", "success_status"):
        out[keyword] = known[keyword].value if keyword in known else None
    for keyword in ("server", "permission", "parameters"):
        if keyword in known:
            out[keyword] = known[keyword].value
    out["x-source"] = {fact.keyword: [fact.span.first, fact.span.last] for fact in facts}
    return out
