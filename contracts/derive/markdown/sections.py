"""Which part of a page speaks of which part of an operation: by its titles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from contracts.derive.markdown.below import starts_entry
from contracts.derive.markdown.blocks import (
    Block,
    Code,
    Heading,
    Table,
    Tag,
    TextBlock,
    is_listed,
    plain,
)
from contracts.derive.markdown.columns import roles
from contracts.derive.markdown.nested import names_member
from contracts.derive.markdown.tags import tag_entry
from contracts.derive.markdown.titles import FIELD, named
from contracts.derive.operation import MEDIA

_MEDIA = rf"(?P<media>{MEDIA})"
_SUFFIX = re.compile(rf"\s*[:(\u2013\u2014·-]*\s*{_MEDIA}\)?\s*$")
#: The number of a section in front of its title: "2.1" and "3.".
_NUMBERING = re.compile(r"\d{1,2}(?:(?:\.\d{1,2})+\.?|\.) +(?=[A-Za-z])")
_REQUIRED = re.compile(r"(?<=[a-zA-Z]{3}) ?required$", re.IGNORECASE)
_IN_JSON = re.compile(r"\s*\((?:raw )?json\)\s*:?$", re.IGNORECASE)
_OF_ANSWER = re.compile(r"(?:response|answer)s?\b", re.IGNORECASE)
_NEUTRAL = re.compile(
    rf"(?:schema|example value|media type|{_MEDIA}|content[ -]type:?.*|no links|description"
    rf"|controls accept header\.?)",
    re.IGNORECASE,
)

#: A sentence right above the table of the members of an answer.
_RETURNED = re.compile(
    rf"(?=.*\b(?:returns?|responds?|returned|responses?|answers?)\b)[^\d]*(?P<status>2\d\d)?\b[^\d]*"
    rf"\b{FIELD}\b[^\d]*:",
    re.IGNORECASE,
)
#: The two tabs of a panel, which stand in front of what it shows.
_PANEL = re.compile(rf"EXAMPLE SCHEMA(?: {_MEDIA})?")
_LABELLED = re.compile(r"(?<!status)(?<!code):\s*$|^(?:examples?|default)$", re.IGNORECASE)
#: A title that a renderer prints in capitals: a browser copies it as it is written.
_PLACED = re.compile(r"(?:path|query|header|cookie) Parameters")
#: Titles that may stand below any other.
_OF_ANY_PART = frozenset({"body", "fields", "attributes", "properties", "parameters"})
#: Titles that say nothing of which body they list.
_BARE = re.compile(r"(?:fields|attributes|properties)\Z", re.IGNORECASE)
_PLACES = frozenset({"path", "query", "header", "cookie"})
_ASKED = re.compile(r"request|query|path|arguments|parameters", re.IGNORECASE)
_EXAMPLES = {"RequestExample": "sample-request", "ResponseExample": "sample-response"}
_RETURNS = re.compile(
    r"(?:\b(?:returns?|(?:responds?|answers?) with|status(?: code)?:?)"
    r"(?: (?:an?|the|http|status|code))*"
    r"|\bHTTP/[\d.]+) (?P<status>2\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: what it speaks of, and what status and media type its title names."""

    place: str
    line: int
    status: int | None = None
    media: str | None = None
    media_line: int = 0
    level: int = 0
    blocks: tuple[Block, ...] = field(default=())

    @property
    def refuses(self) -> bool:
        """Whether the section speaks of an answer to a request that fails."""
        return self.place in {"error", "sample-error"} or (self.status or 0) >= 400


