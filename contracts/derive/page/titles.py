"""Lines that name an operation: a method and a path, on one line or on several."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.derive.page.lines import Line

_METHOD = r"(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)"
_URL = r"(?P<url>(?:https?://[^\s/]+|\{\{\w+\}\}|\$\{?\w+\}?)?/\S*)"
_ONE_LINE = re.compile(
    rf"(?:(?:Endpoint|URL|Request|HTTP Request|Operation)\s*:?\s+)?`?{_METHOD}(?:\s+|(?=/)){_URL}`?"
    r"(?:\s+HTTP/[\d.]+)?",
    re.IGNORECASE,
)
_ALONE = re.compile(_METHOD, re.IGNORECASE)
_ADDRESS = re.compile(_URL)


@dataclass(frozen=True, slots=True)
class Title:
    """The method and the address of an operation, with the lines of each."""

    method: str
    url: str
    method_line: int
    first: int
    last: int


def titles(lines: Sequence[Line]) -> list[Title]:
    """Return what the page names as operations, in order."""
    out = []
    for at, line in enumerate(lines):
        match = _ONE_LINE.fullmatch(line.text)
        if match:
            url = match["url"].rstrip("`")
            out.append(Title(match["method"].upper(), url, line.number, line.number, line.number))
        elif _ALONE.fullmatch(line.text):
            title = _below(lines, at)
            out += [title] if title else []
    return out


def _below(lines: Sequence[Line], at: int) -> Title | None:
    """Return the operation whose address stands below its method, in one piece or in several."""
    start = at + 1
    if start < len(lines) and not lines[start].text:
        start += 1
    if start >= len(lines) or not _ADDRESS.fullmatch(lines[start].text):
        return None
    end = start + 1
    while end < len(lines) and lines[end].text and _goes_on(lines[end].text, lines[end - 1].text):
        end += 1
    url = "".join(line.text for line in lines[start:end])
    method = lines[at].text.upper()
    return Title(method, url, lines[at].number, lines[start].number, lines[end - 1].number)


def _goes_on(text: str, before: str) -> bool:
    """Whether a line goes on with a path: a slash after a name, a name after a slash."""
    if before.endswith("/"):
        return bool(re.fullmatch(r"[\w.{}:~$@-]+(?:/[\w.{}:~$@-]*)*", text))
    return bool(re.fullmatch(r"/\S*", text))
