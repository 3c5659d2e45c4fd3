"""Cases out, exchanges back: in the budget, politely, and safely."""

import itertools
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from contracts import clause_ids, model
from contracts.engine import credentials, outage
from contracts.engine.gates import Gate
from contracts.engine.linked import LinkedMembers
from contracts.engine.log import Log
from contracts.engine.pace import Pace, asks_to_wait, seconds_asked_for, turns, waves
from contracts.engine.requests import Lookups, Preparer
from contracts.engine.settings import Settings
from contracts.engine.spent import Subjects
from contracts.engine.transports import Transport
from contracts.errors import CredentialsRefused, LiveModeMet, Unreachable
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import NotHandedOut, Padded
from contracts.planning.cases.reading_draft import creator
from contracts.schema.jsontext import at

KEPT = 10  # requests of the budget that are left for making findings smaller
TRIES = 2  # of an exchange whose transport failed
RETRIED_HANGS = 2
SLOWEST = 250_000  # bytes of a request's body in a second, which its deadline allows for

Outcome = model.Exchange | model.Skipped  # of a case
Notify = Callable[[Outcome], None]


class Sender(Log):
    """Sends the cases of one run and remembers the exchanges; safe for several threads."""

    def __init__(
        self, contract: model.Contract, transport: Transport, settings: Settings, run_id: str
    ) -> None:
        super().__init__(contract)
        self.settings = settings
        # numbers of cases without which clauses are not decided
        self.essential: frozenset[int] = frozenset()
        self._transport = transport
        self._pace = Pace(transport.name, settings)
        lookups = Lookups(contract, self.send_further)
        self._preparer = Preparer(contract, run_id, settings, self.answers, lookups)
        self._subjects = Subjects(contract, self.send_further)
        self._linked = LinkedMembers(contract, self.send_further)
        self._in_doubt = False  # whether the credentials have to be confirmed
        self._throttling = False  # whether a 429 has turned out to be a refusal

    @property
    def address(self) -> str:
        """Where requests go, as reports name it."""
        return self._transport.name

    @property
    def left(self) -> int:
        """How many requests the budget still has."""
        return self._pace.left

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._pace.requests

    def send_all(self, cases: Sequence[model.Case], notify: Notify) -> None:
        """Send cases in order; with a concurrency, as many at once as their order allows."""
        workers = self.settings.concurrency
        for wave in waves(cases) if workers > 1 else turns(cases):
            if len(wave) == 1:
                notify(self.send(wave[0]))
                continue
            gate = Gate(len(wave)) if workers == 1 else None
            at_once = len(wave) if wave[0].together else 1
            with ThreadPoolExecutor(max(workers, at_once)) as pool:
                for done in pool.map(partial(self.send, gate=gate), wave):
                    notify(done)
            if self._in_doubt:
                self._in_doubt = False
                self._confirm_credentials()

    def send_further(self, case: model.Case) -> Outcome:
        """Send a case that was not planned, under the next free number."""
        return self.send(self.numbered([case])[0])

    def send(self, case: model.Case, gate: Gate | None = None) -> Outcome:
        """Send a case; a transport that fails is tried once more.

        Cases with one gate are sent at the same moment. Raises RunAborted when the run must stop.
        """
        if self._is_unsure(case):
            return self.skip(
                model.Skipped(case, "this token has no such form that surely is another")
            )
        if isinstance(case.body, Padded):
            case = replace(case, body=case.body.text)
        case = self._subjects.of_its_own(self._linked.filled(case))
        failures: list[model.Exchange] = []
        for attempt in range(TRIES):
            done = self._attempt(case, attempt, None if failures else gate)
            done = self._subjects.tried(done, partial(self._attempt, attempt=attempt))
            if isinstance(done, model.Skipped):
                self.remember(*outage.met(failures))
                return self.skip(done)
            if isinstance(done.answer, model.Response):
                self.recover(outage.met(failures))
                if failures and done.request.method == "DELETE" and done.refused:
                    return self.skip(
                        model.Skipped(case, "what was not answered may have deleted it")
                    )
                return self._received(done)
            failures.append(done)
            if done.answer.kind == "timeout" and self._pace.hung() > RETRIED_HANGS:
                break
        return self._unanswered(case, failures)

    def _unanswered(self, case: model.Case, failures: list[model.Exchange]) -> Outcome:
        """Return what came of a case that was not answered; raise Unreachable when nothing is.

        A server that went down is waited for. One that closes the connection of a heavy
        request and answers the next has refused it.
        """
        done = failures[-1]
        heavy = outage.is_heavy(done.request)
        silent = outage.is_silent(done) or (heavy and outage.failure_of(done).kind == "incomplete")
        was_up = self.settings.answered or any(each.status is not None for each in self.history)
        if silent and was_up:
            if not self._ask_plainly():
                return self._after_outage(case, failures)
            again = None if heavy else self._attempt(case, TRIES)  # it may be back just now
            if isinstance(again, model.Exchange) and isinstance(again.answer, model.Response):
                self.recover(outage.met(failures)[:1])
                return self._received(again)
            if heavy and outage.met([done]):
                failures = [outage.unread(done, "the next request was answered")]
        if not outage.met(failures):
            raise Unreachable(f"{self.address}: {outage.with_mend(outage.failure_of(done).detail)}")
        self.remember(*outage.met(failures))
        return failures[-1]

    def _ask_plainly(self) -> bool:
        """Send a plain request, if one is left; return whether nothing says that it failed."""
        done = self._send_plain()
        if isinstance(done, model.Exchange) and isinstance(done.answer, model.Response):
            self._received(done)  # an order may have been made, and has to be told of
        return isinstance(done, model.Skipped) or not outage.is_silent(done)

    def _after_outage(self, case: model.Case, failures: list[model.Exchange]) -> Outcome:
        """Wait for a server that went down and send the case again: it may not be the reason."""
        seconds = self._seconds_until_back(case, failures)
        done = self._attempt(case, TRIES)
        if isinstance(done, model.Skipped):
            self.remember(*outage.met(failures))
            return self.skip(done)
        if isinstance(done.answer, model.Response):
            self.outages += failures[:1]
            return self._received(done)
        if outage.is_silent(done):
            down = f"the server went down, for {seconds:.1f} s"
            words = f"{down}, and down again when it was asked again"
            done = replace(done, answer=model.Failure("down", words))
        self.remember(done)
        self._seconds_until_back(case, ())
        return done

    def _seconds_until_back(self, case: model.Case, failures: Sequence[model.Exchange]) -> float:
        """Return how long a server was down; raise Unreachable when it stays so."""
        seconds = outage.seconds_until_back(self._ask_plainly)
        if seconds is None:
            self.remember(*outage.met(failures))
            words = f"nothing is answered any more since a request: {case.label}"
            raise Unreachable(f"{self.address}: {words}")
        return seconds

    def _is_unsure(self, case: model.Case) -> bool:
        """Whether the spoiled token of a case could still be the good one."""
        markers = re.findall(r"\{(\w+)\}", str(case.authorization))
        return not self.settings.unsure.isdisjoint(markers)

    def _received(self, done: model.Exchange) -> model.Exchange:
        """Remember an exchange with an answer; raise RunAborted when that ends the run."""
        self.remember(done)
        self._refuse_live_mode(done)
        if done.must_accept and done.status in credentials.REFUSING_CREDENTIALS:
            if done.case.together:
                # a sandbox may refuse what comes at once: confirmed when all are answered
                self._in_doubt = True
            else:
                self._confirm_credentials()
        return done

    def _attempt(self, case: model.Case, attempt: int, gate: Gate | None = None) -> Outcome:
        """Send a case, and again as long as the target asks to wait."""
        try:
            request = self._preparer.request(case, attempt)
        except NotHandedOut as missing:
            alone = self._preparer.without_references(case)
            if alone is None:
                return model.Skipped(case, str(missing))
            self.skip(model.Skipped(case, str(missing)))
            case = alone
            request = self._preparer.request(alone, attempt)
        waits = 0
        while True:
            done = self._once(case, request, gate)
            asked = asks_to_wait(done, waits) if isinstance(done, model.Exchange) else None
            if isinstance(done, model.Skipped) or asked is None or self._throttles(done, waits):
                if waits and asked is None and not case.together:
                    self._pace.was_put_off()
                return done
            waits = waits + 1
            gate = None
            self._pace.put_off(waits, asked)

    def _once(self, case: model.Case, request: model.Request, gate: Gate | None = None) -> Outcome:
        refusal = self._pace.take_one()
        if refusal is not None:
            lack = refusal.lack if case.number in self.essential else None
            return model.Skipped(case, refusal.why, lack)
        moment = time.time()
        started = time.monotonic()
        deadline = self.settings.deadline + len(request.body or b"") / SLOWEST
        answer = self._transport.send(request, deadline, gate)
        seconds = time.monotonic() - started
        done = model.Exchange(case, request, answer, seconds, number=case.number, started=moment)
        if isinstance(answer, model.Failure):
            return done
        body, value, problems = self._pace.read(answer.body)
        return replace(done, answer=replace(answer, body=body), value=value, problems=problems)

    def send_apart(self, request: model.Request) -> model.Response | model.Failure:
        """Send a request that decides no clause and takes nothing from the budget."""
        for waits in itertools.count():
            self._pace.wait_turn()
            answer = self._transport.send(request, self.settings.deadline)
            asked = seconds_asked_for(answer, waits)
            if asked is None:
                break
            self._pace.put_off(waits + 1, asked)
        return answer

    def _throttles(self, done: model.Exchange, waits: int) -> bool:
        """Return whether a 429 refuses this request only: a plain one is served by then.

        Some servers slow down whoever guesses tokens. The first time it is waited for all the
        same.
        """
        limited = done.status == 429 and not done.must_accept
        if not limited or not (waits or self._throttling):
            return False
        plain = self._send_plain()
        if isinstance(plain, model.Skipped) or not plain.accepted:
            return False
        self._throttling = True
        self._received(plain)  # an order was made, and has to be told of
        return True

    def _send_plain(self) -> Outcome:
        case = self._plain_case()
        return self._once(case, self._preparer.request(case, 0))

    def _plain_case(self) -> model.Case:
        """Return the plainest case again, beside the plan."""
        number = max(10_000, self.free_number)
        if self.contract.reads or self.contract.operation.linked:
            # whose address is only known when something was created
            origin = creator(self.contract)
            body = plain_body(origin)
            name = origin.operation.name
            return model.Case(number, model.Region.VALID, f"a plain {name}", body, operation=name)
        body = plain_body(self.contract)
        decides = (clause_ids.TYPICAL,)
        return model.Case(number, model.Region.VALID, "a plain request", body, decides)

    def _refuse_live_mode(self, exchange: model.Exchange) -> None:
        pointer = self.contract.of(exchange.case.operation).operation.live_mode
        if pointer and exchange.accepted and at(exchange.value, pointer) is True:
            ids = self.created()
            raise LiveModeMet(
                f"{self.address} answers with {pointer[1:]} true: it is not a sandbox; "
                f"{len(ids)} made before the run stopped: {', '.join(ids)}"
            )

    def _confirm_credentials(self) -> None:
        """Raise CredentialsRefused when the plainest request is refused for them, too."""
        again = self._attempt(self._plain_case(), 0)
        if isinstance(again, model.Skipped) or isinstance(again.answer, model.Failure):
            return
        if again.status in credentials.REFUSING_CREDENTIALS:
            what = credentials.to_be_checked(self.contract.operation, self.settings.token_from)
            words = f"{self.address} refuses the credentials ({again.status}); check {what}"
            orders = sum(exchange.accepted for exchange in self.history)
            if orders:
                words += f", which were good for {orders} orders before: they may have expired"
            raise CredentialsRefused(words)
        self._received(again)  # an order may have been made, and has to be told of
