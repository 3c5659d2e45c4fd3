"""Requests that a thing stands but once: a payment is captured, a booking is called off.

A plan asks them of one thing. Where the sandbox says that its state is another one by then, they
are asked of a thing that was just created; the first time also of things in other states, such as
those that another operation leads to. What changes a state, as the page has it, is always asked of
a new thing: the second time it may change nothing, and answer what it did before.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from contracts import model
from contracts.engine import linked
from contracts.judge.results import CONFLICT
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import HandedOut
from contracts.planning.cases.lifecycle import OTHER_ACTS, acts_on, in_other_states, taken_from
from contracts.planning.cases.reading_draft import links_to_path

STATES = frozenset({400, CONFLICT, 422})  # what servers answer to what may not be done any more
OTHER_STATES = 6  # in which things are created, until one will do
MOST_IN_VAIN = 4  # requests that a new thing was created for, and that were refused as before

Outcome = model.Exchange | model.Skipped
Way = tuple[Any, tuple[str, ...]]  # to a thing: the body that creates it, what is done to it then
Send = Callable[[model.Case], Outcome]


class Subjects:
    """The things that an operation acts on in one run; `send` sends a case that was not planned."""

    def __init__(self, contract: model.Contract, send: Send) -> None:
        links = links_to_path(contract) if contract.operation.method == "POST" else []
        path = contract.operation.path
        self._link = max(links, key=lambda link: path.find(f"{{{link.name}}}"), default=None)
        self._contract = contract
        self._send = send
        self._way: Way | None = None  # to what is acted on, once that helped
        operators = {clause.arguments["op"] for clause in contract.relations}
        if self._link and contract.request is not None and "afterwards" in operators:
            self._way = (plain_body(contract.of(self._link.source)), ())
        self._accepts = False
        self._in_vain = 0
        self._about_case: dict[int, HandedOut] = {}  # what a case was about, by its number

    def of_its_own(self, case: model.Case) -> model.Case:
        """Return a valid case about a new thing, where one thing stands but one request.

        What is read after such a case is the thing that it was about.
        """
        for marker in (self._about_case[n] for n in case.after if n in self._about_case):
            links = links_to_path(self._contract.of(case.operation))
            same = {link.name: marker for link in links if link.pointer == marker.pointer}
            return replace(case, takes={**same, **case.takes}) if case.operation else case
        if self._way is None or not case.must_accept or not self._acts(case):
            return case
        return self._about(case, self._way) or case

    def tried(self, done: Outcome, attempt: Send) -> Outcome:
        """Return the answer of a request, or that to `attempt`, of a thing in a better state."""
        if isinstance(done, model.Skipped) or not self._acts(done.case):
            return done
        self._accepts = self._accepts or done.accepted
        wrong = done.status in (STATES if done.must_accept else {CONFLICT})
        if not wrong or done.case.region is model.Region.OPEN or self._in_vain >= MOST_IN_VAIN:
            return done
        better = self._better(done, attempt)
        if better is None:
            self._in_vain += 1
            return done
        self._way, again = better
        self._accepts = True
        return again

    def _better(self, done: model.Exchange, attempt: Send) -> tuple[Way, model.Exchange] | None:
        """Return the way by which a request is answered otherwise, with that answer.

        One that is accepted goes before the first that is refused in another way, for which
        nothing was done to the thing.
        """
        refused: tuple[Way, model.Exchange] | None = None
        for way in self._ways():
            case = self._about(done.case, way)
            again = attempt(case) if case else done
            if not isinstance(again, model.Exchange) or again.status == done.status:
                continue
            if again.accepted or not done.must_accept:
                return way, again
            _, acts = way
            if refused is None and not acts:
                refused = (way, again)
        return refused

    def _acts(self, case: model.Case) -> bool:
        """Whether a case is of the operation itself, and its address names the usual thing."""
        named = self._link is None or self._link.name in {*case.takes, *case.path}
        return case.operation is None and not named and case.authorization == model.CREDENTIAL

    def _ways(self) -> Iterator[Way]:
        """Yield the ways to a new thing: where none would do yet, several."""
        assert self._link is not None  # noqa: S101
        creator = self._contract.of(self._link.source)
        plain = plain_body(creator)
        yield self._way or (plain, ())
        if not self._accepts:
            others = itertools.islice(acts_on(self._contract, self._link.source), OTHER_ACTS)
            yield from ((plain, (other.operation.name,)) for other in others)
            states = itertools.islice(in_other_states(creator), OTHER_STATES)
            yield from ((body, ()) for body in states)

    def _about(self, case: model.Case, way: Way) -> model.Case | None:
        """Return a case about a thing that is created for it; None where none is."""
        link, (body, acts) = self._link, way
        assert link is not None  # noqa: S101
        done = linked.create(link, body, self._send)
        if done is None:
            return None
        for name in acts:
            other = self._contract.of(name)
            act = model.Case(0, model.Region.OPEN, f"do {name} before", plain_body(other))
            takes = taken_from(done.case, other)
            acted = self._send(replace(act, operation=name, takes=takes))
            if isinstance(acted, model.Skipped) or not acted.accepted:
                return None
        marker = HandedOut(link.pointer, (done.case.number,))
        self._about_case[case.number] = marker
        return replace(case, takes={**case.takes, link.name: marker})
