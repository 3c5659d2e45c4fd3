"""Cases out, exchanges back: within the budget, politely, and never past what makes a run unsafe."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import quote

from pyrate_limiter import Duration, Limiter, Rate

from contracts import dialect
from contracts.errors import CredentialsRefused, LiveModeMet, PolitenessExhausted, Unreachable
from contracts.generate.fields import plain_body
from contracts.generate.planning import renumbered
from contracts.generate.sharding import Shard
from contracts.generate.templates import HandedOut, NotHandedOut, fresh_text, references, resolve, sample
from contracts.jsontext import at, decode, encode, show, size
from contracts.model import (
    ABSENT,
    CREDENTIAL,
    Case,
    Contract,
    Exchange,
    Failure,
    Region,
    Request,
    Response,
    Skipped,
)
from contracts.transports import Gate, Transport

TRIES = 2  # of an exchange whose transport failed
MOST_HANGS = 6  # exchanges without an answer in time, after which no more are sent
MOST_HANGING = 40.0  # seconds that such exchanges may take in all
RETRIED_HANGS = 2
LONGEST_WAIT = 5.0  # seconds, of those
MOST_WAITS = 10  # times in a row that one request may be put off
ROOM = 128 * 1024 * 1024  # bytes of memory that the answers of a run may take, since all of them are kept
SMALL = 16 * 1024  # bytes of an answer that is not counted
LONGEST_ID = 200  # characters of an id that are kept
FIRST_WAIT = 0.5  # seconds, after a 429 that does not say how long; doubled each time


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run behaves towards its target.

    `parameters` are the values of path parameters, and of ``foreign_…`` ones; `available` names the further
    credentials that the transport has. `rate` is in requests a second, `known` are ids that exist at the
    target, by member. `generate` draws the `fuzz` cases that are sent after the plan
    (`contracts.interop.fuzzing.fuzz`), `shrink` finds the smallest of them that still shows something
    (`contracts.interop.fuzzing.shrink`); None where requests are not free. Times are in seconds.
    """

    seed: int = 0
    budget: int = 300
    concurrency: int = 1
    rate: float | None = None
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fuzz: int = 0
    generate: Callable[[Contract, int, int], Sequence[Case]] = lambda *_: ()
    shrink: Callable[[Contract, Region, int, Callable[[Any], bool]], Any] | None = None
    deadline: float = 10.0
    patience: float = 300.0
    parameters: Mapping[str, str] = field(default_factory=dict)
    available: frozenset[str] = frozenset()
    shard: Shard | None = None


