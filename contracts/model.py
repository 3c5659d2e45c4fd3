"""The records that cross module borders: frozen, plain, standard library only.

The words are those of docs/architecture.md. A JSON value is ``None``, ``bool``, ``str``, a number,
``list`` or ``dict``; ``ABSENT`` stands for no value at all, which JSON has no word for.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

Schema = Mapping[str, Any]


class Absent(enum.Enum):
    """The type of ``ABSENT``: no value, where ``None`` would be JSON's null."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = Absent.ABSENT

PORT: Final = (
    8000  # on the loopback interface, where `contracts serve` listens unless it is told otherwise
)
ELSEWHERE: Final = (
    "sent in shard"  # what the reason begins with for what another shard of a run decides
)
CREDENTIAL: Final = (
    "{credential}"  # of a case: the good one, in the form that the operation asks for
)


class Region(enum.StrEnum):
    """Where a request lies: must be accepted, may be either, must be refused."""

    VALID = "valid"
    OPEN = "open"
    INVALID = "invalid"


class Basis(enum.StrEnum):
    """Why a clause may be held against a server, strongest first."""

    DOCUMENT = "document"
    STANDARD = "standard"
    CONVENTION = "convention"

    def fails_at(self, threshold: Basis) -> bool:
        """Tell whether a violated clause of this basis fails a run that fails on `threshold`."""
        order = list(Basis)
        return order.index(self) <= order.index(threshold)


class Outcome(enum.StrEnum):
    """What a run found out about one clause."""

    HELD = "held"
    VIOLATED = "violated"
    NOT_EXERCISED = "not exercised"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Source:
    """Lines of a document (1-based, both ends included).

    Or a section of a standard (``lines`` is None).
    """

    document: str
    lines: tuple[int, int] | None = None
    section: str | None = None
    sha256: str | None = None
    address: str | None = None  # where the vendor shows a whole document

    def __str__(self) -> str:
        if self.lines is None:
            return f"{self.document}, section {self.section}"
        first, last = self.lines
        return (
            f"{self.document}, line {first}"
            if first == last
            else f"{self.document}, lines {first}-{last}"
        )


class Kind(enum.StrEnum):
    """How a clause is decided."""

    KEYWORD = "keyword"  # of the response schema, on every accepted exchange
    REFUSAL = "refusal"  # by cases that must be refused
    ACCEPTANCE = "acceptance"  # by cases that must be accepted
    RELATION = "relation"  # by an operator over request, response and history
    PROTOCOL = "protocol"  # by the message itself
    ROBUSTNESS = "robustness"  # by every exchange


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest statement that can be broken.

    `why` is the reason of a reading that is not literal.

    `places` are the members it speaks of, as ``request#/amount`` or ``response#/items/*/amount``.
    """

    id: str
    statement: str
    basis: Basis
    source: Source
    kind: Kind
    why: str | None = None
    needs: str | None = None  # the credential without which it can't be exercised
    arguments: Mapping[str, Any] = field(default_factory=dict)
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Where an operation takes a value from: a member of another operation's answer.

    `place` is ``path``, ``query`` or ``body``; `name` the parameter's, or a pointer into the body.
    """

    source: str
    pointer: str
    target: str
    place: str
    name: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A request that takes back what an operation created: `parameter` of `path` is its id."""

    source: str  # the operation that created it
    pointer: str  # to the id in its answer
    method: str
    path: str
    parameter: str


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """An optional query parameter: the values that the page documents, and how it is left out."""

    values: tuple[str, ...]
    default: str | None = None


@dataclass(frozen=True, slots=True)
class HeaderParameter:
    """A header that every request needs: the variable with its value, whether that is secret."""

    variable: str
    secret: bool = False


def path_pattern(path: str) -> str:
    """Return a path as a regular expression, with a named group for each path parameter."""
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/?]+)", re.escape(path))


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one API; `success` is None where the page gives no number: any 2xx."""

    method: str
    path: str
    media_type: str | None
    success: int | None
    production_hosts: tuple[str, ...]
    token_variable: str
    parameters: Mapping[str, str]  # path parameter -> variable that names its value
    credentials: Mapping[str, str]  # further credential -> its variable
    live_mode: str | None  # pointer to the response member that tells live from test
    created: str | None  # pointer to the id of what a success made
    header: str = "Authorization"  # of the credential
    credential: str | None = (
        "Bearer {token}"  # what that header holds; None where the page asks for none
    )
    answers: bool = True  # whether a success has a JSON body
    known: Mapping[str, str] = field(
        default_factory=dict
    )  # what exists at the server -> variable that names one
    name: str = "operation"  # such as create-order
    linked: tuple[str, ...] = ()  # path parameters whose values other operations hand out
    query: Mapping[str, QueryParameter] = field(default_factory=dict)
    headers: Mapping[str, HeaderParameter] = field(default_factory=dict)  # beside the credential
    body_required: bool = True
    permission: str | None = None  # that the token has to have

    @property
    def takes_body(self) -> bool:
        """Whether requests of this method have a body that means anything (RFC 9110.

        Section 9.3).
        """
        return self.method in {"POST", "PUT", "PATCH"}

    @property
    def path_pattern(self) -> str:
        """The path as a regular expression, with a named group for each path parameter."""
        return path_pattern(self.path)


