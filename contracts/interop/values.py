"""Hypothesis strategies of JSON values that fit a schema: built to fit, and seldom filtered."""

import string
from collections.abc import Callable, Mapping
from typing import Any, Final

from hypothesis import strategies as st

from contracts.model import Region, Schema
from contracts.planning.bodies.states import states
from contracts.schema import checks
from contracts.schema.keywords import types

Strategy = st.SearchStrategy[Any]

# Letters that servers stumble over. Without an alphabet Hypothesis lays out all of Unicode, which
# takes a second and 200 MB the first time on a machine.
LETTERS: Final = string.ascii_letters + string.digits + "äöüßéèñçøåŁžışğΩдЖ中日本العन😀"
PUNCTUATION: Final = " .,;:!?-_'\"`/\\&%$#@*+=<>()[]{}|~^\t\n"
ALPHABET: Final = LETTERS + PUNCTUATION
LONGEST: Final = 200  # characters of a text, where the schema does not ask for more
MOST: Final = 3  # items of an array and further members of an object, likewise
LARGEST: Final = 1_000_000_000.0
HUNDREDTHS: Final = st.integers(0, 99)
DEEPEST: Final = 3  # levels of a value that may be anything

WORDS: Final = st.text(string.ascii_lowercase, min_size=1, max_size=12)
JOINTS: Final = st.sampled_from([".", "+", "_", "-"])
ADDRESSES: Final = st.tuples(WORDS, JOINTS, WORDS, WORDS).map(
    lambda parts: "{}{}{}@{}.example.com".format(*parts)
)
LINKS: Final = st.tuples(WORDS, WORDS).map(lambda parts: "https://{}.example.com/{}".format(*parts))

FORMATS: Final[Mapping[str, Strategy]] = {
    "uuid": st.uuids(version=4).map(str),
    "date": st.dates().map(str),
    "date-time": st.datetimes().map(lambda instant: f"{instant.isoformat()}Z"),
    "time": st.times().map(lambda time: f"{time.isoformat()}Z"),
    "email": ADDRESSES,
    "uri": LINKS,
    "url": LINKS,
    "hostname": WORDS.map(lambda host: f"{host}.example"),
    "ipv4": st.ip_addresses(v=4).map(str),
    "ipv6": st.ip_addresses(v=6).map(str),
    "duration": st.integers(1, 99).map(lambda days: f"P{days}D"),
    "byte": st.sampled_from(["", "YQ==", "YWI=", "YWJj", "AAECAwQ="]),
}


def fitting(schema: Schema) -> Strategy:
    """Return the strategy of values that fit a schema; re.error for a foreign pattern."""
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        fitting_options = [option for option in schema["enum"] if checks.fits(schema, option)]
        return st.sampled_from(fitting_options)
    names = types(schema) or ("string", "number", "boolean", "null", "array", "object")
    values = st.one_of(*(TYPES[name](schema) for name in names))
    if "anyOf" in schema or "uniqueItems" in schema:
        return values.filter(lambda value: checks.fits(schema, value))
    return values


def of_type(name: str) -> Strategy:
    """Return the strategy of all values of a JSON type, such as ``number``."""
    return TYPES[name]({})


def _strings(schema: Schema) -> Strategy:
    """Return texts of a schema's pattern, format or length."""
    least = schema.get("minLength", 0)
    most = max(least, min(schema.get("maxLength", LONGEST), least + LONGEST))
    if "pattern" in schema:
        return _matching(schema)
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]].filter(lambda text: least <= len(text) <= most)
    if least > LONGEST:
        return st.text(ALPHABET, min_size=1, max_size=20).map(lambda text: padded(text, least))
    return st.text(ALPHABET, min_size=least, max_size=most)


def padded(text: str, length: int) -> str:
    """Return a text repeated up to a length: long texts need not be drawn letter by letter."""
    return (text * length)[:length]


def _matching(schema: Schema) -> Strategy:
    """Return texts that match a pattern: the values that a plan tries, with letters changed.

    Drawing from the expression itself takes a hundred times as long, so that it is only done
    where a plan has no value either.
    """
    tried = states({"type": "string"}, schema, required=True)
    valid = [state.value for state in tried if state.region is Region.VALID]
    seeds = [text for text in valid if isinstance(text, str) and checks.fits(schema, text)]
    if not seeds:
        texts: Strategy = st.from_regex(schema["pattern"], alphabet=st.sampled_from(ALPHABET))
        return texts.filter(lambda text: checks.fits(schema, text))

    def edited(choice: tuple[str, list[tuple[int, str]]]) -> str:
        text, edits = choice
        changed = text
        for place, letter in edits:
            at = place % len(changed)
            changed = changed[:at] + letter + changed[at + 1 :]
        return changed if checks.fits(schema, changed) else text

    edits = st.lists(st.tuples(st.integers(0, LONGEST), st.sampled_from(ALPHABET)), max_size=3)
    texts = st.sampled_from([text for text in seeds if text] or [" "])
    return st.tuples(texts, edits).map(edited)


