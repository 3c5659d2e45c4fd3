"""Cases that have to be refused for their body.

Each constraint of D broken alone, in plain bodies and in others.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from contracts.model import Case, Region, Schema
from contracts.planning.bodies import breaks
from contracts.planning.bodies.templates import as_in, sample
from contracts.planning.draft import Draft, one_donor, plainest_first, rest
from contracts.schema.jsontext import encode, escape

REFUSED_AGAIN = 3  # requests that were refused, the references of which have to be free


def invalid(draft: Draft, documented: Schema, plausible: Schema, room: int) -> list[Case]:
    """Break each constraint, as often as there is room for.

    In the plainest body, then in those of other cases.
    """
    made = list(breaks.breaks(documented, plausible, draft.body))
    # what refers to earlier answers is not sent where they hand out nothing, so here it is left out
    free = [row for row in (*draft.minimal, *draft.rows) if not row.after]
    kept = _thinned(made, room)
    others = plainest_first([broken.clause for broken in kept], free)
    cases = [_broken(draft, broken, other) for broken, other in zip(kept, others, strict=True)]
    for label, text in breaks.malformed(encode(sample(draft.body))):
        cases.append(draft.add(Region.INVALID, label, text, decides=("request.json",)))
    return cases


def invalid_again(draft: Draft, documented: Schema, plausible: Schema, room: int) -> None:
    """Break each member once more, by another value where there is one.

    In the bodies with most references.
    """
    if room <= 0:
        return
    spoilt: dict[str, list[breaks.Break]] = {}
    for broken in breaks.breaks(documented, plausible, draft.body, turn=1):
        if broken.pointer:
            spoilt.setdefault(broken.clause, []).append(broken)
    again = [options[number % len(options)] for number, options in enumerate(spoilt.values())]
    for broken, other in zip(again[:room], itertools.cycle(draft.richest)):
        _broken(draft, broken, other)


def references_again(draft: Draft, refused: Sequence[Case]) -> None:
    """Send again what has to be unique: of an order that exists, of requests that were refused."""
    for name in draft.unique:
        template = draft.body[name]
        again = {**draft.body, name: as_in(template, draft.cases[0].number)}
        draft.add(
            Region.OPEN, f"{name} of an order that exists", again, observes=f"{name}.repeated"
        )
        spent = [
            case
            for case in refused
            if isinstance(case.body, dict) and case.body.get(name) == template
        ]
        for case in _apart(spent, REFUSED_AGAIN):
            again = {**draft.body, name: as_in(template, case.number)}
            label = f"{name} of the refused case {case.number}"
            draft.add(Region.OPEN, label, again, observes=f"{name}.of_refused")


def _broken(draft: Draft, broken: breaks.Break, other: Case | None) -> Case:
    """Break one thing in the plainest body, or in that of another case.

    What is about no member stays as it is.
    """
    label, body = broken.label, broken.body
    if other is not None and broken.pointer:
        label += rest(other)
        body = _moved(broken, draft.contract.request or {}, other.body)
    return draft.add(Region.INVALID, label, body, decides=(f"request.{broken.clause}",))


def _moved(broken: breaks.Break, documented: Schema, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give a valid body with what is broken in another.

    A member at the top, whatever in it is wrong.
    """
    name = next(
        name
        for name in (*body, *broken.body)
        if f"{broken.pointer}/".startswith(f"/{escape(name)}/")
    )
    ignored = documented.get("properties", {}).get(name, {}).get("x-ignored-with", ())
    moved = one_donor(
        {member: value for member, value in body.items() if member not in (name, *ignored)}
    )
    return {**moved, **({name: broken.body[name]} if name in broken.body else {})}


def _thinned(made: Sequence[breaks.Break], room: int) -> list[breaks.Break]:
    """Keep as many breaks as there is room for.

    The first of every clause, then the second of each, and so on.
    """
    clauses = [broken.clause for broken in made]
    rank = [clauses[:index].count(clause) for index, clause in enumerate(clauses)]
    kept = sorted(range(len(made)), key=lambda index: rank[index])[: max(room, rank.count(0))]
    return [made[index] for index in sorted(kept)]


def _apart(cases: Sequence[Case], most: int) -> list[Case]:
    """Give so many cases, for different reasons where there are as many.

    The first, the last and some between.
    """
    reasons = list({case.decides: case for case in cases}.values())
    step = max(1, (len(reasons) - 1) // max(1, most - 1))
    return [*reasons[::step][: most - 1], *reasons[-1:]]
