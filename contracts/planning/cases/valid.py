"""Cases that have to be accepted: the smallest, every pair of states, defaults."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from contracts import clause_ids
from contracts.model import ABSENT, Case, Region, Schema
from contracts.planning.bodies import covering
from contracts.planning.bodies.fields import in_every_pair
from contracts.planning.bodies.proposals import ODD
from contracts.planning.bodies.states import State, present, referring, refers
from contracts.planning.bodies.templates import HandedOut, as_in, references, sample
from contracts.planning.draft import ORDERS, Donors, Draft, in_order, spoken
from contracts.schema import checks

# requests that are the same but for what is new in each: one that is answered otherwise is a slip
ALIKE = 3
UNSENT_STATES = 3  # of which a case is added, where no row has them
FALLBACKS = 4  # cases that may hand out what a row refers to
UNSENT = ("handed out", "null", "absent")  # of which no member has several
SENT = "sent"  # any other state
ROWS = 6  # that refer to something known
PERIOD = 7  # of requests, at which a server that fails now and then is likely to fail


def introduce(draft: Draft) -> dict[str, tuple[int, ...]]:
    """Send made-up ids where a member holds some: a server that takes them hands them out.

    Return the cases that may hand out what a marker refers to, by its pointer.
    """
    donors: dict[str, tuple[int, ...]] = {}
    for name, child in draft.contract.plausible_members.items():
        if not refers(child) or "x-reference" in child:
            continue
        made_up = draft.with_member(name, sample(referring(child)))
        case = draft.open(f"{name}.unknown id", f"{name}: unknown id", made_up)
        donors |= {marker.pointer: (case.number,) for marker in references(referring(child))}
    return donors


def minimal(draft: Draft) -> list[Case]:
    """Send what is required, twice, with what makes it plausible; return the first case."""
    if clause_ids.MINIMAL not in draft.acceptances:
        return []
    required, body = _required(draft), _smallest(draft)
    if body != required and checks.fits(draft.documented, sample(required)):
        draft.open("body.required_only", "what is required and no more", required)
    first = _required_only(draft, "the required members only", body)
    _required_only(draft, "the required members only, again", body)
    return [first]


def defaults(draft: Draft) -> None:
    """Leave out what has a default and all that is optional, several times."""
    for name, child in draft.contract.documented_members.items():
        absent = [state for state in draft.fields[name] if state.value is ABSENT]
        valid = [state for state in absent if state.region is Region.VALID]
        for state in valid if "default" in child else ():
            for _ in range(ALIKE):
                draft.state_case(name, state, f"{name}: left out, the rest plain")
    if clause_ids.MINIMAL in draft.acceptances:
        _required_only(draft, "the required members only, at the end", _smallest(draft))


def stated(draft: Draft, most: int, introduced: Donors) -> None:
    """Send what the page states of values, each in an otherwise plain body; at most `most` cases.

    That is limits, options of what is nested in a member, and what is odd but plausible. A few
    valid states that no valid case has follow: only there a refusal counts. `introduced` are the
    cases that hand out what a value refers to.
    """
    sent = {pair for case in draft.cases if case.must_accept for pair in case.states.items()}
    states = [(name, state) for name, options in draft.fields.items() for state in options]
    stated = [pair for pair in states if _is_stated(draft, *pair)]
    others = [pair for pair in states if pair[1].region is Region.VALID and pair not in stated]
    unsent = [pair for pair in others if (pair[0], pair[1].name) not in sent][:UNSENT_STATES]
    for name, state in (*stated[:most], *unsent):
        label = f"{name}: {state.name}, the rest plain"
        if state.region is Region.OPEN:
            body = draft.with_member(name, state.value)
            draft.open(f"{name}.{state.name}", label, body, donors=introduced)
        elif state.name.endswith(clause_ids.LIMIT) or (name, state.name) not in sent:
            draft.state_case(name, state, label, introduced)


def _is_stated(draft: Draft, name: str, state: State) -> bool:
    """Whether a value is a limit, an option of what is nested in a member, or odd but plausible."""
    nested = clause_ids.request(clause_ids.nested(name, state.name))
    is_odd = state.region is Region.VALID and state.daring == ODD
    return nested in draft.acceptances or state.name.endswith(clause_ids.LIMIT) or is_odd


def _required(draft: Draft) -> dict[str, Any]:
    return {name: draft.body[name] for name in draft.contract.required_members}


def _smallest(draft: Draft) -> Any:
    """Return the plausible body with the fewest members, of one of the alternatives."""
    needed, ways = draft.plausible.get("required", ()), draft.plausible.get("anyOf", ({},))
    options = sorted(({*needed, *way.get("required", ())} for way in ways), key=len)
    for option in options:
        chosen = {name: value for name, value in draft.body.items() if name in option}
        body = {**_required(draft), **chosen}
        if checks.fits(draft.plausible, sample(body)):
            return body
    return draft.body


def otherwise_written(draft: Draft, smallest: Sequence[Case]) -> Iterator[Case]:
    """Send the smallest body as few writers of JSON would put it, where it can come again."""
    for case in smallest:
        if sample(case.body) == case.body:
            label = "the required members only, with white space and escapes"
            yield _required_only(draft, label, case.body, spread=True)


def _required_only(draft: Draft, label: str, body: Any, **more: Any) -> Case:
    """Append a valid case whose body has no more than is required."""
    states = {name: "typical" if name in body else "absent" for name in draft.fields}
    decides = (clause_ids.MINIMAL,)
    return draft.add(Region.VALID, label, body, decides=decides, states=states, **more)


def rows(draft: Draft, introduced: Donors) -> tuple[list[Row], covering.Pairs]:
    """Return the rows of the covering array over valid states, and the pairs they cover.

    Rows that refer to earlier cases come last. A reference to something known, such as a
    customer, is in rows of its own, since other members belong to it.
    """
    valid = {}
    for name, states in draft.fields.items():
        paired = in_every_pair(draft.contract, name, states, draft.seed)
        valid[name] = {state.name: state for state in paired}
    names = {name: list(options) for name, options in valid.items()}
    free = {name: states for name, states in names.items() if name not in draft.owners}
    together, fits = _alternatives(draft.plausible, {name: valid[name] for name in free})
    array = covering.rows(free, draft.seed, together, fits)
    array = [{name: row.get(name, "absent") for name in names} for row in array]
    referring = [row for owner in draft.owners for row in _known(draft, owner, names)]
    array += [_with_alternative(draft.plausible, valid, row) for row in referring]
    pairs = covering.pairs(array, names)
    array.sort(key=_references)
    array = _in_turn(array, 1 + sum(case.must_accept for case in draft.cases))
    donors = {
        name: _donors(draft, name, child["x-reference"])
        for name, child in draft.contract.plausible_members.items()
        if "x-reference" in child and name not in draft.owners
    }
    return [Row(states, valid, donors, introduced) for states in array], pairs


def _references(row: Mapping[str, str]) -> int:
    """Return how many members of a row refer to an earlier case."""
    return sum(state == "handed out" for state in row.values())


def _in_turn(array: Sequence[dict[str, str]], first: int) -> list[dict[str, str]]:
    """Return rows in an order in which those at every seventh place have many different states.

    A server that fails at every so manieth request fails with each state then. `first` is the
    place of the first row; what refers to earlier cases stays behind what does not.
    """
    rest, ordered, states = list(array), list[dict[str, str]](), set[tuple[str, str]]()
    while rest:
        row = rest[0]
        if (first + len(ordered)) % PERIOD == 0:
            alike = [other for other in rest if _references(other) == _references(row)]
            row = max(alike, key=lambda other: len(other.items() - states))
            states |= row.items()
        rest.remove(row)
        ordered.append(row)
    return ordered


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the covering array, as yet without a case.

    `valid` are the states of each field by name, `donors` the cases whose answers hand out
    what a field refers to (shared by all rows, which take turns).
    """

    states: Mapping[str, str]
    valid: Mapping[str, Mapping[str, State]]
    donors: dict[str, list[int]]
    introduced: Donors


