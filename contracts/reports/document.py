"""The JSON report (format order-contracts/1): a verdict as plain data, with every secret taken out.

`report.schema.json` says what it looks like. Every other report is made from it and from
nothing else.
"""

import codecs
import math
from collections.abc import Mapping
from datetime import UTC, datetime

from contracts import model
from contracts.reports import outcomes, record
from contracts.reports.hints import hint
from contracts.reports.names import headers_with_names
from contracts.reports.script import base_url, curl, script, with_variables
from contracts.reports.text.redaction import Redactor
from contracts.schema import keywords
from contracts.schema.jsontext import encode

LONGEST_BODY = 20_000  # characters of a finding's body that are shown, and of its headers
LONGEST_SEEN = 4_000  # the same of any other exchange
SURE = 4  # times as many requests as it took to show something, so that it shows again
MOST_TIMES = 130  # that a script sends its steps again, for what shows seldom
FEW_TIMES = 12  # for what shows from some order on

Proofs = Mapping[str, Mapping[str, str]]


def document(
    verdict: model.Verdict,
    redactor: Redactor,
    *,
    proofs: Proofs | None = None,
    completeness: record.Completeness = "usual",
    environment: str | None = None,
) -> record.Report:
    """Return the report as a JSON value.

    `proofs` names for each API's clauses the fault that shows they bite.
    """
    report: record.Report = {
        "format": record.FORMAT,
        "outcome": "pass",
        "reason": None,
        "seed": verdict.seed,
        "fail_on": verdict.fail_on.value,
        "completeness": completeness,
        "started": None,
        "environment": environment,
        "runs": [
            redactor.run(_run(run, (proofs or {}).get(run.contract.api, {})))
            for run in verdict.runs
        ],
        "unused_waivers": [],
        "drift": None,
        "history": None,
    }
    return outcomes.concluded(report)


def render(report: record.Report) -> str:
    """Write a report as a JSON text."""
    return encode(report).decode("utf-8")


def _run(run: model.Run, proofs: Mapping[str, str]) -> record.RunRecord:
    contract = run.contract
    members: record.MembersRecord = {
        "request": _members(contract.request),
        "response": _members(contract.response),
    }
    return {
        "api": contract.api,
        "title": contract.title,
        "operation": contract.operation.name,
        "target": run.target,
        "run_id": run.id,
        "shard": run.shard,
        "requests": run.requests,
        "seconds": round(run.seconds, 3),
        "accepted": outcomes.accepted(run),
        "aborted": run.aborted,
        "aborted_by": run.aborted_by,
        "interrupted": run.interrupted,
        "pairs": {"covered": run.pairs[0], "all": run.pairs[1]},
        "created": list(run.created),
        "left": None if run.left is None else list(run.left),
        "documents": dict(contract.documents),
        "addresses": dict(contract.addresses),
        "token_variable": contract.operation.token_variable,
        "members": members,
        "clauses": [_clause(result, proofs.get(result.clause.id)) for result in run.results],
        "findings": [_finding(run, finding) for finding in run.findings],
        "causes": [_cause(run, number, cause) for number, cause in enumerate(run.causes, 1)],
        "observations": [{"id": o.id, "behaviour": o.behaviour} for o in run.observations],
        "exchanges": [_exchange(run, exchange) for exchange in run.exchanges],
    }


def _curl(run: model.Run, finding: model.Finding) -> str:
    """Return shell commands that show a finding again, in one line."""
    request = finding.exchange.request
    operation = run.contract.operation
    if not finding.steps:
        return with_variables(operation, curl(run.contract, run.target, request))
    # what comes before is asked at the address of one's own, as the plainest request is
    own = run.exchanges[0].request.path if run.exchanges else request.path
    before = ["" if step["path"] else own for step in finding.steps[:-1]]
    paths = [*before, request.path]
    once = "; ".join(script(run.contract, base_url(run.target), paths, finding.steps))
    times = _times(run, finding)
    if times > 1:
        once = f"N=0; while [ $((N += 1)) -le {times} ]; do {once}; done"
    return with_variables(operation, once)


def _times(run: model.Run, finding: model.Finding) -> int:
    """Return how often the steps of a finding have to be sent, so that they surely show it.

    More than once where it does not show every time, and where there is nothing in its request
    that the first one did not have, in which it may not have shown: it needs others before it.
    """
    if finding.seen is not None:
        times, tried = finding.seen
        return min(math.ceil(SURE * tried / max(times, 1)), MOST_TIMES)
    case = finding.case
    first = run.exchanges[0].case.body if run.exchanges else None
    if not case.must_accept or not isinstance(case.body, dict) or not isinstance(first, dict):
        return 1
    is_plain = all(first.get(name) == value for name, value in case.body.items())
    return FEW_TIMES if is_plain and finding.occurrences < finding.looks else 1


