"""What is planned, sent and answered: cases, requests, responses and exchanges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.model.words import ABSENT, CREDENTIAL, Authorization, Region


@dataclass(frozen=True, slots=True)
class Case:
    """One request to send, as a template: markers in `body` and `path` are resolved at sending.

    `decides` names the clauses that the answer's acceptance (or refusal) decides; `states`
    tells for each field which state it is in; `after` are numbers of cases that must have been
    answered before.
    """

    number: int
    region: Region
    label: str
    body: Any = ABSENT  # a JSON value with markers, bytes sent as they are, or ABSENT
    decides: tuple[str, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    authorization: Authorization = CREDENTIAL
    path: Mapping[str, str] = field(default_factory=dict)
    media_type: str | None = "application/json"
    method: str | None = None
    after: tuple[int, ...] = ()
    needs: str | None = None
    observes: tuple[str, ...] = ()  # the open states in it, such as "amount.fractional"
    together: bool = False  # sent at the same moment as its neighbours
    operation: str | None = None  # another one of the API, which this request is for
    # path parameter -> what is handed out
    takes: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    leaves_out: tuple[str, ...] = ()  # parameters that every other request has
    closing: bool = False  # the last on its connection
    headers: Mapping[str, str] = field(default_factory=dict)  # further ones
    spread: bool = False  # its JSON has white space and escapes wherever there may be some

    @property
    def must_accept(self) -> bool:
        """Whether the request has to be accepted."""
        return self.region is Region.VALID

    @property
    def must_refuse(self) -> bool:
        """Whether the request has to be refused."""
        return self.region is Region.INVALID


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, with names in braces for credentials: a transport puts the values in."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    value: Any  # the body read back as strict JSON; ABSENT when it is none
    parameters: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)  # without credentials
    leaves_out: tuple[str, ...] = ()  # headers that a transport would add

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
        """Return the first value of a header, or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Failure:
    """A response that did not come, or not whole.

    `kind` is ``connect``, ``timeout``, ``closed``, ``incomplete``, ``malformed``,
    ``undecodable`` or ``too_large``; the sender makes ``unread`` and ``down`` of closed ones.
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
    def must_accept(self) -> bool:
        """Whether the request has to be accepted."""
        return self.case.must_accept

    @property
    def must_refuse(self) -> bool:
        """Whether the request has to be refused."""
        return self.case.must_refuse

    @property
    def status(self) -> int | None:
        """The response's status, None when there was no response."""
        return self.answer.status if isinstance(self.answer, Response) else None

    @property
    def accepted(self) -> bool:
        """Whether the answer is a 2xx."""
        return self.status is not None and self.status // 100 == 2

    @property
    def is_success(self) -> bool:
        """Whether the request was accepted, and did not have to be refused."""
        return self.accepted and not self.must_refuse

    @property
    def refused(self) -> bool:
        """Whether the answer is a 4xx."""
        return self.status is not None and self.status // 100 == 4

    @property
    def failed(self) -> bool:
        """Whether the answer is a 5xx."""
        return self.status is not None and self.status >= 500


@dataclass(frozen=True, slots=True)
class Skipped:
    """A case that could not be sent, and why.

    `left_out` says what the run had too little of to send it: budget, time, memory or shares.
    """

    case: Case
    why: str
    left_out: str | None = None
