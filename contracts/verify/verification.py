"""One call that verifies several targets and gives the report, for every front end."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from contracts import errors
from contracts.definition.loading import check_documents
from contracts.engine.endings import DEFECT as DEFECT_WORD
from contracts.engine.run import run
from contracts.engine.sender import Notify
from contracts.engine.settings import Settings
from contracts.engine.transports import Transport
from contracts.errors import DEFECT, LiveModeMet, NotThisApi, RunAborted, UsageError
from contracts.faults import catalogue
from contracts.interop import fuzzing
from contracts.model import ABSENT, Contract, Outcome, Request, Response, Verdict
from contracts.planning import shards
from contracts.planning.plan import Plan
from contracts.reports import document, history, merging, outcomes, reading
from contracts.reports.record import Report, RunRecord
from contracts.reports.text import coverage, redaction
from contracts.reports.text.redaction import Redactor
from contracts.verify import budget, configuration, regressions
from contracts.verify import targets as verify_targets
from contracts.verify import waivers as verify_waivers
from contracts.verify.options import Options
from contracts.verify.targets import Target

PAUSE = 0.25  # seconds between two looks whether a sandbox is there
LONGEST_LOOK = 5.0  # seconds that such a look may take
STARTING = (502, 503, 504)  # what a gateway answers until the server behind it is there


def choose(options: Options, environment: Mapping[str, str] = os.environ) -> list[Target]:
    """Make the targets that the options ask for; UsageError for anything that can't be.

    All files that a run reads are looked at here, before anything is sent.
    """
    chosen = verify_targets.choose(
        options.apis,
        options.targets,
        environment,
        entries=configuration.entries(options),
        allow_production=options.allow_production,
        wait=options.wait or 0,
    )
    if options.history:
        history.prepare(options.history)
    for target in chosen:
        if options.environment and target.url is None:
            table = f"[env.{options.environment}.{target.contract.api}]"
            raise UsageError(f"{options.source} has no {table}")
        regressions.read(target.contract)
        if options.documents:
            check_documents(target.contract, options.documents)
    contracts = [target.contract for target in chosen]
    ids = {clause.id for contract in contracts for clause in contract.clauses}
    verify_waivers.refuse_idle("--only", options.only, ids)
    if options.waivers:
        verify_waivers.check(options.waivers, datetime.now(UTC).date(), contracts)
    return chosen


@dataclass(slots=True)
class _Place:
    """What is known of an API at an address, by the operations that were verified before.

    `sent` requests were sent, `accepted` of them were valid ones that were accepted. `ended` is
    why a run could not be carried out, so that no other operation is asked for.
    """

    sent: int = 0
    accepted: int = 0
    ended: str | None = None

    def is_left_out(self, target: Target) -> bool:
        """Whether an operation is not asked for: of an API that is not there one says so."""
        return self.ended == LiveModeMet.word or (self.ended is not None and _follows(target))

    def note(self, run: RunRecord) -> None:
        """Note what a run has shown of the place."""
        self.sent += run["requests"]
        # where others accept something, one operation that is elsewhere, or that nothing could be
        # sent to, says nothing of them
        is_its_own = self.accepted > 0 and run["aborted_by"] in (NotThisApi.word, RunAborted.word)
        if run["aborted_by"] not in (None, DEFECT_WORD) and not is_its_own:
            self.ended = run["aborted_by"]
        self.accepted += run["accepted"] or 0


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of one operation in the verdict on its API.

    `needs` are requests, of its own and of the operations that follow; `place` is what the
    operations before it have shown.
    """

    needs: Sequence[budget.Need]
    place: _Place


def _follows(target: Target) -> bool:
    """Whether an operation needs what another one creates, so that the other speaks first."""
    return target.contract.reads or bool(target.contract.operation.linked)


def verify(chosen: Sequence[Target], options: Options, notify: Notify = lambda _: None) -> Report:
    """Verify the chosen targets one after the other; give the JSON report.

    A run that is interrupted is the last; where one can't be carried out, the API's other
    operations are left out. UsageError, before anything is sent, for waivers or a baseline
    that can't be used.
    """
    started = datetime.now(UTC)
    known = known_findings(options, started)
    baseline = reading.read(options.baseline) if options.baseline else None
    reports: dict[int, Report] = {}  # by the target's number
    places = {target.place: _Place() for target in chosen}
    # what those that read leave of the budget, where they aren't served say, is of use to others
    ordered = sorted(enumerate(chosen), key=lambda numbered: not numbered[1].contract.reads)
    all_needs = budget.needs([target for _, target in ordered], options.seed)
    for (number, target), needs in zip(ordered, all_needs, strict=True):
        place = places[target.place]
        if place.is_left_out(target):
            continue
        secrets = partial(secrets_of, chosen)
        reports[number] = _report(target, options, secrets, notify, _Part(needs, place))
        place.note(reports[number]["runs"][0])
        if place.ended is not None and not _follows(target):
            # what those that read have said before is the same
            reports = {
                n: r for n, r in reports.items() if n == number or chosen[n].place != target.place
            }
        if options.interruption.signal is not None:
            break
    moment = started.isoformat(timespec="seconds")
    collected = merging.collect([reports[number] for number in sorted(reports)])
    report: Report = {**collected, "started": moment}
    return concluded(report, options, known, baseline)


def known_findings(options: Options, today: datetime) -> Sequence[verify_waivers.Waiver]:
    """Return the waivers that the options name; UsageError for a file that can't be used."""
    return verify_waivers.read(options.waivers, today.date()) if options.waivers else ()


