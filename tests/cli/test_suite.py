"""The pytest suite from outside.

One test a clause, one run an API, failures with the clause's name.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.definition import catalogue, loading
from contracts.faults.catalogue import Fault
from contracts.reports import reading
from contracts.sandbox import environment as sandbox_environment
from tests.helpers.serving import ENVIRONMENT, Counting, conforming, faulty, served

ROOT = Path(__file__).parents[2]
CLAUSES = sum(
    len(loading.load(name).clauses)
    for api in catalogue.available()
    for name in catalogue.operations(api)
)

EXAMPLES = 3  # tests of the suite in its plainest form, beside one a clause


def suite(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``pytest tests/contract`` in a process of its own.

    And without what this run is told by variables.
    """
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "KOHORT_", "KOMERZA_", "GITHUB_"))
    }
    return subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-m",
            "pytest",
            "tests/contract",
            "-q",
            "-p",
            "no:cacheprovider",
            *options,
        ],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.nightly
def test_the_suite_passes_offline(tmp_path: Path) -> None:
    """One test a clause, none that fails, and the JSON report of all operations of both APIs.

    By day the gate runs the suite as it is, in an environment of its own.
    """
    path = tmp_path / "report.json"
    done = suite("--fuzz", "0", "--json", str(path))
    assert done.returncode == 0, done.stdout
    assert _decided(done.stdout) == CLAUSES + EXAMPLES
    report = reading.read(path)
    assert [f"{run['api']}/{run['operation']}" for run in report["runs"]] == [
        name for api in catalogue.available() for name in catalogue.operations(api)
    ]


@pytest.mark.nightly
def test_two_workers_send_an_apis_requests_once(tmp_path: Path) -> None:
    """Under ``-n 2`` every request of the report reaches its sandbox once, not once a worker.

    Those of the operations that create are those of their plans, and what their answers gave
    reason to ask.
    """
    path = tmp_path / "report.json"
    kohort, komerza = Counting(conforming("kohort")), Counting(conforming("komerza"))
    with served(kohort) as one, served(komerza) as two:
        targets = [f"--target=kohort={one}", f"--target=komerza={two}"]
        # the suite in its plainest form sends requests of its own
        only = "--ignore=tests/contract/test_generated.py"
        options = ("-n", "2", only, "--fuzz", "0", "--json", str(path))
        # nothing that a plan has is left out for want of a credential
        known = {**sandbox_environment("kohort"), **sandbox_environment("komerza")}
        done = suite(*options, *targets, **known)
    assert done.returncode == 0, done.stdout
    assert _decided(done.stdout) == CLAUSES
    runs = reading.read(path)["runs"]
    for api, sandbox in (("kohort", kohort), ("komerza", komerza)):
        sent = {run["operation"]: run["requests"] for run in runs if run["api"] == api}
        assert sandbox.requests == sum(sent.values())
        planned = _planned(f"{api}/create-order")
        assert planned <= sent["create-order"] < 1.2 * planned


def _decided(printed: str) -> int:
    """Return how many tests passed or were skipped, the latter since no answer had a member."""
    skipped = re.findall(r"^SKIPPED \[(\d+)\] .*: (.*)$", printed, re.MULTILINE)
    assert all(
        why.startswith(("no accepted response had the member", "set K")) for _, why in skipped
    )
    passed = re.search(r"(\d+) passed", printed)
    assert passed is not None
    return int(passed[1]) + sum(int(number) for number, _ in skipped)


def _planned(api: str) -> int:
    """Count the requests of a plan."""
    program = f"import contracts; print(len(contracts.plan(contracts.load({api!r}), 0, 300).cases))"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    return int(done.stdout)


@pytest.mark.nightly
def test_a_broken_sandbox_fails_the_test_of_its_clause(tmp_path: Path) -> None:
    """The test that fails has the clause's name, and its text the sentence.

    The lines and the value.
    """
    fault = Fault("no-risk", "", response=({"op": "drop", "at": "/riskLevel"},))
    junit = tmp_path / "junit.xml"
    with served(faulty("kohort", fault)) as url:
        done = suite("--fuzz", "0", f"--target=kohort={url}", f"--junit-xml={junit}", **ENVIRONMENT)
    assert done.returncode == 1
    assert "test_clause[kohort/create-order-response.riskLevel.required]" in done.stdout
    assert "violated: response.riskLevel.required" in done.stdout
    assert "got      absent" in done.stdout
    assert "response.riskLevel.required" in junit.read_text(encoding="utf-8")


@pytest.mark.nightly
def test_clauses_can_be_chosen_by_name() -> None:
    """``-k`` takes the name of a member."""
    done = suite("--fuzz", "0", "-k", "riskLevel", "--api", "kohort/create-order")
    assert done.returncode == 0
    assert "3 passed" in done.stdout


def test_wrong_use_ends_the_session_in_one_line() -> None:
    """Pytest's exit status for wrong use, and no traceback."""
    done = suite("--target", "kohort=http://127.0.0.1:9")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "set KOHORT_TOKEN in the environment" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_target_that_is_not_there_ends_the_session() -> None:
    """The exit status of a run that could not be carried out."""
    done = suite("--target", "kohort=http://127.0.0.1:1", KOHORT_TOKEN="token-of-nobody")
    assert done.returncode == 3
    assert "the run could not be carried out" in done.stdout + done.stderr


def test_a_violated_clause_is_a_failed_test_and_no_error() -> None:
    """JUnit tells a failure of what is tested from an error of the test.

    A violated clause is the former.
    """
    with served(faulty("kohort", Fault("200", "", status=200))) as url:
        few = ("--fuzz", "0", "-k", "protocol.status", "--api", "kohort/create-order")
        done = suite(*few, f"--target=kohort={url}", **ENVIRONMENT)
    assert "1 failed" in done.stdout
    assert "1 error" not in done.stdout
