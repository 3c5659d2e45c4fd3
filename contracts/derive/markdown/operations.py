"""From the blocks of a page to its operations."""

import re
from collections.abc import Sequence
from itertools import pairwise

from contracts.derive.markdown.answers import Body
from contracts.derive.markdown.blocks import Block, Heading, plain
from contracts.derive.markdown.heads import Mention, mentions, server_facts
from contracts.derive.markdown.kinds import kind_node
from contracts.derive.markdown.parts import Parts, read_parts
from contracts.derive.markdown.requests import operation_facts, unread_credential
from contracts.derive.markdown.sections import split
from contracts.derive.markdown.tree import Relations, build
from contracts.derive.markdown.unread import empty_bodies
from contracts.derive.model import Derived, Fact, Node, Notes, Refusal, Span
from contracts.derive.operation import first_facts
from contracts.derive.page.placeholders import (
    complete,
    sample_node,
    scalars,
    settled,
    with_example,
    without_contradictions,
)
from contracts.derive.page.sample import Sample
from contracts.derive.rendered.nesting import Openings, nest
from contracts.errors import UsageError


def derive_blocks(
    blocks: Sequence[Block], lines: Sequence[str], name: str, openings: Openings | None = None
) -> tuple[Derived, ...]:
    """Return the operations that a page names, each from its own part of the page.

    `openings` are given for a page that does not show how deep its members stand.
    """
    found = mentions(blocks, lines)
    if not found:
        raise UsageError(
            f"{name}: no operation was found on this page: nothing names a method and a path "
            f"(POST /path), "
            f"and there is no curl command{_guess(blocks)}"
        )
    base = server_facts(blocks)
    return tuple(
        _derive(part, group, base, openings) for part, group in _parts(blocks, _groups(found))
    )


def _guess(blocks: Sequence[Block]) -> str:
    """Say what else the page may be."""
    text = " ".join(block.plain.lower() for block in blocks if block.text)
    if re.search(r"\b(?:sign in|log in|password|enter your email)\b", text) and len(text) < 3000:
        return "; it looks like a login page: save it from a browser that is signed in"
    for block in blocks:
        titles = {plain(title).lower() for title in getattr(block, "header", ())}
        if titles & {"method", "verb"} and titles & {"path", "endpoint", "url", "uri", "route"}:
            return f"; the table on line {block.line} lists operations: name the page of one"
    return ""


def _groups(found: Sequence[Mention]) -> list[list[Mention]]:
    """Gather the mentions of each operation, in the order in which the operations come."""
    groups: list[list[Mention]] = []
    for mention in found:
        group = next(
            (group for group in groups if any(mention.same(other) for other in group)), None
        )
        if group is None:
            groups.append([mention])
        else:
            group.append(mention)
    return groups


def _parts(
    blocks: Sequence[Block], groups: Sequence[list[Mention]]
) -> list[tuple[Sequence[Block], list[Mention]]]:
    """Return each operation with its part of the page, from the heading above it on."""
    starts = [0]
    for before, group in pairwise(groups):
        above, first = max(before[0].at, 0) + 1, max(group[0].at, 0)
        between = enumerate(blocks[above : first + 1], above)
        headings = [(block.level, at) for at, block in between if isinstance(block, Heading)]
        starts.append(min(headings)[1] if headings else first)
    ends = [*starts[1:], len(blocks)]
    return [
        (blocks[start:end], [one for one in group if start <= one.at < end or one.at < 0])
        for start, end, group in zip(starts, ends, groups, strict=True)
    ]


def _derive(
    blocks: Sequence[Block],
    found: Sequence[Mention],
    base: Sequence[Fact],
    openings: Openings | None,
) -> Derived:
    sections = split(blocks)
    parts = read_parts(sections, found)
    if openings is not None:
        _nest_parts(parts, openings)
    facts = operation_facts(blocks, found, parts, base)
    success = parts.answers.success
    relations: Relations = []
    request = _built("/request", parts.request, relations, parts.notes)
    response = _built("/response", success, relations, parts.notes)
    if success is not None and success.status is not None:
        facts += (Fact("success_status", success.status, Span(success.line, success.line)),)
    if success is not None and success.media:
        facts += (
            Fact("answer_media_type", success.media, Span(success.media_line, success.media_line)),
        )
    derived = Derived(
        operation=first_facts(facts),
        request=request,
        response=response,
        relations=tuple(relations),
        notes=(*parts.notes, *unread_credential(parts, facts)),
        refusals=_refusals(parts),
    )
    return empty_bodies(derived, sections)


def _nest_parts(parts: Parts, openings: Openings) -> None:
    """Say how deep the members of each body stand on a page that does not show it."""
    for body in (parts.request, *parts.answers.usual, *parts.answers.refusals):
        entries, notes = nest(body.entries, openings, body.sample)
        body.entries = [*entries]
        parts.notes += notes


def _built(place: str, body: Body | None, relations: Relations, notes: Notes) -> Node | None:
    """Build a body from its members, or else from its sample, or else from its type alone."""
    if body is None:
        return None
    sample, root = body.sample, body.root
    if not body.entries and sample is not None:
        return with_example(settled(sample_node(sample), sample), sample)
    if not body.entries:
        return None if root is None else kind_node(root, body.span)
    is_array = root.base == "array" if root else sample is not None and sample.kind == "array"
    inside = f"{place}/*" if is_array else place
    node = build(body.entries, body.span, inside, relations, notes)
    if is_array:
        node = Node(facts=(Fact("type", "array", body.span),), items=node)
    if sample is None:
        return node
    node = with_example(settled(complete(node, sample, notes), sample), sample)
    return node if _is_generated(sample) else without_contradictions(node, [sample.plain()], notes)


def _is_generated(sample: Sample) -> bool:
    """Whether a renderer wrote a sample: it has the word "string" where a person has a text."""
    return any(
        item.value in {"string", "<string>"} for item in scalars(sample) if item.kind == "string"
    )


def _refusals(parts: Parts) -> tuple[Refusal, ...]:
    out = []
    for answer in parts.answers.refusals:
        node = _built("/response", answer, [], Notes())
        lines = Span(answer.line, max(answer.line, answer.last))
        out.append(Refusal(answer.status, answer.media, node, lines))
    return tuple(out)
