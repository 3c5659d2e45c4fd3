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
    plain = encode(sample(smallest))
    for name, body in _written(plain):
        yield draft.open(f"body.{name}", f"a body {name}", body)
    for name, headers in HEADERS.items():
        yield draft.open(f"body.{name}", f"a body {name}", smallest, headers=headers)
    for name, media in MEDIA_TYPES.items():
        yield draft.open(f"media_type.{name}", f"media type {name}", media_type=media)


def _written(plain: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of JSON objects that are heavy or that few writers would write."""

    def more(member: bytes) -> bytes:
        comma = b"" if plain == b"{}" else b","
        return plain[:-1] + comma + b'"unknownMember":' + member + b"}"

    for levels in NESTED:
        yield f"nested {levels:,} deep", more(b"[" * levels + b"]" * levels)
    for name, size in HEAVY:
        yield f"of {name}", more(b'"' + b"x" * size + b'"')
    wide = b",".join(b'"m%d":1' % number for number in range(MEMBERS))
    yield f"of {MEMBERS:,} members", more(b"{" + wide + b"}")
    yield "with half a surrogate pair", more(b'"\\ud800"')
    yield "with a number beyond doubles", more(b"1e400")
    yield "with NaN", more(b"NaN")
    twice = more(b'1,"unknownMember":2') if plain == b"{}" else plain[:-1] + b"," + plain[1:]
    yield "with its names twice", twice
    yield "with a byte order mark", b"\xef\xbb\xbf" + plain
    yield "not in UTF-8", more(b'"\xe9\xff"')