class Sender:
    """Sends cases of one run and remembers what came of them; safe to use from several threads."""

    def __init__(self, contract: Contract, transport: Transport, settings: Settings, run_id: str) -> None:
        self.contract, self.settings = contract, settings
        self.exchanges: dict[int, list[Exchange]] = {}
        self.recovered: list[Exchange] = []  # failures that a second try did not show
        self.skipped: list[Skipped] = []
        self.requests = 0
        self._transport, self._run_id = transport, run_id
        self._lock = threading.Lock()
        self._next = 1
        self._waited = 0.0
        self._hangs = 0
        self._kept = 0  # bytes
        self._in_doubt = False  # whether the credentials have to be confirmed
        self._throttling = False  # whether a 429 has turned out to be a refusal
        rate = settings.rate
        # a rate below one a second is one request in so many seconds
        per = Rate(max(1, round(rate)), int(Duration.SECOND * max(1.0, 1 / rate))) if rate else None
        self._limiter = Limiter(per) if per else None

    @property
    def history(self) -> list[Exchange]:
        """All exchanges in the order of their cases.

        A transport that failed once in a run and not when it was tried again is not held against the sandbox.
        """
        with self._lock:
            known = [exchange for exchanges in self.exchanges.values() for exchange in exchanges]
            repeated = self.recovered if len(self.recovered) > 1 else []
            return sorted([*repeated, *known], key=lambda exchange: exchange.number)

    @property
    def left(self) -> int:
        """How many requests the budget still has."""
        return self.settings.budget - self.requests

    def created(self) -> tuple[str, ...]:
        """Give the ids of everything that was created; an id too long to be one is cut."""
        pointer = self.contract.operation.created
        if pointer is None:
            return ()
        values = [at(exchange.value, pointer) for exchange in self.history if exchange.accepted]
        ids = [value if isinstance(value, str) else show(value) for value in values if value not in (ABSENT, None)]
        return tuple(text if len(text) <= LONGEST_ID else f"{text[:LONGEST_ID]}…" for text in ids)

    def send_all(self, cases: Sequence[Case], notify: Callable[[Exchange | Skipped], None]) -> None:
        """Send cases: in order, or with a concurrency of more than one as many at once as their order allows."""
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
        """Send a case; a transport that fails is tried once more. Raises RunAborted when the run has to stop.

        Those that share a gate are sent at the same moment.
        """
        failed: list[tuple[Exchange, Failure]] = []
        for attempt in range(TRIES):
            done = self._attempt(case, attempt, None if failed else gate)
            if isinstance(done, Skipped):
                self._remember(*failed)
                with self._lock:
                    self.skipped.append(done)
                return done
            if isinstance(done.answer, Response):
                with self._lock:
                    self.recovered += [exchange for exchange, failure in failed if failure.kind != "connect"]
                return self._received(done)
            failed.append((done, done.answer))
            if done.answer.kind == "timeout" and self._hung() > RETRIED_HANGS:
                break
        if all(failure.kind == "connect" for _, failure in failed):
            raise Unreachable(f"{self._transport.name}: {failed[-1][1].detail}")
        self._remember(*failed)
        return failed[-1][0]

    def _received(self, done: Exchange) -> Exchange:
        """Remember an exchange that was answered; raise RunAborted when its answer ends the run."""
        with self._lock:
            self.exchanges.setdefault(done.case.number, []).append(done)
        self._refuse_live_mode(done)
        if done.case.region is Region.VALID and done.status in (401, 403):
            if done.case.together:
                self._in_doubt = True  # a sandbox may refuse what comes at once: confirmed when all are answered
            else:
                self._confirm_credentials()
        return done

    def _attempt(self, case: Case, attempt: int, gate: Gate | None = None) -> Exchange | Skipped:
        try:
            request = self._request(case, attempt)
        except NotHandedOut as missing:
            alone = self._without_references(case)
            if alone is None:
                return Skipped(case, str(missing))
            with self._lock:
                self.skipped.append(Skipped(case, str(missing)))
            case, request = alone, self._request(alone, attempt)
        wait, waits = FIRST_WAIT, 0
        while True:
            done = self._once(case, request, gate)
            asked = _asks_to_wait(done.answer, wait) if isinstance(done, Exchange) else None
            if isinstance(done, Skipped) or asked is None or self._throttles(done, waits):
                return done
            waits, gate = waits + 1, None
            if waits > MOST_WAITS:
                raise PolitenessExhausted(
                    f"{self._transport.name} asked {waits} times in a row to send one request later; use --rate"
                )
            self._wait(asked)
            wait = min(wait * 2, LONGEST_WAIT)

    def _once(self, case: Case, request: Request, gate: Gate | None = None) -> Exchange | Skipped:
        if why := self._take_one():
            return Skipped(case, why)
        started = time.monotonic()
        answer = self._transport.send(request, self.settings.deadline, gate)
        seconds = time.monotonic() - started
        value, problems = decode(answer.body) if isinstance(answer, Response) else (ABSENT, ())
        if isinstance(answer, Response) and len(answer.body) > SMALL:
            with self._lock:
                self._kept += len(answer.body) + size(value)
        return Exchange(case, request, answer, seconds, value, problems, case.number)

    def _take_one(self) -> str | None:
        """Take one request from the budget, when it is its time; say why when there is none left."""
        with self._lock:
            if self.requests >= self.settings.budget:
                return f"the budget of {self.settings.budget} requests was used up"
            if self._hangs >= MOST_HANGS or self._hangs * self.settings.deadline >= MOST_HANGING:
                return f"{self._hangs} requests before it were not answered in time"
            if self._kept > ROOM:
                return f"the answers before it take more than {ROOM // 1024**2} MB, which is all that a run may take"
            self.requests += 1
        if self._limiter is not None:
            self._limiter.try_acquire("requests")
        return None

    def _throttles(self, done: Exchange, waits: int) -> bool:
        """Tell whether a 429 is how this request is refused: whoever sends a plain one at that moment is served.

        Some servers slow down whoever guesses tokens. The first time it is waited for all the same.
        """
        if done.status != 429 or done.case.region is Region.VALID or not (waits or self._throttling):
            return False
        case = self._plain_case()
        plain = self._once(case, self._request(case, 0))
        if isinstance(plain, Skipped) or not plain.accepted:
            return False
        self._throttling = True
        self._received(plain)  # an order was made, and has to be told of
        return True

    def _plain_case(self) -> Case:
        """Make the plainest case again, beside the plan."""
        number = max(10_000, max(self.exchanges, default=0) + 1)
        return Case(number, Region.VALID, "a plain request", plain_body(self.contract), decides=("request.typical",))

    def _request(self, case: Case, attempt: int) -> Request:
        operation = self.contract.operation
        credential = case.needs
        if credential and credential not in self.settings.available and credential not in self.settings.parameters:
            raise NotHandedOut(f"set {operation.credentials[credential]} to exercise it")
        body: Any = case.body
        if body is not ABSENT and not isinstance(body, bytes):
            body = encode(resolve(body, lambda number: self._fresh(number, case, attempt), self._handed_out))
        parameters = {
            name: _filled(case.path.get(name, f"{{{name}}}"), self.settings.parameters) for name in operation.parameters
        }
        path = operation.path
        for name, value in parameters.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        headers = [
            ("Accept", "application/json"),
            ("Accept-Encoding", "identity"),
            ("User-Agent", "order-contracts"),
        ]
        if case.closing:
            headers.append(("Connection", "close"))
        shown = operation.credential if case.authorization == CREDENTIAL else case.authorization
        if shown is not None:
            headers.append((operation.header, shown))
        if body is not ABSENT and case.media_type:
            headers.append(("Content-Type", case.media_type))
        content = None if body is ABSENT else bytes(body)
        sent = ABSENT if content is None else decode(content)[0]
        return Request(case.method or operation.method, path, tuple(headers), content, sent, parameters)

    def _without_references(self, case: Case) -> Case | None:
        """Give a row of the covering array without what the sandbox handed out nothing for; None for other cases."""
        missing = [name for name in case.states if references(_member(case.body, name))]
        if len(case.decides) < len(case.states) or not missing:
            return None
        body = {name: member for name, member in case.body.items() if name not in missing}
        if not dialect.fits(self.contract.plausible or {}, sample(body)):
            return None
        spared = {f"request.{name}.accepted" for name in missing}
        decides = tuple(clause for clause in case.decides if clause not in spared)
        return replace(case, body=body, decides=decides, states={**case.states, **dict.fromkeys(missing, "absent")})

    def _fresh(self, number: int | None, case: Case, attempt: int) -> str:
        return fresh_text(self._run_id, case.number, attempt) if number is None else fresh_text(self._run_id, number)

    def _handed_out(self, marker: HandedOut) -> Any:
        for number in marker.by:
            for exchange in self.exchanges.get(number, ()):
                value = at(exchange.value, marker.pointer) if exchange.accepted else ABSENT
                if isinstance(value, str) and value:
                    return value
        name = marker.known or marker.pointer[1:]
        known = self.settings.known.get(name)
        if known:
            return known[marker.by[0] % len(known)] if marker.by else known[0]
        variable = self.contract.operation.known.get(name)
        hint = f"; set {variable} to one that exists" if variable else ""
        raise NotHandedOut(f"the sandbox handed out nothing at {marker.pointer} to refer to{hint}")

    def _remember(self, *failed: tuple[Exchange, Failure]) -> None:
        """Remember exchanges that failed, but not for want of a connection: those tell nothing of an answer."""
        with self._lock:
            for exchange, failure in failed:
                if failure.kind != "connect":
                    self.exchanges.setdefault(exchange.case.number, []).append(exchange)

    def _hung(self) -> int:
        with self._lock:
            self._hangs += 1
            return self._hangs

    def _refuse_live_mode(self, exchange: Exchange) -> None:
        pointer = self.contract.operation.live_mode
        if pointer and exchange.accepted and at(exchange.value, pointer) is True:
            made = self.created()
            raise LiveModeMet(
                f"{self._transport.name} answers with {pointer[1:]} true: it is not a sandbox; "
                f"{len(made)} made before the run stopped: {', '.join(made)}"
            )

    def _confirm_credentials(self) -> None:
        """Raise CredentialsRefused when the plainest request is refused for its credentials as well."""
        again = self._attempt(self._plain_case(), 0)
        if isinstance(again, Skipped) or isinstance(again.answer, Failure):
            return
        if again.status in (401, 403):
            variable = self.contract.operation.token_variable
            made = sum(exchange.accepted for exchange in self.history)
            raise CredentialsRefused(
                f"{self._transport.name} refuses the credentials ({again.status}); check {variable}"
                + "".join(f" and {name}" for name in self.contract.operation.parameters.values())
                + (f", which were good for {made} orders before: they may have expired" if made else "")
            )
        self._received(again)  # an order may have been made, and has to be told of

    def _wait(self, seconds: float) -> None:
        with self._lock:
            self._waited += seconds
            waited = self._waited
        if waited > self.settings.patience:
            raise PolitenessExhausted(
                f"{self._transport.name} asked for more than {self.settings.patience:g} s of waiting in all "
                f"(429 or 503 with Retry-After); slow down with --rate, or allow more waiting"
            )
        time.sleep(seconds)


