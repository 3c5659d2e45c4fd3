"""The JSON samples on a page, read with their lines, and read on when they are cut off."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field

from contracts.derive.markdown.kinds import read_kind
from contracts.derive.model import Json, Note

# The generator's headings carry invisible anchors; hard spaces stand where the page wraps.
INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_HARD_SPACE = re.compile("[\u00a0\u202f]")
#: What shows or hides the members of the one above; some renderers say how many those are.
MARKER = re.compile(
    r"(?P<verb>Show|Hide) (?:(?P<count>\d+) |child )?(?:attributes?|objects?"
    r"|propert(?:y|ies)|parameters?)",
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
    """The lines of a document, numbered from 1, what is odd about them, and their `indents`."""

    lines: tuple[str, ...]
    notes: tuple[Note, ...]
    indents: tuple[int, ...] = ()

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
    visible = [_HARD_SPACE.sub(" ", INVISIBLE.sub("", line)) for line in lines]
    indents = tuple(len(line) - len(line.lstrip()) for line in visible)
    return Page(tuple(line.strip() for line in visible), notes, indents)


_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
#: Names and texts as JSON5 has them, and words for types in place of values.
_LENIENT_NAME = re.compile(r"(?P<quote>['\"]?)(?P<text>[A-Za-z_$][\w$.-]*)(?P=quote)\??")
_OPTIONS = re.compile(r'"[^"\\\n]*"(?: ?\| ?"[^"\\\n]*")+')
_LENIENT_TEXT = re.compile(r"'(?P<text>[^'\"\\\n]*)'")
_BARE_TYPE = re.compile(
    r"[A-Za-z][\w-]*(?:<[\w-]+>)?(?:\[\])*(?: ?\| ?[A-Za-z]\w*)*(?=\s*[,}\]/\n])"
)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"[Tt]rue|[Ff]alse|null|None")
#: Blanks, and comments, which people write into samples.
_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_COMMENT = re.compile(r"//(?P<words>[^\n]*)|/\*(?P<boxed>.*?)\*/", re.DOTALL)
#: How the note begins of a comment that is not read.
UNREAD = "a comment in the example is not read: "
_ELISION = re.compile(r"(?:\.\.\.|…)\s*,?\s*")


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a sample: its kind, what it says, the line it starts on, and what is inside."""

    kind: str
    value: Json
    line: int
    members: tuple[tuple[str, Sample], ...] = ()
    elements: tuple[Sample, ...] = ()
    last: int = 0

    def plain(self) -> Json:
        """Return the JSON value."""
        if self.kind == "object":
            return {name: member.plain() for name, member in self.members}
        if self.kind == "array":
            return [element.plain() for element in self.elements]
        return self.value


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sample with the position behind it, and whether it was whole."""

    sample: Sample
    end: int
    notes: tuple[Note, ...] = ()
    whole: bool = True


@dataclass(frozen=True)
class Text:
    """A page as one string, with the way back from a position to its line."""

    content: str
    starts: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, lines: tuple[str, ...]) -> Text:
        """Join lines."""
        starts, position = [], 0
        for line in lines:
            starts.append(position)
            position += len(line) + 1
        return cls("\n".join(lines), tuple(starts) or (0,))

    def line(self, position: int) -> int:
        """Return the number of the line that holds a position."""
        return bisect_right(self.starts, position)


class _CutError(Exception):
    """The sample ended, or stopped being JSON, at a position."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class _Reader:
    """A recursive reader that keeps what it has read when the text breaks off."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.broken: int | None = None
        self.named = False  # types stand in the place of values only where those have names
        self.comments: dict[int, str] = {}

    def skip(self, position: int) -> int:
        match = _SPACE.match(self.text.content, position)
        end = match.end() if match else position
        for comment in _COMMENT.finditer(self.text.content, position, end):
            words = " ".join((comment["words"] or comment["boxed"] or "").split())
            self.comments[self.text.line(comment.start())] = f"{UNREAD}{words}"
        return end

    def value(self, position: int) -> tuple[Sample, int]:
        position = self.skip(position)
        start = self.text.content[position : position + 1]
        line = self.text.line(position)
        if start in {"{", "["}:
            return self.holder(position, line)
        if self.named and (options := _OPTIONS.match(self.text.content, position)):
            text = options[0].replace('"', "").replace("|", " | ")
            return Sample("string", f"<{' '.join(text.split())}>", line, last=line), options.end()
        for kind, pattern in (("string", _STRING), ("number", _NUMBER), ("word", _WORD)):
            match = pattern.match(self.text.content, position)
            if match:
                return _scalar(kind, match[0], line), match.end()
        if quoted := _LENIENT_TEXT.match(self.text.content, position):
            return Sample("string", quoted["text"], line, last=line), quoted.end()
        bare = _BARE_TYPE.match(self.text.content, position) if self.named else None
        if bare and read_kind(bare[0]):
            return Sample("string", f"<{bare[0]}>", line, last=line), bare.end()
        raise _CutError(position)

    def holder(self, position: int, line: int) -> tuple[Sample, int]:
        """Read an object or an array, whose elements have no names."""
        kind = "object" if self.text.content[position] == "{" else "array"
        closing = "}" if kind == "object" else "]"
        parts: list[tuple[str, Sample]] = []
        position = self.elided(position + 1)
        try:
            while self.text.content[position : position + 1] != closing:
                name, position = self.name(position) if kind == "object" else ("", position)
                value, position = self.value(position)
                parts.append((name, value))
                if self.broken is not None:
                    break
                position = self.separated(position, closing)
        except _CutError as cut:
            self.broken = position = cut.position
        end = position if self.broken is not None else position + 1
        last = self.text.line(end - 1)
        if kind == "object":
            return Sample(kind, None, line, members=tuple(parts), last=last), end
        return Sample(kind, None, line, elements=tuple(part for _, part in parts), last=last), end

    def name(self, position: int) -> tuple[str, int]:
        content = self.text.content
        match = _STRING.match(content, position)
        plain = None if match else _LENIENT_NAME.match(content, position)
        found = match or plain
        if not found:
            raise _CutError(position)
        colon = self.skip(found.end())
        if content[colon : colon + 1] != ":":
            raise _CutError(colon)
        self.named = True
        name = plain["text"] if plain else str(json.loads(found[0], strict=False))
        return name, colon + 1

    def separated(self, position: int, closing: str) -> int:
        position = self.skip(position)
        match = self.text.content[position : position + 1]
        if match == ",":
            return self.elided(position + 1)
        if match == closing:
            return position
        raise _CutError(position)

    def elided(self, position: int) -> int:
        """Step over an ellipsis that stands for more of the same."""
        position = self.skip(position)
        match = _ELISION.match(self.text.content, position)
        return match.end() if match else position


def _scalar(kind: str, text: str, line: int) -> Sample:
    if kind == "word":
        value = {"true": True, "false": False}.get(text.lower())
        return Sample("null" if value is None else "boolean", value, line, last=line)
    return Sample(kind, json.loads(text, strict=False), line, last=line)


def read_sample(text: Text, position: int) -> Parsed | None:
    """Read the object or array at a position; what is cut off is noted, no JSON gives None."""
    reader = _Reader(text)
    try:
        sample, end = reader.value(position)
    except (_CutError, RecursionError, ValueError):
        return None
    comments = tuple(Note(line, said) for line, said in reader.comments.items())
    if reader.broken is None:
        return Parsed(sample, end, comments)
    line = text.line(min(reader.broken, max(len(text.content) - 1, 0)))
    note = Note(
        line,
        f"the example is cut off here: {text.content[reader.broken :].split(chr(10))[0]}".strip(),
    )
    return Parsed(sample, reader.broken, (*comments, note), whole=False)


def sample_on(printed: str, line: int) -> Sample | None:
    """Return the JSON value that is printed on a line, or None where it is none."""
    parsed = read_sample(Text.of((*([""] * (line - 1)), printed)), line - 1)
    return (
        parsed.sample if parsed and parsed.whole and parsed.end == line - 1 + len(printed) else None
    )


def inner(sample: Sample) -> Sample | None:
    """Return the object whose members a sample shows: itself, or what its first element shows."""
    if sample.kind == "object":
        return sample
    return inner(sample.elements[0]) if sample.kind == "array" and sample.elements else None


def element(sample: Sample) -> Sample:
    """Return the innermost first element of an array; a scalar gives itself."""
    if sample.kind == "array" and sample.elements:
        return element(sample.elements[0])
    return sample


def depth(sample: Sample) -> int:
    """Return the number of arrays around the members of a sample."""
    if sample.kind == "array" and sample.elements:
        return 1 + depth(sample.elements[0])
    return 0
