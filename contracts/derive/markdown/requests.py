"""Facts about the operation itself: method, path, server, who asks, what goes beside the body."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from contracts.derive.headers import OPTIONAL, credential, is_credential, is_usual
from contracts.derive.markdown.blocks import Block, TextBlock
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.heads import Mention
from contracts.derive.markdown.parts import Parts
from contracts.derive.markdown.tree import member_node
from contracts.derive.model import Fact, Json, Notes, Span, schema
from contracts.derive.operation import command_facts, permission_facts
from contracts.derive.page.commands import read_address
from contracts.derive.page.lines import Line


def operation_facts(
    blocks: Sequence[Block], found: Sequence[Mention], parts: Parts, base: Sequence[Fact]
) -> tuple[Fact, ...]:
    """Return what a page says of the operation as a whole, the nearest source first."""
    path = max(found, key=_nearest).path
    facts = [*_where(found, _beside(base, path))]
    command = next((mention.command for mention in found if mention.command), None)
    facts += _authorization(parts)
    sent = command_facts(command) if command else ()
    facts += [fact for fact in sent if fact.keyword in {"authorization", "authorizations"}]
    shown = next((fact.value for fact in sent if fact.keyword == "server"), None)
    server = next((str(fact.value) for fact in facts if fact.keyword == "server"), "")
    whole = read_address(command.url).path if command and command.url else None
    if whole and server == f"{shown}{_base_path(whole, path)}":
        facts += [_based(fact, server) for fact in sent if fact.keyword == "servers"]
    parameters = _parameters(parts)
    if parameters:
        lines = [line for _, line in parameters]
        values: list[Json] = [value for value, _ in parameters]
        facts.append(Fact("parameters", values, Span(min(lines), max(lines))))
    body = parts.request
    if body.media and (body.entries or body.sample or body.root):
        facts.append(Fact("media_type", body.media, Span(body.media_line, body.media_line)))
    facts += [fact for fact in sent if fact.keyword in {"media_type", "parameters"}]
    texts = [Line(block.line, block.plain) for block in blocks if isinstance(block, TextBlock)]
    if not any(fact.keyword == "authorization" for fact in facts):
        facts += _named_header(parts, blocks)
    return (*facts, *permission_facts(texts))


def _where(found: Sequence[Mention], base: Sequence[Fact]) -> list[Fact]:
    """Return method, path and server; a path with parameters is better than a filled one."""
    best = max(found, key=_nearest)
    facts = [
        Fact("method", best.method, Span(best.method_line, best.method_line)),
        Fact("path", best.path, Span(best.path_line, best.path_end or best.path_line)),
    ]
    named = next((mention for mention in found if mention.server), None)
    if named is None:
        return [*facts, *base]
    span = Span(named.path_line, named.path_line)
    server = f"{named.server}{_base_path(named.path, best.path)}"
    same = [fact for fact in base if fact.keyword == "servers" and base[0].value == server]
    return [*facts, Fact("server", server, span), *same]


def _nearest(mention: Mention) -> tuple[bool, bool]:
    return "{" in mention.path, mention.command is None


def _based(fact: Fact, server: str) -> Fact:
    """Return a server, or the rows of several, at another address."""
    value: Any = fact.value
    if not isinstance(value, list):
        return replace(fact, value=server)
    return replace(fact, value=[{**row, "url": server} for row in value])


def _beside(base: Sequence[Fact], path: str) -> Sequence[Fact]:
    """Return a server without its own path where the path of the operation begins with that."""
    address = str(base[0].value) if base else ""
    own = urlsplit(address).path
    if not own or not f"{path}/".startswith(f"{own}/"):
        return base
    return [_based(fact, address.removesuffix(own)) for fact in base]


def _base_path(whole: str, path: str) -> str:
    """Return what an address has in front of a path: `/v3` of `/v3/crates` and `/crates`."""
    parts = whole.rstrip("/").split("/")
    inside = len(path.strip("/").split("/"))
    return "/".join(parts[:-inside]) if len(parts) > inside + 1 else ""


def _authorization(parts: Parts) -> list[Fact]:
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
    for text in parts.authorization_texts:
        value = credential("Authorization", text.plain)
        if value["scheme"]:
            return [Fact("authorization", value, Span(text.line, text.line))]
    return []


_IN_HEADER = re.compile(
    r"\b(?:key|token|secret|credentials?|authenticat\w*)\b[^.]*?\b(?:in|using|via|with|through)"
    r"\b(?: an?| the| your)* ?\x1f(?P<name>[A-Za-z][\w-]*)\x1f ?(?:http |request )*headers?\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\byour (?:\w+ )?(?:key|token|secret|credentials?)\b|\bauthenticate", re.IGNORECASE
)


def _named_header(parts: Parts, blocks: Sequence[Block]) -> list[Fact]:
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


def unread_credential(parts: Parts, facts: Sequence[Fact]) -> Notes:
    """Return a note where a page speaks of authorization and no credential was read."""
    notes = Notes()
    texts = [text for text in parts.authorization_texts if text.plain.count(" ") > 2]
    if texts and not any(fact.keyword == "authorization" for fact in facts):
        notes.add(texts[0].line, f"no credential is read from: {texts[0].plain}")
    return notes


def _credential(entry: Entry) -> Json:
    said = " ".join(text.text for text in entry.texts)
    return credential(entry.name, said, entry.place or "header")


def _parameters(parts: Parts) -> list[tuple[Json, int]]:
    # several credentials are all sent with a request
    sent = parts.authorization if len(parts.authorization) > 1 else []
    out = [(_parameter(each, each.place or "header", required=True), each.line) for each in sent]
    known: set[tuple[str, str]] = set()
    for place, entry in parts.parameters:
        key = (place, entry.name.lower())
        usual = entry.name.lower() == "authorization" or is_usual(entry.name)
        if key in known or (place == "header" and usual):
            continue
        known.add(key)
        required = place == "path" or entry.required is not None
        out.append((_parameter(entry, place, required=required), entry.line))
    return out


def _parameter(entry: Entry, place: str, *, required: bool) -> Json:
    node = schema(member_node(entry))
    return {"in": place, "name": entry.name, "required": required, "schema": node}
