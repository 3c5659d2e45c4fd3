"""What an input is, told by its content: a kind that is read, or an error that names it."""

import codecs
import importlib
import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, cast

from contracts.derive.model import Derived
from contracts.errors import UsageError

Reader = Callable[[bytes, str], tuple[Derived, ...]]
#: The module that reads each kind of input, by its function `read(raw, name)`.
READERS: Final = {
    "text": "contracts.derive.text",
    "OpenAPI": "contracts.derive.openapi",
    "Postman collection": "contracts.derive.postman",
    "HAR": "contracts.derive.har",
    "Markdown": "contracts.derive.markdown.reader",
    "HTML": "contracts.derive.html.reader",
}

_SAVE_AS_TEXT = "copy its text into a .txt file, or save the page as HTML or Markdown"
_CONVERT = "convert it to OpenAPI first"

#: Kinds told by their first bytes, with what to do about each.
_MAGIC: Final = (
    (b"%PDF", "a PDF", _SAVE_AS_TEXT),
    (b"PK\x03\x04", "a ZIP archive (or an office document)", "unpack it, and name the page in it"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"\x89PNG", "an image (PNG)", _SAVE_AS_TEXT),
    (b"\xff\xd8\xff", "an image (JPEG)", _SAVE_AS_TEXT),
    (b"GIF8", "an image (GIF)", _SAVE_AS_TEXT),
    (b"{\\rtf", "an RTF document", _SAVE_AS_TEXT),
)

_GRAPHQL: Final = (
    r"\A\s*(?:(?:#.*|\"\"\"[\s\S]*?\"\"\")\s*)*"
    r"(?:(?:extend )?(?:type|schema|interface|enum|input|union|scalar|directive)\b[^\n:]*\{"
    r"|(?:query|mutation|subscription)\b[^\n]*\{)"
)
#: Texts that are recognised and not read, by a pattern, with what to do about each.
_UNREAD: Final = (
    (r"\A\s*#%RAML", "RAML", _CONVERT),
    (r"\A(?:.*\n){0,3}FORMAT:\s*1A", "API Blueprint", _CONVERT),
    (r"^\+ (?:Request|Response)\b.*(?:\n|\Z)", "API Blueprint", _CONVERT),
    (r"^\|===$", "AsciiDoc", "convert it to HTML or Markdown first"),
    (r"^\.\. [\w:-]+::", "reStructuredText", "convert it to HTML or Markdown first"),
    (r"^\{\|.*\n[|!]", "MediaWiki markup", "convert it to HTML or Markdown first"),
    (r"\Ameta \{\n", "a Bruno request", "export its collection as Postman or OpenAPI"),
    (r"^interactions:[ \t]*$", "a VCR cassette", "record the traffic as HAR"),
    (r"^[\"']?asyncapi[\"']?\s*:", "AsyncAPI", "its messages are not HTTP requests"),
    (_GRAPHQL, "GraphQL", "only operations over plain HTTP are read"),
    (r"\A\s*syntax\s*=\s*\"proto", "a Protocol Buffers definition", _CONVERT),
    (
        r"\A\s*(?:<\?xml[^>]*>\s*)?<(?:\w+:)?(?:definitions|application|schema)\b",
        "WSDL, WADL or XML Schema",
        _CONVERT,
    ),
)

