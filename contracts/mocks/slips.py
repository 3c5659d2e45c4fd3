"""What a client did wrong when it broke a keyword: in a few words, and what may be meant."""

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from contracts.model import ABSENT
from contracts.schema import checks
from contracts.schema.jsontext import at, is_number, same, show, type_of

# how many of the small unit the large one has, where a client takes one for the other
UNITS = (100, 1_000)


def slip(check: checks.KeywordCheck, body: Any) -> tuple[str, str]:
    """Return a client's bug and a hint, which may be empty, by the keyword that a body breaks."""
    name = check.place.rpartition("/")[2] or "the body"
    return SLIPS.get(check.keyword.name, _other)(name, check, body)


def _missing(name: str, check: checks.KeywordCheck, body: Any) -> tuple[str, str]:
    parent = at(body, check.place.rpartition("/")[0])
    members = list(parent) if isinstance(parent, dict) else []
    near = difflib.get_close_matches(name, members, n=1)
    hint = f"{near[0]} should be called {name}" if near else ""
    return f"the required member {name} is missing", hint


def _wrong_type(name: str, check: checks.KeywordCheck, _: Any) -> tuple[str, str]:
    got = type_of(check.value)
    if got == "null":
        hint = f"leave {name} out: the page does not say that it may be null"
        return f"{name} is null", hint
    if check.value is ABSENT:
        return f"{name} is missing", ""
    hint = ""
    digits = check.value.replace(".", "", 1).lstrip("-") if got == "string" else ""
    if "number" in check.expected and digits.isdigit():
        hint = f"send {check.value} without quotation marks: a number as text is no number"
    return f"{name} is {_a(got)} instead of {_a(check.expected)}", hint


def _no_option(name: str, check: checks.KeywordCheck, _: Any) -> tuple[str, str]:
    options = [option for option in check.keyword.value if isinstance(option, str)]

    def letters(text: str) -> str:
        return "".join(filter(str.isalnum, text)).lower()

    for option in options if isinstance(check.value, str) else ():
        if option.lower() == check.value.lower():
            return f"{name} is in the wrong case: {show(check.value)}", show(option)
        if letters(option) == letters(check.value):
            return f"{name} is {show(check.value)}, which is none of the options", show(option)
    return f"{name} is {show(check.value)}, which is none of the options", ""


def _unknown(name: str, check: checks.KeywordCheck, _: Any) -> tuple[str, str]:
    names = list(check.keyword.schema.get("properties", {}))
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"{near[0]} is meant" if near else ""
    return f"{name} is a member that the page does not know", hint


def _wrong_number(name: str, check: checks.KeywordCheck, _: Any) -> tuple[str, str]:
    value = check.value
    schema = check.keyword.schema
    counted = is_number(value) and value > 0 and schema.get("multipleOf") == 1
    for unit in UNITS if counted else ():
        converted = value * unit
        if checks.fits(schema, converted):
            bug = f"{name} seems to be in the wrong unit: {show(value)}"
            number = int(converted) if same(converted, int(converted)) else converted
            converted = f"{show(number)} in the unit of the page"
            return bug, f"the unit is wrong: {show(value)} would be {converted}"
    return f"{name} is {show(value)}, not {check.expected}", ""


def _other(name: str, check: checks.KeywordCheck, _: Any) -> tuple[str, str]:
    return f"{name} has to be {check.expected}", ""


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


SLIPS: Mapping[str, Callable[[str, checks.KeywordCheck, Any], tuple[str, str]]] = {
    "required": _missing,
    "type": _wrong_type,
    "enum": _no_option,
    "additionalProperties": _unknown,
    "multipleOf": _wrong_number,
    "minimum": _wrong_number,
    "maximum": _wrong_number,
    "exclusiveMinimum": _wrong_number,
    "exclusiveMaximum": _wrong_number,
}
