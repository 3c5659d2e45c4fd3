"""Requests as HTTP writes them, on pages and in .http files."""

from __future__ import annotations

import re

from contracts.derive.page.commands import Command, Draft, read_body
from contracts.derive.page.sample import Text

_METHOD = r"(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)"
#: A request line, with the version of HTTP, or with header lines or a body behind it.
START = re.compile(
    rf"^{_METHOD}[ \t]+(?P<url>(?:https?://|/|\{{\{{|\$)\S*)"
    r"(?:[ \t]+HTTP/[\d.]+[ \t]*$|[ \t]*(?=\n[A-Za-z][\w-]*:[ \t]*\S)|[ \t]*(?=\n\n?[{\[]\s*[\"\n}\]]))",  # noqa: E501
    re.MULTILINE,
)
_HEADER = re.compile(r"\n(?P<header>[A-Za-z][\w-]*:[^\n]*)")
_COMMENT = re.compile(r"\n(?:#|//)[^\n]*")


def read_http(text: Text, start: int, limit: int) -> Command | None:
    """Return the request that begins at a position: its line, its headers and its body."""
    content = text.content
    match = START.match(content, start)
    if not match:
        return None
    draft = Draft(text)
    draft.method, draft.url, draft.url_at = match["method"], _filled(match["url"], content), start
    position = match.end()
    while line := _HEADER.match(content, position, limit) or _COMMENT.match(
        content, position, limit
    ):
        if line.re is _HEADER:
            draft.add_header(line["header"], line.start() + 1)
        position = line.end()
    body = re.compile(r"\n\s*(?=[{\[])").match(content, position, limit)
    if body:
        draft.body, position = read_body(text, None, body.end())
    host = next((header for header in draft.headers if header.name.lower() == "host"), None)
    if host and draft.url.startswith("/"):
        draft.url = f"https://{host.value}{draft.url}"
    draft.headers = [header for header in draft.headers if header.name.lower() not in _TRANSPORT]
    return draft.command(start, position)


#: How a file of requests says what a variable stands for.
_VARIABLE = re.compile(r"^@(?P<name>[\w-]+)[ \t]*=[ \t]*(?P<value>\S+)", re.MULTILINE)


def _filled(url: str, content: str) -> str:
    """Return an address with the server that the file gives for the variable at its beginning."""
    values = {found["name"]: found["value"] for found in _VARIABLE.finditer(content)}
    return re.sub(r"^\{\{\s*([\w-]+)\s*\}\}", lambda found: values.get(found[1], found[0]), url)


#: Headers of the transport, which say nothing about the operation.
_TRANSPORT = frozenset(
    {"host", "content-length", "connection", "accept-encoding", "transfer-encoding"}
)
