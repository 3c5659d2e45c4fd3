"""The two orders of a page: members of its samples, depth first, and the lines behind them."""

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contracts.derive.example.squashed import Labelled, Shown, Squashed, split
from contracts.derive.language.constraints import OPTION_LABELS, read_label
from contracts.derive.model import Note, Notes
from contracts.derive.operation import media_type
from contracts.derive.page.sample import END, MARKER, Line, Sample, Text, depth, inner, read_sample

MemberPath = tuple[str, ...]
_HEADING = re.compile(
    r"(?:Authorizations|Headers|Path Parameters|Query Parameters|Cookies|Body|Response)"
)
_STATUS = re.compile(r"[1-5]\d\d(?P<media> - .*)?")
_JSON_LINE = re.compile(r'\s*(?:"[^"]*"\s*:.*|[{}\[\],\s]+|"<[^>]*>",?)')
_OF_TYPE = re.compile(r"The (?:body|response) is of type .*")


@dataclass(frozen=True, slots=True)
class Slot:
    """A member: its path in its body (items of an array are `*`), and the value that it shows."""

    path: MemberPath
    name: str
    sample: Sample
    opens: bool


class Step(enum.Enum):
    """What can happen next on the way through the page."""

    START = "start"
    MEMBER = "member"
    MARK = "mark"
    MAYBE = "maybe"
    KEY = "key"
    CLOSE = "close"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Event:
    """A step, with the member that it concerns."""

    step: Step
    slot: Slot | None = None


def events(request: Sample | None, response: Sample | None) -> tuple[Event, ...]:
    """Lay out the way through the page: what stands before the members, the request, the answer."""
    out = [Event(Step.START)]
    if request:
        out += _inside(request, ("request",))
    out.append(Event(Step.GAP))
    if response:
        out += _inside(response, ("response",))
    return tuple(out)


def _inside(sample: Sample, path: MemberPath) -> Iterator[Event]:
    shown = inner(sample)
    path += ("*",) * depth(sample)
    for name, member in dict(shown.members).items() if shown else ():
        yield from _member(name, member, (*path, name))


def _member(name: str, sample: Sample, path: MemberPath) -> Iterator[Event]:
    shown = inner(sample)
    opens = bool(shown and shown.members)
    slot = Slot(path, name, sample, opens)
    yield Event(Step.MEMBER, slot)
    if opens:
        yield Event(Step.MARK, slot)
        yield from _inside(sample, path)
        yield Event(Step.CLOSE, slot)
    elif shown:
        # An object without members may still open on members of any name, which a sample does not
        # show.
        yield Event(Step.MAYBE, slot)
        yield Event(Step.KEY, slot)


class TokenKind(enum.Enum):
    """What a token is."""

    TEXT = "text"
    MARKER = "marker"
    FACT = "fact"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class Token:
    """A description line, a marker, one constraint, or the heading of the answer."""

    kind: TokenKind
    line: int
    text: str = ""
    fact: Squashed | None = None


def read_stream(
    lines: Sequence[Line], known: frozenset[str], *, broken: bool
) -> tuple[tuple[Token, ...], tuple[Note, ...]]:
    """Read the lines of a page into tokens; `broken` where a sample before them was cut off."""
    out: list[Token] = []
    notes = Notes()
    queue = list(lines)
    while queue:
        line = queue.pop(0)
        if END.match(line.text):
            break
        cut_off = broken and _JSON_LINE.fullmatch(line.text)
        if not line.text or cut_off or _noise(line.text, queue):
            continue
        if _HEADING.fullmatch(line.text):
            out += [Token(TokenKind.RESPONSE, line.number)] if line.text == "Response" else []
            continue
        if label := read_label(line.text):
            out += _labelled(*label, line, queue)
            continue
        facts, rest = split(line.text, known)
        out += [Token(TokenKind.FACT, line.number, line.text, fact) for fact in facts]
        if rest[:1] in {"{", "["}:
            shown, rest = _structured(Line(line.number, rest), queue, notes)
            out += shown
            if rest:
                queue.insert(0, Line(out[-1].line if shown else line.number, rest))
            continue
        if rest:
            kind = TokenKind.MARKER if MARKER.fullmatch(rest) else TokenKind.TEXT
            out.append(Token(kind, line.number, rest))
    return tuple(out), tuple(notes)


def _noise(text: str, queue: Sequence[Line]) -> bool:
    """Whether a line is the head of a body; a number alone is one only in front of a media type."""
    status = _STATUS.fullmatch(text)
    if status and not status["media"]:
        following = next((line.text for line in queue if line.text), "")
        return media_type(following) is not None
    return bool(media_type(text) or status or _OF_TYPE.fullmatch(text))


def _labelled(name: str, rest: str, line: Line, queue: list[Line]) -> list[Token]:
    """Read a label with its value, on the same line or on the next."""
    last = line
    while not rest and queue:
        last = queue.pop(0)
        rest = last.text
    if name in OPTION_LABELS:
        while queue and (rest.endswith(",") or queue[0].text.startswith(",")):
            last = queue.pop(0)
            rest = f"{rest} {last.text}"
        return [Token(TokenKind.FACT, last.number, rest, Labelled(name, rest))]
    found = re.match(r"[\d.]+(?: - [\d.]+)?(?: elements?)?" if "length" in name else r".*", rest)
    value = found[0] if found else rest
    if rest[len(value) :]:
        queue.insert(0, Line(last.number, rest[len(value) :]))
    return [Token(TokenKind.FACT, last.number, value, Labelled(name, value))]


def _structured(line: Line, queue: list[Line], notes: Notes) -> tuple[list[Token], str]:
    """Read an example that is an object or an array, and what is squashed behind its end."""
    lines = [line, *queue]
    text = Text.of(tuple(item.text for item in lines))
    parsed = read_sample(text, 0)
    if parsed is None or not (parsed.whole or parsed.sample.members):
        return [], ""
    end = text.line(max(parsed.end - 1, 0)) - 1
    del queue[:end]
    notes += [Note(lines[note.line - 1].number, note.text) for note in parsed.notes]
    rest = text.content[parsed.end :].split("\n")[0].strip()
    return [Token(TokenKind.FACT, lines[end].number, "", Shown(parsed.sample.plain()))], rest
