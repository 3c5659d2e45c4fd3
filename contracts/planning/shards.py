"""A share of a plan, for runs that are spread over several jobs.

The valid cases of an operation stay together, since what a refusal is blamed on, which orders
join which group and whether ids repeat shows only in all of them. Invalid cases are dealt out
by the clause that they decide, open ones one by one, and what refers to earlier cases goes
with them. Every shard begins with the plainest request and ends with plain ones, so that it
can tell for itself whether the sandbox works at all.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from contracts.errors import UsageError
from contracts.model import ELSEWHERE, Case, Contract, Skipped
from contracts.planning.plan import READ_AGAIN, Plan, essential_first, plan, with_predecessors

MOST = 1_000  # shards


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several shares of a run, counted from 1."""

    number: int
    of: int

    @classmethod
    def read(cls, text: str) -> Shard:
        """Read a text such as ``1/4``; UsageError when it is none."""
        match = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
        if match is None or not 1 <= int(match[1]) <= int(match[2]) <= MOST:
            raise UsageError(
                f"--shard {text!r}: expected a shard and how many there are, from 1/1 to "
                f"{MOST}/{MOST}"
            )
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def home(self, api: str) -> int:
        """Return the number of the shard that has an API's valid cases."""
        return 1 + zlib.crc32(api.encode()) % self.of

    def is_home(self, api: str) -> bool:
        """Whether this shard has an API's valid cases, and decides what has to be accepted."""
        return self.number == self.home(api)


def planned(contract: Contract, seed: int, budget: int, shard: Shard | None) -> Plan:
    """Make the plan that a run sends: the whole, or one shard's share of it."""
    whole = plan(contract, seed, budget)
    if contract.reads and shard is not None:  # what it creates and reads belongs together
        home = shard.home(contract.name)
        elsewhere = [Skipped(case, f"{ELSEWHERE} {home}/{shard.of}") for case in whole.cases]
        return whole if shard.number == home else Plan((), elsewhere=tuple(elsewhere))
    room = budget - READ_AGAIN if contract.reads else budget
    if len(whole.cases) > room:
        whole = replace(whole, cases=essential_first(whole.cases, whole.closing, room))
    return whole if shard is None else share(whole, shard, contract.api)


def share(whole: Plan, shard: Shard, api: str) -> Plan:
    """Return the cases of a plan that one shard sends, and which others send the rest."""
    owner = _owners(whole, shard, api)
    numbers = [case.number for case in whole.cases]
    own = [number for number in numbers if owner.get(number, shard.number) == shard.number]
    sent = with_predecessors(whole.cases, own)
    elsewhere = [
        Skipped(case, f"{ELSEWHERE} {owner[case.number]}/{shard.of}", "shares")
        for case in whole.cases
        if case.number not in sent
    ]
    return replace(
        whole,
        cases=tuple(case for case in whole.cases if case.number in sent),
        elsewhere=tuple(elsewhere),
    )


def drawn(cases: Sequence[Case], shard: Shard, api: str) -> list[Case]:
    """Return those of the generated cases that one shard sends."""
    dealt = itertools.cycle(range(1, shard.of + 1))
    owners = [shard.home(api) if case.must_accept else next(dealt) for case in cases]
    return [case for case, owner in zip(cases, owners, strict=True) if owner == shard.number]


def _owners(whole: Plan, shard: Shard, api: str) -> dict[int, int]:
    """Return the shard of each case by its number, without those that every shard sends."""
    cases = whole.cases
    everywhere = {case.number for case in (whole.cases[0], *whole.closing)}
    valid = [case for case in cases if case.must_accept and case.number not in everywhere]
    home = shard.home(api)
    owners = {case.number: home for case in valid}
    sent: dict[int, set[int]] = {number: set() for number in range(1, shard.of + 1)}
    sent[home] |= with_predecessors(cases, [case.number for case in valid])
    for group in _groups(case for case in cases if not case.must_accept):
        least = min(sent, key=lambda number: (len(sent[number]), number))
        sent[least] |= with_predecessors(cases, [case.number for case in group])
        owners.update((case.number, least) for case in group)
    return owners


def _groups(cases: Iterable[Case]) -> list[list[Case]]:
    """Put together what decides one clause, and open cases that refer to earlier ones."""
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        if case.must_refuse:
            key = ("clause", case.decides[0])
        else:
            key = ("open", "refers" if case.after else str(case.number))
        groups[key].append(case)
    return sorted(groups.values(), key=len, reverse=True)
