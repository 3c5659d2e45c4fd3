"""From the blocks of a page to its operations."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from contracts.derive.markdown.answers import Body, with_samples
from contracts.derive.markdown.blocks import Block, Heading, front_description
from contracts.derive.markdown.columns import told
from contracts.derive.markdown.commented import with_comments
from contracts.derive.markdown.credentials import credential_in_words, is_key, stated_credentials
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.heads import (
    Mention,
    among_words,
    mentions,
    server_facts,
    without_token_requests,
)
from contracts.derive.markdown.interfaces import with_interfaces
from contracts.derive.markdown.kinds import kind_node
from contracts.derive.markdown.named_types import with_types
from contracts.derive.markdown.parts import Parts, read_parts
from contracts.derive.markdown.sections import split
from contracts.derive.markdown.tree import Relations, build, member_node
from contracts.derive.markdown.unread import empty_bodies, what_else
from contracts.derive.model import Derived, Fact, Json, Node, Notes, Refusal, Span, schema
from contracts.derive.operation import command_facts, first_facts, is_elsewhere, sentences_of
from contracts.derive.page.commands import read_address
from contracts.derive.page.placeholders import (
    complete,
    has_types,
    sample_node,
    scalars,
    settled,
    with_example,
    without_contradictions,
)
from contracts.derive.page.sample import Line, Sample, inner
from contracts.derive.rendered.nesting import Openings, is_flattened, nest
from contracts.errors import UsageError


def derive_blocks(
    blocks: Sequence[Block], lines: Sequence[str], name: str, openings: Openings | None = None
) -> tuple[Derived, ...]:
    """Return the operations that a page names, each from its own part of the page.

    `openings` are given for a page that does not show how deep its members stand.
    """
    blocks = without_token_requests([*with_samples(blocks)])
    read = with_types([*with_interfaces(blocks)])
    blocks = (*front_description(lines), *read)
    found = mentions(blocks, lines)
    if not found:
        reason = "nothing names a method and a path (POST /path), and there is no curl command"
        reason = among_words(lines) or f"{reason}{what_else(blocks)}"
        message = f"no operation was found on this page: {reason}"
        raise UsageError(f"{name}: {message}")
    base = server_facts(blocks)
    parts = _parts(blocks, _groups(found))
    shared = _shared_credentials(parts)
    return tuple(_derive(part, group, base, openings, shared) for part, group in parts)


def _groups(found: Sequence[Mention]) -> list[list[Mention]]:
    """Gather the mentions of each operation, in the order in which the operations come."""
    groups: list[list[Mention]] = []
    for mention in found:
        known = (group for group in groups if any(map(mention.same, group)))
        group = next(known, None)
        shown = group and group is not groups[-1] and all(each.command for each in group)
        if group and shown and mention.command is None:
            groups.remove(group)  # a command that is an example of something else
            group = None
        if group:
            group.append(mention)
        else:
            groups.append([mention])
    return groups


def _parts(
    blocks: Sequence[Block], groups: Sequence[list[Mention]]
) -> list[tuple[Sequence[Block], list[Mention]]]:
    """Return each operation with its part of the page, from the heading above it on."""
    starts = [0]
    for before, group in pairwise(groups):
        above = max(before[0].at, 0) + 1
        first = max(group[0].at, 0)
        between = enumerate(blocks[above : first + 1], above)
        headings = [(block.level, at) for at, block in between if isinstance(block, Heading)]
        starts.append(min(headings)[1] if headings else first)
    ends = [*starts[1:], len(blocks)]
    return [
        (blocks[start:end], [one for one in group if start <= one.at < end or one.at < 0] or group)
        for start, end, group in zip(starts, ends, groups, strict=True)
    ]


def _shared_credentials(parts: Sequence[tuple[Sequence[Block], list[Mention]]]) -> list[Fact]:
    """Return the credentials that a page states before the title of its first operation."""
    (blocks, mentions_of_first), following = parts[0], parts[1][0][:1] if parts[1:] else ()
    levels = [block.level for block in following if isinstance(block, Heading)]
    above = enumerate(blocks[: max(mentions_of_first[0].at + 1, 0)])
    titles = [at for at, block in above if isinstance(block, Heading) and [block.level] == levels]
    head = blocks[: titles[-1]] if titles else ()
    sections = read_parts(split(head), mentions_of_first)
    return stated_credentials(sections) or credential_in_words(sections, head)


def _derive(
    blocks: Sequence[Block],
    found: Sequence[Mention],
    base: Sequence[Fact],
    openings: Openings | None,
    shared: Sequence[Fact],
) -> Derived:
    sections = split(blocks)
    parts = read_parts(sections, found)
    for body in (parts.request, *parts.answers.usual, *parts.answers.refusals):
        how = openings or (Openings() if is_flattened(body.entries, body.sample) else None)
        if how is not None:
            entries, notes = nest(body.entries, how, body.sample)
            body.entries = [*entries]
            parts.notes += notes
    facts = operation_facts(blocks, found, parts, base)
    if not any(fact.keyword == "authorization" for fact in facts):
        facts += tuple(shared)
    success = parts.answers.success
    relations: Relations = []
    request = _built("/request", parts.request, relations, parts.notes)
    response = _built("/response", success, relations, parts.notes)
    if success is not None and success.status is not None:
        facts += (Fact("success_status", success.status, Span(success.line, success.line)),)
    if success is not None and success.media:
        span = Span(success.media_line, success.media_line)
        facts += (Fact("answer_media_type", success.media, span),)
    derived = Derived(
        operation=first_facts(facts),
        request=request,
        response=response,
        relations=tuple(relations),
        notes=tuple(parts.notes),
        refusals=tuple(_refusals(parts)),
    )
    return empty_bodies(derived, sections)


def _built(place: str, body: Body | None, relations: Relations, notes: Notes) -> Node | None:
    """Build a body from its members, or else from its sample, or else from its type alone."""
    if body is None:
        return None
    sample = body.sample
    root = body.root
    if body.schema and not body.entries:
        from contracts.derive.openapi.schemas import Side, page_schema  # noqa: PLC0415 - loads long

        side = Side.REQUEST if place == "/request" else Side.ANSWER
        return page_schema(body.schema, side, notes)
    if not body.entries and sample is not None:
        node = with_comments(settled(sample_node(sample), sample), sample, notes, body.listed)
        values = [] if has_types(sample) else [sample.plain()]
        return without_contradictions(with_example(node, sample), values, notes.add)
    if not body.entries:
        return None if root is None else kind_node(root, body.span)
    body.entries = [_dotted(entry, sample) for entry in body.entries]
    is_array = root.base == "array" if root else sample is not None and sample.kind == "array"
    inside = f"{place}/*" if is_array else place
    node = build(body.entries, body.span, inside, relations, notes)
    if is_array:
        node = Node(facts=(Fact("type", "array", body.span),), items=node)
    if sample is None:
        return node
    node = with_example(settled(complete(node, sample, notes), sample), sample)
    values = [sample.plain()]
    if _is_generated(sample):
        return node
    return without_contradictions(node, values, notes.add)


def _dotted(entry: Entry, sample: Sample | None) -> Entry:
    """Return a member with dots in its name for colons, where a sample shows it in an object."""
    shown = inner(sample) if sample else None
    names = [name for name, _ in shown.members] if shown else []
    inside = entry.name not in names and entry.name.partition(":")[0] in names
    return replace(entry, name=entry.name.replace(":", ".")) if inside else entry


def _is_generated(sample: Sample) -> bool:
    """Whether a renderer wrote a sample: it has the word "string" where a person has a text."""
    worded = any(item.value in ("string", "<string>") for item in scalars(sample))
    return worded or has_types(sample)


def _refusals(parts: Parts) -> Iterator[Refusal]:
    for answer in parts.answers.refusals:
        node = _built("/response", answer, [], Notes())
        lines = Span(answer.line, max(answer.line, answer.last))
        yield Refusal(answer.status, answer.media, node, lines)


def operation_facts(
    blocks: Sequence[Block], found: Sequence[Mention], parts: Parts, base: Sequence[Fact]
) -> tuple[Fact, ...]:
    """Return what a page says of the operation as a whole, the nearest source first."""
    # A path with parameters is better than a filled one.
    best = max(found, key=lambda mention: ("{" in mention.path, mention.command is None))
    path = best.path
    facts = [*_where(found, best, _beside(base, path))]
    command = next((mention.command for mention in found if mention.command), None)
    facts += stated_credentials(parts)
    sent = command_facts(command) if command else ()
    facts += [fact for fact in sent if fact.keyword in {"authorization", "authorizations"}]
    shown = next((fact.value for fact in sent if fact.keyword == "server"), None)
    server = next((str(fact.value) for fact in facts if fact.keyword == "server"), "")
    whole = read_address(command.url).path if command and command.url else None
    if whole and server == f"{shown}{_base_path(whole, path)}":
        facts += [_based(fact, server) for fact in sent if fact.keyword == "servers"]
    facts += _parameters(parts)
    body = parts.request
    if body.media and (body.entries or body.sample or body.root):
        facts.append(Fact("media_type", body.media, Span(body.media_line, body.media_line)))
    facts += [fact for fact in sent if fact.keyword in {"media_type", "parameters"}]
    texts = [Line(block.line, block.plain) for block in told(blocks)]
    if not any(fact.keyword == "authorization" for fact in facts):
        named = credential_in_words(parts, blocks)
        said = [text for text in parts.authorization_texts if text.plain.count(" ") > 2]
        if said and not named:
            parts.notes.add(said[0].line, f"no credential is read from: {said[0].plain}")
        facts += named
    return (*facts, *sentences_of(texts))


def _where(found: Sequence[Mention], best: Mention, base: Sequence[Fact]) -> list[Fact]:
    """Return method, path and server."""
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


def _parameters(parts: Parts) -> Iterator[Fact]:
    """Yield the fact of all parameters; several credentials are all sent with a request."""
    sent = parts.authorization if len(parts.authorization) > 1 else []
    listed = {(each.place or "header", each.name.lower()): (each, True) for each in sent}
    for place, entry in parts.parameters:
        if (place != "header" or not is_elsewhere(entry.name)) and not is_key(place, entry):
            required = place == "path" or entry.required is not None
            listed.setdefault((place, entry.name.lower()), (entry, required))
    rows: list[Json] = []
    for (place, _), (entry, required) in listed.items():
        member = schema(member_node(entry))
        rows.append({"in": place, "name": entry.name, "required": required, "schema": member})
    if rows:
        lines = [entry.line for entry, _ in listed.values()]
        yield Fact("parameters", rows, Span(min(lines), max(lines)))
