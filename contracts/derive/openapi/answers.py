"""Answers of an operation: the one that counts as its success, and the documented refusals."""

import re
from dataclasses import dataclass

from contracts.derive.marked import Part
from contracts.derive.model import Fact, Json, Node, Notes, Refusal, Span
from contracts.derive.openapi.document import METHODS, Document
from contracts.derive.openapi.media import Media, answer_forms, body
from contracts.derive.openapi.schemas import Schemas, Side

_STATUS = re.compile(r"[1-5](?:\d\d|XX)", re.IGNORECASE)
_FAILURE = re.compile(r"\b(error|fail|unexpected|invalid|problem)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """One documented answer, its status as it is written."""

    status: str
    part: Part
    forms: list[Media]
    span: Span

    @property
    def number(self) -> int | None:
        """The status, or None for `default` and for a range like 4XX."""
        return int(self.status) if self.status.isdigit() else None

    @property
    def has_json(self) -> bool:
        """Whether its body is JSON."""
        return bool(self.forms) and self.forms[0].is_json


def answers_of(
    operation: Part, schemas: Schemas, notes: Notes
) -> tuple[list[Fact], Node | None, tuple[Refusal, ...]]:
    """Return what an operation answers: facts about its success, its body, and the refusals."""
    listed = _listed(operation, schemas.document, notes)
    success = _success(listed, notes)
    refusals = []
    links: list[Json] = []
    for answer in listed:
        links += links_of(answer.status, answer.part, schemas.document, notes)
        if answer is not success and answer.status[0] in "45d":
            media = answer.forms[0].stated if answer.forms else None
            node = body(answer.forms, schemas, Side.ANSWER, notes)
            refusals.append(Refusal(answer.number, media, node, answer.span))
        elif answer.status[0] in "13":
            notes.add(answer.span, f"the answer {answer.status} is neither a success nor a refusal")
    facts = _success_facts(success, listed) if success is not None else []
    if links:
        facts.append(Fact("links", links, Span(listed[0].span.first, listed[-1].span.last)))
    response = body(success.forms, schemas, Side.ANSWER, notes) if success is not None else None
    return facts, response, tuple(refusals)


def _listed(operation: Part, document: Document, notes: Notes) -> list[Answer]:
    answers = []
    for written, part in operation.get("responses").members():
        status = written.upper() if written.upper() != "DEFAULT" else "default"
        if written.startswith("x-"):
            continue
        if status != "default" and not _STATUS.fullmatch(status):
            notes.add(part.span, f"{written!r} is no status")
            continue
        response = document.resolve(part, notes)
        forms = answer_forms(operation, response, document, notes)
        _note_headers(status, response, notes)
        answers.append(Answer(status, response, forms, part.span))
    if not answers:
        notes.add(operation.span, "no answer is documented")
    return answers


def _note_headers(status: str, response: Part, notes: Notes) -> None:
    headers = response.get("headers")
    if names := [name for name, _ in headers.members()]:
        notes.add(headers.span, f"headers of the answer {status} are not read: {', '.join(names)}")


def _success(listed: list[Answer], notes: Notes) -> Answer | None:
    """Return the lowest 2xx with JSON, or without, or 2XX, or `default` where that is all."""
    numbered = sorted(
        (a for a in listed if a.number and a.status[0] == "2"),
        key=lambda answer: answer.number or 0,
    )
    with_json = [answer for answer in numbered if answer.has_json]
    ranges = [answer for answer in listed if answer.status == "2XX"]
    success = next(iter([*with_json, *numbered, *ranges]), None)
    if success is not None:
        others = [answer.status for answer in (*numbered, *ranges) if answer is not success]
        if others:
            text = f"only the success {success.status} is read, not {', '.join(others)}"
            notes.add(success.span, text)
        return success
    fallback = next((answer for answer in listed if answer.status == "default"), None)
    if fallback is None or _FAILURE.search(fallback.part.text("description") or ""):
        if listed:
            notes.add(listed[0].span, "no answer to a success is documented")
        return None
    notes.add(fallback.span, "the default answer is taken for the success: no other is documented")
    return fallback


def _success_facts(success: Answer, listed: list[Answer]) -> list[Fact]:
    facts = []
    any_success = any(answer.status == "2XX" for answer in listed)
    if success.number is not None and not any_success:
        facts.append(Fact("success_status", success.number, success.span))
    numbers: list[Json] = [
        answer.number for answer in listed if answer.number and answer.status[0] == "2"
    ]
    if len(numbers) > 1:
        facts.append(Fact("success_statuses", sorted(numbers, key=str), success.span))
    if success.forms and success.forms[0].stated:
        facts.append(Fact("answer_media_type", success.forms[0].stated, success.forms[0].span))
    return facts


def links_of(status: str, response: Part, document: Document, notes: Notes) -> list[Json]:
    """Return the links of one answer, each with the operation it leads to as ``POST /path``."""
    links: list[Json] = []
    for name, part in response.get("links").members():
        link = document.resolve(part, notes)
        if not link:
            continue
        target = _target(link, document)
        if target is None:
            notes.add(part.span, f"the operation of the link {name} is not in this document")
            continue
        parameters, body = link.get("parameters"), link.get("requestBody")
        row: dict[str, Json] = {"status": status, "name": name, "operation": target}
        row["parameters"] = parameters.plain() if parameters else {}
        row["body"] = body.plain()
        links.append(row)
    return links


def _target(link: Part, document: Document) -> str | None:
    reference, name = link.text("operationRef"), link.text("operationId")
    for path, item in document.root.get("paths").members():
        for method, operation in item.members():
            pointer = f"#/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}"
            same = name is not None and operation.text("operationId") == name
            if method in METHODS and (same or reference == pointer):
                return f"{method.upper()} {path}"
    return None
