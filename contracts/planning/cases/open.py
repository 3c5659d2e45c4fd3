"""Cases that may be accepted or refused: what the page leaves open, or never thought of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from contracts.model import Case, Region
from contracts.planning.bodies import breaks
from contracts.planning.bodies.templates import HandedOut, Padded, sample
from contracts.planning.cases.crossed import in_lower_case
from contracts.planning.draft import Draft
from contracts.schema.files import read_toml
from contracts.schema.jsontext import encode

STRANGE = read_toml(Path(__file__).with_name("strange.toml"))
FILLER = {"X-Filler": "x" * 16_384}


def open_cases(draft: Draft) -> Iterator[Case]:
    """Yield bodies that the contract calls open, other details of what is known, and ids."""
    for name, value in draft.contract.open_bodies.items():
        label = f"a body that the page says nothing about: {name}"
        yield draft.open(f"body.{name}", label, value)
    if draft.contract.request is None and draft.contract.operation.takes_body:
        for label, text in breaks.malformed(encode({"unknownMember": "x"})):
            yield draft.open(f"body.{label.removeprefix('the body is ')}", label, text)
    lower = in_lower_case(draft.contract.operation.credential)
    if lower is not None and not draft.fields:  # else it is crossed with the states of members
        label = "the scheme in lower case"
        yield draft.open("scheme.in lower case", label, authorization=lower)
    for owner, owned in draft.owners.items():
        yield from _other_details(draft, owner, owned)
    for name in draft.contract.operation.parameters:
        for kind, value in STRANGE["spellings"].items():
            path = {name: value.replace("id", name)}
            yield draft.open(f"{name}.{kind}", f"{name} {kind.replace('_', ' ')}", path=path)
        for kind, value in STRANGE["path_values"].items():
            label = f"{name}: {kind.replace('_', ' ')}"
            yield draft.open(f"{name}.{kind}", label, path={name: value})


def _other_details(draft: Draft, owner: str, owned: Sequence[str]) -> Iterator[Case]:
    """Refer to something known with other details than it has: what follows is not stated."""
    values = [state.value for state in draft.fields[owner]]
    marker = next(value for value in values if isinstance(value, HandedOut))
    known = {owner: replace(marker, by=(draft.cases[0].number,))}
    for kind in ("typical", "longest"):
        changed = {
            name: state.value
            for name in owned
            for state in draft.fields[name]
            if state.region is Region.VALID and state.name == kind
        }
        label = f"{owner}: handed out, with other details, {kind}"
        body = draft.varied({**known, **changed})
        yield draft.open(f"{owner}.with_other_details", label, **body)


NESTED = (500, 5_000)
HEAVY = (("150 kB", 150_000), ("1 MB", 1_000_000), ("10 MB", 10_000_000))
MEMBERS = 10_000
NUMBER = re.compile(rb"(:-?\d+)(?=[,}])")


def strange_bodies(draft: Draft, smallest: Any) -> Iterator[Case]:
    """Yield cases with strange bodies and media types; the plan puts other cases between them.

    The strange bodies are made of the `smallest`, in which nothing has to be new each time.
    """
    for label, body in written(encode(sample(smallest))):
        yield draft.open(label.replace("a body ", "body."), label, body)
    for name, headers in {**STRANGE["headers"], "behind a header of 16 kB": FILLER}.items():
        varied = draft.varied({}) if draft.fields else {"body": smallest}
        yield draft.open(f"body.{name}", f"a body {name}", **varied, headers=headers)
    for name, media in {**STRANGE["media_types"], "absent": None}.items():
        varied = draft.varied({}) if draft.fields else {}
        yield draft.open(f"media_type.{name}", f"media type {name}", **varied, media_type=media)


def written(plain: bytes) -> Iterator[tuple[str, bytes | Padded]]:
    """Yield (label, text) of JSON objects that are heavy or that few writers would write."""

    def more(member: bytes) -> bytes:
        comma = b"" if plain == b"{}" else b","
        return plain[:-1] + comma + b'"unknownMember":' + member + b"}"

    for levels in NESTED:
        yield f"a body nested {levels:,} deep", more(b"[" * levels + b"]" * levels)
    for name, size in HEAVY:
        before, after = more(b'""').rsplit(b'"', 1)
        yield f"a body of {name}", Padded(before, size, b'"' + after)
    wide = b",".join(b'"m%d":1' % number for number in range(MEMBERS))
    yield f"a body of {MEMBERS:,} members", more(b"{" + wide + b"}")
    yield "a body with half a surrogate pair", more(b'"\\ud800"')
    yield "a body with a number beyond doubles", more(b"1e400")
    yield "a body with NaN", more(b"NaN")
    twice = more(b'1,"unknownMember":2') if plain == b"{}" else plain[:-1] + b"," + plain[1:]
    yield "a body with its names twice", twice
    yield "a body with fractions for whole numbers", NUMBER.sub(rb"\1.0", plain)
    yield "a body with a byte order mark", b"\xef\xbb\xbf" + plain
    yield "a body not in UTF-8", more(b'"\xe9\xff"')