@dataclass(frozen=True, slots=True)
class Contract:
    """One operation as data.

    `request` and `plausible` are None where the page documents no body.
    """

    api: str
    title: str
    revision: int
    operation: Operation
    documents: Mapping[str, str]  # name -> sha256
    request: Schema | None
    plausible: Schema | None
    response: Schema
    clauses: tuple[Clause, ...]
    open_bodies: Mapping[str, Any] = field(default_factory=dict)
    plain: Any = ABSENT  # the body to send where none is documented
    several: bool = False  # whether its API has other operations, or may have them
    others: Mapping[str, Contract] = field(default_factory=dict, repr=False)  # of its API, by name
    links: tuple[Link, ...] = ()  # of its API
    addresses: Mapping[str, str] = field(default_factory=dict)  # name of a document -> its URL
    take_backs: tuple[TakeBack, ...] = ()  # of its API
    unread: str | None = None  # what of its page was seen and not read, said before every run

    @property
    def reads(self) -> bool:
        """Whether it reads what other operations of its API create."""
        return self.operation.method == "GET" and any(one.creates for one in self.others.values())

    @property
    def family(self) -> tuple[Contract, ...]:
        """The contracts of all operations of its API, itself first; each knows the others."""
        known = {self.operation.name: self, **self.others}
        others = [
            replace(one, others={key: each for key, each in known.items() if key != name})
            for name, one in self.others.items()
        ]
        return (self, *others)

    @property
    def creates(self) -> bool:
        """Whether a success of it makes something that has an id."""
        return self.operation.takes_body and self.operation.created is not None

    @property
    def refuses_by(self) -> Schema | None:
        """The schema by which a sandbox of the API refuses bodies, also where this one has none."""
        bodies = [one.request for one in (self, *self.others.values()) if one.operation.takes_body]
        return next((body for body in bodies if body is not None), None)

    def of(self, operation: str | None) -> Contract:
        """Return the contract of an operation of the same API; this one for None."""
        return self if operation in (None, self.operation.name) else self.others[str(operation)]

    @property
    def name(self) -> str:
        """The name that it is loaded by: ``kohort@2/create-order``, or its API's if alone."""
        return f"{self.api}/{self.operation.name}" if self.several else self.api

    def clause(self, clause_id: str) -> Clause:
        """Give the clause of that id; KeyError when there is none."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)


@dataclass(frozen=True, slots=True)
class Case:
    """One request to send, as a template.

    Markers in `body` and `path` are resolved when it is sent.

    `decides` names the clauses that the answer's acceptance (or refusal) decides; `states` tells
    for each field which state it is in; `after` are numbers of cases that must have been answered
    before.
    """

    number: int
    region: Region
    label: str
    body: Any = ABSENT  # a JSON value with markers, bytes sent as they are, or ABSENT
    decides: tuple[str, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    # the text of the credential's header, None for none, or where else it stands (see spoiling.py)
    authorization: str | Mapping[str, str] | None = CREDENTIAL
    path: Mapping[str, str] = field(default_factory=dict)
    media_type: str | None = "application/json"
    method: str | None = None
    after: tuple[int, ...] = ()
    needs: str | None = None
    observes: tuple[str, ...] = ()  # the open states in it, such as "amount.fractional"
    together: bool = False  # sent at the same moment as its neighbours
    operation: str | None = None  # another one of the API, which this request is for
    takes: Mapping[str, Any] = field(default_factory=dict)  # path parameter -> what is handed out
    query: Mapping[str, str] = field(default_factory=dict)
    closing: bool = False  # the last on its connection
    headers: Mapping[str, str] = field(default_factory=dict)  # further ones


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. Credentials are still names in braces: only a transport puts the values in."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    value: Any  # the body read back as strict JSON; ABSENT when there is none or it is not JSON
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_unreadable(self) -> bool:
        """Whether a body was sent that is no strict JSON, so that no answer is owed to it."""
        return self.body is not None and self.value is ABSENT


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, as bytes, with header names in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Give the first value of a header, or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Failure:
    """A response that did not come, or not whole.

    `kind` is one of the words in `transports.FAILURES`.
    """

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A case with what came of it.

    `value` is the response body read as JSON, ABSENT when it can't be.
    """

    case: Case
    request: Request
    answer: Response | Failure
    seconds: float
    value: Any = ABSENT
    problems: tuple[tuple[str, str], ...] = ()  # (protocol clause, what is wrong)
    number: int = 0  # the place in the order of the plan
    started: float = 0.0  # seconds since 1970

    @property
    def status(self) -> int | None:
        """The response's status, None when there was no response."""
        return self.answer.status if isinstance(self.answer, Response) else None

    @property
    def accepted(self) -> bool:
        """Whether the answer is a 2xx."""
        return self.status is not None and self.status // 100 == 2

    @property
    def refused(self) -> bool:
        """Whether the answer is a 4xx."""
        return self.status is not None and self.status // 100 == 4


@dataclass(frozen=True, slots=True)
class Skipped:
    """A case that could not be sent, and why.

    `left_out` says what the run had too little of to send it: budget, time or shares.
    """

    case: Case
    why: str
    left_out: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why findings belong together, in words.

    A rule of the sandbox, or members in another spelling.

    `preconditions` are the lines of a targets file that narrow the next run to what the sandbox
    takes: member (or JSON Schema keyword of the whole body) -> what is to be written there.
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

    Seen in so many exchanges of those that were looked at.

    `seen` is (times seen, times tried) of one that does not show every time.
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


@dataclass(frozen=True, slots=True)
class Cause:
    """The one thing to mend behind one finding or several.

    `findings` are their places in a run's.
    """

    summary: str
    findings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """The outcome of one clause; `exchanges` counts those in which it could have been broken."""

    clause: Clause
    outcome: Outcome
    exchanges: int
    why: str | None = None
    left_out: str | None = None  # what the run had too little of: budget, time or shares


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
    served: bool = True  # False for an operation that came along with its API and is not there
    left: tuple[str, ...] | None = None  # of what was created; None where nothing takes it back


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a whole call of `verify` found out."""

    seed: int
    runs: Sequence[Run]
    fail_on: Basis
