"""What the sections of a page say of one operation, part by part."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from contracts.derive.markdown.answers import (
    Answers,
    Body,
    is_schema,
    listed_members,
    samples,
    spoken_of,
)
from contracts.derive.markdown.blocks import Block, Code, Heading, Table, Tag, TextBlock, plain
from contracts.derive.markdown.columns import LISTED_STATUS, status_column
from contracts.derive.markdown.entries import Entry, is_typed_item
from contracts.derive.markdown.heads import Mention
from contracts.derive.markdown.kinds import Kind
from contracts.derive.markdown.listing import read_listing
from contracts.derive.markdown.resources import fill, is_resource
from contracts.derive.markdown.sections import Section, members_of
from contracts.derive.markdown.unread import UNPLACED_SAMPLE, sentences
from contracts.derive.model import Notes
from contracts.derive.operation import OPTIONAL, is_credential
from contracts.derive.page.commands import Command, read_address
from contracts.derive.page.sample import Sample, inner

_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE"})
#: The names of the parameters in a path.
_NAMED = re.compile(r"[{:<]([\w.-]+)")
_CARRIED = ("path", "query", "header", "cookie")


@dataclass(slots=True)
class Parts:
    """What the sections say, part by part."""

    parameters: list[tuple[str, Entry]] = field(default_factory=list)
    request: Body = field(default_factory=Body)
    authorization_line: int = 0
    authorization: list[Entry] = field(default_factory=list)
    authorization_texts: list[TextBlock] = field(default_factory=list)
    authorization_said: str = ""
    answers: Answers = field(default_factory=Answers)
    notes: Notes = field(default_factory=Notes)
    ambiguous: list[Entry] = field(default_factory=list)
    untitled: list[Entry] = field(default_factory=list)
    unplaced: list[Sample] = field(default_factory=list)
    path_names: frozenset[str] = frozenset()


def read_parts(sections: Sequence[Section], found: Sequence[Mention]) -> Parts:
    """Return what the sections say of the operation that these mentions name."""
    parts = Parts(path_names=frozenset(_NAMED.findall(" ".join(each.path for each in found))))
    sent = [mention.command for mention in found if mention.command]
    for section in sections:
        _read_section(parts, section, sent, {mention.method for mention in found})
    for command in sent:
        parts.notes += command.notes
        parts.request.sample = parts.request.sample or command.request
        parts.answers.add_command(command)
    _resolve(parts, found)
    for sample in parts.unplaced:
        _place_by_names(parts, sample)
    return parts


def _place_by_names(parts: Parts, sample: Sample) -> None:
    """Keep a sample whose members are all listed for the request, and not for the answer."""
    success = parts.answers.success
    names = {name for name, _ in sample.members}
    sent = {entry.name for entry in parts.request.entries}
    answered = {entry.name for entry in success.entries} if success else set()
    if names and names <= sent and not names <= answered:
        parts.request.sample = parts.request.sample or sample
    else:
        parts.notes.add(sample.line, UNPLACED_SAMPLE)


def _read_section(
    parts: Parts, section: Section, sent: Sequence[Command], methods: set[str]
) -> None:
    parts.notes += sentences(section)
    if section.place in {"skipped", "unknown"}:
        return
    answers = section.place in {"response", "error"} or section.refuses
    blocks = _listing_blocks(section)
    if answers:
        blocks = _without_statuses(parts, blocks)
        parts.answers.open(section)
    if section.place == "auth":
        parts.authorization_line = parts.authorization_line or section.line
        texts = (block for block in section.blocks if isinstance(block, TextBlock))
        parts.authorization_texts += texts
        said = ("\n".join(getattr(block, "lines", (block.plain,))) for block in section.blocks)
        parts.authorization_said += "\n".join(said)
    listing = read_listing(blocks)
    parts.notes += listing.notes
    _file_root(parts, section, listing.root, answers=answers)
    for entry in listing.entries:
        _file(parts, section, entry)
    if not listing.entries:
        _file_listed(parts, section)
    for parsed, caption, before in samples(section):
        parts.notes += parsed.notes
        place = section.place
        if place in {"request", "sample-request", "parameters", *_CARRIED}:
            # a sample behind what is sent may be that of the answer
            place = spoken_of(caption if place == "request" else before) or place
        elif place in {"top", "sample"}:
            spoken = spoken_of(f"{caption} {before}") or _place_behind(sent, parsed.sample)
            place = spoken or ("sample-response" if methods <= _WITHOUT_BODY else place)
        _file_sample(parts, section, place, parsed.sample, f"{caption} {before}")


def _file_listed(parts: Parts, section: Section) -> None:
    """Keep the items in which a section says something of the members of its sample."""
    if section.place == "request":
        parts.request.listed += listed_members(section)
    elif section.place == "response":
        parts.answers.of(section).listed += listed_members(section)


def _listing_blocks(section: Section) -> list[Block]:
    """Return the blocks of a section that may list members."""
    if section.place.startswith("sample"):
        return []
    blocks: list[Block] = [block for block in members_of(section) if not isinstance(block, Code)]
    if section.place != "top":
        return blocks
    # Only what is surely a listing counts before the first title.
    first = min((block.line for block in section.blocks if isinstance(block, Tag)), default=None)
    kept: list[Block] = []
    for block, following in pairwise([*blocks, None]):
        # the title of a further table says of which member it is
        titled = kept and isinstance(block, Heading) and isinstance(following, Table)
        inside = first is not None and block is not None and block.line >= first
        listed = isinstance(block, Table | Tag) or is_typed_item(block)
        if block is not None and (listed or inside or titled):
            kept.append(block)
    return kept


def _file_root(parts: Parts, section: Section, root: Kind | None, *, answers: bool) -> None:
    """Keep the type of the whole body and the media type that a section states."""
    if section.place == "request":
        request = parts.request
        request.root = request.root or root
        request.line = request.line or section.line
        if section.media and request.media is None:
            request.media = section.media
            request.media_line = section.media_line or section.line
    elif root and answers:
        answer = parts.answers.of(section)
        answer.root = answer.root or root


def _without_statuses(parts: Parts, blocks: Sequence[Block]) -> list[Block]:
    """Take the tables of statuses out of the blocks, and keep each status as an answer."""
    left: list[Block] = []
    for block in blocks:
        item = block.plain if block.item else ""
        if listed := LISTED_STATUS.match(item):
            parts.answers.add(Body(int(listed[1]), block.line))
            continue
        column = status_column(block) if isinstance(block, Table) else None
        if column is None or not isinstance(block, Table):
            left.append(block)
            continue
        for row in block.rows:
            found = re.match(r"\D{0,10}([1-5]\d\d)\b", plain(row.cells[column]))
            if found:
                parts.answers.add(Body(int(found[1]), row.line))
    return left


def _file(parts: Parts, section: Section, entry: Entry) -> None:
    """Put a member where the entry itself or its section says that it belongs."""
    stated = next(
        (str(item.value) for item, _ in entry.restrictions if item.name == "place"), entry.place
    )
    elsewhere = section.place in {"request", "response", "query", "header", "cookie"}
    if stated == "path" and elsewhere and entry.name not in parts.path_names:
        stated = None  # one family of components calls the name of any member its path
    place = stated or section.place
    if section.place == "auth" and place not in {"body", "path"}:
        further = any(other.line > section.line for _, other in parts.parameters)
        carried = stated == "query" or further or entry.name.lower() in OPTIONAL
        if stated in _CARRIED and carried and not is_credential(entry.name):
            parts.parameters.append((stated, entry))
            return
        parts.authorization.append(replace(entry, place=stated))
    elif place in _CARRIED:
        parts.parameters.append((place, entry))
    elif place in {"body", "formdata", "request"} and section.place not in {"response", "error"}:
        if entry.name == "body" and stated == "body" and entry.kind and entry.kind.base == "object":
            return  # the body as a whole
        parts.request.entries.append(entry)
        parts.request.line = parts.request.line or entry.line
    elif section.refuses or {place, section.place} & {"response", "error"}:
        answer = parts.answers.of(section)
        answer.entries.append(entry)
        answer.last = entry.last
    elif place == "top":
        parts.untitled.append(entry)
    elif place == "parameters":
        parts.ambiguous.append(entry)


def _resolve(parts: Parts, found: Sequence[Mention]) -> None:
    """Say where the parameters go whose section does not say it: by path and method."""
    method = found[0].method
    left: list[Entry] = []
    sent = dict.fromkeys(parts.path_names, "path") | _sent(found)
    for entry in sorted([*parts.ambiguous, *_untitled(parts, method)], key=lambda one: one.line):
        if entry.name in sent:
            parts.parameters.append((sent[entry.name], entry))
        elif _HEADER.fullmatch(entry.name) or entry.name.lower() in _HEADERS:
            parts.notes.add(entry.line, f"whether {entry.name} is a header is not said")
        elif method in _WITHOUT_BODY:
            parts.parameters.append(("query", entry))
        elif parts.request.entries:
            text = f"whether {entry.name} goes into the query or the body is not said"
            parts.notes.add(entry.line, text)
        else:
            parts.request.line = parts.request.line or entry.line
            left.append(entry)
    sample = parts.request.sample
    if left and _are_shown(left, sample):
        sure = [entry for entry in left if not entry.required or _are_shown([entry], sample)]
        parts.request.entries = sure
        left = [entry for entry in left if entry not in sure]
    for entry in left:
        parts.notes.add(entry.line, f"where {entry.name} goes is not said: no body shows it")


def _untitled(parts: Parts, method: str) -> list[Entry]:
    """Return the members under no title that are parameters; file those of a thing."""
    sends = method not in _WITHOUT_BODY
    success = parts.answers.success
    answered = success.sample if success else None
    if not is_resource(parts.untitled, answered, sends=sends):
        return parts.untitled
    left = fill(success, parts.untitled, sends=False) if success else parts.untitled
    left = fill(parts.request, parts.untitled, sends=True) if sends else left
    for entry in left:
        parts.notes.add(entry.line, f"where {entry.name} goes is not said: no body shows it")
    return []


#: A name as headers have it and few other members.
_HEADER = re.compile(r"[A-Z]\w*(?:-[A-Z]\w*)+")
_HEADERS = OPTIONAL | {"authorization"}


def _sent(found: Sequence[Mention]) -> dict[str, str]:
    """Return where the commands of an operation send what they send by name."""
    places: dict[str, str] = {}
    for command in (mention.command for mention in found if mention.command):
        places |= dict.fromkeys((header.name for header in command.headers), "header")
        places |= dict.fromkeys(read_address(command.url or "").query, "query")
    return places


def _are_shown(entries: Sequence[Entry], sample: Sample | None) -> bool:
    """Whether a sample of the body, where there is one, shows some of these members."""
    body = inner(sample) if sample else None
    names = {name for name, _ in body.members} if body else set()
    firsts = {re.split(r"[.\[]", entry.name)[0] for entry in entries}
    return not names or bool(names & firsts)


def _file_sample(parts: Parts, section: Section, place: str, sample: Sample, before: str) -> None:
    """Keep a sample as one of the request or of an answer; note one that may be either."""
    if place in {"request", "sample-request", "parameters"}:
        if is_schema(sample):
            parts.request.schema = parts.request.schema or sample
        else:
            parts.request.sample = parts.request.sample or sample
    elif place.endswith(("response", "error")) and is_schema(sample):
        parts.answers.of(section).schema = sample
    elif place in {"response", "error", "sample-response", "sample-error"}:
        parts.answers.add_sample(section, sample, before)
    elif place in {"top", "sample"}:
        parts.unplaced.append(sample)


def _place_behind(sent: Sequence[Command], sample: Sample) -> str | None:
    """Return the place of a sample that is the body of a request, or follows a whole request."""
    if any(command.request and command.request.line == sample.line for command in sent):
        return "sample-request"
    for command in sent:
        whole = command.request is not None or command.method in _WITHOUT_BODY
        if whole and command.method_line < sample.line:
            return "sample-response"
    return None
