"""What somebody who looks for a token would read in a text: shares no code with the redaction."""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from urllib.parse import unquote

ROUNDS = 2  # codes within codes that are undone
RUN = 12  # characters from which on letters and digits may be hexadecimal or base64
HEX = re.compile(rf"(?:[0-9A-Fa-f]{{2}}){{{RUN},}}")
BASE64 = re.compile(rf"[A-Za-z0-9+/_-]{{{RUN},}}")
FOLDED = re.compile(r"[=\\]?(?:\\r)?(?:\\n|\r?\n|\r)[ \t]*")
ESCAPES = re.compile(r"\\u\{?([0-9A-Fa-f]{4,6})\}?|\\x([0-9A-Fa-f]{2})|=([0-9A-F]{2})")
NO_WIDTH = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


def readings(text: str) -> set[str]:
    """Return a text with each code undone, also those within others, in lower case."""
    known, new = {text}, {text}
    for _ in range(ROUNDS):
        new = {undo(one) for one in new for undo in CODES} - known
        known |= new
    return {one.lower() for one in known}


def _unescaped(text: str) -> str:
    """Return a text without the escapes of JSON, JavaScript, Python and quoted-printable."""
    return ESCAPES.sub(lambda match: chr(int(match[1] or match[2] or match[3], 16)), text)


def _of_hex(text: str) -> str:
    """Return what runs of hexadecimal digits say."""
    runs = dict.fromkeys(HEX.findall(text))
    return "\n".join(bytes.fromhex(run).decode("latin-1") for run in runs)


def _of_base64(text: str) -> str:
    """Return what runs of base64 say, wherever a group of four characters begins."""
    return "\n".join(_said(run) for run in dict.fromkeys(BASE64.findall(text)))


@lru_cache(maxsize=50_000)
def _said(run: str) -> str:
    """Return the bytes of a run of base64 as text, for each of the four places to begin at."""
    said = []
    for begin in range(4):
        group = run[begin:].replace("-", "+").replace("_", "/")
        whole = group[: len(group) // 4 * 4]
        with suppress(binascii.Error):
            said.append(base64.b64decode(whole).decode("latin-1"))
    return "\n".join(said)


CODES: tuple[Callable[[str], str], ...] = (
    html.unescape,
    unquote,
    _unescaped,
    _of_hex,
    _of_base64,
    lambda text: NO_WIDTH.sub("", unicodedata.normalize("NFKC", text)),
    lambda text: FOLDED.sub("", text),
)
