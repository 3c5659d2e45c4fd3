"""The sections of a listed page: its headings, and the answers of each status."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.derive.keywords import OPTION_LABELS
from contracts.derive.language.constraints import read_label
from contracts.derive.listed.entries import starts_member
from contracts.derive.page.lines import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Headings by what stands below them, as the renderers of docs pages write them.
_HEADINGS = {
    "authorization": "authorizations, authorization, authentication, security, credentials",
    "header": "headers, header parameters, header params, request headers",
    "path": "path parameters, path params, uri parameters, url parameters, path",
    "query": "query parameters, query params, query string parameters, query string, query",
    "cookie": "cookies, cookie parameters",
    "request": "body, request body, body parameters, body params, request body schema, request schema, request, "  # noqa: E501
    "request parameters, payload, request payload, request fields",
    "response": "response, responses, response body, response schema, returns, response fields, "
    "response attributes, response parameters",
    "parameters": "parameters, arguments",
    "refusal": "errors, error responses, error codes",
    "sample": "request samples, response samples, request sample, response sample, request example, "  # noqa: E501
    "response example, example request, example response, code samples, callbacks",
}
_KINDS = {title.strip(): kind for kind, row in _HEADINGS.items() for title in row.split(",")}
_HEADING = re.compile(
    r"(?P<title>[A-Z][A-Za-z ]{3,30}?)\s*:?(?:\s*(?P<media>(?:application|multipart|text)/\S+))?"
)
#: Headings inside the answers, which begin no new section there.
_INSIDE_ANSWERS = frozenset({"body", "response body", "response schema", "response", "schema"})
#: Tabs of samples, which are called like sections.
_INSIDE_SAMPLES = frozenset({"payload", "body", "request", "response", "headers", "query"})
_STATUS = re.compile(
    r"(?P<status>[1-5]\d\d|[1-5]XX|default)(?:\s*[-\u2013\u00b7:]?\s*(?P<words>\S.*))?",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"[A-Z(][\w'()-]*\.?(?: [\w'()/-]+\.?){0,5}|(?:application|text|multipart)/\S.*"
)
_FAILS = re.compile(
    r"\b(?:error|invalid|not valid|bad request|unauthori[sz]ed|forbidden|not match|conflict|unprocessable"  # noqa: E501
    r"|fail\w*|denied|refused|rejected|too many)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the lines below it; `status` is the one that the section is about."""

    kind: str
    line: int
    lines: tuple[Line, ...]
    status: str | None = None


def section_of(text: str) -> str | None:
    """Return the kind of section that a line is the heading of, or None."""
    match = _HEADING.fullmatch(text)
    return _KINDS.get(match["title"].lower()) if match else None


def sections(lines: Sequence[Line]) -> tuple[Section, ...]:
    """Return the page in sections; the first is what stands above all headings."""
    lines = list(lines)
    cuts: list[tuple[int, str]] = []
    for at in range(len(lines)):
        kind = _heading(lines, at, cuts[-1][1] if cuts else "top")
        if kind == "inside":
            _empty(lines, at)
            kind = "response" if cuts[-1][1] == "response headers" else None
        if kind:
            cuts.append((at, kind))
    if not cuts:
        return (Section("top", 1, tuple(lines)),)
    out = [Section("top", 1, tuple(lines[: cuts[0][0]]))]
    ends = [*(at for at, _ in cuts[1:]), len(lines)]
    for (at, kind), end in zip(cuts, ends, strict=True):
        below = tuple(lines[at + 1 : end])
        media = _HEADING.fullmatch(lines[at].text)
        if media and media["media"]:
            below = (Line(lines[at].number, media["media"]), *below)
        section = Section(kind, lines[at].number, below)
        out += _answers(section) if kind in {"response", "refusal"} else [section]
    return tuple(out)


def _empty(lines: list[Line], at: int) -> None:
    """Take a heading inside an answer away; a media type behind it stays."""
    match = _HEADING.fullmatch(lines[at].text)
    lines[at] = Line(lines[at].number, (match["media"] if match else None) or "")


def _heading(lines: Sequence[Line], at: int, above: str) -> str | None:
    """Return the kind of section that begins at a line, below a section of some kind."""
    text = lines[at].text
    kind = section_of(text)
    # A member may be called like a heading; then its type line follows at once.
    if kind is None or (" " not in text and starts_member(lines, at)):
        return None
    title = text.split(":")[0].strip().lower()
    if above == "sample" and title in _INSIDE_SAMPLES:
        return None
    if above in {"response", "response headers"}:
        if title == "headers":
            return "response headers"
        if title in _INSIDE_ANSWERS:
            return "inside"
    if kind == "authorization" and above == "authorization" and not _filled(lines, at):
        return None
    return kind


def _filled(lines: Sequence[Line], at: int) -> bool:
    """Whether something stands between a line and the heading above it."""
    while at and not lines[at - 1].text:
        at -= 1
    return section_of(lines[at - 1].text if at else "") is None


def _answers(section: Section) -> list[Section]:
    """Return a section about answers once for each status that it tells apart."""
    cuts = [at for at in range(len(section.lines)) if _is_status(section.lines, at)]
    # Tabs of several statuses stand in one block: what follows them is the answer of the first.
    cuts = [at for at in cuts if at - 1 not in cuts]
    if not cuts:
        return [section]
    out: list[Section] = []
    ends = [*cuts[1:], len(section.lines)]
    for at, end in zip(cuts, ends, strict=True):
        status = _STATUS.fullmatch(section.lines[at].text)
        lines = section.lines[at:end] if out else section.lines[:end]
        line = section.lines[at].number if out else section.line
        first = status["status"].lower() if status else None
        out.append(Section(section.kind, line, tuple(lines), first))
    return [_refusal(answer) for answer in out]


def _refusal(answer: Section) -> Section:
    """Return an answer as a refusal where its status, or the words for "default", say so."""
    status = answer.status or ""
    words = " ".join(line.text for line in answer.lines[:3])
    failing = status == "default" and bool(_FAILS.search(words))
    refuses = status[:1] in {"4", "5"} or failing or answer.kind == "refusal"
    return Section("refusal" if refuses else "response", answer.line, answer.lines, answer.status)


def _is_status(lines: Sequence[Line], at: int) -> bool:
    """Whether a line begins an answer: a status with its words, and no value of a member."""
    match = _STATUS.fullmatch(lines[at].text)
    if not match or (match["words"] and not _REASON.fullmatch(match["words"])):
        return False
    if match["status"].lower() == "default" and (match["words"] or starts_member(lines, at)):
        return False
    above = at - 1
    while above >= 0 and lines[above].text and not starts_member(lines, above):
        label = read_label(lines[above].text)
        if label and (label.name in OPTION_LABELS or not label.rest):
            return False
        above -= 1
    return True
