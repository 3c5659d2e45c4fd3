"""Credentials of a request, of its own or inherited from its folders."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.derive.exchanges import NOWHERE
from contracts.derive.marked import Part
from contracts.derive.model import Json, Note, Span

_SCHEMES = {"bearer": "Bearer", "oauth2": "Bearer", "jwt": "Bearer", "basic": "Basic"}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request sends to say who asks, with its lines.

    A kind that is not understood is a note.
    """

    values: tuple[Json, ...] = ()
    span: Span = NOWHERE
    notes: tuple[Note, ...] = ()


def credentials_of(part: Part | None, inherited: Credentials) -> Credentials:
    """Return the credentials that an `auth` states; without one, those that are inherited."""
    if part is None or part.value is None:
        return inherited
    kind = str(part.text("type")).lower()
    if kind == "noauth":
        return Credentials()
    if kind in _SCHEMES:
        return Credentials(
            ({"in": "header", "name": "Authorization", "scheme": _SCHEMES[kind]},), part.span
        )
    if kind == "apikey":
        values = _values(part.get("apikey"))
        place = values.get("in") if values.get("in") in ("header", "query") else "header"
        return Credentials(
            ({"in": place, "name": values.get("key") or "X-Api-Key", "scheme": None},), part.span
        )
    return Credentials(
        notes=(Note(part.span.first, f"the credentials of type {kind!r} are not read"),)
    )


def _values(part: Part | None) -> dict[str, str]:
    """Return settings: format 2.0 writes an object, 2.1 a list of keys and values."""
    if part is None:
        return {}
    pairs = [(each.text("key") or "", each.get("value")) for each in part.elements()] or list(
        part.members()
    )
    return {
        name: value.value
        for name, value in pairs
        if value is not None and isinstance(value.value, str)
    }
