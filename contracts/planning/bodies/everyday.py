"""Typical values of schemas, as templates, and those that the checkers of real teams take.

The latter stand in everyday.toml, by the kind of thing that they name. A plan of each seed leans on
other values: whoever only serves one phone number, one mail domain or one name is met by another
seed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contracts.model import ABSENT, Contract, Schema
from contracts.planning.bodies.templates import sample
from contracts.schema import checks
from contracts.schema.files import read_toml
from contracts.schema.keywords import types

ALWAYS: Schema = {}


def typical(schema: Schema) -> Any:
    """Return the template of an everyday value of a schema; ABSENT where it takes a reference.

    A schema with a pattern has to bring an example along.
    """
    if "x-reference" in schema or schema.get("enum") == []:
        return ABSENT
    for keyword in ("x-unique", "x-fresh", "const"):
        if keyword in schema:
            return schema[keyword]
    for keyword in ("examples", "enum"):
        if keyword in schema:
            return schema[keyword][0]
    return _BUILDERS[first_type(schema)](schema)


def first_type(schema: Schema) -> str:
    """Return the type of a typical value: null only where nothing else may be."""
    names = types(schema) or ("string",)
    return next((kind for kind in names if kind != "null"), "null")


def _build_string(schema: Schema) -> str:
    if schema.get("format") in _FORMATTED:
        return _FORMATTED[str(schema["format"])]
    length = max(schema.get("minLength", 0), min(4, schema.get("maxLength", 4)))
    return str(("text" * length)[:length])


def _build_number(schema: Schema) -> float:
    step = schema.get("multipleOf", 1)
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    start = low if low is not None else min(0, high) if high is not None else 0
    if low is not None and low < 0 and (high is None or high > 0):
        start = step  # an end of a range on both sides of nothing is seldom plain
    number: float = -(-start // step) * step
    candidates = [number, number + step]
    if low is not None and high is not None:
        candidates.append((low + high) / 2)
    return next((value for value in candidates if checks.fits(schema, value)), number)


def _build_object(schema: Schema) -> Any:
    members = schema.get("properties", {})
    sent = {*schema.get("x-plain", members), *schema.get("required", ())}
    built = {name: typical(child) for name, child in members.items() if name in sent}
    required = set(schema.get("required", ()))
    for name in required & members.keys():
        built |= {name: members[name].get("x-reference", {}).get("created_by", built[name])}
    value = {
        name: member
        for name, member in built.items()
        if member is not ABSENT and (member is not None or name in required)
    }
    if not value.keys() >= required:
        return ABSENT
    others = schema.get("additionalProperties", ALWAYS)
    child = others if isinstance(others, dict) else ALWAYS
    for index in range(schema.get("minProperties", 0) - len(value)):
        value[f"name{index}"] = typical(child)
    return value


def _build_array(schema: Schema) -> Any:
    item = typical(schema["items"]) if "items" in schema else "item"
    if item is ABSENT:
        return ABSENT
    return [item] * min(max(schema.get("minItems", 0), 1), schema.get("maxItems", 1))


_BUILDERS: dict[str, Callable[[Schema], Any]] = {
    "string": _build_string,
    "number": _build_number,
    "integer": _build_number,
    "object": _build_object,
    "array": _build_array,
    "boolean": lambda _: True,
    "null": lambda _: None,
}


@dataclass(frozen=True, slots=True)
class Everyday:
    """Values of one kind: what most requests carry, and states that a plan tries beside it.

    A seed takes one of each: ``typical[seed % len(typical)]``.
    """

    typical: Sequence[str]
    states: Mapping[str, Sequence[str]]


TABLE = Path(__file__).with_name("everyday.toml")
KINDS = {kind: Everyday(**values) for kind, values in read_toml(TABLE).items()}
KINDS["url"] = KINDS["uri"]
_FORMATTED: dict[str, str] = {
    **{kind: KINDS[kind].typical[0] for kind in ("date-time", "uri", "url", "date", "uuid")},
    "email": "camille@example.com",
    "time": "12:00:00Z",
    "duration": "P1D",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "www.example.com",
    "byte": "dGV4dA==",
    "decimal": "10.00",
}
MANY_OPTIONS = 12  # of an enumeration, of which all are sent
OPTIONS_BETWEEN = 4  # of a longer one, besides its ends
# whole numbers that show what is rounded, cut or converted: 300.28 times 100 is no 30028 as doubles
AMOUNTS = (
    30028, 35000, 1999, 104729, 4999, 99999, 123456, 65537, 500000, 777777, 1001, 2900, 5801,
    83417, 250000, 70707, 999983, 640, 12345, 32768, 257, 100003, 8675, 43210, 19990, 600001,
)  # fmt: skip


def amounts_of(contract: Contract, name: str) -> list[int]:
    """Return the everyday amounts that fit a member of the body, by its page and plausibly."""
    both = (contract.plausible_members.get(name, {}), contract.documented_members.get(name, {}))
    return [amount for amount in AMOUNTS if all(checks.fits(schema, amount) for schema in both)]


def kind_of(schema: Schema) -> Everyday | None:
    """Return the everyday values of a member: by its `x-kind`, or by its format."""
    return KINDS.get(str(schema.get("x-kind", schema.get("format", ""))))


def with_everyday_values(contract: Contract, seed: int) -> Contract:
    """Return the contract with the everyday values of a seed in its plausible schema.

    Only values that fit both schemas of a member are put in; a member that says itself what
    its values are (``examples``, ``enum``) keeps them.
    """
    if contract.plausible is None:
        return contract
    plausible = _drawn(contract.plausible, contract.request or {}, seed)
    return replace(contract, plausible=plausible)


def _drawn(plausible: Schema, documented: Schema, seed: int) -> Schema:
    """Return a schema with everyday values of a seed in it and in all below it."""
    drawn: dict[str, Any] = dict(plausible)
    if "properties" in plausible:
        members = documented.get("properties", {})
        drawn["properties"] = {
            name: _drawn(child, members.get(name, {}), seed + number)
            for number, (name, child) in enumerate(plausible["properties"].items())
        }
    if "items" in plausible:
        drawn["items"] = _drawn(plausible["items"], documented.get("items", {}), seed)
    if len(plausible.get("enum", ())) > MANY_OPTIONS:
        drawn["enum"] = _some_options(plausible["enum"], seed)
    everyday = kind_of(plausible)
    if everyday is None or {"enum", "const", "x-unique", "x-reference"} & plausible.keys():
        return drawn
    return {**drawn, **_values(everyday, plausible, documented, seed)}


def _some_options(options: Sequence[Any], seed: int) -> list[Any]:
    """Return the ends of a long enumeration and a few between, by seed."""
    between = options[1:-1]
    step = len(between) // OPTIONS_BETWEEN
    places = [(seed + number * step) % len(between) for number in range(OPTIONS_BETWEEN)]
    inner = [between[place] for place in places]
    return list(dict.fromkeys([options[0], *inner, options[-1]]))


def _values(everyday: Everyday, plausible: Schema, documented: Schema, seed: int) -> dict[str, Any]:
    """Return the keywords that say which values a plan of a seed uses for a member."""

    def fitting(values: Sequence[str]) -> list[str]:
        plausible_texts = [text for text in values if checks.fits(plausible, sample(text))]
        return [text for text in plausible_texts if checks.fits(documented, sample(text))]

    typical = fitting(everyday.typical)
    if not typical or ("examples" in plausible and "x-kind" not in plausible):
        return {}
    choice = typical[seed % len(typical)]
    states = {
        name: options[seed % len(options)]
        for name, values in everyday.states.items()
        if (options := fitting(values))
    }
    if "{" in choice:
        return {"x-fresh": choice, "x-states": states}
    return {"examples": [choice], "x-states": states}
