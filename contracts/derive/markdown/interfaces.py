"""TypeScript interfaces as the lists of members that they are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contracts.derive.markdown.blocks import ANY_NAME, APART, Block, Code, Heading, TextBlock
from contracts.derive.markdown.kinds import read_kind

_DECLARED = re.compile(
    r"^(?:export +)?(?:declare +)?(?:interface +(?P<name>\w+)(?P<more> extends [^{]*)?"
    r"|type +(?P<alias>\w+) *=)\s*",
    re.MULTILINE,
)
_COMMENT = re.compile(r"//(?P<words>[^\n]*)|/\*+(?P<boxed>[\s\S]*?)\*/")
_MEMBER = re.compile(
    r"(?:readonly +)?(?:(?P<quote>[\"']?)(?P<name>[\w$@.-]+)(?P=quote)|\[\w+ *: *string *\])"
    r"(?P<optional>\??)\s*:\s*"
)
_PIECE = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|[\w.$]+|\S")
_LITERAL = re.compile(r"([\"'])(?P<text>.*)\1|-?\d+(?:\.\d+)?")
_ENDS = {"(": ")", "<": ">", "{": "}", "[": "]"}
_TAG = re.compile(r"@(\w+)[ ]*")
_MOST_DEEP = 6


@dataclass(frozen=True, slots=True)
class _Member:
    """A member of an interface: its name, the pieces of its type, and what comments say."""

    name: str
    line: int
    optional: bool
    pieces: tuple[str, ...] = ()
    inside: tuple["_Member", ...] = ()
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class _Declarations:
    """The types that a block of code declares, by their names."""

    text: str
    first: int
    types: dict[str, _Member] = field(default_factory=dict)

    def read(self) -> None:
        """Read every declaration; one that extends another is not the whole of it."""
        for found in _DECLARED.finditer(self.text):
            name = found["name"] or found["alias"]
            pieces, inside, _ = self._type(found.end())
            if not found["more"]:
                line = self._line(found.start())
                inside = inside if pieces == ("{",) else ()  # one of several, or part of a whole
                self.types[name] = _Member(name, line, optional=False, pieces=pieces, inside=inside)

    def _line(self, at: int) -> int:
        return self.first + self.text.count("\n", 0, at)

    def _type(self, at: int) -> tuple[tuple[str, ...], tuple[_Member, ...], int]:
        """Return the pieces of a type, the members of an object in it, and the place behind it."""
        pieces: list[str] = []
        inside: tuple[_Member, ...] = ()
        open_ends: list[str] = []
        while found := _PIECE.search(self.text, at):
            piece = found[0]
            is_new_line = "\n" in self.text[at : found.start()]
            goes_on = piece == "|" or pieces[-1:] in ([], ["|"])
            if not open_ends and (piece in ";,}" or (is_new_line and not goes_on)):
                break
            if _COMMENT.match(self.text, found.start()):
                break
            at = found.end()
            if piece == "{":
                inside, at = self._members(at)
            elif piece in _ENDS:
                open_ends.append(_ENDS[piece])
            elif open_ends[-1:] == [piece]:
                open_ends.pop()
            pieces.append(piece)
        return tuple(pieces), inside, at

    def _members(self, at: int) -> tuple[tuple[_Member, ...], int]:
        """Return the members up to the bracket that closes them, and the place behind it."""
        out: list[_Member] = []
        words: list[str] = []
        while at < len(self.text) and self.text[at] != "}":
            if comment := _COMMENT.match(self.text, at):
                said = _plain(comment["words"] or comment["boxed"] or "")
                beside = out and self._line(at) == out[-1].line and comment["words"] is not None
                if beside:
                    out[-1] = replace(out[-1], words=(*out[-1].words, *said))
                else:
                    words += said
                at = comment.end()
            elif found := _MEMBER.match(self.text, at):
                pieces, inside, end = self._type(found.end())
                name = found["name"] or ANY_NAME
                line = self._line(at)
                optional = bool(found["optional"])
                out.append(_Member(name, line, optional, pieces, inside, tuple(words)))
                words, at = [], end
            else:  # the parameters of a function are no members
                end = self.text.find(")", at) if self.text[at] == "(" else at
                at = max(end, at) + 1
        return tuple(out), at + 1

    def roots(self) -> list[_Member]:
        """Return the types of objects that no other one mentions."""
        mentioned = {piece for each in self.types.values() for piece in _all_pieces(each)}
        return [each for each in self.types.values() if each.inside and each.name not in mentioned]


def _all_pieces(member: _Member) -> Iterator[str]:
    yield from member.pieces
    for each in member.inside:
        yield from _all_pieces(each)


def _plain(comment: str) -> list[str]:
    """Return what a comment says, a sentence or a tag a piece: `@format uuid` as a label."""
    lines = (line.strip(" *\t") for line in re.split(r"\n|\s(?=@\w)", comment))
    return [_TAG.sub(r"\1: ", line, count=1) for line in lines if line]


def with_interfaces(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks of a page with the members of its interfaces as lines of text.

    Where a block of code declares several, their names say which is of the request.
    """
    for block in blocks:
        text = "\n".join(block.lines) if isinstance(block, Code) else ""
        known = _Declarations(text, block.line)
        if _DECLARED.search(text):
            known.read()
        roots = known.roots()
        titles = [_title(root.name) for root in roots]
        if not roots or (len(roots) > 1 and not all(titles)):
            yield block
            continue
        for root, title in zip(roots, titles, strict=True):
            if len(roots) > 1:
                yield Heading(root.line, 7, title)
            yield from _lines(root.inside, known.types, 0)


