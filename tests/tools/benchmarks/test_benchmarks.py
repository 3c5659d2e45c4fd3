"""Every benchmark runs, with the smallest sizes; nothing here asserts how long anything took."""

from __future__ import annotations

import configparser
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from openapi_spec_validator import validate
from rich.console import Console

from contracts.planning.plan import plan
from contracts.verify import options as verify_options
from contracts.verify import verification

from . import against_schemathesis, against_specmatic, synthetic
from .__main__ import table
from .against_schemathesis import Sandbox
from .against_specmatic import REFERENCES
from .measuring import Row, alternate, at_least, at_most
from .peers import Trial

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
BARS = [
    *["<= 1.4"] * 4,
    *["<= 0.25"] * 2,
    *["<= 0.3"] * 2,
    "<= 2.5",
    "<= 0.15",
    "<= 4",
    "<= 25",
    ">= 0.85",
    ">= 0.6",
    "<= 300",
    "<= 5",
    ">= 2",
    *["<= 0.5"] * 2,
    *["<= 0"] * 2,
]  # of the smallest sizes
COMMANDS = re.findall(r"^    tox run -e bench(?: -- (\S.*?))? *(?:#.*)?$", PAGE, re.MULTILINE)


def test_the_page_and_the_environment_run_the_same_module() -> None:
    """So that running the module is running the page's commands; none of them is left out."""
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    assert tox["testenv:bench"]["commands"] == "python -m tests.tools.benchmarks {posargs}"
    assert len(COMMANDS) == PAGE.count("\n    tox run -e ")


@pytest.mark.nightly
@pytest.mark.parametrize("options", COMMANDS, ids=lambda options: options or "none")
def test_the_commands_of_the_page_run(options: str, tmp_path: Path) -> None:
    """Every one, with the smallest sizes: a table with its verdict, or a profile.

    And the file that it names.

    Schemathesis is run on a fault as we are, and every request of both is counted.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "tests.tools.benchmarks", *options.split(), "--quick"],
        cwd=tmp_path,
        env={**kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    assert re.search(
        "by module: " if "--profile" in options else r"^\d+ bars missed$", done.stdout, re.MULTILINE
    )
    assert [file.name for file in tmp_path.glob("*.json")] == re.findall(r"\S+\.json", options)
    for file in tmp_path.glob("*.json"):
        broken, variant = json.loads(file.read_text(encoding="utf-8"))
        assert broken["ours"]["found"]
        assert not variant["ours"]["found"]
        assert broken["ours"]["requests"] > 40
        assert broken["theirs"]["requests"] > 5
    if not options:
        assert sorted(re.findall(r"[<>]= \S+", done.stdout)) == sorted(BARS)


def test_a_synthetic_contract_is_kept_by_its_sandbox() -> None:
    """So that what is measured on it is a run that passes."""
    target = synthetic.target_of(synthetic.contract(30))
    report = verification.verify([target], verify_options.Options(fuzz=6, budget=500))
    assert (report["outcome"], report["reason"], report["runs"][0]["findings"]) == (
        "pass",
        None,
        [],
    )


def test_requests_grow_more_slowly_than_pairs_of_members() -> None:
    """Ten times the members take far fewer than a hundred times the requests."""
    few, many = (len(plan(synthetic.contract(members), 0).cases) for members in (10, 100))
    assert few < many < 20 * few


def test_a_fault_that_only_schemathesis_finds_is_a_missed_bar() -> None:
    """Speed is not bought with blindness: the row names it."""
    ours = Trial(found=False, requests=1, seconds=1)
    theirs = Trial(found=True, requests=2, seconds=4)
    sandboxes = [
        Sandbox("kohort", "some-fault", conforming=False, ours=ours, theirs=theirs, shortly=theirs)
    ]
    missed, more, _, alarms, wall, run, requests = against_schemathesis.rows(sandboxes)
    assert (missed.holds, missed.detail) == (False, "kohort some-fault")
    assert (more.holds, alarms.holds, run.holds) == (False, True, True)
    assert (wall.holds, wall.figure, requests.figure) == (True, 0.25, 0.5)


def test_a_conforming_variant_that_we_accuse_is_a_missed_bar() -> None:
    """A false alarm counts as much as a miss; what Schemathesis says of it is told beside it."""
    alarm = Trial(found=True, requests=1, seconds=1)
    sandboxes = [
        Sandbox("kohort", "some-variant", conforming=True, ours=alarm, theirs=alarm, shortly=alarm)
    ]
    alarms = next(row for row in against_schemathesis.rows(sandboxes) if "accused" in row.question)
    assert (alarms.holds, alarms.detail) == (False, "Schemathesis 1 of 1")


def test_a_bar_is_met_or_missed() -> None:
    """At the bar itself it is met."""
    assert [at_most("", 2, 2).holds, at_most("", 2.1, 2).holds] == [True, False]
    assert [at_least("", 2, 2).holds, at_least("", 1.9, 2).holds] == [True, False]


def test_measurements_alternate_and_give_medians() -> None:
    """So that a slow moment of the machine meets both sides."""
    calls: list[str] = []
    ones, twos = iter([5.0, 1.0, 2.0]), iter([7.0, 9.0, 8.0])

    def call(name: str, values: Iterable[float]) -> float:
        calls.append(name)
        return next(iter(values))

    assert alternate(3, lambda: call("one", ones), lambda: call("two", twos)) == [2.0, 8.0]
    assert calls == ["one", "two"] * 3


def test_the_table_tells_bar_and_verdict() -> None:
    """One line a figure."""
    console = Console(width=100)
    with console.capture() as shown:
        console.print(table([at_most("how long", 3, 2, "of something"), Row("how many", 1)]))
    assert "missed" in shown.get()
    assert "<= 2" in shown.get()


def test_the_contract_that_specmatic_gets_has_what_the_page_says() -> None:
    """One operation and its schemas, but for members that only the server can give values of."""
    document = against_specmatic.document()
    validate(document)
    (operation,) = [method for path in document["paths"].values() for method in path.values()]
    assert set(operation["responses"]) == {"201", "400"}
    assert '"x-' not in json.dumps(document)
    assert all(name not in json.dumps(operation["requestBody"]) for name in REFERENCES)
