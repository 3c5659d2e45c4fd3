"""Cases out, exchanges back.

Within the budget, politely, and never past what makes a run unsafe.
"""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any

from contracts import clause_ids
from contracts.engine import outage
from contracts.engine.pace import Pace, asks_to_wait
from contracts.engine.requests import Preparer
from contracts.engine.settings import Settings
from contracts.engine.transports import Gate, Transport
from contracts.errors import CredentialsRefused, LiveModeMet, Unreachable
from contracts.model import (
    ABSENT,
    Case,
    Contract,
    Exchange,
    Failure,
    Link,
    Region,
    Request,
    Response,
    Skipped,
)
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import HandedOut, NotHandedOut
from contracts.planning.cases.reading_draft import links_to_body
from contracts.planning.plan import renumbered
from contracts.schema.jsontext import at, decode, show

TRIES = 2  # of an exchange whose transport failed
RETRIED_HANGS = 2
SLOWEST = 250_000  # bytes of a request's body in a second, which its deadline allows for
LONGEST_ID = 200  # characters of an id that are kept


class Sender:
    """Sends cases of one run and remembers what came of them; safe to use from several threads."""

    def __init__(
        self, contract: Contract, transport: Transport, settings: Settings, run_id: str
    ) -> None:
        self.contract, self.settings = contract, settings
        self.exchanges: dict[int, list[Exchange]] = {}
        self.recovered: list[Exchange] = []  # failures that a second try did not show
        self.skipped: list[Skipped] = []
        self.essential: frozenset[int] = frozenset()  # cases without which clauses are not decided
        self._transport = transport
        self._pace = Pace(
            transport.name, settings.budget, settings.rate, settings.deadline, settings.patience
        )
        self._preparer = Preparer(
            contract,
            run_id,
            self._answers,
            settings.known,
            settings.parameters,
            settings.available,
            self._linked,
        )
        self._looked_up: dict[tuple[str, int], str | None] = {}  # what links gave, by donor
        self._lock = threading.Lock()
        self._next = 1
        self._in_doubt = False  # whether the credentials have to be confirmed
        self._throttling = False  # whether a 429 has turned out to be a refusal

    @property
    def history(self) -> list[Exchange]:
        """The exchanges of the operation itself in the order of their cases.

        A transport that failed once in a run and not when it was tried again is not held against
        the sandbox.
        """
        return [exchange for exchange in self.everything if exchange.case.operation is None]

    @property
    def everything(self) -> list[Exchange]:
        """All exchanges in the order of their cases, those of other operations as well."""
        with self._lock:
            known = [exchange for exchanges in self.exchanges.values() for exchange in exchanges]
            repeated = self.recovered if len(self.recovered) > 1 else []
            return sorted([*repeated, *known], key=lambda exchange: exchange.number)

    @property
    def address(self) -> str:
        """Where requests go, as reports name it."""
        return self._transport.name

    @property
    def of_others(self) -> list[Exchange]:
        """The exchanges of other operations of the API in the order of their cases."""
        return [exchange for exchange in self.everything if exchange.case.operation is not None]

    @property
    def left(self) -> int:
        """How many requests the budget still has."""
        return self._pace.left

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._pace.requests

    def created(self) -> tuple[str, ...]:
        """Give the ids of everything that was created; an id too long to be one is cut."""
        values = [
            at(exchange.value, pointer)
            for exchange in self.everything
            if exchange.accepted
            and (self.contract.of(exchange.case.operation).creates or not self.contract.several)
            and (pointer := self.contract.of(exchange.case.operation).operation.created)
        ]
        return tuple(shown_id(value) for value in values if value not in (ABSENT, None))

    def send_all(self, cases: Sequence[Case], notify: Callable[[Exchange | Skipped], None]) -> None:
        """Send cases.

        In order, or with a concurrency of more than one as many at once as their order allows.
        """
        workers = self.settings.concurrency
        for wave in _waves(cases) if workers > 1 else _steps(cases):
            if len(wave) == 1:
                notify(self.send(wave[0]))
                continue
            gate = Gate(len(wave)) if workers == 1 else None
            with ThreadPoolExecutor(max(workers, len(wave) if wave[0].together else 1)) as pool:
                for done in pool.map(partial(self.send, gate=gate), wave):
                    notify(done)
            if self._in_doubt:
                self._in_doubt = False
                self._confirm_credentials()

    def send_further(self, case: Case) -> Exchange | Skipped:
        """Send a case that was not planned, under the next free number."""
        return self.send(self.numbered([case])[0])

    def numbered(self, cases: Sequence[Case]) -> list[Case]:
        """Give cases that were not planned the next free numbers."""
        with self._lock:
            first = max(self._next, max(self.exchanges, default=0) + 1)
            self._next = first + len(cases)
        return [renumbered(case, number) for number, case in enumerate(cases, first)]

    def reserve(self, numbers: int) -> None:
        """Keep the numbers of planned cases from being given to others."""
        self._next = numbers + 1

    def send(self, case: Case, gate: Gate | None = None) -> Exchange | Skipped:
        """Send a case; a transport that fails is tried once more.

        Raises RunAborted when the run has to stop.

        Those that share a gate are sent at the same moment.
        """
        if self._is_unsure(case):
            return self._skip(Skipped(case, "this token has no such form that surely is another"))
        failed: list[tuple[Exchange, Failure]] = []
        for attempt in range(TRIES):
            done = self._attempt(case, attempt, None if failed else gate)
            if isinstance(done, Skipped):
                self._remember(*failed)
                return self._skip(done)
            if isinstance(done.answer, Response):
                with self._lock:
                    self.recovered += [
                        exchange for exchange, failure in failed if failure.kind != "connect"
                    ]
                return self._received(done)
            failed.append((done, done.answer))
            if done.answer.kind == "timeout" and self._pace.hung() > RETRIED_HANGS:
                break
        return self._unanswered(case, failed)

    def _unanswered(self, case: Case, failed: list[tuple[Exchange, Failure]]) -> Exchange | Skipped:
        """Tell what it means that a case was not answered; raise Unreachable when nothing is.

        A server that went down is waited for. One that closes the connection of a heavy request
        and answers the next has refused it.
        """
        done, failure = failed[-1]
        heavy = outage.is_heavy(done.request)
        silent = failure.kind in outage.SILENT or (heavy and failure.kind == "incomplete")
        if silent and any(exchange.status is not None for exchange in self.history):
            if not self._answers_plainly():
                return self._after_outage(case, failed)
            if heavy and failure.kind != "connect":
                failure = Failure("unread", f"{failure.detail}, and the next request was answered")
                failed = [(replace(done, answer=failure), failure)]
        if all(failure.kind == "connect" for _, failure in failed):
            raise Unreachable(f"{self._transport.name}: {failed[-1][1].detail}")
        self._remember(*failed)
        return failed[-1][0]

    def _answers_plainly(self) -> bool:
        """Whether a plain request is answered, or there are no more requests to find it out."""
        case = self._plain_case()
        done = self._once(case, self._preparer.request(case, 0))
        if isinstance(done, Exchange) and isinstance(done.answer, Failure):
            return done.answer.kind not in outage.SILENT
        if isinstance(done, Exchange):
            self._received(done)  # an order may have been made, and has to be told of
        return True

    def _after_outage(
        self, case: Case, failed: list[tuple[Exchange, Failure]]
    ) -> Exchange | Skipped:
        """Wait for a server that went down and send the case again, which may not be the reason."""
        name = self._transport.name
        seconds = outage.seconds_until_back(self._answers_plainly)
        if seconds is None:
            self._remember(*failed)
            raise Unreachable(f"{name}: nothing is answered any more since a request: {case.label}")
        done = self._attempt(case, TRIES)
        if isinstance(done, Skipped):
            self._remember(*failed)
            return self._skip(done)
        if isinstance(done.answer, Response):
            with self._lock:
                closed = [exchange for exchange, failure in failed if failure.kind != "connect"]
                self.recovered += closed[:1]
            return self._received(done)
        if done.answer.kind in outage.SILENT:
            words = (
                f"the server went down, for {seconds:.1f} s, and down again when it was asked again"
            )
            done = replace(done, answer=Failure("down", words))
        self._remember((done, Failure("down", "")))
        if outage.seconds_until_back(self._answers_plainly) is None:
            raise Unreachable(f"{name}: nothing is answered any more since a request: {case.label}")
        return done

    def _is_unsure(self, case: Case) -> bool:
        """Whether the spoiled token of a case could still be the good one."""
        markers = re.findall(r"\{(\w+)\}", str(case.authorization))
        return not self.settings.unsure.isdisjoint(markers)

    def _skip(self, skipped: Skipped) -> Skipped:
        with self._lock:
            self.skipped.append(skipped)
        return skipped

    def _received(self, done: Exchange) -> Exchange:
        """Remember an exchange that was answered; raise RunAborted when its answer ends the run."""
        with self._lock:
            self.exchanges.setdefault(done.case.number, []).append(done)
        self._refuse_live_mode(done)
        if done.case.region is Region.VALID and done.status in (401, 403):
            if done.case.together:
                self._in_doubt = (
                    True  # a sandbox may refuse what comes at once: confirmed when all are answered
                )
            else:
                self._confirm_credentials()
        return done

    def _attempt(self, case: Case, attempt: int, gate: Gate | None = None) -> Exchange | Skipped:
        try:
            request = self._preparer.request(case, attempt)
        except NotHandedOut as missing:
            alone = self._preparer.without_references(case)
            if alone is None:
                return Skipped(case, str(missing))
            with self._lock:
                self.skipped.append(Skipped(case, str(missing)))
            case, request = alone, self._preparer.request(alone, attempt)
        waits = 0
        while True:
            done = self._once(case, request, gate)
            asked = asks_to_wait(done.answer, waits) if isinstance(done, Exchange) else None
            if isinstance(done, Skipped) or asked is None or self._throttles(done, waits):
                return done
            waits, gate = waits + 1, None
            self._pace.put_off(waits, asked)

    def _once(self, case: Case, request: Request, gate: Gate | None = None) -> Exchange | Skipped:
        refusal = self._pace.take_one()
        if refusal is not None:
            lack = refusal.lack if case.number in self.essential else None
            return Skipped(case, refusal.why, lack)
        moment, started = time.time(), time.monotonic()
        deadline = self.settings.deadline + len(request.body or b"") / SLOWEST
        answer = self._transport.send(request, deadline, gate)
        seconds = time.monotonic() - started
        value, problems = decode(answer.body) if isinstance(answer, Response) else (ABSENT, ())
        done = Exchange(case, request, answer, seconds, value, problems, case.number, moment)
        self._pace.keep(done)
        return done

    def send_apart(self, request: Request) -> Response | Failure:
        """Send a request that decides no clause and takes nothing from the budget."""
        for waits in itertools.count():
            self._pace.wait_turn()
            answer = self._transport.send(request, self.settings.deadline)
            asked = asks_to_wait(answer, waits)
            if asked is None:
                break
            self._pace.put_off(waits + 1, asked)
        return answer

    def _answers(self, number: int) -> Sequence[Exchange]:
        return self.exchanges.get(number, ())

    def forget(self, numbers: Collection[int]) -> None:
        """Forget the exchanges of cases that are sent again, since only the later ones count."""
        with self._lock:
            for number in numbers:
                self.exchanges.pop(number, None)

    def _linked(self, marker: HandedOut) -> str | None:
        """Return what another operation hands out, where no answer had it; None for nothing.

        Example: an order's answer has no share id; its group, which the answer names, has it. Each
        donor is looked up once, and no more where nothing came of it.
        """
        for link in links_to_body(self.contract, marker.pointer):
            for donor in marker.by:
                key = (link.source, donor)
                if key not in self._looked_up:
                    if None in self._looked_up.values():
                        return None
                    self._looked_up[key] = self._look_up(link, donor)
                if value := self._looked_up[key]:
                    return value
        return None

    def _look_up(self, link: Link, donor: int) -> str | None:
        """Return what the operation that a link comes from says of what a case created."""
        taken = {
            path.name: HandedOut(path.pointer, (donor,))
            for path in self.contract.links
            if path.target == link.source and path.source == self.contract.operation.name
        }
        case = Case(
            0,
            Region.OPEN,
            f"ask {link.source} for what case {donor} created",
            operation=link.source,
            takes=taken,
        )
        try:
            done = self.send_further(case)
        except NotHandedOut:
            return None
        accepted = isinstance(done, Exchange) and done.accepted
        value = at(done.value, link.pointer) if isinstance(done, Exchange) and accepted else None
        return value if isinstance(value, str) and value else None

    def _throttles(self, done: Exchange, waits: int) -> bool:
        """Tell whether a 429 is how this request is refused.

        Whoever sends a plain one at that moment is served.

        Some servers slow down whoever guesses tokens. The first time it is waited for all the same.
        """
        if (
            done.status != 429
            or done.case.region is Region.VALID
            or not (waits or self._throttling)
        ):
            return False
        case = self._plain_case()
        plain = self._once(case, self._preparer.request(case, 0))
        if isinstance(plain, Skipped) or not plain.accepted:
            return False
        self._throttling = True
        self._received(plain)  # an order was made, and has to be told of
        return True

    def _plain_case(self) -> Case:
        """Make the plainest case again, beside the plan."""
        number = max(10_000, max(self.exchanges, default=0) + 1)
        if self.contract.operation.linked:  # whose address is only known when something was created
            origin = next(iter(self.contract.others.values()))
            body = plain_body(origin)
            name = origin.operation.name
            return Case(number, Region.VALID, f"a plain {name}", body, operation=name)
        return Case(
            number,
            Region.VALID,
            "a plain request",
            plain_body(self.contract),
            decides=(clause_ids.TYPICAL,),
        )

    def _remember(self, *failed: tuple[Exchange, Failure]) -> None:
        """Remember exchanges that failed, but not for want of a connection.

        Those tell nothing of an answer.
        """
        with self._lock:
            for exchange, failure in failed:
                if failure.kind != "connect":
                    self.exchanges.setdefault(exchange.case.number, []).append(exchange)

    def _refuse_live_mode(self, exchange: Exchange) -> None:
        pointer = self.contract.of(exchange.case.operation).operation.live_mode
        if pointer and exchange.accepted and at(exchange.value, pointer) is True:
            made = self.created()
            raise LiveModeMet(
                f"{self._transport.name} answers with {pointer[1:]} true: it is not a sandbox; "
                f"{len(made)} made before the run stopped: {', '.join(made)}"
            )

    def _confirm_credentials(self) -> None:
        """Raise CredentialsRefused when the plainest request is refused for its credentials too."""
        again = self._attempt(self._plain_case(), 0)
        if isinstance(again, Skipped) or isinstance(again.answer, Failure):
            return
        if again.status in (401, 403):
            variable = self.contract.operation.token_variable
            made = sum(exchange.accepted for exchange in self.history)
            raise CredentialsRefused(
                f"{self._transport.name} refuses the credentials ({again.status}); check {variable}"
                + "".join(f" and {name}" for name in self.contract.operation.parameters.values())
                + (
                    f", which were good for {made} orders before: they may have expired"
                    if made
                    else ""
                )
            )
        self._received(again)  # an order may have been made, and has to be told of


def shown_id(value: Any) -> str:
    """Return an id as reports have it; one too long to be an id is cut."""
    text = value if isinstance(value, str) else show(value)
    return text if len(text) <= LONGEST_ID else f"{text[:LONGEST_ID]}…"


def _steps(cases: Sequence[Case]) -> list[list[Case]]:
    """Put each case by itself, but neighbours that go together into one step."""
    groups = groupby(
        cases,
        key=lambda case: ("together", case.label) if case.together else ("alone", str(case.number)),
    )
    return [list(group) for _, group in groups]


def _waves(cases: Sequence[Case]) -> list[list[Case]]:
    """Put cases into waves: each comes after all that it refers to."""
    depth: dict[int, int] = {}
    for case in cases:
        depth[case.number] = 1 + max((depth.get(number, 0) for number in case.after), default=0)
    return [
        [case for case in cases if depth[case.number] == level]
        for level in sorted(set(depth.values()))
    ]
