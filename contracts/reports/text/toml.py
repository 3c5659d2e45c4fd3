"""Preconditions written as the lines of a targets file."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.schema.jsontext import show


def toml_lines(preconditions: Mapping[str, Any]) -> tuple[str, ...]:
    """Return preconditions as the lines that stand below ``[name.api.preconditions]``."""
    return tuple(f"{name} = {toml_value(value)}" for name, value in preconditions.items())


def toml_value(value: Any) -> str:
    """Return a value as TOML has it in one line."""
    if isinstance(value, Mapping):
        return (
            "{ "
            + ", ".join(f"{name} = {toml_value(inner)}" for name, inner in value.items())
            + " }"
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(toml_value(inner) for inner in value)}]"
    return show(value, 1 << 30)
