"""NOTES.md of a contract that was just started: what a person has to decide, with its lines."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contracts.authoring.start import operation, queries
from contracts.authoring.start.identity import Derived
from contracts.authoring.start.links import Proposal
from contracts.authoring.start.readings import PARTS, Question
from contracts.model import Schema, lines_in_words
from contracts.reports.text.templates import template
from contracts.schema import keywords

TEMPLATE = Path(__file__).with_name("notes.md.jinja")
API_TEMPLATE = Path(__file__).with_name("api-notes.md.jinja")


def notes(
    api: str,
    derived: Derived,
    questions: Sequence[Question],
    unread: str | None,
    proposed: Sequence[Mapping[str, Any]],
    *,
    linked: Collection[str],
) -> str:
    """Return the text of the notes: what was not read, questions, `proposed` relations.

    `linked` are path parameters whose values other operations of the API hand out.
    """
    fields = derived["operation"]
    ids = operation.ids_in_path(fields)
    hosts = operation.production_hosts(fields)
    servers = [
        (url, about, "production" if urlsplit(url).hostname in hosts else "no production")
        for url, about in operation.servers(fields)
    ]
    path_with_ids = fields["path"]  # ``/orders/{id1}`` for ``/orders/4711``
    for number, name in enumerate(ids, 1):
        path_with_ids = path_with_ids.replace(f"/{name}", f"/{{id{number}}}", 1)
    return template(TEMPLATE).render(
        api=api,
        derived=derived,
        fields=fields,
        unread=unread,
        success_known=operation.success_known(derived),
        ids=ids,
        path_with_ids=path_with_ids,
        parameters=operation.parameters(api, derived, linked),
        headers=operation.headers(api, fields),
        servers=servers,
        optional=[
            p["name"]
            for p in fields.get("parameters", ())
            if not p["required"] and p["name"] not in queries.rows(fields)
        ],
        questions=questions,
        sections=_sections(api, derived, proposed),
        variable=operation.variable,
        lines_in_words=lines_in_words,
    )


def api_notes(
    api: str,
    order: Sequence[str],
    proposals: Sequence[Proposal],
    taken_back: Mapping[str, tuple[Proposal, str]],
) -> str:
    """Return the notes of an API: its operations, and the links that were proposed, and why."""
    return template(API_TEMPLATE).render(
        api=api, order=order, proposals=proposals, taken_back=taken_back
    )


def _sections(
    api: str, derived: Derived, proposed: Sequence[Mapping[str, Any]]
) -> dict[str, list[str]]:
    """Return the lists at the end of the notes by their titles; some may be empty."""
    return {
        "Guessed, and to be confirmed": [
            f"{clause}: contracts confirm {api} {clause}"
            for part in PARTS
            for clause in guesses(derived[part], part)
        ],
        "Relations that were proposed": [
            f"{row['id']}: {row['statement']}, since {row['why']}" for row in proposed
        ],
        "Refusals that the page documents": list(map(_refusal, derived.get("refusals", ()))),
        "Not understood on the page": [
            f"line {n['line']}: {n['text']}" for n in derived["not_understood"]
        ],
        "Members without a description": [
            keywords.dotted((part, *path))
            for part in PARTS
            for path, _, below in keywords.subschemas(derived[part] or {})
            if keywords.is_undescribed(path, below)
        ],
        "What the page relates": [
            f"line {r['line']}: {r['at']} is the {r['operator']} of {' and '.join(r['of'])}"
            for r in derived["relations"]
        ],
    }


def guesses(schema: Schema | None, part: str) -> Iterator[str]:
    """Yield the clauses of keywords that were guessed."""
    for keyword in keywords.keywords(schema or {}):
        if keyword.name in keyword.schema.get("x-guessed", ()):
            yield f"{part}.{keyword.clause}"


def _refusal(refusal: Mapping[str, Any]) -> str:
    members = ", ".join((refusal["schema"] or {}).get("properties", {}))
    media = f", {refusal['media_type']}" if refusal["media_type"] else ""
    body = f": {members}" if members else ""
    lines = lines_in_words(refusal["lines"])
    return f"{refusal['status'] or 'any status'}{media} ({lines}){body}"
