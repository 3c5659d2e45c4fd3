"""The contract suite as pytest tests: the options of ``contracts verify``, one test a clause.

Each API's requests are sent once a session, also when pytest-xdist spreads the tests over
workers: the first worker that needs a report makes it under a file lock, the others read it.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from filelock import FileLock

from contracts.errors import ConventionWarning, UsageError, exit_status
from contracts.reports import document, history, merging, outcomes
from contracts.reports.formats import files, github
from contracts.reports.record import Report
from contracts.reports.text import coverage, wording
from contracts.verify import configuration, targets, verification
from contracts.verify import options as verify_options
from contracts.verify.asking import Sandbox

OPTIONS = pytest.StashKey[verify_options.Options]()
FOLDER = pytest.StashKey[Path]()
SHARED = "contract_reports"  # what the session's folder is called in a worker's input
CHOSEN = pytest.StashKey[Sequence[targets.Target]]()


@dataclass(frozen=True, slots=True)
class ClauseUnderTest:
    """Names one clause of one operation of one API."""

    api: str
    operation: str
    clause: str


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options of ``contracts verify``, one for each row of their table.

    ``--contracts-html`` where pytest-html has taken ``--html``.
    """
    group = parser.getgroup("contracts", "contract tests")
    for name, option in verify_options.TABLE.items():
        if not option.pytest:
            continue
        settings: dict[str, Any] = {"metavar": option.metavar}
        if option.is_switch:
            settings = {"action": "store_true", "default": None}
        elif option.is_repeated:
            settings |= {"action": "append"}
        about = verify_options.explained(name)
        group.addoption(option.flag, dest=_destination(name), help=about, **settings)
    for name, (_, about) in files.FORMATS.items():
        taken = name == "html" and pluginmanager.hasplugin("html")
        flag = f"--contracts-{name}" if taken else f"--{name}"
        group.addoption(flag, dest=_file_option(name), metavar="FILE", help=about)


def pytest_configure(config: pytest.Config) -> None:
    """Choose the targets before anything is collected; wrong use ends the session in one line."""
    typed = {
        name: config.getoption(_destination(name))
        for name, option in verify_options.TABLE.items()
        if option.pytest
    }
    try:
        options = configuration.resolve(typed)
        files.check(_files(config))
        chosen = verification.choose(options)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[OPTIONS], config.stash[CHOSEN] = options, chosen
    worker = getattr(config, "workerinput", None)
    config.stash[FOLDER] = Path(worker[SHARED] if worker else mkdtemp(prefix="contract-reports-"))


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say which configuration file was found and what of it is used."""
    source = config.stash[OPTIONS].source if OPTIONS in config.stash else ""
    return [f"contracts: {source}"] if source else []


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the session keeps its reports."""
    node.workerinput[SHARED] = str(node.config.stash[FOLDER])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Write the reports that were asked for, from all runs of the session."""
    report = _report(config)
    if report is None:
        return
    folder = config.stash[OPTIONS].documents
    pages = coverage.read_pages(report, folder) if folder else None
    chosen = config.stash[CHOSEN]
    options = config.stash[OPTIONS]
    try:
        report, redact = verification.remembered(report, chosen, options)
        files.write(report, _files(config), pages, redact)
        if options.history:
            history.keep(report, options.history, redact)
        github.announce(report, os.environ, terminalreporter.write)
    except UsageError as error:
        pytest.exit(str(error), pytest.ExitCode.USAGE_ERROR)
    terminalreporter.write_line(wording.last_line(report))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Let a session in which no test failed end as its report does: incomplete is no go."""
    report = _report(session.config) if exitstatus == pytest.ExitCode.OK else None
    if report is not None:
        session.exitstatus = verification.exit_status(report)


def _report(config: pytest.Config) -> Report | None:
    """Return all runs of the session as one report; None in a worker, and where nothing ran."""
    if hasattr(config, "workerinput") or FOLDER not in config.stash:
        return None
    paths = sorted(config.stash[FOLDER].glob("*.json"))
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return merging.collect(reports) if reports else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the session's own copies of the reports away."""
    if FOLDER in config.stash and not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


