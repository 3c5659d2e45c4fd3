"""Cases that may be accepted or refused: what the page leaves open or says nothing about."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.model import Case, Region
from contracts.planning.bodies import breaks
from contracts.planning.bodies.templates import HandedOut
from contracts.planning.cases.crossed import in_lower_case
from contracts.planning.draft import Draft
from contracts.schema.jsontext import encode

# what a router, a database or a log may stumble over in a path
UNUSUAL_PATH_VALUES = {
    "long": "x" * 300,
    "with_nul": "a\0b",
    "with_slash": "a/b",
    "with_spaces": " a b ",
    "other_script": "магазин-店",
    "percent": "%s%n",
}


def open_cases(draft: Draft) -> Iterator[Case]:
    """Yield the bodies that the contract names as open, other details of what is known, and ids."""
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
        path = {name: f"{{{name}:capitals}}"}
        yield draft.open(f"{name}.capitals", f"{name} in capitals", path=path)
        for kind, value in UNUSUAL_PATH_VALUES.items():
            label = f"{name}: {kind.replace('_', ' ')}"
            yield draft.open(f"{name}.{kind}", label, path={name: value})


def _other_details(draft: Draft, owner: str, owned: Sequence[str]) -> Iterator[Case]:
    """Refer to something known with other details than it has: what follows is not stated."""
    values = [state.value for state in draft.fields[owner]]
    known = next(value for value in values if isinstance(value, HandedOut))
    body = draft.with_member(owner, replace(known, by=(draft.cases[0].number,)))
    for kind in ("typical", "longest"):
        changed = {
            name: state.value
            for name in owned
            for state in draft.fields[name]
            if state.region is Region.VALID and state.name == kind
        }
        label = f"{owner}: handed out, with other details, {kind}"
        yield draft.open(f"{owner}.with_other_details", label, {**body, **changed})
