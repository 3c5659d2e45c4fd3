"""Preconditions written as the lines of a targets file."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.schema.jsontext import show


def toml_lines(preconditions: Mapping[str, Any]) -> tuple[str, ...]:
    """Return preconditions as the lines that stand below ``[name.api.preconditions]``."""
    return tuple(f"{name} = {_toml(value)}" for name, value in preconditions.items())


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_toml(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(_toml(inner) for inner in value)}]"
    return show(value, 1 << 30)