_HTML = re.compile(
    r"\A\s*(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html|head|body|div|main|article|section|table|p|h[1-6]|ul"  # noqa: E501
    r"|nav|header|span|pre)\b|<html\b",
    re.IGNORECASE,
)
_WHOLE_HTML = re.compile(r"<(?:!doctype html|html|body)\b", re.IGNORECASE)
#: What Markdown has and HTML has not: pages in Markdown may begin with a tag.
_FENCES_OR_TABLES = re.compile(r"^(?:`{3,}\w*$|\|[ :|-]*-{3}[ :|-]*\|$)", re.MULTILINE)
_OPENAPI = re.compile(r"^(?:\{\s*)?[\"']?(?:openapi|swagger)[\"']?\s*:\s*[\"']?\d", re.MULTILINE)
#: A piece of OpenAPI: its paths, or one path with its methods.
_EXCERPT = re.compile(
    r"^(?:[\"']?paths[\"']?\s*:\s*(?:\{\s*)?\n"
    r"|[ {]*[\"']?/[^\s\"']*[\"']?\s*:\s*(?:\{\s*)?\n\s+"
    r"[\"']?(?:get|put|post|delete|patch)[\"']?\s*:)",
    re.MULTILINE,
)
_FENCE = re.compile(r"^(?P<mark>`{3,}|~{3,})[^\n`]*\n(?P<inside>[\s\S]*?)^(?P=mark)", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_MARKDOWN = re.compile(
    r"^(?:`{3,}|~{3,})"
    r"|^\|.*\|[ \t]*\n\|[ :|-]+\||^[^|\n]+\|.*\n[ :-]*-{3}[ :-]*\|[ :|-]*$"
    r"|<(?:ParamField|ResponseField|Expandable|Accordion|CodeGroup|RequestExample|ResponseExample)\b"
    r"|\A---\n[\s\S]*?\n---\n"
    r"|^[ \t]*[-*+] (?:\*\*|`)[\w.\[\]-]+(?:\*\*|`)"
    r"|^\*\*[^*\n]+\*\*"
    r"|\[[^\]\n]+\]\((?:https?:|/|#)[^)\n]*\)"
    r"|^(?:[\w$]*\\_[\w$\\]*|[\w$]+\\\[\\?\])$",
    re.MULTILINE,
)
#: Lines of shell scripts and of .http files, where # begins a comment and not a heading.
_COMMAND = re.compile(
    r"^(?:\$ )?(?:curl|https?|xh) "
    r"|^(?:###.*\n)?(?:GET|POST|PUT|PATCH|DELETE|HEAD) (?:https?://|\{\{|\S+ HTTP/)"
    r"|^###.*\n(?:GET|POST|PUT|PATCH|DELETE|HEAD) /",
    re.MULTILINE,
)


@lru_cache(maxsize=2)  # since one document may have many operations
def recognise(raw: bytes, name: str) -> tuple[str, bytes]:
    """Return the kind of an input, a key of READERS, and its content; UsageError if unread."""
    for magic, kind, advice in _MAGIC:
        if raw.startswith(magic):
            raise UsageError(f"{name} is {kind}; {advice}")
    text = decoded(raw, name)
    if not text.strip():
        raise UsageError(f"{name} is empty; name a file with the page of an operation")
    if document := _json_kind(text, name):
        return document, text.encode()
    kind, part = _text_kind(text, name)
    return kind, part.encode()


def reader(kind: str) -> Reader:
    """Return the function that reads inputs of a kind."""
    return cast("Reader", importlib.import_module(READERS[kind]).read)


def decoded(raw: bytes, name: str) -> str:
    """Return the text of an input: UTF-8, or what its byte order mark says."""
    marks = (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins it
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    )
    encoding = next((encoding for mark, encoding in marks if raw.startswith(mark)), None)
    try:
        text = raw.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UsageError(_undecodable(raw, name, error)) from error
    if "\0" in text:
        half = len(raw) // 2
        utf_16 = max(raw[1::2].count(0), raw[::2].count(0)) > 0.4 * half and half > 4
        if utf_16:
            raise UsageError(f"{name} is UTF-16 without a byte order mark; save it as UTF-8")
        raise UsageError(f"{name} is binary; {_SAVE_AS_TEXT}")
    return text


def _undecodable(raw: bytes, name: str, error: UnicodeDecodeError) -> str:
    """Return what is wrong with bytes that are no text in their encoding."""
    if error.encoding.startswith("utf-16") or error.encoding.startswith("utf-32"):
        return f"{name} begins as {error.encoding.upper()} and is not; save it as UTF-8"
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in raw[:4096])
    if controls:
        return f"{name} is binary; {_SAVE_AS_TEXT}"
    line = raw[: error.start].count(b"\n") + 1
    return (
        f"{name} is not UTF-8 but another encoding, perhaps Windows-1252 or Latin-1"
        f" (byte 0x{raw[error.start]:02x} on line {line}); save it as UTF-8"
    )


