"""Members as the listed rendering prints them.

Name, type line, flags, description, constraints, marker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contracts.derive.keywords import OPTION_LABELS
from contracts.derive.language.constraints import NUMBER, Label, read_label
from contracts.derive.language.types import TypeLine, read_type
from contracts.derive.model import Note
from contracts.derive.page.lines import MARKER, Line, TextLine
from contracts.derive.page.sample import Text, read_sample

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = re.compile(r"(?:[\w$@{*-][\w.$@*+:/{}\[\]-]*)(?: [\w.$@*+:/{}\[\]-]+){0,3}")
_FLAG = re.compile(
    r"(?P<section>(?:header|path|query|cookie|body)(?=$|required|deprecated|default:))?"
    r"(?P<word>required|deprecated|read-only|write-only|readOnly|writeOnly|nullable|optional)?"
)
_MEDIA = re.compile(r"(?:application|multipart|text)/")
_DEFAULT = re.compile(r"default:\s*(?P<value>.*)")
_ENDS = ("required", "deprecated")
_SIZE_START = re.compile(rf"{NUMBER}(?:\s*[-\u2013]\s*{NUMBER})?(?:\s*(?:elements?|items?))?")
_RANGE_START = re.compile(rf"(?:{NUMBER}\s*(?:<=?|≤)\s*)?x(?:\s*(?:<=?|>=?|≤|≥|=)\s*{NUMBER})?")
_OPTION = re.compile(r"[`\"']?(.*?)[`\"']?")


@dataclass(frozen=True, slots=True)
class Constraint:
    """A label with its value and the lines of both.

    `options` are those, or the texts of several examples.
    """

    label: str
    value: str
    first: int
    last: int
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One member: what stands between its name and the next one."""

    name: str
    line: int
    kind: TypeLine
    type_line: int
    flags: tuple[tuple[str, int], ...] = ()
    default: tuple[str, int] | None = None
    texts: tuple[TextLine, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    marker: tuple[str, int] | None = None

    def flag(self, word: str) -> int | None:
        """Return the line of a flag."""
        return next((line for flag, line in self.flags if flag == word), None)


@dataclass(frozen=True, slots=True)
class Listing:
    """The members of a section, the lines before the first of them, and what was not understood."""

    head: tuple[Line, ...]
    entries: tuple[Entry, ...]
    notes: tuple[Note, ...] = ()


def starts_member(lines: Sequence[Line], at: int) -> bool:
    """Whether a name with its type line stands at an index."""
    if at + 1 >= len(lines) or not _NAME.fullmatch(lines[at].text):
        return False
    if (
        read_label(lines[at].text)
        or MARKER.fullmatch(lines[at].text)
        or _MEDIA.match(lines[at].text)
    ):
        return False
    if read_type(lines[at + 1].text) is None:
        return False
    # A flag in front of a member that is called like a type ("required", "object", "string") is no
    # name.
    flag = _FLAG.fullmatch(lines[at].text)
    return not (flag and at + 2 < len(lines) and read_type(lines[at + 2].text) is not None)


def read_entries(lines: Sequence[Line]) -> Listing:
    """Read the lines of a section."""
    reader = _Reader(list(lines))
    head = []
    while reader.at < len(reader.lines) and not starts_member(reader.lines, reader.at):
        head.append(reader.take())
    entries = []
    while reader.at < len(reader.lines):
        entries.append(reader.entry())
    return Listing(tuple(head), tuple(entries), tuple(reader.notes))


class _Reader:
    """A cursor over the lines of a section."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.at = 0
        # Where flags stand on lines of their own, a name that begins like one is a name.
        self.apart = any(line.text in _ENDS for line in lines)
        self.notes: list[Note] = []

    def take(self) -> Line:
        self.at += 1
        return self.lines[self.at - 1]

    def push(self, number: int, text: str) -> None:
        """Put the rest of a squashed line back as a line of its own."""
        if text.strip():
            self.lines.insert(self.at, Line(number, text.strip()))

    def after_blanks(self) -> int:
        """Return the index of the next line that is not blank."""
        filled = (at for at in range(self.at, len(self.lines)) if self.lines[at].text)
        return next(filled, len(self.lines))

    def blanks(self) -> None:
        while self.at < len(self.lines) and not self.lines[self.at].text:
            self.at += 1

    def entry(self) -> Entry:
        name, kind = self.take(), self.take()
        entry = Entry(name.text, name.number, _type(kind.text), kind.number)
        entry = self.flags(entry)
        while self.at < len(self.lines) and not starts_member(self.lines, self.at):
            entry = self.item(entry)
        return entry

    def flags(self, entry: Entry) -> Entry:
        while self.at < len(self.lines) and self.lines[self.at].text:
            line = self.lines[self.at]
            glued = not self.apart and line.text.startswith("required")
            if starts_member(self.lines, self.at) and not glued:
                break
            read = _read_flags(line.text)
            if read is None:
                break
            words, default, rest = read
            self.at += 1
            entry = replace(entry, flags=(*entry.flags, *((word, line.number) for word in words)))
            if default is not None:
                entry = replace(entry, default=(default, line.number))
            if rest:
                self.push(line.number, rest)
        return entry

    def item(self, entry: Entry) -> Entry:
        line = self.take()
        if not line.text:
            return entry
        marker = MARKER.fullmatch(line.text)
        if marker:
            return replace(entry, marker=(marker["verb"].lower(), line.number))
        label = read_label(line.text)
        if label is None:
            return replace(entry, texts=(*entry.texts, TextLine(line.number, line.text)))
        constraint = self.constraint(label, line.number)
        return replace(entry, constraints=(*entry.constraints, constraint)) if constraint else entry

    def constraint(self, label: Label, first: int) -> Constraint | None:
        if label.rest:
            self.push(first, label.rest)
        self.blanks()
        if self.at >= len(self.lines):
            self.notes.append(Note(first, f"nothing stands behind: {label.name}"))
            return None
        if label.name in OPTION_LABELS:
            return self.options(label.name, first)
        if label.name.startswith("Example"):
            return self.example(label.name, first)
        line = self.take()
        if label.name in {"Pattern", "Default", "Format", "Multiple of"}:
            return Constraint(label.name, line.text, first, line.number)
        found = (_RANGE_START if label.name == "Required range" else _SIZE_START).match(line.text)
        if not found:
            self.notes.append(
                Note(line.number, f"not understood behind {label.name!r}: {line.text}")
            )
            return None
        self.push(line.number, line.text[found.end() :])
        return Constraint(label.name, found[0], first, line.number)

    def options(self, label: str, first: int) -> Constraint:
        line = self.take()
        text = line.text
        while self.at < len(self.lines):
            following = self.lines[self.at].text
            if not (text.rstrip().endswith(",") or following.startswith(",")):
                break
            line = self.take()
            text += f" {line.text}"
        parts = [part.strip() for part in text.split(",")]
        options = tuple(_unquoted(part) for part in parts if part)
        return Constraint(label, text, first, line.number, options)

    def example(self, label: str, first: int) -> Constraint:
        line = self.take()
        last, shown = line.number, [line.text]
        if line.text[:1] in {"{", "["}:
            last, whole = self.json(line)
            shown = [whole] if whole else []
        elif label == "Examples":
            while (following := self.after_blanks()) < len(self.lines) and _plain_json(
                self.lines[following].text
            ):
                self.at = following
                shown.append(self.lines[self.at].text)
                last = self.take().number
        return Constraint(label, line.text, first, last, tuple(shown))

    def json(self, line: Line) -> tuple[int, str]:
        """Step over an example of several lines.

        Give its last line and its text, empty when it is cut off.

        What is squashed behind its end is put back.
        """
        rest = [line, *self.lines[self.at :]]
        text = Text.of(tuple(item.text for item in rest))
        parsed = read_sample(text, 0)
        if parsed is None:
            return line.number, ""
        self.notes.extend(Note(rest[note.line - 1].number, note.text) for note in parsed.notes)
        end = text.line(max(parsed.end - 1, 0)) - 1
        if not parsed.whole:
            # What was cut off ends where the page goes on: at the next member.
            end = next((at - 1 for at in range(1, len(rest)) if starts_member(rest, at)), end)
            self.at += end
            return rest[end].number, ""
        self.at += end
        self.push(rest[end].number, text.content[parsed.end :].split("\n")[0])
        return rest[end].number, text.content[: parsed.end]


def _type(text: str) -> TypeLine:
    kind = read_type(text)
    if kind is None:  # pragma: no cover - a member starts only where a type line follows
        message = f"no type line: {text}"
        raise ValueError(message)
    return kind


def _read_flags(text: str) -> tuple[tuple[str, ...], str | None, str] | None:
    """Read the flags that a line starts with.

    The words, the value of a default, and what is left.
    """
    words: list[str] = []
    rest = text
    while rest:
        default = _DEFAULT.match(rest)
        if default:
            return tuple(words), default["value"], ""
        found = _FLAG.match(rest)
        if not found or not found[0] or rest[found.end() : found.end() + 1] == " ":
            break
        if found["section"]:
            words.append(found["section"])
        if found["word"]:
            words.append(found["word"])
        rest = rest[found.end() :]
    return (tuple(words), None, rest) if words else None


def split_default(
    value: str, options: tuple[str, ...], kind: TypeLine
) -> tuple[str, tuple[str, ...]]:
    """Part a default from the flags that may be squashed behind it.

    `EURrequired` is EUR and required; but an option that really ends so keeps its end.
    """
    text, flags = value.strip(), []
    while _unquoted(text) not in options:
        end = next((word for word in _ENDS if text.endswith(word)), None)
        if end is None or (
            kind.base == "string" and not options and re.search(r"[ _-]$", text.removesuffix(end))
        ):
            break
        text = text.removesuffix(end).rstrip()
        flags.append(end)
    return text, tuple(flags)


def _unquoted(text: str) -> str:
    found = _OPTION.fullmatch(text.strip())
    return found[1] if found else text


def _plain_json(text: str) -> bool:
    return bool(re.fullmatch(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null', text))
