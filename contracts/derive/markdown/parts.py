"""What the sections of a page say of one operation.

Its parameters, its body, its answers, its samples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from contracts.derive.language import openings
from contracts.derive.language.phrases import cues, permission
from contracts.derive.markdown.answers import Answer
from contracts.derive.markdown.blocks import Block, Code, Table, Tag, TextBlock, plain
from contracts.derive.markdown.columns import is_member_table, roles
from contracts.derive.markdown.entries import Entry, starts_entry
from contracts.derive.markdown.heads import Mention
from contracts.derive.markdown.kinds import Kind
from contracts.derive.markdown.listing import read_listing
from contracts.derive.markdown.samples import is_error, last_line, samples
from contracts.derive.markdown.sections import Section, members_of
from contracts.derive.model import Note
from contracts.derive.page.commands import Command
from contracts.derive.page.sample import Sample

_FAILS = re.compile(
    r"\b(?:errors?|fails?|failed|failure|invalid|unauthori[sz]ed|forbidden|not found|did not"
    r"|does not|bad request|refused|rejected|[45]\d\d)\b",
    re.IGNORECASE,
)
_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE"})
_CARRIED = ("path", "query", "header", "cookie")


@dataclass(slots=True)
class Parts:
    """What the sections say, part by part."""

    parameters: list[tuple[str, Entry]] = field(default_factory=list)
    request: list[Entry] = field(default_factory=list)
    request_line: int = 0
    request_media: tuple[str, int] | None = None
    request_sample: Sample | None = None
    request_root: Kind | None = None
    authorization_line: int = 0
    authorization: list[Entry] = field(default_factory=list)
    authorization_texts: list[TextBlock] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    refusals: list[Answer] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    ambiguous: list[Entry] = field(default_factory=list)

    @property
    def success(self) -> Answer | None:
        """The answer to a request that succeeds.

        The first that is described, or else the first that is named.
        """
        good = [
            answer for answer in self.answers if answer.status is None or 200 <= answer.status < 300
        ]
        described = [answer for answer in good if answer.entries or answer.sample]
        return next(iter(described or good), None)


def read_parts(sections: Sequence[Section], found: Sequence[Mention]) -> Parts:
    """Return what the sections say of the operation that these mentions name."""
    parts = Parts()
    for section in sections:
        _read_section(parts, section)
    _resolve(parts, found)
    for mention in found:
        if mention.command:
            _file_command(parts, mention.command)
    return parts


def _file_command(parts: Parts, command: Command) -> None:
    """Keep the samples of a request and of the answers behind it, where none is known."""
    parts.request_sample = parts.request_sample or command.request
    success = parts.success
    for answer in command.answers:
        shown = Answer(
            answer.status,
            answer.first,
            answer.media_type,
            answer.first,
            (),
            answer.sample,
            answer.last,
        )
        if answer.refuses:
            parts.refusals.append(shown)
        elif success is None:
            success = shown
            parts.answers.append(shown)
        elif success.sample is None:
            at = parts.answers.index(success)
            success = parts.answers[at] = replace(success, sample=answer.sample)


def _read_section(parts: Parts, section: Section) -> None:
    if section.place == "skipped":
        return
    answers = section.place in {"response", "error"} or section.refuses
    blocks = _listing_blocks(section)
    if answers:
        blocks = _without_statuses(parts, blocks)
        known = Answer(section.status, section.line, section.media, section.media_line)
        _open_answer(parts, section, known)
    if section.place == "auth":
        parts.authorization_line = parts.authorization_line or section.line
        texts = (block for block in section.blocks if isinstance(block, TextBlock))
        parts.authorization_texts += texts
    listing = read_listing(blocks)
    parts.notes += listing.notes
    parts.notes += _unread(section)
    _file_root(parts, section, listing.root, answers=answers)
    for entry in listing.entries:
        _file(parts, section, entry)
    for sample, before in samples(section):
        _file_sample(parts, section, sample, before)


def _unread(section: Section) -> Iterator[Note]:
    """Yield a note for each sentence before the members of a section that states nothing known."""
    answers = section.place in {"response", "error"}
    if section.place not in {"top", "request"} and not answers:
        return
    for at, block in enumerate(section.blocks):
        if not isinstance(block, TextBlock) or starts_entry(section.blocks, at):
            return
        text = block.plain
        sentence = text.endswith((".", "!"))
        explained = permission(text) or (
            section.place != "top"
            and not cues(text)
            and openings.before(text, frozenset(), answer=True)[1]
        )
        if (cues(text) or sentence) and not explained and text.count(" ") > 1:
            yield Note(block.line, f"no fact is read from: {text}")


def _listing_blocks(section: Section) -> list[Block]:
    """Return the blocks of a section that may list members."""
    if section.place.startswith("sample"):
        return []
    blocks: list[Block] = [block for block in members_of(section) if not isinstance(block, Code)]
    if section.place != "top":
        return blocks
    # Only what is surely a listing counts before the first title.
    return [
        block
        for block in blocks
        if isinstance(block, Table | Tag)
        or (isinstance(block, TextBlock) and _of_tag(section, block))
    ]


def _file_root(parts: Parts, section: Section, root: Kind | None, *, answers: bool) -> None:
    """Keep the type of the whole body and the media type that a section states."""
    if section.place == "request":
        parts.request_root = parts.request_root or root
        parts.request_line = parts.request_line or section.line
        if section.media and parts.request_media is None:
            parts.request_media = (section.media, section.media_line or section.line)
    elif root and answers:
        some, at = _current(parts, section)
        some[at] = replace(some[at], root=some[at].root or root)


def _of_tag(section: Section, block: TextBlock) -> bool:
    """Whether a line stands behind a component, whose description it may be."""
    return any(isinstance(other, Tag) and other.line <= block.line for other in section.blocks)


def _without_statuses(parts: Parts, blocks: Sequence[Block]) -> list[Block]:
    """Take the tables of statuses out of the blocks, and keep each status as an answer."""
    left: list[Block] = []
    for block in blocks:
        listed = (
            _LISTED_STATUS.match(block.plain)
            if isinstance(block, TextBlock) and block.item
            else None
        )
        if listed:
            _add_answer(parts, Answer(int(listed[1]), block.line))
            continue
        columns = roles(block.header) if isinstance(block, Table) else {}
        if (
            not isinstance(block, Table)
            or "status" not in columns
            or (is_member_table(block) and "type" in columns)
        ):
            left.append(block)
            continue
        for row in block.rows:
            found = re.match(r"\D{0,10}([1-5]\d\d)\b", plain(row.cells[columns["status"]]))
            if found:
                _add_answer(parts, Answer(int(found[1]), row.line))
    return left


_LISTED_STATUS = re.compile(r"([1-5]\d\d)(?=\s*(?:[:(\u2013\u2014-]|$|[A-Z]))")


def _add_answer(parts: Parts, answer: Answer) -> None:
    some = parts.refusals if answer.fails else parts.answers
    if all(other.status != answer.status for other in some):
        some.append(answer)


def _open_answer(parts: Parts, section: Section, answer: Answer) -> None:
    """Keep an answer that a title announces, or say more of the one that is known by its status."""
    some = parts.refusals if section.refuses else parts.answers
    for at, known in enumerate(some):
        same = known.status == answer.status or (
            not section.refuses and known.status is None and not known.entries and not known.sample
        )
        if same:
            media, line = (
                (known.media, known.media_line)
                if known.media
                else (answer.media, answer.media_line)
            )
            where = answer.line if known.status is None else known.line
            heading = known.heading or known.line
            some[at] = replace(
                known,
                status=answer.status if known.status is None else known.status,
                media=media,
                media_line=line,
                line=where,
                heading=heading,
            )
            return
    if not (section.refuses and section.status is None):
        some.append(answer)


def _current(parts: Parts, section: Section) -> tuple[list[Answer], int]:
    """Return the list that holds the answer that a section speaks of, and its place in it."""
    some = parts.refusals if section.refuses else parts.answers
    for at, answer in enumerate(some):
        if answer.status == section.status:
            return some, at
    if section.status is None and some and not section.refuses:
        return some, len(some) - 1
    some.append(Answer(section.status, section.line, section.media, section.media_line))
    return some, len(some) - 1


def _file(parts: Parts, section: Section, entry: Entry) -> None:
    """Put a member where the entry itself or its section says that it belongs."""
    stated = next(
        (str(item.value) for item, _ in entry.restrictions if item.name == "place"), entry.place
    )
    place = stated or section.place
    if section.place == "auth" and place not in {"body", "path"}:
        parts.authorization.append(replace(entry, place=stated))
    elif place in _CARRIED:
        parts.parameters.append((place, entry))
    elif place in {"body", "formdata", "request"} and section.place not in {"response", "error"}:
        if entry.name == "body" and stated == "body" and entry.kind and entry.kind.base == "object":
            return  # the body as a whole
        parts.request.append(entry)
        parts.request_line = parts.request_line or entry.line
    elif (
        place in {"response", "error"} or section.place in {"response", "error"} or section.refuses
    ):
        some, at = _current(parts, section)
        some[at] = replace(some[at], entries=(*some[at].entries, entry), last=entry.last)
    elif place in {"parameters", "top"}:
        parts.ambiguous.append(entry)


def _resolve(parts: Parts, found: Sequence[Mention]) -> None:
    """Say where the parameters go whose section does not say it.

    The path tells, or whether the method has a body.
    """
    method = found[0].method if found else "POST"
    paths = " ".join(mention.path for mention in found)
    for entry in parts.ambiguous:
        if re.search(rf"(?:\{{|:|<){re.escape(entry.name)}\b", paths):
            parts.parameters.append(("path", entry))
        elif method in _WITHOUT_BODY:
            parts.parameters.append(("query", entry))
        elif parts.request and parts.request[0].line != entry.line:
            parts.notes.append(
                Note(
                    entry.line, f"whether {entry.name} goes into the query or the body is not said"
                )
            )
        else:
            parts.request_line = parts.request_line or entry.line
    if not parts.request and method not in _WITHOUT_BODY:
        known = {id(entry) for _, entry in parts.parameters}
        parts.request = [entry for entry in parts.ambiguous if id(entry) not in known]


def _file_sample(parts: Parts, section: Section, sample: Sample, before: str) -> None:
    place = section.place
    if place in {"top", "sample"} and re.search(
        r"response|answer|result|returns", before, re.IGNORECASE
    ):
        place = "sample-response"
    elif place in {"top", "sample"} and re.search(r"request|body|payload", before, re.IGNORECASE):
        place = "sample-request"
    if place in {"request", "sample-request", "parameters"}:
        parts.request_sample = parts.request_sample or sample
    elif place in {"response", "error", "sample-response", "sample-error"}:
        _file_answer(parts, section, sample, before)


def _file_answer(parts: Parts, section: Section, sample: Sample, before: str) -> None:
    failing = (
        not section.refuses
        and section.status is None
        and (_FAILS.search(before) or is_error(sample))
    )
    if failing:
        found = re.search(r"\b([45]\d\d)\b", before)
        last = last_line(sample)
        parts.refusals.append(
            Answer(int(found[1]) if found else None, sample.line, sample=sample, last=last)
        )
        return
    stated = (
        re.search(r"(?:^|\s)([1-3]\d\d)\b", before.split("\n", maxsplit=1)[0])
        if section.status is None
        else None
    )
    if stated and not section.refuses:
        section = replace(section, status=int(stated[1]))
        _open_answer(parts, section, Answer(section.status, sample.line))
    some, at = _current(parts, section)
    if some[at].sample is None:
        some[at] = replace(some[at], sample=sample, last=max(some[at].last, last_line(sample)))
