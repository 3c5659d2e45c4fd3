"""Cases that mean something in a row: create and join, several at once, the same again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from contracts import clause_ids
from contracts.model import ABSENT, Case, Region
from contracts.planning.bodies.proposals import RISKY
from contracts.planning.bodies.states import State, present
from contracts.planning.bodies.templates import HandedOut, as_in, references, sample, shared
from contracts.planning.draft import Draft
from contracts.schema import checks

IN_A_ROW = 9  # plain requests one after the other: shows what is wrong with every seventh
AT_ONCE = 4
ROUNDS = 3  # times that each race is asked for
TWINS = "twins with one reference, or of one new customer, at once"


def joined(draft: Draft) -> list[Case]:
    """Create with a null reference, then join: the first, the second, the first again.

    Return the cases that created something, those that were sent at the same moment last.
    """
    creators: list[Case] = []
    for name, child in draft.contract.plausible_members.items():
        reference = child.get("x-reference", {})
        if "created_by" not in reference:
            continue
        creates = State("null", reference["created_by"], Region.VALID)
        created = [draft.state_case(name, creates, f"{name}: create") for _ in range(2)]
        for donor in (created[0], created[1], created[0]):
            marker = HandedOut(reference["response"], (donor.number,))
            joins = State("handed out", marker, Region.VALID)
            draft.state_case(name, joins, f"{name}: join what case {donor.number} created")
        creators += created
        for turn in range(AT_ONCE):
            creators.append(_at_once(draft, name, creates, turn))
    return creators


def _at_once(draft: Draft, name: str, state: State, turn: int) -> Case:
    """Add one of several to be sent at the same moment, as different as they can be."""
    states_by_field = {name: state}
    for other, states in draft.fields.items():
        valid = [each for each in states if each.region is Region.VALID]
        free = [each for each in valid if not references(each.value)]
        states_by_field.setdefault(other, free[turn % len(free)])
    body = present({member: each.value for member, each in states_by_field.items()})
    if not checks.fits(draft.plausible, sample(body)):
        states_by_field = {name: state}
        body = draft.with_member(name, state.value)
    named = {member: each.name for member, each in states_by_field.items()}
    named = {**draft.typical_states, **named}
    label = f"{name}: create several at once"
    decides = (draft.clause(name, state.name),)
    return draft.add(Region.VALID, label, body, decides=decides, states=named, together=True)


def twins(draft: Draft, group: Sequence[Case]) -> Iterator[Case]:
    """Yield cases that compete: for one reference, as one new customer, for a place in one group.

    Whether a second one is taken is the server's to say, so they are open.
    """
    races = [
        *((name,) for name in draft.unique if name in draft.body),
        *(tuple(owned) for owned in draft.owners.values()),
    ]
    for turn in range(ROUNDS if races else 0):
        yield from _competing(draft, races, f"{TWINS}, round {turn + 1}")
    yield from _joining(draft, group)


def _competing(draft: Draft, races: Sequence[tuple[str, ...]], label: str) -> Iterator[Case]:
    """Yield twins for each race, all at one moment, with the same new values."""
    for names in races:
        first = len(draft.cases) + 1
        same = {name: as_in(draft.body[name], first) for name in names if name in draft.body}
        twin = draft.varied(same)
        for _ in range(2):
            yield draft.open("twins.at_once", label, **twin, together=True)


def _joining(draft: Draft, group: Sequence[Case]) -> Iterator[Case]:
    """Yield several cases that join the group of one case at the same moment."""
    for name, child in draft.contract.plausible_members.items():
        reference = child.get("x-reference", {})
        if "created_by" not in reference or not group:
            continue
        joins = {name: HandedOut(reference["response"], (group[-1].number,))}
        label = f"{name}: join one group at once"
        for _ in range(AT_ONCE):
            body = draft.varied(joins)
            yield draft.open(f"{name}.joined_at_once", label, **body, together=True)


def repeated(draft: Draft) -> None:
    """Send plain bodies again: at once, in a row, and the same but for what is unique."""
    if not any(case.together for case in draft.cases):
        draft.plain(AT_ONCE, "several at once", together=True)
    if not draft.fields:
        draft.plain(IN_A_ROW, "the same request again")
        return
    first = draft.cases[0].number
    new = {*draft.unique, *_likely_unique(draft)}
    again = {
        name: value if name in new else as_in(value, first) for name, value in draft.body.items()
    }
    label = f"the body of case {first} again, what is unique fresh"
    decides = (clause_ids.COMBINED,)
    draft.add(Region.VALID, label, again, decides=decides, states=draft.typical_states)
    for clause in draft.contract.relations:
        if clause.arguments["op"] == "once_by" and "header" in clause.arguments:
            _with_one_key(draft, clause.id, clause.arguments["header"])


def _likely_unique(draft: Draft) -> Iterator[str]:
    """Yield members that may have to be new though no page says so: addresses of nobody known."""
    owned = {name for names in draft.owners.values() for name in names}
    for name, child in draft.contract.plausible_members.items():
        if "x-fresh" in child and name not in owned:
            yield name


def _with_one_key(draft: Draft, clause_id: str, header: str) -> None:
    """Add a request with a key in a header, and the same request with the same key again."""
    first = draft.open("key.first", f"with {header}", headers={header: "{fresh}"})
    body = as_in(first.body, first.number)
    key = f"{{fresh:{first.number}}}"
    label = f"with the same {header}"
    again = draft.open(clause_ids.KEY_AGAIN, label, body, headers={header: key})
    after = (first.number,)
    decides = (clause_id,)
    draft.cases[-1] = replace(again, body=body, after=after, decides=decides)


def same_bytes(draft: Draft, cases: Sequence[Case]) -> Iterator[Case]:
    """Yield the bodies of earlier cases again, as they were.

    Those with something unique in them, and those that are likely to be refused, are left out.
    """
    risky = {
        (name, state.name)
        for name, states in draft.fields.items()
        for state in states
        if state.daring >= RISKY
    }
    for case in cases:
        body: Any = case.body
        has_unique = any(body.get(name) for name in draft.unique)
        if not has_unique and risky.isdisjoint(case.states.items()):
            same = as_in(body, case.number)
            label = f"the body of case {case.number} again"
            again = draft.open("body.sent_again", label, same, states=dict(case.states))
            # as it was sent, its amounts included
            draft.cases[-1] = replace(again, body=same)
            yield draft.cases[-1]


READS = "read_by"  # of a relation: the operation that reads


def read_afterwards(draft: Draft) -> None:
    """Change something once more, in the body that differs most, and read it."""
    relations = [clause for clause in draft.contract.relations if READS in clause.arguments]
    bodies = _by_difference(draft)
    for clause in relations if bodies else ():
        most = bodies[-1]
        change = draft.add(
            Region.VALID, "change it", most.body, decides=most.decides, states=most.states
        )
        draft.add(
            Region.VALID,
            "read what was changed",
            ABSENT,
            operation=clause.arguments[READS],
            decides=(clause.id,),
            after=(change.number,),
        )


def replaced(draft: Draft) -> None:
    """Write what was created first by its key: what differs most, then what has least in it."""
    first = draft.cases[0]
    bodies = _by_difference(draft)
    names = draft.contract.operation.chosen if bodies else ()
    for name in names:
        marker = HandedOut(draft.contract.operation.created or "", (first.number,))
        for case in (bodies[-1], min(bodies, key=lambda case: len(case.body))):
            draft.add(
                Region.VALID,
                "replace what was created first",
                case.body,
                decides=(clause_ids.COMBINED,),
                states=case.states,
                takes={name: marker},
                after=(len(draft.cases),),
            )


def _by_difference(draft: Draft) -> list[Case]:
    """Return valid cases that need no other one, last what differs most from the plainest."""
    bodies = [
        case
        for case in draft.cases
        if case.must_accept and isinstance(case.body, dict)
        if not references(case.body) and not shared(case.body)
    ]
    plain = draft.body if isinstance(draft.body, dict) else {}
    return sorted(bodies, key=lambda case: sum(plain.get(n) != v for n, v in case.body.items()))
