"""The operators of mutants, each a generator function: on a value of a body, on a message."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from contracts.faults.catalogue import OF_TYPES
from contracts.model import ABSENT, Response
from contracts.schema.jsontext import encode, is_number, same, show, type_of

CASELESS = re.compile(  # a UUID or an instant: the letters of either have no case
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    re.IGNORECASE,
)


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


def _type(spot: Spot) -> Iterator[Any]:
    kind = type_of(spot.value)
    if kind in ("number", "boolean"):
        yield show(spot.value)
    for other, value in OF_TYPES.items():
        containers = {kind, other} == {"array", "object"}  # see `swapped`
        is_text_of_it = other == "string" and kind in ("number", "boolean")  # as above
        if other not in (kind, "null") and not containers and not is_text_of_it:
            yield value


def _swapped(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, dict):
        yield [spot.value]
    elif isinstance(spot.value, list):
        yield spot.value[0] if spot.value and isinstance(spot.value[0], dict) else {}


def _character(spot: Spot) -> Iterator[Any]:
    """Change the last and the middle letter or digit to another of its kind."""
    if isinstance(spot.value, str):
        places = [
            index
            for index, character in enumerate(spot.value)
            if character.isalnum() and character.isascii()
        ]
        for index in dict.fromkeys(places[len(places) // 2 : len(places) // 2 + 1] + places[-1:]):
            old = spot.value[index]
            new = chr(ord(old) + (-1 if old in "fFzZ" else 1))
            if old.isdigit():
                new = str((int(old) + 1) % 10)
            yield spot.value[:index] + new + spot.value[index + 1 :]


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


def _twice_named(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, dict) and spot.value:
        name, value = next(iter(spot.value.items()))
        yield Raw(encode(spot.value)[:-1] + b"," + encode(name) + b":" + encode(value) + b"}")


ValueRule = Callable[[Spot], Iterable[Any]]


def _each(is_meant: Callable[[Any], bool], *changes: Callable[[Any], Any]) -> ValueRule:
    """Return a rule that changes the values that are meant, in one way after the other."""

    def rule(spot: Spot) -> Iterator[Any]:
        if is_meant(spot.value):
            for change in changes:
                yield change(spot.value)

    return rule


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds)


def _has_case(value: Any) -> bool:
    return isinstance(value, str) and not CASELESS.fullmatch(value)


def _has_items(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


VALUES: dict[str, ValueRule] = {
    "null": lambda spot: [] if spot.value is None else [None],
    "type": _type,
    "swapped": _swapped,
    "plus_one": _each(is_number, lambda number: number + 1),
    "minus_one": _each(is_number, lambda number: number - 1),
    "times_100": _each(is_number, lambda number: number * 100),
    "divided_by_100": _each(is_number, lambda number: Decimal(number) / 100),
    "negated": _each(_is(bool), lambda value: not value),
    "emptied": _each(_is(str, list), lambda value: type(value)()),
    "character": _character,
    "upper": _each(_has_case, str.upper),
    "lower": _each(_has_case, str.lower),
    "trimmed": _each(_is(str), str.strip, lambda text: text[:-1]),
    "sibling": _sibling,
    "previous": lambda spot: [] if spot.before is ABSENT else [spot.before],
    "dropped": lambda spot: [ABSENT] if isinstance(spot.owner, dict) else [],
    "renamed": lambda spot: [Renamed(f"{spot.key}_")] if isinstance(spot.owner, dict) else [],
    "added": _each(_is(dict), lambda value: {**value, "unexpected": "text"}),
    "shortened": _each(_has_items, lambda items: items[:-1]),
    "extended": _each(_has_items, lambda items: [*items, items[-1]]),
    "reordered": _each(_is(list), lambda items: items[::-1]),
    "twice_named": _twice_named,
    "not_a_number": _each(is_number, lambda _: Raw(b"NaN"), lambda _: Raw(b"Infinity")),
    "invalid_utf8": _each(_is(str), lambda text: Raw(b'"\xff' + encode(text)[1:])),
}

MessageRule = Callable[[Response], Iterator[tuple[str, Response]]]
SINGLETONS = frozenset(
    {"content-type", "content-length", "date", "etag", "last-modified", "location", "server"}
)


def _status(*statuses: int) -> MessageRule:
    def change(answer: Response) -> Iterator[tuple[str, Response]]:
        for status in statuses:
            if status != answer.status:
                yield "status", replace(answer, status=status)

    return change


def _media_type(*texts: str) -> MessageRule:
    """Return a rule that sets Content-Type to each text; ``{type}`` is the media type before."""

    def change(answer: Response) -> Iterator[tuple[str, Response]]:
        essence = (answer.header("content-type") or "").partition(";")[0].strip()
        for text in texts:
            kept = tuple(header for header in answer.headers if header[0] != "content-type")
            named = ("content-type", text.format(type=essence))
            yield "content-type", replace(answer, headers=(*kept, named))

    return change


def _header_dropped(answer: Response) -> Iterator[tuple[str, Response]]:
    """Drop Content-Type; the other headers are such as HTTP does without."""
    if answer.header("content-type") is not None:
        others = tuple(header for header in answer.headers if header[0] != "content-type")
        yield "content-type", replace(answer, headers=others)


def _header_twice(answer: Response) -> Iterator[tuple[str, Response]]:
    """Repeat each header that has one value only, and contradict Content-Type."""
    for name, value in answer.headers:
        if name in SINGLETONS:
            yield name, replace(answer, headers=(*answer.headers, (name, value)))
    if answer.header("content-type") is not None:
        other = ("content-type", "text/html")
        yield "content-type", replace(answer, headers=(*answer.headers, other))


def _text(*changes: Callable[[bytes], bytes]) -> MessageRule:
    def change(answer: Response) -> Iterator[tuple[str, Response]]:
        for change_text in changes:
            yield "text", replace(answer, body=change_text(answer.body))

    return change


MESSAGES: dict[str, MessageRule] = {
    "status_2xx": _status(200, 201, 202),
    "status_3xx": _status(302),
    "status_4xx": _status(400, 404, 409),
    "status_5xx": _status(500, 502),
    "media_type": _media_type(
        "text/html", "text/plain", "application/xml", "application/octet-stream"
    ),
    "charset": _media_type("{type}; charset=iso-8859-1", "{type}; charset=utf-16"),
    "charset_twice": _media_type("{type}; charset=utf-8; charset=iso-8859-1"),
    "header_dropped": _header_dropped,
    "header_twice": _header_twice,
    "cut_off": _text(
        lambda body: body[: len(body) // 2], lambda body: body[:-1].rstrip(b"}"), lambda _: b""
    ),
    "trailing_text": _text(lambda body: body + b" and more", lambda body: body + body),
    "byte_order_mark": _text(lambda body: b"\xef\xbb\xbf" + body),
}
