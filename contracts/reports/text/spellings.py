r"""Texts with their escapes undone, each character with the place where it was written.

A server may echo a token as ``\u0073\u0061``, as ``%73%61`` or as ``&#115;&#97;``, over a line
end, or in letters that only look the same. What is searched for is searched for in the plain form.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

HIGHEST = 0x10FFFF  # code point of Unicode
ROUNDS = 3  # escapes within escapes that are undone
# a line end goes with what is before it to fold a text, and with the blanks after it
FOLD = r"[=\\]?(?:\\r)?(?:\\n|\r\n|\r|\n)[ \t]*"
ESCAPE = re.compile(
    r"(?P<unicode>(?:\\u[0-9A-Fa-f]{4})+)|(?P<code>\\u\{[0-9A-Fa-f]{1,6}\})|(?P<byte>\\x[0-9A-Fa-f]{2})"
    r"|(?P<percent>(?:%[0-9A-Fa-f]{2})+)|(?P<quoted>(?:=[0-9A-F]{2})+)"
    r"|(?P<entity>&(?:#[xX]?[0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?)"
    rf"|(?P<fold>{FOLD})|(?P<plain>\\[/\"'\\])|(?P<odd>[^\x00-\x7f])"
)
SUSPICIOUS = re.compile(r"[\\%&=\r\n]|[^\x00-\x7f]")


class Plain(NamedTuple):
    """A plain text in lower case; `starts` and `ends` of each character in the text as written."""

    text: str
    starts: list[int] | range
    ends: list[int] | range


def plain(text: str) -> Iterator[Plain]:
    """Yield a text in lower case, then with one layer of escapes after the other undone."""
    known = Plain(*_lower(text))
    yield known
    for _ in range(ROUNDS):
        if not SUSPICIOUS.search(known.text):
            return
        undone = _undone(known)
        if undone.text == known.text:
            return
        known = undone
        yield known


def _lower(text: str) -> tuple[str, range | list[int], range | list[int]]:
    """Return a text in lower case, and where each letter of that begins and ends in the text."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower, range(len(text)), range(1, len(text) + 1)
    places = [index for index, letter in enumerate(text) for _ in letter.lower()]
    return lower, places, [place + 1 for place in places]


def _undone(known: Plain) -> Plain:
    """Return a text with one layer of its escapes undone."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in ESCAPE.finditer(known.text):
        begin, end = match.span()
        pieces.append(known.text[position:begin])
        starts += known.starts[position:begin]
        ends += known.ends[position:begin]
        meant = _meaning(match).lower()
        pieces.append(meant)
        starts += [known.starts[begin]] * len(meant)
        ends += [known.ends[end - 1]] * len(meant)
        position = end
    pieces.append(known.text[position:])
    starts += known.starts[position:]
    ends += known.ends[position:]
    return Plain("".join(pieces), starts, ends)


def _meaning(match: re.Match[str]) -> str:
    written = match[0]
    if match["unicode"]:
        pairs = bytes.fromhex(written.replace("\\u", ""))
        return pairs.decode("utf-16-be", "replace")
    if match["code"]:
        code = int(written[3:-1], 16)
        return chr(code) if code <= HIGHEST else written
    if match["byte"]:
        return bytes.fromhex(written[2:]).decode("latin-1")
    if match["percent"]:
        return unquote_to_bytes(written).decode("utf-8", "replace")
    if match["quoted"]:
        return bytes.fromhex(written.replace("=", "")).decode("utf-8", "replace")
    if match["entity"]:
        return html.unescape(written if written.endswith(";") else f"{written};")
    if match["fold"]:
        return ""
    if match["plain"]:
        return written[1:]
    if unicodedata.category(written) == "Cf":  # of no width
        return ""
    return unicodedata.normalize("NFKC", written)
