"""Relations over the life of one thing: what an operation may be done to, and what it does.

A `Step` is one request about a thing, with what was shown of the thing right before and right
after it. What was shown counts until another request may have changed it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.judge.history import NOTHING, History, Look, moment
from contracts.judge.relations.forms import instant
from contracts.model import ABSENT, CREDENTIAL, Exchange
from contracts.schema.jsontext import at, is_number, same, show

ASYNCHRONOUS = 202  # what is accepted so is done later
CENTS = 1e-6  # by which sums of floating numbers may differ


@dataclass(frozen=True, slots=True)
class Step:
    """A request about a thing; `before` and `after` are ABSENT where nobody knows."""

    exchange: Exchange
    before: Any
    after: Any
    is_idle: bool  # nothing was done to it since it was shown by another operation

    @property
    def is_done(self) -> bool:
        """Whether this is a request of the operation itself that was taken."""
        own = self.exchange.case.operation is None
        return own and self.exchange.accepted and self.exchange.status != ASYNCHRONOUS

    def look(self, place: str, expected: str, value: Any, *, ok: bool) -> Look:
        """Return a look at what is shown of the thing afterwards."""
        return Look(self.exchange, ok, "", expected, f"{place} is {show(value)}")


@dataclass(frozen=True, slots=True)
class Thing:
    """Where things are named and shown: the arguments that all rules of this module have."""

    by: str  # the operation that creates them
    created_id: str  # where its answer has the id
    read_by: str
    response: str  # where an answer that reads has the thing
    parameter: str  # of the operation's own address
    answer: str | None = None  # where the operation's own answer has the thing

    def id_of(self, exchange: Exchange) -> str | None:
        """Return the id of the thing that a request is about."""
        if exchange.case.operation == self.by:
            created = at(exchange.value, self.created_id)
            return None if created in NOTHING else str(created)
        parameters = exchange.request.parameters
        if exchange.case.operation is None:
            return parameters.get(self.parameter)
        return [*parameters.values()][-1] if parameters else None

    def shown(self, exchange: Exchange) -> Any:
        """Return what an answer shows of the thing."""
        homes = {
            self.by: self.created_id.rpartition("/")[0],
            self.read_by: self.response,
            None: self.answer,
        }
        home = homes.get(exchange.case.operation)
        if exchange.accepted and home is not None:
            return at(exchange.value, home)
        return ABSENT


def steps(history: History, thing: Thing) -> list[Step]:
    """Return each request about a known thing, with the thing before it and after it."""
    lives: dict[str, list[Exchange]] = {}
    for exchange in sorted((*history.exchanges, *history.others), key=moment):
        named = thing.id_of(exchange)
        if named is not None and exchange.case.authorization == CREDENTIAL:
            lives.setdefault(named, []).append(exchange)
    return [step for life in lives.values() for step in _of_life(life, thing)]


def _of_life(life: Sequence[Exchange], thing: Thing) -> Iterator[Step]:
    known, is_told = ABSENT, False
    for index, exchange in enumerate(life):
        shown = thing.shown(exchange)
        following = life[index + 1 : index + 2]
        reads = [each for each in following if each.case.operation == thing.read_by]
        read = thing.shown(reads[0]) if reads else ABSENT
        if exchange.case.together:
            known = ABSENT
            continue
        changes = exchange.request.method != "GET" and not exchange.refused
        is_idle = not changes and not is_told
        yield Step(exchange, known, shown if read is ABSENT else read, is_idle)
        is_told = exchange.case.operation is None and (is_told or changes)
        if shown is not ABSENT or changes:
            known = shown


def _moves(every: Sequence[Step], member: str) -> bool:
    """Whether a member changed while things were only read, or something was refused.

    A state that the server moves on by itself says nothing of what was there a moment ago.
    """
    for step in every:
        values = at(step.before, member), at(step.after, member)
        if step.is_idle and ABSENT not in values and not same(*values):
            return True
    return False


def check_only_in(
    history: History,
    *,
    thing: Mapping[str, Any],
    member: str,
    values: Collection[str],
    status: Collection[int] = (),
) -> Iterator[Look]:
    """Check that an operation is done only to things that have one of some values at a member."""
    every = steps(history, Thing(**thing))
    for step in every if not _moves(every, member) else ():
        value = at(step.before, member)
        if step.exchange.case.operation is None and isinstance(value, str) and value not in values:
            yield _refusal(step, status, f"{member[1:]} was {show(value)}")


def _refusal(step: Step, status: Collection[int], reason: str) -> Look:
    """Look whether a request was refused, with one of the statuses where the page has any."""
    exchange = step.exchange
    # a request that is wrong in itself may be refused for that, and one that is odd for its oddity
    is_plain = not exchange.must_refuse and bool(exchange.case.takes) and status
    ok = exchange.refused and (not is_plain or exchange.status in status)
    expected = f"a refusal{f' with {min(status)}' if status else ''}, since {reason}"
    got = "it was accepted" if exchange.accepted else f"the status {exchange.status}"
    return Look(exchange, ok, "", expected, got)


def check_afterwards(
    history: History,
    *,
    thing: Mapping[str, Any],
    member: str,
    value: Any = ABSENT,
    cleared: bool = False,
) -> Iterator[Look]:
    """Check that a member has a value after an operation was done.

    Without one it is not null, or null where it was `cleared`.
    """
    expected = "null" if cleared else "something" if value is ABSENT else show(value)
    every = steps(history, Thing(**thing))
    for step in every if not _moves(every, member) else ():
        got = at(step.after, member)
        if step.is_done and got is not ABSENT:
            ok = (got is None) is cleared if value is ABSENT else same(got, value)
            yield step.look(member[1:], f"{member[1:]} is {expected} afterwards", got, ok=ok)


def check_adds(
    history: History,
    *,
    thing: Mapping[str, Any],
    member: str,
    sent: str = "",
    answered: str = "",
    times: int = 1,
    always: bool = False,
) -> Iterator[Look]:
    """Check that a number of a thing grows by what a request sends, `times` it.

    Without ``sent`` it grows by one where the request changed something, or ``always``. Where the
    answer has that number as well, at ``answered``, it is the new one.
    """
    for step in steps(history, Thing(**thing)):
        more = at(step.exchange.request.value, sent) if sent else 1
        before = at(step.before, member)
        after = at(step.after, member)
        is_change = bool(sent) or always or _changed(step, member)
        if not (step.is_done and is_change and is_number(before) and is_number(more)):
            continue
        expected = f"{member[1:]} is {before + times * more} afterwards, since it was {before}"
        shown = [after, *([at(step.exchange.value, answered)] if answered else [])]
        for value in filter(is_number, shown):
            ok = abs(value - before - times * more) < CENTS
            yield step.look(member[1:], expected, value, ok=ok)


def _changed(step: Step, member: str) -> bool:
    """Whether a request set something that was not so before."""
    sent = step.exchange.request.value
    before = step.before
    if not isinstance(sent, dict) or not isinstance(before, dict):
        return False
    pairs = [(value, before.get(name, ABSENT)) for name, value in sent.items() if name != member]
    return any(old is not ABSENT and not same(value, old) for value, old in pairs)


def check_within(
    history: History,
    *,
    thing: Mapping[str, Any],
    sent: str,
    member: str,
    status: Collection[int] = (),
    times: int = 1,
) -> Iterator[Look]:
    """Check that no request asks for more than the thing has."""
    for step in steps(history, Thing(**thing)):
        asked = at(step.exchange.request.value, sent)
        most = at(step.before, member)
        is_own = step.exchange.case.operation is None
        is_known = is_own and is_number(asked) and is_number(most)
        if is_known and times * asked > most:
            yield _refusal(step, status, f"{show(asked)} is more than there is")


def check_untouched(history: History, *, thing: Mapping[str, Any], member: str) -> Iterator[Look]:
    """Check that an operation leaves the time at which something was created as it was."""
    for step in steps(history, Thing(**thing)):
        before = instant(at(step.before, member))
        after = instant(at(step.after, member))
        if step.is_done and before and after:
            ok = before == after
            expected = f"{member[1:]} is {show(at(step.before, member))}, as before"
            yield step.look(member[1:], expected, at(step.after, member), ok=ok)