def split(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """Return the sections of a page in order; the one before the first title is `top`."""
    sections = [Section("top", 1)]
    tabs: list[int] = []
    boxes: list[tuple[Tag, Section]] = []
    for at, block in enumerate(blocks):
        described = isinstance(block, TextBlock) and any(tag_entry(box, 0) for box, _ in boxes)
        following = None if described else _title(blocks, at, sections)
        if isinstance(block, Tag) and not block.closes:
            boxes.append((block, sections[-1]))
        elif isinstance(block, Tag) and boxes and boxes[-1][0].name == block.name:
            outer = boxes.pop()[1]
            if outer.line != sections[-1].line and not following:
                following = replace(outer, blocks=())  # what is behind a box is said of the outer
        row = block.plain.split()
        if following and following.status is not None and block.plain[:1].isdigit():
            tabs = [int(status) for status in row] if all(map(str.isdigit, row)) else []
        elif following and following.place == "request":
            tabs = []  # the panels below are those of the next copy of the page
        elif tabs and (panel := _PANEL.fullmatch(block.plain)):
            # A row of statuses, and the panel of each below it in the same order.
            status = tabs.pop(0)
            level = sections[-1].level
            following = Section("response", block.line, status, panel["media"], block.line, level)
        last = sections[-1]
        if following and following.status and last.status and not last.blocks:
            # Tabs in a row: what stands below them is what the first of them shows.
            sections += [following, replace(last, blocks=())]
        elif following:
            sections.append(following)
        else:
            sections[-1] = replace(last, blocks=(*last.blocks, block))
    return tuple(_with_status(_with_media(section)) for section in sections)


def _lists_answer(block: Block, sections: Sequence[Section]) -> bool:
    """Whether a title lists the answer above it, since what is sent was listed before."""
    listed = any(
        section.place in {"request", "parameters"}
        or (section.place == "top" and any(isinstance(each, Table) for each in section.blocks))
        for section in sections
    )
    answered = sections[-1].place in {"response", "sample-response"} and not sections[-1].refuses
    return listed and answered and _BARE.match(block.plain) is not None


def _meaning(
    blocks: Sequence[Block], at: int, text: str, current: Section, level: int
) -> tuple[str, int | None] | None:
    """Return the place and the status that a title names; None for what only reads like one."""
    block = blocks[at]
    behind = next(iter(blocks[at + 1 : at + 2]), None)
    heading = isinstance(block, Heading)
    found = named(text, current.place, current.status, heading=heading)
    if not found:
        said = _RETURNED.fullmatch(block.plain) if isinstance(behind, Table) else None
        if said:
            return ("response", int(said["status"]) if said["status"] else None)
        return None
    if not heading and re.search(r"^\D*\.$", block.plain):
        return None  # a description such as "Related resources."
    if not heading and found[0] == "sample" and not isinstance(behind, Code):
        return None  # "Example:" in front of a value
    if heading and found[0] == "sample-response" and level <= current.level:
        # a title beside that of the sample, which says itself of what the status is
        return ("response" if _OF_ANSWER.match(text) else found[0]), found[1]
    return found


def _title(blocks: Sequence[Block], at: int, sections: Sequence[Section]) -> Section | None:
    """Return the section that begins with a block, or None where it belongs to the current one."""
    block = blocks[at]
    current = sections[-1]
    if isinstance(block, Tag):
        return _tag_title(block, current)
    if isinstance(block, Table) and current.place == "sample-request":
        return Section("top", block.line, level=current.level, blocks=(block,))
    if not block.text or any(
        (
            _is_column(blocks, at),
            starts_entry(blocks, at),
            is_listed(blocks, at),
            names_member(blocks, at, current.blocks),
        )
    ):
        return None
    heading = isinstance(block, Heading)
    before = blocks[at - 1] if at else None
    labelled = isinstance(before, TextBlock) and _LABELLED.search(before.plain)
    small = block.plain[:1].islower() and not _PLACED.fullmatch(block.plain)
    if not heading and (small or labelled):
        return None  # the title of a section has a capital, and no label such as "max:" above it
    text = _NUMBERING.sub("", plain(block.quiet).strip("*_# "))
    text = text.rpartition("\u203a")[2].strip()  # behind the title of the operation
    media = _SUFFIX.search(text)
    text = text[: media.start()] if media else _REQUIRED.sub("", _IN_JSON.sub("", text))
    text = text.rstrip(" :.*-")
    level = current.level + (current.place == "top")
    if isinstance(block, Heading):
        level = block.level
    found = _meaning(blocks, at, text, current, level)
    tables = [
        each for each in (*current.blocks, *blocks[at + 1 : at + 2]) if isinstance(each, Table)
    ]
    if current.place in {"request", *_PLACES} and len(tables) > 1 and _BARE.match(text):
        found = "unknown", None  # a second table: of the body, or of something else
    if found:
        below = level > current.level if heading else text.lower() in _OF_ANY_PART
        place, status = _beneath(*found, text, current) if below else found
        if place == "request" and _lists_answer(block, sections):
            place = "response"
            status = _with_status(current).status
        kind = media["media"] if media else None
        return Section(place, block.line, status, kind, block.line, level)
    if heading and text and current.place != "top" and level <= current.level:
        return Section("unknown", block.line, level=level)
    return None


def _is_column(blocks: Sequence[Block], at: int) -> bool:
    """Whether a line is the title of a column, with that of the types on the line below."""
    titles = [block.plain for block in blocks[at : at + 2] if isinstance(block, TextBlock)]
    return {"name", "type"} <= roles(titles).keys() and titles[1][:1].isupper()


def _beneath(place: str, status: int | None, text: str, current: Section) -> tuple[str, int | None]:
    """Return what a title speaks of that stands below another: the body or headers of an answer."""
    if place == "parameters" and current.place in _PLACES and not current.blocks:
        return current.place, status  # only the caption of the list
    if current.place not in {"response", "error"} or _ASKED.search(text):
        return place, status
    place = {"request": current.place, "header": "skipped"}.get(place, place)
    return place, status or (current.status if place == current.place else None)


def _tag_title(tag: Tag, current: Section) -> Section | None:
    """Return the section that a component begins: an example, an answer, a tab with a status."""
    if place := _EXAMPLES.get(tag.name):
        return Section("top" if tag.closes else place, tag.line)
    titled = tag.name.endswith("response") or tag.name in {"Tab", "TabItem", "tab", "Accordion"}
    titles = (tag.attributes.get(name) for name in ("status", "title", "label", "value"))
    title = next(filter(None, titles), None)
    if tag.closes or not titled or not title:
        return None
    found = named(plain(title).rstrip(" :"), current.place, current.status, heading=True)
    return Section(found[0], tag.line, found[1], level=current.level) if found else None


def _with_media(section: Section) -> Section:
    """Look for the media type on the lines behind a title."""
    if section.media is not None:
        return section
    for block in section.blocks[:4]:
        found = re.search(_MEDIA, block.plain) if isinstance(block, TextBlock) else None
        if found and len(block.plain) < 60:
            return replace(section, media=found["media"], media_line=block.line)
    return section


def _with_status(section: Section) -> Section:
    """Look for a sentence with the status at the beginning of an answer."""
    if section.place not in {"response", "sample-response"} or section.status is not None:
        return section
    for block in section.blocks[:2]:
        text = block.lines[0] if isinstance(block, Code) and block.lines else block.plain
        found = _RETURNS.search(text) if isinstance(block, Code | TextBlock) else None
        if found and len(re.findall(r"\b[1-5]\d\d\b", text)) == 1:
            return replace(section, status=int(found["status"]), line=block.line)
    return section


def members_of(section: Section) -> Iterator[Block]:
    """Yield the blocks of a section that may list members: no captions such as `Schema`."""
    for at, block in enumerate(section.blocks):
        text = block.plain if isinstance(block, TextBlock) else ""
        is_member = text[:1].islower() and starts_entry(section.blocks, at)
        if is_member or not _NEUTRAL.fullmatch(text):
            yield block
