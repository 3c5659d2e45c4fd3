"""Operators on a message: each function yields (place, changed response) pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from contracts.model import Response

SINGLETONS = frozenset(
    {"content-type", "content-length", "date", "etag", "last-modified", "location", "server"}
)


def _status(*statuses: int) -> MessageRule:
    def change(answer: Response) -> Iterator[tuple[str, Response]]:
        for status in statuses:
            if status != answer.status:
                yield "status", replace(answer, status=status)

    return change


def _media_type(*texts: str) -> MessageRule:
    """Return a rule that sets Content-Type to each text; ``{type}`` is the media type before."""

    def change(answer: Response) -> Iterator[tuple[str, Response]]:
        essence = (answer.header("content-type") or "").partition(";")[0].strip()
        for text in texts:
            kept = tuple(header for header in answer.headers if header[0] != "content-type")
            named = ("content-type", text.format(type=essence))
            yield "content-type", replace(answer, headers=(*kept, named))

    return change


def _header_dropped(answer: Response) -> Iterator[tuple[str, Response]]:
    """Drop Content-Type; the other headers are such as HTTP does without."""
    if answer.header("content-type") is not None:
        kept = tuple(header for header in answer.headers if header[0] != "content-type")
        yield "content-type", replace(answer, headers=kept)


def _header_twice(answer: Response) -> Iterator[tuple[str, Response]]:
    """Repeat each header that has one value only, and contradict Content-Type."""
    for name, value in answer.headers:
        if name in SINGLETONS:
            yield name, replace(answer, headers=(*answer.headers, (name, value)))
    if answer.header("content-type") is not None:
        other = ("content-type", "text/html")
        yield "content-type", replace(answer, headers=(*answer.headers, other))


def _text(*changes: Callable[[bytes], bytes]) -> MessageRule:
    def change(answer: Response) -> Iterator[tuple[str, Response]]:
        for change_text in changes:
            yield "text", replace(answer, body=change_text(answer.body))

    return change


MessageRule = Callable[[Response], Iterator[tuple[str, Response]]]

MESSAGES: dict[str, MessageRule] = {
    "status_2xx": _status(200, 201, 202),
    "status_3xx": _status(302),
    "status_4xx": _status(400, 404, 409),
    "status_5xx": _status(500, 502),
    "media_type": _media_type(
        "text/html", "text/plain", "application/xml", "application/octet-stream"
    ),
    "charset": _media_type("{type}; charset=iso-8859-1", "{type}; charset=utf-16"),
    "charset_twice": _media_type("{type}; charset=utf-8; charset=iso-8859-1"),
    "header_dropped": _header_dropped,
    "header_twice": _header_twice,
    "cut_off": _text(
        lambda body: body[: len(body) // 2], lambda body: body[:-1].rstrip(b"}"), lambda _: b""
    ),
    "trailing_text": _text(lambda body: body + b" and more", lambda body: body + body),
    "byte_order_mark": _text(lambda body: b"\xef\xbb\xbf" + body),
}
