"""Addresses of operations: the server, the path with its parameters, and the query."""

from __future__ import annotations

import re
from dataclasses import dataclass

_URL = re.compile(
    r"(?P<server>[a-z]+://[^/?#]*|[^/?#]*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?.*", re.DOTALL
)
_VARIABLE = re.compile(
    r"\$\{(\w+)\}|\$(\w+)|\{\{\s*([\w.-]+)\s*\}\}|<([\w -]+)>|(?<=/):([A-Za-z]\w*)"
)
_KNOWN_SERVER = re.compile(r"[a-z]+://[\w.-]+(?::\d+)?")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts; the server is None where the page writes a variable for it."""

    server: str | None
    path: str | None
    query: tuple[str, ...] = ()


def read_address(url: str) -> Address:
    """Return the parts of an address; parameters of its path are written as ``{name}``.

    Example: ``$BASE/crates/:id`` is the path ``/crates/{id}`` on an unknown server.
    """
    match = _URL.fullmatch(url.strip())
    if not match:
        return Address(None, None)
    server = match["server"] if _KNOWN_SERVER.fullmatch(match["server"]) else None
    path = _VARIABLE.sub(_parameter, match["path"] or "/")
    query = re.findall(r"(?:^|&)([\w.\[\]-]+)=", match["query"] or "")
    return Address(server, path, tuple(dict.fromkeys(query)))


def _parameter(match: re.Match[str]) -> str:
    name = next(group for group in match.groups() if group)
    return "{" + re.sub(r"\W+", "_", name) + "}"
