"""The states of objects whose members may have any name, such as metadata.

Each family holds names that are special somewhere, or values that are re-coded somewhere, so
that one request shows whether a server keeps them all. Whether a family is valid or open is
decided by the schemas, as for all states.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
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
    WIDEST,
    Proposal,
    nested_value,
)
from contracts.planning.bodies.templates import sample
from contracts.planning.bodies.typical import ALWAYS, typical
from contracts.schema import checks

# members that are texts, and that a careless server takes for something else
TEMPTING = {
    "gift_note": "0042",
    "isGift": "true",
    "count": "12",
    "nothing": "null",
    "day": "2026-01-31",
    "price": "19.90",
}
NAMES: Mapping[str, tuple[str, ...]] = {
    "names that are special": (
        *("__proto__", "constructor", "prototype", "toString", "hasOwnProperty"),  # JavaScript
        *("__class__", "__init__", "self", "class"),  # Python
        *("hash", "object_id", "this"),  # Ruby
        *("id", "_id", "type", "created_at", "attributes", "errors", "pk", "save"),  # records
        *("amount", "status", "currency", "customerEmail", "metadata", "data"),  # of its own
        *("0", "1", "007", "42", "-1"),  # PHP takes names of digits for places of a list
    ),
    "names with signs": (
        *("a.b", "a.b.c", ".a", "1.5", "a[0]", "a[]", "[x]", "{y}", "a:b", "a/b"),
        *("$set", "$ne", "@type", "#", "a b", " a ", "a\tb", "%41"),
    ),
    "names that differ little": (
        *("Key", "key", "KEY", "_key", "myKey", "my_key", "my-key"),
        *("größe", "имя", "名前", "\u00e9", "e\u0301"),
    ),
    "an empty name": ("",),
}
VALUES: Mapping[str, Mapping[str, Any]] = {
    "texts that are re-coded": {
        "html": '<b>Tom & "Jerry"</b>',
        "entity": "&amp; &lt; &#39;",
        "quotes": "'\"`",
        "backslash": "C:\\new\\tab\\u0041",
        "percent": "100%25 %20+%s",
        "lines": "a\r\nb\nc\rd\te",
        "outer": "  a  b  ",
        "decomposed": "e\u0301 \u0130STANBUL Stra\u00dfe",
        "astral": "\U0001f6d2",
        "direction": "a\u202eb",
    },
    "texts like other values": {
        "zeros": "0042",
        "exponent": "1e5",
        "cents": "19.90",
        "digits": "12345678901234567890",
        "minus": "-0",
        "day": "2026-01-31",
        "instant": "2026-01-31T12:00:00Z",
        "yes": "true",
        "no": "False",
        "nothing": "null",
        "none": "None",
        "list": "[1]",
        "object": "{}",
        "empty": "",
    },
    "values of other types": {
        "count": 3,
        "ratio": 1.5,
        "flag": True,
        "off": False,
        "zero": 0,
        "list": [3, 1, "two", 1],
        "none": [],
        "object": {},
        "inner": [[], {"a": ""}],
        "nested": {"a": {"b": [1, {"c": "d"}]}},
        "deep": nested_value(32),
    },
    "a value that is null": {"nothing": None},
}


def odd_members() -> Iterator[tuple[str, Any]]:
    """Yield the names and values of all members that are sent in objects of any names."""
    for names in NAMES.values():
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
    named = {name: _named(names, plain) for name, names in NAMES.items()}
    families: Mapping[str, Mapping[str, Any]] = {**named, **VALUES}
    room = schema.get("maxProperties", WIDEST) - len(base)
    for name, family in families.items():
        for first in range(0, len(family), max(room, 1)):
            part = dict(list(family.items())[first : first + max(room, 1)])
            yield name if not first else f"{name}, from {first + 1} on", {**base, **part}, ODD
    for several in (NAMES_AND_TEXTS, VALUES_OF_ALL_TYPES):
        parts = [families[name].items() for name in PARTS[several]]
        yield several, dict(itertools.chain(base.items(), *parts)), ODD
    yield "very wide", {**base, **{f"wide{index}": plain for index in range(WIDEST)}}, DARING
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
