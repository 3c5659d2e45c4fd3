"""The form of ids, instants and texts, as a run shows it."""

import re
from datetime import datetime
from typing import Any

from contracts.judge.history import key
from contracts.schema.formats import FORMATS
from contracts.schema.jsontext import is_number, same

# characters of a text that two orders do not share by chance, as they may a placeholder
TELLING = 4
INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(.*)", re.IGNORECASE | re.DOTALL
)
PREFIXED = "a text that begins with "
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
    return f"{PREFIXED}{prefix[0]}" if prefix else ""


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
