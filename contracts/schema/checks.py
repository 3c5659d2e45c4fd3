"""The part of JSON Schema 2020-12 that contracts are written in.

A keyword or a format that is not in the tables below is refused when a contract is loaded: one
that nobody checks would be a clause that can't fail. What each keyword means is left to
`jsonschema`; this module only walks, so that every keyword at every place gives one
`KeywordCheck`, held or broken.
"""

import re
from collections.abc import Iterator
from decimal import MAX_EMAX, MIN_EMIN, Decimal, localcontext
from functools import lru_cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import extend

from contracts.model import ABSENT, Schema
from contracts.schema.formats import FORMATS
from contracts.schema.jsontext import escape, is_number, show, type_of
from contracts.schema.keywords import ASSERTIONS, Keyword, asserts, expectation

LARGEST = 1_000  # digits before the point up to which remainders are worked out


def _is_multiple(value: Any, step: float) -> bool:
    """Whether a number is a multiple of a step, in decimal digits and not in doubles."""
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        return False
    if number.adjusted() > LARGEST:  # a remainder would take as many digits as the number has
        return number.as_tuple().exponent == 0 or int(number.as_tuple().exponent) > 0
    digits = 2 * LARGEST + len(number.as_tuple().digits)
    with localcontext(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN):
        return bool(number % Decimal(str(step)) == 0)


def _make_validator() -> Any:
    formats = FormatChecker(formats=())
    for name, checks in FORMATS.items():
        formats.checks(name)(lambda value, fits=checks: not isinstance(value, str) or fits(value))
    numbers = {
        "number": lambda _, value: is_number(value),
        "integer": lambda _, value: is_number(value) and _is_multiple(value, 1),
    }
    types = Draft202012Validator.TYPE_CHECKER.redefine_many(numbers)
    validator = extend(Draft202012Validator, type_checker=types)  # type: ignore[no-untyped-call]
    return validator({}, format_checker=formats)


_VALIDATOR = _make_validator()


def validator(schema: Schema) -> Any:
    """Return the jsonschema validator of a schema, with our formats and exact numbers."""
    return _VALIDATOR.evolve(schema=schema)


class KeywordCheck(NamedTuple):
    """One keyword applied at one place of an instance."""

    keyword: Keyword
    place: str  # JSON pointer into the instance
    value: Any
    ok: bool

    @property
    def expected(self) -> str:
        """What the keyword asks for, in words."""
        return expectation(self.keyword)

    @property
    def got(self) -> str:
        """What is there instead; of a text of the wrong length, its length as well."""
        if self.keyword.name in {"minLength", "maxLength"} and isinstance(self.value, str):
            return f"{len(self.value):,} characters: {show(self.value)}"
        return show(self.value)


def checks(
    schema: Schema, value: Any, path: tuple[str, ...] = (), pointer: str = "", place: str = ""
) -> Iterator[KeywordCheck]:
    """Apply a schema; yield a check for every keyword that says something about what is there.

    Where the type is wrong, the other keywords at that place are not applied: one defect, one
    broken clause.
    """
    kind = Keyword(path, pointer, "type", schema.get("type"), schema)
    is_type = type_of(value)
    kinds = schema.get("type", is_type)
    is_right = is_type in kinds if isinstance(kinds, list) else is_type == kinds
    # a whole number is an integer
    right_type = is_right or _holds("type", kinds, value, schema)
    if "type" in schema:
        yield KeywordCheck(kind, place, value, right_type)
    if not right_type:
        return
    for name, limit in schema.items():
        if name == "required" and is_type == "object":
            for member in limit:
                keyword = Keyword(path, pointer, name, limit, schema, member)
                below = f"{place}/{escape(member)}"
                content = value.get(member, ABSENT)
                yield KeywordCheck(keyword, below, content, member in value)
        elif name != "type" and asserts(name, limit) and is_type in ASSERTIONS[name]:
            keyword = Keyword(path, pointer, name, limit, schema)
            yield KeywordCheck(keyword, place, value, _holds(name, limit, value, schema))
    if is_type == "object":
        yield from _member_checks(schema, value, path, pointer, place)
    elif is_type == "array" and "items" in schema:
        items = schema["items"]
        below = f"{pointer}/items"
        for index, item in enumerate(value):
            yield from checks(items, item, (*path, "[]"), below, f"{place}/{index}")


def broken(schema: Schema, value: Any) -> tuple[KeywordCheck, ...]:
    """Return the checks that do not hold."""
    return tuple(check for check in checks(schema, value) if not check.ok)


def fits(schema: Schema, value: Any) -> bool:
    """Whether a value fits a schema."""
    return all(check.ok for check in checks(schema, value))


def _member_checks(
    schema: Schema, value: dict[str, Any], path: tuple[str, ...], pointer: str, place: str
) -> Iterator[KeywordCheck]:
    """Yield the checks of an object's members, and whether it has others than it may."""
    members = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    # of tens of thousands of members that no schema speaks of, none costs more than this look
    described = value
    if not isinstance(others, dict):
        described = {name: content for name, content in value.items() if name in members}
    for member in described:
        content = value[member]
        below = f"{place}/{escape(member)}"
        if member not in members:
            unnamed = f"{pointer}/additionalProperties"
            yield from checks(others, content, (*path, "{}"), unnamed, below)
        elif all(value.get(other) is None for other in members[member].get("x-ignored-with", ())):
            # a member says nothing where one that outweighs it is there
            child = f"{pointer}/properties/{escape(member)}"
            yield from checks(members[member], content, (*path, member), child, below)
    if others is False:
        extra = [member for member in value if member not in members]
        keyword = Keyword(path, pointer, "additionalProperties", value=False, schema=schema)
        where = f"{place}/{escape(extra[0])}" if extra else place
        yield KeywordCheck(keyword, where, value[extra[0]] if extra else value, not extra)


def _holds(name: str, limit: Any, value: Any, schema: Schema) -> bool:
    """Whether a value fits one keyword of a schema."""
    if name == "multipleOf":  # exact, where jsonschema divides doubles
        return _is_multiple(value, limit)
    if name == "anyOf":
        return any(fits(option, value) for option in limit)
    if name == "pattern":
        return re.search(_python_pattern(limit), value) is not None
    if name == "propertyNames":
        return all(fits(limit, member) for member in value)
    rule = _VALIDATOR.VALIDATORS[name]
    # a bound is what is written: 0.01, not the double next to it
    if isinstance(limit, float):
        limit = Decimal(str(limit))
        value = Decimal(str(value)) if isinstance(value, float) else value
    return next(iter(rule(_VALIDATOR, limit, value, schema) or ()), None) is None


@lru_cache(maxsize=1_000)
def _python_pattern(pattern: str) -> str:
    """Write a pattern's end marks for Python, whose ``$`` allows a line break after it."""
    return re.sub(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$", lambda match: match[1] or r"\Z", pattern)
