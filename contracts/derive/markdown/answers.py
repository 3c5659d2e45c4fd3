"""The answers that a page describes: those to requests that succeed, and the refusals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from contracts.derive.markdown.blocks import Block, Code, TextBlock
from contracts.derive.markdown.commented import LISTED
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.kinds import Kind
from contracts.derive.markdown.sections import Section
from contracts.derive.model import Span
from contracts.derive.page.answers import REFUSES, is_error
from contracts.derive.page.commands import Command
from contracts.derive.page.sample import Parsed, Sample, Text, read_sample

#: A sample as code behind the words that say what it is: "Returns 201 with `{"id": 3}`".
_IN_SENTENCE = re.compile(
    r"\b(?:returns?|responds?|response|answers?)\b[^{}\[\]]{1,40}\x1f[ ]*([{\[].*[}\]])[ ]*\x1f",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"examples?:?", re.IGNORECASE)
#: Languages in which an object may be what a program asks for: `{ method: "POST", url: … }`.
_PROGRAMS = frozenset({"js", "javascript", "jsx", "ts", "typescript"})
STAND_IN = re.compile(r"additionalProp(?:erty)?\d*|property\d+|propertyName\*?|<\*>")


@dataclass(slots=True)
class Body:
    """What a page says of a request's or an answer's body, while its sections are read in order."""

    status: int | None = None
    line: int = 0
    media: str | None = None
    media_line: int = 0
    entries: list[Entry] = field(default_factory=list)
    sample: Sample | None = None
    schema: Sample | None = None
    last: int = 0
    root: Kind | None = None
    heading: int = 0
    listed: list[TextBlock] = field(default_factory=list)

    @property
    def fails(self) -> bool:
        """Whether it answers a request that fails."""
        return self.status is not None and self.status >= 400

    @property
    def span(self) -> Span:
        """The lines that speak of the body as a whole."""
        return Span(self.heading or self.line, max(self.line, self.media_line))

    def announce(self, section: Section) -> None:
        """Add what the title of a section says of the body besides."""
        if self.media is None:
            self.media = section.media
            self.media_line = section.media_line
        self.heading = self.heading or self.line
        if self.status is None:
            self.status = section.status
            self.line = section.line


@dataclass(slots=True)
class Answers:
    """The answers of an operation while its sections are read one after the other."""

    usual: list[Body] = field(default_factory=list)
    refusals: list[Body] = field(default_factory=list)

    @property
    def success(self) -> Body | None:
        """The answer to a request that succeeds: the first that is described, or that is named."""
        good = [answer for answer in self.usual if (answer.status or 200) // 100 == 2]
        described = [answer for answer in good if answer.entries or answer.sample]
        return next(iter(described or good), None)

    def add(self, answer: Body) -> None:
        """Keep an answer of which only the status is known, unless there is one of that status."""
        some = self.refusals if answer.fails else self.usual
        if all(other.status != answer.status for other in some):
            some.append(answer)

    def open(self, section: Section) -> None:
        """Keep an answer that a title announces, or say more of the one known by its status."""
        some = self.refusals if section.refuses else self.usual
        for known in some:
            nameless = known.status is None and not known.sample
            nameless = nameless and (not known.entries or len(some) == 1)
            # the members of the one answer of which a sample was shown may follow further below
            alone = known.sample is None or len(some) == 1
            empty = not known.fails and not known.entries and alone
            same = known.status == section.status or (section.status is None and empty)
            if same or (nameless and not section.refuses):
                known.announce(section)
                return
        if not (section.refuses and section.status is None):
            some.append(_of_section(section))

    def of(self, section: Section) -> Body:
        """Return the answer that a section speaks of, a new one where none is known."""
        some = self.refusals if section.refuses else self.usual
        same = [answer for answer in some if answer.status == section.status]
        if not same and section.status is None and not section.refuses:
            same = some[-1:]
        if not same:
            same = [_of_section(section)]
            some += same
        return same[0]

    def add_sample(self, section: Section, sample: Sample, before: str) -> None:
        """Keep the sample of an answer, a refusal where it or the words `before` it say so."""
        nameless = section.status is None and not section.refuses
        found = re.search(r"\b([45]\d\d)\b", before)
        if nameless and (found or REFUSES.search(before) or is_error(sample)):
            status = int(found[1]) if found else None
            refusal = Body(status, sample.line, sample=sample, last=last_line(sample))
            self.refusals.append(refusal)
            return
        stated = re.search(r"(?:^|[\s\"'=])([1-3]\d\d)\b", before.split("\n", maxsplit=1)[0])
        if nameless and stated:
            section = replace(section, status=int(stated[1]), line=sample.line, media=None)
        if section.status is not None:
            self.open(section)
        known = self.of(section)
        if known.sample is None:
            known.sample, known.last = sample, max(known.last, last_line(sample))

    def add_command(self, command: Command) -> None:
        """Keep the samples of the answers behind a request, where none is known."""
        for answer in command.answers:
            first = answer.first
            media = answer.media_type
            shown = Body(answer.status, first, media, first, [], answer.sample, last=answer.last)
            success = self.success
            if answer.refuses:
                self.refusals.append(shown)
            elif success is None:
                self.usual.append(shown)
            elif success.sample is None:
                success.sample = answer.sample


def listed_members(section: Section) -> list[TextBlock]:
    """Return the items of a section that name a member and say something of it."""
    texts = (block for block in section.blocks if isinstance(block, TextBlock) and block.item)
    return [block for block in texts if LISTED.match(block.text)]


def _of_section(section: Section) -> Body:
    return Body(section.status, section.line, section.media, section.media_line)


def samples(section: Section) -> list[tuple[Parsed, str, str]]:
    """Return the JSON samples of a section with their captions and the text before each."""
    out, before = [], ""
    for block in section.blocks:
        if isinstance(block, TextBlock):
            before = block.plain
            shown = _IN_SENTENCE.search(block.text)
            parsed = _json(Code(block.line, "", (shown[1],))) if shown else None
            out += [(parsed, before, before)] if parsed else []
        elif isinstance(block, Code):
            parsed = _json(block)
            if parsed:
                head = next((line for line in block.lines if line.startswith("HTTP/")), "")
                out.append((parsed, f"{block.info} {head}", before))
            before = ""
    return out


def standing_samples(lines: Sequence[str]) -> Iterator[tuple[int, Code | TextBlock]]:
    """Yield each sample that stands as lines of text, behind the number of its last line."""
    text = Text.of(tuple(lines))
    behind = 0
    above = ""
    for number, line in enumerate(lines, 1):
        options = line.endswith("]") and above.endswith(":")  # behind their label
        if number > behind and line[:1] in {"{", "["} and not options:
            parsed = read_sample(text, text.starts[number - 1])
            if parsed and parsed.whole and (parsed.sample.members or parsed.sample.elements):
                behind = text.line(parsed.end - 1)
                inside = tuple(lines[number - 1 : behind])
                whole = TextBlock(number, " ".join(inside))
                code = Code(number, "json", inside)
                yield behind, whole if _EXAMPLE.fullmatch(above) else code
        above = line or above


def with_samples(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks with each sample that is drawn line by line as the code that it is."""
    lines = [""] * max((block.line for block in blocks), default=0)
    for block in blocks:
        lines[block.line - 1] = block.plain if isinstance(block, TextBlock) else "-"
    drawn = {each.line: (last, each) for last, each in standing_samples(lines) if last > each.line}
    behind = 0
    for block in blocks:
        if block.line in drawn and block.line > behind:
            behind, code = drawn[block.line]
            yield code
        elif block.line > behind or not isinstance(block, TextBlock):
            yield block


