"""curl commands, in the many ways in which people write them."""

import re

from contracts.derive.page.commands import Command, Draft, Word
from contracts.derive.page.sample import Text

START = re.compile(
    r"(?m)(?:^[$>] )?\bcurl(?:\.exe)?(?=\s*\n\s*-|[ \t]+(?:[-'\"$<{]|https?:|localhost|[\w.-]+\.[\w.-]+/|\\?\n))"  # noqa: E501
)
#: What the value of an option says; of `other` ones, nothing about the operation.
_MEANINGS = {
    "data": "--data --data-raw --data-binary --data-ascii --json -d",
    "field": "--data-urlencode --form --form-string -F",
    "method": "-X --request",
    "header": "-H --header",
    "user": "-u --user",
    "address": "--url",
    "bearer": "--oauth2-bearer",
    "other": (
        "--user-agent --cookie --cookie-jar --referer --output --max-time --write-out --proxy"
        " --cert --key --cacert --connect-timeout --retry --retry-delay --upload-file"
        " --http-version --resolve -A -b -c -e -o -m -w -x -E -T"
    ),
}
_OPTIONS = {name: meaning for meaning, names in _MEANINGS.items() for name in names.split()}
#: The methods that options without a value choose.
_METHODS = {"-G": "GET", "--get": "GET", "-I": "HEAD", "--head": "HEAD"}
_LONG = re.compile(r"(?P<name>--[a-z][\w.-]*)(?P<equals>=)?")
_SHORT = re.compile(r"-(?P<flags>[a-zA-Z#0-9]+)")
_ADDRESS = re.compile(
    r"https?://.*|(?:\$\{?\w+\}?|\{\{[^{}]+\}\}|<[^<>]+>|\{\w+\})(?:/.*)?|/\S*"
    r"|(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?/.*"
)
_REST = re.compile(r"[ \t]*(?:[|;>&][^\n]*)?")
_FORM = "application/x-www-form-urlencoded"


def read_curl(text: Text, start: int, limit: int) -> Command | None:
    """Return the curl command at a position, or None where there is none."""
    match = START.match(text.content, start)
    draft = Draft(text, start, limit, match.end() if match else start)
    while True:
        at = draft.next_position
        end = _option(draft, at) if text.content[at : at + 1] == "-" else _address(draft, at)
        if end is None or end <= at:
            break
        draft.position = end
    if draft.url is None and draft.method is None:
        return None
    draft.read_input()
    rest = _REST.match(text.content, draft.position, limit)
    draft.position = rest.end() if rest else draft.position
    return draft.command()


def _address(draft: Draft, at: int) -> int | None:
    """Read a word that is the address; return the position behind it, or None."""
    word = draft.word(at)
    if word is None or draft.url is not None or not _ADDRESS.fullmatch(word.value):
        return None
    return _set_address(draft, word)


def _set_address(draft: Draft, word: Word) -> int:
    """Keep an address; a body that is squashed behind it is no part of it."""
    squashed = not word.quote and word.value.endswith(("{", "["))
    draft.url = word.value[:-1] if squashed else word.value
    draft.url_at = word.start
    return word.end - squashed


def _option(draft: Draft, at: int) -> int | None:
    """Read an option with its value; return the position behind it, or None where there is none."""
    content = draft.text.content
    if long := _LONG.match(content, at, draft.limit):
        if long["name"] not in _OPTIONS:
            return _flag(draft, long["name"], long.end())
        value_at = long.end() if long["equals"] else draft.skip(long.end())
        return _value(draft, long["name"], value_at)
    short = _SHORT.match(content, at, draft.limit)
    if not short:
        return None
    for behind, letter in enumerate(short["flags"], short.start("flags") + 1):
        if f"-{letter}" in _OPTIONS:
            glued = content[behind : behind + 1] == "="
            return _value(draft, f"-{letter}", draft.skip(behind + glued))
        _flag(draft, f"-{letter}", at)
    return short.end()


def _flag(draft: Draft, name: str, end: int) -> int:
    """Read an option without a value."""
    draft.method = draft.method or _METHODS.get(name)
    return end


def _value(draft: Draft, name: str, at: int) -> int | None:
    """Read the value of an option; return the position behind it."""
    word = draft.word(at)
    meaning = _OPTIONS[name]
    if meaning == "data":
        return _data(draft, name, word, at)
    if word is None:
        return None
    if meaning == "method":
        if not word.value.isalpha():
            return None
        draft.method = word.value
    elif meaning == "address":
        return _set_address(draft, word)
    elif meaning == "header":
        draft.add_header(word.value, at)
    elif meaning in {"user", "bearer"}:
        scheme = "Basic" if meaning == "user" else "Bearer"
        draft.add_default_header("Authorization", scheme, at)
    elif meaning == "field":
        form = "multipart/form-data" if "F" in name or "form" in name else _FORM
        draft.add_form(word.value, at)
        draft.add_default_header("Content-Type", form, at)
    return word.end


def _data(draft: Draft, name: str, word: Word | None, at: int) -> int | None:
    """Read a body: JSON, a form, or a here-document; return the position behind it."""
    if name == "--json":
        draft.add_default_header("Content-Type", "application/json", at)
    if word and word.value == "@-":
        draft.reads_input = True
        return word.end
    if re.match(r"\S?\$\(cat|<<", draft.text.content[at : draft.limit]):
        end = draft.read_document(at)
        if end is not None:
            return end
    end = draft.read_body(at, word)
    if end is not None or word is None:
        return end
    if not re.fullmatch(r"[\w.\[\]-]+=.*", word.value, re.DOTALL):
        draft.notes.add(draft.text.line(at), f"this body is not read: {word.value[:60]}")
    else:
        draft.add_form(word.value, at)
        draft.add_default_header("Content-Type", _FORM, at)
    return word.end
