"""A run of an operation that reads what other operations of its API create.

What was just created may take a moment until it can be read: when something is missing, the reads
are sent again after `Settings.lag`, and only the later answers count.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence

from contracts.engine import clean_up, crash, foreign
from contracts.engine.described import described
from contracts.engine.observations import observe
from contracts.engine.sender import Sender
from contracts.engine.settings import Settings
from contracts.engine.steps import with_steps
from contracts.engine.transports import Transport
from contracts.errors import NotThisApi, RunAborted
from contracts.judge.causes import causes
from contracts.judge.outcomes import checks, judge
from contracts.model import (
    Case,
    Clause,
    ClauseResult,
    Contract,
    Exchange,
    Finding,
    Kind,
    Observation,
    Outcome,
    Region,
    Run,
    Skipped,
)
from contracts.planning.plan import Plan

NOT_SERVED = (404, 405, 501)  # what a server answers at an address, or to a method, it has not
WHY_NOT_SERVED = "not served here"

Notify = Callable[[Exchange | Skipped], None]
Judged = tuple[tuple[ClauseResult, ...], tuple[Finding, ...]]


def run_reads(
    contract: Contract, transport: Transport, settings: Settings, planned: Plan, notify: Notify
) -> Run:
    """Return the run of an operation that reads: create, read, judge, and read again if need be."""
    started = time.monotonic()
    run_id = uuid.uuid4().hex[:8]
    sender = Sender(contract, transport, settings, run_id)
    sender.reserve(len(planned.cases))
    sender.skipped.extend(planned.elsewhere)
    aborted, aborted_by, served, lagged = None, None, True, False
    try:
        with settings.interruption.raising():
            served = not planned.cases or _send(sender, planned.cases, notify)
            results, findings = _judged(sender)
            if served and any(_may_lag(finding) for finding in findings):
                time.sleep(settings.lag)
                lagged = _read_again(sender, planned.cases, notify)
                results, findings = _judged(sender)
    except RunAborted as reason:
        aborted, aborted_by = str(reason), reason.word
        results, findings = _judged(sender)
        if isinstance(reason, NotThisApi):  # no answer is one to judge
            findings = ()
    except Exception as error:  # noqa: BLE001 - a defect of ours is no verdict on the sandbox
        aborted, aborted_by = crash.remembered(error), crash.WORD
        results, findings = _absent(contract), ()
    left = clean_up.take_back(sender, aborted_by)
    if not served:
        results, findings = _absent(contract), ()
    observations = observe(contract, sender.history, sender.recovered)
    findings = described(contract, findings, sender.everything)
    findings = with_steps(contract, findings, sender.everything)
    if lagged and not any(_may_lag(finding) for finding in findings):
        behaviour = f"not at once, but within {settings.lag:g} s"
        observations = (*observations, Observation("reads.lag", behaviour))
    return Run(
        contract=contract,
        target=transport.name,
        id=run_id,
        shard=str(settings.shard) if settings.shard else None,
        requests=sender.requests,
        seconds=time.monotonic() - started,
        results=results,
        findings=findings,
        causes=causes(contract, findings),
        observations=observations,
        created=sender.created(),
        left=left,
        aborted=aborted,
        aborted_by=aborted_by,
        interrupted=settings.interruption.signal,
        exchanges=tuple(sender.everything),
        served=served,
    )


def _send(sender: Sender, cases: Sequence[Case], notify: Notify) -> bool:
    """Send all cases, and return whether the operation is there.

    It is given up when what was just created is not found, also when it is asked for again after a
    moment: one that came along with its API is not served then, one that was named is refused.
    """
    first, rest = cases[:2], cases[2:]
    sender.send_all(first, notify)
    if _is_absent(sender):
        time.sleep(sender.settings.lag)
        sender.forget([first[1].number])
        sender.send_all(first[1:], notify)
        if _is_absent(sender):
            sender.skipped.extend(Skipped(case, WHY_NOT_SERVED) for case in rest)
            return sender.settings.named
    sender.send_all(foreign.refuse_echo(sender, rest, notify), notify)
    return True


def _is_absent(sender: Sender) -> bool:
    """Whether every request of the operation itself was answered as if it were not there."""
    own = sender.history
    return bool(own) and all(exchange.status in NOT_SERVED for exchange in own)


def _absent(contract: Contract) -> tuple[ClauseResult, ...]:
    return tuple(
        ClauseResult(clause, Outcome.NOT_EXERCISED, 0, WHY_NOT_SERVED)
        for clause in contract.clauses
    )


def _judged(sender: Sender) -> Judged:
    """Judge the exchanges of the operation itself, with those of the others beside them."""
    own = sender.history
    refused = {exchange.number: exchange.case.decides for exchange in own}
    return judge(sender.contract, own, sender.skipped, refused, sender.of_others)


def _may_lag(finding: Finding) -> bool:
    """Whether a finding may come of what was created not being there yet."""
    return _lags(finding.clause, finding.exchange)


def _lags(clause: Clause, exchange: Exchange) -> bool:
    missing = clause.kind is Kind.ACCEPTANCE and exchange.status == 404
    return missing or clause.kind is Kind.RELATION


def _read_again(sender: Sender, cases: Sequence[Case], notify: Notify) -> bool:
    """Send the valid reads that show something missing again, in place of their answers."""
    clauses = {clause.id: clause for clause in sender.contract.clauses}
    own = sender.history
    decided = {exchange.number: exchange.case.decides for exchange in own}
    numbers = {
        check.exchange.number
        for check in checks(sender.contract, own, decided, sender.of_others)
        if not check.ok and _lags(clauses[check.clause], check.exchange)
    }
    reads = [
        case
        for case in cases
        if case.number in numbers and case.operation is None and case.region is Region.VALID
    ]
    sender.forget([case.number for case in reads])
    sender.send_all(reads, notify)
    return bool(reads)
