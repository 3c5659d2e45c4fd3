"""The table of what a hostile server can do.

A name, the fact it stands for, and what happens on a connection.
"""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from contracts.definition import loading
from contracts.schema.checks import validator

from .server import Act, Visit

ORDER: dict[str, Any] = {
    "id": "ord_1",
    "livemode": False,
    "organizationId": "org_1",
    "amount": 100,
    "amountCashback": None,
    "applicationFeeAmount": None,
    "customerEmail": "",
    "customerFirstName": "",
    "customerLastName": "",
    "customerPhoneNumber": "",
    "paymentGroupShareId": "KHT-1",
    "customerId": "cus_1",
    "currency": "EUR",
    "locale": "fr_FR",
    "status": "CREATED",
    "metadata": {},
    "paymentGroupId": "pg_1",
    "ambassadorId": None,
    "clientReferenceId": None,
    "riskLevel": "LOW",
    "createdAt": "2025-01-01T00:00:00Z",
    "createdBy": None,
    "updatedAt": "2025-01-01T00:00:00Z",
    "updatedBy": None,
}


def conforming(visit: Visit, **changed: Any) -> dict[str, Any]:
    """Make the order that a conforming server makes of a request, but for some members."""
    sent = None
    with suppress(ValueError):
        sent = json.loads(visit.body)
    given = (
        {name: value for name, value in sent.items() if value is not None}
        if isinstance(sent, dict)
        else {}
    )
    share_id = given.get("paymentGroupShareId") or f"KHT-{visit.number}"
    groups = {"paymentGroupShareId": share_id, "paymentGroupId": f"pg_{share_id}"}
    return {**ORDER, "id": f"ord_{visit.number}", **given, **groups, **changed}


def message(
    body: bytes | str, *headers: str, status: str = "201 Created", length: int | None = None
) -> bytes:
    """Write a whole HTTP/1.1 message; `length` is announced instead of the true one."""
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    size = len(data) if length is None else length
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: application/json",
        f"Content-Length: {size}",
        *headers,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + data


def always(data: bytes | str) -> Act:
    """Answer every request with the same bytes, then close."""

    def act(visit: Visit) -> None:
        if visit.read():
            visit.send(data)

    return act


def made(change: Callable[[Visit], bytes | str]) -> Act:
    """Answer with bytes made from the request, then close."""

    def act(visit: Visit) -> None:
        if visit.read():
            visit.send(change(visit))

    return act


def checked(change: Callable[[Visit], bytes | str]) -> Act:
    """Answer likewise, but refuse what has to be refused, as a server that conforms."""
    return made(lambda visit: owed(visit) or change(visit))


def owed(visit: Visit) -> bytes | None:
    """Return the refusal of a bad token or a body that breaks the page; None where none is owed."""
    if visit.token != TOKEN:
        return UNAUTHORIZED
    try:
        fits = DOCUMENTED.is_valid(json.loads(visit.body))
    except (ValueError, RecursionError):
        fits = False
    return None if fits else BAD_BODY


def then(data: bytes | str, last: Callable[[Visit], None]) -> Act:
    """Send bytes after a request was read, then do something."""

    def act(visit: Visit) -> None:
        if visit.read():
            visit.send(data)
            last(visit)

    return act


def forever(begin: bytes | str, piece: bytes, pause: float = 0.0) -> Act:
    """Send a beginning, then the same piece without end."""
    return then(begin, lambda visit: visit.pour(itertools.repeat(piece), pause))


def member(name: str, raw: str) -> Act:
    """Answer with a conforming order in which one member is raw text."""

    def change(visit: Visit) -> bytes:
        text = json.dumps(conforming(visit, **{name: "@@"}))
        return message(text.replace('"@@"', raw))

    return made(change)


def order(**changed: Any) -> Act:
    """Answer with an order that conforms but for some members."""
    return made(lambda visit: message(json.dumps(conforming(visit, **changed))))


