"""The keywords of one schema that speak of one value; what contradicts itself is no fact."""

import json
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jsonschema.exceptions import ValidationError

from contracts.derive.language.constraints import SPEAKS_OF, fits, without_crossed
from contracts.derive.language.phrases import UNIQUE
from contracts.derive.marked import Part
from contracts.derive.model import Fact, Json, Node, Noter, is_number, schema
from contracts.derive.page.placeholders import NOT_SHOWN, errors_of, without_contradictions

TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
#: Formats that contracts check, and those that forbid no value.
FORMATS = frozenset([
    "date-time", "email", "uri", "url", "uuid", "date", "time", "duration", "ipv4", "ipv6",
    "hostname", "byte", "int32", "int64", "float", "double", "decimal", "binary", "password",
])  # fmt: skip
EXACT = 2**53  # from here on doubles leave out whole numbers
#: Keywords that forbid values and that contracts do not check.
NOT_CHECKED = (
    "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies",
    "contains", "minContains", "maxContains", "prefixItems", "patternProperties",
    "unevaluatedItems", "$dynamicRef", "$recursiveRef", "additionalItems",
)  # fmt: skip
#: A pattern as it is written in JavaScript, between slashes.
_SLASHED = re.compile(r"/(\^.*|.*\$)/")


_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_FLAGS = ("deprecated", "readOnly", "writeOnly", "uniqueItems")
#: Formats of numbers forbid nothing, and stand beside numbers.
_NUMBER_FORMATS = frozenset({"int32", "int64", "float", "double", "decimal"})


def value_facts(part: Part, note: Noter) -> Node:
    """Return the node of a schema's own keywords; those not understood are noted."""
    node = Node(facts=tuple(_facts(part, note)))
    for keyword in NOT_CHECKED:
        member = part.get(keyword)
        if member and member.value not in ({}, True):
            note(member.span, f"{keyword} is not checked")
    return node


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return is_number(value) and value >= 0 and value == int(value)


#: keyword -> what its value has to be, and what is said of one that is something else
_VALUES: dict[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(_COUNTS, (_is_count, "is no count")),
    **dict.fromkeys(_BOUNDS, (is_number, "is no number")),
    "multipleOf": (lambda value: is_number(value) and value > 0, "is no number that could be one"),
    **dict.fromkeys(_FLAGS, (_is_flag, "is neither true nor false")),
}


def _facts(part: Part, note: Noter) -> Iterator[Fact]:
    yield from _type(part, note)
    yield from _options(part, note)
    for keyword, (is_possible, problem) in _VALUES.items():
        member = part.get(keyword)
        if not member or (_is_flag(member.value) and keyword in _BOUNDS):
            continue
        if not is_possible(member.value):
            note(member.span, f"{keyword} {problem}: {_shown(member)}")
        elif member.value is not False:
            yield Fact(_spelled(keyword, part), _plain_number(member.value), member.span)
    yield from _texts(part, note)
    for keyword in ("default", "const"):
        member = part.get(keyword)
        if member:
            yield Fact(keyword, member.plain(), member.span)
    yield from _examples(part)


def _spelled(keyword: str, part: Part) -> str:
    """Return a keyword as JSON Schema has it: OpenAPI 3.0 writes `exclusiveMinimum: true`."""
    exclusive = f"exclusive{keyword[0].upper()}{keyword[1:]}"
    return exclusive if part.is_true(exclusive) else keyword


def _plain_number(value: Any) -> Any:
    """Return a whole number without a fraction: generators of documents write 1 as 1.0."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < EXACT
    return int(value) if whole else value


def _type(part: Part, note: Noter) -> Iterator[Fact]:
    member = part.get("type")
    if not member:
        return
    if member.value == "file":
        yield Fact("type", "string", member.span)
        yield Fact("format", "binary", member.span)
        return
    parts = member.elements() if isinstance(member.value, list) else [member]
    # `type: null` in YAML is not the word
    words = ["null" if part.value is None else str(part.value) for part in parts]
    unknown = [word for word in words if word not in TYPES]
    for word in unknown:
        note(member.span, f"{word!r} is no type")
    known: list[Json] = [*dict.fromkeys(words)]
    if known and not unknown:
        yield Fact("type", known if len(known) > 1 else known[0], member.span)


def _options(part: Part, note: Noter) -> Iterator[Fact]:
    enum = part.get("enum")
    options = distinct(element.plain() for element in enum.elements())
    if options:
        yield Fact("enum", options, enum.span)
    elif enum:
        note(enum.span, "enum lists nothing")


def distinct(values: Iterable[Json]) -> list[Json]:
    """Return values, each once; True is not 1."""
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())


def same(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal; True is not 1."""
    return len(distinct([one, other])) == 1


