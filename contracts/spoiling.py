"""Credentials that are none any more, made from a good one: one row a way to spoil it.

A text that was changed is not always another token: base64 has spare bits in its last
character, hexadecimal digits have no letter case, and many decoders pass over what follows the
padding. So a spoiled token is used only when it differs from the good one in every way that a
server may read it.
"""

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

UNKNOWN_TOKEN = "order-contracts-unknown-token"  # noqa: S105 - nobody was given it
SHORTEST_PART = 8  # characters of the part of a token that is worth changing
# characters that stand for each other in base32 and in what people copy by hand
ALIKE = ("0oO", "1iIlL", "-+", "_/")
CLASSES = ("23456789", "abcdef", "ABCDEF", "ghjkmnpqrstuvwxyz", "GHJKMNPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class Spoiling:
    """One way to spoil a token: the marker of requests, what a report calls it, how it is made.

    `make` gives candidates, best first.
    """

    marker: str
    words: str
    make: Callable[[str], Iterable[str]]


def spoiled(token: str) -> dict[str, str]:
    """Return the spoiled forms of a token by their markers, those that surely are no credential.

    Example: ``{"altered": "sandbox2token", ...}``. A marker is missing where no form is sure.
    """
    forms = {}
    for spoiling in SPOILINGS:
        form = next((text for text in spoiling.make(token) if surely_differs(token, text)), None)
        if form is not None:
            forms[spoiling.marker] = form
    return forms


def surely_differs(token: str, other: str) -> bool:
    """Whether two texts are different tokens however a server reads them."""
    parts, others = (unquote(text).strip().split(".") for text in (token, other))
    if other != other.strip() or not other:  # no header can end with a blank
        return False
    if len(parts) != len(others):
        return True
    return not all(
        part == changed or _is_same_reading(part, changed)
        for part, changed in zip(parts, others, strict=True)
    )


def _is_same_reading(part: str, other: str) -> bool:
    """Whether a part of a token and a changed one are the same to some decoder.

    What follows a separator may be encoded by itself, as in ``sk_live_c2VjcmV0``.
    """
    starts = [0, *(match.end() for match in re.finditer(r"[^A-Za-z0-9]", part))]
    for start in starts:
        encoded = part[start:]
        changed = other[start:]
        same_before = part[:start] == other[:start]
        if same_before and _is_encoded(encoded) and _base64(encoded) == _base64(changed):
            return True
    digits = _hexadecimal(part)
    if digits and len(digits) == len(re.sub(r"[-{}]", "", part)):
        return digits == _hexadecimal(other)
    return _base32(part) is not None and _base32(part) == _base32(other)


def _is_encoded(text: str) -> bool:
    """Whether an encoder of base64 may have written a text: no spare bit is set."""
    core = text.rstrip("=")
    if not re.fullmatch(r"[\w+/-]+", core, re.ASCII) or len(core) % 4 == 1:
        return False
    data = base64.b64decode(_standard(core) + "=" * (-len(core) % 4))
    return base64.b64encode(data).decode().rstrip("=") == _standard(core)


def _standard(text: str) -> str:
    return text.replace("-", "+").replace("_", "/")


def _base64(text: str) -> bytes:
    """Return the bytes of a base64 text as a lenient decoder reads it, in either alphabet.

    Letters in them have no case, since a user's name may have none.
    """
    core = re.sub(r"[^A-Za-z0-9+/]", "", _standard(text).partition("=")[0])
    if len(core) % 4 == 1:
        core = core[:-1]
    return base64.b64decode(core + "=" * (-len(core) % 4)).lower()


def _hexadecimal(text: str) -> str:
    """Return the digits that a text begins with, in pairs, without the marks of a UUID."""
    digits = re.match(r"[0-9a-f]*", re.sub(r"[-{}]", "", text.lower()))
    whole = digits[0] if digits else ""
    return whole[: len(whole) // 2 * 2]


def _base32(text: str) -> str | None:
    """Return a base32 text in one form (RFC 4648 and Crockford); None when it is none."""
    plain = text.replace("-", "").rstrip("=").upper()
    if not re.fullmatch(r"[0-9A-Z]{16,}", plain) or text not in (text.upper(), text.lower()):
        return None
    return plain.translate({ord("O"): "0", ord("I"): "1", ord("L"): "1"})


def _split(token: str) -> tuple[str, str, str]:
    """Return what is before, in, and after the part of a token to change.

    It is the last of those between dots, the signature of a JWT, without padding; the longest
    where the last one is short.
    """
    parts = token.split(".")
    last = parts[-1].rstrip("=")
    part = last if len(last) >= SHORTEST_PART else max(parts, key=len).rstrip("=")
    before, _, after = token.rpartition(part) if part else (token, "", "")
    return before, part, after


def _others(character: str) -> Iterator[str]:
    """Yield characters to put in place of one: of its own class first, none that looks like it."""
    group = next((group for group in ALIKE if character in group), "")
    alike = {character.lower(), *group.lower()}
    own = [group for group in CLASSES if character in group]
    for group in [*own, *(group for group in CLASSES if group not in own)]:
        yield from (other for other in group if other.lower() not in alike)


def _altered(token: str) -> Iterator[str]:
    before, part, after = _split(token)
    middle = len(part) // 2
    for index in sorted(range(len(part)), key=lambda index: abs(index - middle)):
        if part[index].isalnum():
            for other in _others(part[index]):
                yield f"{before}{part[:index]}{other}{part[index + 1 :]}{after}"


def _altered_last(token: str) -> Iterator[str]:
    before, part, after = _split(token)
    for other in _others(part[-1:]):
        yield f"{before}{part[:-1]}{other}{after}"


def _cut(token: str) -> Iterator[str]:
    before, part, _ = _split(token)
    for length in range(1, len(part)):
        yield f"{before}{part[:-length]}"


def _with_same_beginning(token: str) -> Iterator[str]:
    middle = len(token) // 2
    yield token[:middle] + "".join("z" if other != "z" else "q" for other in token[middle:])


def _extended(token: str) -> Iterator[str]:
    before, part, after = _split(token)
    # four characters are three bytes more in base64, and two in hexadecimal
    for more in ("x", "4e4e", "4e4e4e4e"):
        yield f"{before}{part}{more}{after}"


def placed(
    header: str, form: str | Mapping[str, str] | None, *, in_query: bool
) -> tuple[list[tuple[str, str]], str]:
    """Return the header fields and the query with which a request shows a credential.

    A text stands in the operation's own `header`, or in the parameter of that name. A mapping says
    where else: in the ``query`` or in a ``cookie``.
    """
    if form is None:
        return [], ""
    if isinstance(form, str) and in_query:
        return [], f"{quote(header)}={quote(form, safe='{}')}"
    if isinstance(form, str):
        return [(header, form)], ""
    cookies = [("Cookie", form["cookie"])] if "cookie" in form else []
    return cookies, form.get("query", "")


SPOILINGS = (
    Spoiling("altered", "{} with a character in its middle changed", _altered),
    Spoiling("altered_last", "{} with its last character changed", _altered_last),
    Spoiling("other_case", "{} in other letter case", lambda token: [token.swapcase()]),
    Spoiling("cut", "{} without its end", _cut),
    Spoiling("prefix", "first half of {}, then other characters", _with_same_beginning),
    Spoiling("extended", "{} with more at its end", _extended),
    Spoiling("followed", "{} and a word", lambda token: [f"{token} more"]),
    # what begins with the good one is read as it by some
    Spoiling(
        "several",
        "{} beside another token",
        lambda token: [f"{token},{UNKNOWN_TOKEN},{token}", f"{UNKNOWN_TOKEN},{token}"],
    ),
)
