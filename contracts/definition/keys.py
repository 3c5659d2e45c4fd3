"""The keys that the files of an API's folder may have: rows of `apis/keys.toml`."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from contracts.errors import ContractError, UsageError
from contracts.schema.files import read_toml

TABLE = Path(__file__).parents[1] / "apis" / "keys.toml"


@cache
def explained() -> Mapping[str, Mapping[str, str]]:
    """Return what each key says, by file and key: ``operation.query.*.values`` of contract.toml."""
    return read_toml(TABLE)


def read(path: Path) -> dict[str, Any]:
    """Return what one of the files says; ContractError when it has a key that none of them has."""
    try:
        data = read_toml(path)
    except UsageError as error:
        raise ContractError(str(error)) from error
    refuse_unknown(data, path)
    return data


def refuse_unknown(data: Mapping[str, Any], path: Path) -> None:
    """Raise ContractError for the first key that the table has no row for."""
    known = explained()[path.name]
    for key in _keys(data):
        if not any(_fits(key, row) for row in known):
            name, near = ".".join(key), difflib.get_close_matches(".".join(key), known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise ContractError(f"{path}: there is no key {name}; {hint}")


def _keys(value: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the keys of a table and of what is below it: ``("operation", "query", "skip")``."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            yield (*above, name)
            yield from _keys(below, (*above, name))
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item, above)


def _fits(key: tuple[str, ...], row: str) -> bool:
    """Whether a row speaks of a key, of a table above it, or of a table that it is in."""
    return all(wanted in ("*", name) for name, wanted in zip(key, row.split("."), strict=False))
