"""The targets file: where sandboxes are and how to behave towards them, as TOML.

One table a target and API (``[staging.kohort]``); the same tables may stand in a pyproject.toml
below ``[tool.order-contracts.targets]``. A key that is not known is an error that names the nearest
that is. Secrets never stand in the file: it names the environment variables that hold them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from contracts.errors import UsageError
from contracts.model import ABSENT
from contracts.schema.files import read_toml
from contracts.schema.jsontext import show
from contracts.verify.options import LIVE

EXAMPLE = Path(__file__).with_name("targets.example.toml")
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a header's name (RFC 9110, section 5.6.2)
# what the suite itself has to decide
OWN_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "te"}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One target of one API; `options` are those of a run that it sets."""

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
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    proxy: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where the entry stands, for messages."""
        return f"{self.name}.{self.api}"


KEYS = tuple(key.name for key in fields(Entry) if key.name not in ("name", "api", "options"))
TEXTS = frozenset({"url", "token", "token_without_permission", "ca", "certificate", "key", "proxy"})
TEXT_TABLES = frozenset({"parameters", "foreign", "headers"})


def read(path: Path) -> tuple[Entry, ...]:
    """Return the entries of a targets file; UsageError names the file, the place and the mend."""
    data = read_toml(path)
    if path.name == "pyproject.toml":
        data = data.get("tool", {}).get("order-contracts", {}).get("targets", {})
    entries = [
        _entry(f"{path}: {name}.{api}", name, api, table)
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


def _entry(place: str, name: str, api: str, table: Mapping[str, Any]) -> Entry:
    options = {}
    for key, value in table.items():
        if key in LIVE:
            options[key] = _live(f"{place}.{key}", key, value)
        elif key in KEYS:
            _check(f"{place}.{key}", key, value)
        else:
            known = (*KEYS, *LIVE)
            raise UsageError(f"{place}: unknown key {key!r}{near(key, known)}")
    if "url" not in table:
        raise UsageError(f"{place}: url is missing")
    own = {key: value for key, value in table.items() if key not in LIVE}
    return Entry(name=name, api=api, options=options, **own)


def near(word: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown word: the one that was meant, or all."""
    words = list(known)
    match = difflib.get_close_matches(word, words, n=1)
    return f"; did you mean {match[0]!r}?" if match else f"; known are {', '.join(words)}"


def _live(place: str, key: str, value: Any) -> Any:
    """Return the value of an option; a number in quotes is a slip here."""
    if not isinstance(value, int | float):
        raise UsageError(f"{place}: expected a number, got {show(value)}")
    return LIVE[key].read(value, place)


def _check(place: str, key: str, value: Any) -> None:  # noqa: C901
    if key in TEXTS:
        _check_text(place, value)
    elif key in TEXT_TABLES:
        for name, text in _members(place, value):
            _check_text(f"{place}.{name}", text)
            if key == "headers":
                _check_header(place, name, text)
    elif key == "known":
        for name, values in _members(place, value):
            if not isinstance(values, list) or not values:
                raise UsageError(f"{place}.{name}: expected a list of texts, got {values!r}")
            for text in values:
                _check_text(f"{place}.{name}", text)
    elif key == "preconditions":
        for name, schema in _members(place, value):
            if not isinstance(schema, dict):
                raise UsageError(
                    f"{place}.{name}: expected a JSON Schema such as {{ minimum = 3000 }}, got "
                    f"{schema!r}"
                )


def _members(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise UsageError(f"{place}: expected a table, got {value!r}")
    yield from value.items()


def _check_text(place: str, value: Any) -> None:
    if not isinstance(value, str):
        raise UsageError(f"{place}: expected a text in quotes, got {value!r}")
    if not value:
        raise UsageError(f"{place}: expected a text, got an empty one; leave the key out")


def _check_header(place: str, name: str, value: str) -> None:
    if not TOKEN.fullmatch(name):
        raise UsageError(f"{place}: {name!r} is no name of a header: letters, digits and hyphens")
    if name.lower() in OWN_HEADERS:
        raise UsageError(f"{place}.{name}: the suite has to set this header itself; take it out")
    if not value.startswith("$"):
        check_header_value(f"{place}.{name}", value)


def check_header_value(place: str, value: str) -> None:
    """Raise UsageError when no header can carry a value; the value itself is not shown."""
    if not value.isascii() or not value.isprintable():
        raise UsageError(
            f"{place}: a header can only carry printable ASCII; take line ends and other "
            "characters out"
        )
    if value != value.strip():
        raise UsageError(f"{place}: a header's value can't begin or end with a blank; take it out")
