"""The outcome of a report: what it takes for a go, and what stands against one.

DESIGN: a violation outweighs everything but an end that makes its findings worthless; a go
needs a valid request that was accepted, and every clause that can fail the run decided, or not
exercised for a reason that lies outside the run.
"""

from collections.abc import Iterator

from contracts.errors import OUTWEIGHING
from contracts.model import Basis, Outcome, Region, Run
from contracts.reports import record
from contracts.reports.joining import joined
from contracts.schema.files import toml_value
from contracts.schema.jsontext import decode

MENDS = {
    "budget": "give --budget a greater number (--plan says which is enough)",
    "time": "raise --timeout, or lower --concurrency and --rate; give explore more --minutes",
    "memory": "answers that large cannot all be kept: verify where there is less to be listed",
    "shares": "give contracts report the reports of all shares",
}
NOTHING_ACCEPTED = "no valid request was accepted"
LOOK = (
    "look at the answers; what the sandbox asks for beyond its page are preconditions in a targets "
    "file"
)
SUCCESS, REDIRECTION = 200, 300
NOT_FOUND = (
    "is the base URL right, and does the sandbox have what the ids in the path name? `contracts "
    "list operations` says which variable each path parameter is taken from; how an id that stands "
    "in the path itself becomes a parameter is in NOTES.md of a contract that was started"
)
NOT_PERMITTED = (
    "the token may lack a permission: give one that has it, or name operations it may use"
)
REFUSED = {401: NOT_PERMITTED, 403: NOT_PERMITTED, 404: NOT_FOUND}  # mends by status
NOTHING_SERVED = "no operation is served at the address: check the base URL and its path"


def accepted(run: Run) -> int | None:
    """Return how many valid requests of the operation itself were accepted.

    None for one that came along with its API and is not served, or could not be asked for.
    """
    if not run.served:
        return None
    return sum(
        exchange.accepted and exchange.must_accept and exchange.case.operation is None
        for exchange in run.exchanges
    )


def fails(report: record.Report, finding: record.FindingRecord) -> bool:
    """Whether a finding fails its run: it is not waived, and its basis is strong enough."""
    return not finding["waived"] and Basis(finding["basis"]).fails_at(Basis(report["fail_on"]))


def failed_by_drift(report: record.Report) -> bool:
    """Whether it is what differs from the baseline, and no finding, that failed a report."""
    return report["outcome"] == "fail" and not any(
        fails(report, finding) for run in report["runs"] for finding in run["findings"]
    )


def concluded(report: record.Report, *, failing_drift: bool = False) -> record.Report:
    """Return the report with its outcome, and with the reason why there is no verdict."""
    endings = [run for run in report["runs"] if run["aborted"]]
    # a report that is older than aborted_by says no more than that the run was not carried out
    worthless = [run for run in endings if run["aborted_by"] in {None, *OUTWEIGHING}]
    violated = any(fails(report, finding) for run in report["runs"] for finding in run["findings"])
    missing = [text for run in report["runs"] for text in lacks(report, run)]
    idle = Outcome.NOT_EXERCISED.value
    every = [clause["outcome"] for run in report["runs"] for clause in run["clauses"]]
    if not missing and all(outcome == idle for outcome in every):
        missing = [NOTHING_SERVED]
    outcome: record.OutcomeWord = "pass"
    reason = None
    if worthless or (endings and not violated):
        outcome = "aborted"
        reason = (worthless or endings)[0]["aborted"]
    elif violated or failing_drift:
        outcome = "fail"
    elif missing:
        outcome, reason = "incomplete", "; ".join(missing)
    runs = joined([{**run, "causes": _weighed(report, run)} for run in report["runs"]])
    return {**report, "outcome": outcome, "reason": reason, "runs": runs}


def _weighed(report: record.Report, run: record.RunRecord) -> list[record.CauseRecord]:
    """Return the causes of a run with whether one of their findings fails it."""
    return [
        {**cause, "fails": any(fails(report, run["findings"][n]) for n in cause["findings"])}
        for cause in run["causes"]
    ]


def is_excused(report: record.Report) -> bool:
    """Whether an incomplete report is no reason to stop: it was allowed, or is a share's."""
    only_shares = all(run["shard"] or not lacks(report, run) for run in report["runs"])
    return report["completeness"] == "allowed" or only_shares


def lacks(report: record.Report, run: record.RunRecord) -> list[str]:
    """Return what a run lacks for a go, each with the mend; nothing when it was complete.

    The operation is named where the report has several of the API. Example:
    ``kohort/get-order: 3 clauses are left out for want of budget: give --budget a greater
    number (--plan says which is enough)``.
    """
    operations = {other["operation"] for other in report["runs"] if other["api"] == run["api"]}
    name = f"{run['api']}/{run['operation']}" if len(operations) > 1 else run["api"]
    if run["shard"]:
        return [f"{name}: share {run['shard']}: no verdict by itself"]
    return [f"{name}: {text}" for text in _lacks(report, run)]


def _lacks(report: record.Report, run: record.RunRecord) -> Iterator[str]:
    """Yield what an operation lacks for a go, without its name."""
    decisive = [
        clause
        for clause in run["clauses"]
        if Basis(clause["basis"]).fails_at(Basis(report["fail_on"]))
    ]
    if run["accepted"] == 0:
        yield f"{NOTHING_ACCEPTED}{_first_refusal(run)}"
    undecided = [clause for clause in decisive if clause["outcome"] == Outcome.UNDECIDED.value]
    if undecided and run["accepted"] != 0:
        yield f"{_clauses(undecided)} undecided: {undecided[0]['why']}"
    for lack, mend in MENDS.items():
        left_out = [clause for clause in decisive if clause["left_out"] == lack]
        if left_out:
            yield f"{_clauses(left_out)} left out for want of {lack}: {mend}"
    if report["completeness"] == "required":
        idle = [
            clause
            for clause in decisive
            if clause["outcome"] == Outcome.NOT_EXERCISED.value and not clause["left_out"]
        ]
        if idle:
            yield f"{_clauses(idle)} not exercised, which --require-complete asks for"


def _clauses(clauses: list[record.ClauseRecord]) -> str:
    number = len(clauses)
    return f"{number} clause is" if number == 1 else f"{number} clauses are"


def _first_refusal(run: record.RunRecord) -> str:
    """Return how a valid request was refused first, with the mend; "" when that is not known."""
    for exchange in run["exchanges"]:
        response = exchange["response"]
        if exchange["region"] == Region.VALID.value and "status" in response:
            status = response["status"]
            if not SUCCESS <= status < REDIRECTION:
                mend = _with_body(run) or REFUSED.get(status, LOOK)
                return f" (the first was answered {status}): {mend}"
    return ""


def _with_body(run: record.RunRecord) -> str:
    """Return how a run gets a body that the sandbox took although its page has none; or ""."""
    taken = [
        exchange["request"]["body"] or ""
        for exchange in run["exchanges"]
        if exchange["region"] == Region.OPEN.value
        and "status" in exchange["response"]
        and SUCCESS <= exchange["response"]["status"] < REDIRECTION
    ]
    values = (decode(text.encode("utf-8", "surrogatepass"))[0] for text in taken)
    objects = [value for value in values if isinstance(value, dict)]
    if run["members"]["request"] is not None or not objects:
        return ""
    line = f"[NAME.{run['api']}] body = {toml_value(min(objects, key=len))}"
    return f"it takes a body, of which the page says nothing: in the targets file: {line}"
