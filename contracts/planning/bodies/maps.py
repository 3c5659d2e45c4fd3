"""The states of objects whose members may have any name, such as metadata.

Each family in maps.toml holds names that are special somewhere, or values that are re-coded
somewhere, so that one request shows whether a server keeps them all. Whether a family is valid or
open is decided by the schemas, as for all states.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from contracts.model import Schema
from contracts.planning.bodies.proposals import (
    DARING,
    LONGEST,
    NAMES_AND_TEXTS,
    ODD,
    PARTS,
    TAKEN,
    VALUES_OF_ALL_TYPES,
    Proposal,
    nested_value,
)
from contracts.planning.bodies.templates import sample
from contracts.planning.bodies.typical import ALWAYS, typical
from contracts.schema import checks
from contracts.schema.files import read_toml

# members that are texts, and that a careless server takes for something else
TEMPTING = {
    "gift_note": "0042",
    "isGift": "true",
    "count": "12",
    "nothing": "null",
    "day": "2026-01-31",
    "price": "19.90",
}
FAMILIES = read_toml(Path(__file__).with_name("maps.toml"))
VALUES: Mapping[str, dict[str, Any]] = {
    **FAMILIES["values"],
    "a value that is null": {"nothing": None},
}
VALUES["values of other types"]["deep"] = nested_value(32)


def odd_members() -> Iterator[tuple[str, Any]]:
    """Yield the names and values of all members that are sent in objects of any names."""
    for names in FAMILIES["names"].values():
        yield from ((name, "text") for name in names)
    for members in (TEMPTING, *VALUES.values()):
        yield from members.items()


def map_states(schema: Schema, base: dict[str, Any], members: dict[str, Any]) -> Iterator[Proposal]:
    """Yield objects with members of any name; `members` are valid values of one, by state."""
    others = schema.get("additionalProperties")
    child = others if isinstance(others, dict) else ALWAYS
    plain = typical(child) if child else "text"
    name_limit = schema.get("propertyNames", {}).get("maxLength", LONGEST)
    yield from _valid_states(schema, base, plain, members)
    named = {name: _named(names, plain) for name, names in FAMILIES["names"].items()}
    families: Mapping[str, Mapping[str, Any]] = {**named, **VALUES}
    for name, family in families.items():
        yield name, {**base, **family}, ODD
    for several in (NAMES_AND_TEXTS, VALUES_OF_ALL_TYPES):
        parts = [families[name].items() for name in PARTS[several]]
        yield several, dict(itertools.chain(base.items(), *parts)), ODD
    yield "very wide", {**base, **{f"wide{index}": plain for index in range(100)}}, DARING
    long = {"n" * (name_limit + 20): plain, "v": "v" * 1_000}
    yield "long name and value", {**base, **long}, DARING
    yield "empty", {}, ODD


def _named(names: Sequence[str], plain: Any) -> dict[str, Any]:
    """Return members of some names, each with a value of its own where they are texts."""
    return {
        name: f"{plain} {number}" if isinstance(plain, str) else plain
        for number, name in enumerate(names)
    }


def _valid_states(
    schema: Schema, base: dict[str, Any], plain: Any, values: dict[str, Any]
) -> Iterator[Proposal]:
    """Yield the widest object, and those with the shortest, the longest and other values."""
    name_limit = schema.get("propertyNames", {}).get("maxLength", LONGEST)
    most = schema.get("maxProperties", 10)
    tempting = {
        name: text
        for name, text in TEMPTING.items()
        if checks.fits(schema, {**sample(base), name: text})
    }
    wide = {**base, **tempting, **{f"name{index}": plain for index in range(most)}}
    yield "widest", dict(itertools.islice(wide.items(), most)), TAKEN
    if {"shortest", "longest"} <= values.keys():  # both in one object
        with_shortest = {**base, "note": values.pop("shortest")}
        yield "longest", {**with_shortest, "n" * name_limit: values.pop("longest")}, TAKEN
    for name, value in values.items():
        yield name, {**base, "n" * name_limit if name == "longest" else "note": value}, TAKEN
