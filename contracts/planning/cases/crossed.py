"""Open cases in which rare states meet: of members, of the request's form, of its company.

A defect often needs two conditions, such as an empty text in an order that joins a group. So
each rare state comes several times, each time among other states of the other members.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from contracts.model import CREDENTIAL, Case, Region
from contracts.planning.bodies.crossing import Option, crossed
from contracts.planning.bodies.fields import in_every_pair
from contracts.planning.bodies.proposals import DARING, ODD, PARTS
from contracts.planning.bodies.states import State, present
from contracts.planning.bodies.templates import HandedOut, as_new, references, sample
from contracts.planning.draft import ORDERS, Draft, in_order
from contracts.schema import checks

Pair = tuple[str, str]  # of a field, and its state
MOST_FORBIDDEN = 50  # rows, one after the other, that the page's own schema forbids
# states on which what a server does is likelier to depend than on a text's length, by weight
STATE_WEIGHTS = {
    "absent": 4,
    "null": 4,
    "handed out": 7,
    "non-ASCII": 2,
    "longest": 2,
    "spaces": 2,
    **dict.fromkeys(("empty", "with a tag", "digits only", "of one letter"), 3),
    **dict.fromkeys(("values of other types", "values of all types"), 3),
}
AT_ONCE = 4  # orders that are sent at the same moment
# fields of a request that are no members of its body, with what each state changes
ORDER = "order of members"
MORE = "further members"
MEDIA = "media type"
SCHEME = "scheme"
FORMS: Mapping[str, list[Option]] = {
    ORDER: list(map(Option, ORDERS)),
    MORE: [Option("none"), Option("an unknown one", ODD, rare=True)],
    MEDIA: [Option("plain"), Option("with a charset")],
    SCHEME: [Option("as documented"), Option("in lower case", DARING, rare=True)],
}
PLAIN = {name: options[0].name for name, options in FORMS.items()}
NULL = "null"
ALIKE = (NULL, "empty")  # states of most members
KNOWN_FROM = 1  # the case whose customer, or the like, is known to the server afterwards


@dataclass(frozen=True, slots=True)
class Experience:
    """What a server made of the states that it was sent.

    `rows` are the states by field of each request that it took, `taken` all pairs of field and
    state in these; `refused` are pairs that it refused by themselves.
    """

    rows: tuple[Mapping[str, str], ...] = ()
    taken: frozenset[Pair] = frozenset()
    refused: frozenset[Pair] = frozenset()

    def applied(self, field: str, options: Sequence[Option]) -> list[Option]:
        """Return the options of a field that are not refused, as daring as they turned out."""
        refused = {name for member, name in self.refused if member == field}
        accepted = {name for member, name in self.taken if member == field}
        return [
            replace(option, daring=min(option.daring, ODD)) if option.name in accepted else option
            for option in options
            if refused.isdisjoint((option.name, *option.parts))
        ]


NONE = Experience()


def crossed_cases(
    draft: Draft, group: Sequence[Case], experience: Experience = NONE
) -> Iterator[Case]:
    """Yield open cases, each with rare states of several members: as many as are asked for.

    There are no more where the page forbids many one after the other, of which rows know nothing.
    `group` are cases that created what may be joined: the first of them is joined again and again.
    What a server is known to refuse is left out, what it takes is no longer daring.
    """
    if not draft.fields:
        return
    fields = {name: _options(draft, name) for name in draft.fields} | dict(FORMS)
    if in_lower_case(draft.contract.operation.credential) is None:
        del fields[SCHEME]
    alike = _all_alike(draft) if experience is NONE else []
    for states in alike:
        if (case := _crossed_case(draft, states, group)) is not None:
            yield case
    forbidden = 0
    left_out = experience.refused | _spent(draft, experience.taken)
    known = replace(experience, refused=left_out)
    options = {name: known.applied(name, options) for name, options in fields.items()}
    for row in crossed(options, draft.seed, experience.rows or alike):
        case = _crossed_case(draft, {name: option.name for name, option in row.items()}, group)
        forbidden = 0 if case is not None else forbidden + 1
        if case is not None:
            yield case
        elif forbidden > MOST_FORBIDDEN:
            return


def _spent(draft: Draft, taken: Collection[Pair]) -> frozenset[Pair]:
    """Return the unique values that a server took and that cannot be new: empty texts."""
    empty = {
        (name, state.name)
        for name in draft.unique
        for state in draft.fields[name]
        if state.value == ""
    }
    return frozenset(empty & {*taken})


def _all_alike(draft: Draft) -> list[dict[str, str]]:
    """Return rows in which all members are null, and all are empty: each pair of these meets."""
    rows = []
    for alike in ALIKE:
        row = {
            name: alike
            for name, states in draft.fields.items()
            if any(state.name == alike for state in states)
            # an empty id is one that nobody handed out
            if alike == NULL or not any(references(state.value) for state in states)
        }
        if len(row) > 1:
            rows.append({**draft.typical_states, **PLAIN, **row})
    return rows


def alone(draft: Draft, name: str, state: State) -> Case | None:
    """Add a case with one open state in an otherwise typical request; None where D forbids it."""
    return _crossed_case(draft, {**draft.typical_states, **PLAIN, name: state.name}, ())


def at_once(draft: Draft, cases: Iterator[Case], label: str) -> list[Case]:
    """Return the next cases, which the draft now sends at the same moment."""
    block = list(islice(cases, AT_ONCE))
    for case in block:
        index = case.number - 1
        draft.cases[index] = replace(case, label=label, together=True, closing=True)
    return block


def _options(draft: Draft, name: str) -> list[Option]:
    """Return the states of a member as options: rare is what not every pair is sent of.

    So is a reference, to a customer that is known or a group that is joined, say.
    """
    common = in_every_pair(draft.contract, name, draft.fields[name], draft.seed)
    names = {state.name for state in draft.fields[name]}
    return [
        Option(
            state.name,
            ODD if name in draft.owners and references(state.value) else state.daring,
            rare=state not in common or references(state.value) != (),
            parts=tuple(part for part in PARTS.get(state.name, ()) if part in names),
            weight=STATE_WEIGHTS.get(state.name, 1),
        )
        for state in draft.fields[name]
    ]


def _crossed_case(draft: Draft, row: Mapping[str, str], group: Sequence[Case]) -> Case | None:
    """Add a row as a case; None where its states don't go together."""
    states_by_field = {
        name: next(state for state in states if state.name == row[name])
        for name, states in draft.fields.items()
    }
    rare = {
        name: state.name
        for name, state in states_by_field.items()
        if state.region is Region.OPEN or references(state.value)
    }
    body = {name: _value(name, state, draft, group) for name, state in states_by_field.items()}
    body = draft.without_ignoring(present(body), rare)
    if row[MORE] != "none":
        body["unknownMember"] = "x"
    body = in_order(draft, body, row[ORDER])
    if not checks.fits(draft.documented, sample(body)):
        return None
    media = "application/json; charset=utf-8" if row[MEDIA] != "plain" else "application/json"
    states = {**{name: state.name for name, state in states_by_field.items()}, **_forms(row)}
    lower = row.get(SCHEME) == FORMS[SCHEME][1].name
    credential = draft.contract.operation.credential
    observes = tuple(f"{name}.{state}" for name, state in rare.items())
    observes += ("scheme.in lower case",) if lower else ()
    label = ", ".join(f"{name}: {state}" for name, state in {**rare, **_forms(row)}.items())
    return draft.add(
        Region.OPEN,
        label,
        body,
        states=states,
        observes=observes,
        media_type=media,
        authorization=in_lower_case(credential) if lower else CREDENTIAL,
    )


def in_lower_case(credential: str | None) -> str | None:
    """Return a credential with its scheme in lower case (RFC 9110, 11.1); None if unchanged."""
    scheme, mark, token = (credential or "").partition(" ")
    return f"{scheme.lower()} {token}" if mark and scheme != scheme.lower() else None


def _value(name: str, state: State, draft: Draft, group: Sequence[Case]) -> Any:
    """Return a state's value, what it refers to being of one and the same earlier case.

    What the page calls unique is new in every run, since the server may remember it.
    """
    if name in draft.unique and isinstance(state.value, str) and state.value:
        return as_new(state.value)
    if not isinstance(state.value, HandedOut) or state.value.by:
        return state.value
    if name in draft.owners:
        return replace(state.value, by=(KNOWN_FROM,))
    return replace(state.value, by=tuple(case.number for case in group[:1]))


def _forms(row: Mapping[str, str]) -> dict[str, str]:
    """Return what is special about the form of a request."""
    return {name: row[name] for name in FORMS if row.get(name, PLAIN[name]) != PLAIN[name]}
