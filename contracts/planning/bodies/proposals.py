"""The values that are proposed for a member, by its type and keywords."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.model import ABSENT, Schema
from contracts.planning.bodies.templates import FRESH, sample
from contracts.schema import checks
from contracts.schema.jsontext import type_of

LONGEST = 50  # characters, where P gives no maximum


# Text that fits no plausible schema of a server's own making; most suspicious first.
SUSPICIOUS_TEXTS: tuple[tuple[str, str], ...] = (
    ("with NUL", "a\x00b"),
    (
        "beyond the BMP, right to left",
        "\U0001f6d2 \U00020bb7 \u202e\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    ),
    ("of 10,000 characters", "x" * 10_000),
    ("empty", ""),
    ("of 1,000 characters", "y" * 1_000),
    ("of 60 characters", "z" * 60),
)
UNUSUAL = (
    "Zoë O'NEILL Ångström-李小龍",
    "Zoë O'NEILL Ångström 李小龍 №5",
)  # as a text is that people write
NON_ASCII = ("zoë",)


CAPITALS = ("Mary Ann McDONALD", "Two  Words")
SUSPICIOUS_NUMBERS: tuple[tuple[str, float], ...] = (
    ("beyond a double's precision", 2**53 + 1),
    ("1e20", 1e20),
    ("zero", 0),
    ("negative", -1),
    ("fractional", 0.1),
    ("fractional above one", 99.99),
)


Proposal = tuple[str, Any, int]


def documented_limits(documented: Schema, value: Any) -> Iterator[Proposal]:
    """Propose what lies on the limits that the page gives, where P stays within them."""
    if isinstance(value, str) and "maxLength" in documented:
        yield "longest documented", _longest(value, documented), 3
    if isinstance(value, str) and "minLength" in documented:
        yield "shortest documented", _shortest(value, documented), 3
    if type_of(value) == "number":
        for name, keyword in (
            ("smallest documented", "minimum"),
            ("largest documented", "maximum"),
        ):
            if keyword in documented:
                yield name, documented[keyword], 3


def string_states(schema: Schema, value: Any) -> Iterator[Proposal]:
    """Yield values for a text member, each with the region that it may lie in."""
    if isinstance(value, str):
        yield "shortest", _shortest(value, schema), 0
        yield "longest", _longest(value, schema), 0
        unusual = [text for text in UNUSUAL if checks.fits(schema, text)]
        apart = [("capitals", (*CAPITALS, value.capitalize())), ("non-ASCII", NON_ASCII)]
        for name, texts in [("non-ASCII", unusual)] if unusual else apart:
            for text in texts:
                if checks.fits(schema, sample(text)):
                    yield name, text, 0
                    break
    for rank, (name, text) in enumerate(SUSPICIOUS_TEXTS):
        if not checks.fits(schema, text):  # one that fits is nothing new beside the longest
            yield name, text, 8 - rank


def _tokens(text: str) -> list[str]:
    marker = FRESH.search(text)
    if marker is None:
        return list(text)
    return [*text[: marker.start()], marker[0], *text[marker.end() :]]


def _shortest(text: str, schema: Schema) -> str:
    tokens = _tokens(text)
    for index in reversed(range(len(tokens))):
        fewer = tokens[:index] + tokens[index + 1 :]
        if len(tokens[index]) == 1 and checks.fits(schema, sample("".join(fewer))):
            tokens = fewer
    return "".join(tokens)


def _longest(text: str, schema: Schema) -> str:
    """Repeat one character of the text until it is as long as it may be."""
    tokens = _tokens(text)
    room = schema.get("maxLength", LONGEST) - len(sample(text))
    for index, token in enumerate(tokens):
        if len(token) > 1:  # the marker
            continue
        for more in range(max(room, 0), 0, -1):
            longer = "".join([*tokens[:index], token * more, *tokens[index:]])
            if checks.fits(schema, sample(longer)):
                return longer
    return text


def number_states(schema: Schema, value: Any) -> Iterator[Proposal]:
    """Yield values for a number, each with the region that it may lie in."""
    step = schema.get("multipleOf", 1)
    least, most = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        least = schema["exclusiveMinimum"] + step
    if "exclusiveMaximum" in schema:
        most = schema["exclusiveMaximum"] - step
    for name, bound in (("smallest", least), ("largest", most)):
        if bound is not None:
            yield name, bound, 0
    if (
        value is not ABSENT and len(schema.get("examples", ())) < 2
    ):  # else the contract says which others tell
        yield "uneven", value + 7 * step, 0
    for rank, (name, number) in enumerate(SUSPICIOUS_NUMBERS):
        yield name, number, 8 - rank


def no_states(_: Schema, __: Any) -> Iterator[Proposal]:
    """Yield nothing: a member of this type has no values beside its typical one."""
    yield from ()


def boolean_states(_: Schema, __: Any) -> Iterator[Proposal]:
    """Yield both booleans."""
    yield "true", True, 0
    yield "false", False, 0


def nested_value(levels: int) -> Any:
    """Return an object nested so many levels deep."""
    value: Any = "bottom"
    for _ in range(levels):
        value = {"down": value}
    return value
