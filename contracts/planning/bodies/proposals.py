"""The values that are proposed for a member, by its type and keywords.

Those of objects whose members may have any name, such as metadata, are families: each in maps.toml
holds names that are special somewhere, or values that are re-coded somewhere, so that one request
shows whether a server keeps them all. Whether a value is valid or open is decided by the schemas.
"""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from contracts.clause_ids import LIMIT
from contracts.model import ABSENT, Schema
from contracts.planning.bodies.everyday import ALWAYS, kind_of, typical
from contracts.planning.bodies.templates import FRESH, sample
from contracts.schema import checks
from contracts.schema.files import read_toml
from contracts.schema.jsontext import is_number

LONGEST = 50  # characters, where P gives no maximum
LONG = 1_000  # characters: beyond, not every length is tried
DEEP = 32  # levels of nesting
MOST_ITEMS = 100  # of a list that is sent with as many items as the page allows
PINNED = {"enum", "const"}  # keywords that leave no other lengths
# how daring a value is: many servers that are in order refuse a risky one, some refuse an odd one
TAKEN = 0
ODD = 1
DARING = 2
RISKY = 3
LEVELS = {"odd": ODD, "daring": DARING, "risky": RISKY}

DIGITS_ONLY = "digits only"
ODD_VALUES = read_toml(Path(__file__).with_name("odd.toml"))
CHECKED = ("empty", "with NUL", "of 1,000 characters")  # of checked texts
# as a text is that people write
NON_ASCII = ("Zoë O'NEILL Ångström-李小龍", "Zoë O'NEILL Ångström 李小龍 №5")
CAPITALS = ("Mary Ann McDONALD", "Two  Words")
# What several states in one have: each of them meets more states of the other members than alone.
PARTS: Mapping[str, Sequence[str]] = ODD_VALUES["parts"]

Proposal = tuple[str, Any, int]  # the name of a state, its value, how daring it is


def documented_limits(documented: Schema, value: Any) -> Iterator[Proposal]:
    """Propose what lies on the limits that the page gives, where P stays within them."""
    if isinstance(value, str) and "maxLength" in documented:
        yield f"longest {LIMIT}", longest(value, documented), RISKY
    if isinstance(value, str) and "minLength" in documented:
        yield f"shortest {LIMIT}", shortest(value, documented), RISKY
    if isinstance(value, list) and value:
        for name, keyword in ((f"fewest {LIMIT}", "minItems"), (f"most {LIMIT}", "maxItems")):
            if documented.get(keyword, MOST_ITEMS + 1) <= MOST_ITEMS:
                yield (
                    name,
                    different(documented.get("items", {}), value[0], documented[keyword]),
                    RISKY,
                )
    bounds = {f"smallest {LIMIT}": "minimum", f"largest {LIMIT}": "maximum"}
    for name, keyword in bounds.items() if is_number(value) else ():
        if keyword in documented:
            yield name, documented[keyword], RISKY


def different(child: Schema, item: Any, number: int) -> list[Any]:
    """Return so many items that differ as people's do, where they or their members may.

    Example: ``["text", "text 2", "text 3"]``.
    """
    return [_another(child, item, count) if count else item for count in range(number)]


def _another(schema: Schema, value: Any, count: int) -> Any:
    """Return another text, number or option than a value, or an object of such members."""
    options = [option for option in schema.get("enum", ()) if option is not None]
    likely = [options[count % len(options)]] if options else []
    if isinstance(value, str):
        likely += [f"{value} {count + 1}", f"{value}{count + 1}"]
    elif isinstance(value, bool):
        likely += [value == (count % 2 == 0)]
    elif is_number(value):
        likely += [value + count]
    elif isinstance(value, dict):
        members = schema.get("properties", {})
        likely += [{n: _another(members.get(n, {}), part, count) for n, part in value.items()}]
    return next((other for other in likely if checks.fits(schema, sample(other))), value)


def string_states(schema: Schema, value: Any) -> Iterator[Proposal]:
    """Yield values for a text member."""
    everyday = schema.get("x-states", {})
    if isinstance(value, str):
        yield "shortest", everyday.get("shortest") or shortest(value, schema), TAKEN
        yield "longest", everyday.get("longest") or longest(value, schema), TAKEN
        yield from ((name, text, TAKEN) for name, text in everyday.items())
        yield from _readable_texts(schema, value)
    is_unique = "x-unique" in schema
    for name, row in ODD_VALUES["texts"].items():
        text = row["text"] * row.get("times", 1)
        daring = LEVELS[row["daring"]]
        if is_unique and text:
            text = row.get("unique", f"{text}{{fresh}}")
        elif is_unique:  # the same each time, so that it is taken once at most
            daring = RISKY
        is_number_like = is_unique and name == DIGITS_ONLY  # as many orders have it
        if checks.fits(schema, sample(text)) and not is_number_like:
            continue  # nothing new beside the longest
        if kind_of(schema) is None or ("x-kind" in schema and "name" in schema["x-kind"]):
            yield name, text, daring
        elif name in CHECKED:
            yield name, text, DARING if text else ODD


