"""Hypothesis strategies of JSON values that break one keyword of a schema."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from hypothesis import strategies as st

from contracts.interop.values import LARGEST, TYPES, Strategy, fitting, of_type, padded
from contracts.model import Schema
from contracts.schema import checks
from contracts.schema.jsontext import type_of
from contracts.schema.keywords import Keyword, keywords, types


def breaking(schema: Schema, keyword: Keyword) -> Strategy:
    """Return the strategy of values, for the place of a keyword, that break this one keyword.

    `schema` is the subschema that has the keyword. Nothing is drawn where no value breaks it.
    """
    maker = _BREAKERS.get(keyword.name)
    if maker is None:
        return st.nothing()
    return maker(schema, keyword).filter(lambda value: _breaks(schema, value, keyword.name))


def _breaks(schema: Schema, value: Any, name: str) -> bool:
    return {check.keyword.name for check in checks.broken(schema, value)} == {name}


def _other_types(schema: Schema, _: Keyword) -> Strategy:
    allowed = set(types(schema))
    if "integer" in allowed:
        fraction = st.integers(-1000, 1000).map(lambda number: number + 0.5)
        others = [of_type(name) for name in TYPES if name not in allowed | {"number"}]
        return st.one_of(fraction, *others)
    others = [of_type(name) for name in TYPES if name not in allowed | {"integer"}]
    return st.one_of(*others)


def _near_options(schema: Schema, _: Keyword) -> Strategy:
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


def _lengths(schema: Schema, keyword: Keyword) -> Strategy:
    without = {name: value for name, value in schema.items() if name != keyword.name}
    if keyword.name == "minLength":
        shorter = {**without, "maxLength": keyword.value - 1}
        return fitting(shorter) if keyword.value else st.nothing()
    longer = fitting({**without, "maxLength": keyword.value}).filter(bool)
    lengths = st.integers(keyword.value + 1, keyword.value + 20)
    return st.tuples(longer, lengths).map(lambda drawn: padded(*drawn))


_OUTSIDE: Final = {
    "minimum": ("exclusiveMaximum", "minimum"),
    "exclusiveMinimum": ("maximum", "exclusiveMinimum"),
    "maximum": ("exclusiveMinimum", "maximum"),
    "exclusiveMaximum": ("minimum", "exclusiveMaximum"),
}


def _beyond(schema: Schema, keyword: Keyword) -> Strategy:
    """Return numbers on the wrong side of a bound: below ``minimum`` is ``exclusiveMaximum``."""
    opposite, own = _OUTSIDE[keyword.name]
    sides = {"minimum", "exclusiveMinimum"}, {"maximum", "exclusiveMaximum"}
    dropped = sides[0] | sides[1]
    without = {name: value for name, value in schema.items() if name not in dropped}
    reach = {"minimum": keyword.value - LARGEST, "maximum": keyword.value + LARGEST}
    far = "minimum" if own in sides[0] else "maximum"
    return fitting({**without, opposite: keyword.value, far: reach[far]})


def _without_keyword(schema: Schema, keyword: Keyword) -> Strategy:
    return fitting({name: value for name, value in schema.items() if name != keyword.name})


def _counts(schema: Schema, keyword: Keyword) -> Strategy:
    """Return arrays or objects with one item or member too few, or too many."""
    limit, kind = keyword.value, keyword.name[3:]  # Items or Properties
    least, most = (0, limit - 1) if keyword.name.startswith("min") else (limit + 1, limit + 2)
    if most < 0:
        return st.nothing()
    return fitting({**schema, f"min{kind}": least, f"max{kind}": most})


def _missing(schema: Schema, keyword: Keyword) -> Strategy:
    objects = fitting(schema).filter(lambda value: isinstance(value, dict))  # null fits as well
    return objects.map(
        lambda value: {name: child for name, child in value.items() if name != keyword.member}
    )


_BREAKERS: Final[Mapping[str, Callable[[Schema, Keyword], Strategy]]] = {
    "type": _other_types,
    "enum": _near_options,
    "const": _without_keyword,
    "minLength": _lengths,
    "maxLength": _lengths,
    "minimum": _beyond,
    "maximum": _beyond,
    "exclusiveMinimum": _beyond,
    "exclusiveMaximum": _beyond,
    "pattern": _without_keyword,
    "format": _without_keyword,
    "multipleOf": _without_keyword,
    "minItems": _counts,
    "maxItems": _counts,
    "minProperties": _counts,
    "maxProperties": _counts,
    "required": _missing,
}


def breakable(schema: Schema) -> Iterator[Keyword]:
    """Yield the keywords of a schema that `breaking` has values for."""
    yield from (keyword for keyword in keywords(schema) if keyword.name in _BREAKERS)
