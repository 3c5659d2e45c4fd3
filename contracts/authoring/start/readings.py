"""The overlay that a contract starts with: null left open, what can't be checked taken out."""

import copy
import json
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, cast

from contracts.authoring.start import identity
from contracts.authoring.start.identity import Derived
from contracts.authoring.start.plausible import narrowed, plain, plainest
from contracts.errors import ContractError
from contracts.model import ABSENT, Schema
from contracts.schema import keywords, vocabulary

NULL = "The page does not say whether null is allowed here, so it is left open."
NOT_CHECKED = "The suite can't check this, and what is not checked is no clause."
NARROW = (
    "Nobody has written yet what is plausible: a range around what the page shows stands for it."
)

SEVERAL_STATUSES = (
    "Success may have several statuses, and the page does not say when each is meant."
)

CREATED = 201
CONFLICT = 409  # what a server answers to what is there already
# what things are often known by
KEY = re.compile(
    r"(?:sku|slug|user_?name|login|handle|domain|code|key|(?:external|own)_?id|reference)$",
    re.IGNORECASE,
)

# of these, what is the thing's own, and not that of something that has to be there
OWN_KEY = re.compile(
    r"(?:slug|user_?name|login|handle|(?:external|own)_?id|reference)$", re.IGNORECASE
)

Action = dict[str, Any]
PARTS = ("request", "response")


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a person has to decide, with the lines that it is about."""

    text: str
    lines: tuple[int, int] | None = None


def overlay(
    derived: Derived, handed_out: AbstractSet[str] = frozenset()
) -> tuple[dict[str, Any], tuple[Question, ...]]:
    """Return the overlay of derived schemas, and the questions that it leaves open.

    `handed_out` are members of the request whose values other operations hand out.
    """
    actions: list[Action] = []
    questions: list[Question] = []
    listed = derived["rendering"] == "listed"
    for part in PARTS:
        schema = derived[part]
        if schema is None:
            continue
        for path, keyword, below in _not_checked(schema, sent=part == "request"):
            places = ("request", "plausible") if part == "request" else (part,)
            actions += [
                _removal(f"{place}{_target(path)}.{keyword}", NOT_CHECKED) for place in places
            ]
            lines = below["x-source"].get(keyword)
            place = keywords.dotted((part, *path))
            text = f"{place}: the {keyword} {below[keyword]!r} is not checked"
            questions.append(Question(text, tuple(lines) if lines else None))
        if derived["rendering"] != "OpenAPI" and (part == "request" or not listed):
            actions += _nulls(part, schema, listed=listed)
    several = len(derived["operation"].get("success_statuses", ())) > 1
    if several or identity.key_of(derived):  # 201 for what is new, and 200 or 204 (RFC 9110)
        update = {"success_status": None}  # any 2xx
        actions.append({"target": "$.operation", "description": SEVERAL_STATUSES, "update": update})
    if derived["request"] is not None:
        checked = _marked(_checked(derived["request"]), derived, handed_out)
        actions += _plausible(checked, derived, questions)
    title = "What is read between the lines, and what is assumed"
    info = {"title": title, "version": "1"}
    return {"overlay": "1.0.0", "info": info, "actions": actions}, tuple(questions)


def _marked(schema: Schema, derived: Derived, handed_out: AbstractSet[str]) -> Schema:
    """Mark the members of a request that are likely to have to be unique, or that name others."""
    members = schema.get("properties", {})
    conflicts = any(refusal["status"] == CONFLICT for refusal in derived.get("refusals", ()))
    creates = derived["operation"]["success_status"] == CREATED and identity.created(derived)
    for name, child in members.items():
        if conflicts and (KEY.search(name) or child.get("format") == "email"):
            child.setdefault("x-distinct", False)
        if creates and OWN_KEY.search(name) and keywords.types(child) == ("string",):
            child.setdefault("x-distinct", False)
    for name in handed_out & members.keys():
        members[name]["x-linked"] = True
    return schema


def _removal(place: str, description: str) -> Action:
    return {"target": f"$.{place}", "description": description, "remove": True}


def _target(path: Sequence[str]) -> str:
    """Return the path of a subschema as the end of a JSONPath."""
    ends = {"[]": ".items", "{}": ".additionalProperties"}
    return "".join(
        ends.get(name) or f".properties[{json.dumps(name, ensure_ascii=False)}]" for name in path
    )


def _not_checked(schema: Schema, *, sent: bool) -> Iterator[tuple[tuple[str, ...], str, Schema]]:
    """Yield (path, keyword, subschema) that the dialect refuses, or of no value to send."""
    for path, _, below in keywords.subschemas(schema):
        for keyword in ("format", "pattern"):
            if keyword in below and not _is_checked(keyword, below, sent=sent):
                yield path, keyword, below


def _is_checked(keyword: str, schema: Schema, *, sent: bool) -> bool:
    """Whether the suite checks a keyword and, of what is sent, has a value that fits it."""
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
    out = copy.deepcopy(dict(schema))
    for _, keyword, below in list(_not_checked(out, sent=True)):
        cast("dict[str, Any]", below).pop(keyword)  # of the copy
    return out


def unsendable(schema: Schema) -> str | None:
    """Return why no request body of a schema can be sent; None where one can."""
    kind = schema.get("type", "of any type")
    if kind not in ("object", "array"):
        return f"its request body is {kind}; supported are an object and an array"
    body = plainest(_checked(schema))
    for name in schema.get("required", ()):
        if name not in body:
            return f"no value was found that fits the schema of the required member {name}"
    return None


def _nulls(part: str, schema: Schema, *, listed: bool) -> Iterator[Action]:
    """Allow null: in a request for optional members, in a response where no type is printed."""
    required: set[tuple[str, ...]] = set()
    for path, _, below in keywords.subschemas(schema):
        guessed = below.get("x-guessed", ()) if part == "response" and not listed else ()
        if "required" not in guessed:
            names = (
                name for name in below.get("required", ()) if f"required/{name}" not in guessed
            )
            required |= {(*path, name) for name in names}
        kinds = below.get("type")
        if not path or path[-1] == "[]" or path in required or kinds is None or "null" in kinds:
            continue
        update: dict[str, Any] = {"type": ["null"] if isinstance(kinds, list) else [kinds, "null"]}
        if "enum" in below and None not in below["enum"]:
            update["enum"] = [None]
        # a type that was guessed stays a guess
        stated = {} if "type" in below.get("x-guessed", ()) else {"x-basis": "document"}
        target = f"$.{part}{_target(path)}"
        yield {"target": target, "description": NULL, **stated, "update": update}


def _plausible(schema: Schema, derived: Derived, questions: list[Question]) -> Iterator[Action]:
    """Narrow the plausible region to a range around the plainest request that the page shows."""
    # how much may be captured depends on the payment
    update, removals = narrowed(schema, plainest(schema), ranged=not identity.acts(derived))
    if (
        derived["operation"]["method"] == "PATCH"
        and not schema.get("required")
        and update.pop("required", None)
    ):
        update["minProperties"] = 1  # any part of what is there may be changed alone
    for end in removals:
        yield _removal(f"plausible{end}", NARROW)
        if end.endswith(("]", "}")):
            member = re.sub(r"\.properties\[\"(.*?)\"\]", r".\1", end).replace(".items", "[]")
            text = f"request{member} is read-only, or no value of it was found: it is not sent"
            questions.append(Question(text))
    convention = {"description": NARROW, "x-basis": "convention"}
    yield {"target": "$.plausible", **convention, "update": update}
