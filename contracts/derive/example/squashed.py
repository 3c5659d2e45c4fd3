"""Constraints that stand squashed in front of a description: `128The next description`.

What a bare number means depends on the member before it: it is only recognised here.
"""

import json
import math
import re
from dataclasses import dataclass
from typing import TypeAlias

from contracts.derive.language.constraints import NUMBER, number
from contracts.derive.model import Json, is_number
from contracts.derive.page.placeholders import SAMPLE_NUMBER

_PAIR = re.compile(
    r"(?P<low>\d+) ?[-\u2013] ?(?P<high>\d+)"
    r"(?:(?P<elements> elements?| items?)|(?![\d.,:%]|[-\u2013]\d| [a-z]))"
)
_RANGE = re.compile(
    rf"(?:(?P<low>{NUMBER})\s?(?P<lop><=?|≤)\s?)?x\s?(?P<hop><=?|>=?|≤|≥)\s?(?P<high>{NUMBER})"
    rf"|(?P<only>{NUMBER})\s?(?P<oop><=?|≤)\s?x(?![\w ])"
)
_BARE = re.compile(r"-?\d+(?:\.\d+)?(?P<elements> elements?| items?)?")
# Words that begin with a number are no constraint: 3DS, 2FA, 24h, 1st.
_NUMBER_WORD = re.compile(
    r"\d+(?:DS?|FA|G|PL|st|nd|rd|th|x|h|am|pm|px|kb|mb|gb|ms|s|min|d)\b", re.IGNORECASE
)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_OPTION = re.compile(r'[^\s,"]+')


@dataclass(frozen=True, slots=True)
class Bare:
    """A number alone."""

    text: str
    elements: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two numbers with a dash: lengths, of an array when "elements" stands behind them."""

    low: int
    high: int
    elements: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """A range of x, its parts as printed; `last` where nothing stands behind it on its line."""

    low: str | None
    lop: str | None
    hop: str | None
    high: str | None
    last: bool = False


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression."""

    text: str


@dataclass(frozen=True, slots=True)
class EnumValues:
    """The options of an enumeration."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An example value."""

    value: Json


@dataclass(frozen=True, slots=True)
class Labelled:
    """A constraint whose label is printed after all."""

    label: str
    value: str


Squashed: TypeAlias = Bare | Pair | Bounds | Regex | EnumValues | Shown | Labelled


def split(line: str, known: frozenset[str]) -> tuple[tuple[Squashed, ...], str]:
    """Part a line into the constraints that it starts with and the text behind them.

    `known` are the sample values that may be the first option of an enumeration, as printed.
    """
    found: list[Squashed] = []
    rest = line
    while rest:
        step = _first(rest, known, first=not found or isinstance(found[-1], EnumValues | Regex))
        if step is None:
            break
        piece, rest = step
        found.append(piece)
        if isinstance(piece, Bounds) and piece.low is None and _is_number(rest):
            found.append(Shown(json.loads(rest)))
            rest = ""
        rest = rest.lstrip()
    return tuple(found), rest


def _first(text: str, known: frozenset[str], *, first: bool) -> tuple[Squashed, str] | None:
    shown = _options(text, known) or _range(text) or _pair(text) or _pattern(text) or _shown(text)
    return shown or (_bare(text) if first or not text[:1].isdigit() else None)


def _options(text: str, known: frozenset[str]) -> tuple[Squashed, str] | None:
    values: list[str] = []
    position = 0
    while found := _OPTION.match(text, position):
        values.append(found[0])
        position = found.end()
        comma = re.compile(r" ?, ?").match(text, position)
        if not comma:
            break
        position = comma.end()
    rest = text[position:]
    if not values or not known & set(values) or (rest and not rest.startswith(" ")):
        return None
    if len(values) == 1 and (
        _is_number(values[0]) or not (_begins(rest) or rest.strip().startswith("("))
    ):
        # a number alone is a limit, and a word with more words behind it begins a sentence
        return None
    return EnumValues(tuple(values)), rest.lstrip()


def _range(text: str) -> tuple[Squashed, str] | None:
    found = _RANGE.match(text)
    if not found:
        return None
    rest = text[found.end() :]
    if found["only"]:
        return Bounds(found["only"], found["oop"], None, None, last=not rest), rest
    high = found["high"]
    # "x >= 035000" is a bound of 0 and an example of 35000: no number is written with a leading
    # zero.
    zero = re.match(r"(-?0)(\d.*)", high)
    if zero:
        return Bounds(found["low"], found["lop"], found["hop"], zero[1]), zero[2] + rest
    return Bounds(found["low"], found["lop"], found["hop"], high, last=not rest), rest


