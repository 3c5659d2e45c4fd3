"""The shape of the JSON report (format order-contracts/1), for all who write or read one.

`report.schema.json` says the same to whoever reads a file. What reports did not have from the
start has its default there, if that is not null or empty.
"""

from typing import Any, Literal, NotRequired, TypedDict, final

FORMAT = "order-contracts/1"

OutcomeWord = Literal["pass", "fail", "incomplete", "aborted"]
Completeness = Literal["required", "usual", "allowed"]


class SourceRecord(TypedDict):
    """Where a clause is written: lines of a document, or a section of a standard."""

    document: NotRequired[str]
    sha256: NotRequired[str | None]
    lines: NotRequired[list[int]]  # first and last, counted from 1
    standard: NotRequired[str]
    section: NotRequired[str | None]


class RequestRecord(TypedDict):
    """A request as it was sent, the names of variables in place of credentials."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None


@final
class AnswerRecord(TypedDict):
    """An answer that came back whole."""

    status: int
    headers: list[list[str]]  # name and value
    body: str
    seconds: float


@final
class FailureRecord(TypedDict):
    """What came in place of a whole answer."""

    failure: str
    detail: str
    seconds: float


ResponseRecord = AnswerRecord | FailureRecord


class ExchangeRecord(TypedDict):
    """A request with what came back."""

    case: str
    region: str | None
    started: str | None  # as RFC 3339 has it
    request: RequestRecord
    response: ResponseRecord


class WaiverRecord(TypedDict):
    """Why a finding does not fail its run."""

    reason: str
    owner: str
    expires: str


class StatementRecord(TypedDict):
    """What a clause says, on what basis, and where it is written."""

    statement: str
    basis: str
    source: SourceRecord
    reading: str | None


class ClauseRecord(StatementRecord):
    """The outcome of one clause."""

    id: str
    outcome: str
    exchanges: int
    why: str | None
    left_out: str | None  # what the run had too little of: budget, time, memory or shares
    kind: str | None
    places: list[str]
    fault: str | None


class FindingRecord(StatementRecord, ExchangeRecord):
    """One violation, with the exchange that shows it."""

    clause: str
    quote: str | None  # the lines of the page, where it was at hand
    place: str
    expected: str
    got: str
    kind: str | None
    places: list[str]
    curl: str
    hint: str | None
    minimised: bool
    occurrences: int
    seen: str | None  # such as "2 of 5"; None for always
    steps: list[dict[str, Any]]  # the cases that show it again, predecessors first
    waived: WaiverRecord | None


class CauseNameRecord(TypedDict):
    """A cause by the operation of its run, and its id there."""

    operation: str
    id: str


class CauseRecord(TypedDict):
    """The one thing to mend behind one finding or several."""

    id: str
    summary: str
    clauses: list[str]
    findings: list[int]  # indexes into the run's findings
    fails: bool
    same_as: CauseNameRecord | None  # the same defect, in an operation that comes before


class ObservationRecord(TypedDict):
    """What the sandbox does where the document is silent."""

    id: str
    behaviour: str


class PairsRecord(TypedDict):
    """How many pairs of field states were sent, and how many there are."""

    covered: int
    all: int


class MemberRecord(TypedDict):
    """A documented member: its pointer and its types."""

    at: str
    types: list[str]


class MembersRecord(TypedDict):
    """What the page documents; None where it documents no body."""

    request: list[MemberRecord] | None
    response: list[MemberRecord] | None


class RunRecord(TypedDict):
    """All outcomes and findings of one contract against one target."""

    api: str
    title: str
    operation: str
    target: str  # `embedded`, or the base URL
    run_id: str
    shard: str | None  # such as "1/4"; None for a whole plan
    requests: int
    seconds: float
    accepted: int | None  # valid requests that were accepted; None when that is not known
    aborted: str | None
    aborted_by: str | None  # what ended the run, in the words of `errors`
    interrupted: int | None  # the number of the signal
    pairs: PairsRecord
    created: list[str]
    left: list[str] | None  # of what was created; None where nothing takes it back
    documents: dict[str, str]  # name to sha256
    addresses: dict[str, str]  # name of a document to the URL where the vendor shows it
    token_variable: str | None
    members: MembersRecord
    clauses: list[ClauseRecord]
    findings: list[FindingRecord]
    causes: list[CauseRecord]
    observations: list[ObservationRecord]
    exchanges: list[ExchangeRecord]


# an observation that differs from the baseline's
ChangeRecord = TypedDict("ChangeRecord", {"id": str, "was": str, "is": str})


class DriftRecord(TypedDict):
    """What differs from the baseline for one API."""

    api: str
    new: list[str]
    gone: list[str]
    still: list[str]
    observations: list[ChangeRecord]


class VerdictRecord(TypedDict):
    """What came of an earlier run."""

    started: str | None
    outcome: OutcomeWord


class PastCauseRecord(TypedDict):
    """A cause of some of these runs."""

    api: str
    operation: str
    summary: str
    seen: list[bool | None]  # for each verdict; None where it was not looked at


class HistoryRecord(TypedDict):
    """The last verdicts about the same targets, oldest first, and their causes."""

    verdicts: list[VerdictRecord]
    causes: list[PastCauseRecord]


class Report(TypedDict):
    """A whole report."""

    format: str
    outcome: OutcomeWord
    reason: str | None  # why there is no verdict
    seed: int
    fail_on: str
    completeness: Completeness
    started: str | None
    environment: str | None  # the name of the configured environment, when one was chosen
    runs: list[RunRecord]
    unused_waivers: list[str]
    drift: list[DriftRecord] | None
    history: HistoryRecord | None  # None where no reports are kept
