"""What may take the place of a value of a body: a generator function each, in one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from contracts.model import ABSENT
from contracts.schema.jsontext import encode, is_number, same, show, type_of

CASELESS = re.compile(  # a UUID or an instant: the letters of either have no case
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    re.IGNORECASE,
)
OTHER_TYPES: Mapping[str, Any] = {
    "string": "text",
    "number": 7,
    "boolean": True,
    "array": [],
    "object": {},
}


class Raw(NamedTuple):
    """Bytes that take the place of a value, JSON or not."""

    text: bytes


class Renamed(NamedTuple):
    """The value stays under another name."""

    name: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A value of a response: where, in what, and what the previous response has there."""

    place: str
    value: Any
    owner: Any = ABSENT  # the object or array that it stands in
    key: str | int = ""
    before: Any = ABSENT


def _null(spot: Spot) -> Iterator[Any]:
    if spot.value is not None:
        yield None


def _type(spot: Spot) -> Iterator[Any]:
    kind = type_of(spot.value)
    if kind in ("number", "boolean"):
        yield show(spot.value)
    for other, value in OTHER_TYPES.items():
        containers = {kind, other} == {"array", "object"}  # see `swapped`
        if (
            other != kind
            and not containers
            and (other != "string" or kind not in ("number", "boolean"))
        ):
            yield value


def _swapped(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, dict):
        yield [spot.value]
    elif isinstance(spot.value, list):
        yield spot.value[0] if spot.value and isinstance(spot.value[0], dict) else {}


def _plus_one(spot: Spot) -> Iterator[Any]:
    if is_number(spot.value):
        yield spot.value + 1


def _minus_one(spot: Spot) -> Iterator[Any]:
    if is_number(spot.value):
        yield spot.value - 1


def _times_100(spot: Spot) -> Iterator[Any]:
    if is_number(spot.value):
        yield spot.value * 100


def _divided_by_100(spot: Spot) -> Iterator[Any]:
    if is_number(spot.value):
        yield Decimal(spot.value) / 100


def _negated(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, bool):
        yield not spot.value


def _emptied(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, (str, list)):
        yield type(spot.value)()


def _character(spot: Spot) -> Iterator[Any]:
    """Change the last and the middle letter or digit to another of its kind."""
    if isinstance(spot.value, str):
        found = [
            index
            for index, character in enumerate(spot.value)
            if character.isalnum() and character.isascii()
        ]
        for index in dict.fromkeys(found[len(found) // 2 : len(found) // 2 + 1] + found[-1:]):
            old = spot.value[index]
            new = chr(ord(old) + (-1 if old in "fFzZ" else 1))
            if old.isdigit():
                new = str((int(old) + 1) % 10)
            yield spot.value[:index] + new + spot.value[index + 1 :]


def _upper(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, str) and not CASELESS.fullmatch(spot.value):
        yield spot.value.upper()


def _lower(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, str) and not CASELESS.fullmatch(spot.value):
        yield spot.value.lower()


def _trimmed(spot: Spot) -> Iterator[Any]:
    """Take away the blanks around a text, and the last character of one."""
    if isinstance(spot.value, str):
        yield spot.value.strip()
        yield spot.value[:-1]


def _sibling(spot: Spot) -> Iterator[Any]:
    """Put the next value beside it in its place: of its own type where there is one."""
    if spot.owner is ABSENT or len(spot.owner) < 2:
        return
    parts = list(spot.owner.items() if isinstance(spot.owner, dict) else enumerate(spot.owner))
    keys = [key for key, _ in parts]
    start = keys.index(spot.key)
    others = [part for _, part in parts[start + 1 :] + parts[:start]]
    alike = [
        other
        for other in others
        if type_of(other) == type_of(spot.value) and not same(other, spot.value)
    ]
    yield (alike or others)[0]


def _previous(spot: Spot) -> Iterator[Any]:
    if spot.before is not ABSENT:
        yield spot.before


def _dropped(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.owner, dict):
        yield ABSENT


def _renamed(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.owner, dict):
        yield Renamed(f"{spot.key}_")


def _added(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, dict):
        yield {**spot.value, "unexpected": "text"}


def _shortened(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, list) and spot.value:
        yield spot.value[:-1]


def _extended(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, list) and spot.value:
        yield [*spot.value, spot.value[-1]]


def _reordered(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, list):
        yield spot.value[::-1]


def _twice_named(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, dict) and spot.value:
        name, value = next(iter(spot.value.items()))
        yield Raw(encode(spot.value)[:-1] + b"," + encode(name) + b":" + encode(value) + b"}")


def _not_a_number(spot: Spot) -> Iterator[Any]:
    if is_number(spot.value):
        yield Raw(b"NaN")
        yield Raw(b"Infinity")


def _invalid_utf8(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, str):
        yield Raw(b'"\xff' + encode(spot.value)[1:])


ValueRule = Callable[[Spot], Iterator[Any]]

VALUES: dict[str, ValueRule] = {
    "null": _null,
    "type": _type,
    "swapped": _swapped,
    "plus_one": _plus_one,
    "minus_one": _minus_one,
    "times_100": _times_100,
    "divided_by_100": _divided_by_100,
    "negated": _negated,
    "emptied": _emptied,
    "character": _character,
    "upper": _upper,
    "lower": _lower,
    "trimmed": _trimmed,
    "sibling": _sibling,
    "previous": _previous,
    "dropped": _dropped,
    "renamed": _renamed,
    "added": _added,
    "shortened": _shortened,
    "extended": _extended,
    "reordered": _reordered,
    "twice_named": _twice_named,
    "not_a_number": _not_a_number,
    "invalid_utf8": _invalid_utf8,
}
