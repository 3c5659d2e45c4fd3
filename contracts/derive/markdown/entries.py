"""Members as a page lists them, from lines, list items, tables and tags alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from contracts.derive.language.words import WORDS
from contracts.derive.markdown.blocks import APART, NOISE, Block, TextBlock, plain
from contracts.derive.markdown.kinds import SCHEMA, Kind, begin_kind, read_kind
from contracts.derive.markdown.restrictions import Restriction, options, read_restrictions
from contracts.derive.page.sample import Line

_ITEMS = r"(?:\[\]|\[\*\]|\[\d+\])*"
_NAME = rf"[A-Za-z_$@][\w$@-]*{_ITEMS}(?:\.(?:[\w$@*-]+|\{{[^{{}}]+\}}){_ITEMS})*"
_MARK = r"(?P<mark>(?:[»>\u203a]+|[-+•·↳└├─]+|\*)[ \x1f]*)?"
_START = re.compile(
    rf"[ \x1f]*{_MARK}[ \x1f]*(?P<name>{_NAME})(?:[ \x1f]*(?P<star>\*(?!\*)|\?(?= |\x1f|:"
    rf"|$)))?(?P<behind>.*)",
    re.DOTALL,
)
_SEPARATOR = re.compile(r"[ \x1f]*[:\u2013\u2014,(-]?[ \x1f(]*")
#: The label of a type; `type` set apart is a name.
TYPE_LABEL = re.compile(
    r"(?!(?-i:type)[ ]*\x1f)(?:(?:type|data type)\b[ \x1f]*:?[ \x1f]*)", re.IGNORECASE
)
#: Options that stand in the place of a type: `"low" | "high"`.
_ALTERNATIVES = re.compile(r'"[^"]+"\s*\|\s*"')
_BEHIND_TYPE = re.compile(r"(?:[ ),.;:\u2013\u2014]|-(?!\d)|\x1f(?![a-z]))*")
#: The button below an array, by which a reader adds to it.
BUTTON = re.compile(r"A(?:dd|DD) (?:string|number|integer|boolean|object|array)s?", re.IGNORECASE)
#: Words that begin a sentence, and no member's line, where nothing else sets a name apart.
_PROSE = frozenset(WORDS["prose"])
FLAGS = frozenset({"required", "optional", "nullable", "deprecated"})
#: A title or a short description that ends with a word for a type: "Response Object", "How long".
WORDS_OF_PROSE = re.compile(
    r"[A-Z][a-z]+ (?:[Oo]bject|number|numeric|decimal|date|time|timestamp|datetime|text|url|uri"
    r"|email|file|list|map|array|long|double|hash|record|password|hostname|any|unknown|byte|char)s?"
    r"(?:\.(?: .*)?)?"
)
_LABELS = "Allowed Array Enum Default Example Examples Items Format Pattern Type Options"
_LABEL_NAMES = {*_LABELS.split(), *(status.phrase for status in HTTPStatus)}
#: What stands in brackets behind a name, or in front of a sentence: `(string)`, `- String.`
_BOXED = re.compile(
    r"[ \x1f]*\(([^()]*(?:\([^()]*\))?[^()]*)\)|[ \x1f]+[-\u2013\u2014][ \x1f]+([^.]+)\.(?= |$)"
)
_FLAGS_AHEAD = re.compile(
    r"(?:nullable[ \x1f]+|(?:required|optional|deprecated|read-only|write-only)"
    r"(?:\x1f|(?=\[?(?:string|integer|number|boolean|object|array)s?\b)))+(?=[\w\[])",
    re.IGNORECASE,
)
#: A description of one word, which may be called like a type: "Time.", and the label of a field.
_ONE_WORD = re.compile(r"[A-Z]\w*\.|Password")
#: An item of a list that names a member as code, with more about it behind.
_TYPED_ITEM = re.compile(r"\x1f[\w.\[\]-]+\x1f ?[(:\u2013-]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A member with everything that is printed of it.

    `path` are the names down to it where the page prints them; `depth` is how deep it stands
    otherwise, where only the order of two depths counts. `place` says where a parameter goes, if
    the entry itself does. It is `marked` where a line shows or hides its members.
    """

    name: str
    line: int
    last: int
    kind: Kind | None = None
    kind_line: int = 0
    depth: int = 0
    restrictions: tuple[tuple[Restriction, int], ...] = ()
    texts: tuple[Line, ...] = field(default=())
    place: str | None = None
    marked: bool = False

    @property
    def holds_members(self) -> bool:
        """Whether members can stand below it."""
        return self.kind is None or self.kind.holds_members

    @property
    def required(self) -> int | None:
        """The line that says that the member has to be there, or None."""
        return next((line for item, line in self.restrictions if item.name == "required"), None)

    def with_text(self, line: int, text: str) -> Entry:
        """Return the entry with one more line of its description."""
        return replace(self, last=line, texts=(*self.texts, Line(line, text)))

    def with_restrictions(self, some: tuple[Restriction, ...], line: int) -> Entry:
        """Return the entry with more restrictions."""
        more = tuple((item, line) for item in some)
        return replace(self, last=max(self.last, line), restrictions=(*self.restrictions, *more))


def is_typed_item(block: Block | None) -> bool:
    """Whether a block is an item of a list that begins with a member and its type."""
    if not isinstance(block, TextBlock) or not block.item:
        return False
    return _TYPED_ITEM.match(block.text) is not None and begin_entry(block) is not None


