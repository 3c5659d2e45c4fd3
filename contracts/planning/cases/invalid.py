"""Cases that have to be refused for their body: each constraint of D broken alone."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts import clause_ids
from contracts.model import Case, Region
from contracts.planning.bodies import breaks
from contracts.planning.bodies.states import UNKNOWN_ID
from contracts.planning.bodies.templates import as_in, sample
from contracts.planning.draft import Donors, Draft, by_turns, one_donor, rest
from contracts.planning.hosts import plainest_first
from contracts.schema.jsontext import at, encode, escape, type_of

LIKELIEST = 20  # clauses about required members that are broken once more in other bodies
BODIES = 4  # in which the likeliest break of a required member is sent
RARE_FORMS = 2  # of what few readers take for JSON, others with each seed
REFUSED_AGAIN = 4  # requests that were refused, the references of which have to be free


def invalid(draft: Draft, hosts: Sequence[Case], room: int, donors: Donors) -> Iterator[Case]:
    """Break each constraint, as often as there is room for: first in the plainest body.

    Further breaks of a clause come in the bodies of `hosts`, which may still grow. `donors`
    may hand out what a body refers to.
    """
    every = list(breaks.breaks(draft.documented, draft.plausible, draft.body, draft.seed))
    if not draft.contract.operation.body_required:  # null may be how one leaves it out
        every = [broken for broken in every if broken.body is not None]
    clauses = {broken.clause for broken in every}
    chosen = by_turns(every, lambda broken: broken.clause)[: max(room, len(clauses))]
    forms = [_form(broken) for broken in chosen]
    others = plainest_first(draft, [broken.clause for broken in chosen], hosts, forms)
    for broken, other in zip(chosen, others, strict=True):
        yield _broken(draft, broken, other, donors)
    for broken in _likeliest(every, draft.contract.required_members)[:LIKELIEST]:
        in_turn = plainest_first(draft, [broken.clause] * BODIES, hosts)
        for other in list(in_turn)[1:]:  # in the plainest it was broken before
            yield _broken(draft, broken, other, donors)


def _form(broken: breaks.Break) -> str:
    """Return the JSON type of what stands at the place that is broken."""
    return type_of(at(sample(broken.body), broken.pointer)) if broken.pointer else ""


def malformed(draft: Draft) -> Iterator[Case]:
    """Yield cases whose body is no JSON text."""
    body = sample(draft.body)
    rare = list(breaks.rarely_lenient(body))
    first = draft.seed * RARE_FORMS % len(rare)
    by_seed = [*rare, *rare][first : first + RARE_FORMS]
    for label, text in (*breaks.malformed(encode(body)), *breaks.lenient(body), *by_seed):
        if not text and not draft.contract.operation.body_required:
            continue
        yield draft.add(Region.INVALID, label, text, decides=(clause_ids.REQUEST_JSON,))


def references_again(draft: Draft, refused: Sequence[Case]) -> Iterator[Case]:
    """Send unique values again: of an order that exists, of requests that were refused.

    The last of these is one that is refused late, if at all: it refers to what nobody knows.
    """
    for name in (name for name in draft.unique if name in draft.body):
        template = draft.body[name]
        again = {**draft.body, name: as_in(template, draft.cases[0].number)}
        rows = [
            clause for clause in draft.contract.relations if clause.arguments["op"] == "once_by"
        ]
        decides = tuple(row.id for row in rows if row.arguments.get("request") == f"/{name}")
        label = f"{name} of an order that exists"
        yield draft.open(f"{name}.repeated", label, again, decides=decides)
        bodies = [case for case in refused if isinstance(case.body, dict)]
        spent = [case for case in bodies if case.body.get(name) == template]
        late = list(itertools.islice(_to_unknown(draft), 1))
        for case in (*_of_each_kind(spent, REFUSED_AGAIN - len(late)), *late):
            again = {**draft.body, name: as_in(template, case.number)}
            label = f"{name} of the refused case {case.number}"
            yield draft.open(f"{name}.of_refused", label, again)


def _to_unknown(draft: Draft) -> Iterator[Case]:
    """Refer to a thing to join that nobody knows, in a body that is plain but for that."""
    for name, child in draft.contract.plausible_members.items():
        if "created_by" in child.get("x-reference", {}):
            body = draft.with_member(name, UNKNOWN_ID)
            yield draft.open(f"{name}.unknown id", f"{name}: unknown id", body)


def _broken(draft: Draft, broken: breaks.Break, other: Case | None, donors: Donors) -> Case:
    """Return the plainest body, or another case's, with one thing broken in it."""
    label = broken.label
    body = broken.body
    if other is not None and broken.pointer:
        label += rest(other)
        body = _moved(broken, draft.documented, other.body)
    decides = (clause_ids.request(broken.clause),)
    return draft.add(Region.INVALID, label, body, donors, decides=decides)


def _moved(
    broken: breaks.Break, documented: Mapping[str, Any], body: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a valid body with the member at the top that is broken in another."""
    name = next(
        name
        for name in (*body, *broken.body)
        if f"{broken.pointer}/".startswith(f"/{escape(name)}/")
    )
    ignored = documented.get("properties", {}).get(name, {}).get("x-ignored-with", ())
    rest = {member: value for member, value in body.items() if member not in (name, *ignored)}
    return {**one_donor(rest), **({name: broken.body[name]} if name in broken.body else {})}


def _likeliest(every: Sequence[breaks.Break], required: Sequence[str]) -> list[breaks.Break]:
    """Return the first break of each clause about a required member: what loose servers take."""
    firsts: dict[str, breaks.Break] = {}
    for broken in every:
        firsts.setdefault(broken.clause, broken)
    return [first for first in firsts.values() if first.pointer.removeprefix("/") in required]


def _of_each_kind(cases: Sequence[Case], most: int) -> list[Case]:
    """Return so many cases that are refused for reasons of different kinds, the rarest first.

    A kind is a keyword that is broken, or bad credentials.
    """
    reasons = list({case.decides: case for case in cases}.values())

    def kind(case: Case) -> str:
        group = clause_ids.group(case.decides[0])
        return clause_ids.keyword(case.decides[0]) if group == clause_ids.REQUEST else group

    number = Counter(map(kind, reasons))
    return by_turns(sorted(reasons, key=lambda case: number[kind(case)]), kind)[:most]
