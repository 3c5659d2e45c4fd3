"""The keywords of one schema that speak of one value: its type, bounds, options and annotations."""

import re
import warnings
from collections.abc import Callable, Iterator

from contracts.derive.marked import Part
from contracts.derive.model import Fact, Json, Node, Span, is_number

TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
#: Formats that contracts check, and those that forbid no value.
FORMATS = frozenset([
    "date-time", "email", "uri", "url", "uuid", "date", "time", "duration", "ipv4", "ipv6",
    "hostname", "byte", "int32", "int64", "float", "double", "decimal", "binary", "password",
])  # fmt: skip
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
EXACT = 2**53  # from here on doubles leave out whole numbers
_NUMBERS = ("minimum", "maximum", "multipleOf")
_FLAGS = ("deprecated", "readOnly", "writeOnly", "uniqueItems")
#: Keywords that forbid values and that contracts do not check.
NOT_CHECKED = (
    "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies",
    "contains", "minContains", "maxContains", "prefixItems", "patternProperties",
    "unevaluatedItems", "$dynamicRef", "$recursiveRef", "additionalItems",
)  # fmt: skip
#: A pattern as it is written in JavaScript, between slashes.
_SLASHED = re.compile(r"/(\^.*|.*\$)/")

Noter = Callable[[Span, str], None]


def value_facts(part: Part, note: Noter, *, descriptions: bool) -> Node:
    """Return the node of a schema's own keywords; those not understood are noted."""
    node = Node(facts=tuple(_facts(part, note)))
    sentence = part.get("description")
    if sentence is not None and isinstance(sentence.value, str):
        node = node.with_fact(
            "description", sentence.value if descriptions else None, sentence.span
        )
    for keyword in NOT_CHECKED:
        member = part.get(keyword)
        if member is not None and member.value not in ({}, True):
            note(member.span, f"{keyword} is not checked")
    return node


def _facts(part: Part, note: Noter) -> Iterator[Fact]:
    yield from _type(part, note)
    yield from _options(part, note)
    yield from _counts(part, note)
    yield from _numbers(part, note)
    yield from _texts(part, note)
    for keyword in _FLAGS:
        member = part.get(keyword)
        if member is not None and member.value is True:
            yield Fact(keyword, member.value, member.span)
        elif member is not None and member.value is not False:
            note(member.span, f"{keyword} is neither true nor false: {_shown(member)}")
    default = part.get("default")
    if default is not None:
        yield Fact("default", default.plain(), default.span)
    yield from _examples(part)


def _type(part: Part, note: Noter) -> Iterator[Fact]:
    member = part.get("type")
    if member is None:
        return
    if member.value == "file":
        yield Fact("type", "string", member.span)
        yield Fact("format", "binary", member.span)
        return
    parts = member.elements() if isinstance(member.value, list) else [member]
    words = [part.value for part in parts]
    known: list[Json] = [word for word in dict.fromkeys(map(str, words)) if word in TYPES]
    unknown = [str(word) for word in words if word not in TYPES]
    if words == [None]:  # `type: null` in YAML is not the word
        known, unknown = ["null"], []
    for word in unknown:
        note(member.span, f"{word!r} is no type")
    if known and not unknown:
        yield Fact("type", known if len(known) > 1 else known[0], member.span)


def _options(part: Part, note: Noter) -> Iterator[Fact]:
    enum = part.get("enum")
    if enum is not None:
        options = _distinct(element.plain() for element in enum.elements())
        if options:
            yield Fact("enum", options, enum.span)
        else:
            note(enum.span, "enum lists nothing")
    const = part.get("const")
    if const is not None:
        yield Fact("const", const.plain(), const.span)


def _distinct(values: Iterator[Json]) -> list[Json]:
    distinct: list[Json] = []
    for value in values:
        if not any(same(value, other) for other in distinct):
            distinct.append(value)
    return distinct


def same(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal; True is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    return one == other


def _counts(part: Part, note: Noter) -> Iterator[Fact]:
    for keyword in _COUNTS:
        member = part.get(keyword)
        if member is None:
            continue
        number = member.value
        whole = is_number(number) and number >= 0 and number == int(number)
        if whole:
            yield Fact(keyword, int(number), member.span)
        else:
            note(member.span, f"{keyword} is no count: {_shown(member)}")


def _numbers(part: Part, note: Noter) -> Iterator[Fact]:
    """Yield bounds; in OpenAPI 3.0 `exclusiveMinimum: true` excludes `minimum` itself."""
    for keyword in _NUMBERS:
        member = part.get(keyword)
        if member is None:
            continue
        exclusive = f"exclusive{keyword[0].upper()}{keyword[1:]}"
        if not is_number(member.value) or (keyword == "multipleOf" and member.value <= 0):
            note(member.span, f"{keyword} is no number that could be one: {_shown(member)}")
        elif part.is_true(exclusive):
            yield Fact(exclusive, _plain_number(member.value), member.span)
        else:
            yield Fact(keyword, _plain_number(member.value), member.span)
    for keyword in ("exclusiveMinimum", "exclusiveMaximum"):
        member = part.get(keyword)
        if member is None or member.value is False:
            continue
        if is_number(member.value):
            yield Fact(keyword, _plain_number(member.value), member.span)
        elif (
            member.value is not True or part.get(keyword.removeprefix("exclusive").lower()) is None
        ):
            note(member.span, f"{keyword} has no number: {_shown(member)}")


def _plain_number(number: float) -> float:
    """Return a whole number without a fraction: generators of documents write 1 as 1.0."""
    return int(number) if number == number // 1 and abs(number) < EXACT else number


def _texts(part: Part, note: Noter) -> Iterator[Fact]:
    form = part.get("format")
    if form is not None and isinstance(form.value, str) and form.value in FORMATS:
        yield Fact("format", form.value, form.span)
    elif form is not None and part.text("type") not in ("number", "integer", "boolean"):
        note(form.span, f"the format {_shown(form)} is not checked")
    pattern = part.get("pattern")
    if pattern is None:
        return
    text = pattern.value if isinstance(pattern.value, str) else None
    slashed = _SLASHED.fullmatch(text) if text else None
    if slashed:
        note(pattern.span, f"the pattern {text} is read without its slashes")
        text = slashed[1]
    text = (
        text.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!")
        if text
        else text
    )
    if text is not None and _compiles(text):
        yield Fact("pattern", text, pattern.span)
    else:
        note(pattern.span, f"the pattern {_shown(pattern)} is not one that can be checked")


def _compiles(pattern: str) -> bool:
    """Whether Python takes a pattern for what it says, without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError, Warning):
            return False
    return True


def _examples(part: Part) -> Iterator[Fact]:
    for keyword in ("examples", "example", "x-example"):
        member = part.get(keyword)
        if member is None:
            continue
        parts = member.elements() if keyword == "examples" else [member]
        shown = [part.plain() for part in parts]
        if shown:
            yield Fact("x-examples", shown, member.span)
            return


def _shown(part: Part) -> str:
    text = repr(part.plain())
    return text if len(text) <= 60 else f"{text[:57]}..."
