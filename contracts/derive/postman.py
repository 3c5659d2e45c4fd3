"""Postman collections of the formats 2.0 and 2.1: `read(raw, name)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from contracts.derive.described import Description
from contracts.derive.exchanges import (
    NOWHERE,
    Answer,
    Call,
    Pair,
    Said,
    is_status,
    operations_of,
    with_body,
    with_header_credentials,
)
from contracts.derive.marked import Array, Object, Part, read_marked
from contracts.derive.model import Derived, Json, Note, Notes, Span
from contracts.derive.operation import credential, is_json, plain_media_type
from contracts.derive.page.commands import read_address
from contracts.derive.samples import VARIABLE, Sample, sample_of
from contracts.errors import UsageError

__all__ = ["read"]
_FORMS = {
    "urlencoded": "application/x-www-form-urlencoded",
    "formdata": "multipart/form-data",
    "graphql": "application/json",
    "file": "application/octet-stream",
}
_SCHEMES = {"bearer": "Bearer", "oauth2": "Bearer", "jwt": "Bearer", "basic": "Basic"}
#: The variables that a collection fills in, by their names.
Variables = Mapping[str, str]
_ADDRESS = re.compile(
    r"(?P<base>(?:[a-z][a-z0-9+.-]*://)?(?:\{\{[^{}]+\}\}|[^/?#{}])*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?.*",
    re.DOTALL,
)
_MOST_ROUNDS = 5


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return a record of each operation of a collection; UsageError where there is none."""
    root, _ = read_marked(raw, name)
    collection = root.get("collection") or root
    if not collection.get("item"):
        raise UsageError(
            f"{name} is no Postman collection of the format 2.0 or 2.1{_instead(collection)}"
        )
    variables = with_variables({}, collection)
    auth = credentials_of(collection.get("auth"), Credentials())
    operations = operations_of(_calls(collection, auth, variables))
    if not operations:
        raise UsageError(f"{name} is a Postman collection without a request")
    return operations


def _instead(collection: Part) -> str:
    if isinstance(collection.value, Object) and {"requests", "order"} <= collection.value.keys():
        return ": it has the format 1; export it as Collection v2.1"
    if collection.get("values"):
        return ": it is an environment; export the collection"
    return ""


def _calls(folder: Part, auth: Credentials, variables: Variables) -> Iterator[Call]:
    """Yield the requests of a folder and its folders, each with the credentials it inherits."""
    for item in folder.get("item").elements():
        if isinstance(item.value, Object) and isinstance(item.value.get("item"), Array):
            yield from _calls(
                item, credentials_of(item.get("auth"), auth), with_variables(variables, item)
            )
            continue
        request = item.get("request")
        if isinstance(request.value, str | Object):
            own = credentials_of(request.get("auth"), auth)
            call = call_of(request, item.get("response"), own, variables)
            if call is not None:
                yield call


def call_of(request: Part, saved: Part, auth: Credentials, variables: Variables) -> Call | None:
    """Return a request with its answers, or None where it has no address."""
    word = (request.text("method") or "GET").upper()
    line = request.get("method").span.first
    address = request if isinstance(request.value, str) else request.get("url") or request
    call = call_to(address, Said(word, Span(line, line)), variables)
    if call is None:
        return None
    call = replace(
        call,
        headers=tuple(_headers(request.get("header"))),
        credentials=auth.values,
        credentials_span=auth.span,
        notes=(*call.notes, *auth.notes),
        description=_description(request, address),
    )
    return _with_answers(_with_body(with_header_credentials(call), request.get("body")), saved)


def _description(request: Part, address: Part) -> Description | None:
    """Return what a request and its parameters are described as; the format has two forms."""
    parts = [("path", address.get("variable")), ("query", address.get("query"))]
    rows = [
        (place, each.text("key") or "", each.text("value") or "", _text(each.get("description")))
        for place, part in parts
        for each in part.elements()
    ]
    part = request.get("description")
    told = _text(part) or any(text for *_, text in rows)
    return Description(_text(part), (part or request).span, rows) if told else None


def _text(part: Part) -> str:
    return part.value if isinstance(part.value, str) else part.text("content") or ""


def _headers(part: Part) -> Iterator[Pair]:
    """Yield the headers that are switched on; the older format may write them as one text."""
    if isinstance(part.value, str):
        for line in part.value.splitlines():
            name, colon, value = line.partition(":")
            if colon:
                yield Pair(name.strip(), value.strip(), part.span)
    for each in part.elements():
        key = each.text("key")
        if key and not each.is_true("disabled"):
            yield Pair(key, each.text("value") or "", each.span)


def _with_body(call: Call, part: Part) -> Call:
    mode = part.text("mode")
    if mode is None or part.is_true("disabled"):
        return call
    content = part.get(mode) or part
    if mode in _FORMS:
        name = _FORMS[mode]
        note = Note(content.span.first, f"a body of the kind {mode} is not read")
        return replace(call, media_type=Said(name, content.span), notes=(*call.notes, note))
    text = content.value if isinstance(content.value, str) else ""
    if mode != "raw" or not text.strip():
        return call
    return _with_raw_body(call, part, text, content.span)


def _with_raw_body(call: Call, part: Part, text: str, span: Span) -> Call:
    header = next((pair for pair in call.headers if pair.name.lower() == "content-type"), None)
    name = plain_media_type(header.value) if header is not None else None
    language = part.get("options").get("raw").text("language")
    media = Said(name, header.span) if name is not None and header is not None else None
    if name is None and language in {None, "json", "text"} and sample_of(text, span):
        media = Said("application/json", span)
    return with_body(call, text, span, media, language)


