"""What of a page was seen and not read: sentences, unknown listings, empty sections."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.derive.language.descriptions import opens_members
from contracts.derive.language.phrases import cues, permission
from contracts.derive.markdown.below import starts_entry
from contracts.derive.markdown.blocks import APART, Block, Code, Heading, Table, TextBlock, plain
from contracts.derive.markdown.columns import NO_MEMBER_TABLE, is_member_table
from contracts.derive.markdown.entries import FLAGS, Entry, name_alone
from contracts.derive.markdown.restrictions import clauses, read_restrictions
from contracts.derive.markdown.sections import Section
from contracts.derive.model import Derived, Node, Note

LISTED = "members are listed here, under no title that says where they belong"
UNPLACED_SAMPLE = "whether this sample is one of the request or of an answer is not said"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_BODILESS = frozenset({204, 205, 304})
_SPOKEN_OF = frozenset({"top", "request", "response", "error"})
_NAME_IN_FRONT = re.compile(r"[-*\u2022 ]*[a-z_]\w* ?\(\w[^()]*\).*")
_SET_APART = re.compile(r"\x1f[ ]*[\w$@.\[\]-]+[ ]*\x1f[\s\x1f]*[(:,\u2013\u2014-]*(?P<behind>.*)")
_BRACKETED = re.compile(r"[a-z_$@][\w$@.\[\]-]*[ ]*\((?P<behind>.*)")
_FLAG = "(?:required|optional|nullable|deprecated)"
#: The label of a type, a type with a flag in one word, or the name of a schema and a flag.
_TYPED = re.compile(
    r"(?i:type\s*:)|[\w$@.-]+[ \x1f]+(?:string|integer|number|boolean|object|array)\S*"
    rf"{_FLAG}|[a-z_$@][\w$@.-]*[ \x1f]+[A-Z]\w*(?:\[\])?[ \x1f]+{_FLAG}\b"
)
_SCHEMA = re.compile(r"[A-Z]\w*(?:\[\])?")


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
        table = isinstance(block, Table) and is_member_table(block) and section.place != "top"
        if table or (isinstance(block, TextBlock) and starts_entry(section.blocks, at)):
            yield Note(block.line, LISTED)
            return


def empty_bodies(derived: Derived, sections: Sequence[Section]) -> Derived:
    """Return the operation with the bodies that the page has and of which nothing was read."""
    facts = {fact.keyword: fact.value for fact in derived.operation}
    unknown = (LISTED, UNPLACED_SAMPLE, NO_MEMBER_TABLE)
    lost = [note.line for note in derived.notes if note.text.startswith(unknown)]
    unread: list[tuple[str, Note]] = []
    if facts.get("method") in _WITH_BODY and _is_empty(derived.request):
        titled = [s.line for s in sections if s.place == "request" and s.blocks]
        unread += _seen("request", titled, lost)
    if facts.get("success_status") not in _BODILESS and _is_empty(derived.response):
        answers = (s for s in sections if s.place == "response" and not s.refuses)
        titled = [section.line for section in answers if section.blocks]
        taken = {note.line for _, note in unread}
        unread += _seen("response", titled, [line for line in lost if line not in taken])
    known = derived.request or derived.response or unread
    if known or facts.get("method") not in _WITH_BODY:
        return replace(derived, unread=tuple(unread))
    texts = [block for part in sections for block in part.blocks if isinstance(block, TextBlock)]
    heads = [block.line for block in texts if _NAME_IN_FRONT.fullmatch(block.plain)]
    if heads:  # members, in words that are not known
        return replace(derived, unread=tuple(_seen("request", (), heads)))
    line = next((fact.span.first for fact in derived.operation), 1)
    text = "no body was found, neither of the request nor of an answer"
    codes = [block for part in sections for block in part.blocks if isinstance(block, Code)]
    if markup := next((code for code in codes if code.lines[0].lstrip().startswith("<")), None):
        line = markup.line
        text = "this body is XML, which is not read"
    elif codes:
        line = codes[0].line
        text = "no member is read from this code"
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


def is_other_head(blocks: Sequence[Block], at: int, owner: Entry) -> bool:
    """Whether an unread line looks like the head of another member than the one above it."""
    block = blocks[at]
    if isinstance(block, Heading):
        return True
    if not isinstance(block, TextBlock):
        return False
    text = block.quiet
    if _TYPED.match(text.strip(APART + " ")) or _stands_above_schema(blocks, at, block):
        return True
    named = None if read_restrictions(text)[0] else _SET_APART.match(text)
    named = named or _BRACKETED.match(text)
    if named and (read_restrictions(named["behind"])[0] or any(clauses(named["behind"]))):
        return True
    listed = any(item.name == "listed" for item, _ in owner.restrictions)
    return block.item and 0 < block.depth <= owner.depth and not listed


def _stands_above_schema(blocks: Sequence[Block], at: int, block: TextBlock) -> bool:
    """Whether a name stands alone, with the name of a schema and a flag on the lines below it."""
    below = [other.plain for other in blocks[at + 1 : at + 3] if isinstance(other, TextBlock)]
    named = name_alone(block) is not None and block.plain[:1].islower()
    return named and len(below) == 2 and bool(_SCHEMA.fullmatch(below[0])) and below[1] in FLAGS


#: How programs send a request.
_PROGRAM = re.compile(r"\b(?:fetch|axios(?:\.\w+)?|requests\.\w+|http\.NewRequest)\(")


def what_else(blocks: Sequence[Block]) -> str:
    """Say what else the page may be."""
    text = " ".join(block.plain.lower() for block in blocks if block.text)
    if re.search(r"\b(?:sign in|log in|password|enter your email)\b", text) and len(text) < 3000:
        return "; it looks like a login page: save it from a browser that is signed in"
    for block in blocks:
        titles = {plain(title).lower() for title in getattr(block, "header", ())}
        if titles & {"method", "verb"} and titles & {"path", "endpoint", "url", "uri", "route"}:
            return f"; the table on line {block.line} lists operations: name the page of one"
        if isinstance(block, Code) and _PROGRAM.search("\n".join(block.lines)):
            return f"; the program on line {block.line} is not read: paste its request as curl"
    return ""
