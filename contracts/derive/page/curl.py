"""curl commands, in the many ways in which people write them."""

import re

from contracts.derive.page.commands import (
    Command,
    Draft,
    Word,
    here_document,
    read_body,
    read_input,
    read_word,
    skip_breaks,
)
from contracts.derive.page.sample import Text

START = re.compile(
    r"(?m)(?:^[$>] )?\bcurl(?:\.exe)?(?=\s*\n\s*-|[ \t]+(?:[-'\"$<{]|https?:|localhost|[\w.-]+\.[\w.-]+/|\\?\n))"  # noqa: E501
)
#: What the value of an option says; of `other` ones, nothing about the operation.
_OPTIONS = {
    **dict.fromkeys(
        ("--data", "--data-raw", "--data-binary", "--data-ascii", "--json", "-d"), "data"
    ),
    **dict.fromkeys(("--data-urlencode", "--form", "--form-string", "-F"), "field"),
    **dict.fromkeys(("-X", "--request"), "method"),
    **dict.fromkeys(("-H", "--header"), "header"),
    **dict.fromkeys(("-u", "--user"), "user"),
    "--url": "address",
    "--oauth2-bearer": "bearer",
    **dict.fromkeys([
        "--user-agent", "--cookie", "--cookie-jar", "--referer", "--output", "--max-time",
        "--write-out", "--proxy", "--cert", "--key", "--cacert", "--connect-timeout", "--retry",
        "--retry-delay", "--upload-file", "--http-version", "--resolve",
        "-A", "-b", "-c", "-e", "-o", "-m", "-w", "-x", "-E", "-T",
    ], "other"),
}  # fmt: skip
_LONG = re.compile(r"(?P<name>--[a-z][\w.-]*)(?P<equals>=)?")
_SHORT = re.compile(r"-(?P<flags>[a-zA-Z#0-9]+)")
_ADDRESS = re.compile(
    r"https?://.*|(?:\$\{?\w+\}?|\{\{[^{}]+\}\}|<[^<>]+>|\{\w+\})(?:/.*)?|/\S*"
    r"|(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?/.*"
)
_REST = re.compile(r"[ \t]*(?:[|;>&][^\n]*)?")


def read_curl(text: Text, start: int, limit: int) -> Command | None:
    """Return the curl command at a position, or None where there is none."""
    draft = Draft(text)
    content = text.content
    match = START.match(content, start)
    position = match.end() if match else start
    while True:
        at = skip_breaks(content, position, limit)
        end = (
            _option(draft, at, limit) if content[at : at + 1] == "-" else _address(draft, at, limit)
        )
        if end is None or end <= at:
            break
        position = end
    if draft.url is None and draft.method is None:
        return None
    position = read_input(draft, start, position, limit)
    rest = _REST.match(content, position, limit)
    return draft.command(start, rest.end() if rest else position)


def _address(draft: Draft, at: int, limit: int) -> int | None:
    """Read a word that is the address; return the position behind it, or None."""
    word = read_word(draft.text.content, at, limit)
    if word is None or draft.url is not None or not _ADDRESS.fullmatch(word.value):
        return None
    return _set_address(draft, word)


def _set_address(draft: Draft, word: Word) -> int:
    """Keep an address; a body that is squashed behind it is no part of it."""
    value, end = word.value, word.end
    if not word.quote and value.endswith(("{", "[")):
        value, end = value[:-1], end - 1
    draft.url, draft.url_at = value, word.start
    return end


def _option(draft: Draft, at: int, limit: int) -> int | None:
    """Read an option with its value; return the position behind it, or None where there is none."""
    content = draft.text.content
    long = _LONG.match(content, at, limit)
    if long:
        name, value_at = long["name"], long.end()
        if name not in _OPTIONS:
            return _flag(draft, name, long.end())
        if not long["equals"]:
            value_at = skip_breaks(content, value_at, limit)
        return _value(draft, name, value_at, limit)
    short = _SHORT.match(content, at, limit)
    if not short:
        return None
    for offset, letter in enumerate(short["flags"]):
        if f"-{letter}" not in _OPTIONS:
            _flag(draft, f"-{letter}", at)
            continue
        value_at = short.start("flags") + offset + 1
        if content[value_at : value_at + 1] == "=":
            value_at += 1
        return _value(draft, f"-{letter}", skip_breaks(content, value_at, limit), limit)
    return short.end()


def _flag(draft: Draft, name: str, end: int) -> int:
    """Read an option without a value."""
    methods = {"-G": "GET", "--get": "GET", "-I": "HEAD", "--head": "HEAD"}
    draft.method = draft.method or methods.get(name)
    return end


def _value(draft: Draft, name: str, at: int, limit: int) -> int | None:
    """Read the value of an option; return the position behind it."""
    content = draft.text.content
    word = read_word(content, at, limit)
    meaning = _OPTIONS[name]
    if meaning == "data":
        return _data(draft, name, word, at, limit)
    if word is None:
        return None
    if meaning == "method":
        if not re.fullmatch(r"[A-Za-z]+", word.value):
            return None
        draft.method, draft.method_at = word.value, None
    elif meaning == "address":
        return _set_address(draft, word)
    elif meaning == "header":
        draft.add_header(word.value, at)
    elif meaning == "user":
        draft.add_default_header("Authorization", "Basic", at)
    elif meaning == "bearer":
        draft.add_default_header("Authorization", "Bearer", at)
    elif meaning == "field":
        form = "multipart/form-data" if "F" in name or "form" in name else _FORM
        draft.add_field(word.value, at)
        draft.add_default_header("Content-Type", form, at)
    return word.end


_FORM = "application/x-www-form-urlencoded"


def _data(draft: Draft, name: str, word: Word | None, at: int, limit: int) -> int | None:
    """Read a body: JSON, a form, or a here-document; return the position behind it."""
    content = draft.text.content
    if name == "--json":
        draft.add_default_header("Content-Type", "application/json", at)
    if word and word.value == "@-":
        draft.reads_input = True
        return word.end
    document = here_document(content, at, limit)
    if document and re.match(r"\S?\$\(cat|<<", content[at:limit]):
        draft.body, _ = read_body(draft.text, None, skip_breaks(content, document[0], limit))
        return document[1]
    parsed, end = read_body(draft.text, word, at)
    if parsed:
        draft.body = draft.body or parsed
        return end
    if word is None:
        return None
    if not re.fullmatch(r"[\w.\[\]-]+=.*", word.value, re.DOTALL):
        line = draft.text.line(at)
        draft.notes.add(line, f"this body is not read: {word.value[:60]}")
    elif "=" in word.value and not word.value.startswith("@"):
        draft.add_field(word.value, at)
        draft.add_default_header("Content-Type", _FORM, at)
    return word.end
