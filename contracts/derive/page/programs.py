"""Requests as programs send them: Python's requests and httpx, JavaScript's fetch and axios."""

import re

from contracts.derive.page.commands import Command, Draft
from contracts.derive.page.sample import Text

_METHOD = "get|post|put|patch|delete|head"
_QUOTED = r"[fru]?(?P<quote>['\"`])(?P<url>(?:[a-z]+:/)?[/${][^'\"`\s]*)(?P=quote)"
#: A call with its address, which stands in quotes or is one of the named arguments.
START = re.compile(
    rf"\b(?:requests|httpx|axios|client|session|http)\.(?P<method>{_METHOD})\("
    rf"\s*(?:url\s*=\s*)?(?:{_QUOTED}|(?P<variable>[A-Za-z_]\w*)(?=\s*[,)]))"
    rf"|\bfetch\(\s*{_QUOTED.replace('url', 'other').replace('quote', 'mark')}"
    rf"|\baxios(?:\.request)?\(\s*(?=\{{)"
    rf"|\bInvoke-(?:RestMethod|WebRequest)\b"
)
_ARGUMENT = {
    "method": re.compile(r"(?:\bmethod\s*:\s*|-Method\s+)['\"]?(\w+)", re.IGNORECASE),
    "url": re.compile(r"(?:\burl\s*:\s*|-Uri\s+)['\"`]?([^'\"`\s,]+)", re.IGNORECASE),
}
#: What is sent, or the name under which the program has it.
_SENT = re.compile(
    r"(?:\bjson\s*=|\bdata\s*[:=]|\bbody\s*:|\bJSON\.stringify\(|\bjson\.dumps\(|-Body\s"
    r"|(?<=['\"`]),)"
    r"\s*(?:JSON\.stringify\(|json\.dumps\()?\s*(?=['\"]?\{|(?P<name>\$?[A-Za-z_]\w*)\b(?!\s*[=:]))"
)
#: The calls whose second argument is the body.
_WITH_BODY = frozenset({"post", "put", "patch"})
_HEADERS = re.compile(r"\bheaders\s*[:=]\s*(?=\{|(?P<name>[A-Za-z_]\w*)\b)")
_HEADER = re.compile(
    r"['\"]?(?P<name>[A-Za-z][\w-]*)['\"]?\s*:\s*(?:f?['\"`](?P<value>[^'\"`]*)['\"`])?"
)


def read_program(text: Text, start: int, limit: int) -> Command | None:
    """Return the request that a call sends, or None where its address is no text."""
    match = START.match(text.content, start)
    if not match:
        return None
    opening = text.content.find("(", start)
    end = _closed(text.content, opening, limit) if "(" in match[0] else limit
    call = text.content[start:end]
    named = {name: found[1] for name, row in _ARGUMENT.items() if (found := row.search(call))}
    url = match["url"] or match["other"] or named.get("url")
    if match["variable"]:
        url = _assigned(text.content, match["variable"])
    method = match["method"] or named.get("method")
    draft = Draft(text, start, limit, end, method, url, start)
    if headers := _HEADERS.search(call):
        opening = _value(text.content, start + headers.end(), headers["name"])
        closing = _closed(text.content, opening, limit)
        for header in _HEADER.finditer(text.content, opening, closing):
            draft.add_header(f"{header['name']}: {header['value'] or ''}", header.start())
    sent = _SENT.search(call, match.end() - start)
    if sent and sent[0].startswith(",") and match["method"] not in _WITH_BODY:
        sent = _SENT.search(call, sent.end())  # the options of the call come second
    if sent and draft.read_body(_value(text.content, start + sent.end(), sent["name"])):
        form = re.fullmatch(r"data\s*=\s*\w*", sent[0])  # Python's own name for a form
        media = "application/x-www-form-urlencoded" if form else "application/json"
        draft.add_default_header("Content-Type", media, start)
    elif sent:
        draft.notes.add(text.line(start), f"this body is not read: {sent[0].strip()}")
    return draft.command() if url else None


def _assigned(content: str, name: str) -> str | None:
    """Return the address that a program keeps under a name, or None where it keeps none."""
    found = re.search(
        rf"\b{name}\s*=\s*f?(?P<quote>['\"`])(https?://[^'\"`\s]+)(?P=quote)", content
    )
    return found[2] if found else None


def _value(content: str, at: int, name: str | None) -> int:
    """Return where the object stands that an argument gives, perhaps by a name."""
    said = re.search(rf"\b{name}\s*=\s*(?=\{{)", content) if name else None
    return said.end() if said else at


def _closed(content: str, at: int, limit: int) -> int:
    """Return the place behind the bracket that closes the one at a place."""
    depth = 0
    for place in range(max(at, 0), limit):
        depth += (content[place] in "({[") - (content[place] in ")}]")
        if depth == 0:
            return place + 1
    return limit
