"""The formats that are checked, each by one function."""

import re
from collections.abc import Callable
from datetime import date

from jsonschema import Draft202012Validator

# RFC 3339, section 5.6; a leap second is a time as well
INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
    r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII | re.IGNORECASE,
)
URI = r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*"


def _is_instant(value: object) -> bool:
    match = INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return False
    try:
        date.fromisoformat(match[1])
    except ValueError:  # the thirtieth of February
        return False
    return True


def _matches(pattern: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and bool(re.fullmatch(pattern, value))


def _conforms(name: str) -> Callable[[object], bool]:
    return lambda value: Draft202012Validator.FORMAT_CHECKER.conforms(value, name)


FORMATS: dict[str, Callable[[object], bool]] = {
    "date-time": _is_instant,
    # no more than RFC 5321 asks of every mailbox (section 4.1.2): a local part, which may be
    # quoted, and a domain
    "email": _matches(r'("[^"\x00-\x1f]+"|[^@\s"\x00-\x1f]+)@[^@\s.]+(\.[^@\s.]+)*'),
    "uri": _matches(URI),
    "url": _matches(URI),
    "uuid": _matches(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "date": _conforms("date"),
    "time": lambda value: _is_instant(f"1970-01-01T{value}"),
    "duration": _matches(
        r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?"
    ),
    "ipv4": _conforms("ipv4"),
    "ipv6": _conforms("ipv6"),
    "hostname": _matches(
        r"(?=.{1,253}\.?$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
        r"(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?"
    ),
    "byte": _matches(r"[A-Za-z0-9+/_=\s-]*"),
}
# Formats that tell how a number is kept, or what a person should see: they forbid no JSON value.
ANNOTATED_FORMATS = frozenset(
    {"int32", "int64", "float", "double", "decimal", "binary", "password"}
)
