"""The samples of answers behind a request: which are of a success, and which of a refusal."""

import re
from dataclasses import dataclass, replace

from contracts.derive.language.words import WORDS
from contracts.derive.operation import MEDIA
from contracts.derive.page.commands import Answer, Command
from contracts.derive.page.sample import Parsed, Sample, Text, inner, read_sample

# A body of an answer starts a line, or stands squashed behind the end of the code before it; what
# stands behind an assignment or inside a call is code of another language.
_BODY = re.compile(r"(?:(?<=\n)|(?<=['\");>}]))[{\[](?=\s*[\"{}\[\]\n])")
_STATUS = re.compile(r"(?<![\w.])[1-5]\d\d(?![\w.])")
_MEDIA = re.compile(rf"\b{MEDIA}")
#: Words in front of a sample that say that it shows a refusal.
REFUSES = re.compile(
    r"\b(?:errors?|fail\w*|did(?: not|n't)|does not|not work\w*|invalid|bad request|unauthori[sz]ed"
    r"|forbidden|not found|conflict|unprocessable|refus\w+|reject\w*|declin\w+|denied|wrong|problem"
    r"|not valid|too many)\b",
    re.IGNORECASE,
)
_SUCCEEDS = re.compile(
    r"\b(?:success\w*|ok|created|accepted|worked|answer|response|returns?|result|example|sample)\b",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(r"HTTP/[\d.]+ \d{3}.*|[A-Z][\w-]*: \S.*")
_CODE = re.compile(r"[;={}()\[\]]|^(?:import|from|const|var|let|curl|http)\b")
_ERROR_KEYS = frozenset(WORDS["errors"])
_BESIDE_ERRORS = _ERROR_KEYS | frozenset(WORDS["beside-errors"])
_STATUS_KEYS = frozenset({"status", "statusCode", "status_code", "code"})
_WORDS_OF_ERRORS = frozenset({"title", "detail", "message", "error"})


@dataclass(frozen=True, slots=True)
class _Body:
    """A sample with the words in front of it."""

    parsed: Parsed
    start: int
    label: str


def with_answers(text: Text, command: Command, limit: int) -> Command:
    """Return the command with the answers that follow it up to a position."""
    bodies = _bodies(text, command.end, limit)
    if not bodies:
        return command
    answers = tuple(_answer(text, body) for body in bodies)
    notes = tuple(note for body in bodies for note in body.parsed.notes)
    return replace(
        command, answers=answers, end=bodies[-1].parsed.end, notes=(*command.notes, *notes)
    )


def _bodies(text: Text, start: int, limit: int) -> list[_Body]:
    """Return the samples right behind the command, or else the first that follow each other."""
    content = text.content
    adjacent = limit - len(content[start:limit].lstrip())
    run: list[_Body] = []
    if content[adjacent : adjacent + 1] in {"{", "["}:
        parsed = read_sample(text, adjacent)
        run = [_Body(parsed, adjacent, "")] if parsed else []
        if not run or not run[0].parsed.whole:
            return run
    place = run[-1].parsed.end if run else start
    while match := _BODY.search(content, place, limit):
        found = match.start()
        parsed = read_sample(text, found)
        if not (parsed and parsed.whole and (parsed.sample.members or parsed.sample.elements)):
            if run:
                break
            place = found + 1
            continue
        behind = run[-1].parsed.end if run else start
        label = content[behind:found]
        if run and not _joins(label):
            break
        run.append(_Body(parsed, found, label))
        place = parsed.end
    return run


def _joins(label: str) -> bool:
    """Whether what stands between two samples tells them apart: a status, a heading, headers."""
    lines = [line for line in label.split("\n") if line.strip()]
    telling = [line for line in lines if not _HEADER_LINE.fullmatch(line)]
    if not _STATUS.sub("", label).strip():
        return True
    if len(lines) > 8 or len(telling) > 3 or any(len(line) > 80 for line in lines):
        return False
    names_answer = any(words.search(label) for words in (_STATUS, REFUSES, _SUCCEEDS))
    return names_answer and not any(map(_CODE.search, telling))


def _answer(text: Text, body: _Body) -> Answer:
    """Return a sample as an answer, told by its heading or else by what it shows."""
    heading = "\n".join([line for line in body.label.split("\n") if line.strip()][-8:])
    statuses = {int(status) for status in _STATUS.findall(heading)}
    status = statuses.pop() if len(statuses) == 1 else None
    media = _MEDIA.search(heading)
    said = REFUSES.search(heading) is not None and not _CODE.search(heading)
    refuses = status >= 400 if status is not None else said or is_error(body.parsed.sample)
    first = text.line(body.start)
    last = text.line(max(body.parsed.end - 1, body.start))
    return Answer(body.parsed.sample, status, media[0] if media else None, first, last, refuses)


def is_error(sample: Sample) -> bool:
    """Whether a sample shows an error and nothing else."""
    body = inner(sample)
    names = {name for name, _ in body.members} if body else set()
    if bool(names & _ERROR_KEYS) and names <= _BESIDE_ERRORS:
        return True
    failed = (member.value for name, member in body.members if name in _STATUS_KEYS) if body else ()
    refused = any(isinstance(value, int) and 400 <= value < 600 for value in failed)
    return bool(names & _WORDS_OF_ERRORS) and (
        refused or {"title", "status"} <= names <= _BESIDE_ERRORS
    )