def _readable_texts(schema: Schema, value: str) -> Iterator[Proposal]:
    """Yield texts as people write them: other letters, capitals, spaces."""
    for text in () if "non-ASCII" in schema.get("x-states", {}) else NON_ASCII:
        if checks.fits(schema, text):
            yield "non-ASCII", text, TAKEN
            return
    proposals = {"capitals": (*CAPITALS, value.capitalize()), "non-ASCII": ("zoë",)}
    for name, texts in proposals.items():
        if schema.get("x-states"):
            return
        fitting = [text for text in texts if checks.fits(schema, sample(text))]
        if fitting:
            yield name, fitting[0], TAKEN


def _tokens(text: str) -> list[str]:
    """Split a text into its characters, a marker being one."""
    marker = FRESH.search(text)
    if marker is None:
        return list(text)
    return [*text[: marker.start()], marker[0], *text[marker.end() :]]


def shortest(text: str, schema: Schema) -> str:
    """Return a text without every character that its schema can spare."""
    if PINNED & schema.keys():
        return text
    tokens = _tokens(text)
    for index in reversed(range(len(tokens))):
        fewer = tokens[:index] + tokens[index + 1 :]
        if len(tokens[index]) == 1 and checks.fits(schema, sample("".join(fewer))):
            tokens = fewer
    return "".join(tokens)


def longest(text: str, schema: Schema) -> str:
    """Return a text with one of its characters repeated until it is as long as it may be."""
    if PINNED & schema.keys():
        return text
    tokens = _tokens(text)
    room = max(schema.get("maxLength", LONGEST) - len(sample(text)), 0)
    for index, token in enumerate(tokens):
        if len(token) > 1:  # the marker
            continue
        for more in _fewer_and_fewer(room):
            longer = "".join([*tokens[:index], token * more, *tokens[index:]])
            if checks.fits(schema, sample(longer)):
                return longer
    return text


def _fewer_and_fewer(room: int) -> Iterator[int]:
    """Yield lengths from the largest down: each of the last fifty, then ever fewer.

    Of a very long text only the halves, since each takes long to check.
    """
    near = max(room - (LONGEST if room <= LONG else 1), 0)
    yield from range(room, near, -1)
    while near:
        yield near
        near //= 2


def number_states(schema: Schema, value: Any) -> Iterator[Proposal]:
    """Yield values for a number."""
    step = schema.get("multipleOf", 1)
    least = schema.get("minimum")
    most = schema.get("maximum")
    if "exclusiveMinimum" in schema:
        least = schema["exclusiveMinimum"] + step
    if "exclusiveMaximum" in schema:
        most = schema["exclusiveMaximum"] - step
    for name, bound in (("smallest", least), ("largest", most)):
        if bound is not None:
            yield name, bound, TAKEN
    # with several examples the contract says which others are worth a request
    if value is not ABSENT and len(schema.get("examples", ())) < 2:
        yield "uneven", value + 7 * step, TAKEN
    for name, row in ODD_VALUES["numbers"].items():
        yield name, row["number"], LEVELS[row["daring"]]


FAMILIES = read_toml(Path(__file__).with_name("maps.toml"))
VALUES: Mapping[str, dict[str, Any]] = {
    **FAMILIES["values"],
    "a value that is null": {"nothing": None},
}
DEEP_TEXT = '{"down": ' * DEEP + '"bottom"' + "}" * DEEP
VALUES["values of other types"]["deep"] = json.loads(DEEP_TEXT)


def odd_members() -> Iterator[tuple[str, Any]]:
    """Yield the names and values of all members that are sent in objects of any names."""
    for names in FAMILIES["names"].values():
        yield from ((name, "text") for name in names)
    for members in (FAMILIES["tempting"], *VALUES.values()):
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
    for several in ("names and texts of many kinds", "values of all types"):
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
        for name, text in FAMILIES["tempting"].items()
        if checks.fits(schema, {**sample(base), name: text})
    }
    wide = {**base, **tempting, **{f"name{index}": plain for index in range(most)}}
    yield "widest", dict(itertools.islice(wide.items(), most)), TAKEN
    if {"shortest", "longest"} <= values.keys():  # both in one object
        with_shortest = {**base, "note": values.pop("shortest")}
        yield "longest", {**with_shortest, "n" * name_limit: values.pop("longest")}, TAKEN
    for name, value in values.items():
        yield name, {**base, "n" * name_limit if name == "longest" else "note": value}, TAKEN