def begin_entry(block: TextBlock) -> Entry | None:
    """Return the member whose name and type a line begins with, or None.

    A name that nothing sets apart must be followed by nothing but a type and restrictions.
    """
    text = block.quiet
    found = _START.fullmatch(text)
    if not found or BUTTON.fullmatch(text.strip()) or NOISE.fullmatch(plain(text)):
        return None
    name = found["name"]
    behind = found["behind"]
    parted = block.item and behind.lstrip().startswith((":", "(", "-", "\u2013", "\u2014"))
    boxed = _BOXED.match(behind)
    words = (boxed[1] or boxed[2] or "") if boxed else ""
    first = read_kind(words.partition(",")[0]) if "," in words and name.islower() else None
    parted = parted or first is not None or type_alone(TextBlock(0, words)) is not None
    apart = parted or behind.lstrip(" ").startswith(APART) or text.lstrip(" ").startswith(APART)
    prose = name.lower() in _PROSE or WORDS_OF_PROSE.fullmatch(text.strip())
    if name in _LABEL_NAMES or behind[:1].isalnum() or (prose and not apart and not found["star"]):
        return None
    separator = _SEPARATOR.match(behind)
    rest = behind[separator.end() :] if separator else behind
    optioned = (apart and "(" in behind[: len(behind) - len(rest)]) or _ALTERNATIVES.match(rest)
    started = _started(found, block)
    entry = _with_rest(started, rest, block.line, strict=not apart, optioned=bool(optioned))
    typed = entry and entry.kind and name == entry.kind.base and not rest.startswith(name)
    return None if typed else entry  # a type and its format, as "string" and "time"


def _started(found: re.Match[str], block: Block) -> Entry:
    """Return a member by its name alone, with what a mark or a star at it says."""
    mark = found["mark"] or ""
    entry = Entry(found["name"], block.line, block.line, depth=block.depth + mark.count("»"))
    if not found["star"] and mark.strip() != "*":
        return entry
    flag = Restriction("optional" if found["star"] == "?" else "required")
    return entry.with_restrictions((flag,), block.line)


def _with_rest(entry: Entry, rest: str, line: int, *, strict: bool, optioned: bool) -> Entry | None:
    """Read type, flags and restrictions in any order; `optioned` means options are a type."""
    before, rest = read_restrictions(rest)
    rest = rest.lstrip(f" :{APART}") if before else rest
    entry = entry.with_restrictions(before, line)
    label = TYPE_LABEL.match(rest)
    rest = rest[label.end() :] if label else rest
    kind = begin_kind(rest)
    if kind is None and optioned and any(item.name == "options" for item in before):
        kind = Kind("any", enumerated=True), 0
    if kind is None:
        return None
    behind = rest[kind[1] :]
    if (kind[1] and behind[:1].isalnum()) or (
        strict and behind.strip() and behind.strip()[0] not in "([<>=,;|·^"
    ):
        restrictions, left = read_restrictions(behind)
        if left.strip() or not restrictions:
            return None
    entry = replace(entry, kind=kind[0], kind_line=line)
    after, left = _with_type(kind[0], rest, kind[1]) or read_restrictions(behind)
    entry = entry.with_restrictions(after, line)
    skipped = _BEHIND_TYPE.match(left)
    left = left[skipped.end() :] if skipped else left
    if strict and left.strip():
        return None
    return entry.with_text(line, left) if left.strip(APART + " ") else entry


def _with_type(kind: Kind, text: str, end: int) -> tuple[tuple[Restriction, ...], str] | None:
    """Return what brackets behind a type say: `String(40)`, `Enum (a, b)`; not `char(4)`."""
    found = re.compile(r" ?\(([^()]+)\)").match(text, end)
    if found and kind.base == "string" and found[1].isdigit() and text[:end].lower() != "char":
        return (Restriction("maxLength", int(found[1])),), text[found.end() :]
    values = options(found[1]) if found and kind.enumerated else ()
    if found and values:
        return ((Restriction("options", values),), text[found.end() :])
    return None


def name_alone(block: Block) -> Entry | None:
    """Return the member whose name is all that a line says but for flags: its type follows."""
    text = block.quiet.strip(APART + " ")
    found = _START.fullmatch(text)
    if not found or found["behind"][:1].isalnum() or text.endswith("."):
        return None
    name = found["name"]
    behind = found["behind"]
    if NOISE.fullmatch(text) and not (block.item or text == "properties"):
        return None
    labelled = behind.strip(APART + " ") == ":" and name.capitalize() in _LABEL_NAMES
    if labelled or name.lower() in FLAGS or name in _LABEL_NAMES:
        return None
    restrictions, left = read_restrictions(behind)
    said = {item.name for item in restrictions} - FLAGS - {"readOnly", "writeOnly"}
    if left.strip(APART + " :") or said:
        return None
    return _started(found, block).with_restrictions(restrictions, block.line)


def type_alone(block: TextBlock) -> tuple[Kind, tuple[Restriction, ...], str] | None:
    """Return the type that a line is, the restrictions behind it, and then its description."""
    text = block.quiet.strip(APART + " ")
    label = TYPE_LABEL.match(text)
    text = SCHEMA.sub("", text[label.end() :]) if label else text
    ahead = _FLAGS_AHEAD.match(text)
    flags, _ = read_restrictions(ahead[0] if ahead else "")
    found = begin_kind(text := text[ahead.end() :] if ahead else text)
    if found is None or _ONE_WORD.fullmatch(text):
        return None
    kind = found[0]
    restrictions, left = read_restrictions(text[found[1] :])
    restrictions = (*flags, *restrictions)
    described = re.match(
        r"[ \x1f]*[\u2013\u2014:-]+[ \x1f]+(?P<text>\S.*)|\x1f[ ]*(?P<apart>[A-Z].*)", left
    )
    if described:
        return kind, restrictions, plain(described["text"] or described["apart"])
    return None if left.strip(APART + " .,;)") else (kind, restrictions, "")
