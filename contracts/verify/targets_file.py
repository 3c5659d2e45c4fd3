"""The targets of a configuration file: where sandboxes are and how to behave towards them.

One table an environment and API (``[env.staging.kohort]``). A key that is not known is an
error that names the nearest that is. Secrets never stand in the file: it names the environment
variables that hold them, or a command that prints one.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.errors import UsageError
from contracts.model import ABSENT
from contracts.verify.options import LIVE
from contracts.verify.tokens import OAuth, TokenSource

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a header's name (RFC 9110, section 5.6.2)
# what the suite itself has to decide
OWN_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "te"}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One target of one API, its keys as `KEYS` explains them; `options` are those of a run."""

    name: str
    api: str
    url: str
    token: str | None = None
    token_without_permission: str | None = None
    token_command: str | None = None
    oauth: Mapping[str, str] = field(default_factory=dict)
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
    file: str = ""  # that the entry stands in
    tokens: TokenSource | None = None  # what renews the token, when it is to be renewed

    @property
    def place(self) -> str:
        """Where the entry stands, for messages."""
        place = f"{self.name}.{self.api}"
        return f"{self.file}: {place}" if self.file else place


# key -> (what it holds, what it is for); the JSON Schema of the file is made from it as well
KEYS: dict[str, tuple[str, str]] = {
    "url": ("text", "The base URL of the sandbox."),
    "token": ("text", "The environment variable that holds the token."),
    "token_without_permission": ("text", "The variable of a token that may not create."),
    "token_command": ("text", "A command that prints a token; it is run again when that expires."),
    "oauth": ("oauth", "OAuth2 client credentials that get a token, and a new one in time."),
    "parameters": ("texts", "Values of path parameters, by name."),
    "foreign": ("texts", "Values of path parameters that belong to another tenant."),
    "known": ("lists", "Ids that exist at the sandbox, by member."),
    "preconditions": ("schemas", "What the sandbox asks for beyond the page: schemas by member."),
    "headers": ("texts", "Headers of every request; $NAME is taken from the environment."),
    "body": ("any", "The body to send where the page documents none; {fresh} is always new."),
    "ca": ("path", "Who signed the server's certificate: a PEM file."),
    "certificate": ("path", "The client's own certificate: a PEM file."),
    "key": ("path", "The key of that certificate: a PEM file."),
    "proxy": ("text", "The URL of a proxy."),
}


def read(path: Path, environments: Any) -> tuple[Entry, ...]:
    """Return the targets of a file's environments; UsageError names file, place and mend."""
    if not isinstance(environments, dict):
        raise UsageError(f"{path}: env: expected tables such as [env.staging.kohort]")
    return tuple(
        _entry(path, name, api, table)
        for name, apis in environments.items()
        for api, table in _tables(path, name, apis)
    )


def _tables(path: Path, name: str, apis: Any) -> list[tuple[str, Any]]:
    if not isinstance(apis, dict) or not all(isinstance(table, dict) for table in apis.values()):
        raise UsageError(
            f"{path}: {name}: expected tables named by environment and API, such as "
            f"[env.{name}.kohort]"
        )
    return list(apis.items())


def _entry(path: Path, name: str, api: str, table: Mapping[str, Any]) -> Entry:
    place = f"{path}: {name}.{api}"
    options: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for key, value in table.items():
        if key in LIVE:
            options[key] = LIVE[key].read_toml(value, f"{place}.{key}")
        elif key in KEYS:
            _check(f"{place}.{key}", key, value)
            own[key] = str(path.parent / value) if KEYS[key][0] == "path" else value
        else:
            raise UsageError(f"{place}: unknown key {key!r}{near(key, (*KEYS, *LIVE))}")
    if "url" not in own:
        raise UsageError(f"{place}: url is missing")
    if "oauth" in own and "token_command" in own:
        raise UsageError(f"{place}: oauth and token_command both give the token; take one out")
    return Entry(name=name, api=api, options=options, file=str(path), **own)


def near(word: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown word: the one that was meant, or all."""
    words = list(known)
    match = difflib.get_close_matches(word, words, n=1)
    return f"; did you mean {match[0]!r}?" if match else f"; known are {', '.join(words)}"


def _check(place: str, key: str, value: Any) -> None:
    kind = KEYS[key][0]
    if kind in ("text", "path"):
        _check_text(place, value)
    elif kind != "any":
        for name, member in _members(place, value):
            CHECKS[kind](f"{place}.{name}", member)
            if key == "headers":
                _check_header(place, name, member)
    if kind == "oauth":
        OAuth.check(place, value)


def _members(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise UsageError(f"{place}: expected a table, got {value!r}")
    yield from value.items()


def _check_texts(place: str, values: Any) -> None:
    if not isinstance(values, list) or not values:
        raise UsageError(f"{place}: expected a list of texts, got {values!r}")
    for text in values:
        _check_text(place, text)


def _check_schema(place: str, schema: Any) -> None:
    if not isinstance(schema, dict):
        raise UsageError(
            f"{place}: expected a JSON Schema such as {{ minimum = 3000 }}, got {schema!r}"
        )


def _check_text(place: str, value: Any) -> None:
    if not isinstance(value, str):
        raise UsageError(f"{place}: expected a text in quotes, got {value!r}")
    if not value:
        raise UsageError(f"{place}: expected a text, got an empty one; leave the key out")


CHECKS = {
    "texts": _check_text,
    "oauth": _check_text,
    "lists": _check_texts,
    "schemas": _check_schema,
}


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
