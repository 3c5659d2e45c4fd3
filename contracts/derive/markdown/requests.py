"""Facts about the operation itself: method, path, server, who asks, what goes beside the body."""

from collections.abc import Sequence

from contracts.derive.headers import credential, is_usual
from contracts.derive.markdown.blocks import Block, TextBlock
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.heads import Mention
from contracts.derive.markdown.parts import Parts
from contracts.derive.markdown.tree import member_node
from contracts.derive.model import Fact, Json, Span, schema
from contracts.derive.operation import command_facts, permission_facts
from contracts.derive.page.lines import Line


def operation_facts(
    blocks: Sequence[Block], found: Sequence[Mention], parts: Parts, base: Sequence[Fact]
) -> tuple[Fact, ...]:
    """Return what a page says of the operation as a whole, the nearest source first."""
    facts = [*_where(found, base)]
    command = next((mention.command for mention in found if mention.command), None)
    facts += _authorization(parts)
    sent = command_facts(command) if command else ()
    facts += [fact for fact in sent if fact.keyword in {"authorization", "authorizations"}]
    server = next((fact for fact in facts if fact.keyword == "server"), None)
    if server in sent:
        facts += [fact for fact in sent if fact.keyword == "servers"]
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
    return (*facts, *permission_facts(texts))


def _where(found: Sequence[Mention], base: Sequence[Fact]) -> list[Fact]:
    """Return method, path and server; a path with parameters is better than a filled one."""
    best = max(found, key=lambda mention: ("{" in mention.path, mention.command is None))
    facts = [
        Fact("method", best.method, Span(best.method_line, best.method_line)),
        Fact("path", best.path, Span(best.path_line, best.path_end or best.path_line)),
    ]
    named = next((mention for mention in found if mention.server), None)
    if named is None:
        return [*facts, *base]
    span = Span(named.path_line, named.path_line)
    same = [fact for fact in base if fact.keyword == "servers" and base[0].value == named.server]
    return [*facts, Fact("server", named.server, span), *same]


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
