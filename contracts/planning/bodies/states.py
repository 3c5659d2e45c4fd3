"""The states of a field, made from its schemas: nothing here knows an API.

Tables of makers propose values; whether one is a state of the valid or of the open region, or
none at all, is decided by the two schemas of the field: what fits P is valid, what fits D but
not P is open.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.model import ABSENT, Region, Schema
from contracts.planning.bodies.everyday import ALWAYS, first_type, kind_of, typical
from contracts.planning.bodies.proposals import (
    ODD,
    RISKY,
    TAKEN,
    Proposal,
    different,
    documented_limits,
    map_states,
    number_states,
    string_states,
)
from contracts.planning.bodies.templates import HandedOut, as_in, references, sample, shared
from contracts.schema import checks
from contracts.schema.jsontext import show
from contracts.schema.vocabulary import with_parts

UNKNOWN_ID = "nobody-handed-{fresh}-out"  # new each time: a server may remember it


@dataclass(frozen=True, slots=True)
class State:
    """A named value of a field, as a template.

    `daring` says how many servers that are in order would refuse it: none, some or many.
    """

    name: str
    value: Any
    region: Region
    daring: int = TAKEN


def refers(schema: Schema) -> bool:
    """Whether a value of a schema has something in it that only the server hands out."""
    below = list(schema.get("properties", {}).values())
    if "items" in schema:
        below.append(schema["items"])
    return "x-reference" in schema or any(map(refers, below))


def referring(schema: Schema) -> Any:
    """Return the template of a value, with a marker for what refers to the server's own."""
    return typical(_marked(schema))


def _marked(schema: Schema) -> Schema:
    if "x-reference" in schema:
        reference = schema["x-reference"]
        return {"const": HandedOut(reference["response"], (), reference.get("known", ""))}
    return with_parts(schema, _marked)


def states(
    documented: Schema | None, plausible: Schema | None, *, required: bool, sent: bool = False
) -> tuple[State, ...]:
    """Return the states of a field: distinct values, valid or open, the typical one first.

    `documented` is the field's schema in D (None: the page says nothing, so anything is open),
    `plausible` its schema in P. A field that is not required has the state ``absent``, which
    is open where P sends it always.
    """
    free = documented if documented is not None else ALWAYS
    narrow = plausible if plausible is not None else free
    by_value: dict[str, State] = {}
    proposals = [("absent", ABSENT, 0)] if not required else []
    proposals += _proposals(free, narrow)
    for name, value, daring in _within(proposals, free.get("maxProperties")):
        region = Region.OPEN if sent and value is ABSENT else _region(value, free, narrow)
        is_marked = bool(references(value) or shared(value))
        key = repr(value) if is_marked else show(sample(value), 1 << 30)
        if region is not None and key not in by_value:
            by_value[key] = State(name, value, region, daring)
    return tuple(sorted(by_value.values(), key=lambda state: state.name != "typical"))


def _within(proposals: Sequence[Proposal], most: int | None) -> Iterator[Proposal]:
    """Yield proposals; odd objects with more members than the page allows come in parts."""
    for name, value, daring in proposals:
        if most is None or daring != ODD or not isinstance(value, dict) or len(value) <= most:
            yield name, value, daring
            continue
        members = list(value.items())
        for first in range(0, len(members), max(most, 1)):
            label = f"{name}, from {first + 1} on" if first else name
            yield label, dict(members[first : first + most]), daring


def _region(value: Any, documented: Schema, plausible: Schema) -> Region | None:
    if value is ABSENT or isinstance(value, HandedOut):
        return Region.VALID
    concrete = sample(value)
    if not checks.fits(documented, concrete):
        return None
    if shared(value) or _names_unknown(plausible, value):
        return Region.OPEN
    if "x-reference" in plausible and concrete is not None:
        return Region.OPEN
    return Region.VALID if checks.fits(plausible, concrete) else Region.OPEN