def _texts(part: Part, note: Noter) -> Iterator[Fact]:
    sentence = part.get("description")
    if isinstance(sentence.value, str):
        yield Fact("description", sentence.value, sentence.span)
        if UNIQUE.search(sentence.value) and part.get("type").value == "string":
            yield Fact("x-distinct", value=True, span=sentence.span)
    form = part.get("format")
    if isinstance(form.value, str) and form.value in FORMATS:
        yield Fact("format", form.value, form.span)
    elif form and part.text("type") not in ("number", "integer", "boolean"):
        note(form.span, f"the format {_shown(form)} is not checked")
    pattern = part.get("pattern")
    if not pattern:
        return
    text = part.text("pattern") or ""
    if slashed := _SLASHED.fullmatch(text):
        note(pattern.span, f"the pattern {text} is read without its slashes")
        text = slashed[1]
    text = re.sub(r"\(\?<(?![=!])", "(?P<", text)  # how Python spells the name of a group
    if text and _compiles(text):
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
        parts = member.elements() if keyword == "examples" else [member] if member else []
        if shown := [part.plain() for part in parts]:
            yield Fact("x-examples", shown, member.span)
            return


def _shown(part: Part) -> str:
    text = repr(part.plain())
    return text if len(text) <= 60 else f"{text[:57]}..."


def consistent(node: Node, note: Noter) -> Node:
    """Return a node without the facts that its other facts rule out; each of them is noted."""
    node = _speaking(node, note)
    node = without_crossed(node, note)
    node = _possible_options(node, note)
    default = node.get("default")
    error = next(errors_of(schema(node), default.value), None) if default else None
    if default and error:
        note(default.span, f"the default {default.value!r} is not allowed: {error.message}")
        node = node.without("default")
    return checked_by_examples(node, note)


def _speaking(node: Node, note: Noter) -> Node:
    """Drop keywords about another type than the node has."""
    types = set(node.types())
    for fact in node.facts:
        about = {"string"} if fact.keyword == "format" else SPEAKS_OF.get(fact.keyword)
        harmless = fact.keyword == "format" and fact.value in _NUMBER_FORMATS
        if types and about and not about & types and not harmless:
            note(fact.span, f"{fact.keyword} says nothing of {' or '.join(sorted(types))}")
            node = node.without(fact.keyword)
    return node


def _possible_options(node: Node, note: Noter) -> Node:
    """Keep the options that have the node's type."""
    enum = node.get("enum")
    if enum is None or not isinstance(enum.value, list):
        return node
    kept = [option for option in enum.value if fits(option, node.types())]
    if len(kept) == len(enum.value):
        return node
    others = ", ".join(repr(option) for option in enum.value if option not in kept)
    note(enum.span, f"the options {others} are not of the type {' or '.join(node.types())}")
    return _with_values(node, enum, kept)


def _with_values(node: Node, fact: Fact, values: list[Json]) -> Node:
    """Return a node with other values in a fact that lists some; without it where none is left."""
    if not values:
        return node.without(fact.keyword)
    return node.with_fact(fact.keyword, values, fact.span)


def checked_by_examples(node: Node, note: Noter) -> Node:
    """Drop patterns and formats that an example breaks, and examples that break more."""
    examples = node.get("x-examples")
    if examples is None or not isinstance(examples.value, list):
        return node
    stated = schema(node)
    kept = [
        value for value in examples.value if all(map(_blames_the_schema, errors_of(stated, value)))
    ]
    if len(kept) < len(examples.value):
        note(examples.span, "an example that the schema does not allow is not taken")
        node = _with_values(node, examples, kept)
    return without_contradictions(node, (), note, ignored=NOT_SHOWN - {"format"})


def _blames_the_schema(error: ValidationError) -> bool:
    """Whether an example is right and its pattern is not; "string" stands for any text."""
    return error.validator in {"pattern", "format"} and error.instance != "string"
