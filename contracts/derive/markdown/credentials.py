"""Who may call an operation, as the sections of a page say it."""

import re
from collections.abc import Iterator, Sequence

from contracts.derive.markdown.blocks import Block, Table, TextBlock
from contracts.derive.markdown.columns import is_member_table
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.parts import Parts
from contracts.derive.model import Fact, Json, Span
from contracts.derive.operation import OPTIONAL, credential, is_credential, sent_credential


def stated_credentials(parts: Parts) -> list[Fact]:
    """Return the credentials that a section or a header lists, or else the scheme in a sentence."""
    entries = [entry for entry in parts.authorization if entry.name.lower() not in _BASIC_PARTS]
    for place, entry in parts.parameters:
        if (place == "header" and entry.name.lower() == "authorization") or (
            not parts.authorization and is_key(place, entry)
        ):
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


def is_key(place: str, entry: Entry) -> bool:
    """Whether a parameter of the query is the caller's key, as its description says."""
    said = " ".join(text.text for text in entry.texts)
    return place == "query" and bool(entry.required) and bool(_OWN_KEY.search(said))


_OWN_KEY = re.compile(r"\b(?:api|access|auth\w*|secret|your) (?:key|token)\b", re.IGNORECASE)
#: What a page asks for to fill in the header of Basic: no headers by themselves.
_BASIC_PARTS = frozenset({"username", "password"})
#: The fields of a security scheme, a line each.
_API_KEY = re.compile(
    r"name: *(?P<name>[\w-]+?)\s*type: *apiKey\s*in: *(?P<place>header|query|cookie)", re.IGNORECASE
)
_IN_HEADER = re.compile(
    r"\b(?:key|token|secret|credentials?|auth(?:enticat\w*)?)\b[^.]*?"
    r"(?:\b(?:in|into|using|via|with|through)\b|:)(?: (?:an?|the|your)\b)* ?"
    r"((?:http |request )*headers?:? ?)?"
    r"(?P<code>\x1f)?(?P<name>(?(code)[A-Za-z][\w-]*|[A-Z]\w*(?:-\w+)+))(?(code)\x1f)"
    r"(?(1)| ?(?:http |request )*headers?\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:your|the) (?:\w+ )?(?:key|token|secret|credentials?)\b|\bauthenticat|\bauth:",
    re.IGNORECASE,
)
#: The header itself, as code or as a line of its own, or the scheme in words.
_SENT = re.compile(
    r"(?:\x1f|^(?=Authorization: ?\w+ [^\s\x1f]+$))"
    r"(?:(?P<name>Authorization)|(?P<key>[\w-]+)(?=:[^\x1f]*(?:key|token|secret)))"
    r": ?(?P<value>[^\x1f]+)(?:\x1f|$)",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\bHTTP (?:basic|bearer)\b|\b(?:basic|bearer) (?:auth\w*|tokens?)\b", re.IGNORECASE
)
_NOT = re.compile(r"\b(?:no|not|never|unlike|instead|deprecated|optional\w*)\b", re.IGNORECASE)


def credential_in_words(parts: Parts, blocks: Sequence[Block]) -> list[Fact]:
    """Return the credential of which a sentence says in which header it is sent, or how."""
    for block in _texts(blocks):
        found, sent = _IN_HEADER.search(block.text), _SENT.search(block.text)
        scheme = None if _NOT.search(block.plain) else _SAID.search(block.plain)
        if sent and sent["key"] and (_NOT.search(block.plain) or not is_credential(sent["key"])):
            sent = None  # a header that is no credential, or one that is not sent any more
        name = (sent["key"] or "Authorization") if sent else ""
        value: Json = sent_credential(name, sent["value"]) if sent else None
        if scheme is not None and not sent:
            value = credential("Authorization", scheme[0])
        if found is not None and found["name"].lower() not in OPTIONAL | {"authorization"}:
            asks = _ASKS.search(block.plain) and is_credential(found["name"])
            named = block in parts.authorization_texts or asks
            value = credential(found["name"]) if named else value
        if value:
            return [Fact("authorization", value, Span(block.line, block.line))]
    return []


def _texts(blocks: Sequence[Block]) -> Iterator[TextBlock]:
    """Yield the lines of text, and the rows of tables that list no members."""
    for block in blocks:
        if isinstance(block, TextBlock):
            yield block
        elif isinstance(block, Table) and not is_member_table(block):
            yield from (TextBlock(row.line, ": ".join(row.cells)) for row in block.rows)


def _credential(entry: Entry) -> Json:
    said = " ".join(text.text for text in entry.texts)
    place = "query" if is_key("query", entry) and not entry.place else entry.place
    return credential(entry.name, said, place or "header")
