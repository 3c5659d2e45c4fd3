"""The contract suite as pytest tests: the options of ``contracts verify``, one test a clause.

Each API's requests are sent once a session, also when pytest-xdist spreads the tests over workers: the first
worker that needs a report makes it under a file lock, the others read it.
"""

from __future__ import annotations

import json
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from contracts import targets, verification
from contracts.errors import ConventionWarning, UsageError
from contracts.model import Basis
from contracts.reports import document, terminal

OPTIONS = pytest.StashKey[verification.Options]()
CHOSEN = pytest.StashKey[list[targets.Target]]()


@dataclass(frozen=True, slots=True)
class ClauseUnderTest:
    """Names one clause of one API."""

    api: str
    clause: str


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of ``contracts verify``."""
    group = parser.getgroup("contracts", "contract tests")
    group.addoption("--api", action="append", default=[], metavar="API", help="verify this API (may be repeated)")
    group.addoption("--target", action="append", default=[], metavar="API=URL", help="where to send requests")
    group.addoption("--seed", type=int, default=0, help="the same seed makes the same plan")
    group.addoption("--budget", type=int, default=300, help="most requests an API")
    group.addoption("--concurrency", type=int, default=1, help="requests at once")
    group.addoption("--targets", metavar="FILE", help="targets with all their settings, as TOML")
    group.addoption("--waivers", metavar="FILE", help="known findings, which do not fail the run")
    group.addoption("--rate", type=float, metavar="N", help="most requests a second")
    group.addoption("--fuzz", type=int, default=40, help="generated requests, 0 for none")
    group.addoption("--timeout", type=float, default=10.0, metavar="SECONDS", help="longest time of one request")
    group.addoption("--fail-on", choices=[basis.value for basis in Basis], default="standard", help="weakest basis")
    group.addoption("--allow-production", action="store_true", help="allow a production host")
    group.addoption("--json", metavar="FILE", help="write the JSON report")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the targets before anything is collected; wrong use ends the session in one line."""
    value = config.getoption
    options = verification.Options(
        apis=tuple(value("--api")),
        targets=tuple(value("--target")),
        targets_file=Path(value("--targets")) if value("--targets") else None,
        waivers=Path(value("--waivers")) if value("--waivers") else None,
        rate=value("--rate"),
        seed=value("--seed"),
        budget=value("--budget"),
        concurrency=value("--concurrency"),
        fuzz=value("--fuzz"),
        timeout=value("--timeout"),
        fail_on=Basis(value("--fail-on")),
        allow_production=value("--allow-production"),
    )
    try:
        chosen = verification.choose(options)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[OPTIONS], config.stash[CHOSEN] = options, chosen


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test a clause of every API that is verified."""
    if "clause_under_test" in metafunc.fixturenames:
        wanted = [
            ClauseUnderTest(target.contract.api, clause.id)
            for target in metafunc.config.stash[CHOSEN]
            for clause in target.contract.clauses
        ]
        ids = [f"{under_test.api}-{under_test.clause}" for under_test in wanted]
        metafunc.parametrize("clause_under_test", wanted, ids=ids)


@pytest.fixture(scope="session")
def contract_reports(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """Give the reports of this session, shared by all its workers."""
    base = tmp_path_factory.getbasetemp()
    return Reports(pytestconfig, base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture
def contract_clause(clause_under_test: ClauseUnderTest, contract_reports: Reports) -> ClauseOutcome:
    """Give what the run found out about the clause under test."""
    report = contract_reports.of(clause_under_test.api)
    if report["reason"]:
        pytest.exit(f"the run could not be carried out: {report['reason']}", verification.EXIT_STATUS["aborted"])
    return ClauseOutcome(report, clause_under_test.clause)


class ClauseOutcome:
    """The outcome of one clause, in the words of the report."""

    def __init__(self, report: dict[str, Any], clause: str) -> None:
        self._fail_on = Basis(report["fail_on"])
        run = report["runs"][0]
        self._result = next(result for result in run["clauses"] if result["id"] == clause)
        self._findings = [finding for finding in run["findings"] if finding["clause"] == clause]

    def check(self) -> None:
        """Pass when the clause held; fail, skip or warn with the words of the report otherwise."""
        if self._result["outcome"] == "violated":
            words = "\n\n".join(map(terminal.finding_text, self._findings))
            waived = all(finding["waived"] for finding in self._findings)
            if Basis(self._result["basis"]).fails_at(self._fail_on) and not waived:
                pytest.fail(words, pytrace=False)
            warnings.warn(ConventionWarning(words), stacklevel=2)
        elif self._result["outcome"] != "held":
            pytest.skip(f"{self._result['outcome']}: {self._result['why']}")


class Reports:
    """The report of each API, made once for all workers of a session."""

    def __init__(self, config: pytest.Config, folder: Path) -> None:
        self._config, self._folder = config, folder
        self._known: dict[str, dict[str, Any]] = {}

    def of(self, api: str) -> dict[str, Any]:
        """Give the report of an API; the first call of a session sends its requests."""
        if api not in self._known:
            path = self._folder / f"contract-report-{api}.json"
            with FileLock(f"{path}.lock"):
                if not path.exists():
                    path.write_text(document.text(self._make(api)), encoding="utf-8")
            self._known[api] = json.loads(path.read_text(encoding="utf-8"))
            self._write()
        return self._known[api]

    def _make(self, api: str) -> dict[str, Any]:
        chosen = [target for target in self._config.stash[CHOSEN] if target.contract.api == api]
        return verification.verify(chosen, self._config.stash[OPTIONS])

    def _write(self) -> None:
        """Write --json from all reports there are by now; whoever comes last writes the whole."""
        wanted = self._config.getoption("--json")
        if not wanted:
            return
        with FileLock(str(self._folder / "contract-report.lock")):
            paths = sorted(self._folder.glob("contract-report-*.json"))
            merged = document.merge([json.loads(path.read_text(encoding="utf-8")) for path in paths])
            Path(wanted).write_text(document.text(merged), encoding="utf-8")
