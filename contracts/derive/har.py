"""HAR, traffic that a browser or a proxy recorded: `read(raw, name)`."""

import base64
import binascii
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from contracts.derive import exchanges
from contracts.derive.marked import Part, read_marked
from contracts.derive.model import Derived
from contracts.derive.operation import is_json, plain_media_type
from contracts.derive.samples import Sample, sample_of
from contracts.errors import UsageError

__all__ = ["read"]


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return a record of each operation that was called: what loads pages is left out."""
    root, _ = read_marked(raw, name)
    entries = root.get("log").get("entries")
    if not isinstance(entries.value, list):
        raise UsageError(f"{name} is no HAR: it has no log with entries")
    read_calls = (_call(entry) for entry in entries.elements())
    calls = [call for call in read_calls if call is not None and _is_operation(call)]
    if not calls:
        raise UsageError(f"{name} is a HAR in which nothing sends or answers JSON")
    return exchanges.operations_of(templated(calls))


def _is_operation(call: exchanges.Call) -> bool:
    changes = call.method.text in ("POST", "PUT", "PATCH", "DELETE")
    return (
        changes or call.body is not None or any(answer.body is not None for answer in call.answers)
    )


def _call(entry: Part) -> exchanges.Call | None:
    request = entry.get("request")
    method = request.text("method")
    address = _split(request.text("url"))
    if method is None or address is None:
        return None
    server, path = address
    place = request.get("url")
    word = request.get("method")
    headers = tuple(_pairs(request, "headers"))
    call = exchanges.Call(
        exchanges.Said(method.upper(), word.span),
        exchanges.Said(path, place.span),
        exchanges.Said(server, place.span),
        query=tuple(_pairs(request, "queryString")),
        headers=headers,
        answers=tuple(_answers(entry.get("response"))),
    )
    return _with_body(exchanges.with_header_credentials(call), request.get("postData"))


def _split(url: str | None) -> tuple[str, str] | None:
    """Return the server and the path of an address over HTTP."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname
        server = f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        return None
    if host and parts.scheme in ("http", "https"):
        return (server, parts.path or "/")
    return None


def _pairs(part: Part, name: str) -> Iterator[exchanges.Pair]:
    for each in part.get(name).elements():
        title = each.text("name")
        if title:
            yield exchanges.Pair(title, each.text("value") or "", each.span)


def _with_body(call: exchanges.Call, part: Part) -> exchanges.Call:
    text = part.text("text")
    name = plain_media_type(part.text("mimeType"))
    if not text:
        return call
    media = exchanges.Said(name, part.span) if name is not None else None
    return exchanges.with_body(call, text, part.get("text").span, media)


def _answers(part: Part) -> Iterator[exchanges.Answer]:
    """Yield the answer, if there is one: a status of 0 is a request that was stopped."""
    status = part.get("status").value
    content = part.get("content")
    if not exchanges.is_status(status):
        return
    media = plain_media_type(content.text("mimeType"))
    yield exchanges.Answer(status, media, _content(content) if is_json(media) else None, part.span)


def _content(part: Part) -> Sample | None:
    text = part.get("text")
    if not isinstance(text.value, str):
        return None
    if part.text("encoding") != "base64":
        return sample_of(text.value, text.span)
    try:
        return sample_of(base64.b64decode(text.value).decode(), text.span)
    except (binascii.Error, ValueError):
        return None


#: A number, a UUID, a long run of hexadecimal digits, a ULID: no name of anything.
_ID = re.compile(
    r"\d+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{16,}|[0-9A-HJKMNP-TV-Z]{26}"
)
_VERSION = re.compile(r"v\d+(\.\d+)*", re.IGNORECASE)
#: A version without its letter: only right behind the host, as in ``/2/files``.
_BARE_VERSION = re.compile(r"\d{1,2}(\.\d+)?")


def templated(calls: Sequence[exchanges.Call]) -> list[exchanges.Call]:
    """Return calls with the ids in their paths replaced: ``/orders/17`` becomes ``/orders/{id}``.

    A segment with a digit in it is an id as well where several calls differ in nothing else.
    """
    paths = [call.path.text.split("/") for call in calls]
    alike: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for call, path in zip(calls, paths, strict=True):
        for place in filter(lambda place: _may_be_id(path, place), range(len(path))):
            alike[_beside(call, path, place)].add(path[place])
    out = []
    for call, path in zip(calls, paths, strict=True):
        others = [len(alike.get(_beside(call, path, place), ())) for place in range(len(path))]
        flags = [
            _may_be_id(path, place) and (_ID.fullmatch(path[place]) is not None or count > 1)
            for place, count in enumerate(others)
        ]
        out.append(_with_template(call, path, flags))
    return out


def _beside(call: exchanges.Call, path: list[str], place: int) -> tuple[str, ...]:
    """Return what calls share that differ in one segment only."""
    return call.method.text, *path[:place], "{}", *path[place + 1 :]


def _may_be_id(path: Sequence[str], place: int) -> bool:
    """Whether a segment may name one of many: it has a digit, and is no version."""
    piece = path[place]
    numbered = any(map(str.isdigit, piece)) or _ID.fullmatch(piece) is not None
    is_first = place == 1  # before it is what precedes the first slash: nothing
    is_version = _VERSION.fullmatch(piece) or (is_first and _BARE_VERSION.fullmatch(piece))
    return numbered and not is_version


def _with_template(call: exchanges.Call, path: list[str], flags: list[bool]) -> exchanges.Call:
    """Put names in the place of ids: ``{id}``, or with the noun before each of several."""
    several = sum(flags) > 1
    pieces: list[str] = []
    values: list[exchanges.Pair] = []
    for place, (piece, is_id) in enumerate(zip(path, flags, strict=True)):
        if not is_id:
            pieces.append(piece)
            continue
        noun = path[place - 1].removesuffix("s") if place and not flags[place - 1] else ""
        name = f"{re.sub(r'[^A-Za-z0-9]', '', noun)}Id" if several and noun else "id"
        while any(pair.name == name for pair in values):
            name += "2"
        pieces.append(f"{{{name}}}")
        values.append(exchanges.Pair(name, piece, call.path.span))
    return replace(
        call, path=exchanges.Said("/".join(pieces), call.path.span), values=tuple(values)
    )
