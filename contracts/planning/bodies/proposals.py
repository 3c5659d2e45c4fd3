"""The values that are proposed for a member, by its type and keywords."""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.model import ABSENT, Schema
from contracts.planning.bodies.everyday import kind_of
from contracts.planning.bodies.templates import FRESH, sample
from contracts.schema import checks
from contracts.schema.jsontext import is_number

LONGEST = 50  # characters, where P gives no maximum
LONG = 1_000  # characters: beyond, not every length is tried
LIMIT = "documented"  # what the names of states end with that lie on a limit of the page
MOST_ITEMS = 100  # of a list that is sent with as many items as the page allows
PINNED = {"enum", "const"}  # keywords that leave no other lengths
# how daring a value is: many servers that are in order refuse a risky one, some refuse an odd one
TAKEN, ODD, DARING, RISKY = 0, 1, 2, 3

DIGITS_ONLY = "digits only"
SIXTY_DIGITS = "of 60 digits"
SPACES_MARKUP_LETTERS = "spaces, markup and unusual letters"
LARGE_FRACTION = "beyond 32 bits and fractional"
# Texts that a careless server breaks at, cuts, re-codes or takes for something else.
ODD_TEXTS: tuple[tuple[str, str, int], ...] = (
    ("empty", "", ODD),
    ("with NUL", "a\x00b", DARING),
    (
        "unusual letters",  # beyond the BMP, right to left, decomposed, of other length in small
        "\U0001f6d2 \U00020bb7 \u202e\u0645\u0631 Zoe\u0308 \u0130STANBUL Stra\u00dfe \u0149",
        ODD,
    ),
    ("of 1,000 characters", "y" * 1_000, DARING),
    ("of 60 characters", "z" * 60, ODD),
    ("of one letter", "X", ODD),
    (DIGITS_ONLY, "0042", ODD),
    ("spaces", " Two  Words ", ODD),
    ("markup", '<b>Tom & "Jerry"</b> &amp; 100%25 {0} C:\\new', ODD),
    (
        SPACES_MARKUP_LETTERS,
        ' <b>Tom  & "Jerry"</b> \u202e\u0645 \u0130 Zoe\u0308 \U0001f6d2 ',
        ODD,
    ),
)
CHECKED = ("empty", "with NUL", "of 1,000 characters")  # of checked texts
UNIQUE_TEXTS = {  # what has to be new each time, in the form of an odd text
    DIGITS_ONLY: "00{digits}",
    "markup": '<b>"{fresh}"</b> &amp; 100%25 {0} C:\\new',
    "spaces": " Two  {fresh} ",
    SIXTY_DIGITS: f"{'0042' * 12}{{digits}}",
    SPACES_MARKUP_LETTERS: ' <b>"{fresh}"</b>  \u202e\u0645 \u0130 Zoe\u0308 \U0001f6d2 ',
}
# as a text is that people write
NON_ASCII = ("Zoë O'NEILL Ångström-李小龍", "Zoë O'NEILL Ångström 李小龍 №5")
CAPITALS = ("Mary Ann McDONALD", "Two  Words")
ODD_NUMBERS: tuple[tuple[str, float, int], ...] = (
    ("beyond a double's precision", 2**53 + 1, DARING),
    ("1e20", 1e20, DARING),
    ("zero", 0, RISKY),
    ("negative", -1, RISKY),
    ("beyond 32 bits", 2**31 + 9, ODD),
    ("fractional", 0.1, DARING),
    ("tiny", 1e-7, DARING),
    ("fractional above one", 99.99, ODD),
    (LARGE_FRACTION, 2**31 + 9.25, ODD),
)
# What several states in one have: each of them meets more states of the other members than alone.
VALUES_OF_ALL_TYPES = "values of all types"
NAMES_AND_TEXTS = "names and texts of many kinds"
PARTS: Mapping[str, tuple[str, ...]] = {
    SIXTY_DIGITS: (DIGITS_ONLY, "of 60 characters"),
    SPACES_MARKUP_LETTERS: ("spaces", "markup", "unusual letters"),
    LARGE_FRACTION: ("beyond 32 bits", "fractional above one"),
    VALUES_OF_ALL_TYPES: ("values of other types", "a value that is null"),
    NAMES_AND_TEXTS: (
        "names that are special",
        "names with signs",
        "names that differ little",
        "texts that are re-coded",
        "texts like other values",
    ),
}

Proposal = tuple[str, Any, int]  # the name of a state, its value, how daring it is


