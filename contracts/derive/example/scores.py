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
from contracts.derive.example.weights import WEIGHTS as W
from contracts.derive.language.constraints import fits
from contracts.derive.language.words import stems, words
from contracts.derive.page.placeholders import NUMBER, is_any, is_placeholder, string_format
from contracts.derive.page.sample import element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.derive.model import Json

NEVER = -8.0
_TEXT_FORMATS = frozenset({"email", "byte", "password"})
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
class Statistics:
    """What is known of all members and all descriptions together."""

    rarity: dict[str, float]
    repeated: frozenset[tuple[str, str]]


def count(slots: Sequence[Slot], tokens: Sequence[Token]) -> Statistics:
    """Count how rare each stem is among the names, and which sentences come up as often as a name does."""
    uses: Counter[str] = Counter()
    for slot in slots:
        uses.update(stems(slot.name))
    rarity = {stem: _rarity(n) for stem, n in uses.items()}
    names = Counter(slot.name for slot in slots)
    texts = Counter(token.text for token in tokens if token.kind is TokenKind.TEXT)
    repeated = frozenset(
        (name, text) for name, n in names.items() for text, m in texts.items() if n == m and n > 1
    )
    return Statistics(rarity, repeated)


def _rarity(uses: int) -> float:
    """Return how much a word tells that so many names use."""
    return 1.0 if uses <= 2 else W.uncommon_word if uses <= 5 else W.common_word


def match(slot: Slot, text: str, statistics: Statistics) -> float:
    """Score a text as the description of a member."""
    name, said = stems(slot.name), stems(text)
    shared = name & said
    score = W.description + sum(
        W.shared_word * statistics.rarity.get(stem, 1.0) for stem in sorted(shared)[:3]
    )
    if name and name <= said:
        score += W.whole_name
    if not shared:
        score += W.no_shared_word
    head = words(slot.name)[-1:]
    if head and stems(head[0]) & _begin(text):
        score += W.name_first
    if len(slot.path) > 1 and stems(slot.path[-2]) & said:
        score += W.parent_named
    if (slot.name, text) in statistics.repeated:
        score += W.as_often_as_the_name
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
        return W.list_words if _MANY.search(text) else 0.0
    if sample.kind == "boolean":
        return W.yes_no_words if _YES_NO.search(text) else W.no_yes_no_words
    if sample.kind == "object":
        return W.object_words if _DETAILS.search(text) else 0.0
    if sample.kind == "number":
        return W.number_words if _COUNT.search(text) else W.no_number_words
    form = string_format(sample.value)[1] if isinstance(sample.value, str) else None
    if form in {"date", "date-time"}:
        return W.time_words if _WHEN.search(text) else W.no_time_words
    if form == "uuid":
        return W.id_words if _ID.search(text) else W.no_id_words
    if form == "email":
        return W.mail_words if "mail" in text.lower() else W.no_mail_words
    begins = re.match(r"(?:whether|indicates whether|true if)\b", text, re.IGNORECASE)
    return W.yes_no_words_on_text if begins else 0.0


def goes_on(previous: str, text: str) -> float:
    """Score a text as a further line of the description before it."""
    score = W.further_line
    if _GOES_ON.match(text):
        score += W.goes_on_by_its_begin
    if previous.rstrip().endswith((":", ",", ";")):
        score += W.unfinished_before
    if stems(previous) & stems(text):
        score += W.word_of_the_line_before
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
            return W.bounds_on_any if is_any(sample) else NEVER
        known, split = parted(headed(fact, sample.value)[1] if array else fact, sample.value)
        if explained(known, sample.value) or split:
            return W.bounds_that_explain
        return W.bounds_on_made_up if sample.value == NUMBER else W.bounds
    if isinstance(fact, Regex):
        return _regex(fact.text, sample)
    if isinstance(fact, Pair):
        if fact.elements:
            return W.elements if array else NEVER
        return _length(slot, sample, array=array) + W.pair
    return _bare(slot, fact, sample, array=array)


def _options(values: Sequence[str], sample: object) -> float:
    shown = str(getattr(sample, "value", ""))
    if shown not in values:
        return NEVER
    return W.first_option if values[0] == shown else W.other_option


def _shown(slot: Slot, value: Json) -> float:
    if slot.sample.plain() == value and type(slot.sample.plain()) is type(value):
        return W.same_example
    if slot.sample.kind in {"object", "array"}:
        same = isinstance(value, dict if slot.sample.kind == "object" else list)
        return W.structured_example if same else NEVER
    if not fits(value, (slot.sample.kind,)) and not is_any(slot.sample):
        return NEVER
    form = string_format(slot.sample.value)[1] if isinstance(slot.sample.value, str) else None
    if form == "email" and isinstance(value, str):
        return W.mail_example if "@" in value or "email" in value else NEVER / 2
    return W.other_example


def _labelled(slot: Slot, fact: Labelled) -> float:
    array = slot.sample.kind == "array"
    if "array length" in fact.label:
        return W.labelled_array_length if array else NEVER
    if "string length" in fact.label:
        return W.labelled_length if element(slot.sample).kind == "string" else NEVER
    if fact.label == "Required range":
        return W.labelled_range if is_number(element(slot.sample).value) else NEVER
    return W.other_label


def _regex(text: str, sample: object) -> float:
    value = getattr(sample, "value", None)
    if not isinstance(value, str):
        return NEVER
    placeholder, form = string_format(value)
    if placeholder:
        return W.pattern if form in {None, "email"} else W.pattern_on_format
    try:
        return W.pattern_that_fits if re.search(text, value) else W.pattern_that_breaks
    except re.error:
        return W.strange_pattern


def _length(slot: Slot, sample: object, *, array: bool) -> float:
    value = getattr(sample, "value", None)
    if array:
        return W.length_of_objects if slot.opens else W.length_of_scalars
    if not isinstance(value, str):
        return W.length_on_any if is_any(slot.sample) else NEVER
    placeholder, form = string_format(value)
    if not placeholder:
        return W.length_on_written  # an enumeration has no length, a default may have one
    if form is None:
        return W.length
    return W.length_on_text_format if form in _TEXT_FORMATS else W.length_on_format


def _bare(slot: Slot, fact: Bare, sample: object, *, array: bool) -> float:
    value = getattr(sample, "value", None)
    if fact.elements:
        return W.elements if array else NEVER
    stated = float(fact.text)
    if isinstance(value, int | float) and not isinstance(value, bool) and not array:
        if value == stated:
            return W.number_shown
        return W.number_below if value == stated + 1 else W.other_number
    if not stated.is_integer() or stated < 0:
        return NEVER
    return _length(slot, sample, array=array)


def rank(fact: Squashed) -> int:
    """Return the place of a constraint among those of one member: options, length, range, pattern, example."""
    if isinstance(fact, Labelled):
        names = ("options", "values", "length", "range", "Pattern", "Example")
        return next((place for place, name in enumerate(names) if name in fact.label), 1)
    order = (EnumValues, EnumValues, Pair | Bare, Bounds, Regex, Shown)
    return next(place for place, kind in enumerate(order) if isinstance(fact, kind))


def unexplained(slot: Slot) -> bool:
    """Whether a member shows a scalar that the generator did not make up."""
    return slot.sample.kind not in {"object", "array"} and not is_placeholder(slot.sample)
