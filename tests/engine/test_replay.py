"""What a report keeps of a finding is enough to see it again: by the suite, and by a shell."""

from __future__ import annotations

import os
import subprocess
from typing import Any

import pytest

from contracts import sandbox
from contracts.definition import loading
from contracts.engine import transports
from contracts.engine.replay import Seen, replay
from contracts.faults import catalogue
from contracts.model import Finding, Run
from contracts.reports.script import script
from contracts.verify import targets
from tests.helpers.serving import served
from tests.tools.causes.measure import app_with, faults_of, run_on, unseen

SEEN_AGAIN = (
    "locale-when-joined",
    "group-lost",
    "same-id",
    "server-error-on-negative",
    "refuses-en-US",
    "last-character-not-compared",
    "json-not-needed",
    "refused-is-remembered",
)
IN_A_SHELL = ("locale-when-joined", "any-token", "token-by-prefix", "json-not-needed")


def first_finding(run: Run, fault: catalogue.Fault) -> Finding:
    """Return the finding of a clause that a fault breaks."""
    return next(f for f in run.findings if f.clause.id in fault.breaks)


@pytest.mark.parametrize("name", SEEN_AGAIN)
def test_a_seeded_fault_is_seen_again_and_is_gone_without_it(name: str) -> None:
    """Its steps show it on a fresh sandbox that has it, and not on one that conforms."""
    contract = loading.load("kohort")
    fault = catalogue.find(contract, name)
    finding = first_finding(run_on("kohort", app_with("kohort", [fault])), fault)
    target = targets.choose(["kohort"], [], {})[0]

    def seen(app: Any) -> Seen:
        transport = transports.embedded(app, target.credentials)
        settings = targets.settings(target, budget=1_000)
        return replay(contract, transport, settings, finding.clause.id, finding.steps)[0]

    assert seen(app_with("kohort", [fault])) is Seen.STILL_THERE
    assert seen(sandbox.create_app("kohort", contract.request)) is Seen.GONE


@pytest.mark.parametrize("name", IN_A_SHELL)
def test_the_commands_of_a_finding_work_as_they_stand(name: str) -> None:
    """Joins, altered tokens and bodies that are no JSON are sent by sh and curl alone."""
    contract = loading.load("kohort")
    fault = catalogue.find(contract, name)
    finding = first_finding(run_on("kohort", app_with("kohort", [fault])), fault)
    with served(app_with("kohort", [fault])) as url:
        lines = script(contract, url, ["/orders"] * len(finding.steps), finding.steps)
        done = subprocess.run(  # noqa: S603 - the commands are those of the report
            ["/bin/sh", "-c", "; ".join(lines)],
            env={**os.environ, "KOHORT_TOKEN": sandbox.TOKEN},
            capture_output=True,
            text=True,
            check=False,
        )
    assert "HTTP/1.1 201" in done.stdout, (lines, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("kohort/get-order", "another-id"),
        ("kohort/list-orders", "refuses-later-reads"),
        ("komerza/get-order", "another-id"),
    ],
)
def test_what_a_reading_operation_breaks_is_seen_again(name: str, fault: str) -> None:
    """What it reads is created first; each cause shows on a fresh sandbox with the same defect."""
    chosen = [one for one in faults_of(name) if one.id == fault]
    assert chosen
    assert unseen(name, chosen[0]) == []
