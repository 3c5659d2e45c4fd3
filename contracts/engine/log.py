"""What one run has sent and what it has not, by the numbers of its cases."""

import itertools
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from contracts.model import ABSENT, Case, Contract, Exchange, Skipped
from contracts.planning.plan import renumbered
from contracts.schema.jsontext import at, show

LONGEST_ID = 200  # characters of an id that are kept


class Log:
    """Exchanges, skipped cases and free numbers of one run; safe to use from several threads."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.exchanges: dict[int, list[Exchange]] = {}
        self.recovered: list[Exchange] = []  # failures that a second try did not show
        self.outages: list[Exchange] = []  # failures after which nothing was answered for a while
        self.skipped: list[Skipped] = []
        self._lock = threading.Lock()
        self._next = 1

    @property
    def history(self) -> list[Exchange]:
        """The exchanges of the operation itself in the order of their cases."""
        return [each for each in self.everything if each.case.operation is None]

    @property
    def of_others(self) -> list[Exchange]:
        """The exchanges of other operations of the API in the order of their cases."""
        return [each for each in self.everything if each.case.operation is not None]

    @property
    def everything(self) -> list[Exchange]:
        """All exchanges in the order of their cases, those of other operations as well.

        A transport that failed once in a run and not when it was tried again is not held
        against the sandbox.
        """
        with self._lock:
            repeated = self.recovered if len(self.recovered) > 1 else []
            every = itertools.chain(repeated, *self.exchanges.values())
            return sorted(every, key=lambda exchange: exchange.number)

    def answers(self, number: int) -> Sequence[Exchange]:
        """Return the exchanges of a case by its number."""
        return self.exchanges.get(number, ())

    @property
    def free_number(self) -> int:
        """A number that no case has which was sent so far."""
        return max(self.exchanges, default=0) + 1

    def created(self) -> tuple[str, ...]:
        """Return the ids of everything that was created; an id too long to be one is cut."""
        values = []
        for exchange in self.everything:
            contract = self.contract.of(exchange.case.operation)
            pointer = contract.operation.created
            may_create = contract.creates or not self.contract.several
            if exchange.accepted and may_create and pointer:
                values.append(at(exchange.value, pointer))
        return tuple(shown_id(value) for value in values if value not in (ABSENT, None))

    def numbered(self, cases: Sequence[Case]) -> list[Case]:
        """Return cases that were not planned under the next free numbers."""
        with self._lock:
            first = max(self._next, self.free_number)
            self._next = first + len(cases)
        return [renumbered(case, number) for number, case in enumerate(cases, first)]

    def reserve(self, numbers: int) -> None:
        """Keep the numbers of planned cases from being given to others."""
        self._next = numbers + 1

    def remember(self, *exchanges: Exchange) -> None:
        """Keep exchanges that were answered, or failed in a way that tells of an answer."""
        with self._lock:
            for exchange in exchanges:
                self.exchanges.setdefault(exchange.case.number, []).append(exchange)

    def recover(self, failures: Sequence[Exchange]) -> None:
        """Keep failures that did not show when the same case was tried again."""
        with self._lock:
            self.recovered += failures

    def skip(self, skipped: Skipped) -> Skipped:
        """Keep a case that could not be sent, and return it."""
        with self._lock:
            self.skipped.append(skipped)
        return skipped

    def skip_likewise(self, cases: Iterable[Case]) -> None:
        """Keep cases that could not be sent, for the reason of the last that could not."""
        with self._lock:
            last = self.skipped[-1]
            self.skipped.extend(replace(last, case=case) for case in cases)

    def forget(self, numbers: Collection[int]) -> None:
        """Forget the exchanges of cases that are sent again: only the later ones count."""
        with self._lock:
            for number in numbers:
                self.exchanges.pop(number, None)


def shown_id(value: Any) -> str:
    """Return an id as reports have it; one too long to be an id is cut."""
    text = value if isinstance(value, str) else show(value)
    return text if len(text) <= LONGEST_ID else f"{text[:LONGEST_ID]}…"
