"""How well a description, or a constraint, goes with a member: plain sums of small pieces of evidence."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.derive.example.bounds import explained, headed, is_number, parted
from contracts.derive.example.members import Slot
from contracts.derive.example.squashed import (
    Bare,
    Bounds,
    EnumValues,
    Labelled,
    Pair,
    Regex,
    Shown,
    Squashed,
)
from contracts.derive.example.tokens import Token, TokenKind
from contracts.derive.language.constraints import fits
from contracts.derive.language.words import stems, words
from contracts.derive.page.placeholders import NUMBER, is_any, is_placeholder, string_format
from contracts.derive.page.sample import element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.derive.model import Json

NEVER = -8.0
SKIP = -0.5
SKIP_MARK = -6.0
EXTRA = -2.4
_YES_NO = re.compile(
    r"\b(?:whether|wether|indicates?|flag|enabled?|true|false|if the|is |has |allows?)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:date|time|when|timestamp|day|expir\w+|iso 8601|rfc 3339|instant|moment)\b", re.IGNORECASE
)
_MANY = re.compile(
    r"\b(?:list|array|collection|set of|items|each|all|multiple|one or more)\b", re.IGNORECASE
)
_COUNT = re.compile(
    r"\b(?:amount|number|count|total|cost|price|quantity|percent\w*|rate|how (?:much|many)|cents|sum|fee"
    r"|weight|length|width|height|size|balance|value|maximum|minimum)\b",
    re.IGNORECASE,
)
_ID = re.compile(r"\b(?:id|ids|identifier|identifies|uuid|guid|reference)\b", re.IGNORECASE)
_DETAILS = re.compile(r"\b(?:details?|information|object|data|represents?|metadata|settings|configuration|options)\b",
                      re.IGNORECASE)  # fmt: skip
_GOES_ON = re.compile(
    r"(?:[a-z(•*\u2013\u2014-]|\d+[.)] |For example|E\.g\."
    r"|(?:Note|NB|Must|May|Only|If|When|Use|This|These|Should|Can|Defaults?|Required|Optional|See|It|Otherwise"
    r"|Supported)\b)"
)


@dataclass(frozen=True)
class Weights:
    """What is known of all members and all descriptions together."""

    rarity: dict[str, float]
    repeated: frozenset[tuple[str, str]]


def weigh(slots: Sequence[Slot], tokens: Sequence[Token]) -> Weights:
    """Count how rare each stem is among the names, and which sentences come up as often as a name does."""
    count: Counter[str] = Counter()
    for slot in slots:
        count.update(stems(slot.name))
    rarity = {stem: 1.0 if n <= 2 else 0.7 if n <= 5 else 0.45 for stem, n in count.items()}
    names = Counter(slot.name for slot in slots)
    texts = Counter(token.text for token in tokens if token.kind is TokenKind.TEXT)
    repeated = frozenset(
        (name, text) for name, n in names.items() for text, m in texts.items() if n == m and n > 1
    )
    return Weights(rarity, repeated)


def match(slot: Slot, text: str, weights: Weights) -> float:
    """Score a text as the description of a member."""
    name, said = stems(slot.name), stems(text)
    shared = name & said
    score = 0.6 + sum(1.1 * weights.rarity.get(stem, 1.0) for stem in sorted(shared)[:3])
    if name and name <= said:
        score += 0.7
    if not shared:
        score -= 0.3
    head = words(slot.name)[-1:]
    if head and stems(head[0]) & _begin(text):
        score += 0.6
    if len(slot.path) > 1 and stems(slot.path[-2]) & said:
        score += 0.2
    if (slot.name, text) in weights.repeated:
        score += 1.2
    return score + _kind(slot, text)


def _begin(text: str) -> frozenset[str]:
    out: list[str] = []
    for word in words(text):
        out += sorted(stems(word))
        if len(out) > 2:
            break
    return frozenset(out[:3])


def _kind(slot: Slot, text: str) -> float:
    """Score what a text says about the kind of the member it describes."""
    sample = slot.sample
    if sample.kind == "array":
        return 0.5 if _MANY.search(text) else 0.0
    if sample.kind == "boolean":
        return 0.8 if _YES_NO.search(text) else -0.4
    if sample.kind == "object":
        return 0.3 if _DETAILS.search(text) else 0.0
    if sample.kind == "number":
        return 0.5 if _COUNT.search(text) else -0.1
    form = string_format(sample.value)[1] if isinstance(sample.value, str) else None
    if form in {"date", "date-time"}:
        return 0.8 if _WHEN.search(text) else -0.4
    if form == "uuid":
        return 0.7 if _ID.search(text) else -0.3
    if form == "email":
        return 0.6 if "mail" in text.lower() else -0.2
    return (
        -0.3 if re.match(r"(?:whether|indicates whether|true if)\b", text, re.IGNORECASE) else 0.0
    )


def goes_on(previous: str, text: str) -> float:
    """Score a text as a further line of the description before it."""
    score = -0.9
    if _GOES_ON.match(text):
        score += 0.7
    if previous.rstrip().endswith((":", ",", ";")):
        score += 0.7
    if stems(previous) & stems(text):
        score += 0.1
    return score


def attach(slot: Slot, fact: Squashed) -> float:
    """Score a constraint as one of a member."""
    sample = element(slot.sample)
    array = slot.sample.kind == "array"
    if isinstance(fact, EnumValues):
        return _options(fact.values, sample)
    if isinstance(fact, Shown):
        return _shown(slot, fact.value)
    if isinstance(fact, Labelled):
        return _labelled(slot, fact)
    if isinstance(fact, Bounds):
        if not is_number(sample.value):
            return -1.5 if is_any(sample) else NEVER
        known, split = parted(headed(fact, sample.value)[1] if array else fact, sample.value)
        return (
            3.0
            if explained(known, sample.value) or split
            else -2.0
            if sample.value == NUMBER
            else 0.4
        )
    if isinstance(fact, Regex):
        return _regex(fact.text, sample)
    if isinstance(fact, Pair):
        if fact.elements:
            return 3.0 if array else NEVER
        return _length(slot, sample, array=array) + 0.2
    return _bare(slot, fact, sample, array=array)


def _options(values: Sequence[str], sample: object) -> float:
    shown = str(getattr(sample, "value", ""))
    if shown not in values:
        return NEVER
    return 4.0 if values[0] == shown else 2.5


def _shown(slot: Slot, value: Json) -> float:
    if slot.sample.plain() == value and type(slot.sample.plain()) is type(value):
        return 4.0
    if slot.sample.kind in {"object", "array"}:
        same = isinstance(value, dict if slot.sample.kind == "object" else list)
        return 0.5 if same else NEVER
    if not fits(value, (slot.sample.kind,)) and not is_any(slot.sample):
        return NEVER
    form = string_format(slot.sample.value)[1] if isinstance(slot.sample.value, str) else None
    if form == "email" and isinstance(value, str):
        return 2.0 if "@" in value or "email" in value else NEVER / 2
    return -0.8


def _labelled(slot: Slot, fact: Labelled) -> float:
    array = slot.sample.kind == "array"
    if "array length" in fact.label:
        return 2.0 if array else NEVER
    if "string length" in fact.label:
        return 1.5 if element(slot.sample).kind == "string" else NEVER
    if fact.label == "Required range":
        return 1.5 if is_number(element(slot.sample).value) else NEVER
    return 0.5


def _regex(text: str, sample: object) -> float:
    value = getattr(sample, "value", None)
    if not isinstance(value, str):
        return NEVER
    placeholder, form = string_format(value)
    if placeholder:
        return 1.0 if form in {None, "email"} else -1.0
    try:
        return 2.0 if re.search(text, value) else -1.0
    except re.error:
        return 0.5


def _length(slot: Slot, sample: object, *, array: bool) -> float:
    value = getattr(sample, "value", None)
    if array:
        return 0.2 if slot.opens else 0.9
    if not isinstance(value, str):
        return -1.5 if is_any(slot.sample) else NEVER
    placeholder, form = string_format(value)
    if not placeholder:
        return 0.4  # an enumeration has no length, a default may have one
    return 1.0 if form is None else 0.7 if form in {"email", "byte", "password"} else -0.8


def _bare(slot: Slot, fact: Bare, sample: object, *, array: bool) -> float:
    value = getattr(sample, "value", None)
    if fact.elements:
        return 3.0 if array else NEVER
    stated = float(fact.text)
    if isinstance(value, int | float) and not isinstance(value, bool) and not array:
        return 3.0 if value == stated else 2.0 if value == stated + 1 else -3.0
    if not stated.is_integer() or stated < 0:
        return NEVER
    return _length(slot, sample, array=array)


def rank(fact: Squashed) -> int:
    """Give the place of a constraint among those of one member: options, length, range, pattern, example."""
    if isinstance(fact, Labelled):
        names = ("options", "values", "length", "range", "Pattern", "Example")
        return next((place for place, name in enumerate(names) if name in fact.label), 1)
    order = (EnumValues, EnumValues, Pair | Bare, Bounds, Regex, Shown)
    return next(place for place, kind in enumerate(order) if isinstance(fact, kind))


def unexplained(slot: Slot) -> bool:
    """Tell whether a member shows a scalar that the generator did not make up."""
    return slot.sample.kind not in {"object", "array"} and not is_placeholder(slot.sample)
