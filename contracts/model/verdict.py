"""What comes of a run: checks, findings, causes, results of clauses and the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from contracts.model.contract import Clause, Contract
from contracts.model.exchange import Case, Exchange
from contracts.model.words import Basis, Outcome


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why findings belong together, in words: a rule of the sandbox, or members spelt otherwise.

    `preconditions` are the lines of a targets file that narrow the next run to what the
    sandbox takes: member (or JSON Schema keyword of the whole body) -> what is to be written
    there.
    """

    words: str
    preconditions: Mapping[str, Any] = field(default_factory=dict)


class Check(NamedTuple):
    """One clause looked at in one exchange."""

    clause: str
    exchange: Exchange
    ok: bool
    place: str = ""
    expected: str = ""
    got: str = ""
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation, with the exchange that shows it.

    It showed in `occurrences` of the exchanges that were looked at. `seen` is (times seen, times
    tried) of one that does not show every time.
    """

    clause: Clause
    exchange: Exchange
    place: str
    expected: str
    got: str
    minimised: bool = False
    occurrences: int = 1
    looks: int = 1
    seen: tuple[int, int] | None = None
    explanation: Explanation | None = None
    steps: tuple[Mapping[str, Any], ...] = ()  # what shows it again (`contracts.engine.steps`)

    @property
    def case(self) -> Case:
        """The case of the exchange."""
        return self.exchange.case


@dataclass(frozen=True, slots=True)
class Cause:
    """The one thing to mend behind one finding or several.

    `findings` are their places in a run's.
    """

    summary: str
    findings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """The outcome of one clause; `exchanges` counts those that could have broken it."""

    clause: Clause
    outcome: Outcome
    exchanges: int
    why: str | None = None
    left_out: str | None = None  # what the run had too little of: budget, time, memory or shares


@dataclass(frozen=True, slots=True)
class Observation:
    """What the sandbox does where the document is silent."""

    id: str
    behaviour: str


@dataclass(frozen=True, slots=True)
class Run:
    """All outcomes and findings of one contract against one target."""

    contract: Contract
    target: str
    requests: int
    seconds: float
    results: tuple[ClauseResult, ...]
    findings: tuple[Finding, ...]
    observations: tuple[Observation, ...]
    created: tuple[str, ...] = ()
    pairs: tuple[int, int] = (0, 0)  # (seen in accepted or sent requests, all)
    aborted: str | None = None
    aborted_by: str | None = None  # in the words of `errors.RunAborted.word`
    interrupted: int | None = None  # the number of the signal that ended it
    id: str = ""  # the text that everything it created carries
    exchanges: tuple[Exchange, ...] = ()  # all of them, in the order of sending
    shard: str | None = None  # such as 1/4, when other runs send the rest of the plan
    causes: tuple[Cause, ...] = ()  # each finding is in exactly one
    # False for an operation that came along with its API and is not there, or can't be asked for
    served: bool = True
    # of what was created; None where nothing takes it back
    left: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a whole call of `verify` found out."""

    seed: int
    runs: Sequence[Run]
    fail_on: Basis