def _json_kind(text: str, name: str) -> str | None:
    """Return the kind of a text that is one JSON document, or None where it is none."""
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    keys: dict[str, Any] = document if isinstance(document, dict) else {}
    if {"openapi", "swagger", "paths"} & keys.keys() or any(key.startswith("/") for key in keys):
        return "OpenAPI"
    collection = keys.get("collection")
    log = keys.get("log")
    if {"item", "info"} <= keys.keys() or (isinstance(collection, dict) and "item" in collection):
        return "Postman collection"
    if isinstance(log, dict) and "entries" in log:
        return "HAR"
    raise UsageError(f"{name} is {_other_json(keys)}")


def _other_json(keys: dict[str, Any]) -> str:
    """Return the name of a JSON document that is not read, with what to do about it."""
    if "asyncapi" in keys:
        return "AsyncAPI; its messages are not HTTP requests"
    if "__schema" in keys or "__schema" in (keys.get("data") or {}):
        return "a GraphQL schema; only operations over plain HTTP are read"
    if keys.get("_type") == "export":
        return "an Insomnia export; export it as OpenAPI or HAR"
    if {"folders", "requests"} <= keys.keys():
        return "a Hoppscotch collection; export it as OpenAPI"
    if "$schema" in keys:
        return (
            "a JSON Schema without an operation; name the page or the OpenAPI document that uses it"
        )
    return "JSON that describes no operation; OpenAPI, Postman collections and HAR are read"


def _text_kind(text: str, name: str) -> tuple[str, str]:
    """Return the kind of a text that is no JSON, with the part of it to read."""
    for pattern, kind, advice in _UNREAD:
        if re.search(pattern, text, re.MULTILINE):
            raise UsageError(f"{name} is {kind}; {advice}")
    mixed = _FENCES_OR_TABLES.search(text) and not _WHOLE_HTML.search(text)
    if _HTML.search(text[:4000]) and not mixed:
        return "HTML", text
    if excerpt := _openapi_excerpt(text, name):
        return "OpenAPI", excerpt
    if _OPENAPI.search(text) or (_EXCERPT.match(text.lstrip()) and "```" not in text):
        return "OpenAPI", text
    if _MARKDOWN.search(text) or (_HEADING.search(text) and not _COMMAND.search(text)):
        return "Markdown", text
    return "text", text


def _openapi_excerpt(text: str, name: str) -> str | None:
    """Return the OpenAPI that stands as code in a page; UsageError where there is more than one."""
    fences = [
        fence
        for fence in _FENCE.finditer(text)
        if _OPENAPI.search(fence["inside"]) or _EXCERPT.match(fence["inside"].lstrip())
    ]
    if len(fences) > 1:
        lines = ", ".join(str(text[: fence.start()].count("\n") + 1) for fence in fences)
        advice = "save each in a file of its own"
        raise UsageError(f"{name} holds several pieces of OpenAPI (lines {lines}); {advice}")
    if not fences:
        return None
    above = text[: fences[0].start("inside")].count("\n")
    return "\n" * above + fences[0]["inside"]  # on the lines where it stands


@lru_cache(maxsize=2)
def page_text(raw: bytes, name: str) -> str:
    """Return the text of an input; of a page in HTML, what a person reads there."""
    if kind_of(raw, name) == "HTML":
        from contracts.derive.html.reader import extract  # noqa: PLC0415 - takes time to load

        return extract(decoded(raw, name).encode())
    return decoded(raw, name)


def kind_of(raw: bytes, name: str) -> str:
    """Return the kind of an input, such as ``OpenAPI``; UsageError when nothing reads it."""
    return recognise(raw, name)[0]
