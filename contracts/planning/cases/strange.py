"""Requests that are heavy or strangely written: they may be refused, and no server may fail."""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.model import Case
from contracts.planning.bodies.templates import sample
from contracts.planning.draft import Draft
from contracts.schema.jsontext import encode

NESTED = (500, 5_000)
HEAVY = (("150 kB", 150_000), ("1 MB", 1_000_000))
MEMBERS = 10_000
# header fields beside the usual ones, by what is strange about the request
HEADERS: Mapping[str, Mapping[str, str]] = {
    "in an unknown content encoding": {"Content-Encoding": "x-unknown"},
    "that is not in its content encoding": {"Content-Encoding": "gzip"},
    "in chunks of odd sizes": {"Transfer-Encoding": "chunked"},
    "that waits to be asked for": {"Expect": "100-continue"},
    "behind a header of 16 kB": {"X-Filler": "x" * 16_384},
}
MEDIA_TYPES = {
    "with charset=latin-1": "application/json; charset=iso-8859-1",
    "of text": "text/plain",
    "absent": None,
}


def strange_bodies(draft: Draft, smallest: Any) -> Iterator[Case]:
    """Yield cases with strange bodies and media types; the plan puts other cases between them.

    The bodies are made of the `smallest`, in which nothing has to be new each time.
    """
    for label, body in written(encode(sample(smallest))):
        yield draft.open(label.replace("a body ", "body."), label, body)
    for name, headers in HEADERS.items():
        yield draft.open(f"body.{name}", f"a body {name}", smallest, headers=headers)
    for name, media in MEDIA_TYPES.items():
        yield draft.open(f"media_type.{name}", f"media type {name}", media_type=media)


def written(plain: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (label, bytes) of JSON objects that are heavy or that few writers would write."""

    def more(member: bytes) -> bytes:
        comma = b"" if plain == b"{}" else b","
        return plain[:-1] + comma + b'"unknownMember":' + member + b"}"

    for levels in NESTED:
        yield f"a body nested {levels:,} deep", more(b"[" * levels + b"]" * levels)
    for name, size in HEAVY:
        yield f"a body of {name}", more(b'"' + b"x" * size + b'"')
    wide = b",".join(b'"m%d":1' % number for number in range(MEMBERS))
    yield f"a body of {MEMBERS:,} members", more(b"{" + wide + b"}")
    yield "a body with half a surrogate pair", more(b'"\\ud800"')
    yield "a body with a number beyond doubles", more(b"1e400")
    yield "a body with NaN", more(b"NaN")
    twice = more(b'1,"unknownMember":2') if plain == b"{}" else plain[:-1] + b"," + plain[1:]
    yield "a body with its names twice", twice
    yield "a body with a byte order mark", b"\xef\xbb\xbf" + plain
    yield "a body not in UTF-8", more(b'"\xe9\xff"')
