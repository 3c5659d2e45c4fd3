"""The part of JSON Schema 2020-12 that contracts are written in.

A keyword or a format that is not in the tables below is refused when a contract is loaded: one that nobody
checks would be a clause that can't fail. What each keyword means is left to `jsonschema`; this module only
walks, so that every keyword at every place gives one `KeywordCheck`, held or broken.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Decimal, localcontext
from functools import lru_cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import extend
from rfc3339_validator import validate_rfc3339

from contracts.errors import ContractError
from contracts.jsontext import escape, is_number, show, type_of
from contracts.model import ABSENT, Schema

LEAP_SECOND = re.compile(r"(T[0-9]{2}:[0-5][0-9]):60(?=[.Z+-])")
LARGEST = 1_000  # digits before the point up to which remainders are worked out
_ANY = frozenset({"array", "boolean", "null", "number", "object", "string"})

# keyword -> the JSON types it says anything about (JSON Schema Validation, section 6)
ASSERTIONS: dict[str, frozenset[str]] = {
    "type": _ANY,
    "enum": _ANY,
    "const": _ANY,
    "format": frozenset({"string"}),
    "minLength": frozenset({"string"}),
    "maxLength": frozenset({"string"}),
    "pattern": frozenset({"string"}),
    "minimum": frozenset({"number"}),
    "maximum": frozenset({"number"}),
    "exclusiveMinimum": frozenset({"number"}),
    "exclusiveMaximum": frozenset({"number"}),
    "multipleOf": frozenset({"number"}),
    "minItems": frozenset({"array"}),
    "maxItems": frozenset({"array"}),
    "uniqueItems": frozenset({"array"}),
    "minProperties": frozenset({"object"}),
    "maxProperties": frozenset({"object"}),
    "propertyNames": frozenset({"object"}),
    "required": frozenset({"object"}),
    "anyOf": _ANY,
}
# keyword -> what its own value has to be
VALUES: dict[str, tuple[type, ...]] = {
    "type": (str, list),
    "enum": (list,),
    "format": (str,),
    "pattern": (str,),
    "minLength": (int,),
    "maxLength": (int,),
    "minItems": (int,),
    "maxItems": (int,),
    "minProperties": (int,),
    "maxProperties": (int,),
    "minimum": (int, float),
    "maximum": (int, float),
    "exclusiveMinimum": (int, float),
    "exclusiveMaximum": (int, float),
    "multipleOf": (int, float),
    "uniqueItems": (bool,),
    "required": (list,),
    "anyOf": (list,),
    "properties": (dict,),
    "additionalProperties": (dict, bool),
    "description": (str,),
    "deprecated": (bool,),
    "readOnly": (bool,),
    "writeOnly": (bool,),
}
APPLICATORS = frozenset({"properties", "items", "additionalProperties"})
# x-unique: a template whose {fresh} is new in every request, since the page calls the member unique; x-fresh: the same
# out of care; x-reference: see generate/states.py; x-near-misses: what a careless server takes for one of the options;
# x-ignored-with: names members; where one of them is there and not null, nothing is said about this one
ANNOTATIONS = frozenset(
    {"$schema", "title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly"}
    | {"x-source", "x-document", "x-examples", "x-unique", "x-fresh", "x-reference", "x-ignored-with", "x-near-misses"}
)


def _is_email(value: object) -> bool:
    # no more than RFC 5321 asks of every mailbox (section 4.1.2): a local part, which may be quoted, and a domain
    return isinstance(value, str) and bool(
        re.fullmatch(r'("[^"\x00-\x1f]+"|[^@\s"\x00-\x1f]+)@[^@\s.]+(\.[^@\s.]+)*', value)
    )


def _is_uuid(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value))


def _is_uri(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*", value))


def _is_instant(value: object) -> bool:
    # a leap second is a time as well (RFC 3339, section 5.6), which the validator does not know
    # and its pattern ends before a line break
    if not isinstance(value, str) or value.endswith("\n"):
        return False
    return bool(validate_rfc3339(LEAP_SECOND.sub(r"\1:59", value.upper())))


def _matches(pattern: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and bool(re.fullmatch(pattern, value))


def _conforms(name: str) -> Callable[[object], bool]:
    return lambda value: Draft202012Validator.FORMAT_CHECKER.conforms(value, name)


FORMATS: dict[str, Callable[[object], bool]] = {
    "date-time": _is_instant,
    "email": _is_email,
    "uri": _is_uri,
    "url": _is_uri,
    "uuid": _is_uuid,
    "date": _conforms("date"),
    "time": lambda value: _is_instant(f"1970-01-01T{value}"),
    "duration": _matches(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?"),
    "ipv4": _conforms("ipv4"),
    "ipv6": _conforms("ipv6"),
    "hostname": _matches(r"(?=.{1,253}\.?$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
                         r"(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?"),
    "byte": _matches(r"[A-Za-z0-9+/_=\s-]*"),
}  # fmt: skip
# Formats that tell how a number is kept, or what a person should see: they forbid no JSON value.
ANNOTATED_FORMATS = frozenset({"int32", "int64", "float", "double", "decimal", "binary", "password"})


def _is_multiple(value: Any, step: float) -> bool:
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
        formats.checks(name)(lambda value, checks=checks: not isinstance(value, str) or checks(value))
    types = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            "number": lambda _, value: is_number(value),
            "integer": lambda _, value: is_number(value) and _is_multiple(value, 1),
        }
    )
    return extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, type_checker=types
    )({}, format_checker=formats)


_VALIDATOR = _make_validator()


class Keyword(NamedTuple):
    """One keyword of a schema: where it stands and what it says; `member` is set for one entry of required."""

    path: tuple[str, ...]  # member names, "[]" for an array's items, "{}" for members of any name
    pointer: str  # of the subschema in the schema
    name: str
    value: Any
    schema: Schema
    member: str | None = None

    @property
    def place(self) -> str:
        """The pointer to what it speaks of in a value, ``*`` for any item or member: ``/items/*/amount``."""
        return place_of((*self.path, *([self.member] if self.member else [])))

    @property
    def clause(self) -> str:
        """The last part of a clause's id: ``riskLevel.enum``, ``data.items[].amount.type``."""
        path = (*self.path, *([self.member] if self.member else []), self.name)
        return ".".join(path).replace(".[]", "[]").replace(".{}", "{}")


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
        counted = self.keyword.name in {"minLength", "maxLength"} and isinstance(self.value, str)
        return f"{len(self.value):,} characters: {show(self.value)}" if counted else show(self.value)


def keywords(schema: Schema) -> Iterator[Keyword]:
    """Yield every assertion of a schema, outermost first; each entry of ``required`` by itself."""
    for path, pointer, part in subschemas(schema):
        for name, value in part.items():
            if name == "required":
                for member in value:
                    yield Keyword(path, pointer, name, value, part, member)
            elif asserts(name, value):
                yield Keyword(path, pointer, name, value, part)
        if part.get("additionalProperties") is False:
            yield Keyword(path, pointer, "additionalProperties", value=False, schema=part)


def place_of(path: Sequence[str]) -> str:
    """Write the path of a subschema as a pointer into a value, ``*`` for any item or member."""
    return "".join(f"/{'*' if name in ('[]', '{}') else escape(name)}" for name in path)


def asserts(name: str, value: Any) -> bool:
    """Tell whether a keyword with this value can be broken at all."""
    return name in ASSERTIONS and not (name == "format" and value in ANNOTATED_FORMATS)


def subschemas(
    schema: Schema, path: tuple[str, ...] = (), pointer: str = ""
) -> Iterator[tuple[tuple[str, ...], str, Schema]]:
    """Yield (path, pointer, subschema) of a schema and of all below it, depth first."""
    yield path, pointer, schema
    for name, child in schema.get("properties", {}).items():
        yield from subschemas(child, (*path, name), f"{pointer}/properties/{escape(name)}")
    if "items" in schema:
        yield from subschemas(schema["items"], (*path, "[]"), f"{pointer}/items")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from subschemas(schema["additionalProperties"], (*path, "{}"), f"{pointer}/additionalProperties")


def checks(
    schema: Schema, value: Any, path: tuple[str, ...] = (), pointer: str = "", place: str = ""
) -> Iterator[KeywordCheck]:
    """Apply a schema; yield a check for every keyword that says something about what is there.

    Where the type is wrong, the other keywords at that place are not applied: one defect, one broken clause.
    """
    kind = Keyword(path, pointer, "type", schema.get("type"), schema)
    is_type = type_of(value)
    right_type = _has_right_type(schema, value, is_type)
    if "type" in schema:
        yield KeywordCheck(kind, place, value, right_type)
    if not right_type:
        return
    for name, wanted in schema.items():
        if name == "required" and is_type == "object":
            for member in wanted:
                found = Keyword(path, pointer, name, wanted, schema, member)
                yield KeywordCheck(found, f"{place}/{escape(member)}", value.get(member, ABSENT), member in value)
        elif asserts(name, wanted) and name not in {"type", "required"} and is_type in ASSERTIONS[name]:
            keyword = Keyword(path, pointer, name, wanted, schema)
            yield KeywordCheck(keyword, place, value, _holds(name, wanted, value, schema))
    if is_type == "object":
        yield from _member_checks(schema, value, path, pointer, place)
    elif is_type == "array" and "items" in schema:
        for index, item in enumerate(value):
            yield from checks(schema["items"], item, (*path, "[]"), f"{pointer}/items", f"{place}/{index}")


def broken(schema: Schema, value: Any) -> tuple[KeywordCheck, ...]:
    """Give the checks that do not hold."""
    return tuple(check for check in checks(schema, value) if not check.ok)


def fits(schema: Schema, value: Any) -> bool:
    """Tell whether a value fits a schema."""
    return all(check.ok for check in checks(schema, value))


def refuse_unknown(schema: Any, name: str, pointer: str = "") -> None:
    """Raise ContractError for the first keyword, format, type or pattern that nothing here checks.

    `name` is the file's; the message gives the pointer in it and the nearest keyword that is known.
    """
    _refuse_values(schema, name, pointer)
    known = ASSERTIONS.keys() | APPLICATORS | ANNOTATIONS
    for keyword in schema:
        if keyword not in known:
            near = difflib.get_close_matches(keyword, sorted(known), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ContractError(f"{name}#{pointer}: the keyword {keyword!r} is not checked{hint}")
    if schema.get("format", "uuid") not in FORMATS.keys() | ANNOTATED_FORMATS:
        raise ContractError(
            f"{name}#{pointer}/format: the format {schema['format']!r} is not checked; known: "
            f"{', '.join([*FORMATS, *sorted(ANNOTATED_FORMATS)])}"
        )
    types = schema.get("type", [])
    for kind in [types] if isinstance(types, str) else types:
        if kind not in _ANY | {"integer"}:
            raise ContractError(f"{name}#{pointer}/type: {kind!r} is no JSON type")
    if "pattern" in schema:
        _refuse_pattern(schema["pattern"], f"{name}#{pointer}/pattern")
    for below, child in _parts(schema):
        refuse_unknown(child, name, f"{pointer}/{below}")


def _parts(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Yield (pointer, schema) of all that a schema holds, also what is applied as a whole."""
    for keyword in ("items", "additionalProperties", "propertyNames"):
        if keyword in schema and not isinstance(schema[keyword], bool):
            yield keyword, schema[keyword]
    for number, option in enumerate(schema.get("anyOf", ())):
        yield f"anyOf/{number}", option
    for member, child in schema.get("properties", {}).items():
        yield f"properties/{escape(member)}", child


def expectation(keyword: Keyword) -> str:
    """Say what a keyword asks for."""
    value = keyword.value
    if keyword.name == "type":
        return _one_of([value] if isinstance(value, str) else value)
    if keyword.name == "enum":
        return _one_of([show(option) for option in value])
    if keyword.name == "anyOf":
        return _one_of([option.get("title", show(option)) for option in value])
    return {
        "required": f"the member {keyword.member!r}",
        "const": show(value),
        "format": f"a string of format {value}",
        "minLength": f"at least {value} characters",
        "maxLength": f"at most {value} characters",
        "pattern": f"a string that matches {value}",
        "minimum": f"at least {value}",
        "maximum": f"at most {value}",
        "exclusiveMinimum": f"more than {value}",
        "exclusiveMaximum": f"less than {value}",
        "multipleOf": f"a multiple of {value}",
        "minItems": f"at least {value} items",
        "maxItems": f"at most {value} items",
        "uniqueItems": "no item twice",
        "minProperties": f"at least {value} members",
        "maxProperties": f"at most {value} members",
        "propertyNames": f"member names that fit {show(value)}",
        "additionalProperties": "no other member than those named",
    }[keyword.name]


def _has_right_type(schema: Schema, value: Any, is_type: str) -> bool:
    wanted = schema.get("type", is_type)
    named = is_type in wanted if isinstance(wanted, list) else is_type == wanted
    return named or _holds("type", wanted, value, schema)  # a whole number is an integer


def _member_checks(
    schema: Schema, value: dict[str, Any], path: tuple[str, ...], pointer: str, place: str
) -> Iterator[KeywordCheck]:
    named = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for member, content in value.items():
        if any(value.get(other) is not None for other in named.get(member, {}).get("x-ignored-with", ())):
            continue
        below = f"{place}/{escape(member)}"
        if member in named:
            child = f"{pointer}/properties/{escape(member)}"
            yield from checks(named[member], content, (*path, member), child, below)
        elif isinstance(others, dict):
            yield from checks(others, content, (*path, "{}"), f"{pointer}/additionalProperties", below)
    if others is False:
        extra = [member for member in value if member not in named]
        keyword = Keyword(path, pointer, "additionalProperties", value=False, schema=schema)
        where = f"{place}/{escape(extra[0])}" if extra else place
        yield KeywordCheck(keyword, where, value[extra[0]] if extra else value, not extra)


def _holds(name: str, wanted: Any, value: Any, schema: Schema) -> bool:
    if name == "multipleOf":  # exact, where jsonschema divides doubles
        return _is_multiple(value, wanted)
    if name == "anyOf":
        return any(fits(option, value) for option in wanted)
    if name == "pattern":
        return re.search(_python_pattern(wanted), value) is not None
    if name == "propertyNames":
        return all(fits(wanted, member) for member in value)
    rule = _VALIDATOR.VALIDATORS[name]
    if isinstance(wanted, float):  # a bound is what is written: 0.01, not the double next to it
        wanted, value = Decimal(str(wanted)), Decimal(str(value)) if isinstance(value, float) else value
    return next(iter(rule(_VALIDATOR, wanted, value, schema) or ()), None) is None


@lru_cache(maxsize=1_000)
def _python_pattern(pattern: str) -> str:
    """Write a pattern's end marks as Python's: JSON Schema's ``$`` does not match in front of a final line break."""
    return re.sub(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$", lambda found: found[1] or r"\Z", pattern)


def _refuse_values(part: Any, name: str, pointer: str) -> None:
    if not isinstance(part, dict):
        raise ContractError(f"{name}#{pointer}: a schema is an object here, got {show(part)}")
    for keyword, kinds in VALUES.items():
        value = part.get(keyword, ABSENT)
        if value is not ABSENT and (not isinstance(value, kinds) or (type(value) is bool and bool not in kinds)):
            expected = " or ".join(kind.__name__ for kind in kinds)
            raise ContractError(f"{name}#{pointer}/{keyword}: expected {expected}, got {show(value)}")


def _refuse_pattern(pattern: str, place: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ContractError(f"{place}: {pattern!r} is no regular expression: {error}") from error


def _one_of(options: list[str]) -> str:
    return " or ".join(options)
