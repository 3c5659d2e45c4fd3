"""The main path: plan, send, judge, and look closer; what comes back is one `Run`.

Prints nothing.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import replace

from contracts.engine import blame, clean_up, crash, foreign, minimise, selection
from contracts.engine.described import described
from contracts.engine.hosts import Hosts
from contracts.engine.observations import observe
from contracts.engine.reads import run_reads
from contracts.engine.sender import Sender
from contracts.engine.settings import Settings
from contracts.engine.steps import with_steps
from contracts.engine.transports import Transport
from contracts.errors import CredentialsRefused, NotThisApi, RunAborted
from contracts.judge.causes import causes
from contracts.judge.outcomes import judge
from contracts.judge.results import root_cause
from contracts.model import ClauseResult, Contract, Exchange, Finding, Region, Run, Skipped
from contracts.planning import shards
from contracts.planning.bodies import covering
from contracts.planning.plan import Plan

Notify = Callable[[Exchange | Skipped], None]


def run(
    contract: Contract,
    transport: Transport,
    settings: Settings,
    *,
    planned: Plan | None = None,
    notify: Notify = lambda _: None,
) -> Run:
    """Verify one contract against one target.

    `notify` is called with each exchange, or skipped case, as it is known. Whatever ends the run
    early (`RunAborted`) stands in the result as ``aborted``; what is known by then is judged all
    the same.
    """
    started = time.monotonic()
    planned = planned or shards.planned(contract, settings.seed, settings.budget, settings.shard)
    if contract.reads:
        done = run_reads(contract, transport, settings, planned, notify)
        return replace(done, causes=causes(contract, done.findings))
    planned = selection.asked(planned, contract, settings.only)
    run_id = uuid.uuid4().hex[:8]
    sender = Sender(contract, transport, settings, run_id)
    sender.reserve(max(case.number for case in planned.cases))
    sender.skipped.extend(planned.elsewhere)
    sender.essential = planned.essential
    generated: set[int] = set()
    search, blamed = blame.Search(sender), blame.Blame()
    aborted: str | None = None
    aborted_by: str | None = None
    try:
        with settings.interruption.raising():
            if _send(sender, planned, notify, search):
                search.look()  # before the budget is spent on generated requests
                _send_in_accepted_bodies(sender, notify, generated)
                _fuzz(sender, notify, generated, len(planned.closing))
                sender.send_all(planned.closing, notify)
            blamed = _blame(sender, search)
            results, findings = _judged(sender, _planned(sender, planned, generated), blamed)
            chosen = selection.first_causes(contract, findings, settings.max_causes)
            findings = minimise.minimised(sender, chosen)
    except RunAborted as reason:
        aborted, aborted_by = str(reason), reason.word
        if isinstance(
            reason, CredentialsRefused
        ):  # which is nothing that the sandbox has to answer for
            blamed.clauses.update({e.number: () for e in sender.history if e.status in (401, 403)})
        known = _planned(sender, planned, generated)
        if isinstance(reason, NotThisApi):  # no answer is one to judge
            known = []
        results, findings = _judged(sender, known, blamed)
    except Exception as error:  # noqa: BLE001 - a defect of ours is no verdict on the sandbox
        aborted, aborted_by = crash.remembered(error), crash.WORD
        results, findings = _judged(sender, [], blamed)
    left = clean_up.take_back(sender, aborted_by)
    history = sender.history
    findings = with_steps(contract, described(contract, findings, history), history)
    covered = covering.covered(
        (e.case.states for e in history if e.case.region is Region.VALID and e.status is not None),
        set(planned.pairs),
    )
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
        observations=observe(contract, history, sender.recovered),
        created=sender.created(),
        left=left,
        pairs=(len(covered), len(planned.pairs)),
        aborted=aborted,
        aborted_by=aborted_by,
        interrupted=settings.interruption.signal,
        exchanges=tuple(sender.everything),
    )


def _judged(
    sender: Sender, exchanges: list[Exchange], blamed: blame.Blame
) -> tuple[tuple[ClauseResult, ...], tuple[Finding, ...]]:
    """Judge exchanges by what is known of the refusals among them."""
    hosts = Hosts(sender.history, blamed.rules)
    hollow = {
        exchange.number
        for exchange in exchanges
        if exchange.case.region is Region.INVALID
        and exchange.refused
        and (not hosts.take(exchange.case) or _breaks_rule(exchange, blamed))
    }
    results, findings = judge(
        sender.contract,
        exchanges,
        sender.skipped,
        blamed.clauses,
        sender.of_others,
        explanations=blamed.explanations,
        hollow=hollow,
    )
    return selection.restricted(results, findings, sender.settings.only)


def _breaks_rule(exchange: Exchange, blamed: blame.Blame) -> bool:
    """Whether a body is refused for a rule of the sandbox, whatever else is wrong with it."""
    sent = exchange.request.value
    return isinstance(sent, dict) and any(not rule.allows(sent) for rule in blamed.rules)


def _blame(sender: Sender, search: blame.Search) -> blame.Blame:
    """Blame refusals where all the valid cases are.

    Elsewhere too little is known to blame anything.
    """
    shard = sender.settings.shard
    if shard is None or shard.is_home(sender.contract.api):
        return blame.blame(sender, search)
    return blame.Blame({exchange.number: () for exchange in sender.history})


def _planned(sender: Sender, planned: Plan, generated: set[int]) -> list[Exchange]:
    """Give the exchanges that outcomes are counted over.

    What only a result asked for is left out.
    """
    counted = {case.number for case in (*planned.cases, *planned.first_look)} | generated
    return [exchange for exchange in sender.history if exchange.number in counted]


def _send(sender: Sender, planned: Plan, notify: Notify, search: blame.Search) -> bool:
    """Send the plan but for its end, and tell whether to go on.

    A sandbox that refuses the plainest request and all that follow first is left alone.
    """
    first, rest = planned.cases[:1], planned.cases[1:]
    sender.send_all(first, notify)
    if not sender.history:
        raise RunAborted(f"nothing could be sent: {sender.skipped[0].why}")
    if not any(exchange.status for exchange in sender.history):
        sender.skipped.extend(
            Skipped(case, "the plainest request was not answered") for case in rest
        )
        return False
    contract, address = sender.contract, sender.address
    rest = tuple(foreign.refuse_echo(sender, rest, notify))
    if root_cause(sender.history) is not None or foreign.is_foreign(contract, sender.history[0]):
        rest = tuple(case for case in rest if case not in planned.first_look)
        sender.send_all(planned.first_look, notify)
        reason = foreign.reason(contract, sender.history, address)
        if reason is not None:
            raise NotThisApi(reason)
        if not any(exchange.accepted for exchange in sender.history):
            sender.skipped.extend(
                Skipped(case, "nothing that was sent before was accepted") for case in rest
            )
            return False
    rest = tuple(case for case in rest if case not in planned.closing)
    needed = {number for case in rest if case.region is Region.VALID for number in case.after}
    # what is to be spoiled goes into bodies that are known to be accepted
    valid = [case for case in rest if case.region is Region.VALID or case.number in needed]
    sender.send_all(valid, notify)
    sent = {case.number for case in valid}
    search.look()
    hosts = Hosts(sender.history, search.rules)
    sender.send_all([hosts.moved(case) for case in rest if case.number not in sent], notify)
    return True


def _send_in_accepted_bodies(sender: Sender, notify: Notify, generated: set[int]) -> None:
    """Send again what was made invalid in a body that turned out to be refused anyway."""
    hosts = Hosts(sender.history)
    hollow = [
        exchange.case
        for exchange in sender.history
        if exchange.case.region is Region.INVALID and not hosts.take(exchange.case)
    ]
    moved = [hosts.moved(case) for case in hollow][: max(sender.left - blame.KEPT, 0)]
    cases = sender.numbered(moved)
    generated.update(case.number for case in cases)
    sender.send_all(cases, notify)


def _fuzz(sender: Sender, notify: Notify, generated: set[int], kept: int) -> None:
    """Send generated cases as far as they are asked for and the budget goes.

    Unless nothing is accepted.

    Of the budget, `kept` requests are left.
    """
    settings = sender.settings
    if not settings.fuzz or settings.only or root_cause(sender.history) is not None:
        return
    drawn = settings.generate(sender.contract, settings.seed, settings.fuzz)
    cases = sender.numbered(drawn[: max(sender.left - kept, 0)])
    if settings.shard is not None:
        cases = shards.drawn(cases, settings.shard, sender.contract.api)
    generated.update(case.number for case in cases)
    sender.send_all(cases, notify)
