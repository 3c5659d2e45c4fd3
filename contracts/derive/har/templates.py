"""Paths of recorded calls as templates.

What differs from call to call, or looks like an id, is a parameter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from contracts.derive.exchanges import Call, Pair, Said

#: A number, a UUID, a long run of hexadecimal digits, a ULID: no name of anything.
_ID = re.compile(
    r"\d+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{16,}|[0-9A-HJKMNP-TV-Z]{26}"
)
_VERSION = re.compile(r"v\d+(\.\d+)*", re.IGNORECASE)


def templated(calls: Sequence[Call]) -> list[Call]:
    """Return calls with the ids in their paths replaced: ``/orders/17`` becomes ``/orders/{id}``.

    A segment with a digit in it is an id as well where several calls differ in nothing else.
    """
    paths = [call.path.text.split("/") for call in calls]
    alike: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for call, path in zip(calls, paths, strict=True):
        for place, piece in enumerate(path):
            if _may_be_id(piece):
                alike[_rest(call, path, place)].add(piece)
    return [
        _with_template(call, path, [_is_id(call, path, place, alike) for place in range(len(path))])
        for call, path in zip(calls, paths, strict=True)
    ]


def _rest(call: Call, path: list[str], place: int) -> tuple[str, ...]:
    """Return what calls share that differ in one segment only."""
    return call.method.text, *path[:place], "{}", *path[place + 1 :]


def _is_id(
    call: Call, path: list[str], place: int, alike: Mapping[tuple[str, ...], set[str]]
) -> bool:
    piece = path[place]
    if _ID.fullmatch(piece):
        return True
    return _may_be_id(piece) and len(alike[_rest(call, path, place)]) > 1


def _may_be_id(piece: str) -> bool:
    return any(letter.isdigit() for letter in piece) and not _VERSION.fullmatch(piece)


def _with_template(call: Call, path: list[str], flags: list[bool]) -> Call:
    """Put names in the place of ids.

    ``{id}``, or with the noun before each where there are several.
    """
    several = sum(flags) > 1
    pieces: list[str] = []
    values: list[Pair] = []
    for place, (piece, is_id) in enumerate(zip(path, flags, strict=True)):
        if not is_id:
            pieces.append(piece)
            continue
        noun = path[place - 1].removesuffix("s") if place and not flags[place - 1] else ""
        name = f"{re.sub(r'[^A-Za-z0-9]', '', noun)}Id" if several and noun else "id"
        while any(pair.name == name for pair in values):
            name += "2"
        pieces.append(f"{{{name}}}")
        values.append(Pair(name, piece, call.path.span))
    return replace(call, path=Said("/".join(pieces), call.path.span), values=tuple(values))