def _cause(run: model.Run, number: int, cause: model.Cause) -> record.CauseRecord:
    """Return a cause; whether it fails the run is known when its findings have been weighed."""
    clauses = dict.fromkeys(run.findings[index].clause.id for index in cause.findings)
    return {
        "id": str(number),
        "summary": cause.summary,
        "clauses": list(clauses),
        "findings": list(cause.findings),
        "fails": False,
        "same_as": None,
    }


def _members(schema: model.Schema | None) -> list[record.MemberRecord] | None:
    """List the members that a schema knows, outermost first: pointer and types."""
    if schema is None:
        return None
    return [
        {"at": keywords.place_of(path), "types": list(keywords.types(part))}
        for path, _, part in keywords.subschemas(schema)
        if path
    ]


def _clause(result: model.ClauseResult, fault: str | None) -> record.ClauseRecord:
    clause = result.clause
    return {
        "id": clause.id,
        **statement(clause),
        "outcome": result.outcome.value,
        "exchanges": result.exchanges,
        "why": result.why,
        "left_out": result.left_out,
        "kind": clause.kind.value,
        "places": list(clause.places),
        "fault": fault,
    }


def statement(clause: model.Clause) -> record.StatementRecord:
    """Return what a clause says, and the document or standard that says it, as plain data."""
    where = clause.source
    source: record.SourceRecord = {"standard": where.document, "section": where.section}
    if where.lines is not None:
        lines = list(where.lines)
        source = {"document": where.document, "sha256": where.sha256, "lines": lines}
    return {
        "statement": clause.statement,
        "basis": clause.basis.value,
        "source": source,
        "reading": clause.why,
    }


def _finding(run: model.Run, finding: model.Finding) -> record.FindingRecord:
    clause: model.Clause = finding.clause
    exchange = finding.exchange
    return {
        "clause": clause.id,
        **statement(clause),
        "quote": None,
        "place": finding.place,
        "expected": finding.expected,
        "got": finding.got,
        "kind": clause.kind.value,
        "places": list(clause.places),
        **_exchange(run, exchange, LONGEST_BODY),
        "curl": _curl(run, finding),
        "hint": hint(run, finding),
        "minimised": finding.minimised,
        "steps": [dict(step) for step in finding.steps],
        "occurrences": finding.occurrences,
        "seen": f"{finding.seen[0]} of {finding.seen[1]}" if finding.seen else None,
        "waived": None,
    }


def _exchange(
    run: model.Run, exchange: model.Exchange, longest: int = LONGEST_SEEN
) -> record.ExchangeRecord:
    started = None  # as RFC 3339 has it; None when it is not known
    if exchange.started:
        moment = datetime.fromtimestamp(exchange.started, UTC)
        started = moment.isoformat(timespec="microseconds")
    return {
        "case": exchange.case.label,
        "region": exchange.case.region.value,
        "started": started,
        "request": _request(run, exchange.request, longest),
        "response": _response(exchange, longest),
    }


def _request(run: model.Run, request: model.Request, longest: int) -> record.RequestRecord:
    return {
        "method": request.method,
        "url": base_url(run.target) + request.path,
        "headers": headers_with_names(request, run.contract),
        "body": None if request.body is None else _cut(request.body, longest),
    }


def _response(exchange: model.Exchange, longest: int) -> record.ResponseRecord:
    answer = exchange.answer
    seconds = round(exchange.seconds, 3)
    if isinstance(answer, model.Failure):
        return {"failure": answer.kind, "detail": answer.detail, "seconds": seconds}
    assert isinstance(answer, model.Response)  # noqa: S101
    return {
        "status": answer.status,
        "headers": _headers(answer, longest),
        "body": _cut(answer.body, longest),
        "seconds": seconds,
    }


def _headers(answer: model.Response, longest: int) -> list[list[str]]:
    """Return the headers of an answer as far as they have `longest` characters together."""
    fields: list[list[str]] = []
    room = longest
    for name, value in answer.headers:
        room -= len(name) + len(value)
        if room < 0:
            return [*fields, ["…", f"{len(answer.headers) - len(fields)} more headers"]]
        fields.append([name, value])
    return fields


_PIECE = 1 << 20  # bytes of a body that are decoded at once


def _cut(body: bytes, longest: int) -> str:
    head = body[: 4 * longest].decode("utf-8", "replace")[:longest]  # of 4 bytes each at most
    pieces = (body[at : at + _PIECE] for at in range(0, len(body), _PIECE))
    length = sum(map(len, codecs.iterdecode(pieces, "utf-8", "replace")))
    return head if length <= longest else f"{head}… ({length} characters)"
