"""Documents that somebody damaged are read or refused, and nothing else happens."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.derive import har, openapi, postman
from contracts.derive.model import schema
from contracts.errors import UsageError

DERIVE = Path(__file__).parents[1]
READERS = {"openapi_reader": openapi.read, "postman": postman.read, "har": har.read}
DOCUMENTS = sorted(
    path
    for form in READERS
    for path in (DERIVE / form).iterdir()
    if path.suffix in (".json", ".yaml", ".har")
)
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    "",
    "x",
    [],
    {},
    [None],
    {"$ref": "#"},
    {"$ref": 7},
    "#/",
    "{{x}}",
    10**30,
)


def damaged(value: Any, chance: random.Random) -> Any:
    """Return a value with one part of it dropped, replaced by an odd one, or by another part."""
    places = list(_places(value))
    holder, name = chance.choice(places)
    choice = chance.randrange(3)
    if choice == 0 and isinstance(holder, dict):
        del holder[name]
    elif choice == 1:
        other, key = chance.choice(places)
        holder[name] = json.loads(json.dumps(other[key])) if name in _keys(holder) else None
    else:
        holder[name] = chance.choice(ODD)
    return value


def _keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


def _places(value: Any) -> Any:
    for name in _keys(value):
        yield value, name
        if isinstance(value[name], dict | list):
            yield from _places(value[name])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_damaged_document_is_read_or_refused(path: Path) -> None:
    """Whatever part is missing or odd, a reader returns records or raises UsageError."""
    read = READERS[path.parent.name]
    whole = yaml.safe_load(path.read_text(encoding="utf-8"))
    refused = 0
    for seed in range(24):
        chance = random.Random(seed)  # noqa: S311 - not for secrets
        value = json.loads(json.dumps(whole))
        for _ in range(chance.randrange(1, 4)):
            value = damaged(value, chance)
        try:
            for derived in read(json.dumps(value, indent=1).encode(), path.name):
                json.dumps([schema(node) for node in (derived.request, derived.response) if node])
        except UsageError:
            refused += 1
    assert refused < 24, "some damage leaves an operation"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_that_is_cut_off_is_read_or_refused(path: Path) -> None:
    """The first part of a document is read or refused, wherever it ends."""
    raw = path.read_bytes()
    read = READERS[path.parent.name]
    outcomes = []
    for end in range(0, len(raw), max(1, len(raw) // 24)):
        try:
            outcomes.append(len(read(raw[:end], path.name)) > 0)
        except UsageError as error:
            outcomes.append(path.name in str(error))
    assert all(outcomes), "a refusal names the file, and what is read holds an operation"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" \n",
        b"\x00\x01",
        b"\xff\xfe\x00",
        b"%PDF-1.7",
        b"[" * 5000,
        b'{"a":' * 5000,
        b"- " * 9000,
        b"a: &a [*a]",
        b"a: *b",
        b"{{x}}: 1",
        b"? [a]\n: 1",
        b'{"a": 1e999}',
        b'"\\ud800"',
        b"1",
        b"[]",
        b"openapi: 3.0.0",
        b"swagger: '1.2'\npaths: {}",
        b"paths: []",
        b"paths:\n  /a: [x]",
        b"--- a\n--- b",
        b"x: " + b"9" * 6000,
    ],
    ids=range(22),
)
@pytest.mark.parametrize("form", READERS)
def test_what_is_no_document_is_refused(raw: bytes, form: str) -> None:
    """Bytes that are no document at all are refused with the name of the file."""
    with pytest.raises(UsageError, match=r"^input"):
        READERS[form](raw, "input")
