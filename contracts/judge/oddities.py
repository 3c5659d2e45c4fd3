"""What is odd about a value, which may be one defect behind many failures."""

from collections.abc import Iterator
from typing import Any

from contracts.schema.jsontext import is_number

FRACTIONS = 10**20  # numbers this large are whole, and may be too large for a remainder
BEYOND_BMP = 0xFFFF
ODD_TEXTS = ("NUL", "beyond the BMP")  # what is odd in a text, whichever member it is in


def oddities(value: Any) -> frozenset[str]:
    """Return what a server may stumble over in a value, wherever it stands inside of it.

    Example: of -1.5, "negative" and "fractional"; of a name with an emoji, "beyond the BMP".
    """
    return frozenset(_oddities(value))


def _oddities(value: Any) -> Iterator[str]:
    if is_number(value):
        yield from _of_number(value)
    elif isinstance(value, str):
        yield from _of_text(value)
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
    if any(ord(character) > BEYOND_BMP for character in text):
        yield "beyond the BMP"
    if "\0" in text:
        yield "NUL"
