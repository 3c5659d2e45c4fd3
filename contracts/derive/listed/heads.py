"""What stands between the heading of a body and its first member."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from contracts.derive.language.openings import before
from contracts.derive.language.phrases import cues
from contracts.derive.language.types import TypeLine, read_type, type_node
from contracts.derive.listed.entries import Listing
from contracts.derive.listed.sections import Section
from contracts.derive.model import Fact, Node, Note, Span
from contracts.derive.operation import media_type
from contracts.derive.page.lines import Line

_STATUS = re.compile(
    r"(?P<status>[1-5]\d\d|[1-5]XX|default)(?:\s*[-\u2013\u00b7:]?\s*(?P<media>\S.*))?",
    re.IGNORECASE,
)
_OF_TYPE = re.compile(
    r"(?:The (?:body|response) is of type"
    r"|This (?:call|endpoint|request|operation) (?:takes|expects|accepts|returns) an?)"
    r" (?P<type>.+?)\.?"
)


#: Words of the pages around a body, which say nothing about it.
_TABS = re.compile(
    r"required|Schema|Example Value|Media type|Content type|Copy|Expand all ?Collapse all|Example \(auto\)"  # noqa: E501
    r"|Controls Accept header\.|No links|Expand all|Collapse all|Show child attributes"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the first member of a body: status, media type, the type of the whole."""

    status: Fact | None
    media: Fact | None
    root: Node
    notes: tuple[Note, ...] = ()
    typed: bool = False

    @property
    def described(self) -> bool:
        """Whether anything is said of a body."""
        return self.media is not None or self.typed


def read_head(section: Section, listing: Listing) -> Head:
    """Return what stands between the heading of a body and its first member."""
    head = Head(None, None, Node((Fact("type", "object", Span(section.line, section.line)),)))
    behind_status = False
    for line in listing.head:
        found = _STATUS.fullmatch(line.text)
        if found and found["media"] and not media_type(found["media"]):
            found = _STATUS.fullmatch(found["status"])  # a reason stands behind it: "201 Created"
        if found and head.media is None and head.status is None:
            head = replace(head, status=_status_fact(found["status"], line.number))
        kind = media_type(found["media"] if found else line.text)
        if kind and head.media is None:
            head = _with_media(head, section, line, kind)
        elif not found:
            head = _with_text(head, section, listing, line, explained=behind_status)
        alone = found is not None and not found["media"]
        behind_status = alone or (behind_status and not line.text)
    return head


def _status_fact(printed: str, line: int) -> Fact | None:
    """Return a status as a fact; "2XX" is no number."""
    return Fact("success_status", int(printed), Span(line, line)) if printed.isdigit() else None


def _with_media(
    head: Head, section: Section, line: Line, kind: tuple[str, TypeLine | None]
) -> Head:
    """Return the head with the media type of the body.

    And the type of the whole where it is printed.
    """
    span = Span(section.line, line.number)
    root = type_node(kind[1], span) if kind[1] else head.root.with_fact("type", "object", span)
    return replace(
        head, media=Fact("media_type", kind[0], Span(line.number, line.number)), root=root
    )


def _with_text(
    head: Head, section: Section, listing: Listing, line: Line, *, explained: bool
) -> Head:
    """Return the head with what a line of text says about the body, or with a note.

    What stands right behind a status explains it, and says nothing of the body.
    """
    whole = _OF_TYPE.fullmatch(line.text)
    if whole:
        kind = read_type(whole["type"])
        if kind and not listing.entries:
            head = replace(head, root=type_node(kind, Span(section.line, line.number)))
        return replace(head, typed=True)
    if not line.text or media_type(line.text) or _TABS.fullmatch(line.text):
        return head
    kind = read_type(line.text)
    if kind:
        return replace(head, root=type_node(kind, Span(line.number, line.number)), typed=True)
    if section.kind == "request" and not listing.entries:
        note = Note(line.number, f"described without a name: {line.text}")
    elif explained and len(line.text.split()) <= 4:
        return head
    elif cues(line.text) or not _introduces(line.text):
        note = Note(line.number, f"no fact is read from: {line.text}")
    else:
        return head
    return replace(head, notes=(*head.notes, note))


def _introduces(text: str) -> bool:
    """Whether a line introduces a body: it says what the body is, or that the call went well."""
    return before(text, frozenset(), answer=True)[1] or not text.endswith((".", "!"))
