"""Words of a shell command, with their positions on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


def _closing(content: str, position: int, limit: int) -> int | None:
    """Return where the quote that opens at a position is closed."""
    quote = content[position]
    at = position + 1
    while at < limit:
        if content[at] == "\\" and quote == '"':
            at += 2
            continue
        if content[at] == quote:
            return at
        at += 1
    return None


def _unescaped(text: str, quote: str) -> str:
    """Return the text inside quotes as the shell reads it."""
    return re.sub(r'\\(["\\$`])', r"\1", text) if quote == '"' else text


def here_document(content: str, position: int, limit: int) -> tuple[int, int] | None:
    """Return where a here-document that this line announces begins, and where it ends."""
    line_end = content.find("\n", position, limit)
    match = _HEREDOC.search(content, position, limit if line_end < 0 else line_end + 1)
    if not match:
        return None
    end = re.compile(rf"^[ \t]*{match['end']}\b[)\"' \t]*$", re.MULTILINE)
    closing = end.search(content, match.end(), limit)
    return match.end(), closing.end() if closing else limit