def _member(body: Any, name: str) -> Any:
    return body.get(name) if isinstance(body, dict) else None


def _asks_to_wait(answer: Response | Failure, default: float) -> float | None:
    """Give the seconds that an answer asks to wait before trying again, None when it does not."""
    if not isinstance(answer, Response) or answer.status not in (429, 503):
        return None
    after = answer.header("retry-after")
    if after is None:
        return default if answer.status == 429 else None
    if after.strip().isdecimal():
        return max(float(after), 0.05)
    try:
        moment = parsedate_to_datetime(after)
    except (TypeError, ValueError, OverflowError):
        return default
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.05)


def _steps(cases: Sequence[Case]) -> list[list[Case]]:
    """Put each case by itself, but neighbours that go together into one step."""
    groups = groupby(cases, key=lambda case: ("together", case.label) if case.together else ("alone", str(case.number)))
    return [list(group) for _, group in groups]


def _waves(cases: Sequence[Case]) -> list[list[Case]]:
    """Put cases into waves: each comes after all that it refers to."""
    depth: dict[int, int] = {}
    for case in cases:
        depth[case.number] = 1 + max((depth.get(number, 0) for number in case.after), default=0)
    return [[case for case in cases if depth[case.number] == level] for level in sorted(set(depth.values()))]


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Put path parameters in; ``{name:altered}`` and its like are the value spoiled in one way."""
    for name, value in values.items():
        last = value[-1:]
        spoiled = {
            "": value,
            ":altered": value[:-1] + ("1" if last != "1" else "2"),
            ":cut": value[:-1],
            ":extended": f"{value}0",
            ":capitals": value.upper(),
        }
        for suffix, text in spoiled.items():
            template = template.replace(f"{{{name}{suffix}}}", text)
    return template
