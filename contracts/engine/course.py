"""The course of a run: send the plan, look into refusals, make findings smaller."""

import itertools
from collections.abc import Sequence
from functools import partial

from contracts.engine import blame, foreign, masked, minimise, selection
from contracts.engine.credentials import REFUSING_CREDENTIALS
from contracts.engine.hosts import Hosts
from contracts.engine.search import Search
from contracts.engine.sender import KEPT, Notify, Sender
from contracts.errors import CredentialsRefused, NotThisApi, RunAborted
from contracts.judge.outcomes import judge
from contracts.judge.results import all_alike, needs_a_body, root_cause
from contracts.model import Case, ClauseResult, Exchange, Finding, Observation, Outcome, Skipped
from contracts.planning import shards
from contracts.planning.bodies.proposals import DARING
from contracts.planning.cases.opening import crossed_further
from contracts.planning.plan import Plan

LOOKS_FOR_MISSING = 2  # that show, after the first, that an operation is not there
# of open states that were refused beside others, and of what is sent in place of these
MOST_ALONE, MOST_FREED, MOST_ALONE_AT_LAST = 18, 12, 6
ROOM = 25  # requests that are left for making findings smaller where there are failures


class Course:
    """What is sent in one run, and the `results` and `findings` so far."""

    observations: tuple[Observation, ...] = ()

    def __init__(self, sender: Sender, planned: Plan, notify: Notify) -> None:
        self.results: tuple[ClauseResult, ...] = ()
        self.findings: tuple[Finding, ...] = ()
        self.served = True
        self._sender, self._notify = sender, notify
        self._contract = sender.contract
        self._settings = sender.settings
        self._planned = selection.asked(planned, sender.contract, sender.settings.only)
        self._in_place_of_generated = planned.beyond
        self._generated: set[int] = set()  # numbers of cases that were drawn, or sent again
        self._search, self._blamed = Search(sender), blame.Blame()
        sender.reserve(max(case.number for case in self._planned.cases))
        sender.skipped.extend(planned.elsewhere)
        sender.essential = planned.essential

    @property
    def pairs(self) -> tuple[int, int]:
        """How many pairs of states were sent and answered, and how many there are."""
        valid = [exchange for exchange in self._sender.history if exchange.must_accept]
        sent = (exchange.case.states for exchange in valid if exchange.status is not None)
        pairs = self._planned.pairs
        return pairs.count(sent), len(pairs)

    def send_and_judge(self) -> None:
        """Send the plan and what its answers give reason to ask; raises RunAborted."""
        if self._send_plan():
            self._search.look()  # before the budget is spent on generated requests
            self._send_in_accepted_bodies()
            self._send_masked()
            self._send_crossed()
            self._fuzz()
            self._sender.send_all(self._planned.closing, self._notify)
        if not self.served:
            self.results = all_alike(self._contract, Outcome.NOT_EXERCISED, foreign.WHY_NOT_SERVED)
            return
        self._blamed = self._blame()
        self.observations = self._blamed.observations
        self._judge(self._counted())
        most = self._settings.max_causes
        findings = selection.first_causes(self._contract, self.findings, most)
        self.findings = minimise.minimised(self._sender, findings)

    def judge_until(self, reason: RunAborted) -> None:
        """Judge what is known of a run that had to stop, where its reason allows that."""
        if isinstance(reason, CredentialsRefused):
            # which is nothing that the sandbox has to answer for
            refused = [e.number for e in self._sender.history if e.status in REFUSING_CREDENTIALS]
            self._blamed.clauses.update(dict.fromkeys(refused, ()))
        counted = [] if isinstance(reason, NotThisApi) else self._counted()
        is_answered = any(exchange.status is not None for exchange in counted)
        self._judge(counted if is_answered else [])  # else nobody was there

    def _judge(self, exchanges: list[Exchange]) -> None:
        """Judge exchanges by what is known of the refusals among them."""
        hosts = Hosts(self._sender.history, self._blamed.rules)
        hollow = {
            exchange.number
            for exchange in exchanges
            if exchange.must_refuse and exchange.refused
            if not hosts.take(exchange.case) or self._breaks_rule(exchange)
        }
        results, findings = judge(
            self._contract,
            exchanges,
            self._sender.skipped,
            self._blamed.clauses,
            self._sender.of_others,
            explanations=self._blamed.explanations,
            hollow=hollow,
        )
        only = self._settings.only
        self.results, self.findings = selection.restricted(results, findings, only)

    def _breaks_rule(self, exchange: Exchange) -> bool:
        """Whether a body breaks a rule of the sandbox, whatever else is wrong with it."""
        sent = exchange.request.value
        rules = self._blamed.rules
        return isinstance(sent, dict) and not all(rule.allows(sent) for rule in rules)

    def _blame(self) -> blame.Blame:
        """Return what refusals are blamed on, where all the valid cases are.

        Elsewhere too little is known to blame anything.
        """
        shard = self._settings.shard
        if shard is None or shard.is_home(self._contract.api):
            return blame.blame(self._sender, self._search)
        return blame.Blame({exchange.number: () for exchange in self._sender.history})

    def _counted(self) -> list[Exchange]:
        """Return the exchanges that outcomes are counted over, those of the plan and drawn ones."""
        cases = (*self._planned.cases, *self._planned.first_look)
        counted = {case.number for case in cases} | self._generated
        return [exchange for exchange in self._sender.history if exchange.number in counted]

    def _send_plan(self) -> bool:
        """Send the plan but for its end, and return whether to go on.

        A sandbox that refuses the plainest request and all that follow first is left alone.
        """
        sender = self._sender
        planned = self._planned
        notify = self._notify
        first = planned.cases[:1]
        rest = planned.cases[1:]
        sender.send_all(first, notify)
        if not sender.history:
            unsent = sender.skipped[-1]
            if unsent.left_out is None:
                raise RunAborted(f"nothing could be sent: {unsent.why}")
            sender.skip_likewise(rest)
            return False
        if any(exchange.status for exchange in sender.history):
            rest = tuple(foreign.refuse_alike(sender, rest, notify))
            is_foreign = foreign.is_foreign(self._contract, sender.history[0])
            is_doubtful = is_foreign or root_cause(sender.history) is not None
        else:
            foreign.refuse_encrypted(sender.address)
            is_doubtful = True
        if is_doubtful:
            why = self._look_first()
            rest = tuple(case for case in rest if case not in planned.first_look)
            if why is not None:
                sender.skipped.extend(Skipped(case, why) for case in rest)
                return False
        rest = tuple(case for case in rest if case not in planned.closing)
        if len(rest) > sender.left:  # what decides each clause once comes before pairs
            essential = planned.essential
            self._send_valid_first([case for case in rest if case.number in essential])
            rest = tuple(case for case in rest if case.number not in essential)
        self._send_valid_first(rest)
        return True

    def _look_first(self) -> str | None:
        """Send a few cases where the plainest did not succeed; return why no more is sent.

        None where something is accepted. Raises NotThisApi when something else answers.
        """
        sender = self._sender
        look = self._planned.first_look
        is_answered = any(exchange.status for exchange in sender.history)
        if is_answered and self._may_be_missing:
            sender.send_all(look[:LOOKS_FOR_MISSING], self._notify)
            look = look[LOOKS_FOR_MISSING:]
            self.served = not foreign.is_absent(sender.history)
            if not self.served:
                sender.skipped.extend(Skipped(case, foreign.WHY_NOT_SERVED) for case in look)
                return foreign.WHY_NOT_SERVED
        sender.send_all(look, self._notify)
        foreign.refuse(sender, sender.history)
        if not is_answered:
            return "the plainest request was not answered"
        if not any(exchange.accepted for exchange in sender.history):
            return "nothing that was sent before was accepted"
        if needs_a_body(self._contract, sender.history):
            return "the sandbox asks for a body, and its page has none"
        return None

    @property
    def _may_be_missing(self) -> bool:
        """Whether the operation came along with its API, and no other one needs it."""
        contract = self._contract
        is_needed = any(link.source == contract.operation.name for link in contract.links)
        return contract.several and not self._settings.named and not is_needed

    def _send_valid_first(self, cases: Sequence[Case]) -> None:
        """Send cases, those first that have to be accepted.

        What is to be spoiled goes into bodies that are known to be accepted by then.
        """
        sender, notify = self._sender, self._notify
        needed = {number for case in cases if case.must_accept for number in case.after}
        valid = [case for case in cases if case.must_accept or case.number in needed]
        sender.send_all(_richest_last(valid), notify)
        sent = {case.number for case in valid}
        self._search.look()
        hosts = Hosts(sender.history, self._search.rules, self._contract.request)
        others = [case for case in cases if case.number not in sent]
        sender.send_all([hosts.moved(case) for case in others], notify)

    def _send_in_accepted_bodies(self) -> None:
        """Send again what was made invalid in a body that turned out to be refused anyway."""
        hosts = Hosts(self._sender.history, documented=self._contract.request)
        cases = [exchange.case for exchange in self._sender.history]
        invalid = [case for case in cases if case.must_refuse]
        moved = [hosts.moved(case) for case in invalid if not hosts.take(case)]
        moved = [case for case in moved if case not in invalid]
        room = max(self._sender.left - KEPT, 0)
        self._send_beside_plan(self._sender.numbered(moved[:room]))

    @property
    def _asks_of_states(self) -> bool:
        """Whether more is asked about states: of a whole plan, some request of which was taken."""
        is_whole = not (self._settings.only or self._settings.shard)
        return is_whole and root_cause(self._sender.history) is None

    def _send_masked(self) -> None:
        """Send open states that were refused beside others alone, and the others without them."""
        if not self._asks_of_states:
            return
        sender = self._sender
        settings = self._settings
        hidden = partial(masked.hidden_states, self._contract, settings.seed)
        # what is refused is likely one of these; without them, the others show beside each other
        self._send_instead_of_generated(hidden(sender.history, DARING)[:MOST_ALONE])
        freed = masked.freed(self._contract, sender.history)
        self._send_instead_of_generated(list(itertools.islice(freed, MOST_FREED)))
        self._send_instead_of_generated(hidden(sender.history)[:MOST_ALONE_AT_LAST])

    def _send_crossed(self) -> None:
        """Send rows in which states meet that did not where the sandbox took the request.

        What it takes is known by now, so that even what is risky may meet something else.
        """
        count = (self._settings.fuzz - self._in_place_of_generated) * 7 // 8
        if count > 0 and self._asks_of_states:
            experience = masked.experience(self._sender.history)
            cases = crossed_further(self._contract, self._settings.seed, experience, count)
            self._send_instead_of_generated(cases)

    def _send_instead_of_generated(self, cases: list[Case]) -> None:
        cases = self._sender.numbered(cases[: self._room])
        self._send_beside_plan(cases)
        self._in_place_of_generated += len(cases)

    @property
    def _room(self) -> int:
        """How many requests may be sent beside the plan.

        A server that fails is asked which member it fails at, rather than to fail once more.
        """
        failed = any(exchange.failed for exchange in self._sender.history)
        reserved = len(self._planned.closing) + (ROOM if failed else 0)
        return max(self._sender.left - reserved, 0)

    def _fuzz(self) -> None:
        """Send generated cases as far as the budget goes, unless nothing was accepted.

        What the end of the plan needs of the budget is left, and what a strict sandbox was asked
        takes the place of as many.
        """
        settings = self._settings
        sender = self._sender
        if not settings.fuzz or settings.only or root_cause(sender.history) is not None:
            return
        count = max(settings.fuzz - self._in_place_of_generated, 0)
        drawn = settings.generate(self._contract, settings.seed, count)
        cases = sender.numbered(drawn[: self._room])
        if settings.shard is not None:
            cases = shards.drawn(cases, settings.shard, self._contract.api)
        self._send_beside_plan(cases)

    def _send_beside_plan(self, cases: list[Case]) -> None:
        self._generated.update(case.number for case in cases)
        self._sender.send_all(cases, self._notify)


def _richest_last(cases: list[Case]) -> list[Case]:
    """Return cases with one at their end that has most members, of those that no other one needs.

    What refusals show of the order before them is seen only if that order has something to show.
    """
    needed = {number for case in cases for number in case.after}
    free = [case for case in cases if not (case.number in needed or case.together)]
    whole = [case for case in free if case.must_accept and isinstance(case.body, dict)]
    if not whole:
        return cases
    last = max(whole, key=lambda case: sum(bool(value) for value in case.body.values()))
    return [*(case for case in cases if case is not last), last]
