"""A state machine of Hypothesis that sends what it likes to an operation and shrinks what breaks.

It sends bodies of all regions, repeats them, and refers to what was handed out. What breaks a
clause is shrunk to the shortest sequence that shows it, once for each cause.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, Phase, Verbosity, settings, target
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from contracts import clause_ids
from contracts.engine.described import described
from contracts.engine.observations import observe
from contracts.engine.steps import with_steps
from contracts.errors import RunAborted
from contracts.interop import fuzzing
from contracts.interop.strategies import bodies
from contracts.judge.causes import causes
from contracts.judge.outcomes import judge
from contracts.model import Case, Check, Contract, Exchange, Region, Run
from contracts.planning.bodies.fields import field_states, plain_body
from contracts.planning.bodies.templates import HandedOut, bound, references
from contracts.verify.asking import Sandbox
from contracts.verify.options import Options
from contracts.verify.targets import Target

STEPS: Final = 12  # requests of one sequence, at most
SEQUENCES: Final = 60  # of one round; a round ends early when it finds something
REMEMBERED: Final = 300  # exchanges of which the report is made, the last ones
COMPARED: Final = 40  # exchanges that relations look at after each step; more take ever longer
SHRINKING: Final = 20.0  # seconds beyond the time, for what was found at its end
DONORS: Final = 20  # earlier answers that a reference may be taken from

Database = ExampleDatabase | None


Key = tuple[str, str]  # of a violation: clause and place


class TimeIsOver(BaseException):
    """The time of an exploration is over: Hypothesis, which would go on shrinking, ends at once."""


class NewViolationError(AssertionError):
    """A clause is broken in a way that no earlier round showed."""

    def __init__(self, key: Key) -> None:
        super().__init__(" at ".join(key))
        self.key = key


@dataclass
class Exploration:
    """What is known while a sandbox is explored: what was seen, and the evidence of each cause."""

    sandbox: Sandbox
    deadline: float
    known: set[Key] = field(default_factory=set)
    signatures: set[tuple[Any, ...]] = field(default_factory=set)
    evidence: dict[Key, list[Exchange]] = field(default_factory=dict)

    @property
    def contract(self) -> Contract:
        """The contract of the operation that is explored."""
        return self.sandbox.contract

    @property
    def time_is_over(self) -> bool:
        """Whether nothing more may be sent; what is being shrunk has a little longer."""
        shrinks = self.evidence.keys() != self.known
        return time.monotonic() >= self.deadline + (SHRINKING if shrinks else 0)

    def is_new(self, exchange: Exchange) -> bool:
        """Whether no earlier answer looked like this one, in status and members."""
        members = sorted(exchange.value) if isinstance(exchange.value, dict) else ()
        signature = (exchange.case.region, exchange.status, *members)
        new = signature not in self.signatures
        self.signatures.add(signature)
        return new

    def send(self, body: Any, sequence: list[Exchange]) -> None:
        """Send a body and add its exchange; NewViolationError for a clause that no other broke."""
        exchange = self.sandbox.sender.send_further(fuzzing.case_of(self.contract, body))
        if not isinstance(exchange, Exchange):
            return
        sequence.append(exchange)
        if self.is_new(exchange):
            target(float(len(self.signatures)), label="kinds of answers")
        for check in _violations(self, exchange):
            key = (check.clause, check.place)
            if key not in self.known:
                self.evidence[key] = list(sequence)
                raise NewViolationError(key)

    def forget(self) -> None:
        """Forget the oldest exchanges, so that memory and time do not grow with the requests."""
        exchanges = self.sandbox.sender.exchanges
        for number in sorted(exchanges)[:-REMEMBERED]:
            del exchanges[number]


def look_on(target_: Target, options: Options, ends: float, database: Path | str | None) -> Run:
    """Return the run of a state machine that ends at a moment (of `time.monotonic`).

    `database` is a folder, or the address of a Redis (``redis://host:6379/0``), in which
    Hypothesis keeps the examples that it found: several machines may share one.
    """
    started = time.monotonic()
    sandbox = Sandbox(target_, options)
    exploration = Exploration(sandbox, ends)
    aborted, aborted_by = None, None
    try:
        with options.interruption.raising():
            body = plain_body(exploration.contract)
            sandbox.sender.send_further(Case(0, Region.VALID, "a plain request", body))
            _rounds(exploration, database_of(database))
    except RunAborted as reason:
        aborted = str(reason)
        aborted_by = reason.word
    finally:
        sandbox.close()
    exchanges = _evidence(exploration)
    blamed = {e.number: (clause_ids.COMBINED,) for e in exchanges if _is_blamed(e)}
    contract = exploration.contract
    results, found = judge(contract, exchanges, (), blamed)
    findings = with_steps(contract, described(contract, found, exchanges), exchanges)
    return Run(
        contract=contract,
        target=sandbox.transport.name,
        requests=sandbox.sender.requests,
        seconds=time.monotonic() - started,
        results=results,
        findings=findings,
        causes=causes(contract, findings),
        observations=observe(contract, exchanges, sandbox.sender.recovered),
        created=(),
        aborted=aborted,
        aborted_by=aborted_by,
        interrupted=options.interruption.signal,
        exchanges=tuple(exchanges),
    )


def database_of(place: Path | str | None) -> Database:
    """Return Hypothesis' example database in a folder, or at the address of a Redis."""
    if place is None:
        return None
    if str(place).startswith("redis://"):
        from hypothesis.extra.redis import RedisExampleDatabase  # noqa: PLC0415 - an extra
        from redis import Redis  # noqa: PLC0415 - an extra

        return RedisExampleDatabase(Redis.from_url(str(place)))
    return DirectoryBasedExampleDatabase(place)


def _rounds(exploration: Exploration, database: Database) -> None:
    """Run the state machine again and again, each time blind to the causes found before."""
    machine = _machine(exploration)
    chosen = settings(
        max_examples=SEQUENCES,
        stateful_step_count=STEPS,
        deadline=None,
        database=database,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,  # what it found is told by the report
        suppress_health_check=list(HealthCheck),
        phases=(Phase.reuse, Phase.generate, Phase.target, Phase.shrink),  # it explains nothing
    )
    machine.TestCase.settings = chosen
    while not exploration.time_is_over:
        try:
            run_state_machine_as_test(machine, settings=chosen)
        except NewViolationError as found:
            exploration.known.add(found.key)
        except (Flaky, TimeIsOver):
            # what does not show again is known from its first showing
            exploration.known |= exploration.evidence.keys()


def _machine(exploration: Exploration) -> type[RuleBasedStateMachine]:
    """Return the state machine of an operation: what may be sent, in any order."""
    contract = exploration.contract

    class Orders(RuleBasedStateMachine):
        """Sends bodies of all regions and looks at each answer."""

        def __init__(self) -> None:
            super().__init__()
            self.sent: list[Exchange] = []

        @rule(body=bodies(contract, Region.VALID), data=st.data())
        def valid(self, body: Any, data: st.DataObject) -> None:
            """Send a valid body, with references to what earlier answers handed out."""
            self._send(_referring(contract, body, self._donors(), data))

        @rule(body=bodies(contract, Region.OPEN))
        def open(self, body: Any) -> None:
            """Send a body of which the page leaves open whether it is accepted."""
            self._send(body)

        @rule(body=bodies(contract, Region.INVALID))
        def invalid(self, body: Any) -> None:
            """Send a body that breaks the page in one place."""
            self._send(body)

        def _donors(self) -> tuple[int, ...]:
            accepted = [exchange.number for exchange in self.sent if exchange.accepted]
            return tuple(accepted[-DONORS:])

        def _send(self, body: Any) -> None:
            if exploration.time_is_over:
                raise TimeIsOver
            exploration.send(body, self.sent)

        def teardown(self) -> None:
            """Forget what is too old to be looked at."""
            exploration.forget()

    return Orders


def _referring(contract: Contract, body: Any, donors: tuple[int, ...], data: st.DataObject) -> Any:
    """Return a body that may refer to what one of the donors' answers handed out."""
    for name, states in field_states(contract).items():
        handed_out = [state.value for state in states if references(state.value)]
        if handed_out and donors and data.draw(st.booleans(), label=f"refer by {name}"):
            donor = data.draw(st.sampled_from(donors), label="to the answer")
            return {**body, name: bound(handed_out[0], partial(_only, donor))}
    return body


def _only(donor: int, _: HandedOut) -> tuple[int, ...]:
    return (donor,)


def _violations(exploration: Exploration, exchange: Exchange) -> Iterator[Check]:
    """Yield what one exchange breaks, alone or together with those before it."""
    yield from exploration.sandbox.broken(exchange, COMPARED)
    if _is_blamed(exchange):
        yield Check(clause_ids.COMBINED, exchange, ok=False, place=f"refused: {exchange.status}")


def _is_blamed(exchange: Exchange) -> bool:
    """Whether a valid request was refused."""
    return exchange.must_accept and exchange.refused


def _evidence(exploration: Exploration) -> list[Exchange]:
    """Return the exchanges that a report is made from: each sequence that shows something."""
    sequences = exploration.evidence.values()
    exchanges = {exchange.number: exchange for sequence in sequences for exchange in sequence}
    for exchange in exploration.sandbox.sender.history[-REMEMBERED:]:
        exchanges.setdefault(exchange.number, exchange)
    return [exchanges[number] for number in sorted(exchanges)]
