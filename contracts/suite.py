"""The contract suite as pytest tests: the options of ``contracts verify``, one test a clause.

Each API's requests are sent once a session, also when pytest-xdist spreads the tests over workers:
the first worker that needs a report makes it under a file lock, the others read it.
"""

from __future__ import annotations

import json
import os
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from filelock import FileLock

from contracts.definition import corpus
from contracts.errors import ConventionWarning, UsageError
from contracts.model import Basis
from contracts.planning.shards import Shard
from contracts.reports import document, merging, outcomes
from contracts.reports.formats import files, github
from contracts.reports.record import Report
from contracts.reports.text import coverage, wording
from contracts.verify import options as verify_options
from contracts.verify import targets, verification

OPTIONS = pytest.StashKey[verify_options.Options]()
FOLDER = pytest.StashKey[Path]()
SHARED = "contract_reports"  # what the session's folder is called in a worker's input
CHOSEN = pytest.StashKey[list[targets.Target]]()


@dataclass(frozen=True, slots=True)
class ClauseUnderTest:
    """Names one clause of one API."""

    api: str
    clause: str


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options of ``contracts verify``.

    ``--contracts-html`` where pytest-html has taken ``--html``.
    """
    group = parser.getgroup("contracts", "contract tests")
    group.addoption(
        "--api",
        action="append",
        default=[],
        metavar="API",
        help="verify this API (may be repeated)",
    )
    group.addoption(
        "--target", action="append", default=[], metavar="API=URL", help="where to send requests"
    )
    group.addoption(
        "--seed", type=int, default=corpus.SEED, help="the same seed makes the same plan"
    )
    group.addoption("--budget", type=int, default=300, help="most requests an API")
    group.addoption("--concurrency", type=int, default=1, help="requests at once")
    group.addoption("--targets", metavar="FILE", help="targets with all their settings, as TOML")
    group.addoption("--waivers", metavar="FILE", help="known findings, which do not fail the run")
    group.addoption("--rate", type=float, metavar="N", help="most requests a second")
    group.addoption("--fuzz", type=int, default=corpus.COUNT, help="generated requests, 0 for none")
    group.addoption(
        "--timeout", type=float, default=10.0, metavar="SECONDS", help="longest time of one request"
    )
    group.addoption("--shard", metavar="N/OF", help="send one share of each plan, such as 1/4")
    group.addoption(
        "--fail-on",
        choices=[basis.value for basis in Basis],
        default="standard",
        help="weakest basis",
    )
    group.addoption("--allow-production", action="store_true", help="allow a production host")
    group.addoption(
        "--documents", metavar="DIR", help="check the pages in DIR; the HTML report shows them"
    )
    group.addoption("--baseline", metavar="FILE", help="an earlier JSON report to compare with")
    for name, (_, about) in files.FORMATS.items():
        taken = name == "html" and pluginmanager.hasplugin("html")
        group.addoption(
            f"--{'contracts-' if taken else ''}{name}",
            dest=_option(name),
            metavar="FILE",
            help=about,
        )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the targets before anything is collected; wrong use ends the session in one line."""
    value = config.getoption
    try:
        shard = Shard.read(value("--shard")) if value("--shard") else None
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
    options = verify_options.Options(
        shard=shard,
        apis=tuple(value("--api")),
        targets=tuple(value("--target")),
        targets_file=Path(value("--targets")) if value("--targets") else None,
        waivers=Path(value("--waivers")) if value("--waivers") else None,
        documents=Path(value("--documents")) if value("--documents") else None,
        baseline=Path(value("--baseline")) if value("--baseline") else None,
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
        files.check(_files(config))
        chosen = verification.choose(options)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[OPTIONS], config.stash[CHOSEN] = options, chosen
    worker = getattr(config, "workerinput", None)
    config.stash[FOLDER] = Path(worker[SHARED] if worker else mkdtemp(prefix="contract-reports-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the session keeps its reports."""
    node.workerinput[SHARED] = str(node.config.stash[FOLDER])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Write the reports that were asked for, from all runs of the session."""
    made = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(config.stash[FOLDER].glob("*.json"))
    ]
    if not made or hasattr(config, "workerinput"):
        return
    report, folder = merging.collect(made), config.stash[OPTIONS].documents
    try:
        files.write(report, _files(config), coverage.read_pages(report, folder) if folder else None)
        github.announce(report, os.environ, terminalreporter)
    except UsageError as error:
        pytest.exit(str(error), pytest.ExitCode.USAGE_ERROR)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the session's own copies of the reports away."""
    if FOLDER in config.stash and not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


def _option(name: str) -> str:
    return f"contracts_{name}_file"


def _files(config: pytest.Config) -> dict[str, Path]:
    named = {name: config.getoption(_option(name)) for name in files.FORMATS}
    return {name: Path(path) for name, path in named.items() if path}


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
def contract_reports(pytestconfig: pytest.Config) -> Reports:
    """Give the reports of this session, shared by all its workers."""
    return Reports(pytestconfig)


@pytest.fixture
def contract_clause(clause_under_test: ClauseUnderTest, contract_reports: Reports) -> ClauseOutcome:
    """Give what the run found out about the clause under test."""
    report = contract_reports.of(clause_under_test.api)
    if report["reason"]:
        pytest.exit(
            f"the run could not be carried out: {report['reason']}",
            verification.EXIT_STATUS["aborted"],
        )
    return ClauseOutcome(report, clause_under_test.clause)


class ClauseOutcome:
    """The outcome of one clause, in the words of the report."""

    def __init__(self, report: Report, clause: str) -> None:
        self._report = report
        self._run = report["runs"][0]
        self._result = next(result for result in self._run["clauses"] if result["id"] == clause)
        self._findings = [
            finding for finding in self._run["findings"] if finding["clause"] == clause
        ]

    def check(self) -> None:
        """Pass when the clause held; fail, skip or warn with the words of the report otherwise."""
        if self._result["outcome"] == "violated":
            words = "\n\n".join(
                wording.words(self._report, self._run, found).text for found in self._findings
            )
            if any(outcomes.fails(self._report, found) for found in self._findings):
                pytest.fail(words, pytrace=False)
            warnings.warn(ConventionWarning(words), stacklevel=2)
        elif self._result["outcome"] != "held":
            pytest.skip(f"{self._result['outcome']}: {self._result['why']}")


class Reports:
    """The report of each API, made once for all workers of a session."""

    def __init__(self, config: pytest.Config) -> None:
        self._config, self._folder = config, config.stash[FOLDER]
        self._known: dict[str, Report] = {}

    def of(self, api: str) -> Report:
        """Give the report of an API; the first call of a session sends its requests."""
        if api not in self._known:
            path = self._folder / f"{api}.json"
            with FileLock(f"{path}.lock"):
                if not path.exists():
                    path.write_text(document.render(self._make(api)), encoding="utf-8")
            self._known[api] = json.loads(path.read_text(encoding="utf-8"))
        return self._known[api]

    def _make(self, api: str) -> Report:
        chosen = [target for target in self._config.stash[CHOSEN] if target.contract.api == api]
        return verification.verify(chosen, self._config.stash[OPTIONS])
