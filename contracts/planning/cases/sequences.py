"""Cases that only mean something in a row: create and join, several at once, the same again."""

from __future__ import annotations

from contracts.model import ABSENT, Region, Schema
from contracts.planning.bodies.states import State
from contracts.planning.bodies.templates import HandedOut, as_in, references, sample
from contracts.planning.draft import Draft
from contracts.schema import checks

IN_A_ROW = 9  # plain requests one after the other: shows what is wrong with every seventh
AT_ONCE = 4


def joined(draft: Draft, plausible: Schema) -> None:
    """Create with a null reference, then join: the first, the second, the first again.

    Create several at once.
    """
    for name, child in plausible.get("properties", {}).items():
        reference = child.get("x-reference", {})
        if "created_by" not in reference:
            continue
        creates = State("null", reference["created_by"], Region.VALID)
        created = [draft.state_case(name, creates, f"{name}: create") for _ in range(2)]
        for donor in (created[0], created[1], created[0]):
            marker = HandedOut(reference["response"], (donor.number,))
            joins = State("handed out", marker, Region.VALID)
            draft.state_case(name, joins, f"{name}: join what case {donor.number} created")
        for number in range(AT_ONCE):
            _at_once(draft, name, creates, number, plausible)


def _at_once(draft: Draft, name: str, state: State, number: int, plausible: Schema) -> None:
    """Add one of several to be sent at the same moment.

    As different as they can be, so that mix-ups show.
    """
    chosen = {name: state}
    for other, options in draft.fields.items():
        free = [one for one in options if one.region is Region.VALID and not references(one.value)]
        chosen.setdefault(other, free[number % len(free)])
    body = {member: one.value for member, one in chosen.items() if one.value is not ABSENT}
    if not checks.fits(plausible, sample(body)):
        chosen, body = {name: state}, draft.with_member(name, state.value)
    found = {**draft.typical_states, **{member: one.name for member, one in chosen.items()}}
    label, decides = f"{name}: create several at once", (draft.clause(name, state.name),)
    draft.add(Region.VALID, label, body, decides=decides, states=found, together=True)


def repeated(draft: Draft) -> None:
    """Send plain bodies again.

    At once, several in a row, the very same but for what has to be unique.
    """
    if not any(case.together for case in draft.cases):
        draft.plain(AT_ONCE, "several at once", together=True)
    if not draft.fields:
        draft.plain(IN_A_ROW, "the same request again")
        return
    first = draft.cases[0].number
    again = {
        name: value if name in draft.unique else as_in(value, first)
        for name, value in draft.body.items()
    }
    label = f"the body of case {first} again, what is unique fresh"
    draft.add(
        Region.VALID, label, again, decides=("request.combined",), states=draft.typical_states
    )
