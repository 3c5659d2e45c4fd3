"""JSON as the standards have it: read strictly, compared by value.

Python's own reader takes NaN, repeated names, lone surrogates and a byte order mark without a
word; here each of them is a problem that names the protocol clause it breaks. Numbers keep all
their digits.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from decimal import MAX_EMAX, Decimal, InvalidOperation
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Any

import simplejson

from contracts import clause_ids
from contracts.model import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

TOKEN = re.compile(r'(?P<text>"(?:[^"\\]|\\.)*")|(?P<sign>[\[\]{},:])')
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
DEEPEST = 200  # levels of nesting; a reader may set such limits (RFC 8259, section 9)
LONGEST = 12 * 1024 * 1024  # bytes of one text
# values in one text: what is read takes up to thirty times the memory of what was sent
MOST = 1_000_000
LONGEST_INTEGER = 400  # digits that become an int; beyond, a Decimal keeps them at less cost

TYPES: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    str: "string",
    list: "array",
    dict: "object",
    int: "number",
}

INDEX = re.compile("0|[1-9][0-9]{0,8}")  # of an array, in a pointer
Problem = tuple[str, str]

_COMPACT = simplejson.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), use_decimal=True, default=str
)
# no JSON text has infinite numbers, but what was worked out from one may be
_SHOWN = simplejson.JSONEncoder(use_decimal=True, default=str, allow_nan=True)


def decode(data: bytes) -> tuple[Any, tuple[Problem, ...]]:
    """Return the value of one JSON text, ABSENT if unreadable, and (clause, problem) pairs.

    What is larger, or nested deeper, than is read here may be right all the same: no clause is
    broken by it (RFC 8259, section 9).
    """
    if len(data) > LONGEST:
        return ABSENT, ((clause_ids.UNREAD, f"more than {LONGEST // 1024**2} MB"),)
    problems: list[Problem] = []
    if data.startswith(b"\xef\xbb\xbf"):
        problems.append((clause_ids.JSON, "a byte order mark in front of the JSON text"))
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return ABSENT, (*problems, (clause_ids.JSON, f"byte {error.start} is not UTF-8"))
    if not text.strip(" \t\r\n"):
        return ABSENT, (*problems, (clause_ids.JSON, "an empty body"))
    value = _parse(text, problems)
    # most texts are too small for that
    may_exceed = len(text) > MOST or text.count("[") + text.count("{") >= DEEPEST
    if may_exceed and value is not ABSENT and (excess := _excess(value)):
        problems.append((clause_ids.UNREAD, excess))
        value = ABSENT
    if "\\" in text and SURROGATE.search(text) and _has_lone_surrogates(value):
        what = "half of a surrogate pair, which is no character"
        problems.append((clause_ids.UNICODE, what))
        value = mapped(value, _without_lone_surrogates)
    return value, tuple(problems)


def _parse(text: str, problems: list[Problem]) -> Any:
    """Return the value of a JSON text, ABSENT for none; add what is wrong with it to `problems`."""

    def add_once(clause: str, problem: str) -> None:
        if clause not in dict(problems):
            problems.append((clause, problem))

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        by_name = dict(pairs)
        if len(by_name) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            twice = min(name for name, count in counts.items() if count > 1)
            problem = f"the name {twice[:80]!r} occurs more than once in one object"
            add_once(clause_ids.UNIQUE_NAMES, problem)
        return by_name

    def constant(word: str) -> None:
        add_once(clause_ids.JSON, f"{word}, which is no JSON number")

    try:
        return json.loads(
            text,
            object_pairs_hook=members,
            parse_constant=constant,
            parse_float=_number,
            parse_int=_integer,
        )
    except RecursionError:
        problems.append((clause_ids.UNREAD, "nested too deep to be read"))
    except ValueError as error:
        problems.append((clause_ids.JSON, f"not a JSON text: {error}"))
    return ABSENT


def encode(value: Any) -> bytes:
    """Write a JSON value as compact UTF-8; Decimals keep their digits."""
    return _COMPACT.encode(value).encode("utf-8", "replace")


def spread(plain: bytes) -> bytes:
    """Return the same JSON with white space around each sign, and each letter as an escape."""

    def spread_token(match: re.Match[str]) -> str:
        if match["text"] is None:
            return f"\r\n\t {match['sign']} "
        units = json.loads(match["text"]).encode("utf-16-be", "surrogatepass").hex()
        return '"' + re.sub("(....)", r"\\u\1", units) + '"'

    return TOKEN.sub(spread_token, plain.decode()).encode()


def show(value: Any, limit: int = 160) -> str:
    """Write a value for people: JSON in ASCII, escaped, cut at `limit` characters."""
    if value is ABSENT:
        return "absent"
    text = encode_basestring_ascii(value) if isinstance(value, str) else _SHOWN.encode(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}… ({len(text)} characters)"


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are the same: numbers by value, objects without order.

    Numbers that differ beyond the precision of a double count as equal: RFC 8259, section 6,
    lets readers use doubles, and no page promises more.
    """
    if left is right:
        return True
    if isinstance(left, str):
        return bool(left == right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if is_number(left) and is_number(right):
        return bool(left == right) or _as_double(left) == _as_double(right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        same_names = left.keys() == right.keys()
        return same_names and all(same(left[name], right[name]) for name in left)
    return type(left) is type(right) and bool(left == right)


def is_number(value: Any) -> bool:
    """Whether a value is a JSON number."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def type_of(value: Any) -> str:
    """Return the name of a value's JSON type."""
    return TYPES.get(type(value), "number" if is_number(value) else "absent")


def at(value: Any, pointer: str) -> Any:
    """Return what stands at a JSON pointer (RFC 6901), ABSENT when there is nothing."""
    names = tokens(pointer)
    if names is None:
        return ABSENT
    for name in names:
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and INDEX.fullmatch(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            return ABSENT
    return value


@lru_cache(maxsize=1_000)
def tokens(pointer: str) -> tuple[str, ...] | None:
    """Return the names and indexes that a JSON pointer goes by; None when it is no pointer."""
    head, *written = pointer.split("/")
    names = tuple(token.replace("~1", "/").replace("~0", "~") for token in written)
    return None if head else names


@lru_cache(maxsize=1_000)
def escape(name: str) -> str:
    """Escape a member name as a reference token of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= LONGEST_INTEGER else _number(digits)


def _number(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # of an exponent of more than eighteen digits: the nearest number
        sign = "-" if digits.startswith("-") else ""
        is_tiny = "e-" in digits.lower()
        return Decimal(f"{sign}0" if is_tiny else f"{sign}9e{MAX_EMAX}")


def _as_double(number: float | Decimal) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _excess(value: Any) -> str | None:
    """Say which limit a value goes beyond, None when it keeps them all."""
    level, count = [value], 1
    for _ in range(DEEPEST):
        level = [child for parent in level for child in children(parent)]
        count += len(level)
        if count > MOST:
            return f"more than {MOST:,} values"
        if not level:
            return None
    return f"nested deeper than {DEEPEST} levels"


def size(value: Any) -> int:
    """Return about how many bytes of memory a JSON value takes."""
    total, waiting = 0, [value]
    while waiting:
        part = waiting.pop()
        total += sys.getsizeof(part)
        waiting += [*(part if isinstance(part, dict) else ()), *children(part)]
    return total


def children(value: Any) -> Iterable[Any]:
    """Return the items of an array or the values of an object; nothing for any other value."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a value with every part of it changed, names of members included.

    What `change` gives back as it is, is looked into; what it replaces is not.
    """
    changed = change(value)
    if changed is not value:
        return changed
    if isinstance(value, list):
        return [mapped(item, change) for item in value]
    if isinstance(value, dict):
        return {change(name): mapped(member, change) for name, member in value.items()}
    return value


def _has_lone_surrogates(value: Any) -> bool:
    if isinstance(value, str):
        return any("\ud800" <= character <= "\udfff" for character in value)
    names = value if isinstance(value, dict) else ()
    return any(map(_has_lone_surrogates, (*names, *children(value))))


def _without_lone_surrogates(part: Any) -> Any:
    if isinstance(part, str):
        return part.encode("utf-8", "replace").decode("utf-8")
    return part