def concluded(
    report: Report,
    options: Options,
    known: Sequence[verify_waivers.Waiver],
    baseline: Report | None = None,
) -> Report:
    """Return a report with its waivers, its drift from a baseline, its quotes and its outcome."""
    report, unused = verify_waivers.apply(report, known)
    report["unused_waivers"] = [
        f"{waiver.name} (of {waiver.owner}, {waiver.reason})" for waiver in unused
    ]
    report["drift"] = history.drift(baseline, report) if baseline is not None else None
    if options.documents:
        report = coverage.quoted(report, coverage.read_pages(report, options.documents))
    failing_drift = options.fail_on_drift and history.drifted(report["drift"] or [])
    return outcomes.concluded(report, failing_drift=failing_drift)


def remembered(
    report: Report, chosen: Sequence[Target], options: Options
) -> tuple[Report, Callable[[str], str]]:
    """Return a report with its history, if one is kept, and the last look at texts that show it."""
    # words of the report's own are left: a token such as ``orders`` does not take them away
    redact = secrets_of(chosen).knowing(redaction.own_words(report)).text
    if options.history:
        report = history.with_history(report, options.history)
    return report, redact


def wait_until_served(
    chosen: Sequence[Target], options: Options, say: Callable[[str], object]
) -> None:
    """Return when every address answers, or after ``--wait``: the run says what is not there.

    A gateway that answers for a server which is still starting is waited for as well. `say` is
    called with a line for each address that is not there yet.
    """
    if not options.wait:
        return
    ends = time.monotonic() + options.wait
    for target in {target.url: target for target in chosen if target.url}.values():
        address = f"{target.contract.api} at {target.url}"
        with closing(target.transport(1)) as transport:
            is_there = _is_served(transport)
            if not is_there:
                say(f"waiting up to {options.wait:g} s for {address}")
            while not is_there and not options.interruption.signal:
                if time.monotonic() + PAUSE > ends:
                    break
                time.sleep(PAUSE)
                is_there = _is_served(transport)


def _is_served(transport: Transport) -> bool:
    try:
        answer = transport.send(Request("GET", "/", (), None, ABSENT), LONGEST_LOOK)
    except RunAborted:  # an answer, also if it can't be read: the run says what it lacks
        return True
    return isinstance(answer, Response) and answer.status not in STARTING


def _report(
    target: Target, options: Options, redactor: Callable[[], Redactor], notify: Notify, part: _Part
) -> Report:
    """Verify one target, with its share of what operations that came before left of the budget.

    Only the report is kept, since records of all exchanges of many runs take much room.
    """
    chosen = {"only": _last_failed(target, options.last_failed)} if options.last_failed else {}
    settings = verify_targets.settings(
        target,
        options,
        **chosen,
        interruption=options.interruption,
        generate=fuzzing.fuzz,
        shrink=fuzzing.shrink if target.url is None and fuzzing.available() else None,
    )
    own, *later = part.needs
    place = part.place
    settings = replace(
        settings,
        budget=budget.share(settings.budget - place.sent, own, later),
        answered=place.sent > 0 and place.ended is None,
        others_accepted=place.accepted > 0,
    )
    planned = _with_regressions(target.contract, settings)
    with closing(target.transport(max(settings.concurrency, 4))) as transport:
        done = run(target.contract, transport, settings, planned=planned, notify=notify)
    proving = catalogue.proving(done.contract)
    proofs = {clause: faults[0].id for clause, faults in proving.items()}
    return document.document(
        Verdict(options.seed, (done,), options.fail_on),
        redactor(),  # a token may have been renewed meanwhile
        proofs={done.contract.api: proofs},
        completeness=options.completeness,
        environment=options.environment,
    )


def _with_regressions(contract: Contract, settings: Settings) -> Plan:
    """Return the plan of a run, with what broke the contract before right after its first case."""
    plan = shards.planned(contract, settings.seed, settings.budget, settings.shard)
    first = max((case.number for case in plan.cases), default=0) + 1
    kept = enumerate(regressions.read(contract), first)
    known = [replace(case, number=number) for number, case in kept]
    return replace(plan, cases=(*plan.cases[:1], *known, *plan.cases[1:]))


def _last_failed(target: Target, path: Path) -> tuple[str, ...]:
    """Return the clauses of a target's contract that an earlier report has as violated.

    UsageError when there are none, since nothing would be asked.
    """
    contract = target.contract
    clauses = tuple(
        clause["id"]
        for earlier in reading.read(path)["runs"]
        if (earlier["api"], earlier["operation"]) == (contract.api, contract.operation.name)
        for clause in earlier["clauses"]
        if clause["outcome"] == Outcome.VIOLATED.value
    )
    if not clauses:
        raise UsageError(f"{path}: no clause of {contract.api} is violated in it")
    return clauses


def exit_status(report: Report) -> int:
    """Return the exit status of a report; UsageError when a waiver is not needed any more."""
    runs = report["runs"]
    if any(run["aborted_by"] == DEFECT_WORD for run in runs):
        return DEFECT
    interrupted = next((run["interrupted"] for run in runs if run["interrupted"]), None)
    if interrupted:
        return 128 + int(interrupted)
    # another share may need a waiver, and a run that is incomplete did not look at all
    if report["unused_waivers"] and report["outcome"] in ("pass", "fail"):
        unused = ", ".join(report["unused_waivers"])
        raise UsageError(f"no finding needs the waiver of {unused}: take it out")
    if report["outcome"] == "incomplete" and outcomes.is_excused(report):
        return 0
    return errors.exit_status(report["outcome"])


def secrets_of(chosen: Sequence[Target]) -> Redactor:
    """Return what takes the secrets of all targets out of texts."""
    return Redactor([secret for target in chosen for secret in target.secrets])