def _numbers(schema: Schema) -> Strategy:
    """Return whole numbers and, where the step allows them, fractions with two digits."""
    low = schema.get("minimum", schema.get("exclusiveMinimum", -LARGEST))
    high = schema.get("maximum", schema.get("exclusiveMaximum", max(LARGEST, low)))
    if schema.keys().isdisjoint({"minimum", "exclusiveMinimum"}):
        low = min(low, high)
    step = schema.get("multipleOf", 0.01)
    multiples = st.integers(int(low // step), int(high // step)).map(
        lambda count: _whole(round(count * step, 6))
    )
    whole = st.integers(int(low // 1), int(high // 1))
    usual = multiples if "multipleOf" in schema else whole | multiples
    # Hypothesis draws mostly small ones of a wide range
    evenly = st.tuples(HUNDREDTHS, HUNDREDTHS, HUNDREDTHS).map(
        lambda parts: _whole(round(low + _part(parts) * (high - low) // step * step, 6))
    )
    values = usual | evenly
    return values.filter(lambda number: checks.fits({**schema, "type": "number"}, number))


def _part(hundredths: tuple[int, int, int]) -> float:
    """Return a part of one: (12, 34, 56) is 0.123456."""
    first, second, third = hundredths
    return (first * 10_000 + second * 100 + third) / 1_000_000


def _integers(schema: Schema) -> Strategy:
    step = schema.get("multipleOf", 1)
    return _numbers({**schema, "multipleOf": step if float(step).is_integer() else 1}).filter(
        lambda number: checks.fits({**schema, "type": "integer"}, number)
    )


def _whole(number: float) -> float:
    """Write 12.0 as 12: the same to JSON, but not to every server's type system."""
    return int(number) if float(number).is_integer() else number


def _arrays(schema: Schema) -> Strategy:
    least = schema.get("minItems", 0)
    most = max(least, min(schema.get("maxItems", MOST), least + MOST))
    items = fitting(schema["items"]) if "items" in schema else anything()
    # many a server takes an item once only, whatever its page says of it
    if schema.get("uniqueItems") or least <= 1:
        return st.lists(items, min_size=least, max_size=most, unique_by=repr)
    return st.lists(items, min_size=least, max_size=most)


def _objects(schema: Schema) -> Strategy:
    """Return objects with all required members, some others, and some of any name."""
    named = {name: fitting(child) for name, child in schema.get("properties", {}).items()}
    required = {name: named.pop(name, anything()) for name in schema.get("required", ())}
    fixed = st.fixed_dictionaries(required, optional=named)
    others = schema.get("additionalProperties", "properties" not in schema)
    if others is False:
        return fixed
    members = anything() if others is True else fitting(others)
    names = fitting({"type": "string", "maxLength": 40, **schema.get("propertyNames", {})})
    least = max(0, schema.get("minProperties", 0) - len(required))
    most = min(MOST, schema.get("maxProperties", MOST) - len(required))
    further = st.dictionaries(names, members, min_size=least, max_size=max(least, most))
    return (
        st.tuples(further, fixed)
        .map(lambda parts: {**parts[0], **parts[1]})
        .filter(lambda value: checks.fits({**schema, "type": "object"}, value))
    )


def anything() -> Strategy:
    """Return the strategy of JSON values of any type, a few levels deep at most."""
    plain = st.one_of(_strings({}), _numbers({}), st.booleans(), st.none())
    return st.recursive(
        plain,
        lambda inner: st.one_of(
            st.lists(inner, max_size=MOST),
            st.dictionaries(st.text(LETTERS, max_size=10), inner, max_size=MOST),
        ),
        max_leaves=DEEPEST,
    )


TYPES: Final[Mapping[str, Callable[[Schema], Strategy]]] = {
    "string": _strings,
    "number": _numbers,
    "integer": _integers,
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
    "array": _arrays,
    "object": _objects,
}
