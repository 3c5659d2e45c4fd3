r"""Texts with their escapes undone, each character with the place where it was written.

A server may echo a token as ``\u0073\u0061``, as ``%73%61`` or as ``&#115;&#97;``, over a line
end, or in letters that only look the same. What is searched for is searched for in the plain
form.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cached_property
from urllib.parse import unquote_to_bytes

HIGHEST = 0x10FFFF  # code point of Unicode
ROUNDS = 3  # escapes within escapes that are undone
# a line end goes with what is before it to fold a text, and with the blanks after it
FOLD = r"[=\\]?(?:\\r)?(?:\\n|\r\n|\r|\n)[ \t]*"
SIGNS = "\\%&=\r\n"  # that escapes begin with; a letter beyond ASCII may be one by itself
BEGINNING = re.compile(rf"[{re.escape(SIGNS)}\x80-\U0010ffff]")
ESCAPE = re.compile(
    r"(?P<unicode>(?:\\u[0-9A-Fa-f]{4})+)|(?P<code>\\u\{[0-9A-Fa-f]{1,6}\})|(?P<byte>\\x[0-9A-Fa-f]{2})"
    r"|(?P<percent>(?:%[0-9A-Fa-f]{2})+)|(?P<quoted>(?:=[0-9A-F]{2})+)"
    r"|(?P<entity>&(?:#[xX]?[0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?)"
    rf"|(?P<fold>{FOLD})|(?P<plain>\\[/\"'\\])|(?P<odd>[^\x00-\x7f])"
)
Piece = tuple[str, tuple[int, int]]  # a plain text, and where it begins and ends as written


class Plain:
    """A plain text in lower case, which knows where each of its characters was written.

    Most texts have nothing that is searched for, so the places are worked out when they are
    asked for.
    """

    def __init__(self, text: str, pieces: Callable[[], Iterator[Piece]]) -> None:
        self.text = text
        self._pieces = pieces

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Return where in the text as written a part of the plain one begins and ends."""
        return self.places[begin][0], self.places[end - 1][1]

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Where each character of the plain text begins and ends in the text as written."""
        return [place for meant, place in self._pieces() for _ in meant]


def plain(text: str) -> Iterator[Plain]:
    """Yield a text in lower case, then with one layer of escapes after the other undone."""
    layer = Plain(
        text.lower(), lambda: ((letter.lower(), (i, i + 1)) for i, letter in enumerate(text))
    )
    yield layer
    for _ in range(ROUNDS):
        if layer.text.isascii() and not any(sign in layer.text for sign in SIGNS):
            return
        undone = _undone(layer)
        if undone.text == layer.text:
            return
        layer = undone
        yield layer


def _undone(layer: Plain) -> Plain:
    """Return a text with one layer of its escapes undone."""
    written = layer.text
    escapes = [(match.span(), _meaning(match).lower()) for match in _escapes(written)]
    parts, position = [], 0
    for (begin, end), meaning in escapes:
        parts += [written[position:begin], meaning]
        position = end
    text = "".join([*parts, written[position:]])

    def pieces() -> Iterator[Piece]:
        position = 0
        for (begin, end), meaning in escapes:
            yield from zip(written[position:begin], layer.places[position:begin], strict=True)
            yield meaning, layer.span(begin, end)
            position = end
        yield from zip(written[position:], layer.places[position:], strict=True)

    return Plain(text, pieces)


def _escapes(text: str) -> Iterator[re.Match[str]]:
    """Yield the escapes of a text, which are looked for only where one may begin."""
    position = 0
    while beginning := BEGINNING.search(text, position):
        match = ESCAPE.match(text, beginning.start())
        position = (match or beginning).end()
        if match:
            yield match


def _meaning(match: re.Match[str]) -> str:
    """Return the text that an escape stands for."""
    written = match[0]
    match match.lastgroup:
        case "unicode":
            pairs = bytes.fromhex(written.replace("\\u", ""))
            return pairs.decode("utf-16-be", "replace")
        case "code":
            code = int(written[3:-1], 16)
            return chr(code) if code <= HIGHEST else written
        case "byte":
            return bytes.fromhex(written[2:]).decode("latin-1")
        case "percent":
            return unquote_to_bytes(written).decode("utf-8", "replace")
        case "quoted":
            return bytes.fromhex(written.replace("=", "")).decode("utf-8", "replace")
        case "entity":
            return html.unescape(written if written.endswith(";") else f"{written};")
        case "fold":
            return ""
        case "plain":
            return written[1:]
    if unicodedata.category(written) == "Cf":  # of no width
        return ""
    return unicodedata.normalize("NFKC", written)
