"""A finding seen again: its steps are sent, and judged by the clause that it broke."""

import enum
import uuid
from collections.abc import Sequence
from dataclasses import replace

from contracts.engine.credentials import REFUSING_CREDENTIALS
from contracts.engine.sender import Sender
from contracts.engine.settings import Settings
from contracts.engine.steps import Step, cases
from contracts.engine.transports import Transport
from contracts.errors import RunAborted
from contracts.judge.message import words
from contracts.judge.operators import is_of_several
from contracts.judge.outcomes import judge
from contracts.model import Contract, Exchange, Kind, Outcome, Skipped

ROUNDS = 130  # times that the steps of what does not show every time are sent
READING_ROUNDS = 3
# of everything else: some defects show from the tenth order on, or in every fifth answer
FEW_ROUNDS = 12
NOT_LOOKED_AT = {*REFUSING_CREDENTIALS, 429}  # refusals that have nothing to do with the body


class Seen(enum.Enum):
    """What came of sending it again; the value is the exit status of ``contracts replay``."""

    GONE = 0
    STILL_THERE = 1
    CANNOT_TELL = 3


def replay(
    contract: Contract,
    transport: Transport,
    settings: Settings,
    clause_id: str,
    steps: Sequence[Step],
    *,
    intermittent: bool = False,
) -> tuple[Seen, str]:
    """Send the steps of a finding; return whether its clause is broken, and the answer."""
    in_order = replace(settings, concurrency=1)
    sender = Sender(contract, transport, in_order, uuid.uuid4().hex[:8])
    last: Exchange | None = None
    rounds = rounds_of(contract, clause_id, intermittent=intermittent)
    for turn in range(rounds):
        batch = cases(steps, turn * len(steps))
        sender.reserve(batch[-1].number)
        done: list[Exchange | Skipped] = []
        try:
            sender.send_all(batch, done.append)  # what was sent at once is sent at once again
        except RunAborted as reason:
            return Seen.CANNOT_TELL, str(reason)
        for outcome in done:
            if isinstance(outcome, Skipped):
                return Seen.CANNOT_TELL, outcome.why
            last = outcome
        # judging all that was sent costs more with every turn, so it is done at every doubling
        due = turn & (turn + 1) == 0 or turn + 1 == rounds
        # a failure that the second try does not show is what it was: once is enough here
        failed = [exchange for exchange in sender.recovered if exchange.case.operation is None]
        own = [*failed, *sender.history]
        if due and is_violated(contract, own, sender.of_others, clause_id):
            return Seen.STILL_THERE, words(last) if last else ""
        if turn == 0 and last is not None and _is_unclear(contract, last, clause_id):
            return Seen.CANNOT_TELL, f"the request is answered otherwise now: {words(last)}"
    answer = words(last) if last else ""
    if intermittent:
        return Seen.CANNOT_TELL, f"{answer}; it did not show every time, and not in {rounds} times"
    return Seen.GONE, answer


def rounds_of(contract: Contract, clause_id: str, *, intermittent: bool) -> int:
    """Return how often steps are sent at most before what they showed is taken for gone."""
    if contract.reads:  # has all that came before among its steps, which is many requests
        return READING_ROUNDS
    if intermittent or is_of_several(contract.clause(clause_id)):
        return ROUNDS
    return FEW_ROUNDS


def is_violated(
    contract: Contract, own: Sequence[Exchange], of_others: Sequence[Exchange], clause_id: str
) -> bool:
    """Whether what was sent again breaks a clause; any refusal breaks an acceptance."""
    acceptance = contract.clause(clause_id).kind is Kind.ACCEPTANCE
    blame = {
        exchange.number: (clause_id,) if acceptance else ()
        for exchange in own
        if exchange.must_accept and not exchange.accepted
    }
    results, _ = judge(contract, own, (), blame, of_others)
    return any(r.clause.id == clause_id and r.outcome is Outcome.VIOLATED for r in results)


def _is_unclear(contract: Contract, last: Exchange, clause_id: str) -> bool:
    """Whether an answer says nothing about a clause, as a refusal about members of orders."""
    kind = contract.clause(clause_id).kind
    about_answers = kind in (Kind.KEYWORD, Kind.RELATION, Kind.PROTOCOL)
    may_refuse = not last.must_accept and last.refused
    if last.accepted or (may_refuse and last.status not in NOT_LOOKED_AT):
        return False
    return about_answers and "refusal" not in clause_id
