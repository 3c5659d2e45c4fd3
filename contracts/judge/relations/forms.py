"""The form of ids, instants and texts: as a run shows it, and as far as a server may tidy it."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Context, Decimal
from typing import Any

from contracts.judge.history import NOTHING, Answer, History, Look, key
from contracts.schema.formats import FORMATS
from contracts.schema.jsontext import at, is_number, same, show

# characters of a text that two orders do not share by chance, as they may a placeholder
TELLING = 4
INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(.*)", re.IGNORECASE | re.DOTALL
)
PREFIX = re.compile(r"[A-Za-z]+[_-]")


def instant(text: Any) -> datetime | None:
    """Read a time as ISO 8601 writes it; None where it is none."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def comparable(*texts: Any) -> list[datetime] | None:
    """Return times that can be compared; None where one is no time, or only some have an offset."""
    instants = [moment for text in texts if (moment := instant(text))]
    offsets = {moment.tzinfo is None for moment in instants}
    return instants if len(instants) == len(texts) and len(offsets) == 1 else None


def form(text: str) -> str:
    """Return the form of a text in words; nothing where it has none but by chance or counting."""
    if FORMATS["uuid"](text):
        return "a UUID"
    if instant := INSTANT.fullmatch(text):
        zone = re.sub(r"\d", "0", instant[2])
        return f"an instant like 0000-00-00{instant[1]}00:00:00{zone}"
    prefix = PREFIX.match(text)
    return f"a text that begins with {prefix[0]}" if prefix else ""


def identity(value: Any) -> str:
    """Return an id as a text to find it by: the digits of a UUID have no case (RFC 9562, 4)."""
    return key(value.lower() if FORMATS["uuid"](value) else value)


def in_address(value: Any) -> str:
    """Return an id as a text to find it by; an address has numbers as texts."""
    return identity(str(value) if is_number(value) else value)


def same_in_address(left: Any, right: Any) -> bool:
    """Whether two values are the same id, of which one may be a part of an address."""
    return in_address(left) == in_address(right)


def same_id(left: Any, right: Any) -> bool:
    """Whether two values are the same id, which may be a UUID in other letters."""
    return same(left, right) or identity(left) == identity(right)


def every_text(value: Any) -> list[str]:
    """Return every text in a value that is long enough to tell orders apart."""
    if isinstance(value, dict):
        return [text for member in value.values() for text in every_text(member)]
    return [value] if isinstance(value, str) and len(value) >= TELLING else []


DIGITS = Context(prec=12)  # that a number keeps on its way through a server's arithmetic
NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
PHONE_MARKS = str.maketrans("", "", " ()-./+")
# How a text is written, of which it is the same text: letters that Unicode calls equivalent and
# the number of spaces (a database's or a form's doing), capitals, and what parts the digits of a
# phone number for people to read.
WRITINGS: Mapping[str, Callable[[str], str]] = {
    "form": lambda text: " ".join(unicodedata.normalize("NFC", text).split()),
    "case": lambda text: WRITINGS["form"](text).casefold(),
    "marks": lambda text: re.sub(r"[\s().\-/\u2010-\u2015]", "", text),
}


def check_comes_back(history: History, request: str, response: str) -> Iterator[Look]:
    """Check that a member comes back as it was sent, but for how a server may write it.

    Spaces, letter case, Unicode's forms, the zeros of a number and the offset of a time may be
    others. With ``*`` for the items of lists, their order may be another one too, equal ones may
    be put together, and what was not sent may be added. Only requests that must be accepted are
    looked at: odd texts may be cleaned.
    """
    for answer in history.valid:
        sent = [value for value in _sent(answer, request) if value not in (*NOTHING, "")]
        places = [look for look in answer.places(response) if look[1] not in NOTHING]
        expected = f"{show(sent[0] if len(sent) == 1 else sent)}, as sent"
        left = [tidied(value) for value in sent]
        if len(sent) != len(places):
            whole = answer.got(response.partition("/*")[0])
            items = list(answer.places(f"{response.rpartition('/*')[0]}/*"))
            if isinstance(whole, list) and len(set(left)) > len(items):
                yield answer.look(response.partition("/*")[0], expected, whole, ok=False)
            continue
        for place, value in places:
            ok = tidied(value) in left or any(_has_all(value, each) for each in sent)
            if tidied(value) in left:
                left.remove(tidied(value))
            yield answer.look(place, expected, value, ok=ok)


def _has_all(value: Any, sent: Any) -> bool:
    """Whether an object has every member that was sent, as it was sent."""
    if not (isinstance(value, dict) and isinstance(sent, dict)):
        return False
    return all(tidied(value.get(name)) == tidied(member) for name, member in sent.items())


def _sent(answer: Answer, pattern: str) -> list[Any]:
    """Return what a request has at a pointer with ``*`` for the items of lists."""
    first, *rest = pattern.split("/*")
    values = [answer.sent(first)]
    for part in rest:
        items = [item for value in values if isinstance(value, list) for item in value]
        values = [at(item, part) for item in items]
    return values


def tidied(value: Any) -> Any:
    """Return a value in a form that does not depend on how a server writes it.

    ``" Zoë@Example.com"`` and ``"zoë@example.com"`` are the same, and so are "10.00" and "10".
    """
    if is_number(value):
        return DIGITS.create_decimal(str(value))
    if not isinstance(value, str):
        return value
    if moment := instant(value):
        return moment
    text = " ".join(unicodedata.normalize("NFKC", value).casefold().split()).rstrip("/")
    if NUMBER.fullmatch(text):
        return Decimal(text)
    digits = text.translate(PHONE_MARKS)
    return digits if digits.isdecimal() else text
