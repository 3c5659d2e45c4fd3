"""What is odd about a value, which may be one defect behind many failures."""

import re
from collections.abc import Iterator
from typing import Any

from contracts.schema.jsontext import is_number

FRACTIONS = 10**20  # numbers this large are whole, and may be too large for a remainder
BEYOND_BMP = 0xFFFF
# what is odd in a text, whichever member it is in
ODD_TEXTS = frozenset({"NUL", "beyond the BMP", "non-ASCII", "half a surrogate pair"})
HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # written in JSON


def oddities(value: Any) -> frozenset[str]:
    """Return what a server may stumble over in a value, wherever it stands inside of it.

    Example: of -1.5, "negative" and "fractional"; of an emoji, "beyond the BMP" and "non-ASCII".
    """
    return frozenset(_oddities(value))


def _oddities(value: Any) -> Iterator[str]:
    if is_number(value):
        yield from _of_number(value)
    elif isinstance(value, str):
        yield from _of_text(value)
    elif isinstance(value, bytes) and HALF.search(value):
        yield from ("half a surrogate pair", "non-ASCII")
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _of_text(name)
            yield from _oddities(member)
    elif isinstance(value, list):
        for item in value:
            yield from _oddities(item)


def _of_number(value: Any) -> Iterator[str]:
    if value < 0:
        yield "negative"
    if abs(value) < FRACTIONS and value % 1 != 0:
        yield "fractional"
    if abs(value) >= 1 << 31:
        yield "beyond 32 bits"
    if abs(value) > 1 << 53:
        yield "beyond a double's precision"


def _of_text(text: str) -> Iterator[str]:
    if not text.isascii():
        yield "non-ASCII"
    if any(ord(character) > BEYOND_BMP for character in text):
        yield "beyond the BMP"
    if "\0" in text:
        yield "NUL"