def row_cases(draft: Draft, array: Sequence[Row], hosts: list[Case]) -> Iterator[Case]:
    """Yield a case for each row, and put it to the `hosts` that others break something in."""
    for row in array:
        body = {name: row.valid[name][state].value for name, state in row.states.items()}
        for name, value in body.items():
            if name in row.donors and isinstance(value, HandedOut):
                body[name] = replace(value, by=tuple(row.donors[name][:FALLBACKS]))
                row.donors[name].append(row.donors[name].pop(0))  # another one for the next
        for owner in [owner for owner in draft.owners if row.states[owner] == "handed out"]:
            body |= _owned(draft, owner, body, len(hosts))
        # a state's own clause is decided by every row that it is in
        clauses = (draft.clause(name, state) for name, state in row.states.items())
        decides = tuple(dict.fromkeys([*clauses, clause_ids.COMBINED]))
        body = in_order(draft, present(body), ORDERS[len(hosts) % len(ORDERS)])
        label, donors, states = spoken(row.states), row.introduced, row.states
        case = draft.add(Region.VALID, label, body, donors, decides=decides, states=states)
        hosts.append(case)
        yield case


def _alternatives(
    plausible: Schema, valid: Mapping[str, Mapping[str, State]]
) -> tuple[list[str], covering.Allows]:
    """Return the fields of which a body needs one, and a check of their states."""
    options = plausible.get("anyOf", ())
    named = [name for option in options for name in option.get("required", ())]
    together = [name for name in named if name in valid]

    @cache
    def fits(*chosen: str) -> bool:
        pairs = zip(together, chosen, strict=True)
        return _fits_any(options, {name: valid[name][state].value for name, state in pairs})

    return together, lambda row: fits(*(row[name] for name in together))


