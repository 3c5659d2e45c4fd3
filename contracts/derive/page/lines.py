"""The page as numbered lines, whatever its line ends, its marks and its encoding."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from contracts.derive.model import Note

# The generator's headings carry invisible anchors; hard spaces stand where the page wraps.
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_HARD_SPACE = re.compile("[\u00a0\u202f]")
MARKER = re.compile(r"(?P<verb>Show|Hide) (?:child )?(?:attributes?|properties)", re.IGNORECASE)
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Page:
    """A document.

    Its lines (the first has number 1), the digest of its bytes, what was odd about it.
    """

    lines: tuple[str, ...]
    sha256: str
    notes: tuple[Note, ...]

    def line(self, number: int) -> str:
        """Return a line by its number; beyond either end it is empty."""
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a section; a squashed one is split into several of the same number."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a description, without the constraints that were squashed in front of it."""

    line: int
    text: str


def read_page(text: bytes | str) -> Page:
    """Read a document into a page.

    A missing final newline and a byte order mark change nothing; Windows line ends, lone carriage
    returns and bytes that are not UTF-8 are read all the same, and noted.
    """
    raw = text.encode() if isinstance(text, str) else text
    content = raw.decode("utf-8", errors="replace").removeprefix("\ufeff")
    return Page(
        lines=tuple(_clean(line) for line in _split(content)),
        sha256=hashlib.sha256(raw).hexdigest(),
        notes=tuple(_oddities(raw, content)),
    )


def _split(content: str) -> list[str]:
    lines = _BREAK.split(content)
    return lines[:-1] if lines and not lines[-1] else lines


def _clean(line: str) -> str:
    return _HARD_SPACE.sub(" ", _INVISIBLE.sub("", line)).strip()


def _oddities(raw: bytes, content: str) -> list[Note]:
    notes = []
    if "\r" in content:
        number = len(_BREAK.split(content[: content.index("\r")]))
        notes.append(
            Note(number, "this line has a Windows line end; such line ends are read as plain ones")
        )
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        number = raw[: error.start].count(b"\n") + 1
        notes.append(
            Note(number, "this line is not UTF-8; the bytes that are not are read as U+FFFD")
        )
    if not content.strip():
        notes.append(Note(1, "the document is empty"))
    return notes