def documented_limits(documented: Schema, value: Any) -> Iterator[Proposal]:
    """Propose what lies on the limits that the page gives, where P stays within them."""
    if isinstance(value, str) and "maxLength" in documented:
        yield f"longest {LIMIT}", longest(value, documented), RISKY
    if isinstance(value, str) and "minLength" in documented:
        yield f"shortest {LIMIT}", shortest(value, documented), RISKY
    if isinstance(value, list) and value:
        for name, keyword in ((f"fewest {LIMIT}", "minItems"), (f"most {LIMIT}", "maxItems")):
            if documented.get(keyword, MOST_ITEMS + 1) <= MOST_ITEMS:
                yield name, value[:1] * documented[keyword], RISKY
    bounds = {f"smallest {LIMIT}": "minimum", f"largest {LIMIT}": "maximum"}
    for name, keyword in bounds.items() if is_number(value) else ():
        if keyword in documented:
            yield name, documented[keyword], RISKY


def string_states(schema: Schema, value: Any) -> Iterator[Proposal]:
    """Yield values for a text member."""
    everyday = schema.get("x-states", {})
    if isinstance(value, str):
        yield "shortest", everyday.get("shortest") or shortest(value, schema), TAKEN
        yield "longest", everyday.get("longest") or longest(value, schema), TAKEN
        yield from ((name, text, TAKEN) for name, text in everyday.items())
        yield from _readable_texts(schema, value)
    for name, text, daring in ODD_TEXTS:
        if "x-unique" in schema and text:
            text = UNIQUE_TEXTS.get(name, f"{text}{{fresh}}")  # noqa: PLW2901
        elif "x-unique" in schema:  # the same each time, so that it is taken once at most
            daring = RISKY  # noqa: PLW2901
        is_number_like = "x-unique" in schema and name == DIGITS_ONLY  # as many orders have it
        if checks.fits(schema, sample(text)) and not is_number_like:
            continue  # nothing new beside the longest
        if kind_of(schema) is None or ("x-kind" in schema and "name" in schema["x-kind"]):
            yield name, text, daring
        elif name in CHECKED:
            yield name, text, DARING if text else ODD


def _readable_texts(schema: Schema, value: str) -> Iterator[Proposal]:
    """Yield texts as people write them: other letters, capitals, spaces."""
    for text in () if "non-ASCII" in schema.get("x-states", {}) else NON_ASCII:
        if checks.fits(schema, text):
            yield "non-ASCII", text, TAKEN
            return
    proposals = {"capitals": (*CAPITALS, value.capitalize()), "non-ASCII": ("zoë",)}
    for name, texts in proposals.items():
        if schema.get("x-states"):
            return
        fitting = [text for text in texts if checks.fits(schema, sample(text))]
        if fitting:
            yield name, fitting[0], TAKEN


def _tokens(text: str) -> list[str]:
    """Split a text into its characters, a marker being one."""
    marker = FRESH.search(text)
    if marker is None:
        return list(text)
    return [*text[: marker.start()], marker[0], *text[marker.end() :]]


def shortest(text: str, schema: Schema) -> str:
    """Return a text without every character that its schema can spare."""
    if PINNED & schema.keys():
        return text
    tokens = _tokens(text)
    for index in reversed(range(len(tokens))):
        fewer = tokens[:index] + tokens[index + 1 :]
        if len(tokens[index]) == 1 and checks.fits(schema, sample("".join(fewer))):
            tokens = fewer
    return "".join(tokens)


def longest(text: str, schema: Schema) -> str:
    """Return a text with one of its characters repeated until it is as long as it may be."""
    if PINNED & schema.keys():
        return text
    tokens = _tokens(text)
    room = max(schema.get("maxLength", LONGEST) - len(sample(text)), 0)
    for index, token in enumerate(tokens):
        if len(token) > 1:  # the marker
            continue
        for more in _fewer_and_fewer(room):
            longer = "".join([*tokens[:index], token * more, *tokens[index:]])
            if checks.fits(schema, sample(longer)):
                return longer
    return text


def _fewer_and_fewer(room: int) -> Iterator[int]:
    """Yield lengths from the largest down: each of the last fifty, then ever fewer.

    Of a very long text only the halves, since each takes long to check.
    """
    near = max(room - (LONGEST if room <= LONG else 1), 0)
    yield from range(room, near, -1)
    while near:
        yield near
        near //= 2


def number_states(schema: Schema, value: Any) -> Iterator[Proposal]:
    """Yield values for a number."""
    step = schema.get("multipleOf", 1)
    least, most = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        least = schema["exclusiveMinimum"] + step
    if "exclusiveMaximum" in schema:
        most = schema["exclusiveMaximum"] - step
    for name, bound in (("smallest", least), ("largest", most)):
        if bound is not None:
            yield name, bound, TAKEN
    # with several examples the contract says which others are worth a request
    if value is not ABSENT and len(schema.get("examples", ())) < 2:
        yield "uneven", value + 7 * step, TAKEN
    yield from ODD_NUMBERS


def nested_value(levels: int) -> Any:
    """Return an object nested so many levels deep."""
    value: Any = "bottom"
    for _ in range(levels):
        value = {"down": value}
    return value
