"""Exploring: seed after seed and a state machine, until the time is over."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main
from contracts.definition import loading
from contracts.engine.pace import Pace
from contracts.engine.settings import Settings
from contracts.reports import reading
from contracts.verify import exploring, machine, regressions, targets, verification
from contracts.verify.options import Options
from tests.helpers.serving import ENVIRONMENT, assert_keeps_its_schema, faulty, served

CREATE = "kohort/create-order"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Put the credentials of the embedded sandbox into the environment, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def explore(*arguments: str) -> tuple[int, Any]:
    """Run ``contracts explore``; give the exit status and the report."""
    status = main.run(["explore", *arguments, "--json", "r.json"])
    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    assert_keeps_its_schema(report)
    return status, report


@pytest.mark.nightly
def test_a_conforming_sandbox_is_explored_for_its_time_and_not_accused() -> None:
    """All operations are in the report, once each; the time is kept to some seconds."""
    began = time.monotonic()
    status, report = explore("kohort", "--minutes", "0.4")
    assert status == 0
    assert time.monotonic() - began < 24 + 20
    names = [run["operation"] for run in report["runs"]]
    assert len(names) == len(set(names)) == len(loading.load_all("kohort"))
    assert not any(run["causes"] for run in report["runs"])


@pytest.mark.slow
def test_what_is_found_is_told_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect that every round meets is one cause, with what it takes to see it again.

    How Hypothesis would see it again, which has no test to add a seed to, is not printed.
    """
    monkeypatch.setattr(exploring, "ROUND", 60)  # so that there are several in a few seconds
    monkeypatch.setattr(machine, "SHRINKING", 2.0)
    brief = ("--minutes", "0.1", "--budget", "60")
    with served(faulty("kohort", "first-name-cut")) as url:
        status, report = explore(CREATE, *brief, "--target", f"kohort={url}")
    (cause,) = report["runs"][0]["causes"]
    assert status == 1
    assert "relation.customerFirstName.echo" in cause["clauses"]
    (finding,) = [report["runs"][0]["findings"][number] for number in cause["findings"]]
    assert finding["steps"]
    assert finding["curl"]
    assert "@seed" not in "".join(capsys.readouterr())


def test_bodies_that_show_something_are_kept_for_the_next_run(tmp_path: Path) -> None:
    """The regression corpus has what a finding shows; the next run sends it second."""
    with served(faulty("kohort", "first-name-cut")) as url:
        target = ("--target", f"kohort={url}", "--fuzz", "0", "--json", "r.json")
        assert main.run(["verify", CREATE, *target]) == 1
        (run,) = reading.read(Path("r.json"))["runs"]
        assert regressions.remember(run) is not None
        kept = regressions.read(loading.load(CREATE), tmp_path / regressions.FOLDER)
        assert [case.body.keys() for case in kept] == [{"amount", "customerFirstName"}]
        assert main.run(["verify", CREATE, *target, "--budget", "2"]) == 1


def test_the_rounds_go_on_with_the_next_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each round has a seed of its own, and their requests are counted together."""
    said: list[str] = []
    seeds: list[int] = []

    def verify(_: Any, options: Any) -> Any:
        seeds.append(options.seed)
        if len(seeds) == 3:
            monkeypatch.setattr(time, "monotonic", lambda: options.ends)
        return {**report, "seed": options.seed}

    report: Any = json.loads(_plain_report())
    monkeypatch.setattr(exploring, "verify", verify)
    # an operation whose page documents no body: nothing is drawn there
    target = targets.built_in(loading.load("komerza/create-order"))
    found = exploring.explore([target], Options(seed=7), 1.0, None, said.append)
    assert seeds == [7, 8, 9]
    assert [line.partition(":")[0] for line in said] == ["seed 7", "seed 8", "seed 9"]
    # the third was cut off by the end of the time, and found nothing
    assert found["runs"][0]["requests"] == 2 * report["runs"][0]["requests"]


def _plain_report() -> str:
    assert main.run(["verify", "komerza/create-order", "--fuzz", "0", "--json", "plain.json"]) == 0
    return Path("plain.json").read_text(encoding="utf-8")


def test_a_round_without_time_is_no_verdict_and_no_defect_of_ours() -> None:
    """Where not even the first request could be sent, the outcome is incomplete."""
    chosen = [targets.built_in(contract) for contract in loading.load_all("kohort")]
    report = verification.verify(chosen, Options(ends=time.monotonic()))
    assert report["outcome"] == "incomplete"
    assert not any(run["requests"] or run["aborted"] for run in report["runs"])
    assert report["runs"][0]["clauses"][0]["why"] == "the time of the run was over"


def test_nothing_is_sent_when_the_time_of_a_run_is_over() -> None:
    """What was not sent is left out for want of time."""
    over = Pace("a sandbox", Settings(ends=time.monotonic())).take_one()
    assert over is not None
    assert over.lack == "time"
    assert Pace("a sandbox", Settings(ends=time.monotonic() + 60)).take_one() is None