def _names_unknown(schema: Schema, value: Any) -> bool:
    """Whether a value has, below the top, an id of our own where only the server knows ids."""
    items = value if isinstance(value, list) else []
    parts = [(schema.get("items", ALWAYS), item) for item in items]
    if isinstance(value, dict):
        members = schema.get("properties", {})
        parts = [(members[name], inside) for name, inside in value.items() if name in members]
    return any(
        ("x-reference" in child and not isinstance(inside, HandedOut))
        or _names_unknown(child, inside)
        for child, inside in parts
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
        # before others that may be the same: what the page states has its name; what is nested is
        # made of P alone, and its limits are proposed above
        if documented is not plausible:
            yield from _limits(documented, plausible, value)
        yield from _MAKERS[kind](documented, plausible, value)
    if "x-reference" in plausible:
        yield "handed out", referring(plausible), TAKEN
        yield "unknown id", UNKNOWN_ID, RISKY
        yield "empty", "", RISKY
        if "created_by" in plausible["x-reference"]:
            yield "of 1,000 characters", "u" * 1_000, RISKY
    yield from _odd_forms(documented, plausible, value)
    yield "null", None, RISKY


def _limits(documented: Schema, plausible: Schema, value: Any) -> Iterator[Proposal]:
    """Propose what lies on the limits that the page gives, also of what is nested in a value."""
    yield from documented_limits(documented, value)
    members = plausible.get("properties", {})
    for name, child in documented.get("properties", {}).items():
        if not isinstance(value, dict) or name not in members:
            continue
        inside = value.get(name, typical(members[name]))
        if inside not in (ABSENT, None):
            for limit, extreme, daring in _limits(child, members[name], inside):
                yield f"{name} {limit}", {**value, name: extreme}, daring
    if isinstance(value, list) and value:
        items = (documented.get("items", ALWAYS), plausible.get("items", ALWAYS), value[0])
        for limit, extreme, daring in _limits(*items):
            yield f"item {limit}", [extreme, *value[1:]], daring


def _odd_forms(documented: Schema, plausible: Schema, value: Any) -> Iterator[Proposal]:
    """Propose other ways to write a mail address or a phone number, and what is none."""
    if "email" in (plausible.get("format"), documented.get("format")):
        yield "malformed email", "no address", RISKY
        if "x-states" not in plausible:
            yield "with a plus", str(value).replace("@", "+orders@"), ODD
    if kind_of(plausible) is not None and "{" in str(value):
        # what was sent in the first case of a plan comes again: an earlier customer, as it were
        yield "of an earlier order", as_in(value, 1), ODD
    if plausible.get("x-kind") == "phone":
        yield "with spaces", "+33 1 42 68 53 00", RISKY


#: The open states of what is nested: of the others each takes a request, and few show anything.
NESTED = frozenset({"empty", "null", "zero", "negative"})


def _nested(documented: Schema, schema: Schema, *, required: bool) -> Iterator[State]:
    """Yield the states of what is nested that differ from the typical one; few of the open."""
    for state in states(documented, schema, required=required):
        is_open = documented is not schema and state.region is Region.OPEN
        if state.name != "typical" and (not is_open or state.name.split()[-1] in NESTED):
            yield state


def _object_states(documented: Schema, schema: Schema, value: Any) -> Iterator[Proposal]:
    base = value if isinstance(value, dict) else {}
    stated = documented.get("properties", {})
    for name, child in schema.get("properties", {}).items():
        required = name in schema.get("required", ())
        for state in _nested(stated.get(name, child), child, required=required):
            changed = with_member(base, name, state.value)
            yield f"{name} {state.name}", changed, state.daring
    if "properties" in schema:
        yield "unknown member", {**base, "unknownMember": "x"}, ODD
        return
    members = schema.get("additionalProperties")
    every = states(members, members, required=True) if isinstance(members, dict) else ()
    valid = {state.name: state.value for state in every if state.region is Region.VALID}
    valid.pop("typical", None)
    yield from map_states(schema, base, valid)


def _array_states(documented: Schema, schema: Schema, value: Any) -> Iterator[Proposal]:
    child = schema.get("items", ALWAYS)
    item = typical(child) if child else "item"
    if isinstance(value, list) and value:
        item = value[0]
    least = schema.get("minItems", 0)
    yield "fewest", different(child, item, least), 0
    yield "several", different(child, item, min(3, len(child.get("enum", "abc")))), 0
    states = _nested(documented.get("items", child), child, required=True) if child else ()
    for state in states:
        yield f"item {state.name}", [state.value], state.daring
    yield "empty", [], RISKY
    yield "of 100 items", different(child, item, 100), RISKY


_MAKERS: dict[str, Callable[[Schema, Schema, Any], Iterator[Proposal]]] = {
    "string": lambda _, schema, value: string_states(schema, value),
    "number": lambda _, schema, value: number_states(schema, value),
    "integer": lambda _, schema, value: number_states(schema, value),
    "object": _object_states,
    "array": _array_states,
    "boolean": lambda *_: iter([("true", True, TAKEN), ("false", False, TAKEN)]),
    "null": lambda *_: iter(()),
}


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return members without those that are left out: whose value is ABSENT."""
    return {name: value for name, value in values.items() if value is not ABSENT}


def with_member(base: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Return an object with one member set, or left out when its value is ABSENT."""
    if value is ABSENT:
        return {key: member for key, member in base.items() if key != name}
    return {**base, name: value}
