"""The main path: plan, send, judge, and look closer; what comes back is one `Run`.

Prints nothing.
"""

import time
import uuid

from contracts.engine import clean_up, endings
from contracts.engine.course import Course
from contracts.engine.described import described
from contracts.engine.observations import observe
from contracts.engine.reads import ReadingCourse
from contracts.engine.sender import Notify, Sender
from contracts.engine.settings import Settings
from contracts.engine.steps import with_steps
from contracts.engine.transports import EMBEDDED, Transport
from contracts.errors import RunAborted
from contracts.judge.causes import causes
from contracts.judge.results import all_alike
from contracts.model import Cause, Contract, Finding, Observation, Outcome, Run
from contracts.planning import shards
from contracts.planning.plan import Plan

# bytes of a body that a sandbox in this process is sent: it has no reader to be overrun
HEAVIEST = 2_000_000
Told = tuple[tuple[Finding, ...], tuple[Cause, ...], tuple[Observation, ...]]


def run(
    contract: Contract,
    transport: Transport,
    settings: Settings,
    *,
    planned: Plan | None = None,
    notify: Notify = lambda _: None,
) -> Run:
    """Verify one contract against one target.

    `notify` is called with each exchange, or skipped case, as it is known. Whatever ends the
    run early (`RunAborted`) stands in the result as ``aborted``; what is known by then is
    judged all the same.
    """
    started = time.monotonic()
    if planned is None:
        planned = shards.planned(contract, settings.seed, settings.budget, settings.shard)
    if transport.name == EMBEDDED:
        planned = planned.lighter(HEAVIEST)
    run_id = uuid.uuid4().hex[:8]
    sender = Sender(contract, transport, settings, run_id)
    course = (ReadingCourse if contract.reads else Course)(sender, planned, notify)
    aborted, aborted_by = _carried_out(contract, course, settings)
    told: Told = ((), (), ())
    try:
        told = _told(course, sender)
    except Exception as error:  # noqa: BLE001 - what is known is told without these words
        aborted, aborted_by = endings.remembered(error), endings.DEFECT
    findings, its_causes, observations = told
    remaining = clean_up.take_back(sender, aborted_by)
    return Run(
        contract=contract,
        target=transport.name,
        id=run_id,
        shard=str(settings.shard) if settings.shard else None,
        requests=sender.requests,
        seconds=time.monotonic() - started,
        results=course.results,
        findings=findings,
        causes=its_causes,
        observations=(*observations, *course.observations),
        created=sender.created(),
        left=remaining,
        pairs=course.pairs,
        aborted=aborted,
        aborted_by=aborted_by,
        interrupted=settings.interruption.signal,
        exchanges=tuple(sender.everything),
        served=course.served,
    )


def _carried_out(
    contract: Contract, course: Course | ReadingCourse, settings: Settings
) -> tuple[str | None, str | None]:
    """Send and judge; return why that ended early, as a sentence and as one word.

    Both are None where nothing ended it.
    """
    try:
        with settings.interruption.raising():
            course.send_and_judge()
    except RunAborted as reason:
        course.judge_until(reason)
        return str(reason), reason.word
    except Exception as error:  # noqa: BLE001 - a defect of ours is no verdict on the sandbox
        course.findings = ()
        course.results = all_alike(contract, Outcome.UNDECIDED, "the suite itself failed")
        return endings.remembered(error), endings.DEFECT
    return None, None


def _told(course: Course | ReadingCourse, sender: Sender) -> Told:
    """Return the findings of a run with their words and steps, their causes, and observations."""
    contract = sender.contract
    history = sender.everything if contract.reads else sender.history
    findings = with_steps(contract, described(contract, course.findings, history), history)
    observations = observe(contract, sender.history, [*sender.recovered, *sender.outages])
    return findings, causes(contract, findings), observations
