"""The commands at work: verify offline, plan, explain, help, and what may be imported."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import contracts
from contracts.cli import main
from contracts.definition import catalogue, loading
from tests.helpers.serving import ENVIRONMENT, verify

HEAVY = [
    "jsonschema",
    "httpx",
    "httpcore",
    "schemathesis",
    "flask",
    "hypothesis",
    "rich",
    "respx",
    "jsonpath",
    "pytest",
]
PUBLIC = [
    "Answer",
    "Basis",
    "Contract",
    "ContractError",
    "ContractMock",
    "ContractsError",
    "Credentials",
    "History",
    "Look",
    "Outcome",
    "Region",
    "RunAborted",
    "Settings",
    "UsageError",
    "available",
    "check",
    "embedded",
    "live",
    "load",
    "plan",
    "requests",
    "responses",
    "run",
]


def test_verify_offline_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a target both APIs are verified against the embedded sandbox.

    Exit status 0, nothing open.
    """
    status, report = verify(tmp_path)
    out, err = capsys.readouterr()
    assert (status, report["outcome"], report["reason"]) == (0, "pass", None)
    assert "Traceback" not in err
    assert [f"{run['api']}/{run['operation']}" for run in report["runs"]] == [
        name for api in catalogue.available() for name in catalogue.operations(api)
    ]
    for run in report["runs"]:
        contract = loading.load(f"{run['api']}/{run['operation']}")
        assert run["target"] == "embedded"
        assert [clause["id"] for clause in run["clauses"]] == [
            clause.id for clause in contract.clauses
        ]
        assert run["findings"] == []
        assert run["observations"]
        assert run["requests"] <= (40 if contract.reads else 300)
        assert run["pairs"]["covered"] == run["pairs"]["all"]
        open_ones = [clause for clause in run["clauses"] if clause["outcome"] != "held"]
        assert contract.reads or not open_ones
        assert {(clause["outcome"], clause["why"]) for clause in open_ones} <= {
            ("not exercised", "no accepted response had the member that it speaks of")
        }
    for api in catalogue.available():
        assert sum(run["requests"] for run in report["runs"] if run["api"] == api) <= 400
    assert "Kohort: create an order — embedded" in out
    assert re.search(
        r"\npass: go; \d+ clauses not exercised \(the embedded sandbox, not yours; seed 0\)\n$", out
    )


def test_every_clause_of_the_report_has_a_basis_and_a_source(tmp_path: Path) -> None:
    """A clause of a document has its lines; one of a standard its section."""
    _, report = verify(tmp_path, "--fuzz", "0", "--budget", "30")
    for run in report["runs"]:
        documents = loading.load(f"{run['api']}/{run['operation']}").documents
        for clause in run["clauses"]:
            assert clause["basis"] in ("document", "standard", "convention")
            source = clause["source"]
            if clause["basis"] == "document":
                assert source["document"] in documents
            assert ("lines" in source and 1 <= source["lines"][0] <= source["lines"][1]) or source[
                "section"
            ]


def test_one_api_can_be_verified_alone(tmp_path: Path) -> None:
    """The APIs that are named, and no others."""
    _, report = verify(tmp_path, "komerza", "--fuzz", "0", "--seed", "5")
    assert ({run["api"] for run in report["runs"]}, report["seed"]) == ({"komerza"}, 5)


def test_one_operation_can_be_verified_alone(tmp_path: Path) -> None:
    """The operation that is named, and no other of its API."""
    _, report = verify(tmp_path, "komerza/create-order", "--fuzz", "0")
    assert [(run["api"], run["operation"]) for run in report["runs"]] == [
        ("komerza", "create-order")
    ]


def test_concurrent_requests_give_the_same_outcomes(tmp_path: Path) -> None:
    """One after the other or eight at once: the verdict is the same."""
    names = ("kohort/create-order", "kohort/list-orders", "komerza/create-order")
    reports = [
        verify(tmp_path, *names, "--fuzz", "0", "--concurrency", str(workers))[1]
        for workers in (1, 8)
    ]
    one, eight = [
        [
            (run["api"], run["operation"], clause["id"], clause["outcome"])
            for run in report["runs"]
            for clause in run["clauses"]
        ]
        for report in reports
    ]
    assert one == eight


