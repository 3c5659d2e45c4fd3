"""Values that break one keyword of a schema: a row of the table for each keyword."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from contracts.model import ABSENT, Schema
from contracts.planning.bodies.proposals import different
from contracts.planning.bodies.templates import sample
from contracts.schema.jsontext import encode, show, type_of
from contracts.schema.keywords import types

MANY_OPTIONS = 20
WORD = re.compile(r"([A-Za-z0-9]+)([^A-Za-z0-9]+)(.+)")  # in two parts, with a mark between

Spoiled = Iterator[tuple[str, Any]]  # labels and values


def spoiled_values(schema: Schema, value: Any, turn: int, *, one: bool) -> Spoiled:
    """Yield (label, value) of what breaks one keyword of a schema, made from a good value.

    Of a text a value of each other type is near to the right one or taken for nothing, by
    `turn`; with `one` the near ones alone.
    """
    yield from _wrong_types(schema, value, turn, one=one)
    for keyword, spoil in SPOILERS.items():
        if keyword in schema:
            yield from spoil(schema, value)


def _wrong_types(schema: Schema, value: Any, turn: int, *, one: bool) -> Spoiled:
    """Propose values of each other type: near to the right one, or taken for nothing.

    Of a text one of each type, by `turn`; with `one` the near ones, and an empty array.
    """
    allowed = set(types(schema))
    if not allowed:
        return
    proposed = [*_of_each_type(schema, value, turn, one=one)]
    # what many servers take for a member that is absent comes before the rare
    proposed[1:] = sorted(proposed[1:], key=lambda pair: pair[0] != "null")
    for kind, wrong in proposed:
        if kind in {"number", "boolean"}:
            name = f"the {kind} {show(wrong)}"
        else:
            name = f"empty {kind}" if not wrong and kind != "null" else kind
        yield f"{name} instead of {' or '.join(sorted(allowed))}", wrong
    if "integer" in allowed and "number" not in allowed:
        yield "a fraction instead of integer", 1.5


def _of_each_type(schema: Schema, value: Any, turn: int, *, one: bool) -> Spoiled:
    """Yield (type, value) of the values of other types."""
    allowed = set(types(schema))
    for number, (kind, values) in enumerate(_near(schema, value, allowed).items()):
        if kind in allowed or (kind == "number" and "integer" in allowed):
            continue
        first, past = 0, len(values)
        if one and kind != "array":  # an empty array is an empty object to some
            past = 1
        elif "string" in allowed:
            first = (turn + number) % len(values)
            past = first + 1
        yield from ((kind, wrong) for wrong in values[first:past])


def _near(schema: Schema, value: Any, allowed: Collection[str]) -> dict[str, Sequence[Any]]:
    """Return values of each type that loose servers take in place of one of the `allowed`."""
    text = "text" if value is ABSENT else encode(sample(value)).decode()
    if isinstance(value, str):
        text = value
    numbers = [12345, 0] if "string" in allowed else [0]
    if "enum" in schema:
        numbers = [1]  # some frameworks count the options, from 0 or from 1
    return {
        "string": (text, "", f"{text} x")
        if not {"number", "integer"}.isdisjoint(allowed)
        else (text, ""),
        "number": numbers,
        "boolean": (True, False),
        "null": (None,),
        "object": ({"value": value}, {}) if "string" in allowed else ({"value": value},),
        "array": ([value], []),
    }


def _outside(schema: Schema, _: Any) -> Spoiled:
    numbers = [option for option in schema["enum"] if type_of(option) == "number"]
    if numbers:
        yield f"{show(max(numbers) + 1)} is none of the options", max(numbers) + 1
    texts = [option for option in schema["enum"] if isinstance(option, str)]
    more = schema.get("x-near-misses", ())
    for text in dict.fromkeys(_near_misses(texts, more) if texts else ["none of them"]):
        if text not in texts:
            yield f"{show(text)} is none of the options", text


def _near_misses(texts: Sequence[str], more: Sequence[str]) -> Iterator[str]:
    """Yield texts that a check of form, of the beginning, or without letter case lets pass."""
    first = texts[0]
    last = texts[-1]
    yield from (f"{first}x", first.lower(), "", f" {last} ")
    yield from more
    if len(texts) > MANY_OPTIONS:  # which a careless server checks by their form only
        letters = (f"{first[:-1]}{letter}" for letter in "XYZxyz789" if first)
        yield next((text for text in letters if text not in texts), first)
    words = WORD.fullmatch(first), WORD.fullmatch(last)
    if words[0] and words[1]:
        head, mark, tail = words[0].groups()
        yield from (words[1][1], f"{head}{'_' if mark == '-' else '-'}{tail}")
        if not more:  # one of the same form
            yield f"{head}{mark}{words[1][3]}"


def _too_short(schema: Schema, value: Any) -> Spoiled:
    least = schema["minLength"]
    if isinstance(value, str) and least > 0:
        yield f"one character fewer than {least}", value[: least - 1]


def _too_long(schema: Schema, value: Any) -> Spoiled:
    if isinstance(value, str):
        more = max(schema["maxLength"] + 1 - len(sample(value)), 0)
        label = f"one character more than {schema['maxLength']}"
        yield label, value[:1] * more + value
        if schema.get("format") == "email":  # what stands before the @ has a limit of its own
            local, _, domain = value.partition("@")
            labels = ("x" * 49 + ".") * (more // 50) + "x" * (more % 50)
            yield label, f"{local}@{labels}{domain}"


def _beyond(keyword: str, sign: int, *, exclusive: bool) -> Callable[[Schema, Any], Spoiled]:
    def spoil(schema: Schema, _: Any) -> Spoiled:
        bound = schema[keyword]
        step = schema.get("multipleOf", 1)
        # the bound, or past it
        on_step = bound // step * step if sign < 0 else -(-bound // step) * step
        past = on_step if exclusive or on_step != bound else bound + sign * step
        yield f"past the {keyword} of {bound}", past
        if "integer" in schema.get("type", ()):
            return
        if exclusive:
            yield f"on the {keyword} of {bound}", bound
        else:
            yield f"just past the {keyword} of {bound}", bound + sign * 0.001

    return spoil


def _no_multiple(schema: Schema, value: Any) -> Spoiled:
    if type_of(value) == "number":
        for more in (schema["multipleOf"] / 2, 1):
            yield f"no multiple of {schema['multipleOf']}", value + more


def _no_match(_: Schema, value: Any) -> Spoiled:
    for text in ("", "!", f"{value}!", f"{value}{value}"):
        yield "does not match the pattern", text


def _no_format(schema: Schema, _: Any) -> Spoiled:
    for text in ("nothing of the kind", "camille@", "3f0f1b7e-2f6c-4b55-9d0a"):
        yield f"not of format {schema['format']}", text


def _number_of_items(schema: Schema, value: Any) -> Spoiled:
    item = value[0] if isinstance(value, list) and value else "item"
    least = schema.get("minItems", 0)
    is_unique = schema.get("uniqueItems")

    def items(count: int) -> list[Any]:
        if is_unique:
            return different(schema.get("items", {}), item, count)
        return [item] * count

    if "maxItems" in schema:
        yield f"one item more than {schema['maxItems']}", items(schema["maxItems"] + 1)
    if least > 0:
        yield f"one item fewer than {least}", items(least - 1)
    if is_unique:
        yield "an item twice", [item] * max(least, 2)


def _number_of_members(schema: Schema, value: Any) -> Spoiled:
    base = dict(value) if isinstance(value, dict) else {}
    plain = next(iter(base.values()), "text")
    if "maxProperties" in schema:
        more = schema["maxProperties"] + 1 - len(base)
        others = {f"more{index}": plain for index in range(more)}
        yield f"one member more than {schema['maxProperties']}", {**base, **others}
    if schema.get("minProperties", 0) > 0:
        fewer = list(base.items())[: schema["minProperties"] - 1]
        yield f"one member fewer than {schema['minProperties']}", dict(fewer)
    names = schema.get("propertyNames", {})
    if "maxLength" in names:
        name = "n" * (names["maxLength"] + 1)
        yield f"a name of more than {names['maxLength']} characters", {**base, name: plain}


def _none_of(schema: Schema, value: Any) -> Spoiled:
    """Leave out all that any of the alternatives requires, then put null in its place."""
    names = [name for option in schema["anyOf"] for name in option.get("required", ())]
    members = value.items() if isinstance(value, dict) else ()
    rest = {name: content for name, content in members if name not in names}
    titles = " nor ".join(option.get("title", show(option)) for option in schema["anyOf"])
    yield f"neither {titles}", rest
    yield from ((f"neither {titles}: {name} is null", {**rest, name: None}) for name in names)


SPOILERS: dict[str, Callable[[Schema, Any], Spoiled]] = {
    "enum": _outside,
    "anyOf": _none_of,
    "const": lambda _, __: iter([("another value", "another value")]),
    "minLength": _too_short,
    "maxLength": _too_long,
    "minimum": _beyond("minimum", -1, exclusive=False),
    "maximum": _beyond("maximum", 1, exclusive=False),
    "exclusiveMinimum": _beyond("exclusiveMinimum", -1, exclusive=True),
    "exclusiveMaximum": _beyond("exclusiveMaximum", 1, exclusive=True),
    "multipleOf": _no_multiple,
    "pattern": _no_match,
    "format": _no_format,
    "minItems": _number_of_items,
    "maxItems": _number_of_items,
    "uniqueItems": _number_of_items,
    "minProperties": _number_of_members,
    "maxProperties": _number_of_members,
    "propertyNames": _number_of_members,
}
