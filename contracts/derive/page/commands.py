"""The requests that a page shows, in whatever notation, and the samples of both bodies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from contracts.derive.model import Note, Notes
from contracts.derive.page.sample import Parsed, Sample, Text, read_sample

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Header:
    """A header of a request, or a parameter of its query, with its line."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A sample of an answer: its body, its status and media type where they are printed."""

    sample: Sample
    status: int | None
    media_type: str | None
    first: int
    last: int
    refuses: bool


@dataclass(frozen=True, slots=True)
class Command:
    """One request as the page shows it, with the samples that belong to it.

    `said` is the line above it, which may say where it goes; it is not `whole` where its body is
    cut off.
    """

    method: str
    method_line: int
    url: str | None
    url_line: int
    headers: tuple[Header, ...]
    request: Sample | None
    start: int
    end: int
    answers: tuple[Answer, ...] = ()
    notes: tuple[Note, ...] = ()
    said: str = ""
    whole: bool = True

    @property
    def success(self) -> Answer | None:
        """The first answer that is no refusal."""
        return next((answer for answer in self.answers if not answer.refuses), None)

    @property
    def response(self) -> Sample | None:
        """The sample of the answer to a request that succeeds."""
        return self.success.sample if self.success else None


@dataclass
class Draft:
    """What is known of a command while its words are read one after the other."""

    text: Text
    method: str | None = None
    method_at: int | None = None
    url: str | None = None
    url_at: int | None = None
    headers: list[Header] = field(default_factory=list)
    body: Parsed | None = None
    fields: list[tuple[str, Sample]] = field(default_factory=list)
    reads_input: bool = False
    notes: Notes = field(default_factory=Notes)

    def add_header(self, printed: str, position: int) -> None:
        """Add a header as it is printed: ``Name: value``."""
        name, _, value = printed.partition(":")
        if name.startswith("@"):
            self.notes.add(self.text.line(position), f"headers stand in a file: {printed}")
            return
        self.headers.append(Header(name.strip(), value.strip(), self.text.line(position)))

    def add_default_header(self, name: str, value: str, position: int) -> None:
        """Add a header that an option implies, unless it is given."""
        if name.lower() not in {header.name.lower() for header in self.headers}:
            self.headers.append(Header(name, value, self.text.line(position)))

    def add_field(self, printed: str, position: int) -> None:
        """Add the fields of a form: ``kind=box&size=3``."""
        for pair in printed.split("&"):
            name, sign, _ = pair.partition("=")
            if sign and re.fullmatch(r"[\w.\[\]-]+", name):
                # A form has no types: what its texts stand for is not known.
                sample = Sample("null", None, self.text.line(position))
                self.fields.append((name, sample))

    def command(self, start: int, end: int) -> Command:
        """Return the command that was read between two positions."""
        request = self.body.sample if self.body else None
        if request is None and self.fields:
            request = Sample("object", None, self.fields[0][1].line, tuple(self.fields))
        line = self.text.line(start)
        return Command(
            method=(self.method or ("POST" if request else "GET")).upper(),
            method_line=line if self.method_at is None else self.text.line(self.method_at),
            url=self.url,
            url_line=line if self.url_at is None else self.text.line(self.url_at),
            headers=tuple(self.headers),
            request=request,
            start=start,
            end=end,
            notes=(*self.notes, *(self.body.notes if self.body else ())),
            whole=self.body is None or self.body.whole,
        )


def read_body(text: Text, word: Word | None, position: int) -> tuple[Parsed | None, int]:
    """Return the JSON at a position where a body begins, and the position behind its quote.

    In double quotes every quote of the JSON is escaped; it is read on the lines where it stands.
    """
    content = text.content
    raw = content[word.inside : word.end] if word else ""
    if word and ((word.quote == '"' and '\\"' in raw) or "'\\''" in raw):
        above = "\n" * (text.line(word.inside) - 1)
        parsed = read_sample(Text.of(tuple((above + word.value.strip()).split("\n"))), len(above))
        return parsed, word.end
    match = re.compile(r"\$?(?P<quote>['\"])?\s*(?=[{\[])").match(content, position)
    parsed = read_sample(text, match.end()) if match else None
    if not (match and parsed):
        return None, word.end if word else position
    closing = re.compile(rf"\s*{match['quote'] or ''}").match(content, parsed.end)
    return parsed, closing.end() if closing else parsed.end


