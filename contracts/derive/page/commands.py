"""The requests that a page shows, in whatever notation, and the samples of both bodies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.derive.model import Note, Notes
from contracts.derive.page.sample import Parsed, Sample, Text, read_sample

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_URL = re.compile(
    r"(?P<server>[a-z]+://[^/?#]*|[^/?#]*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?.*", re.DOTALL
)
_PARAMETER_SPELLING = re.compile(
    r"\$\{(\w+)\}|\$(\w+)|\{\{\s*([\w.-]+)\s*\}\}|<([\w -]+)>|(?<=/):([A-Za-z]\w*)"
)
_KNOWN_SERVER = re.compile(r"[a-z]+://[\w.-]+(?::\d+)?")
_BREAK = re.compile(r"(?:[ \t]*(?:\\|\^|`)?[ \t]*(?:\n|\Z))+[ \t]*|[ \t]+")
_HEREDOC = re.compile(r"<<-?[ \t]*(?P<quote>['\"]?)(?P<end>\w+)(?P=quote)[^\n]*\n")
_ECHO = re.compile(r"\b(?:echo|printf)(?:[ \t]+-\w+)*[ \t]+(?=['\"])")
#: What stands behind an opening quote, its end included.
_QUOTED = {"'": re.compile(r"[^']*'"), '"': re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL)}


@dataclass(frozen=True, slots=True)
class Header:
    """A header of a request with its line."""

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


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts; the server is None where the page writes a variable for it."""

    server: str | None
    path: str | None
    query: Mapping[str, str] = field(default_factory=dict)


def read_address(url: str) -> Address:
    """Return the parts of an address: ``$BASE/crates/:id`` has the path ``/crates/{id}``."""
    match = _URL.fullmatch(url.strip())
    if not match:
        return Address(None, None)
    server = match["server"] if _KNOWN_SERVER.fullmatch(match["server"]) else None
    path = _PARAMETER_SPELLING.sub(_parameter, match["path"] or "/")
    query = re.findall(r"(?:^|&)([\w.\[\]-]+)=([^&]*)", match["query"] or "")
    return Address(server, path, dict(query))


