"""The states of a field, made from its schemas: nothing here knows an API.

Tables of makers propose values; whether one is a state of the valid or of the open region, or none
at all, is decided by the two schemas of the field: what fits P is valid, what fits D but not P is
open.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from contracts.model import ABSENT, Region, Schema
from contracts.planning.bodies.proposals import (
    LONGEST,
    Proposal,
    boolean_states,
    documented_limits,
    nested_value,
    no_states,
    number_states,
    string_states,
)
from contracts.planning.bodies.templates import HandedOut, references, sample
from contracts.planning.bodies.typical import ALWAYS, first_type, typical
from contracts.schema import checks
from contracts.schema.jsontext import show


@dataclass(frozen=True, slots=True)
class State:
    """A named value of a field, as a template.

    `suspicion` says how often such a value breaks a server.
    """

    name: str
    value: Any
    region: Region
    suspicion: int = 0


# members of a map that are texts, and that a careless server takes for something else
TEMPTING = {
    "gift_note": "0042",
    "isGift": "true",
    "count": "12",
    "nothing": "null",
    "day": "2026-01-31",
    "price": "19.90",
}


def refers(schema: Schema) -> bool:
    """Tell whether a value of a schema has something in it that only the server hands out."""
    below = [
        *schema.get("properties", {}).values(),
        *([schema["items"]] if "items" in schema else []),
    ]
    return "x-reference" in schema or any(refers(child) for child in below)


def referring(schema: Schema) -> Any:
    """Give the template of a value of a schema.

    With a marker wherever it refers to something at the server.
    """
    return typical(_marked(schema))


def _marked(schema: Schema) -> Schema:
    if "x-reference" in schema:
        reference = schema["x-reference"]
        return {"const": HandedOut(reference["response"], (), reference.get("known", ""))}
    marked = dict(schema)
    if "properties" in schema:
        marked["properties"] = {
            name: _marked(child) for name, child in schema["properties"].items()
        }
    if "items" in schema:
        marked["items"] = _marked(schema["items"])
    return marked


def states(
    documented: Schema | None, plausible: Schema | None, *, required: bool, sent: bool = False
) -> tuple[State, ...]:
    """Give the states of a field: distinct values, each valid or open, the typical one first.

    `documented` is the field's schema in D (None: the page says nothing, so anything is open),
    `plausible` its schema in P. A field that is not required has the state ``absent``, which is
    open where P sends it always.
    """
    free = documented if documented is not None else ALWAYS
    narrow = plausible if plausible is not None else free
    found: dict[str, State] = {}
    proposals = [("absent", ABSENT, 0)] if not required else []
    proposals += _proposals(free, narrow)
    for name, value, suspicion in proposals:
        region = Region.OPEN if sent and value is ABSENT else _region(value, free, narrow)
        key = repr(value) if references(value) else show(sample(value), 1 << 30)
        if region is not None and key not in found:
            found[key] = State(name, value, region, suspicion)
    return tuple(sorted(found.values(), key=lambda state: state.name != "typical"))


def _region(value: Any, documented: Schema, plausible: Schema) -> Region | None:
    if value is ABSENT or isinstance(value, HandedOut):
        return Region.VALID
    concrete = sample(value)
    if not checks.fits(documented, concrete):
        return None
    if _names_unknown(plausible, value):
        return Region.OPEN
    if "x-reference" in plausible:
        return Region.VALID if concrete is None and checks.fits(plausible, None) else Region.OPEN
    return Region.VALID if checks.fits(plausible, concrete) else Region.OPEN


def _names_unknown(schema: Schema, value: Any) -> bool:
    """Tell whether there is an id of our own making where only the server knows what exists.

    Below the top.
    """
    if isinstance(value, dict):
        named = [
            (child, value[name])
            for name, child in schema.get("properties", {}).items()
            if name in value
        ]
    else:
        named = (
            [(schema.get("items", ALWAYS), item) for item in value]
            if isinstance(value, list)
            else []
        )
    return any(
        ("x-reference" in child and not isinstance(inside, HandedOut))
        or _names_unknown(child, inside)
        for child, inside in named
    )


def _proposals(documented: Schema, plausible: Schema) -> Iterator[Proposal]:
    kind = first_type(plausible)
    value = typical(plausible)
    if "enum" in documented:
        for option in plausible["enum"]:
            yield str(option), option, 0
    else:
        if value is not ABSENT:
            yield "typical", value, 0
        elif refers(plausible) and "x-reference" not in plausible:
            value = referring(plausible)
            yield "handed out", value, 0
        for option in (*plausible.get("enum", ())[1:], *plausible.get("examples", ())[1:]):
            if option is not None:
                yield str(option), option, 0
        yield from _MAKERS[kind](plausible, value)
        yield from documented_limits(documented, value)
    if "x-reference" in plausible:
        yield "handed out", referring(plausible), 0
        yield "unknown id", "nobody-handed-this-out", 3
        yield "empty", "", 4
        if "created_by" in plausible["x-reference"]:
            yield "of 1,000 characters", "u" * 1_000, 3
    if "email" in (plausible.get("format"), documented.get("format")):
        yield "malformed email", "no address", 3
        yield "with a plus", str(value).replace("@", "+orders@"), 1
    yield "null", None, 4


def _object_states(schema: Schema, value: Any) -> Iterator[Proposal]:
    base = value if isinstance(value, dict) else {}
    for name, child in schema.get("properties", {}).items():
        for state in states(child, child, required=name in schema.get("required", ())):
            if state.name != "typical":
                yield f"{name} {state.name}", with_member(base, name, state.value), state.suspicion
    if "properties" in schema:
        yield "unknown member", {**base, "unknownMember": "x"}, 3
        return
    yield from _map_states(schema, base)


def _map_states(schema: Schema, base: dict[str, Any]) -> Iterator[Proposal]:
    """Propose objects whose members may have any name."""
    members = schema.get("additionalProperties")
    child = members if isinstance(members, dict) else ALWAYS
    plain = typical(child) if child else "text"
    name_limit = schema.get("propertyNames", {}).get("maxLength", LONGEST)
    most = schema.get("maxProperties", 10)
    tempting = {
        name: text
        for name, text in TEMPTING.items()
        if checks.fits(schema, {**sample(base), name: text})
    }
    wide = {**base, **tempting, **{f"name{index}": plain for index in range(most)}}
    yield "widest", dict(itertools.islice(wide.items(), most)), 0
    valid = (
        [state for state in states(child, child, required=True) if state.region is Region.VALID]
        if child
        else []
    )
    values = {state.name: state.value for state in valid if state.name != "typical"}
    if {"shortest", "longest"} <= values.keys():  # both in one object
        base_of_longest = {**base, "note": values.pop("shortest")}
        yield "longest", {**base_of_longest, "n" * name_limit: values.pop("longest")}, 0
    for name, member in values.items():
        yield name, {**base, "n" * name_limit if name == "longest" else "note": member}, 0
    yield (
        "nested and deep",
        {**base, "nested": {"a": {"b": [1, {"c": "d"}]}}, "deep": nested_value(32)},
        6,
    )
    yield (
        "wider than plausible",
        {**base, **{f"wide{index}": plain for index in range(most + 1)}},
        4,
    )
    yield "very wide", {**base, **{f"wide{index}": plain for index in range(100)}}, 3
    yield (
        "names that differ in case",
        {**base, "Key": "upper", "key": "lower", "_key": "private", "blank": ""},
        5,
    )
    more_types = {"count": 3, "ratio": 1.5, "flag": True, "nothing": None, "list": [1, "two"]}
    yield "values of other types", {**base, **more_types}, 6
    yield "long name and value", {**base, "n" * 60: plain, "long": "v" * 1_000}, 2
    yield (
        "names of other letters",
        {**base, "a.b": plain, "$set": plain, "": plain, "größe": plain},
        5,
    )
    yield "empty", {}, 4


def _array_states(schema: Schema, value: Any) -> Iterator[Proposal]:
    child = schema.get("items", ALWAYS)
    item = value[0] if isinstance(value, list) and value else typical(child) if child else "item"
    least = schema.get("minItems", 0)
    yield "fewest", [item] * least, 0
    yield "several", [item] * 3, 0
    for state in states(child, child, required=True) if child else ():
        if state.name != "typical":
            yield f"item {state.name}", [state.value], state.suspicion
    yield "empty", [], 4
    yield "of 100 items", [item] * 100, 3


_MAKERS: dict[str, Callable[[Schema, Any], Iterator[Proposal]]] = {
    "string": string_states,
    "number": number_states,
    "integer": number_states,
    "object": _object_states,
    "array": _array_states,
    "boolean": boolean_states,
    "null": no_states,
}


def with_member(base: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Give an object with one member set, or left out when its value is ABSENT."""
    if value is ABSENT:
        return {key: member for key, member in base.items() if key != name}
    return {**base, name: value}