_URL = re.compile(
    r"(?P<server>[a-z]+://[^/?#]*|[^/?#]*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?.*", re.DOTALL
)
_PARAMETER_SPELLING = re.compile(
    r"\$\{(\w+)\}|\$(\w+)|\{\{\s*([\w.-]+)\s*\}\}|<([\w -]+)>|(?<=/):([A-Za-z]\w*)"
)
_KNOWN_SERVER = re.compile(r"[a-z]+://[\w.-]+(?::\d+)?")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts; the server is None where the page writes a variable for it."""

    server: str | None
    path: str | None
    query: tuple[str, ...] = ()


def read_address(url: str) -> Address:
    """Return the parts of an address; parameters of its path are written as ``{name}``.

    Example: ``$BASE/crates/:id`` is the path ``/crates/{id}`` on an unknown server.
    """
    match = _URL.fullmatch(url.strip())
    if not match:
        return Address(None, None)
    server = match["server"] if _KNOWN_SERVER.fullmatch(match["server"]) else None
    path = _PARAMETER_SPELLING.sub(_parameter, match["path"] or "/")
    query = re.findall(r"(?:^|&)([\w.\[\]-]+)=", match["query"] or "")
    return Address(server, path, tuple(dict.fromkeys(query)))


def _parameter(match: re.Match[str]) -> str:
    name = next(group for group in match.groups() if group)
    return "{" + re.sub(r"\W+", "_", name) + "}"


_BREAK = re.compile(r"(?:[ \t]*(?:\\|\^|`)?[ \t]*(?:\n|\Z))+[ \t]*|[ \t]+")
_HEREDOC = re.compile(r"<<-?[ \t]*(?P<quote>['\"]?)(?P<end>\w+)(?P=quote)[^\n]*\n")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the shell reads it, where its text begins and where it ends, and its quote."""

    value: str
    start: int
    inside: int
    end: int
    quote: str


def skip_breaks(content: str, position: int, limit: int) -> int:
    """Return the position behind blanks, continuation marks and line ends."""
    match = _BREAK.match(content, position, limit)
    while match and match.end() > position:
        position = match.end()
        match = _BREAK.match(content, position, limit)
    return position


def read_word(content: str, start: int, limit: int) -> Word | None:
    """Return the word at a position, or None at a line end or where a quote is never closed.

    A word ends with its quote: what is squashed behind it is no longer the command.
    """
    parts: list[str] = []
    position, inside, quote = start, start, ""
    while position < limit and content[position] not in " \t\n":
        char = content[position]
        if char == "\\":
            if content[position + 1 : position + 2] in {"\n", ""}:
                break
            parts.append(content[position + 1])
            position += 2
        elif char in "'\"" or content.startswith("$'", position):
            position += char == "$"
            inside = inside if quote else position + 1
            quote = content[position]
            closing = _closing(content, position, limit)
            if closing is None:
                return None
            parts.append(_unescaped(content[position + 1 : closing], quote))
            position = closing + 1
            if content[position : position + 2] not in {"\\'", '\\"'} and char != "$":
                break
        else:
            parts.append(char)
            position += 1
    if position == start:
        return None
    return Word("".join(parts), start, inside, position, quote)


_DOUBLE_QUOTED = re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL)


def _closing(content: str, position: int, limit: int) -> int | None:
    """Return where the quote that opens at a position is closed."""
    if content[position] == "'":
        end = content.find("'", position + 1, limit)
        return end if end >= 0 else None
    inside = _DOUBLE_QUOTED.match(content, position + 1, limit)
    return inside.end() - 1 if inside else None


def _unescaped(text: str, quote: str) -> str:
    """Return the text inside quotes as the shell reads it."""
    return re.sub(r'\\(["\\$`])', r"\1", text) if quote == '"' else text


def here_document(content: str, position: int, limit: int) -> tuple[int, int] | None:
    """Return where a here-document that this line announces begins, and where it ends."""
    line_end = content.find("\n", position, limit)
    match = _HEREDOC.search(content, position, limit if line_end < 0 else line_end + 1)
    return (match.end(), _document_end(content, match, match.end(), limit)) if match else None


def _document_end(content: str, opening: re.Match[str], position: int, limit: int) -> int:
    """Return the position behind the word that ends a here-document."""
    end = re.compile(rf"^[ \t]*{opening['end']}\b[)\"' \t]*$", re.MULTILINE)
    closing = end.search(content, position, limit)
    return closing.end() if closing else limit


_BEHIND = re.compile(r"[ \t]*<<")
_ECHO = re.compile(r"\b(?:echo|printf)(?:[ \t]+-\w+)*[ \t]+(?=['\"])")


def read_input(draft: Draft, start: int, position: int, limit: int) -> int:
    """Read the body that a command takes from its input; return the position behind it.

    It is a here-document behind the command, or what is piped into the command: a here-document
    opened in front of it, or words that are echoed there.
    """
    content = draft.text.content
    document = here_document(content, position, limit)
    if document and _BEHIND.match(content, position):
        first = skip_breaks(content, document[0], limit)
        if draft.reads_input and draft.body is None:
            draft.body, _ = read_body(draft.text, None, first)
        return document[1]
    if draft.body is not None or not content[:start].rstrip().endswith("|"):
        return position
    line = content.rfind("\n", 0, start) + 1
    if opening := _HEREDOC.search(content[line:start] + "\n"):
        draft.body, end = read_body(draft.text, None, skip_breaks(content, position, limit))
        return _document_end(content, opening, end, limit) if draft.body else position
    for echo in _ECHO.finditer(content, 0, start):
        word = read_word(content, echo.end(), start)
        if word and content[word.end : start].strip() == "|":
            draft.body, _ = read_body(draft.text, word, echo.end())
    return position
