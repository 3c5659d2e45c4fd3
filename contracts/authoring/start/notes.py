"""NOTES.md of a contract that was just started: what a person has to decide, with its lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from contracts.authoring.start import operation
from contracts.authoring.start.readings import Question
from contracts.model import Schema, lines_in_words
from contracts.schema import keywords

PARTS = ("request", "response")
HEAD = """\
# {api}: what is open

Started by `contracts new` from {document}. `schemas/` is what the page states, derived by program
and not to be edited. `overlay.json` is what is read between its lines: write it on. Questions are
settled by deleting them here.

## To be decided

"""
STANDING = """\
- **The plausible region is a range around the page's own example.** Write into overlay.json what no
  reasonable server behind this page would refuse, then take `acceptance = "convention"` out of
  contract.toml.
- **Relations** between request, response and earlier responses stand in contract.toml
  (`[[relations]]`). Those listed below were proposed from names and types, so that they only warn:
  write `basis = "document"` where the page promises one, and delete the others. Write what was not
  proposed.
"""


def notes(
    api: str,
    derived: Mapping[str, Any],
    questions: Sequence[Question],
    unread: str | None,
    proposed: Sequence[Mapping[str, Any]],
) -> str:
    """Return the text of the notes; what of the page was seen and not read comes first.

    `proposed` are the relations that were proposed.
    """
    operation = derived["operation"]
    first = f"**Mind: {unread}.**\n\n" if unread else ""
    head = first + HEAD.format(api=api, document=operation["x-document"]["name"])
    asked = "".join(
        f"- {text}\n"
        for text in [*_about_operation(api, operation, derived), *map(_asked, questions)]
    )
    sections = {
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
    listed = "".join(
        f"\n## {title}\n\n" + "".join(f"- {line}\n" for line in lines)
        for title, lines in sections.items()
        if lines
    )
    return head + STANDING + asked + listed


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


def _about_operation(
    api: str, fields: Mapping[str, Any], derived: Mapping[str, Any]
) -> Iterator[str]:
    if not operation.success_known(derived):
        yield "**The status of a success** is not given by one number of the 2xx: any 2xx is taken."
    if fields["authorization"]:
        name = operation.variable(api, "token")
        basic = str(fields["authorization"]["scheme"]).lower() == "basic"
        form = " It is `user:password`, which is encoded for the header, or that in base64."
        yield f"**The credential** is taken from `{name}`: is that its name?{form * basic}"
    else:
        yield "**No credential** is asked for on the page, so none is sent."
    if ids := operation.ids_in_path(fields):
        yield _recorded(api, ids, fields)
    for name, row in operation.parameters(api, fields).items():
        yield f"**{name}** is taken from `{row['variable']}`" + (
            "."
            if row.get("format")
            else ": what it looks like is not stated, so no wrong one is tried."
        )
    for name, row in operation.headers(api, fields).items():
        yield f"**The header {name}** is taken from `{row['variable']}`."
    yield from _about_servers(fields)
    optional = [p["name"] for p in fields.get("parameters", ()) if not p["required"]]
    if optional:
        yield f"**Optional parameters** are never sent: {', '.join(optional)}."
    if derived["response"] is None:
        yield "**No response body** is documented: only what all APIs share is checked."
    if derived["rendering"] == "example" and derived["request"] is not None:
        yield "**What is required** is not marked on a page of this kind, so every member is sent."


def _recorded(api: str, ids: Sequence[str], fields: Mapping[str, Any]) -> str:
    """Return how ids that stand in a path become parameters, which another sandbox needs."""
    path = fields["path"]
    for number, name in enumerate(ids, 1):
        path = path.replace(f"/{name}", f"/{{id{number}}}", 1)
    lines = fields["x-source"]["path"]
    return (
        f"**{', '.join(ids)}** in the path may be ids of whoever made this page or recording. "
        "Where the sandbox has others, let overlay.json have the action "
        f'`{{"target": "$.operation", "description": "...", "update": {{"path": "{path}"}}}}` and '
        f"contract.toml a table for each, `[operation.parameters.id1]` with "
        f'`variable = "{operation.variable(api, "id1")}"` and `lines = {lines}`.'
    )


def _about_servers(fields: Mapping[str, Any]) -> Iterator[str]:
    hosts = operation.production_hosts(fields)
    for url, about in operation.servers(fields):
        host = urlsplit(url).hostname
        kind = "production" if host in hosts else "no production"
        yield f"**{url}** is taken for {kind}{f' ({about})' if about else ''}."
    if len(fields.get("authorizations", ())) > 1:
        yield "**Other credentials** are documented as alternatives: only the first is tried."


def _asked(question: Question) -> str:
    if question.lines is None:
        return question.text
    return f"{question.text} ({lines_in_words(question.lines)})"