def _pair(text: str) -> tuple[Squashed, str] | None:
    found = _PAIR.match(text)
    if not found or int(found["low"]) > int(found["high"]):
        return None
    return Pair(int(found["low"]), int(found["high"]), bool(found["elements"])), text[found.end() :]


def _pattern(text: str) -> tuple[Squashed, str] | None:
    """Return a regular expression and the sentence behind it."""
    if not text.startswith("^"):
        return None
    for end in range(1, len(text) + 1):
        if (
            text[end - 1] == "$"
            and text[end - 2] != "\\"
            and _begins(text[end:])
            and _compiles(text[:end])
        ):
            return Regex(text[:end]), text[end:]
    return None


def _begins(text: str) -> bool:
    return not text or bool(re.match(r"\s*(?:[A-Z][a-z']*(?:\s|$|[.,])|[A-Z]{2,}\b|[\"{\[])", text))


def _compiles(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _shown(text: str) -> tuple[Squashed, str] | None:
    found = _STRING.match(text)
    rest = text[found.end() :].strip() if found else ""
    if found and (
        not rest or text[found.end()].isupper()
    ):  # a quoted word of a sentence has a space behind it
        return Shown(json.loads(found[0], strict=False)), rest
    return None


def _bare(text: str) -> tuple[Squashed, str] | None:
    found = _BARE.match(text)
    if not found or _NUMBER_WORD.match(text):
        return None
    rest = text[found.end() :]
    if rest and not re.match(r"[A-Z\"{\[(`“^]|[a-z]{3,}", rest):
        return None
    return Bare(found[0].split(" ")[0], bool(found["elements"])), rest


def explained(bounds: Bounds, value: Json) -> bool:
    """Whether a generator shows this value for these bounds: their middle, or one beside one."""
    if not isinstance(value, int | float):
        return False
    low, high = ends(bounds)
    if low is not None and high is not None:
        middle = (low + high) / 2
        return math.isclose(value, middle, rel_tol=1e-9) or value == math.floor(middle)
    if low is not None:
        return value == low + 1 or (is_above(bounds) and value == low)
    return high is not None and value in {high - 1, high, SAMPLE_NUMBER}


def is_above(bounds: Bounds) -> bool:
    """Whether the lower end of a range is itself not allowed."""
    return bounds.lop == "<" or bounds.hop == ">"


def ends(bounds: Bounds) -> tuple[float | None, float | None]:
    """Return the lower and the upper end of a range."""
    low = number(bounds.low) if bounds.low is not None else None
    high = number(bounds.high) if bounds.high is not None else None
    if bounds.hop in {">", ">=", "≥"}:
        return high, None
    return low, high


def whole(bounds: Bounds, value: Json) -> bool:
    """Whether a value shows that a number is an integer: the middle was rounded down to it."""
    low, high = ends(bounds)
    if low is None or high is None or not isinstance(value, int | float):
        return False
    middle = (low + high) / 2
    return not middle.is_integer() and value == math.floor(middle)


def parted(bounds: Bounds, value: Json) -> tuple[Bounds, bool]:
    """Part a bound from the example behind it: `x >= 135000` with 35000 shown is 1 and 35000."""
    text = bounds.high or ""
    shown = str(value)
    if not (bounds.last and is_number(value)) or explained(bounds, value):
        return bounds, False
    head = text.removesuffix(shown)
    if len(shown) == 1 or head in {text, "", "-"} or not _is_number(head):
        return bounds, False
    return Bounds(bounds.low, bounds.lop, bounds.hop, head), True


def headed(bounds: Bounds, value: Json) -> tuple[str | None, Bounds]:
    """Part an array length from the bound behind it: `31 <= x` with 30 shown is 3 and 1."""
    text = bounds.low or ""
    if explained(bounds, value):
        return None, bounds
    for cut in range(1, len(text)):
        rest = Bounds(text[cut:], bounds.lop, bounds.hop, bounds.high, bounds.last)
        if text[:cut].isdigit() and _is_number(text[cut:]) and explained(rest, value):
            return text[:cut], rest
    return None, bounds


def _is_number(text: str) -> bool:
    return re.fullmatch(NUMBER, text) is not None
