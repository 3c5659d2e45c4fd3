"""Bodies that break D in one place and one way.

Each constraint by itself, so that a refusal proves it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from contracts.model import ABSENT, Schema
from contracts.planning.bodies.states import referring
from contracts.planning.bodies.templates import sample
from contracts.planning.bodies.typical import typical
from contracts.schema import checks
from contracts.schema.jsontext import encode, escape, show, type_of

MANY_OPTIONS = 20
Spoiled = tuple[str, str, Any]  # pointer, label, the spoiled value


@dataclass(frozen=True, slots=True)
class Break:
    """A body and what it breaks.

    A keyword's clause (without the prefix ``request.``), at a pointer.
    """

    clause: str
    keyword: str
    pointer: str
    label: str
    body: Any  # a template; bytes where the body is no JSON text


def breaks(
    documented: Schema, plausible: Schema, body: dict[str, Any], turn: int = 0
) -> Iterator[Break]:
    """Yield the breaks of D, each alone: what turns out to break more than one keyword is left out.

    `body` is the template of a request that is accepted; every break is that body with one thing
    wrong. Of a text, a value of each other type is in turns near to the right one, and one that
    loose types take for nothing; `turn` says which comes first.
    """
    seen = set()
    for pointer, label, spoiled in _spoil(documented, plausible, body, "", turn):
        text = repr(spoiled)
        if text in seen:
            continue
        seen.add(text)
        found = checks.broken(documented, sample(spoiled))
        if len(found) == 1 and found[0].place == pointer:
            keyword = found[0].keyword
            yield Break(keyword.clause, keyword.name, pointer, label, spoiled)


def malformed(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (label, bytes) of bodies that are no JSON text, made from one that is."""
    yield "the body is empty", b""
    yield "the body is cut off", text[: len(text) * 2 // 3]
    yield "the body is cut off at its last character", text[:-1]
    yield "text follows the JSON text", text + b" and more"


def lenient(body: Any) -> Iterator[tuple[str, bytes]]:
    """Yield (label, bytes) of what lenient readers take and is no JSON text (RFC 8259).

    NaN is left out: the readers of several languages take it unless they are told not to, and some
    frameworks fail when they repeat it in their refusal.
    """
    text = encode(body)
    yield "a comma follows the last member", text[:-1] + b",}"
    yield "a comment precedes the JSON text", b"/* an order */ " + text
    yield "texts are in single quotes", text.replace(b'"', b"'")
    if not isinstance(body, dict):
        return
    unquoted = re.sub(rb'([{,])"(\w+)":', rb"\1\2:", text)
    if unquoted != text:
        yield "names are not quoted", unquoted
    yield "the body is a form", urlencode(body).encode()


def _spoil(
    schema: Schema, plausible: Schema, value: Any, pointer: str, turn: int
) -> Iterator[Spoiled]:
    yield from (
        (pointer, label, bad) for label, bad in _wrong_types(schema, value, turn, one=not pointer)
    )
    for keyword, spoil in _SPOILERS.items():
        if keyword in schema:
            yield from ((pointer, label, bad) for label, bad in spoil(schema, value))
    if isinstance(value, dict):
        yield from _spoil_members(schema, plausible, value, pointer, turn)
    elif isinstance(value, list) and value and "items" in schema:
        below = _spoil(
            schema["items"], plausible.get("items", schema["items"]), value[0], f"{pointer}/0", turn
        )
        yield from ((place, label, [bad, *value[1:]]) for place, label, bad in below)


def _spoil_members(
    schema: Schema, plausible: Schema, value: dict[str, Any], pointer: str, turn: int
) -> Iterator[Spoiled]:
    for name in schema.get("required", ()):
        yield (
            f"{pointer}/{escape(name)}",
            f"{name} is missing",
            {member: content for member, content in value.items() if member != name},
        )
    named = schema.get("properties", {})
    narrow = plausible.get("properties", {})
    for number, (name, child) in enumerate(named.items()):
        inside = value.get(name, ABSENT)
        if inside is ABSENT:
            inside = typical(
                {key: part for key, part in narrow.get(name, child).items() if key != "x-reference"}
            )
        if inside is ABSENT:
            inside = referring(narrow.get(name, child))
        ignored = child.get("x-ignored-with", ())
        base = {member: content for member, content in value.items() if member not in ignored}
        for place, label, bad in _spoil(
            child, narrow.get(name, child), inside, f"{pointer}/{escape(name)}", turn + number
        ):
            yield place, f"{name}: {label}", {**base, name: bad}
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        for name in [name for name in value if name not in named][:1]:
            for place, label, bad in _spoil(
                others, others, value[name], f"{pointer}/{escape(name)}", turn
            ):
                yield place, f"{name}: {label}", {**value, name: bad}
    elif others is False:
        yield (
            f"{pointer}/unknownMember",
            "a member that is not allowed",
            {**value, "unknownMember": "x"},
        )


def _wrong_types(schema: Schema, value: Any, turn: int, *, one: bool) -> Iterator[tuple[str, Any]]:
    """Propose values of each other type.

    Near to the right one, and those that loose types take for nothing.

    Of a text one of each type, by `turn`; with `one` the near ones alone.
    """
    kinds = schema.get("type")
    if kinds is None:
        return
    allowed = {kinds} if isinstance(kinds, str) else set(kinds)
    text = (
        value if isinstance(value, str) else show(sample(value)) if value is not ABSENT else "text"
    )
    near: dict[str, tuple[Any, ...]] = {
        "string": (text, "", f"{text} x") if allowed & {"number", "integer"} else (text, ""),
        "number": (12345, 0) if "string" in allowed else (0,),
        "boolean": (False,) if "object" in allowed else (True, False),
        "null": (None,),
        "object": ({"value": value}, {}) if "string" in allowed else ({"value": value},),
        "array": ([value], []),
    }
    for number, (kind, values) in enumerate(near.items()):
        if kind in allowed or (kind == "number" and "integer" in allowed):
            continue
        chosen = 0 if one else (turn + number) % len(values)
        for wrong in [values[chosen]] if one or "string" in allowed else values:
            if kind in {"number", "boolean"}:
                said = f"the {kind} {show(wrong)}"
            else:
                said = f"empty {kind}" if not wrong and kind != "null" else kind
            yield f"{said} instead of {' or '.join(sorted(allowed))}", wrong
    if "integer" in allowed and "number" not in allowed:
        yield "a fraction instead of integer", 1.5


def _outside(schema: Schema, _: Any) -> Iterator[tuple[str, Any]]:
    numbers = [option for option in schema["enum"] if type_of(option) == "number"]
    if numbers:
        yield f"{show(max(numbers) + 1)} is none of the options", max(numbers) + 1
    texts = [option for option in schema["enum"] if isinstance(option, str)]
    for text in dict.fromkeys(
        _near_misses(texts, schema.get("x-near-misses", ())) if texts else ["none of them"]
    ):
        if text not in texts:
            yield f"{show(text)} is none of the options", text


def _near_misses(texts: Sequence[str], more: Sequence[str]) -> Iterator[str]:
    """Yield texts that a check by form, by the beginning.

    Without letter case or white space would let pass.
    """
    first, last = texts[0], texts[-1]
    yield from (f"{first}x", first.lower(), "", f" {last} ")
    yield from more
    if len(texts) > MANY_OPTIONS:  # which a careless server checks by their form only
        letters = (f"{first[:-1]}{letter}" for letter in "XYZxyz789" if first)
        yield next((text for text in letters if text not in texts), first)
    words = [re.fullmatch(r"([A-Za-z0-9]+)([^A-Za-z0-9]+)(.+)", text) for text in (first, last)]
    if words[0] and words[1]:
        head, mark, tail = words[0].groups()
        yield from (words[1][1], f"{head}{'_' if mark == '-' else '-'}{tail}")
        if not more:  # one of the same form
            yield f"{head}{mark}{words[1][3]}"


def _too_short(schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, str) and schema["minLength"] > 0:
        yield f"one character fewer than {schema['minLength']}", value[: schema["minLength"] - 1]


def _too_long(schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, str):
        more = max(schema["maxLength"] + 1 - len(sample(value)), 0)
        label = f"one character more than {schema['maxLength']}"
        yield label, value[:1] * more + value
        if schema.get("format") == "email":  # what stands before the @ has a limit of its own
            local, _, domain = value.partition("@")
            yield label, f"{local}@{('x' * 49 + '.') * (more // 50)}{'x' * (more % 50)}{domain}"


def _beyond(
    keyword: str, sign: int, *, exclusive: bool
) -> Callable[[Schema, Any], Iterator[tuple[str, Any]]]:
    def spoil(schema: Schema, _: Any) -> Iterator[tuple[str, Any]]:
        bound, step = schema[keyword], schema.get("multipleOf", 1)
        on_step = (
            bound // step * step if sign < 0 else -(-bound // step) * step
        )  # the bound, or past it
        past = on_step if exclusive or on_step != bound else bound + sign * step
        yield f"past the {keyword} of {bound}", past
        if "integer" in schema.get("type", ()):
            return
        yield (
            f"on the {keyword} of {bound}" if exclusive else f"just past the {keyword} of {bound}",
            (bound if exclusive else bound + sign * 0.001),
        )

    return spoil


def _no_multiple(schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    if type_of(value) == "number":
        for more in (schema["multipleOf"] / 2, 1):
            yield f"no multiple of {schema['multipleOf']}", value + more


def _no_match(_: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    for text in ("", "!", f"{value}!", f"{value}{value}"):
        yield "does not match the pattern", text


def _no_format(schema: Schema, _: Any) -> Iterator[tuple[str, Any]]:
    for text in ("nothing of the kind", "camille@", "3f0f1b7e-2f6c-4b55-9d0a"):
        yield f"not of format {schema['format']}", text


def _number_of_items(schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    item = value[0] if isinstance(value, list) and value else "item"
    if "maxItems" in schema:
        yield f"one item more than {schema['maxItems']}", [item] * (schema["maxItems"] + 1)
    if schema.get("minItems", 0) > 0:
        yield f"one item fewer than {schema['minItems']}", [item] * (schema["minItems"] - 1)
    if schema.get("uniqueItems"):
        yield "an item twice", [item, item]


def _number_of_members(schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    base = dict(value) if isinstance(value, dict) else {}
    plain = next(iter(base.values()), "text")
    if "maxProperties" in schema:
        more = schema["maxProperties"] + 1 - len(base)
        yield (
            f"one member more than {schema['maxProperties']}",
            {**base, **{f"more{index}": plain for index in range(more)}},
        )
    if schema.get("minProperties", 0) > 0:
        kept = list(base.items())[: schema["minProperties"] - 1]
        yield f"one member fewer than {schema['minProperties']}", dict(kept)
    names = schema.get("propertyNames", {})
    if "maxLength" in names:
        yield (
            f"a name of more than {names['maxLength']} characters",
            {**base, "n" * (names["maxLength"] + 1): plain},
        )


def _none_of(schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    """Leave out all that any of the alternatives requires, then put null in its place."""
    names = [name for option in schema["anyOf"] for name in option.get("required", ())]
    rest = (
        {name: content for name, content in value.items() if name not in names}
        if isinstance(value, dict)
        else {}
    )
    titles = " nor ".join(option.get("title", show(option)) for option in schema["anyOf"])
    yield f"neither {titles}", rest
    yield from ((f"neither {titles}: {name} is null", {**rest, name: None}) for name in names)


_SPOILERS: dict[str, Callable[[Schema, Any], Iterator[tuple[str, Any]]]] = {
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
