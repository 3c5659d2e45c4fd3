"""What of a page was seen and not read: sentences, unknown listings, empty sections."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.derive.language.descriptions import opens_members
from contracts.derive.language.phrases import cues, permission
from contracts.derive.markdown.blocks import Code, Table, Tag, TextBlock
from contracts.derive.markdown.columns import NO_MEMBER_TABLE, is_member_table
from contracts.derive.markdown.entries import starts_entry
from contracts.derive.markdown.sections import Section
from contracts.derive.model import Derived, Node, Note

LISTED = "members are listed here, under no title that says where they belong"
UNPLACED_SAMPLE = "whether this sample is one of the request or of an answer is not said"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_BODILESS = frozenset({204, 205, 304})
_SPOKEN_OF = frozenset({"top", "request", "response", "error"})


def sentences(section: Section) -> Iterator[Note]:
    """Yield a note for each sentence before the members that is not understood."""
    if section.place in {"unknown", "top"}:
        yield from _unplaced(section)
    if section.place not in _SPOKEN_OF:
        return
    for at, block in enumerate(section.blocks):
        if isinstance(block, TextBlock) and starts_entry(section.blocks, at):
            return
        if not isinstance(block, TextBlock):
            return
        if _says_something(block.plain, section):
            yield Note(block.line, f"no fact is read from: {block.plain}")


def _says_something(text: str, section: Section) -> bool:
    """Whether a line may state what was not understood."""
    known = section.place != "top" and not cues(text)
    explained = permission(text) or (known and opens_members(text, frozenset(), answer=True))
    sentence = text.endswith((".", "!"))
    return bool(cues(text) or sentence) and not explained and text.count(" ") > 1


def _unplaced(section: Section) -> Iterator[Note]:
    """Yield a note for the first listing below a title that is not known."""
    for at, block in enumerate(section.blocks):
        if section.place == "top" and isinstance(block, Tag):
            return
        table = isinstance(block, Table) and is_member_table(block) and section.place != "top"
        if table or (isinstance(block, TextBlock) and starts_entry(section.blocks, at)):
            yield Note(block.line, LISTED)
            return


def empty_bodies(derived: Derived, sections: Sequence[Section]) -> Derived:
    """Return the operation with what is unread: the bodies that the page has and nobody could read.

    A body has a section of its own, or else the page has a listing that was not understood.
    """
    facts = {fact.keyword: fact.value for fact in derived.operation}
    unknown = (LISTED, UNPLACED_SAMPLE, NO_MEMBER_TABLE)
    lost = [note.line for note in derived.notes if note.text.startswith(unknown)]
    unread: list[tuple[str, Note]] = []
    if facts.get("method") in _WITH_BODY and _is_empty(derived.request):
        titled = [s.line for s in sections if s.place == "request" and s.blocks]
        unread += _seen("request", titled, lost)
    if facts.get("success_status") not in _BODILESS and _is_empty(derived.response):
        titled = [s.line for s in sections if s.place == "response" and not s.refuses]
        taken = {note.line for _, note in unread}
        unread += _seen("response", titled, [line for line in lost if line not in taken])
    known = derived.request or derived.response or unread
    if known or facts.get("method") not in _WITH_BODY:
        return replace(derived, unread=tuple(unread))
    line = next((fact.span.first for fact in derived.operation), 1)
    text = "no body was found, neither of the request nor of an answer"
    codes = [block for part in sections for block in part.blocks if isinstance(block, Code)]
    if markup := next((code for code in codes if code.lines[0].lstrip().startswith("<")), None):
        line, text = markup.line, "this body is XML, which is not read"
    nothing = Note(line, text)
    return replace(derived, notes=(*derived.notes, nothing))


def _seen(part: str, titled: Sequence[int], lost: Sequence[int]) -> list[tuple[str, Note]]:
    """Return where a body was seen: below its title, or else where a listing was not understood."""
    where = "is" if titled else "may be"
    text = f"this {where} where the {part} begins, and no member of it was read"
    return [(part, Note(line, text)) for line in [*titled, *lost][:1]]


def _is_empty(node: Node | None) -> bool:
    """Whether a body says no more than a type."""
    if node is None:
        return True
    inside = node.properties or node.items or node.additional
    return not inside and node.get("x-examples") is None and node.get("enum") is None
