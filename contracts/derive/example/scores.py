"""How well a description, or a constraint, goes with a member: sums of small evidence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.derive.example.pieces import Slot
from contracts.derive.example.squashed import (
    Bare,
    Bounds,
    EnumValues,
    Labelled,
    Pair,
    Regex,
    Shown,
    Squashed,
    explained,
    headed,
    parted,
)
from contracts.derive.language.constraints import fits
from contracts.derive.language.phrases import stems
from contracts.derive.model import Json, is_number
from contracts.derive.page.placeholders import is_any, string_format
from contracts.derive.page.sample import Sample, element

NEVER = -8.0
_YES_NO = re.compile(
    r"\b(?:whether|wether|indicates?|flag|enabled?|true|false|if the|is |has |allows?)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:[a-z(•*\u2013\u2014-]|\d+[.)] |For example|E\.g\."
    r"|(?:Note|NB|Must|May|Only|If|When|Use|This|These|Should|Can|Defaults?|Required|Optional|See|It|Otherwise"
    r"|Supported)\b)"
)


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for and against a reading; those of the whole page add up, and the best way wins."""

    #: A text, as the description of the next member.
    description: float = 0.6
    #: For each word of the name in the text.
    shared_word: float = 1.1
    #: "whether", "enabled" for a boolean.
    yes_no_words: float = 0.8
    #: A text that is known to stand before the members of a body.
    opening: float = 0.9
    #: It begins as lines do that go on.
    goes_on_by_its_begin: float = 0.7
    #: An object with members that no marker opens.
    silent_marker: float = -6.0
    #: A text of no member.
    foreign_text: float = -2.4
    #: A constraint of no member.
    foreign_fact: float = -3.9
    #: A constraint of the member just described, not of a silent one.
    fact_behind_description: float = 0.2
    #: Two constraints of one kind, or out of order, on one member.
    same_kind_twice: float = -5.0
    #: Bounds that explain the number shown.
    bounds_that_explain: float = 3.0
    #: An example that is the value shown.
    same_example: float = 4.0
    #: A length of an array of scalars.
    length_of_scalars: float = 0.9
    #: A length of a plain string.
    length: float = 1.0
    #: A bare number that is the number shown.
    number_shown: float = 3.0
    #: A bare number one below the number shown.
    number_below: float = 2.0
    #: Two constraints of one member on two lines.
    same_member_on_other_line: float = -0.6
    #: A description squashed behind a constraint is of the next member.
    description_behind_fact: float = 0.6


WEIGHTS = Weights()
W = WEIGHTS


def match(slot: Slot, text: str) -> float:
    """Return how well a text describes a member: by the words of its name, and by its kind."""
    shared = stems(slot.name) & stems(text)
    score = W.description + W.shared_word * min(len(shared), 3)
    if slot.sample.kind == "boolean" and _YES_NO.search(text):
        score += W.yes_no_words
    return score


def goes_on(text: str) -> float:
    """Return how well a text goes on with the description on the line before it."""
    return W.goes_on_by_its_begin if _GOES_ON.match(text) else 0.0


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
        return _bounds(fact, sample, array=array)
    if isinstance(fact, Regex):
        return 0.0 if isinstance(sample.value, str) else NEVER
    if isinstance(fact, Pair):
        if fact.elements:
            return 0.0 if array else NEVER
        return _length(slot, sample, array=array)
    return _bare(slot, fact, sample, array=array)


def _bounds(fact: Bounds, sample: Sample, *, array: bool) -> float:
    """Return how well bounds go with a number: those that explain the number shown go best."""
    if not is_number(sample.value):
        return 0.0 if is_any(sample) else NEVER
    known, split = parted(headed(fact, sample.value)[1] if array else fact, sample.value)
    return W.bounds_that_explain if explained(known, sample.value) or split else 0.0


def _options(values: Sequence[str], sample: Sample) -> float:
    """Return whether options can be those of a member: only where its value is one of them."""
    return 0.0 if str(sample.value) in values else NEVER


def _shown(slot: Slot, value: Json) -> float:
    """Return how well an example goes with a member: the value shown, or another of its type."""
    if slot.sample.plain() == value and type(slot.sample.plain()) is type(value):
        return W.same_example
    if slot.sample.kind in {"object", "array"}:
        same = isinstance(value, dict if slot.sample.kind == "object" else list)
        return 0.0 if same else NEVER
    if not fits(value, (slot.sample.kind,)) and not is_any(slot.sample):
        return NEVER
    form = string_format(slot.sample.value)[1] if isinstance(slot.sample.value, str) else None
    unlike = form == "email" and isinstance(value, str) and not re.search("@|email", value)
    return NEVER / 2 if unlike else 0.0


def _labelled(slot: Slot, fact: Labelled) -> float:
    """Return whether a labelled constraint can be one of a member: 0, or NEVER."""
    sample = element(slot.sample)
    if "array length" in fact.label:
        possible = slot.sample.kind == "array"
    elif "string length" in fact.label:
        possible = sample.kind == "string"
    else:
        possible = fact.label != "Required range" or is_number(sample.value)
    return 0.0 if possible else NEVER


def _length(slot: Slot, sample: Sample, *, array: bool) -> float:
    """Return how well a length goes with an array or a string: best with a plain string."""
    if array:
        return 0.0 if slot.opens else W.length_of_scalars
    if not isinstance(sample.value, str):
        return 0.0 if is_any(slot.sample) else NEVER
    return W.length if string_format(sample.value) == (True, None) else 0.0


def _bare(slot: Slot, fact: Bare, sample: Sample, *, array: bool) -> float:
    value = sample.value
    if fact.elements:
        return 0.0 if array else NEVER
    stated = float(fact.text)
    if isinstance(value, int | float) and not isinstance(value, bool) and not array:
        if value == stated:
            return W.number_shown
        return W.number_below if value == stated + 1 else 0.0
    if not stated.is_integer() or stated < 0:
        return NEVER
    return _length(slot, sample, array=array)


def rank(fact: Squashed) -> int:
    """Return the place of a constraint in the order in which pages print those of one member."""
    if isinstance(fact, Labelled):
        names = ("options", "values", "length", "range", "Pattern", "Example")
        return next((place for place, name in enumerate(names) if name in fact.label), 1)
    order = (EnumValues, EnumValues, Pair | Bare, Bounds, Regex, Shown)
    return next(place for place, kind in enumerate(order) if isinstance(fact, kind))
