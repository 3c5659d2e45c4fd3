"""The course of a run of an operation that reads what other operations of its API create.

What was just created may take a moment until it can be read: when something is missing, the
reads are sent again after `Settings.lag`, and only the later answers count.
"""

import time
from collections.abc import Sequence

from contracts.engine import foreign
from contracts.engine.sender import Notify, Sender
from contracts.errors import NotThisApi, RunAborted
from contracts.judge.outcomes import checks, judge
from contracts.judge.results import all_alike, is_in_other_state, root_cause
from contracts.model import (
    Case,
    Clause,
    ClauseResult,
    Exchange,
    Finding,
    Kind,
    Observation,
    Outcome,
    Skipped,
)
from contracts.planning.plan import READ_AGAIN, Plan

MORE_LOOKS = 4  # before an address is said to be another one's


class ReadingCourse:
    """Create, read, judge, and read again if need be; see `Course` for what all runs have."""

    pairs = (0, 0)

    def __init__(self, sender: Sender, planned: Plan, notify: Notify) -> None:
        self.results: tuple[ClauseResult, ...] = ()
        self.findings: tuple[Finding, ...] = ()
        self.observations: tuple[Observation, ...] = ()
        self.served = True
        self._sender = sender
        self._cases = planned.cases
        self._notify = notify
        sender.reserve(len(planned.cases))
        sender.essential = planned.essential
        sender.skipped.extend(planned.elsewhere)

    def send_and_judge(self) -> None:
        """Send all cases, and the reads that show something missing once more."""
        if self._cases and not self._send():
            self.served = foreign.is_barred(self._sender.history)
            self.judge_nothing()
            return
        own_reads = [e for e in self._sender.history if e.must_accept]
        was_asked = bool(self._sender.everything)
        self.served = self._sender.settings.named or bool(own_reads) or not was_asked
        self._judge(self._sender.history)
        if self._is_something_missing():
            lag = self._sender.settings.lag
            time.sleep(lag)
            read_again = self._read_again()
            self._judge(self._sender.history)
            if read_again and not self._is_something_missing():
                words = f"not at once, but within {lag:g} s"
                self.observations = (Observation("reads.lag", words),)
        if foreign.is_absent(self._sender.history) and not self._sender.settings.named:
            self.served = False  # the first cases had nothing to read, the others found nothing
            self.judge_nothing()

    def judge_until(self, reason: RunAborted) -> None:
        """Judge what is known of a run that had to stop, unless no answer is one to judge."""
        self._judge([] if isinstance(reason, NotThisApi) else self._sender.history)

    def judge_nothing(self) -> None:
        """Leave every clause of an operation that is not there, or not accessible."""
        barred = foreign.is_barred(self._sender.history)
        outcome = Outcome.UNDECIDED if barred else Outcome.NOT_EXERCISED
        why = foreign.WHY_BARRED if barred else foreign.WHY_NOT_SERVED
        self.findings, self.results = (), all_alike(self._sender.contract, outcome, why)

    def _send(self) -> bool:
        """Send all cases, and return whether the operation is there.

        It is given up when what was just created is not found, also when it is asked for again
        after a moment: one that came along with its API is not served then, one that was named
        is refused.
        """
        sender = self._sender
        notify = self._notify
        first = self._cases[:2]
        rest = self._cases[2:]
        sender.send_all(first, notify)
        if not sender.everything:  # no budget or time was left
            sender.skip_likewise(rest)
            return True
        if foreign.reason(sender, sender.everything) is not None:
            more = rest[:MORE_LOOKS]
            rest = rest[MORE_LOOKS:]
            sender.send_all(more, notify)
            foreign.refuse(sender, sender.everything)
        if not sender.settings.named and foreign.is_barred(sender.history):
            more = rest[:MORE_LOOKS]
            rest = rest[MORE_LOOKS:]
            sender.send_all(more, notify)
            if foreign.is_barred(sender.history):
                return False
        reserved = READ_AGAIN
        lag = 0.0
        if foreign.is_absent(sender.history):
            lag = sender.settings.lag
            time.sleep(lag)
            sender.forget([first[1].number])
            sender.send_all(first[1:], notify)
            reserved -= len(first[1:])
            if foreign.is_absent(sender.history):
                sender.skipped.extend(Skipped(case, foreign.WHY_NOT_SERVED) for case in rest)
                return sender.settings.named
        rest = tuple(foreign.refuse_alike(sender, rest, notify))
        room = max(sender.left - reserved, 0)
        for block in _blocks(rest[:room]) if lag else [rest[:room]]:
            time.sleep(lag if block[0].must_accept and not block[0].operation else 0)
            sender.send_all(block, notify)
        why = f"{reserved} requests of the budget are kept for what may have to be read again"
        for case in rest[room:]:
            lack = "budget" if case.number in sender.essential else None
            sender.skip(Skipped(case, why, lack))
        return True

    def _judge(self, own: Sequence[Exchange]) -> None:
        """Judge exchanges of the operation itself, with those of the others beside them."""
        sender = self._sender
        blamed = _decided(own)
        root = root_cause(own)
        if root is not None:  # the plainest read is refused, which is told once
            told = () if is_in_other_state(sender.contract, own) else (root.number,)
            blamed = {number: ids if number in told else () for number, ids in blamed.items()}
        self.results, self.findings = judge(
            sender.contract, own, sender.skipped, blamed, sender.of_others
        )

    def _is_something_missing(self) -> bool:
        return any(_lags(finding.clause, finding.exchange) for finding in self.findings)

    def _read_again(self) -> bool:
        """Send the reads that show something missing again, in place of their answers."""
        sender = self._sender
        own = self._sender.history
        looks = checks(sender.contract, own, _decided(own), sender.of_others)
        broken = [look for look in looks if not look.ok]
        numbers = {
            look.exchange.number
            for look in broken
            if _lags(sender.contract.clause(look.clause), look.exchange)
        }
        may_lag = [each for each in self._cases if not (each.operation or each.must_refuse)]
        # a page is judged by lists before and after it: the one at the end is read once more
        last = {case.number for case in may_lag[-1:] if numbers and not case.takes}
        reads = [case for case in may_lag if case.number in numbers | last]
        again = reads[max(len(reads) - sender.left, 0) :]  # the last see the most
        sender.forget([case.number for case in reads])
        sender.send_all(again, self._notify)
        return bool(again)


def _blocks(cases: Sequence[Case]) -> list[list[Case]]:
    """Return cases in blocks that each begin with the first read after something was created."""
    blocks: list[list[Case]] = [[]]
    for case in cases:
        creates = any(before.operation for before in blocks[-1])
        if creates and case.must_accept and not case.operation:
            blocks.append([])
        blocks[-1].append(case)
    return list(filter(None, blocks))


def _decided(own: Sequence[Exchange]) -> dict[int, tuple[str, ...]]:
    """Return the clauses that each exchange decides by its number."""
    return {exchange.number: exchange.case.decides for exchange in own}


def _lags(clause: Clause, exchange: Exchange) -> bool:
    """Whether a violation may come of what was created not being there yet.

    What was deleted is not deleted once more.
    """
    if exchange.request.method == "DELETE":
        return False
    missing = clause.kind is Kind.ACCEPTANCE and exchange.status == 404
    return missing or clause.kind is Kind.RELATION
