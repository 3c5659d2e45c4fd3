"""Where an operation is served: the first server, and all of them where there are several."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contracts.derive.marked import Part
from contracts.derive.model import Fact, Json, Note, Span
from contracts.derive.openapi import swagger
from contracts.derive.openapi.document import Document, Version

_VARIABLE = re.compile(r"\{([^{}]+)\}")


def server_facts(item: Part, operation: Part, document: Document, notes: list[Note]) -> list[Fact]:
    """Return `server`, its variables filled by their defaults.

    `servers` with descriptions where there are several.

    The base path stays with the server, as OpenAPI has it: ``https://example.com/v2`` and
    ``/orders``.
    """
    if document.version is Version.V2:
        found: list[tuple[str, str | None, Span]] = [
            (url, None, span) for url, span in swagger.servers(document)
        ]
    else:
        holders = (operation, item, document.root)
        holder = next((part for part in holders if part.get("servers") is not None), document.root)
        found = list(_listed(holder, notes))
    if not found:
        return []
    facts = [Fact("server", found[0][0], found[0][2])]
    if len(found) > 1:
        rows: list[Json] = [{"url": url, "description": sentence} for url, sentence, _ in found]
        facts.append(Fact("servers", rows, Span(found[0][2].first, found[-1][2].last)))
    return facts


def _listed(holder: Part, notes: list[Note]) -> Iterator[tuple[str, str | None, Span]]:
    servers = holder.get("servers")
    for server in servers.elements() if servers is not None else ():
        url = server.text("url")
        if url is None:
            notes.append(Note(server.span.first, "a server without a url is not read"))
            continue
        filled = _filled(url, server, notes).rstrip("/")
        if filled:
            yield filled, server.text("description"), server.span


def _filled(url: str, server: Part, notes: list[Note]) -> str:
    variables = server.get("variables")

    def default(match: re.Match[str]) -> str:
        variable = variables.get(match[1]) if variables is not None else None
        value = variable.get("default") if variable is not None else None
        if value is None:
            notes.append(
                Note(server.span.first, f"the variable {match[0]} of the server has no default")
            )
            return match[0]
        return str(value.value)

    return _VARIABLE.sub(default, url)
