"""HTTPie commands: ``http POST api.example/crates kind=box size:=3 X-Key:abc``."""

from __future__ import annotations

import re

from contracts.derive.page.commands import METHODS, Command, Draft, read_body
from contracts.derive.page.sample import Sample, Text, sample_on
from contracts.derive.page.shell import Word, read_word, skip_breaks

START = re.compile(
    r"^(?:\$ )?(?:https?|xhs?)(?=[ \t]+(?:-|(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s|['\"]?https?://|:|\$|\{\{))",
    re.MULTILINE,
)
_ITEM = re.compile(r"(?P<name>[\w.\[\]-]+)(?P<sign>:=|==|=|:)(?P<value>.*)", re.DOTALL)
_VALUED = frozenset({"-a", "--auth", "-A", "--auth-type", "--session", "-o", "--timeout"})


def read_httpie(text: Text, start: int, limit: int) -> Command | None:
    """Return the HTTPie command at a position, or None where no request stands there."""
    draft = Draft(text)
    match = START.match(text.content, start)
    position = match.end() if match else start
    bearer = False
    while True:
        at = skip_breaks(text.content, position, limit)
        word = read_word(text.content, at, limit)
        if word is None:
            break
        if word.value in _VALUED:
            value_at = skip_breaks(text.content, word.end, limit)
            value = read_word(text.content, value_at, limit)
            bearer = bearer or (value is not None and value.value == "bearer")
            if word.value in {"-a", "--auth"}:
                draft.add_default_header("Authorization", "Basic", at)
            position = value.end if value else word.end
            continue
        end = _word(draft, word, limit)
        if end is None:
            break
        position = end
    if bearer:
        headers = [header for header in draft.headers if header.value != "Basic"]
        draft.headers = headers
        draft.add_default_header("Authorization", "Bearer", start)
    return draft.command(start, position) if draft.url else None


def _word(draft: Draft, word: Word, limit: int) -> int | None:
    """Read one word of the command; return the position behind it, or None where it ends."""
    text = draft.text
    if word.value == "<<<":
        at = skip_breaks(text.content, word.end, limit)
        draft.body, end = read_body(text, read_word(text.content, at, limit), at)
        return end
    if draft.url is None and word.value.upper() in METHODS:
        draft.method = word.value.upper()
        return word.end
    if word.value.startswith("-"):
        return word.end
    if draft.url is None:
        draft.url, draft.url_at = word.value, word.start
        return word.end
    item = _ITEM.fullmatch(word.value)
    if not item:
        return None
    name, value = item["name"], item["value"]
    if item["sign"] == ":":
        draft.add_header(word.value, word.start)
    elif item["sign"] == "=":
        draft.fields.append((name, Sample("string", value, text.line(word.start))))
    elif item["sign"] == "==":
        draft.url += f"{'&' if '?' in draft.url else '?'}{name}={value}"
    elif item["sign"] == ":=":
        sample = sample_on(value, text.line(word.start))
        draft.fields += [(name, sample)] if sample else []
    return word.end