def test_a_small_budget_is_kept(tmp_path: Path) -> None:
    """No more requests than that, and what was not exercised says why."""
    _, report = verify(tmp_path, "kohort/create-order", "--budget", "20")
    run, *_ = report["runs"]
    assert run["requests"] == 20
    left = [clause for clause in run["clauses"] if clause["outcome"] == "not exercised"]
    assert any(clause["why"] == "the budget of 20 requests was used up" for clause in left)


def test_the_plan_is_printed_and_nothing_is_sent(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line a request: number, region and what it exercises.

    A target where nothing listens is not asked.
    """
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    assert (
        main.run(
            ["verify", "kohort/create-order", "--plan", "--target", "kohort=http://127.0.0.1:9"]
        )
        == 0
    )
    head, *lines, last = capsys.readouterr().out.splitlines()
    found = re.fullmatch(
        r"kohort/create-order: (\d+) requests, \d+ pairs of field states; "
        r"\d+ of them decide each clause once",
        head,
    )
    assert found is not None
    assert len(lines) == int(found[1])
    assert re.fullmatch(r"kohort: --budget \d+ is enough to decide each clause once", last)
    assert all(re.fullmatch(r" *\d+ (valid|open|invalid) +\S.*", each) for each in lines)
    assert [int(each.split()[0]) for each in lines] == list(range(1, len(lines) + 1))


def test_the_plan_depends_on_the_seed(capsys: pytest.CaptureFixture[str]) -> None:
    """The same seed prints the same plan, another seed another."""
    printed = []
    for seed in ("1", "1", "2"):
        assert main.run(["verify", "--plan", "--seed", seed]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] != printed[2]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_imports_no_heavy_library(arguments: list[str]) -> None:
    """The command answers without loading what a run needs."""
    program = (
        "import sys; from contracts.cli.main import run\n"
        f"status = run({arguments!r})\n"
        f"print(status, [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr.strip().splitlines()[-1] == "0 []"
    assert done.stdout


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with what it does; each has a help of its own."""
    assert main.run(["--help"]) == 0
    out = capsys.readouterr().out
    for name, about in main.COMMANDS.items():
        assert f"  {name}" in out
        assert about.split(".")[0][:20] in out
        assert importlib.import_module(f"contracts.cli.{name}").command.name == name
        assert main.run([name, "--help"]) == 0


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    """``--version`` and pyproject.toml agree."""
    project = tomllib.loads(
        (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    )
    assert main.run(["--version"]) == 0
    assert capsys.readouterr().out.split()[-1] == project["project"]["version"]


def test_the_module_is_the_command() -> None:
    """``python -m contracts`` verifies, too."""
    done = subprocess.run(
        [sys.executable, "-m", "contracts", "verify", "komerza/create-order", "--fuzz", "0"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "pass: go" in done.stdout


def test_the_public_names_are_these() -> None:
    """A name that comes or goes is a decision, not an accident."""
    assert sorted(contracts.__all__) == sorted(PUBLIC)
    assert set(PUBLIC) <= set(dir(contracts))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_loads(name: str) -> None:
    """And is documented."""
    assert getattr(contracts, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As for any module."""
    with pytest.raises(AttributeError, match="module 'contracts' has no attribute 'nothing'"):
        _ = contracts.nothing


def test_importing_the_package_costs_next_to_nothing() -> None:
    """Neither standard-library packages of weight nor any other are loaded by it."""
    program = (
        "import sys; import contracts; "
        "print([name for name in sys.modules if name.startswith('contracts.')])"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_main_path_of_the_package_works() -> None:
    """The ten lines of the package's docstring."""
    contract = contracts.load("komerza")
    settings = contracts.Settings(parameters={"storeId": ENVIRONMENT["KOMERZA_STORE"]})
    run = contracts.run(contract, contracts.embedded("komerza"), settings)
    assert {result.outcome.value for result in run.results} == {"held", "not exercised"}
    assert run.findings == ()
    assert json.dumps([result.clause.id for result in run.results])


@pytest.mark.slow
def test_a_run_leaves_nothing_in_the_working_directory(tmp_path: Path) -> None:
    """Hypothesis keeps its tables in the user's cache, as far as no place is set for them."""
    folder, cache = tmp_path / "project", tmp_path / "cache"
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if "HYPOTHESIS" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "contracts", "verify", "kohort/create-order", "--embedded"],
        cwd=folder,
        env={**kept, "XDG_CACHE_HOME": str(cache)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert list(folder.iterdir()) == []
    assert list((cache / "order-contracts" / "hypothesis").iterdir())