def _destination(name: str) -> str:
    return f"contracts_{name}"


def _file_option(name: str) -> str:
    return f"contracts_{name}_file"


def _files(config: pytest.Config) -> dict[str, Path]:
    named = {name: config.getoption(_file_option(name)) for name in files.FORMATS}
    return {name: Path(path) for name, path in named.items() if path}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test a clause of every operation that is verified.

    Its id names API, operation and clause: ``kohort/create-order-response.amount.type``.
    """
    if "clause_under_test" in metafunc.fixturenames:
        contracts = [target.contract for target in metafunc.config.stash[CHOSEN]]
        tests = [
            ClauseUnderTest(contract.api, contract.operation.name, clause.id)
            for contract in contracts
            for clause in contract.clauses
        ]
        ids = [f"{test.api}/{test.operation}-{test.clause}" for test in tests]
        metafunc.parametrize("clause_under_test", tests, ids=ids)
    if "contract_sandbox" in metafunc.fixturenames:
        chosen = metafunc.config.stash[CHOSEN]
        asked = [t for t in chosen if None not in (t.contract.request, t.contract.plausible)]
        names = [target.contract.name for target in asked]
        metafunc.parametrize("contract_sandbox", asked, ids=names, indirect=True, scope="session")


@pytest.fixture(scope="session")
def contract_sandbox(
    request: pytest.FixtureRequest, pytestconfig: pytest.Config
) -> Iterator[Sandbox]:
    """Return the sandbox of an operation that takes a body, to be asked with any body."""
    sandbox = Sandbox(request.param, pytestconfig.stash[OPTIONS])
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def contract_reports(pytestconfig: pytest.Config) -> Reports:
    """Return the reports of this session, shared by all its workers."""
    return Reports(pytestconfig)


@pytest.fixture
def contract_clause(clause_under_test: ClauseUnderTest, contract_reports: Reports) -> ClauseOutcome:
    """Return what the run found out about the clause under test."""
    report = contract_reports.of(clause_under_test.api)
    if report["outcome"] == "aborted":
        words = f"the run could not be carried out: {report['reason']}"
        pytest.exit(words, exit_status("aborted"))
    return ClauseOutcome(report, clause_under_test)


class ClauseOutcome:
    """The outcome of one clause, in the words of the report."""

    def __init__(self, report: Report, under_test: ClauseUnderTest) -> None:
        self._report = report
        operation = under_test.operation
        self._run = next(run for run in report["runs"] if run["operation"] == operation)
        clause = under_test.clause
        self._result = next(row for row in self._run["clauses"] if row["id"] == clause)
        self._findings = [row for row in self._run["findings"] if row["clause"] == clause]

    def check(self) -> None:
        """Pass when the clause held; fail, skip or warn with the words of the report otherwise."""
        if self._result["outcome"] == "violated":
            put = partial(wording.words, self._report, self._run)
            words = "\n\n".join(put(finding).text for finding in self._findings)
            if any(outcomes.fails(self._report, finding) for finding in self._findings):
                pytest.fail(words, pytrace=False)
            warnings.warn(ConventionWarning(words), stacklevel=2)
        elif self._result["outcome"] != "held":
            pytest.skip(f"{self._result['outcome']}: {self._result['why']}")


class Reports:
    """The report of each API, made once for all workers of a session."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._folder = config.stash[FOLDER]
        self._known: dict[str, Report] = {}

    def of(self, api: str) -> Report:
        """Return the report of an API with a run for each operation that is verified.

        The first call of a session sends the requests. The operations share what one of them
        created, and the budget of their API.
        """
        if api not in self._known:
            path = self._folder / f"{api}.json"
            with FileLock(f"{path}.lock"):
                if not path.exists():
                    path.write_text(document.render(self._make(api)), encoding="utf-8")
            self._known[api] = json.loads(path.read_text(encoding="utf-8"))
        return self._known[api]

    def _make(self, api: str) -> Report:
        every = self._config.stash[CHOSEN]
        chosen = [target for target in every if target.contract.api == api]
        options = self._config.stash[OPTIONS]
        verification.wait_until_served(chosen, options, sys.stderr.write)
        return verification.verify(chosen, options)
