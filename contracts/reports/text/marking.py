"""Messages as lines, those that show the violation marked."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from contracts import clause_ids
from contracts.reports.record import FindingRecord
from contracts.reports.text import wording
from contracts.schema.jsontext import escape

DEEPEST = 60  # levels of nesting that are laid out; deeper bodies are shown as they came
HEADERS = {clause_ids.MEDIA_TYPE: "content-type", clause_ids.CHARSET: "content-type"}


class Line(NamedTuple):
    """One line of a message, and whether it shows the violation."""

    text: str
    marked: bool = False


class _Number(str):
    """A number as it was written: no digit is lost."""

    __slots__ = ()


class _Members(list[tuple[str, Any]]):
    """An object with its members in order, repeated ones too."""


def request(finding: FindingRecord) -> list[Line]:
    """Lay out the request of a finding."""
    sent = finding["request"]
    clause = finding["clause"]
    of_address = clause_ids.is_about(clause, clause_ids.ADDRESS)
    of_credential = clause_ids.is_about(clause, clause_ids.AUTHORIZATION)
    lines = [Line(f"{sent['method']} {sent['url']}", of_address)]
    for name, value in sent["headers"].items():
        marked = of_credential and name.lower() == "authorization"
        lines.append(Line(f"{name}: {value}", marked))
    if clause == clause_ids.ABSENT:
        lines.append(Line("(no Authorization header)", marked=True))
    if sent["body"] is None:
        return lines
    pointers = (p.partition("#")[2] for p in finding["places"] if p.startswith("request#"))
    return [*lines, Line(""), *body(sent["body"], next(pointers, None))]


def response(finding: FindingRecord) -> list[Line]:
    """Lay out the response of a finding, or say that there was none."""
    got = finding["response"]
    clause = finding["clause"]
    if "failure" in got:
        return [Line(f"{wording.answered(got)}: {got['detail']}", marked=True)]
    about_status = clause == clause_ids.STATUS or finding["kind"] in ("refusal", "acceptance")
    lines = [Line(f"{got['status']}", about_status or got["status"] >= 500)]
    headers = _headers_of(finding)
    lines += [Line(f"{name}: {value}", name in headers) for name, value in got["headers"]]
    if "content-type" in headers and not any(line.marked for line in lines):
        lines.append(Line("(no Content-Type header)", marked=True))
    if not got["body"]:
        return lines
    # a finding about members of the request alone marks none of the answer's
    about_answer = any(place.startswith("response#") for place in finding["places"])
    place = finding["place"] if about_answer or not finding["places"] else ""
    return [*lines, Line(""), *body(got["body"], place or None)]


def _headers_of(finding: FindingRecord) -> list[str]:
    """Return the names of the headers that a finding is about."""
    clause = finding["clause"]
    if clause == clause_ids.SINGLE_HEADERS:
        return finding["got"].split(", ")
    return [HEADERS[clause]] if clause in HEADERS else []


def messages(finding: FindingRecord) -> tuple[tuple[str, list[Line]], ...]:
    """Return what was sent and what came back, each with its name."""
    return ("request", request(finding)), ("response", response(finding))


def body(text: str, place: str | None) -> list[Line]:
    """Lay out a body, JSON a member a line, with the one at `place` marked, or the gap for it."""
    try:
        value = json.loads(
            text,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
            object_pairs_hook=_Members,
        )
    except (ValueError, RecursionError):
        return [Line(line) for line in text.split("\n")]
    if not isinstance(value, list):
        return [Line(_scalar(value), place == "")]
    try:
        return list(_Layout(place, _nearest(value, place) if place else None).lines(value))
    except RecursionError:
        return [Line(text)]


class _Layout(NamedTuple):
    """What is marked: the member at `place`, or where it should be in the container at `gap`."""

    place: str | None
    gap: str | None

    def lines(self, value: Any, pointer: str = "", name: str = "", end: str = "") -> Iterator[Line]:
        """Yield the lines of the value at a pointer, with `name` before it and `end` behind it."""
        depth = pointer.count("/")
        if depth > DEEPEST:
            raise RecursionError
        indent = "  " * depth
        here = pointer == self.place
        if not isinstance(value, list) or (not value and pointer != self.gap):
            yield Line(f"{indent}{name}{_scalar(value)}{end}", here)
            return
        opening, closing = "{}" if isinstance(value, _Members) else "[]"
        yield Line(f"{indent}{name}{opening}", here)
        if pointer == self.gap and self.place:
            yield Line(f"{indent}  (nothing at {self.place})", marked=True)
        for index, item in enumerate(value):
            key = str(index)
            child = item
            label = ""
            if isinstance(value, _Members):
                key, child = item
                label = f"{json.dumps(key, ensure_ascii=False)}: "
            comma = "," if index < len(value) - 1 else ""
            yield from self.lines(child, f"{pointer}/{escape(key)}", label, comma)
        yield Line(f"{indent}{closing}{end}", here)


def _nearest(value: Any, place: str) -> str | None:
    """Return the pointer of the innermost container around a place; None if something is there."""
    pointer = ""
    for token in place.split("/")[1:]:
        children: dict[str, Any] = {}
        if isinstance(value, _Members):
            children = {escape(key): child for key, child in value}
        elif isinstance(value, list):
            children = {str(index): child for index, child in enumerate(value)}
        if token not in children:
            return pointer if isinstance(value, list) else None
        value = children[token]
        pointer = f"{pointer}/{token}"
    return None


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        return "{}" if isinstance(value, _Members) else "[]"
    if isinstance(value, _Number):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
