"""Whether a value keeps what one keyword of a schema says."""

from __future__ import annotations

import re

from jsonschema import Draft202012Validator

from contracts.derive.model import Fact, Json

_FORMATS = Draft202012Validator.FORMAT_CHECKER
#: Keywords that are judged: of fractions it is not exact which are multiples of one another.
_JUDGED = frozenset([
    "enum", "const", "anyOf", "format", "pattern", "minLength", "maxLength", "minItems", "maxItems",
    "minProperties", "maxProperties", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
])  # fmt: skip


def breaks(fact: Fact, value: Json) -> bool:
    """Whether a value breaks a fact; a pattern of another dialect is not judged."""
    if fact.keyword not in _JUDGED:
        return False
    one = Draft202012Validator({fact.keyword: fact.value}, format_checker=_FORMATS)
    try:
        return not one.is_valid(value)
    except re.error:
        return False