def _title(name: str) -> str:
    """Return the title of the part of a page to which an interface belongs, by its name."""
    if name.endswith(("Request", "Body", "Payload", "Input", "Params")):
        return "Request body"
    return "Response" if name.endswith(("Response", "Result", "Output", "Reply")) else ""


def _lines(
    members: Sequence[_Member], types: Mapping[str, _Member], depth: int
) -> Iterator[TextBlock]:
    """Yield a line for each member, as a list of members has it, and those inside below it."""
    for member in members:
        kind, options, inside = _resolved(member, types)
        flag = "optional" if member.optional or "undefined" in member.pieces else "required"
        said = [f"one of: {', '.join(options)}"] if options else []
        pieces = (member.name, kind, flag, *said, *member.words)
        yield TextBlock(member.line, APART.join(("", *pieces)), depth, item=True)
        if depth < _MOST_DEEP:
            yield from _lines(inside, types, depth + 1)


def _resolved(
    member: _Member, types: Mapping[str, _Member]
) -> tuple[str, tuple[str, ...], tuple[_Member, ...]]:
    """Return the word for a member's type, its options, and the members inside of it."""
    text = "".join(member.pieces)
    name = re.sub(r"\[\]|^Array<|>$|\|(?:null|undefined)\b", "", text)
    if name in types:
        declared = types[name]
        text = text.replace(name, "".join(declared.pieces))
        member = replace(member, inside=declared.inside)
    parts = [part for part in text.strip("|").split("|") if part != "undefined"]
    real = [part for part in parts if part != "null"]
    null = " | null" if len(real) < len(parts) else ""
    options = tuple(part for part in real if _LITERAL.fullmatch(part))
    if options and len(options) == len(real):
        kind = "string" if options[0][0] in "\"'" else "number"
        return f"{kind}{null}", options, ()
    if member.inside and len(real) == 1:
        is_array = real[0].startswith("Array<") or real[0].endswith("[]")
        return f"{'object[]' if is_array else 'object'}{null}", (), member.inside
    whole = " | ".join(real) + null
    return (whole if read_kind(whole) else "any"), (), ()
