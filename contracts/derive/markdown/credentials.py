"""Who may call an operation, as the sections of a page say it."""

import re
from collections.abc import Sequence

from contracts.derive.markdown.blocks import Block, TextBlock
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.parts import Parts
from contracts.derive.model import Fact, Json, Span
from contracts.derive.operation import OPTIONAL, credential, is_credential


def stated_credentials(parts: Parts) -> list[Fact]:
    """Return the credentials that a section or a header lists, or else the scheme in a sentence."""
    entries = list(parts.authorization)
    for place, entry in parts.parameters:
        if place == "header" and entry.name.lower() == "authorization":
            entries.append(entry)
    values: list[Json] = [_credential(entry) for entry in entries]
    if values:
        last = max(entry.last for entry in entries)
        span = Span(parts.authorization_line or entries[0].line, last)
        facts = [Fact("authorization", values[0], span)]
        return [*facts, Fact("authorizations", [values], span)] if len(values) > 1 else facts
    if key := _API_KEY.search(parts.authorization_said):
        span = Span(parts.authorization_line, parts.authorization_line)
        value = credential(key["name"], place=key["place"].lower())
        return [Fact("authorization", value, span)]
    for text in parts.authorization_texts:
        value = credential("Authorization", text.plain)
        if value["scheme"]:
            return [Fact("authorization", value, Span(text.line, text.line))]
    return []


#: The fields of a security scheme, a line each.
_API_KEY = re.compile(
    r"name: *(?P<name>[\w-]+?)\s*type: *apiKey\s*in: *(?P<place>header|query|cookie)", re.IGNORECASE
)
_IN_HEADER = re.compile(
    r"\b(?:key|token|secret|credentials?|authenticat\w*)\b[^.]*?\b(?:in|using|via|with|through)"
    r"\b(?: an?| the| your)* ?\x1f(?P<name>[A-Za-z][\w-]*)\x1f ?(?:http |request )*headers?\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\byour (?:\w+ )?(?:key|token|secret|credentials?)\b|\bauthenticate", re.IGNORECASE
)


def named_header(parts: Parts, blocks: Sequence[Block]) -> list[Fact]:
    """Return the credential of which a sentence says in which header it is sent."""
    for block in blocks:
        found = _IN_HEADER.search(block.text) if isinstance(block, TextBlock) else None
        if found is None or found["name"].lower() in OPTIONAL | {"authorization"}:
            continue
        asks = _ASKS.search(block.plain) and is_credential(found["name"])
        if block in parts.authorization_texts or asks:
            span = Span(block.line, block.line)
            return [Fact("authorization", credential(found["name"]), span)]
    return []


def _credential(entry: Entry) -> Json:
    said = " ".join(text.text for text in entry.texts)
    return credential(entry.name, said, entry.place or "header")
