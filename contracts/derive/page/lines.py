"""The page as numbered lines, whatever its line ends, its marks and its encoding."""

import re
from dataclasses import dataclass

from contracts.derive.model import Note

# The generator's headings carry invisible anchors; hard spaces stand where the page wraps.
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_HARD_SPACE = re.compile("[\u00a0\u202f]")
#: What shows or hides the members of the one above; some renderers say how many those are.
MARKER = re.compile(
    r"(?P<verb>Show|Hide) (?:(?P<count>\d+) |child )?(?:attributes?|propert(?:y|ies)|parameters?)",
    re.IGNORECASE,
)
#: What stands behind the text of a page.
END = re.compile(
    r"(?:Was|Is) this (?:page )?helpful\??|Did this page help you\??"
    r"|Cette page vous a-t-elle été utile ?\?",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a document, the first of which has number 1, and what is odd about them."""

    lines: tuple[str, ...]
    notes: tuple[Note, ...]

    def line(self, number: int) -> str:
        """Return a line by its number; beyond either end it is empty."""
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a part of one: of a squashed one there are several of the same number."""

    number: int
    text: str


def read_page(text: str) -> Page:
    """Return the lines of a text; line ends of another system are read all the same, and noted."""
    lines = _BREAK.split(text)
    if not lines[-1]:
        lines.pop()
    notes: tuple[Note, ...] = ()
    if "\r" in text:
        number = len(_BREAK.split(text[: text.index("\r")]))
        reason = "this line has a Windows line end; such line ends are read as plain ones"
        notes = (Note(number, reason),)
    visible = (_HARD_SPACE.sub(" ", _INVISIBLE.sub("", line)).strip() for line in lines)
    return Page(tuple(visible), notes)