def _fits_any(options: Sequence[Schema], values: Mapping[str, Any]) -> bool:
    """Whether values of members fit one of the alternatives, if there are any."""
    body = sample(present(values))
    return not options or any(checks.fits(option, body) for option in options)


def _with_alternative(
    plausible: Schema, valid: Mapping[str, Mapping[str, State]], row: dict[str, str]
) -> dict[str, str]:
    """Return a row with what the first alternative asks for, where it keeps to none of them."""
    options = plausible.get("anyOf", ())
    values = {name: valid[name][state].value for name, state in row.items()}
    if _fits_any(options, values):
        return row
    absent = [name for name in options[0].get("required", ()) if row.get(name) == "absent"]
    sent = {name: next(state for state in valid[name] if state != "absent") for name in absent}
    return {**row, **sent}


def _known(draft: Draft, owner: str, names: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Return rows that refer to something known, with most pairs of kinds of states of the others.

    What belongs to it is as it was sent for it, or left out. The first row has all members.
    """
    sent: dict[str, Iterator[str]] = {}
    kinds: dict[str, list[str]] = {}
    for name in sorted(names.keys() - draft.owners.keys()):
        of_owner = name in draft.owners[owner]
        values = [state for state in names[name] if state == "typical" or not of_owner]
        special = [state for state in UNSENT if state in names[name]]
        sent[name] = itertools.cycle(state for state in values if state not in UNSENT)
        kinds[name] = [SENT, *special] if {*values} - {*UNSENT} else special
    fullest = {name: options[0] for name, options in kinds.items()}
    rows = [fullest, *covering.rows(kinds, draft.seed)][:ROWS]
    known = {**dict.fromkeys(draft.owners, "absent"), owner: "handed out"}
    return [
        {name: next(sent[name]) if kind == SENT else kind for name, kind in row.items()} | known
        for row in rows
    ]


def _owned(draft: Draft, owner: str, body: Mapping[str, Any], turn: int) -> dict[str, Any]:
    """Return a reference to what an earlier case made known, with what belongs to it.

    Beside another reference it is one that took no part in anything yet: who joins a group may
    be refused there a second time.
    """
    owned = draft.owners[owner]
    among = [
        case
        for case in draft.cases
        if case.must_accept
        and not case.after
        and owner not in case.body
        and all(case.body.get(name) == draft.body.get(name) for name in owned)
    ]
    alone = not references({**body, owner: None})
    donor = among[turn % len(among)] if alone else among[0]
    marker = replace(body[owner], by=(donor.number,))
    sent = [name for name in owned if body[name] is not ABSENT]
    return {**{name: as_in(body[name], donor.number) for name in sent}, owner: marker}


def _donors(draft: Draft, name: str, reference: Mapping[str, Any]) -> list[int]:
    """Return the numbers of earlier cases whose answers hand out what a reference needs."""
    created_by = reference.get("created_by", ABSENT)
    return [
        case.number
        for case in draft.cases
        if case.must_accept and case.body.get(name, ABSENT) is created_by
    ]
