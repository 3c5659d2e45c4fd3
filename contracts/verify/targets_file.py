"""The targets file: where sandboxes are and how to behave towards them, as TOML.

One table a target and API (``[staging.kohort]``); the same tables may stand in a pyproject.toml
below ``[tool.order-contracts.targets]``. A key that is not known is an error that names the nearest
that is. Secrets never stand in the file: it names the environment variables that hold them.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from contracts.errors import UsageError
from contracts.model import ABSENT

EXAMPLE = Path(__file__).with_name("targets.example.toml")


@dataclass(frozen=True, slots=True)
class Entry:
    """One target of one API.

    Times are in seconds, `rate` is in requests a second; None means the default.
    """

    name: str
    api: str
    url: str
    token: str | None = None  # name of the environment variable
    token_without_permission: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, list[str]] = field(default_factory=dict)
    preconditions: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = ABSENT
    rate: float | None = None
    timeout: float | None = None
    patience: float | None = None
    concurrency: int | None = None
    budget: int | None = None
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    proxy: str | None = None

    @property
    def place(self) -> str:
        """Where the entry stands, for messages."""
        return f"{self.name}.{self.api}"


KINDS: dict[str, tuple[type, ...]] = {
    "url": (str,),
    "token": (str,),
    "token_without_permission": (str,),
    "parameters": (dict,),
    "foreign": (dict,),
    "known": (dict,),
    "preconditions": (dict,),
    "headers": (dict,),
    "body": (dict, list, str, int, float, bool),
    "rate": (int, float),
    "timeout": (int, float),
    "patience": (int, float),
    "concurrency": (int,),
    "budget": (int,),
    "ca": (str,),
    "certificate": (str,),
    "key": (str,),
    "proxy": (str,),
}


def read(path: Path) -> tuple[Entry, ...]:
    """Read a targets file; UsageError names the file, the place and what is wrong there."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    if path.name == "pyproject.toml":
        data = data.get("tool", {}).get("order-contracts", {}).get("targets", {})
    entries = [
        _entry(path, name, api, table)
        for name, apis in data.items()
        for api, table in _tables(path, name, apis)
    ]
    if not entries:
        raise UsageError(f"{path}: no target in it; `contracts init` writes an example")
    return tuple(entries)


def _tables(path: Path, name: str, apis: Any) -> list[tuple[str, Any]]:
    if not isinstance(apis, dict) or not all(isinstance(table, dict) for table in apis.values()):
        raise UsageError(
            f"{path}: {name}: expected tables named by target and API, such as [{name}.kohort]"
        )
    return list(apis.items())


def _entry(path: Path, name: str, api: str, table: Mapping[str, Any]) -> Entry:
    place = f"{path}: {name}.{api}"
    for key, value in table.items():
        if key not in KINDS:
            near = difflib.get_close_matches(key, KINDS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(KINDS)}"
            raise UsageError(f"{place}: unknown key {key!r}{hint}")
        if not isinstance(value, KINDS[key]) or (isinstance(value, bool) and key != "body"):
            expected = " or ".join(kind.__name__ for kind in KINDS[key])
            raise UsageError(f"{place}.{key}: expected {expected}, got {value!r}")
        if isinstance(value, (int, float)) and key != "body" and not value > 0:
            raise UsageError(f"{place}.{key}: expected more than 0, got {value!r}")
    if "url" not in table:
        raise UsageError(f"{place}: url is missing")
    # the table above is whole
    assert {entry.name for entry in fields(Entry)} == {*KINDS, "name", "api"}  # noqa: S101
    return Entry(name=name, api=api, **table)