def _with_answers(call: Call, saved: Part) -> Call:
    answers, notes = [], Notes()
    for part in saved.elements():
        answer = _answer(part)
        if answer is None:
            notes.add(part.span, "a saved answer without a status is not read")
            continue
        answers.append(answer)
    return replace(call, answers=tuple(answers), notes=(*call.notes, *notes))


def _answer(part: Part) -> Answer | None:
    """Return a saved answer, or None where it has no status; only JSON counts as its body."""
    code = part.get("code")
    if not is_status(code.value):
        return None
    headers = {pair.name.lower(): pair.value for pair in _headers(part.get("header"))}
    media = plain_media_type(headers.get("content-type"))
    body = part.get("body")
    sample: Sample | None = None
    if isinstance(body.value, str) and (media is None or is_json(media)):
        sample = sample_of(body.value, body.span)
    if media is None and sample is not None:
        media = "application/json"
    return Answer(code.value, media, sample, part.span)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request sends to say who asks; a kind that is not understood is a note."""

    values: tuple[Json, ...] = ()
    span: Span = NOWHERE
    notes: tuple[Note, ...] = ()


def credentials_of(part: Part, inherited: Credentials) -> Credentials:
    """Return the credentials that an `auth` states; without one, those that are inherited."""
    if part.value is None:
        return inherited
    kind = str(part.text("type")).lower()
    if kind == "noauth":
        return Credentials()
    if kind in _SCHEMES:
        return Credentials((credential("Authorization", _SCHEMES[kind]),), part.span)
    if kind == "apikey":
        values = _values(part.get("apikey"))
        place = "query" if values.get("in") == "query" else "header"
        return Credentials((credential(values.get("key") or "X-Api-Key", place=place),), part.span)
    note = Note(part.span.first, f"the credentials of type {kind!r} are not read")
    return Credentials(notes=(note,))


def _values(part: Part) -> dict[str, str]:
    """Return settings: format 2.0 writes an object, 2.1 a list of keys and values."""
    pairs = [(each.text("key") or "", each.get("value")) for each in part.elements()]
    stated = ((name, each.value) for name, each in pairs or part.members())
    return {name: value for name, value in stated if isinstance(value, str)}


def call_to(part: Part, method: Said, variables: Variables) -> Call | None:
    """Return a request by its method and its address; None where there is no address."""
    text = part.value if isinstance(part.value, str) else part.text("raw") or _joined(part)
    match = _ADDRESS.fullmatch(text.strip()) if text else None
    if match is None:
        return None
    line = part.get("raw")
    base = fill(match["base"], variables).rstrip("/")
    path = read_address(match["path"] or "/").path or "/"
    notes = Notes()
    if VARIABLE.search(base) or not base:
        notes.add(line.span, f"the host {base or 'of the request'} is not known here")
    elif "://" not in base:
        base = f"https://{base}"
    server = Said(base, line.span) if base and not VARIABLE.search(base) else None
    values = _path_values(part, path, variables)
    query = _query(part, match["query"])
    return Call(method, Said(path, line.span), server, values, query, notes=tuple(notes))


def _joined(part: Part) -> str:
    """Return the address that is written in parts, as the format allows without `raw`."""
    host = _with(".", part.get("host"))
    protocol = part.text("protocol")
    start = f"{protocol}://{host}" if protocol else host
    return f"{start}/{_with('/', part.get('path'))}" if start else ""


def _with(separator: str, part: Part) -> str:
    if isinstance(part.value, str):
        return part.value.strip("/")
    pieces = [
        each.value if isinstance(each.value, str) else each.text("value") or ""
        for each in part.elements()
    ]
    return separator.join(pieces)


def _path_values(part: Part, path: str, variables: Variables) -> tuple[Pair, ...]:
    values = {
        each.text("key") or each.text("id") or "": (each.text("value") or "", each.span)
        for each in part.get("variable").elements()
    }
    written = part.get("raw").span
    names = re.findall(r"\{([^{}]+)\}", path)
    filled = {name: (fill("{{" + name + "}}", variables), written) for name in names}
    return tuple(Pair(name, *{**filled, **values}[name]) for name in names)


def _query(part: Part, written: str | None) -> tuple[Pair, ...]:
    """Return the parameters of the query, also those that are switched off."""
    pairs = [
        Pair(each.text("key") or "", each.text("value") or "", each.span)
        for each in part.get("query").elements()
    ]
    if not part.get("query"):
        parsed = parse_qsl(written or "", keep_blank_values=True)
        pairs = [Pair(name, value, part.span) for name, value in parsed]
    return tuple(pair for pair in pairs if pair.name and not VARIABLE.fullmatch(pair.name))


def with_variables(known: Variables, folder: Part) -> Variables:
    """Return variables with those of a folder, which come first; one without a value is unknown."""
    values = dict(known)
    for part in folder.get("variable").elements():
        name = part.text("key") or part.text("id")
        value = part.get("value")
        if name and value and isinstance(value.value, str | int | float) and value.value != "":
            values[name] = str(value.value)
    return values


def fill(text: str, variables: Variables) -> str:
    """Return a text with the known variables filled in; a value may name further ones."""
    for _ in range(_MOST_ROUNDS):
        text = VARIABLE.sub(lambda match: variables.get(match[1].strip(), match[0]), text)
    return text
