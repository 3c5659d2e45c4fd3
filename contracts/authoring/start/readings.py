"""The overlay that a contract starts with, until a person has read the page.

It takes out what the suite can't check, leaves null open where the page says nothing of it, and
narrows the plausible region to a range around what the page shows.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.authoring.start.plain import plain, plainest
from contracts.authoring.start.plausible import narrowed
from contracts.errors import ContractError
from contracts.model import ABSENT, Schema
from contracts.schema import vocabulary

NULL = "The page does not say whether null is allowed here, so it is left open."
NOT_CHECKED = "The suite can't check this, and what is not checked is no clause."
NARROW = (
    "Nobody has written yet what is plausible: a range around what the page shows stands for it."
)

SEVERAL_STATUSES = "Several statuses of a success are documented, and not when each is meant."

Action = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a person has to decide, with the lines that it is about."""

    text: str
    lines: tuple[int, int] | None = None


def overlay(derived: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Question, ...]]:
    """Return the overlay of derived schemas, and the questions that it leaves open."""
    actions: list[Action] = []
    questions: list[Question] = []
    listed = derived["rendering"] == "listed"
    for part in ("request", "response"):
        schema = derived[part]
        if schema is None:
            continue
        for target, keyword, below in _not_checked(schema, sent=part == "request"):
            places = ("request", "plausible") if part == "request" else (part,)
            actions += [
                {
                    "target": f"$.{place}{target}.{keyword}",
                    "description": NOT_CHECKED,
                    "remove": True,
                }
                for place in places
            ]
            lines = below["x-source"].get(keyword)
            text = f"{part}{_spoken(target)}: the {keyword} {below[keyword]!r} is not checked"
            questions.append(Question(text, tuple(lines) if lines else None))
        if derived["rendering"] != "OpenAPI" and (part == "request" or not listed):
            actions += _nulls(part, schema, listed=listed)
    actions += _statuses(derived["operation"])
    if derived["request"] is not None:
        actions += _plausible(_checked(derived["request"]), questions)
    title = "What is read between the lines, and what is assumed"
    return {
        "overlay": "1.0.0",
        "info": {"title": title, "version": "1"},
        "actions": actions,
    }, tuple(questions)


def _statuses(operation: Mapping[str, Any]) -> Iterator[Action]:
    """Take any 2xx for a success where the document gives several and not when each is meant."""
    if len(operation.get("success_statuses", ())) > 1:
        yield {
            "target": "$.operation",
            "description": SEVERAL_STATUSES,
            "update": {"success_status": None},
        }


def _not_checked(schema: Schema, *, sent: bool) -> Iterator[tuple[str, str, Schema]]:
    """Yield (JSONPath, keyword, subschema) of formats and patterns that the dialect refuses.

    What is `sent` also needs a value that fits its pattern.
    """
    for target, below in _subschemas(schema):
        for keyword in ("format", "pattern"):
            if keyword in below and not _is_checked(keyword, below, sent=sent):
                yield target, keyword, below


def _is_checked(keyword: str, schema: Schema, *, sent: bool) -> bool:
    try:
        vocabulary.refuse_unknown({keyword: schema[keyword]}, "")
    except ContractError:
        return False
    return (
        keyword != "pattern"
        or not sent
        or plain({key: value for key, value in schema.items() if key != "x-source"}) is not ABSENT
    )


def _checked(schema: Schema) -> dict[str, Any]:
    """Return a schema without what the overlay takes out."""
    out: dict[str, Any] = json.loads(json.dumps(schema))
    for _, below in _subschemas(out):
        for keyword in ("format", "pattern"):
            if keyword in below and not _is_checked(keyword, below, sent=True):
                assert isinstance(below, dict)  # noqa: S101 - a copy made above
                del below[keyword]
    return out


def _subschemas(schema: Schema, target: str = "") -> Iterator[tuple[str, Schema]]:
    yield target, schema
    for name, child in schema.get("properties", {}).items():
        yield from _subschemas(child, f"{target}.properties[{_quoted(name)}]")
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), Mapping):
            yield from _subschemas(schema[keyword], f"{target}.{keyword}")


def _nulls(part: str, schema: Schema, *, listed: bool) -> Iterator[Action]:
    """Allow null: in a request for optional members, in a response where no type is printed."""
    for target, below in _subschemas(schema):
        required = below.get("required", ()) if part == "request" or listed else ()
        inside = {
            f".properties[{_quoted(name)}]": child
            for name, child in below.get("properties", {}).items()
            if name not in required
        }
        if isinstance(below.get("additionalProperties"), Mapping):
            inside[".additionalProperties"] = below["additionalProperties"]
        for place, child in inside.items():
            kinds = child.get("type")
            if kinds is None or "null" in kinds:
                continue
            update: dict[str, Any] = {
                "type": ["null"] if isinstance(kinds, list) else [kinds, "null"]
            }
            if "enum" in child and None not in child["enum"]:
                update["enum"] = [None]
            # a type that was guessed stays a guess
            stated = {} if "type" in child.get("x-guessed", ()) else {"x-basis": "document"}
            yield {
                "target": f"$.{part}{target}{place}",
                "description": NULL,
                **stated,
                "update": update,
            }


def _plausible(schema: Schema, questions: list[Question]) -> Iterator[Action]:
    """Narrow the plausible region to a range around the plainest request that the page shows."""
    body = plainest(schema)
    update, removals = narrowed(schema, body)
    for end in removals:
        yield {"target": f"$.plausible{end}", "description": NARROW, "remove": True}
        if end.endswith(("]", "}")):
            text = (
                f"request{_spoken(end)} is read-only, or no value of it was found: it is not sent"
            )
            questions.append(Question(text))
    yield {
        "target": "$.plausible",
        "description": NARROW,
        "x-basis": "convention",
        "update": update,
    }


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _spoken(target: str) -> str:
    return re.sub(r"\.properties\[\"(.*?)\"\]", r".\1", target).replace(".items", "[]")
