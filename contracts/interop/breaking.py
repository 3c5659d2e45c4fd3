"""Hypothesis strategies of JSON values that break one keyword of a schema."""

from typing import Any, Final

from hypothesis import strategies as st

from contracts.interop.values import TYPES, Strategy, fitting, of_type
from contracts.model import Schema
from contracts.schema import checks
from contracts.schema.jsontext import type_of
from contracts.schema.keywords import Keyword, types

# a limit -> the keyword that admits just what it forbids, and the difference of their values
OPPOSITES: Final = {
    "minLength": ("maxLength", -1),
    "maxLength": ("minLength", 1),
    "minItems": ("maxItems", -1),
    "maxItems": ("minItems", 1),
    "minProperties": ("maxProperties", -1),
    "maxProperties": ("minProperties", 1),
    "minimum": ("exclusiveMaximum", 0),
    "exclusiveMinimum": ("maximum", 0),
    "maximum": ("exclusiveMinimum", 0),
    "exclusiveMaximum": ("minimum", 0),
}
# what most values break that fit the rest of a schema
SELDOM_KEPT: Final = ("const", "pattern", "format", "multipleOf")
# keywords that `breaking` has values for
BREAKABLE: Final = frozenset({*OPPOSITES, *SELDOM_KEPT, "type", "enum", "required"})


def breaking(schema: Schema, keyword: Keyword) -> Strategy:
    """Return the strategy of values that break this one keyword of its subschema."""

    def breaks(value: Any) -> bool:
        broken = checks.broken(schema, value)
        return {check.keyword.name for check in broken} == {keyword.name}

    return _candidates(schema, keyword).filter(breaks)


def _candidates(schema: Schema, keyword: Keyword) -> Strategy:
    """Return values many of which break a keyword, and no other."""
    without = {name: value for name, value in schema.items() if name != keyword.name}
    if keyword.name in OPPOSITES:
        opposite, difference = OPPOSITES[keyword.name]
        limit = keyword.value + difference
        if keyword.name == "maxLength" and "format" in schema:
            return fitting(without).map(lambda value: _lengthened(value, limit))
        is_a_size = difference != 0
        if is_a_size and limit < 0:
            return st.nothing()
        return fitting({**without, opposite: limit})
    if keyword.name in SELDOM_KEPT:
        return fitting(without)
    if keyword.name == "type":
        return _other_types(schema)
    if keyword.name == "enum":
        return _near_options(schema)
    if keyword.name == "required":
        return fitting(schema).map(lambda value: _without_member(value, keyword.member))
    return st.nothing()


def _other_types(schema: Schema) -> Strategy:
    allowed = set(types(schema))
    numeric = allowed & {"number", "integer"}
    others = [of_type(name) for name in TYPES if name not in allowed | {"number", "integer"}]
    if "number" not in numeric:
        fraction = st.integers(-1000, 1000).map(lambda number: number + 0.5)
        others.append(fraction if "integer" in numeric else of_type("number"))
    return st.one_of(*others)


def _near_options(schema: Schema) -> Strategy:
    """Return texts that are none of the options but like them, then any others."""
    options = [option for option in schema["enum"] if isinstance(option, str)]
    near = [
        text
        for option in options
        for text in (option.swapcase(), option[:-1], f"{option}x", f" {option}", "")
    ]
    usual = [st.sampled_from(near)] if near else []
    types = {type_of(option) for option in schema["enum"] if option is not None}
    return st.one_of(*usual, *(of_type(name) for name in sorted(types)))


def _lengthened(value: Any, length: int) -> Any:
    """Return a text with as many letters before it: an address stays one, whatever its length."""
    return value.rjust(length, "x") if isinstance(value, str) else value


def _without_member(value: Any, member: str | None) -> Any:
    if not isinstance(value, dict):  # null may fit as well
        return value
    return {name: child for name, child in value.items() if name != member}
