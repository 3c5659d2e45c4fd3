"""From a docs page to an operation and its schemas, every keyword with the lines it was read from.

`derive(text, name=...)` reads an input and gives one JSON-able dict. What is not understood is
listed under `not_understood`, with its line, and everything else is still derived. UsageError says
what an input is from which nothing can be derived, and what to do.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from contracts.derive.model import Derived, Json, Node, Refusal, schema
from contracts.derive.operation import operation_dict
from contracts.derive.recognise import Input, reader, recognise
from contracts.derive.relations import relations, unresolved
from contracts.errors import UsageError

__all__ = ["derive", "operations"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MOST_LISTED = 20


def derive(
    text: bytes | str, *, name: str, operation: str | None = None, descriptions: bool = False
) -> dict[str, Json]:
    """Return the operation of an input with the schemas of its bodies.

    `text` is the input and `name` the name under which the output refers to it; `operation`
    chooses one of several, as ``POST /orders``. The keys are `rendering`, `operation`, `request`
    and `response` (a schema or None), `relations` between members, `not_understood` (a list of
    ``{"line": number, "text": why and what}``) and, where the page documents answers that refuse,
    `refusals`. With `descriptions` the schemas also carry the sentences of the page.
    """
    raw = text.encode() if isinstance(text, str) else text
    source = recognise(raw, name)
    derived = _chosen(_read(source, name), operation, name)
    document: dict[str, Json] = {"name": name, "sha256": hashlib.sha256(raw).hexdigest()}
    return _written(derived, derived.rendering or source.kind, document, descriptions=descriptions)


def operations(raw: bytes | str, name: str) -> tuple[Derived, ...]:
    """Return all operations that an input holds."""
    return _read(recognise(raw.encode() if isinstance(raw, str) else raw, name), name)


def _read(source: Input, name: str) -> tuple[Derived, ...]:
    """Return the operations of a recognised input, each once."""
    read = reader(source.kind, name)(source.raw, name)
    if not read:
        raise UsageError(f"{name} is {source.kind}, but no operation was found in it")
    return tuple({_title(derived): derived for derived in reversed(read)}.values())[::-1]


def _title(derived: Derived) -> str:
    """Return the method and the path of an operation, as ``POST /orders``."""
    known = {fact.keyword: fact.value for fact in derived.operation}
    return f"{known.get('method', '?')} {known.get('path', '?')}"


def _comparable(title: str) -> str:
    """Return a title without what may be written in several ways: case, parameters, a last slash."""
    method, _, path = title.strip().partition(" ")
    return f"{method.upper()} {re.sub(r'{[^{}]*}', '{}', path.strip()).rstrip('/')}"


def _chosen(read: tuple[Derived, ...], operation: str | None, name: str) -> Derived:
    """Return the operation that was asked for, or the only one."""
    titles = [_title(derived) for derived in read]
    shown = ", ".join(titles[:_MOST_LISTED])
    if len(titles) > _MOST_LISTED:
        shown += f" and {len(titles) - _MOST_LISTED} more"
    if operation is None:
        if len(read) > 1:
            raise UsageError(
                f"{name} holds {len(read)} operations: {shown}; choose one: --operation '{titles[0]}'"
            )
        return read[0]
    exact = [derived for derived in read if _title(derived) == operation]
    same = [derived for derived in read if _comparable(_title(derived)) == _comparable(operation)]
    if not (exact or same):
        raise UsageError(f"{name} holds no operation {operation}; it holds {shown}")
    return (exact or same)[0]


def _written(
    derived: Derived, rendering: str, document: dict[str, Json], *, descriptions: bool
) -> dict[str, Json]:
    """Return the output for an operation."""
    derived = replace(derived, notes=(*derived.notes, *unresolved(derived)))
    notes = sorted(dict.fromkeys(derived.notes), key=lambda note: (note.line, note.text))

    def body(node: Node | None) -> Json:
        if node is None:
            return None
        written = schema(node, descriptions=descriptions)
        return {"$schema": _DIALECT, "x-document": document, **written}

    out: dict[str, Json] = {
        "rendering": rendering,
        "operation": {"x-document": document, **operation_dict(derived.operation)},
        "request": body(derived.request),
        "response": body(derived.response),
        "relations": list(relations(derived)),
        "not_understood": [{"line": note.line, "text": note.text} for note in notes],
    }
    if derived.refusals:
        out["refusals"] = [_refusal(refusal, body(refusal.body)) for refusal in derived.refusals]
    return out


def _refusal(refusal: Refusal, body: Json) -> dict[str, Json]:
    """Return a documented refusal as the output has it."""
    lines: list[Json] = [refusal.span.first, refusal.span.last]
    return {
        "status": refusal.status,
        "media_type": refusal.media_type,
        "schema": body,
        "lines": lines,
    }
