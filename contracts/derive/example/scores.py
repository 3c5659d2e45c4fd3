"""How well a description, or a constraint, goes with a member: sums of small evidence."""

import re
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
)
from contracts.derive.language.constraints import fits
from contracts.derive.language.phrases import stems
from contracts.derive.model import Json, is_number
from contracts.derive.page.placeholders import is_any, string_format
from contracts.derive.page.sample import element

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

    description: float = 0.6  # a text, as the description of the next member
    shared_word: float = 1.1  # for each word of the name in the text
    yes_no_words: float = 0.8  # "whether", "enabled" for a boolean
    opening: float = 0.9  # a text that is known to stand before the members of a body
    goes_on_by_its_begin: float = 0.7  # it begins as lines do that go on
    silent_marker: float = -6.0  # an object with members that no marker opens
    foreign_text: float = -2.4  # a text of no member
    foreign_fact: float = -3.9  # a constraint of no member
    fact_behind_description: float = 0.2  # a constraint of the member just described
    same_kind_twice: float = -5.0  # two constraints of one kind, or out of order, on one member
    same_example: float = 4.0  # an example that is the value shown
    length_of_scalars: float = 0.9  # a length of an array of scalars
    length: float = 1.0  # a length of a plain string
    number_shown: float = 3.0  # a bare number that is the number shown
    number_below: float = 2.0  # a bare number one below the number shown
    description_behind_fact: float = 0.6  # squashed behind a constraint, it is of the next member


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
    """Return how well a constraint goes with a member: NEVER where it cannot be one of it."""
    sample = element(slot.sample)
    is_array = slot.sample.kind == "array"
    match fact:
        case Shown():
            return _shown(slot, fact.value)
        case EnumValues():  # only where the value shown is one of them
            possible = str(sample.value) in fact.values
        case Regex():
            possible = isinstance(sample.value, str)
        case Bounds():
            possible = is_number(sample.value) or is_any(sample)
        case Labelled():
            possible = _labelled(slot, fact.label)
        case Bare() | Pair() if fact.elements:
            possible = is_array
        case Bare() if is_number(sample.value) and not is_array:
            return _number(float(fact.text), sample.value)
        case Bare() if not fact.text.isdigit():
            possible = False
        case _:
            return _length(slot)
    return 0.0 if possible else NEVER


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


def _number(stated: float, value: Json) -> float:
    """Return how well a bare number goes with a number: it may be that, or its minimum."""
    if value == stated:
        return W.number_shown
    return W.number_below if value == stated + 1 else 0.0


def _labelled(slot: Slot, label: str) -> bool:
    """Whether a labelled constraint can be one of a member."""
    if "array length" in label:
        return slot.sample.kind == "array"
    sample = element(slot.sample)
    if "string length" in label:
        return sample.kind == "string"
    return label != "Required range" or is_number(sample.value)


def _length(slot: Slot) -> float:
    """Return how well a length goes with an array or a string: best with a plain string."""
    sample = slot.sample
    if sample.kind == "array":
        return 0.0 if slot.opens else W.length_of_scalars
    if not isinstance(sample.value, str):
        return 0.0 if is_any(sample) else NEVER
    return W.length if string_format(sample.value) == (True, None) else 0.0


def rank(fact: Squashed) -> int:
    """Return the place of a constraint in the order in which pages print those of one member."""
    order = (Labelled, EnumValues, Pair | Bare, Bounds, Regex, Shown)
    return next(place for place, kind in enumerate(order) if isinstance(fact, kind))
