"""Sentences that stand before the members of a body: about the caller, the body or the answer."""

from __future__ import annotations

import re

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


def before(text: str, path_words: frozenset[str], *, answer: bool) -> tuple[float, bool]:
    """Score a text as one that stands before the members of a body, and tell whether it is known for what it is."""
    if _ANSWER.search(text) and answer:
        return 0.9, True
    if _AUTH.search(text):
        return 0.9, True
    if path_words & stems(text):
        return 0.5, True
    if _BODY.search(text):
        return 0.4, True
    return -0.25, False
