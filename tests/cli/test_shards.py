"""Shards from outside: several jobs, one report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from contracts.cli import main
from contracts.definition import loading
from contracts.planning.plan import plan
from contracts.planning.shards import Shard, share
from contracts.reports import merging
from contracts.reports.record import Report
from contracts.sandbox import environment as sandbox_environment
from tests.helpers.serving import Counting, conforming, outcomes, served, verify
from tests.verify.test_wrong_use import line

from .test_suite import suite


def test_the_reports_of_two_jobs_are_one_run(tmp_path: Path) -> None:
    """Two shards of both APIs, generated requests too, come to one passed run of each."""
    apis = ("kohort/create-order", "komerza/create-order")
    jobs = [verify(tmp_path, *apis, "--shard", f"{number}/2", "--fuzz", "9") for number in (1, 2)]
    assert [status for status, _ in jobs] == [0, 0]
    merged: Any = merging.merge(cast("list[Report]", [report for _, report in jobs]))
    assert [(run["api"], run["shard"]) for run in merged["runs"]] == [
        ("kohort", None),
        ("komerza", None),
    ]
    _, whole = verify(tmp_path, apis[0], "--fuzz", "9")
    assert outcomes({"runs": merged["runs"][:1]}) == outcomes(whole)


@pytest.mark.nightly
def test_workers_send_a_shard_once(tmp_path: Path) -> None:
    """pytest-xdist and shards together: each request of the share reaches the sandbox once."""
    komerza, path = Counting(conforming("komerza")), tmp_path / "report.json"
    with served(komerza) as url:
        done = suite(
            "-n",
            "2",
            "--shard",
            "1/2",
            "--fuzz",
            "0",
            "--json",
            str(path),
            "--api=komerza/create-order",
            f"--target=komerza={url}",
            # nothing that a plan has is left out for want of a credential
            **sandbox_environment("komerza"),
        )
    assert done.returncode == 0, done.stdout
    assert komerza.requests == len(
        share(plan(loading.load("komerza"), 0), Shard(1, 2), "komerza").cases
    )
    assert json.loads(path.read_text(encoding="utf-8"))["runs"][0]["shard"] == "1/2"


def test_the_plan_of_a_shard_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """With the numbers that the cases have in the whole plan."""
    assert main.run(["verify", "komerza/create-order", "--shard", "2/2", "--plan"]) == 0
    shown = capsys.readouterr().out
    cases = share(plan(loading.load("komerza"), 0), Shard(2, 2), "komerza").cases
    assert shown.startswith(f"komerza/create-order: {len(cases)} requests")
    assert [int(text.split()[0]) for text in shown.splitlines()[1:]] == [
        case.number for case in cases
    ]


def test_a_shard_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """What is expected is shown, by the command and by pytest."""
    said = "--shard '5/4': expected a shard and how many there are, from 1/1 to 1000/1000"
    assert line(capsys, 2, "verify", "--shard", "5/4") == said
    done = suite("--shard", "5/4")
    assert done.returncode == 4
    assert said in done.stderr


def test_a_shard_is_not_compared_with_a_baseline(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What other shards send would look like drift."""
    path = tmp_path / "baseline.json"
    assert main.run(["verify", "komerza", "--fuzz", "0", "--json", str(path)]) == 0
    capsys.readouterr()
    said = line(capsys, 2, "verify", "komerza", "--shard", "1/2", "--baseline", str(path))
    assert "a baseline compares whole runs" in said


def test_a_waiver_that_another_shard_needs_is_no_error(tmp_path: Path) -> None:
    """Only the whole run knows whether it is needed."""
    path = tmp_path / "waivers.toml"
    path.write_text(
        '[[waivers]]\napi = "komerza"\nclause = "response.success.type"\n'
        'reason = "known"\nowner = "us"\nexpires = 2099-01-01\n',
        encoding="utf-8",
    )
    assert main.run(["verify", "komerza/create-order", "--fuzz", "0", "--waivers", str(path)]) == 2
    assert (
        main.run(
            [
                "verify",
                "komerza/create-order",
                "--fuzz",
                "0",
                "--waivers",
                str(path),
                "--shard",
                "1/2",
            ]
        )
        == 0
    )