def _parameter(match: re.Match[str]) -> str:
    name = next(group for group in match.groups() if group)
    return "{" + re.sub(r"\W+", "_", name) + "}"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the shell reads it, where its text begins and where it ends, and its quote."""

    value: str
    start: int
    inside: int
    end: int
    quote: str


@dataclass
class Draft:
    """What is known of the command that begins at `start`, read up to a position."""

    text: Text
    start: int
    limit: int
    position: int
    method: str | None = None
    url: str | None = None
    url_at: int | None = None
    headers: list[Header] = field(default_factory=list)
    body: Parsed | None = None
    fields: list[tuple[str, Sample]] = field(default_factory=list)
    reads_input: bool = False
    notes: Notes = field(default_factory=Notes)

    @property
    def next_position(self) -> int:
        """The position behind blanks, continuation marks and line ends."""
        return self.skip(self.position)

    def skip(self, position: int) -> int:
        """Return the position behind what parts the words of a command."""
        while match := _BREAK.match(self.text.content, position, self.limit):
            if match.end() == position:
                break
            position = match.end()
        return position

    def word(self, position: int) -> Word | None:
        """Return the word at a position, or None at a line end."""
        return read_word(self.text.content, position, self.limit)

    def add_header(self, printed: str, position: int) -> None:
        """Add a header as it is printed: ``Name: value``."""
        name, _, value = printed.partition(":")
        if name.startswith("@"):
            self.notes.add(self.text.line(position), f"headers stand in a file: {printed}")
        else:
            self.headers.append(Header(name.strip(), value.strip(), self.text.line(position)))

    def add_default_header(self, name: str, value: str, position: int) -> None:
        """Add a header that an option implies, unless it is given."""
        if name.lower() not in {header.name.lower() for header in self.headers}:
            self.headers.append(Header(name, value, self.text.line(position)))

    def add_form(self, printed: str, position: int) -> None:
        """Add the fields of a form: ``kind=box&size=3``, whose types are not known."""
        for pair in printed.split("&"):
            name, sign, _ = pair.partition("=")
            if sign and re.fullmatch(r"[\w.\[\]-]+", name):
                self.fields.append((name, Sample("null", None, self.text.line(position))))

    def read_body(self, position: int, word: Word | None = None) -> int | None:
        """Read JSON at a position, perhaps in quotes; return the place behind it, or None."""
        content = self.text.content
        raw = content[word.inside : word.end] if word else ""
        if word and ((word.quote == '"' and '\\"' in raw) or "'\\''" in raw):
            above = "\n" * (self.text.line(word.inside) - 1)
            lines = Text.of(tuple((above + word.value.strip()).split("\n")))
            parsed = read_sample(lines, len(above))
            end = word.end
        else:
            match = re.compile(r"\$?(?P<quote>['\"])?\s*(?=[{\[])").match(content, position)
            parsed = read_sample(self.text, match.end()) if match else None
            closing = rf"\s*(?:{match['quote']})?" if match and match["quote"] else r"\s*"
            behind = re.compile(closing).match(content, parsed.end) if parsed else None
            end = behind.end() if behind else position
        self.body = self.body or parsed
        return end if parsed else None

    def read_document(self, position: int) -> int | None:
        """Read the body in the here-document that a line announces; return the position behind."""
        line_end = self.text.content.find("\n", position, self.limit)
        end = self.limit if line_end < 0 else line_end + 1
        opening = _HEREDOC.search(self.text.content, position, end)
        if opening is None:
            return None
        self.read_body(self.skip(opening.end()))
        return self._document_end(opening, opening.end())

    def _document_end(self, opening: re.Match[str], position: int) -> int:
        """Return the position behind the word that ends a here-document."""
        end = re.compile(rf"^[ \t]*{opening['end']}\b[)\"' \t]*$", re.MULTILINE)
        closing = end.search(self.text.content, position, self.limit)
        return closing.end() if closing else self.limit

    def read_input(self) -> None:
        """Read a body from the command's input: a here-document, or what is piped."""
        content = self.text.content
        body = self.body
        if re.compile(r"[ \t]*<<").match(content, self.position):
            end = self.read_document(self.position)
            if end is not None:
                self.body = self.body if self.reads_input else body
                self.position = end
                return
        if self.body is not None or not content[: self.start].rstrip().endswith("|"):
            return
        line = content.rfind("\n", 0, self.start) + 1
        if opening := _HEREDOC.search(content[line : self.start] + "\n"):
            end = self.read_body(self.next_position)
            self.position = self._document_end(opening, end) if end else self.position
            return
        for echo in _ECHO.finditer(content, 0, self.start):
            word = read_word(content, echo.end(), self.start)
            if word and content[word.end : self.start].strip() == "|":
                self.body = None
                self.read_body(echo.end(), word)

    def command(self) -> Command:
        """Return the command that was read up to the position."""
        request = self.body.sample if self.body else None
        if request is None and self.fields:
            request = Sample("object", None, self.fields[0][1].line, tuple(self.fields))
        line = self.text.line(self.start)
        return Command(
            method=(self.method or ("POST" if request else "GET")).upper(),
            method_line=line,
            url=self.url,
            url_line=line if self.url_at is None else self.text.line(self.url_at),
            headers=tuple(self.headers),
            request=request,
            start=self.start,
            end=self.position,
            notes=(*self.notes, *(self.body.notes if self.body else ())),
            whole=self.body is None or self.body.whole,
        )


def read_word(content: str, start: int, limit: int) -> Word | None:
    """Return the word at a position, up to the end of its quote; None at a line end."""
    parts: list[str] = []
    position = start
    inside = start
    quote = ""
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
            quoted = _QUOTED[quote].match(content, position + 1, limit)
            if quoted is None:
                return None
            text = quoted[0][:-1]
            parts.append(re.sub(r'\\(["\\$`])', r"\1", text) if quote == '"' else text)
            position = quoted.end()
            goes_on = char == "$" or content[position : position + 1] == "="
            if content[position : position + 2] not in {"\\'", '\\"'} and not goes_on:
                break
        else:
            parts.append(char)
            position += 1
    if position > start:
        return Word("".join(parts), start, inside, position, quote)
    return None
