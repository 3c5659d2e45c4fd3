"""The targets of a configuration file: where sandboxes are and how to behave towards them.

One table an environment and API (``[env.staging.kohort]``). A key that is not known is an
error that names the nearest that is. Secrets never stand in the file: it names the environment
variables that hold them, or a command that prints one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracts.engine.credentials import check_base_url, proxy_secrets
from contracts.errors import UsageError, near_misses
from contracts.model import ABSENT
from contracts.verify.options import LIVE
from contracts.verify.tokens import TokenSource

if TYPE_CHECKING:
    from jsonschema import ValidationError

SCHEMA = Path(__file__).with_name("order-contracts.schema.json")
TABLES = "tables named by environment and API, such as [env.staging.kohort]"
PATHS = ("ca", "certificate", "key")  # relative to the file
# by type, or by the keyword that a value breaks
EXPECTED = {
    "string": "a text in quotes",
    "object": "a table",
    "array": "a list of texts",
    "minItems": "a list of texts",
    "anyOf": "a JSON Schema such as { minimum = 3000 }",
}
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a header's name (RFC 9110, section 5.6.2)
# what the suite itself has to decide
OWN_HEADERS = frozenset(
    {
        *("host", "content-length", "transfer-encoding", "connection", "accept-encoding", "te"),
        *("expect", "upgrade", "trailer", "keep-alive"),
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One target of one API: the keys of its JSON Schema; `options` are those of a run."""

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


@cache
def schema() -> Mapping[str, Any]:
    """Return the JSON Schema of one target's table: part of what editors complete keys by."""
    environments = json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"]["env"]
    table: Mapping[str, Any] = environments["additionalProperties"]["additionalProperties"]
    return table


def read(path: Path, environments: Any) -> tuple[Entry, ...]:
    """Return the targets of a file's environments; UsageError names file, place and mend."""
    if not isinstance(environments, dict):
        raise UsageError(f"{path}: env: expected tables such as [env.staging.kohort]")
    entries: list[Entry] = []
    for name, apis in environments.items():
        tables = apis.values() if isinstance(apis, dict) else [None]
        if not all(isinstance(table, dict) for table in tables):
            raise UsageError(f"{path}: {name}: expected {TABLES}")
        entries += [_entry(path, name, api, table) for api, table in apis.items()]
    return tuple(entries)


def _entry(path: Path, name: str, api: str, table: Mapping[str, Any]) -> Entry:
    """Return the target of one table; UsageError for a key that is unknown, wrong or missing."""
    place = f"{path}: {name}.{api}"
    options: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for key, value in table.items():
        if key in LIVE:
            options[key] = LIVE[key].read_toml(value, f"{place}.{key}")
        elif key in schema()["properties"]:
            _check(f"{place}.{key}", key, value)
            own[key] = str(path.parent / value) if key in PATHS else value
        else:
            known = "" if isinstance(value, dict) else unknown_key(key, schema()["properties"])
            raise UsageError(f"{place}: {known or f'expected {TABLES}'}")
    for header, text in own.get("headers", {}).items():
        _check_header(f"{place}.headers", header, text)
    if "url" not in own:
        raise UsageError(f"{place}: url is missing")
    urls = {"url": own["url"], "proxy": own.get("proxy", "")}
    urls |= {"oauth.url": own["oauth"]["url"]} if "oauth" in own else {}
    for key, url in urls.items():
        try:
            (proxy_secrets if key == "proxy" else check_base_url)(url)
        except UsageError as error:
            raise UsageError(f"{place}.{key}: {error}") from None
    _refuse_idle(place, own, list(urls.values()))
    return Entry(name=name, api=api, options=options, file=str(path), **own)


def _refuse_idle(place: str, own: Mapping[str, Any], urls: Sequence[str]) -> None:
    """Raise UsageError for a key that has no effect beside the others, or without another one."""
    givers = [key for key in ("oauth", "token_command", "token") if key in own]
    if len(givers) > 1:
        first, second, *_ = givers
        raise UsageError(f"{place}: {first} and {second} both give the token; take one out")
    if "key" in own and "certificate" not in own:
        raise UsageError(f"{place}.key: a key goes with its certificate; certificate is missing")
    unused = next((key for key in PATHS if key in own), None)
    if unused and not any(url.startswith("https:") for url in urls):
        raise UsageError(f"{place}.{unused}: it is for https, and {own['url']} is not; take it out")


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Return what is said of a key that nothing reads: which one may be meant."""
    return f"unknown key {key!r}{near_misses(key, known, otherwise_all=True)}"


def _check(place: str, key: str, value: Any) -> None:
    """Raise UsageError for the first thing that the JSON Schema says against a key's value."""
    from jsonschema import Draft7Validator  # noqa: PLC0415 - takes time to load

    errors = Draft7Validator(schema()["properties"][key]).iter_errors(value)
    if error := next(errors, None):
        raise UsageError(f"{'.'.join([place, *map(str, error.path)])}: {_words(error)}")


def _words(error: ValidationError) -> str:
    """Return what was expected in place of a value that the JSON Schema refuses."""
    value: Any = error.instance
    rule: Any = error.schema
    asked = error.validator_value
    keyword = str(error.validator)
    if keyword == "required":
        return f"{next(name for name in rule['required'] if name not in value)} is missing"
    if keyword == "additionalProperties":
        unknown = next(name for name in value if name not in rule["properties"])
        return unknown_key(unknown, rule["properties"])
    if keyword == "minLength":
        return "expected a text, got an empty one; leave the key out"
    if keyword == "pattern":  # what was written may be the secret itself
        return "expected the name of an environment variable, such as KOHORT_TOKEN"
    expected = EXPECTED[str(asked) if keyword == "type" else keyword]
    return f"expected {expected}, got {value!r}"


def _check_header(place: str, name: str, value: str) -> None:
    if not TOKEN.fullmatch(name):
        expected = "letters, digits and hyphens"
        raise UsageError(f"{place}: {name!r} is no name of a header: {expected}")
    if name.lower() in OWN_HEADERS:
        problem = "the suite has to set this header itself; take it out"
        raise UsageError(f"{place}.{name}: {problem}")
    if not value.startswith("$"):
        check_header_value(f"{place}.{name}", value)


def check_header_value(place: str, value: str) -> None:
    """Raise UsageError when no header can carry a value; the value itself is not shown."""
    if not value.isascii() or not value.isprintable():
        mend = "take line ends and other characters out"
        raise UsageError(f"{place}: a header can only carry printable ASCII; {mend}")
    if value != value.strip():
        raise UsageError(f"{place}: a header's value can't begin or end with a blank; take it out")