def good(visit: Visit) -> bytes:
    """Give a conforming answer to whatever was asked."""
    return message(json.dumps(conforming(visit)))


def refusal(words: str, status: str = "400 Bad Request", *headers: str) -> Act:
    """Refuse everything with some words."""
    return always(
        message(json.dumps({"statusCode": 400, "message": words}), *headers, status=status)
    )


def early(visit: Visit) -> None:
    """Answer before a request was read, and never read it."""
    visit.send(message(json.dumps(ORDER)))
    visit.stopped.wait(0.05)


def keep(visit: Visit) -> None:
    """Conform, on a connection that stays open."""
    while visit.read():
        visit.send(owed(visit) or good(visit))


def unannounced(visit: Visit) -> None:
    """Answer as if the connection stayed open, and close it."""
    if visit.read():
        visit.send(good(visit))
        visit.stopped.wait(0.002)  # about when the next request is under way


def twice(visit: Visit) -> None:
    """Answer one request with two answers on a connection that stays open."""
    while visit.read():
        visit.send(good(visit) * 2)


def every_second(broken: Act) -> Act:
    """Conform in every first exchange and break every second."""

    def act(visit: Visit) -> None:
        if visit.number % 2:
            broken(visit)
        else:
            made(good)(visit)

    return act


def only_first(broken: Act) -> Act:
    """Break the first exchange and conform from then on."""

    def act(visit: Visit) -> None:
        (checked(good) if visit.number else broken)(visit)

    return act


def after(conforming: int, broken: Act) -> Act:
    """Conform a number of times, then break."""

    def act(visit: Visit) -> None:
        (broken if visit.number >= conforming else made(good))(visit)

    return act


def echo(change: Callable[[str], bytes | str]) -> Act:
    """Answer with something made of the token."""
    return made(lambda visit: change(visit.token))


def chunked(body: bytes) -> bytes:
    """Announce chunks and send what is given as they are."""
    return OPENING + b"Transfer-Encoding: chunked\r\n\r\n" + body


def nested(levels: int) -> str:
    """Write arrays in arrays."""
    return "[" * levels + "]" * levels


def base64_of(token: str) -> str:
    """Write what a server that logs basic authorization would."""
    return base64.b64encode(f"client:{token}".encode()).decode()


OPENING = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
CONTROL = "\x1b[31mred\x1b[0m \x07bell \x08back \x9b2J \u202eturned\u202c <script>alert(1)</script> & \r\nnew: line"  # noqa: E501
BOMB = gzip.compress(gzip.compress(b"\0" * 200_000_000, 6), 6)
PLAIN = json.dumps(ORDER)
HOST = "unknown-host.invalid"
TOKEN = "Hk7/tok+Sesame=9qZ~open.Wide42"
UNAUTHORIZED = message("{}", status="401 Unauthorized")
BAD_BODY = message("{}", status="400 Bad Request")
DOCUMENTED = validator(loading.load("kohort").request or {})
TOKEN_OF_NAME_CHARACTERS = "Hk7-tok+Sesame!9qZ~open.Wide42"

