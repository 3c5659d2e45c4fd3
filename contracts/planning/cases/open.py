"""Cases that may be accepted or refused.

States that the page leaves open, and what it says nothing about.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.model import ABSENT, Region
from contracts.planning.bodies import breaks
from contracts.planning.bodies.states import State, with_member
from contracts.planning.bodies.templates import HandedOut, sample
from contracts.planning.draft import Draft, spoken
from contracts.schema import checks
from contracts.schema.jsontext import encode

BESIDE_STATES = 20  # cases that are about no state of a field, at most
# what a router, a database or a log may stumble over in a path
UNUSUAL_PATH_VALUES = {
    "long": "x" * 300,
    "with_nul": "a\0b",
    "with_slash": "a/b",
    "with_spaces": " a b ",
    "other_script": "магазин-店",
    "percent": "%s%n",
}


def opened(draft: Draft) -> None:
    """Add each open state once in an otherwise typical request, and what is open beside states."""
    for name, state in draft.open_states:
        value = state.value
        if name in draft.unique and isinstance(value, str) and value:
            value = _fresh(value)
        body = draft.with_member(name, value)
        if not checks.fits(draft.contract.request or {}, sample(body)):  # it does not stand alone
            body = with_member(draft.body, name, value)
        observes: str | None = f"{name}.{state.name}"
        if name in draft.unique and value == "":
            observes = None  # only the first of all runs could be accepted
        draft.add(
            Region.OPEN, f"{name}: {state.name}", body, observes=observes, states={name: state.name}
        )
    for owner, owned in draft.owners.items():
        _other_details(draft, owner, owned)
    if draft.contract.operation.takes_body:
        _bodies(draft)
    for name in draft.contract.operation.parameters:
        path = {name: f"{{{name}:capitals}}"}
        draft.add(Region.OPEN, f"{name} in capitals", path=path, observes=f"{name}.capitals")
        for kind, value in UNUSUAL_PATH_VALUES.items():
            label = f"{name}: {kind.replace('_', ' ')}"
            draft.add(Region.OPEN, label, path={name: value}, observes=f"{name}.{kind}")


def _fresh(text: str) -> str:
    """Return a text as long as before, but new in every run: the server may remember it."""
    length = len(sample("{fresh}"))
    return "{fresh}" + (text[length:] if len(text) > 2 * length else text)


def opened_in_pairs(draft: Draft, room: int) -> None:
    """Add pairs of open states of two fields, the most suspicious first.

    As many as there is room for.
    """
    # what the page calls unique would come again, and be refused for that
    free = [(name, state) for name, state in draft.open_states if name not in draft.unique]
    for (left, one), (right, two) in itertools.islice(_pairs(free), max(room, 0)):
        body = with_member(with_member(draft.body, left, one.value), right, two.value)
        both = {left: one.name, right: two.name}
        observes = f"{left}.{one.name} with {right}.{two.name}"
        draft.add(Region.OPEN, spoken(both), body, observes=observes, states=both)


def _pairs(
    found: Sequence[tuple[str, State]],
) -> Iterator[tuple[tuple[str, State], tuple[str, State]]]:
    pairs = [(one, two) for one, two in itertools.combinations(found, 2) if one[0] != two[0]]
    yield from sorted(pairs, key=lambda pair: -pair[0][1].suspicion * pair[1][1].suspicion)


def _other_details(draft: Draft, owner: str, owned: Sequence[str]) -> None:
    """Refer to something known with other details than it has.

    What becomes of them is not stated.
    """
    known = next(state.value for state in draft.fields[owner] if isinstance(state.value, HandedOut))
    body = draft.with_member(owner, replace(known, by=(draft.cases[0].number,)))
    details = {
        name: {
            state.name: state.value for state in draft.fields[name] if state.region is Region.VALID
        }
        for name in owned
    }
    for kind in dict.fromkeys(
        kind for values in details.values() for kind in values if kind != "absent"
    ):
        changed = {name: values[kind] for name, values in details.items() if kind in values}
        label = f"{owner}: handed out, with other details, {kind}"
        draft.add(Region.OPEN, label, {**body, **changed}, observes=f"{owner}.with_other_details")


def _bodies(draft: Draft) -> None:
    """Add what the page says nothing about: whole bodies, an unknown member, media types."""
    for name, value in draft.contract.open_bodies.items():
        label = f"a body that the page says nothing about: {name}"
        draft.add(Region.OPEN, label, value, observes=f"body.{name}")
    if isinstance(draft.body, dict):
        more = {**draft.body, "unknownMember": "x"}
        draft.add(Region.OPEN, "an unknown member", more, observes="body.unknown_member")
    if draft.contract.request is None:
        for label, text in breaks.malformed(encode({"unknownMember": "x"})):
            draft.add(
                Region.OPEN, label, text, observes=f"body.{label.removeprefix('the body is ')}"
            )
    body = {} if draft.body is ABSENT else draft.body
    for name, media_type in (
        ("text/plain", "text/plain"),
        ("absent", None),
        ("utf-8", "application/json; charset=utf-8"),
    ):
        draft.add(
            Region.OPEN,
            f"media type: {name}",
            body,
            media_type=media_type,
            observes=f"media_type.{name}",
        )
