"""Sentences that stand before the members of a body: about the caller, the body or the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from contracts.derive.language.words import stems

_AUTH = re.compile(r"\b(?:auth\w*|bearer|(?:api[ -]?)?key|token|credentials?)\b", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:body|payload|form|request|data-transfer|parameters?|input|details (?:of|for))\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\b(?:success\w*|created|ok|response|returned|returns|accepted|updated|result|deleted|default)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Openings:
    """How much a text weighs as one that stands before the members of a body."""

    #: It speaks of a success, where the answer begins.
    answer: float = 0.9
    #: It speaks of who asks.
    credential: float = 0.9
    #: It shares a word with a parameter of the path.
    path_parameter: float = 0.5
    #: It speaks of a body.
    body: float = 0.4
    #: It is not known for what it is.
    unknown: float = -0.25


W = Openings()


def before(text: str, path_words: frozenset[str], *, answer: bool) -> tuple[float, bool]:
    """Return how well a text stands before the members of a body, and whether it is known."""
    if _ANSWER.search(text) and answer:
        return W.answer, True
    if _AUTH.search(text):
        return W.credential, True
    if path_words & stems(text):
        return W.path_parameter, True
    if _BODY.search(text):
        return W.body, True
    return W.unknown, False
