"""Requests that a thing stands but once: a payment is captured, a booking is called off.

A plan asks them of one thing. Where the sandbox says that its state is another one by then, they
are asked of a thing that was just created; the first time also of things in other states.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from contracts import model
from contracts.engine import linked
from contracts.judge.results import CONFLICT
from contracts.planning.bodies.fields import field_states, plain_body, plain_members
from contracts.planning.bodies.templates import HandedOut, references
from contracts.planning.cases.reading_draft import links_to_path

STATES = frozenset({400, CONFLICT, 422})  # what servers answer to what may not be done any more
OTHER_STATES = 6  # in which things are created, until one will do
MOST_IN_VAIN = 4  # requests that a new thing was created for, and that were refused as before

Outcome = model.Exchange | model.Skipped
Send = Callable[[model.Case], Outcome]


class Subjects:
    """The things that an operation acts on in one run; `send` sends a case that was not planned."""

    def __init__(self, contract: model.Contract, send: Send) -> None:
        links = links_to_path(contract) if contract.operation.method == "POST" else []
        path = contract.operation.path
        self._link = max(links, key=lambda link: path.find(f"{{{link.name}}}"), default=None)
        self._contract, self._send = contract, send
        self._body: Any = None  # in which what is acted on is created, once that helped
        self._accepts, self._in_vain = False, 0
        self._about_case: dict[int, HandedOut] = {}  # what a case was about, by its number

    def of_its_own(self, case: model.Case) -> model.Case:
        """Return a valid case about a new thing, where one thing stands but one request.

        What is read after such a case is the thing that it was about.
        """
        for marker in (self._about_case[n] for n in case.after if n in self._about_case):
            links = links_to_path(self._contract.of(case.operation))
            same = {link.name: marker for link in links if link.pointer == marker.pointer}
            return replace(case, takes={**same, **case.takes}) if case.operation else case
        if self._body is None or not case.must_accept or not self._acts(case):
            return case
        return self._about(case, self._body) or case

    def tried(self, done: Outcome, attempt: Send) -> Outcome:
        """Return the answer of a request, or that to `attempt`, of a thing in a better state."""
        if isinstance(done, model.Skipped) or not self._acts(done.case):
            return done
        self._accepts = self._accepts or done.accepted
        wrong = done.status in (STATES if done.must_accept else {CONFLICT})
        if not wrong or done.case.region is model.Region.OPEN or self._in_vain >= MOST_IN_VAIN:
            return done
        for body in self._bodies():
            case = self._about(done.case, body)
            again = attempt(case) if case else done
            if isinstance(again, model.Exchange) and again.status != done.status:
                self._body, self._accepts = body, True
                return again
        self._in_vain += 1
        return done

    def _acts(self, case: model.Case) -> bool:
        """Whether a case is of the operation itself, and its address names the usual thing."""
        named = self._link is None or self._link.name in {*case.takes, *case.path}
        return case.operation is None and not named and case.authorization == model.CREDENTIAL

    def _bodies(self) -> Iterator[Any]:
        """Yield the bodies in which a thing is created: where none would do yet, several."""
        assert self._link is not None  # noqa: S101
        creator = self._contract.of(self._link.source)
        yield plain_body(creator) if self._body is None else self._body
        if not self._accepts:
            yield from itertools.islice(_in_other_states(creator), OTHER_STATES)

    def _about(self, case: model.Case, body: Any) -> model.Case | None:
        """Return a case about a thing that is created for it; None where none is."""
        link = self._link
        assert link is not None  # noqa: S101
        done = linked.create(link, body, self._send)
        if done is None:
            return None
        marker = HandedOut(link.pointer, (done.case.number,))
        self._about_case[case.number] = marker
        return replace(case, takes={**case.takes, link.name: marker})


def _in_other_states(creator: model.Contract) -> Iterator[dict[str, object]]:
    """Yield bodies that differ from the plainest in one option: what is created may depend on it.

    Example: ``capture: false`` makes a payment that is still to be captured.
    """
    for name, states in field_states(creator).items():
        options = creator.documented_members[name].get("enum", (True, False))
        for state in states:
            is_other = state.name != "typical" and state.region is model.Region.VALID
            if is_other and not references(state.value) and state.value in options:
                yield {**plain_members(creator), name: state.value}
