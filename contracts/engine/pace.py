"""How many requests, how fast, in which order, and what is kept: what keeps a run polite."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import groupby
from typing import Any, NamedTuple

from contracts import clause_ids
from contracts.engine.settings import Settings
from contracts.errors import PolitenessExhausted
from contracts.model import Case, Exchange, Failure, Response
from contracts.schema.jsontext import decode, size

MOST_HANGS = 6  # exchanges without an answer in time, after which no more are sent
MOST_HANGING = 40.0  # seconds that such exchanges may take in all
LONGEST_WAIT = 5.0  # seconds, of those that the sandbox does not ask for
MOST_WAITS = 10  # times in a row that one request may be put off
FIRST_WAIT = 0.5  # seconds, after a 429 that does not say how long; doubled each time
TURNS = 5  # moments at which those are sent again that met each other
IN_CONFLICT = (409, 423, 425)  # conflict, locked, too early
FIRST_APART = 0.05  # seconds between requests to a target that is asked slowly
SOON = 4  # requests within which a target that asks to wait again is one to be asked slowly
# bytes of memory that the answers of a run may take, since all of them are kept
ROOM = 128 * 1024 * 1024
SMALL = 16 * 1024  # bytes of an answer that is not counted


class NoMore(NamedTuple):
    """Why no more requests may be sent, and what the run has too little of.

    That is budget, time or memory.
    """

    why: str
    lack: str


class Read(NamedTuple):
    """A body, its value (ABSENT for no JSON), and pairs of a protocol clause and a problem."""

    body: bytes
    value: Any
    problems: tuple[tuple[str, str], ...]


class Pace:
    """Counts what a run sends, waits for and keeps; safe to use from several threads."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.requests = 0
        self._name = name
        self._settings = settings
        self._lock = threading.Lock()
        self._waited = 0.0
        self._hangs = 0
        self._kept = 0  # bytes
        self._large: dict[bytes, Read] = {}  # answers by their bodies
        self._apart = 1 / settings.rate if settings.rate else 0.0  # seconds
        self._next = 0.0  # the moment of the next request
        self._put_off_at = -SOON  # how many requests were sent when one was put off last

    @property
    def left(self) -> int:
        """How many requests the budget still has."""
        return self._settings.budget - self.requests

    def take_one(self) -> NoMore | None:
        """Take one request from the budget when its time has come, or return why there is none."""
        with self._lock:
            budget = self._settings.budget
            hung = self._hangs * self._settings.deadline
            if self.left <= 0:
                return NoMore(f"the budget of {budget} requests was used up", "budget")
            if self._settings.ends is not None and time.monotonic() >= self._settings.ends:
                return NoMore("the time of the run was over", "time")
            if self._hangs >= MOST_HANGS or hung >= MOST_HANGING:
                why = f"{self._hangs} requests before it were not answered in time"
                return NoMore(why, "time")
            if self._kept > ROOM:
                size = f"{ROOM // 1024**2} MB"
                why = f"the answers before it take more than {size}, all that a run may take"
                return NoMore(why, "memory")
            self.requests += 1
        self.wait_turn()
        return None

    def wait_turn(self) -> None:
        """Wait until the rate allows another request."""
        with self._lock:
            now = time.monotonic()
            moment = max(now, self._next)
            self._next = moment + self._apart
        if moment > now:
            time.sleep(moment - now)

    def read(self, body: bytes) -> Read:
        """Read the body of an answer; a large one that came before is kept, and counted, once."""
        if len(body) <= SMALL:
            return Read(body, *decode(body))
        with self._lock:
            known = self._large.get(body)
        if known is None:
            known = Read(body, *decode(body))
            if clause_ids.UNREAD in dict(known.problems):
                return known._replace(body=body[:SMALL])
            with self._lock:
                self._large[body] = known
                self._kept += len(body) + size(known.value)
        return known

    def hung(self) -> int:
        """Count an exchange that was not answered in time; give how many there were."""
        with self._lock:
            self._hangs += 1
            return self._hangs

    def was_put_off(self) -> None:
        """Send all further requests further apart when that came soon after another time.

        A bucket that is refilled slowly would put off every second one.
        """
        with self._lock:
            if self.requests - self._put_off_at < SOON:
                slower = min(max(2 * self._apart, FIRST_APART), FIRST_WAIT)
                self._apart = max(self._apart, slower)
            self._put_off_at = self.requests

    def put_off(self, times: int, seconds: float) -> None:
        """Wait as long as the target asks before a request that was put off so many times.

        Raises PolitenessExhausted when that is too often, or too long in all.
        """
        if times > MOST_WAITS:
            raise PolitenessExhausted(
                f"{self._name} asked {times} times in a row to send one request later; use --rate"
            )
        with self._lock:
            self._waited += seconds
            waited = self._waited
        patience = self._settings.patience
        if waited > patience:
            raise PolitenessExhausted(
                f"{self._name} asked for more than {patience:g} s of waiting in all "
                f"(429 or 503 with Retry-After); slow down with --rate, or allow more waiting"
            )
        time.sleep(seconds)


def asks_to_wait(done: Exchange, times: int) -> float | None:
    """Return the seconds to wait before a request is sent again, or None.

    One that has to be accepted may meet a conflict with those that were sent at the same moment:
    a server may serve one after the other. It is sent once more, by itself, after these.
    """
    if done.case.together and done.must_accept and done.status in IN_CONFLICT:
        return None if times else FIRST_WAIT * (1 + done.number % TURNS)
    return seconds_asked_for(done.answer, times)


def seconds_asked_for(answer: Response | Failure, times: int) -> float | None:
    """Return the seconds that an answer asks to wait before trying again, or None.

    An answer that does not say how long is waited for longer each time.
    """
    if not isinstance(answer, Response) or answer.status not in (429, 503):
        return None
    default = min(FIRST_WAIT * float(2**times), LONGEST_WAIT)
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
    # such a date has no fractions: what is meant may be up to a second later
    return max((moment - datetime.now(UTC)).total_seconds() + 1, 0.05)


def turns(cases: Sequence[Case]) -> list[list[Case]]:
    """Return each case by itself, but neighbours that go together in one turn."""

    def turn(case: Case) -> tuple[bool, str]:
        return case.together, case.label if case.together else str(case.number)

    return [list(group) for _, group in groupby(cases, key=turn)]


def waves(cases: Sequence[Case]) -> list[list[Case]]:
    """Return cases in waves that are sent at once: each comes after all that it refers to."""
    depth: dict[int, int] = {}
    for case in cases:
        depths = [depth.get(number, 0) for number in case.after]
        depth[case.number] = 1 + max(depths, default=0)
    return [
        [case for case in cases if depth[case.number] == level]
        for level in sorted(set(depth.values()))
    ]
