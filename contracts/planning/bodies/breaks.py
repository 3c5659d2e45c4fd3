"""Bodies that break D in one place and one way, so that a refusal proves that constraint."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from contracts.model import ABSENT, Schema
from contracts.planning.bodies.everyday import typical
from contracts.planning.bodies.spoilers import spoiled_values
from contracts.planning.bodies.states import referring, with_member
from contracts.planning.bodies.templates import sample
from contracts.schema import checks, keywords
from contracts.schema.jsontext import encode, escape

WHOLE = {"minProperties", "maxProperties", "anyOf"}  # keywords that speak of all members together
Spoiled = tuple[str, str, Any]  # pointer, label, the spoiled value


@dataclass(frozen=True, slots=True)
class Break:
    """A body and the keyword that it breaks; its `clause` lacks the prefix ``request.``."""

    clause: str
    keyword: str
    pointer: str
    label: str
    body: Any  # a template; bytes where the body is no JSON text


def breaks(documented: Schema, plausible: Schema, body: Any, turn: int = 0) -> Iterator[Break]:
    """Yield the breaks of the documented schema that break one keyword and no other.

    `body` is the template of a request that is accepted; every break is that body with one
    thing wrong. Of a text, a value of each other type is in turns near to the right one, and
    one that loose types take for nothing; `turn` says which comes first.
    """
    texts = set()
    for pointer, label, spoiled in _spoil(documented, plausible, body, "", turn):
        text = repr(spoiled)
        if text in texts:
            continue
        texts.add(text)
        broken = _broken(spoiled, body, documented)
        if len(broken) == 1 and broken[0].place == pointer:
            keyword = broken[0].keyword
            yield Break(keyword.clause, keyword.name, pointer, label, spoiled)


def _broken(spoiled: Any, body: Any, documented: Schema) -> tuple[checks.KeywordCheck, ...]:
    """Return what a spoiled body breaks, of which only what is not as in a good one is judged.

    So that a body of hundreds of members is not judged hundreds of times as a whole.
    """
    if not (isinstance(spoiled, dict) and isinstance(body, dict)) or WHOLE & documented.keys():
        return checks.broken(documented, sample(spoiled))
    members = documented.get("properties", {})
    changed = [name for name in spoiled if spoiled[name] is not body.get(name)]
    beside = (members.get(name, {}).get("x-ignored-with", ()) for name in changed)
    judged = {*changed, *itertools.chain(*beside)} & spoiled.keys()
    absent = [name for name in documented.get("required", ()) if name not in spoiled]
    value = sample({name: spoiled[name] for name in spoiled if name in judged})
    return checks.broken({**documented, "required": absent}, value)


def malformed(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (label, bytes) of bodies that are no JSON text, made from one that is."""
    yield "the body is empty", b""
    yield "the body is cut off", text[: len(text) * 2 // 3]
    yield "the body is cut off at its last character", text[:-1]
    yield "text follows the JSON text", text + b" and more"


def lenient(body: Any) -> Iterator[tuple[str, bytes]]:
    """Yield (label, bytes) of what lenient readers take and is no JSON text (RFC 8259).

    NaN is left out: the readers of several languages take it unless they are told not to, and
    some frameworks fail when they repeat it in their refusal. So are unknown escapes, which
    readers of Ruby take, and line ends in texts, leading zeros and numbers that end in a point,
    which Python's ujson takes.
    """
    text = encode(body)
    forms = {
        "a comma follows the last member": text[:-1] + b",}",
        "a comment precedes the JSON text": b"/* an order */ " + text,
        "texts are in single quotes": text.replace(b'"', b"'"),
    }
    if isinstance(body, dict):
        bare = encode({name: part for name, part in body.items() if b"'" not in encode(part)})
        forms["texts are in single quotes"] = bare.replace(b'"', b"'")
        forms["names are not quoted"] = re.sub(rb'([{,])"(\w+)":', rb"\1\2:", text)
        forms["the body is a form"] = urlencode(body).encode()
    yield from ((label, form) for label, form in forms.items() if form not in {text, b""})


def rarely_lenient(body: Any) -> Iterator[tuple[str, bytes]]:
    """Yield (label, bytes) of more that is no JSON text, which few readers take."""
    text = encode(body)
    number = re.compile(rb'":(\d+)([,}])')
    forms = {
        "a number has a plus": number.sub(rb'":+\1\2', text, count=1),
        "two commas follow each other": text.replace(b',"', b',,"', 1),
        "a number is hexadecimal": number.sub(rb'":0x\1\2', text, count=1),
        "a literal has a capital": text[:-1] + b',"unknownMember":True}',
        "an equals sign follows a name": text.replace(b'":', b'"=', 1),
        "a brace too many": text + b"}",
        "a semicolon follows": text + b";",
    }
    yield from ((label, form) for label, form in forms.items() if form != text)


def _spoil(
    schema: Schema, plausible: Schema, value: Any, pointer: str, turn: int
) -> Iterator[Spoiled]:
    for label, bad in spoiled_values(schema, value, turn, one=not pointer):
        yield pointer, label, bad
    for option in schema.get("anyOf", ()):
        for inside in _fitting(option, plausible.get("enum", [value])):
            of_form = {each.clause: each for each in breaks(option, option, inside, turn)}
            # each then fits none of the alternatives any more
            yield from ((pointer, each.label, each.body) for each in of_form.values())
    if isinstance(value, dict):
        yield from _spoil_members(schema, plausible, value, pointer, turn)
    elif isinstance(value, list) and value and "items" in schema:
        child = schema["items"]
        below = _spoil(child, plausible.get("items", child), value[0], f"{pointer}/0", turn)
        yield from ((place, label, [bad, *value[1:]]) for place, label, bad in below)


def _fitting(option: Schema, values: Iterable[Any]) -> list[Any]:
    """Return those of some values that fit an alternative; of one without members its typical."""
    fitting = [value for value in values if checks.fits(option, sample(value))]
    if fitting or {"object", "array"} & {*keywords.types(option)}:
        return fitting
    value = typical(option)
    return [value] if checks.fits(option, value) else []


def _spoil_members(
    schema: Schema, plausible: Schema, value: dict[str, Any], pointer: str, turn: int
) -> Iterator[Spoiled]:
    for name in schema.get("required", ()):
        place = f"{pointer}/{escape(name)}"
        yield place, f"{name} is missing", with_member(value, name, ABSENT)
    members = schema.get("properties", {})
    narrow = plausible.get("properties", {})
    for number, (name, child) in enumerate(members.items()):
        narrower = narrow.get(name, child)
        below = f"{pointer}/{escape(name)}"
        inside = value.get(name, ABSENT)
        if inside is ABSENT:
            inside = typical({key: narrower[key] for key in narrower if key != "x-reference"})
        if inside is ABSENT:
            inside = referring(narrower)
        ignored = child.get("x-ignored-with", ())
        base = {member: content for member, content in value.items() if member not in ignored}
        for place, label, bad in _spoil(child, narrower, inside, below, turn + number):
            yield place, f"{name}: {label}", {**base, name: bad}
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        for name in [name for name in value if name not in members][:1]:
            below = f"{pointer}/{escape(name)}"
            for place, label, bad in _spoil(others, others, value[name], below, turn):
                yield place, f"{name}: {label}", {**value, name: bad}
    elif others is False:
        body = {**value, "unknownMember": "x"}
        yield f"{pointer}/unknownMember", "a member that is not allowed", body