def spoken_of(before: str) -> str | None:
    """Return what the words before a sample announce it as."""
    if re.search(
        r"response|responds|answer|result|returns|you (?:will )?get\b", before, re.IGNORECASE
    ):
        return "sample-response"
    if re.search(r"request|body|payload", before, re.IGNORECASE):
        return "sample-request"
    return None


def _json(block: Code) -> Parsed | None:
    """Read a block of code that is a sample, alone or behind the head of an answer."""
    lines = [line.strip() for line in block.lines]
    text = Text.of((*([""] * (block.line - 1)), *lines))
    start = next((at for at, line in enumerate(lines) if line.startswith(("{", "["))), None)
    heads = lines[:start] if start is not None else lines
    if start is None or any("curl" in line for line in heads):
        return None
    if heads and not all(re.match(r"(?:HTTP/|[\w-]+:|//|#|$)", line) for line in heads):
        return None
    parsed = read_sample(text, text.starts[block.line - 1 + start])
    names = {name for name, _ in parsed.sample.members} if parsed else set()
    sends = block.info in _PROGRAMS and "method" in names and names & {"headers", "url", "body"}
    if parsed is None or sends or not (names or parsed.sample.elements):
        return None
    return replace(parsed, sample=without_stand_ins(parsed.sample))


def without_stand_ins(sample: Sample) -> Sample:
    """Leave out the names that renderers make up for members whose names are the caller's."""
    members = tuple(
        (name, without_stand_ins(member))
        for name, member in sample.members
        if not STAND_IN.fullmatch(name)
    )
    return replace(sample, members=members, elements=tuple(map(without_stand_ins, sample.elements)))


def is_schema(sample: Sample) -> bool:
    """Whether a sample is no sample but the JSON Schema of one."""
    names = dict(sample.members)
    described = {"type", "properties"} <= names.keys() and names["type"].value == "object"
    return "$schema" in names or described


def last_line(sample: Sample) -> int:
    """Return the line on which the last value of a sample stands."""
    inside = [*(member for _, member in sample.members), *sample.elements]
    return max([sample.line, *map(last_line, inside)])
