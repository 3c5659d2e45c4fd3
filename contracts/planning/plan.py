"""The plan of a run: all cases in order, from a contract and a seed alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from contracts import clause_ids
from contracts.model import Case, Contract, Region, Skipped
from contracts.planning.bodies import covering
from contracts.planning.bodies.states import states
from contracts.planning.bodies.templates import Padded
from contracts.planning.cases import (
    authorization,
    crossed,
    invalid,
    lifecycle,
    opening,
    sequences,
    valid,
)
from contracts.planning.cases import open as open_region
from contracts.planning.cases.neighbours import reading_cases
from contracts.planning.cases.reading_draft import creator, deleting_cases
from contracts.planning.draft import Draft, richest

LARGEST = {True: 250, False: 115}  # cases, with and without a documented body
MOST = 3_000  # cases of a plan whatever the budget; `explore` goes on
RESERVE = 80  # requests of a budget that are kept for fuzzing and for making findings small
FIRST_LOOK = 12  # cases after which a sandbox that accepted nothing is not asked further
FIRST_BODIES = 4  # of these, bodies of which the page says nothing
AT_THE_END = 3  # plain requests
SENT_AGAIN = 2  # orders that are sent again as they were
STATED = 5  # the part of a plan that limits and nested options may take
AT_A_STEP = 4  # that are added together, with what they refer to
FEWEST_LATE = 25  # strange bodies and the like, however much comes before them
# states in which a text or a list is as long as it may be: they show what a server cuts
CUT = (f".longest {clause_ids.LIMIT}", f".most {clause_ids.LIMIT}")
READ_AGAIN = 2  # requests that are kept for reads that show something missing
BLOCKS = 4  # groups of crossed cases that are sent at the same moment
NO_PAIRS = covering.pairs((), {})


@dataclass(frozen=True, slots=True)
class Plan:
    """The cases in order, and the pairs of field states that the valid ones have to cover.

    `first_look` are those that are sent before all others when the plainest request is
    refused; `elsewhere` are cases that another shard of the run sends. `beyond` are how many
    cases there are more than were asked for, since some come together.
    """

    cases: tuple[Case, ...]
    pairs: covering.Pairs = NO_PAIRS
    first_look: tuple[Case, ...] = ()
    elsewhere: tuple[Skipped, ...] = ()
    beyond: int = 0

    @property
    def essential(self) -> frozenset[int]:
        """The numbers of the cases that decide each clause once."""
        return essential(self.cases)

    def lighter(self, most: int) -> Plan:
        """Return the plan without the bodies that are padded with more than so many letters."""
        light = (c for c in self.cases if not isinstance(c.body, Padded) or c.body.size <= most)
        return replace(self, cases=tuple(light))

    @property
    def closing(self) -> tuple[Case, ...]:
        """The plain cases that a plan ends with, which are sent after all else."""
        backwards = reversed(self.cases[1:])
        closing = itertools.takewhile(lambda case: case.must_accept, backwards)
        return tuple(closing)[::-1]


def plan(contract: Contract, seed: int, budget: int = 0) -> Plan:
    """Make the plan of a contract; the same seed and budget give the same plan.

    A budget beyond what the plan and its follow-ups take is spent on rare states that meet.
    """
    largest = max(LARGEST[contract.request is not None], min(budget - RESERVE, MOST))
    return _plan_once(contract, seed, largest)


@lru_cache(maxsize=64)  # as many operations as an API has; few of them have large bodies
def _plan_once(contract: Contract, seed: int, largest: int) -> Plan:
    """Make a plan of so many cases at most; one contract is planned once, however often it runs."""
    if contract.reads:
        if contract.operation.method == "DELETE":
            first = plan(creator(contract), seed).cases[0]
            deleting = deleting_cases(contract, seed, first)
            lifecycle.lives(deleting)
            return Plan(tuple(deleting.cases))
        return Plan(reading_cases(contract, seed, lambda creator: plan(creator, seed).cases))
    draft = opening.begun(contract, seed)
    if contract.request is None or contract.plausible is None:
        _fill_without_body(draft)
        pairs = NO_PAIRS
    elif not isinstance(draft.body, dict):
        _fill_whole(draft, largest)
        pairs = NO_PAIRS
    else:
        pairs = _fill(draft, largest)
    sequences.replaced(draft)
    sequences.read_afterwards(draft)
    draft.plain(AT_THE_END, "a plain request at the end")
    beyond = max(len(draft.cases) - largest, 0)
    return Plan(tuple(draft.cases), pairs, _first_look(draft), beyond=beyond)


def _first_look(draft: Draft) -> tuple[Case, ...]:
    """Return what is sent first where the plainest request is refused.

    Where no body is documented, a sandbox may ask for one all the same.
    """
    bodies = [c for c in draft.cases if isinstance(c.body, dict) and c.region is Region.OPEN]
    undocumented = bodies[:FIRST_BODIES] if draft.contract.request is None else []
    return (*draft.cases[1 : 1 + FIRST_LOOK - len(undocumented)], *undocumented)


def forget_plans() -> None:
    """Keep no plans that were made: after many seeds they would take much memory."""
    _plan_once.cache_clear()


def _fill(draft: Draft, largest: int) -> covering.Pairs:
    """Add the cases of an operation whose body is documented; return the pairs to be covered.

    What decides each clause comes first, refusals between orders, then rare states that meet.
    """
    introduced, smallest, creators = opening.referred_to(draft)
    sequences.repeated(draft)
    lifecycle.lives(draft)
    array, pairs = valid.rows(draft, introduced)
    reasons = authorization.refusal_cases(draft)
    hosts = list(smallest)
    orders = valid.row_cases(draft, array, hosts)
    credentials = authorization.refused(draft, reasons, hosts)
    broken = invalid.invalid(draft, hosts, largest // 3, introduced)
    woven = _woven(orders, _alternating(credentials, broken), 1)
    refusals = [case for case in woven if case.must_refuse]
    refusals += invalid.malformed(draft)
    valid.stated(draft, largest // STATED, introduced)
    valid.defaults(draft)
    list(invalid.references_again(draft, refusals))
    list(sequences.twins(draft, creators))
    rich = richest(hosts)
    strange = itertools.chain(
        valid.otherwise_written(draft, smallest),
        open_region.strange_bodies(draft, smallest[0].body if smallest else {}),
    )
    others = _alternating(
        open_region.open_cases(draft),
        authorization.refused_in_other_bodies(draft, reasons, [*rich[:1], *smallest]),
    )
    late = _woven(strange, others, 3)
    rare = crossed.crossed_cases(draft, creators)
    crossed_from = len(draft.cases)
    for turn in range(BLOCKS):
        label = f"orders with rare states at once, {turn + 1} of {BLOCKS}"
        crossed.at_once(draft, rare, label)
        list(itertools.islice(rare, 2))
    room = largest - AT_THE_END - SENT_AGAIN - AT_A_STEP
    room = max(room, len(draft.cases) + FEWEST_LATE)
    for _ in _woven(late, rare, 6):
        if len(draft.cases) >= room:
            break
    again = [case for case in draft.cases[crossed_from:] if len(case.states) > 1] + hosts[::3]
    list(itertools.islice(sequences.same_bytes(draft, again), SENT_AGAIN))
    return pairs


def _fill_whole(draft: Draft, largest: int) -> None:
    """Add the cases of an operation whose body is a list: its states and its breaks, each once."""
    sequences.repeated(draft)
    hosts = draft.cases[:1]
    for state in states(draft.documented, draft.plausible, required=True)[1:]:
        if state.region is Region.VALID:
            decides = (draft.clause("", state.name),)
            draft.add(Region.VALID, f"the list: {state.name}", state.value, decides=decides)
        else:
            draft.open(f"list.{state.name}", f"the list: {state.name}", state.value)
    reasons = authorization.refusal_cases(draft)
    credentials = authorization.refused(draft, reasons, hosts)
    broken = invalid.invalid(draft, [], largest // 3, {})
    list(_alternating(credentials, broken))
    list(invalid.malformed(draft))


def _fill_without_body(draft: Draft) -> None:
    """Add the cases of an operation whose page documents no body."""
    sequences.repeated(draft)
    lifecycle.lives(draft)
    for name, parameter in draft.contract.operation.query.items():
        for value in parameter.values:
            decides = (clause_ids.query(name, value),)
            query = {name: value}
            draft.add(Region.VALID, f"with {name}={value}", query=query, decides=decides)
    reasons = authorization.refusal_cases(draft)
    refusals = authorization.refused(draft, reasons, [])
    for number, _ in enumerate(refusals, 1):
        if number % 5 == 0:
            draft.plain(1, "a plain request after others were refused")
    list(open_region.open_cases(draft))
    if draft.contract.operation.takes_body:
        list(open_region.strange_bodies(draft, {}))
    list(authorization.refused_in_other_bodies(draft, reasons, []))


def _alternating(*parts: Iterator[Case]) -> Iterator[Case]:
    """Yield one case of each part in turn, until all are at their end."""
    unfinished = list(parts)
    while unfinished:
        for part in list(unfinished):
            case = next(part, None)
            if case is None:
                unfinished.remove(part)
            else:
                yield case


def _woven(first: Iterator[Case], second: Iterator[Case], count: int) -> Iterator[Case]:
    """Yield so many cases of the first, then one of the second, until both are at their end."""
    while True:
        cases = [*_next(first, count), *_next(second, 1)]
        if not cases:
            return
        yield from cases


def _next(part: Iterable[Case], count: int) -> list[Case]:
    return list(itertools.islice(part, count))


def renumbered(case: Case, number: int) -> Case:
    """Return a case as a further one of a run: with a number of its own, sent by itself."""
    return replace(case, number=number, together=False, closing=False)


def essential(cases: Sequence[Case]) -> frozenset[int]:
    """Return the numbers of cases that decide each clause once, with what they refer to.

    Each state of each field is sent once as well, since which relations an answer exercises
    depends on what was sent. Left out are pairs of states, and cases that decide nothing new.
    """
    covered: set[object] = set()
    numbers: list[int] = []
    for case in cases:
        is_of_life = case.region is Region.OPEN and bool(case.takes)
        is_limit = len(case.observes) == 1 and case.observes[0].endswith(CUT)
        if case.region is Region.OPEN and not (case.decides or is_of_life or is_limit):
            continue
        news: set[object] = {("clause", clause) for clause in case.decides}
        news |= {("life", case.number)} if is_of_life else set()
        news |= {("limit", case.observes)} if is_limit else set()
        if case.must_accept:
            news |= {("state", *pair) for pair in case.states.items()}
            news |= {("sequence", case.label)} if not case.states else set()
        if not news <= covered:
            covered |= news
            numbers.append(case.number)
    return frozenset(with_predecessors(cases, numbers))


def with_predecessors(cases: Iterable[Case], numbers: Iterable[int]) -> set[int]:
    """Return the numbers of some of the cases, and of all that these come after."""
    by_number = {case.number: case for case in cases}
    waiting = list(numbers)
    result = set[int]()
    while waiting:
        number = waiting.pop()
        if number in by_number and number not in result:
            result.add(number)
            waiting += by_number[number].after
    return result


def essential_first(
    cases: Sequence[Case], closing: Sequence[Case], budget: int
) -> tuple[Case, ...]:
    """Return cases, first those that decide each clause once, then those that `closing` names.

    As many others stand between both as the budget has room for; the rest follows.
    """
    first = essential(cases)
    ends = {case.number for case in closing}
    inner = [case for case in cases if case.number not in ends]
    ordered = sorted(inner, key=lambda case: case.number not in first)
    room = max(budget - len(closing), len(first - ends))
    return (*ordered[:room], *closing, *ordered[room:])