ABORTS = frozenset({3})
EITHER = frozenset({1, 3})
HARMLESS = frozenset({0})
ANY = frozenset({0, 1, 3})


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a server does, the fact that a run against it shows, and the exit statuses that fit."""

    fact: str
    act: Act | None  # None: there is no server
    exits: frozenset[int] = EITHER
    url: str = "http://127.0.0.1:{port}"
    token: str = TOKEN


BEHAVIOURS: dict[str, Behaviour] = {
    # connections that end
    "closed_at_once": Behaviour(
        "a connection closed before the request is read", lambda _: None, ABORTS
    ),
    "reset_at_once": Behaviour(
        "a connection reset before the request is read", Visit.reset, ABORTS
    ),
    "closed_before_answer": Behaviour("a connection closed without an answer", always(b""), ABORTS),
    "reset_before_answer": Behaviour(
        "a connection reset without an answer", then(b"", Visit.reset), ABORTS
    ),
    "closed_in_status_line": Behaviour(
        "an answer that ends in its status line", always("HTTP/1.1 20"), ABORTS
    ),
    "reset_in_status_line": Behaviour(
        "a reset in the status line", then("HTTP/1.1 20", Visit.reset), ABORTS
    ),
    "closed_in_headers": Behaviour(
        "an answer that ends in its headers", always(OPENING + b"Content-Le"), ABORTS
    ),
    "reset_in_headers": Behaviour(
        "a reset in the headers", then(OPENING + b"Content-Le", Visit.reset), ABORTS
    ),
    "closed_in_body": Behaviour(
        "a body that ends too early", always(message('{"id": "o', length=500))
    ),
    "reset_in_body": Behaviour(
        "a reset in the body", then(message('{"id": "o', length=500), Visit.reset)
    ),
    "answers_early": Behaviour("an answer that comes before the request was read", early, ANY),
    "closes_unannounced": Behaviour(
        "kept connections that are closed without a word", unannounced, ANY
    ),
    "connection_refused": Behaviour("a port on which nothing listens", None, ABORTS),
    "unknown_host": Behaviour("a host name that nobody has", None, ABORTS, f"http://{HOST}"),
    "impossible_host": Behaviour(
        "a host name that no name server takes", None, ABORTS, f"http://{'a' * 70}.invalid"
    ),
    "plain_http_on_tls": Behaviour(
        "plain HTTP where TLS is expected",
        lambda visit: visit.send(message(PLAIN)),
        ABORTS,
        "https://127.0.0.1:{port}",
    ),
    "silence_on_tls": Behaviour(
        "a TLS handshake that never goes on", Visit.hang, EITHER, "https://127.0.0.1:{port}"
    ),
    "garbage_on_tls": Behaviour(
        "bytes that are no TLS",
        lambda visit: visit.send(b"\x16\x03\x01\xff\xff" * 99),
        ABORTS,
        "https://127.0.0.1:{port}",
    ),
    # answers that never end
    "hang_before_answer": Behaviour(
        "a request that is never answered", then(b"", Visit.hang), ABORTS
    ),
    "hang_in_headers": Behaviour("headers that stop half way", then(OPENING, Visit.hang)),
    "hang_in_body": Behaviour(
        "a body that stops half way", then(message('{"id', length=500), Visit.hang)
    ),
    "hang_after_some": Behaviour(
        "a server that stops answering in the middle of a run", after(9, then(b"", Visit.hang))
    ),
    "every_second_hangs": Behaviour(
        "every second request is never answered", every_second(then(b"", Visit.hang))
    ),
    "drip_in_headers": Behaviour(
        "a header of one byte at a time for ever", forever(OPENING + b"X-Drip: ", b"x", 0.05)
    ),
    "drip_in_status_line": Behaviour(
        "a status line of one byte at a time", forever(b"HTTP/1.1 201 ", b"x", 0.05)
    ),
    "drip_in_body": Behaviour(
        "a body of one byte at a time for ever", forever(message("[", length=10**9), b" ", 0.05)
    ),
    "drip_in_chunks": Behaviour(
        "chunks of one byte for ever", forever(chunked(b""), b"1\r\n \r\n", 0.05)
    ),
    "endless_body": Behaviour(
        "a body without a length that never ends", forever(OPENING + b"\r\n", b"[" * 65536)
    ),
    "endless_spaces": Behaviour(
        "a body of nothing but spaces", forever(message("", length=10**15), b" " * 65536)
    ),
    "endless_chunks": Behaviour(
        "chunks without end", forever(chunked(b""), b"10000\r\n" + b"0" * 65536 + b"\r\n")
    ),
    "endless_chunk_extension": Behaviour(
        "a chunk size without end", forever(chunked(b"1;x="), b"x" * 65536)
    ),
    "endless_trailers": Behaviour(
        "trailers without end", forever(chunked(b"0\r\n"), b"X-Trailer: x\r\n" * 999)
    ),
    "endless_headers": Behaviour("headers without end", forever(OPENING, b"X-More: x\r\n" * 999)),
    "endless_header_name": Behaviour("a header name without end", forever(OPENING, b"x" * 65536)),
    "endless_status_line": Behaviour(
        "a reason phrase without end", forever(b"HTTP/1.1 201 ", b"x" * 65536)
    ),
    "continue_flood": Behaviour(
        "100 without end", forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99)
    ),
    "processing_flood": Behaviour(
        "102 without end", forever(b"", b"HTTP/1.1 102 Processing\r\n\r\n", 0.05)
    ),
    "early_hints_flood": Behaviour(
        "103 without end",
        forever(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" * 99),
    ),
    # lengths and encodings
    "length_too_long": Behaviour(
        "a Content-Length beyond the body", always(message(PLAIN, length=5000))
    ),
    "length_too_short": Behaviour(
        "a Content-Length that cuts the body", always(message(PLAIN, length=50))
    ),
    "length_too_short_kept": Behaviour(
        "a Content-Length that cuts the body, on a kept connection",
        then(message(PLAIN, length=50), Visit.hang),
    ),
    "length_huge": Behaviour("a Content-Length of 2**80", always(message("{}", length=2**80))),
    "length_of_many_digits": Behaviour(
        "a Content-Length of 4,000 digits", always(message("{}", length=int("9" * 4000)))
    ),
    "length_negative": Behaviour("a negative Content-Length", always(message("{}", length=-1))),
    "lengths_differ": Behaviour(
        "two Content-Lengths that differ", always(message(PLAIN, "Content-Length: 10"))
    ),
    "length_and_chunks": Behaviour(
        "a Content-Length and chunks at once",
        always(
            OPENING + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        ),
    ),
    "two_answers": Behaviour("two answers to one request", twice, ANY),
    "chunk_size_no_number": Behaviour(
        "a chunk size that is no number", always(chunked(b"zz\r\n{}\r\n0\r\n\r\n"))
    ),
    "chunk_size_negative": Behaviour(
        "a negative chunk size", always(chunked(b"-2\r\n{}\r\n0\r\n\r\n"))
    ),
    "chunk_size_huge": Behaviour("a chunk size of 2**400", always(chunked(b"f" * 100 + b"\r\n{}"))),
    "chunk_size_wrong": Behaviour(
        "a chunk that is longer than its size", always(chunked(b"2\r\n{}}}\r\n0\r\n\r\n"))
    ),
    "chunks_unfinished": Behaviour("chunks without the last one", always(chunked(b"2\r\n{}\r\n"))),
    "transfer_encoding_unknown": Behaviour(
        "an unknown transfer encoding", always(OPENING + b"Transfer-Encoding: brotli\r\n\r\n{}")
    ),
    "gzip_bomb": Behaviour(
        "200 MB of zeros in two coats of gzip",
        always(message(BOMB, "Content-Encoding: gzip, gzip")),
    ),
    "gzip_bomb_in_one_coat": Behaviour(
        "200 MB of zeros in 200 kB",
        always(message(gzip.decompress(BOMB), "Content-Encoding: gzip")),
    ),
    "gzip_of_nothing": Behaviour(
        "a body that is not the gzip it says", always(message(PLAIN, "Content-Encoding: gzip"))
    ),
    "gzip_cut": Behaviour(
        "gzip that ends early",
        always(message(gzip.compress(PLAIN.encode())[:-20], "Content-Encoding: gzip")),
    ),
    "deflate_garbage": Behaviour(
        "garbage said to be deflate", always(message(b"\xff" * 99, "Content-Encoding: deflate"))
    ),
    "deflate_without_header": Behaviour(
        "deflate without its header, as many send it",
        checked(
            lambda v: message(
                zlib.compress(json.dumps(conforming(v)).encode())[2:-4], "Content-Encoding: deflate"
            )
        ),
        HARMLESS,
    ),
    "encoding_unknown": Behaviour(
        "an unknown content encoding", always(message(b"\x8b\x01", "Content-Encoding: br"))
    ),
    "encoding_many_times": Behaviour(
        "a content encoding named thousands of times",
        always(message(b"x", "Content-Encoding: " + "gzip, " * 9999)),
    ),
    # heads
    "thousands_of_headers": Behaviour(
        "thousands of headers", always(message(PLAIN, *(f"x{n}:" for n in range(9000))))
    ),
    "hundreds_of_headers": Behaviour(
        "hundreds of long headers",
        checked(lambda v: message(json.dumps(conforming(v)), *[f"X-More: {'x' * 90}"] * 900)),
        HARMLESS,
    ),
    "megabyte_header": Behaviour(
        "a header of a megabyte", always(message(PLAIN, "X-Long: " + "x" * 2**20))
    ),
    "header_with_nul": Behaviour("NUL in a header", always(message(PLAIN, "X-Nul: a\0b"))),
    "header_with_controls": Behaviour(
        "control characters in a header", always(message(PLAIN, "X-Red: \x1b[31m\x07"))
    ),
    "header_with_high_bytes": Behaviour(
        "a header in no known character set",
        always(message(PLAIN, "X-High: \x9b2J\xff\x85 <script>", "Location: \xff\x9b")),
    ),
    "header_without_colon": Behaviour(
        "a header without a colon", always(message(PLAIN, "nonsense"))
    ),
    "header_without_name": Behaviour(
        "a header without a name", always(message(PLAIN, ": nonsense"))
    ),
    "header_folded": Behaviour(
        "a header folded over lines", always(message(PLAIN, "X-Folded: a", "  b"))
    ),
    "headers_twice": Behaviour(
        "headers that may come once, twice", always(message(PLAIN, "Content-Type: text/\x9bhtml"))
    ),
    "charset_odd": Behaviour(
        "an unknown charset with control characters",
        always(message(PLAIN).replace(b"/json\r\n", b'/json; charset="\xe2\x80\xae\x9b1m"\r\n', 1)),
    ),
    "bare_newlines": Behaviour(
        "lines that end in a bare LF", always(message(PLAIN).replace(b"\r\n", b"\n")), ANY
    ),
    "status_line_garbage": Behaviour(
        "a status line of garbage", always(b"\xff\xfe\0\x1b[31m\r\n\r\n")
    ),
    "status_line_empty": Behaviour("empty lines for a status line", always(b"\r\n\r\n\r\n\r\n")),
    "status_line_without_status": Behaviour(
        "a status line without a status", always("HTTP/1.1\r\n\r\n{}")
    ),
    "status_000": Behaviour("status 000", always(message(PLAIN, status="000 Nothing"))),
    "status_99": Behaviour("status 99", always(message(PLAIN, status="99 Nothing"))),
    "status_099": Behaviour("status 099", always(message(PLAIN, status="099 Nothing"))),
    "status_999": Behaviour("status 999", always(message(PLAIN, status="999 Everything"))),
    "status_1000": Behaviour("status 1000", always(message(PLAIN, status="1000 Everything"))),
    "status_negative": Behaviour("status -20", always(message(PLAIN, status="-20 Created"))),
    "status_of_other_digits": Behaviour(
        "a status in superscript digits", always(message(PLAIN, status="\xb2\xb9\xb9 x"))
    ),
    "http_0_9": Behaviour("an answer without a head, as of HTTP/0.9", always(PLAIN)),
    "http_2": Behaviour(
        "the preface of HTTP/2", always(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x12\x04\0\0\0\0\0")
    ),
    "http_3_0": Behaviour(
        "a version that there is not", always(message(PLAIN).replace(b"1.1", b"3.0", 1))
    ),
    "other_protocol": Behaviour(
        "the greeting of a mail server", lambda visit: visit.send(b"220 mail ESMTP\r\n")
    ),
    "switching_protocols": Behaviour(
        "101 that nobody asked for",
        always("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
    ),
    "early_hints": Behaviour(
        "an early hint before a conforming answer",
        checked(lambda v: b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + good(v)),
        HARMLESS,
    ),
    "no_content": Behaviour("204 for an order", always("HTTP/1.1 204 No Content\r\n\r\n")),
    "not_modified": Behaviour("304 for an order", always("HTTP/1.1 304 Not Modified\r\n\r\n")),
    "redirect_loop": Behaviour(
        "a redirect to itself", refusal("", "307 Temporary Redirect", "Location: /orders")
    ),
    "redirect_away": Behaviour(
        "a redirect elsewhere",
        refusal("", "308 Permanent Redirect", f"Location: http://{HOST}/orders"),
    ),
    "redirect_nowhere": Behaviour(
        "a Location that is no address",
        refusal("", "302 Found", "Location: http://[::1:x]:99999/\x7f"),
    ),
    "retry_after_for_ever": Behaviour(
        "Retry-After of a century", refusal("", "429 Slow", "Retry-After: 3153600000"), ABORTS
    ),
    "retry_after_huge": Behaviour(
        "Retry-After of 900 digits", refusal("", "503 Later", "Retry-After: " + "9" * 900), ABORTS
    ),
    "retry_after_odd_date": Behaviour(
        "Retry-After of a year that no calendar has, once",
        only_first(refusal("", "429 Slow", "Retry-After: Mon, 01 Jan 99999999999 00:00:00 GMT")),
        HARMLESS,
    ),
    # bodies
    "nested_100_000": Behaviour("JSON nested 100,000 deep", always(message(nested(100_000)))),
    "nested_900": Behaviour("JSON nested 900 deep", always(message(nested(900)))),
    "nested_in_a_member": Behaviour(
        "a member nested 100,000 deep", member("metadata", nested(100_000))
    ),
    "nested_refusal": Behaviour(
        "a refusal whose message is nested 150 deep",
        always(message('{"message": ' + nested(150) + "}", status="400 Bad")),
    ),
    "many_values": Behaviour(
        "990,000 values in one body", member("metadata", "[" + "{}," * 990_000 + "1]")
    ),
    "many_names": Behaviour(
        "40,000 members in one body",
        member("metadata", "{" + ",".join(f'"{number}":{{}}' for number in range(40_000)) + "}"),
    ),
    "too_many_values": Behaviour(
        "three million values in one body", member("metadata", "[" + "0," * 3_000_000 + "1]")
    ),
    "large_body": Behaviour(
        "a body just under the limit, in wide characters",
        member("customerEmail", f'"😀{"x" * 12_580_000}"'),
    ),
    "large_refusal": Behaviour(
        "a refusal of twenty megabytes", refusal("x" * 20_000_000, "400 Bad Request")
    ),
    "long_names": Behaviour(
        "names of 100,000 characters, twice",
        member("metadata", f'{{"{"n" * 99_000}": 1, "{"n" * 99_000}": "\\u001b"}}'),
    ),
    "many_undocumented_members": Behaviour(
        "thousands of members that nobody knows, other ones in each answer",
        checked(
            lambda v: message(
                json.dumps(
                    conforming(v) | {f"\x1b{v.number}-{n}-{'x' * 9}": 0 for n in range(5000)}
                )
            )
        ),
        HARMLESS,
    ),
    "long_ids": Behaviour(
        "ids of 120,000 characters",
        checked(lambda v: message(json.dumps(conforming(v, id=f"\x1b{v.number:05}" * 20_000)))),
        HARMLESS,
    ),
    "integer_of_10_000_digits": Behaviour(
        "a number of 10,000 digits", member("amount", "7" * 10_000)
    ),
    "fraction_of_10_000_digits": Behaviour(
        "a fraction of 10,000 digits", member("amount", "0." + "7" * 10_000)
    ),
    "exponent_large": Behaviour("1e999999999", member("amount", "1e999999999")),
    "exponent_small": Behaviour("1e-999999999", member("amount", "1e-999999999")),
    "exponent_of_30_digits": Behaviour(
        "an exponent of 30 digits", member("amount", "-1e" + "9" * 30)
    ),
    "numbers_in_refusal": Behaviour(
        "enormous numbers in a refusal",
        always(
            message(
                '{"message": [1e999999999, -1e99999999999999999999, ' + "7" * 10_000 + "]}",
                status="400 Bad",
            )
        ),
    ),
    "not_a_number": Behaviour("NaN and Infinity", member("amount", "[NaN, Infinity, -Infinity]")),
    "names_twice": Behaviour("a name that occurs twice", member("amount", '1, "amount": 2')),
    "lone_surrogates": Behaviour(
        "halves of surrogate pairs", member("customerEmail", r'"\ud800 \udc00 \udfff\ud800"')
    ),
    "lone_surrogate_names": Behaviour(
        "half a surrogate pair in a name", member("metadata", r'{"\ud800": "\ud800"}')
    ),
    "surrogate_bytes": Behaviour("a surrogate as three bytes", always(message('{"id": "\ud800"}'))),
    "utf_16": Behaviour("a body in UTF-16", always(message(PLAIN.encode("utf-16")))),
    "utf_7": Behaviour("bytes that are no UTF-8", always(message(b'{"id": "\xff\xfe\x80"}'))),
    "byte_order_mark": Behaviour(
        "a byte order mark", made(lambda v: message("\ufeff" + json.dumps(conforming(v))))
    ),
    "nul_bytes": Behaviour("a body of NUL bytes", always(message(b"\0" * 1000))),
    "nul_in_text": Behaviour("NUL in a string", member("customerEmail", '"a\0b"')),
    "nul_escaped": Behaviour("NUL in a string, escaped", order(customerEmail="a\0b", id="\0")),
    "controls_everywhere": Behaviour(
        "escape sequences, direction marks and markup in every string",
        made(
            lambda v: message(
                json.dumps(
                    {
                        name: CONTROL if text is None or isinstance(text, str) else text
                        for name, text in conforming(v).items()
                    }
                )
            )
        ),
    ),
    "controls_in_refusal": Behaviour(
        "escape sequences and markup in a refusal",
        refusal(CONTROL, "400 Bad", "X-Note: [bold]a[/]"),
    ),
    "controls_in_page": Behaviour(
        "escape sequences in a page of HTML", always(message(CONTROL, status="400 Bad"))
    ),
    "controls_in_names": Behaviour(
        "escape sequences in names", order(metadata={CONTROL: 1}, **{CONTROL: 1})
    ),
    "controls_in_live_mode": Behaviour(
        "live mode, with escape sequences in its id", order(livemode=True, id=CONTROL), ABORTS
    ),
    "not_json": Behaviour(
        "a page of HTML with status 201", always(message("<!doctype html><title>It works</title>"))
    ),
    "empty_body": Behaviour("no body at all", always(message(""))),
    "other_types": Behaviour("an array for an order", always(message('[[], "order", null]'))),
    "members_of_other_types": Behaviour(
        "every member of another type", order(**{name: [{"message": name}] for name in ORDER})
    ),
    "server_error": Behaviour("500 for everything", refusal("Oops", "500 Internal Server Error")),
    "flaky": Behaviour(
        "every second exchange is closed without an answer", every_second(always(b""))
    ),
    "flaky_reset": Behaviour(
        "every second exchange is reset in the body",
        every_second(then(message("{", length=9), Visit.reset)),
    ),
    "flaky_status": Behaviour(
        "every second exchange is a 500", every_second(refusal("Oops", "500 Oops"))
    ),
    # answers that show the token
    "echo_in_refusal": Behaviour(
        "the token in a refusal",
        echo(lambda t: message(json.dumps({"message": f"no {t}!"}), status="403 No")),
    ),
    "echo_in_error": Behaviour(
        "the token in an error", echo(lambda t: message(json.dumps({"error": t}), status="500 No"))
    ),
    "echo_of_request": Behaviour(
        "the whole request in an answer",
        made(lambda v: message(json.dumps({"id": v.head, "message": v.head}))),
    ),
    "echo_at_a_cut": Behaviour(
        "the token where a long text is cut",
        echo(
            lambda t: message(
                json.dumps({"message": "x" * 140 + t, "more": "x" * 19_830 + t}), status="400 Bad"
            )
        ),
    ),
    "echo_in_headers": Behaviour(
        "the token in headers",
        echo(
            lambda t: message(
                "{}", f"X-Token: {t}", f"Set-Cookie: t={quote(t, safe='')}", f"Location: /{t}"
            )
        ),
    ),
    "echo_in_header_name": Behaviour(
        "the token in the name of a header",
        echo(lambda t: message("{}", f"X-{t}: x", f"{t.upper()}: {t.upper()}")),
        token=TOKEN_OF_NAME_CHARACTERS,
    ),
    "echo_in_reason": Behaviour(
        "the token in the reason phrase", echo(lambda t: message("{}", status=f"403 {t}"))
    ),
    "echo_in_status_line": Behaviour(
        "the token in a broken status line", echo(lambda t: f"HTTP/1.1 {t}\r\n\r\n")
    ),
    "echo_in_broken_header": Behaviour(
        "the token in a broken header", echo(lambda t: message("{}", f"{t}\0"))
    ),
    "echo_in_length": Behaviour(
        "the token for a length", echo(lambda t: message("{}").replace(b"h: 2", f"h: {t}".encode()))
    ),
    "echo_in_chunk_size": Behaviour(
        "the token for a chunk size", echo(lambda t: chunked(t.encode() + b"\r\n{}\r\n0\r\n\r\n"))
    ),
    "echo_in_base64": Behaviour(
        "the token in base64 at every offset",
        echo(
            lambda t: message(
                json.dumps(
                    {"message": base64_of(t), "a": base64_of("x" + t), "b": base64_of("xx" + t)}
                ),
                status="400 Bad",
            )
        ),
    ),
    "echo_in_other_codes": Behaviour(
        "the token in codes that are read back by eye or by a tool",
        echo(
            lambda t: message(
                json.dumps(
                    {
                        "message": t.encode().hex(),
                        "capitals": t.encode().hex().upper(),
                        "percent": "".join(f"%{letter:02x}" for letter in t.encode()),
                        "twice": "".join(f"%25{letter:02x}" for letter in t.encode()),
                        "entities": "".join(f"&#{letter};" for letter in t.encode()),
                        "escapes": "".join(f"\\u{letter:04x}" for letter in t.encode()),
                        "wide": "".join(chr(letter + 0xFEE0) for letter in t.encode()),
                        "no_width": "\u200b".join(t),
                        "folded": f"{t[:12]}=\r\n{t[12:]}",
                        "lines": f"{t[:9]}\n  {t[9:]}",
                    }
                ),
                status="400 Bad",
            )
        ),
    ),
    "echo_in_url": Behaviour(
        "the token in an address, in both cases of hexadecimal digits",
        echo(
            lambda t: message(
                json.dumps({"message": f"/?t={quote(t, safe='')} {quote(t, safe='').lower()}"}),
                status="400 Bad",
            )
        ),
    ),
    "echo_in_order": Behaviour(
        "the token in an order",
        made(
            lambda v: message(
                json.dumps(conforming(v, id=v.token, metadata={v.token: v.token}, status=v.token))
            )
        ),
    ),
    "echo_with_escaped_slashes": Behaviour(
        "the token in JSON that escapes slashes",
        echo(lambda t: message(json.dumps({"message": t}).replace("/", r"\/"), status="400 Bad")),
    ),
    "echo_in_live_mode": Behaviour(
        "the token in the id of a live order",
        made(lambda v: message(json.dumps(conforming(v, id=v.token, livemode=True)))),
        ABORTS,
    ),
    # what is well
    "conforming_keep_alive": Behaviour("no misbehaviour at all", keep, HARMLESS),
}
