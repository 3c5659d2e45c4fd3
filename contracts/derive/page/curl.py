"""The curl command of a page and the samples of both bodies behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contracts.derive.page.sample import Parsed, Sample, Text, read_sample

if TYPE_CHECKING:
    from contracts.derive.model import Note

_CURL = re.compile(r"curl\s+(?:--location\s+)?(?:--request|-X)\s+(?P<method>[A-Z]+)")
_URL = re.compile(r"--url\s+(?P<quote>['\"]?)(?P<url>[^\s'\"\\]+)(?P=quote)")
_HEADER = re.compile(r"(?:--header|-H)\s+(?:'(?P<one>[^'\n]*)'|\"(?P<two>[^\"\n]*)\")")
_DATA = re.compile(r"(?:--data(?:-raw|-binary)?|-d)\s+(?P<quote>['\"])?\s*")
_FORM = re.compile(r"--form\s+'?(?P<name>[^='\s]+)=(?P<value>[^'\n]*)'?")
_NEXT = re.compile(r"\s*\\?\s*")
# A body of an answer starts a line, or stands squashed behind the end of the code before it; what stands
# behind an assignment or inside a call is code of another language.
_STATUSES = re.compile(r"(?:\s|\b[1-5]\d\d\b)*")
_BODY = re.compile(r"(?:(?<=\n)|(?<=['\");>}]))[{\[](?=\s*[\"{}\[\]\n])")


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the command, with its line."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Command:
    """One curl command and the samples that belong to it."""

    method: str
    method_line: int
    url: str | None
    url_line: int
    headers: tuple[Header, ...]
    request: Sample | None
    response: Sample | None
    start: int
    end: int
    head_end: int
    notes: tuple[Note, ...] = ()


def commands(text: Text) -> tuple[Command, ...]:
    """Find every curl command on a page, in order."""
    starts = list(_CURL.finditer(text.content))
    out = []
    for index, found in enumerate(starts):
        limit = starts[index + 1].start() if index + 1 < len(starts) else len(text.content)
        out.append(_command(text, found, limit))
    return tuple(out)


def _command(text: Text, found: re.Match[str], limit: int) -> Command:
    position = found.end()
    url, url_line = None, text.line(found.start())
    headers: list[Header] = []
    request: Parsed | None = None
    notes: tuple[Note, ...] = ()
    while True:
        position = _end(_NEXT.match(text.content, position, limit), position)
        link = _URL.match(text.content, position, limit)
        header = _HEADER.match(text.content, position, limit)
        data = _DATA.match(text.content, position, limit)
        form = _FORM.match(text.content, position, limit)
        if link:
            url, url_line, position = link["url"], text.line(position), link.end()
        elif header:
            name, _, value = (header["one"] or header["two"] or "").partition(":")
            headers.append(Header(name.strip(), value.strip(), text.line(position)))
            position = header.end()
        elif data:
            request = read_sample(text, data.end())
            position = _quoted_end(text, request.end if request else data.end(), data["quote"])
            notes = request.notes if request else ()
        elif form:
            position = form.end()
        else:
            break
    head_end = _trimmed(text, position)
    answer = None if request and not request.whole else _answer(text, position, limit)
    if answer:
        notes += answer.notes
    return Command(
        method=found["method"], method_line=text.line(found.start()), url=url, url_line=url_line,
        headers=tuple(headers), request=request.sample if request else None,
        response=answer.sample if answer else None, start=found.start(),
        end=answer.end if answer else head_end, head_end=head_end, notes=notes,
    )  # fmt: skip


def _end(found: re.Match[str] | None, position: int) -> int:
    return found.end() if found else position


def _trimmed(text: Text, position: int) -> int:
    while position and text.content[position - 1] in " \n\\":
        position -= 1
    return position


def _quoted_end(text: Text, position: int, quote: str | None) -> int:
    found = re.compile(rf"\s*{quote or ''}").match(text.content, position)
    return found.end() if found else position


def _answer(text: Text, position: int, limit: int) -> Parsed | None:
    """Find the sample of the answer: right behind the command, or behind code of other languages."""
    here = _end(re.compile(r"\s*").match(text.content, position, limit), position)
    if text.content[here : here + 1] in {"{", "["}:
        return _with_others(text, read_sample(text, here), limit)
    answer: Parsed | None = (
        None  # the first of the last bodies that follow each other, one for each status
    )
    place = position
    while found := _BODY.search(text.content, place, limit):
        parsed = read_sample(text, found.start())
        if parsed and parsed.whole and (parsed.sample.members or parsed.sample.elements):
            follows = answer is not None and _STATUSES.fullmatch(text.content, place, found.start())
            answer = answer if follows else parsed
            place = parsed.end
        else:
            place = found.end()
    return replace(answer, end=place) if answer else None


def _with_others(text: Text, answer: Parsed | None, limit: int) -> Parsed | None:
    """Step over the bodies of other statuses that follow a body."""
    while answer and answer.whole:
        found = _STATUSES.match(text.content, answer.end, limit)
        start = found.end() if found else answer.end
        other = read_sample(text, start) if text.content[start : start + 1] == "{" else None
        if not (other and other.whole and other.sample.members):
            break
        answer = replace(answer, end=other.end)
    return answer
