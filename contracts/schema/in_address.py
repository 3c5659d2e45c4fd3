"""Values of parameters as an address has them: texts, of which a schema says what they may be."""

import math
from collections.abc import Iterator
from typing import Any

from contracts.model import Schema
from contracts.schema import checks, keywords
from contracts.schema.jsontext import is_number

STRANGE = "nothing-of-the-kind"  # no number, no date and no choice
NUMBERS = {"integer": int, "number": float}


def value_of(schema: Schema, text: str) -> Any:
    """Return what a text stands for where a schema tells: 5 for ``"5"``; else the text itself."""
    kinds = keywords.types(schema)
    if "boolean" in kinds and text in ("true", "false"):
        return text == "true"
    for kind in kinds:
        try:
            number = NUMBERS[kind](text) if kind in NUMBERS else math.nan
        except ValueError:
            continue
        if math.isfinite(number):
            return number
    return text


def wrong_texts(schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield (keyword, text) for each keyword that a single text can break: 101 for a maximum."""
    texts = {
        "type": STRANGE if {*keywords.types(schema)} & {*NUMBERS, "boolean"} else None,
        "enum": STRANGE,
        "minimum": _beside(schema.get("minimum"), -1),
        "maximum": _beside(schema.get("maximum"), 1),
        "exclusiveMinimum": schema.get("exclusiveMinimum"),
        "exclusiveMaximum": schema.get("exclusiveMaximum"),
        "format": STRANGE,
        "pattern": STRANGE,
        "maxLength": "x" * (schema.get("maxLength", 0) + 1),
        # nothing at all may pass for what is left out
        "minLength": "x" * (schema.get("minLength", 0) - 1) or None,
    }
    for keyword, wrong in texts.items():
        text = str(wrong)
        if keyword in schema and wrong is not None:
            broken = {check.keyword.name for check in checks.broken(schema, value_of(schema, text))}
            if keyword in broken:
                yield keyword, text


def _beside(limit: Any, step: int) -> Any:
    """Return the number beside a limit, beyond it; None where there is no limit."""
    return limit + step if is_number(limit) else None
