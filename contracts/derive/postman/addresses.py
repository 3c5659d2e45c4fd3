"""Addresses of requests: the server, the path as a template, and the query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from contracts.derive.exchanges import Call, Pair, Said
from contracts.derive.marked import Part
from contracts.derive.model import Notes
from contracts.derive.page.commands import read_address
from contracts.derive.samples import VARIABLE

#: The variables that a collection fills in, by their names.
Variables = Mapping[str, str]

_ADDRESS = re.compile(
    r"(?P<base>(?:[a-z][a-z0-9+.-]*://)?(?:\{\{[^{}]+\}\}|[^/?#{}])*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?.*",
    re.DOTALL,
)


def call_to(part: Part, method: Said, variables: Variables) -> Call | None:
    """Return a request by its method and its address; None where there is no address."""
    text = part.value if isinstance(part.value, str) else part.text("raw") or _joined(part)
    match = _ADDRESS.fullmatch(text.strip()) if text else None
    if match is None:
        return None
    line = part.get("raw") or part
    base = fill(match["base"], variables).rstrip("/")
    path = read_address(match["path"] or "/").path or "/"
    notes = Notes()
    if VARIABLE.search(base) or not base:
        notes.add(line.span, f"the host {base or 'of the request'} is not known here")
    elif "://" not in base:
        base = f"https://{base}"
    server = Said(base, line.span) if base and not VARIABLE.search(base) else None
    values, query = _path_values(part, path, variables), _query(part, match["query"])
    return Call(method, Said(path, line.span), server, values, query, notes=tuple(notes))


def _joined(part: Part) -> str:
    """Return the address that is written in parts, as the format allows without `raw`."""
    host, path, protocol = part.get("host"), part.get("path"), part.text("protocol")
    name = _with(".", host)
    if protocol:
        return f"{protocol}://{name}/{_with('/', path)}"
    return f"{name}/{_with('/', path)}" if host else ""


def _with(separator: str, part: Part | None) -> str:
    if part is None or isinstance(part.value, str):
        return part.value.strip("/") if part is not None else ""
    pieces = [
        each.value if isinstance(each.value, str) else each.text("value") or ""
        for each in part.elements()
    ]
    return separator.join(pieces)


def _path_values(part: Part, path: str, variables: Variables) -> tuple[Pair, ...]:
    values = {
        each.text("key") or each.text("id") or "": (each.text("value") or "", each.span)
        for each in part.listed("variable")
    }
    pairs = []
    for name in re.findall(r"\{([^{}]+)\}", path):
        value, span = values.get(
            name, (fill("{{" + name + "}}", variables), (part.get("raw") or part).span)
        )
        pairs.append(Pair(name, value, span))
    return tuple(pairs)


def _query(part: Part, written: str | None) -> tuple[Pair, ...]:
    """Return the parameters of the query, also those that are switched off."""
    listed = part.get("query")
    if listed is not None and isinstance(listed.value, list):
        found = [
            Pair(each.text("key") or "", each.text("value") or "", each.span)
            for each in listed.elements()
        ]
    else:
        pairs = parse_qsl(written or "", keep_blank_values=True)
        found = [Pair(name, value, part.span) for name, value in pairs]
    return tuple(pair for pair in found if pair.name and not VARIABLE.fullmatch(pair.name))


_MOST_ROUNDS = 5


def with_variables(known: Variables, folder: Part) -> Variables:
    """Return variables with those of a folder, which come first; one without a value is unknown."""
    values = dict(known)
    for part in folder.listed("variable"):
        name, value = part.text("key") or part.text("id"), part.get("value")
        if name and value and isinstance(value.value, str | int | float) and value.value != "":
            values[name] = str(value.value)
    return values


def fill(text: str, variables: Variables) -> str:
    """Return a text with the known variables filled in; a value may name further ones."""
    for _ in range(_MOST_ROUNDS):
        text = VARIABLE.sub(lambda match: variables.get(match[1].strip(), match[0]), text)
    return text
