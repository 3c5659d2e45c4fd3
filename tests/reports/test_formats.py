"""Markdown, JUnit, HAR and what GitHub Actions gets: complete, valid, of the right size."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as ET

import pytest

from contracts.errors import UsageError
from contracts.reports.formats import files as formats_files
from contracts.reports.formats import github, har, junit, markdown
from contracts.reports.record import Report

from .made import EVERY, KINDS, STARTED, report, run_of

ALL = pytest.mark.parametrize("name", EVERY)


def many(count: int) -> Report:
    """Make a report of many findings."""
    made = KINDS["keyword"]()
    (run,) = made["runs"]
    (cause,) = run["causes"]
    causes = [{**cause, "id": str(number), "findings": [number]} for number in range(count)]
    many_of_them = {**run, "findings": run["findings"] * count, "causes": causes}
    several: Any = {**made, "runs": [many_of_them]}
    return cast("Report", several)


@ALL
def test_junit_has_one_case_a_clause(name: str) -> None:
    """And counts that agree with its cases; the file is XML, whatever a server sent."""
    made = EVERY[name]()
    root = ET.fromstring(junit.render(made).encode())  # noqa: S314 - our own text
    (suite,) = root
    (run,) = made["runs"]
    cases = suite.findall("testcase")
    clauses = [case.get("name") for case in cases if case.find("error") is None]
    assert clauses == [clause["id"] for clause in run["clauses"]]
    assert suite.get("tests") == str(len(cases))
    for kind, count in (("failure", "failures"), ("skipped", "skipped"), ("error", "errors")):
        assert suite.get(count) == str(len(suite.findall(f"testcase/{kind}")))
    assert suite.get("timestamp") == STARTED.isoformat()


@pytest.mark.parametrize(
    ("kind", "failures"),
    [("keyword", 1), ("standard", 2), ("convention", 0), ("failing_convention", 1), ("waived", 0)],
)
def test_junit_fails_what_fails_the_run(kind: str, failures: int) -> None:
    """A warning and what is waived are told and do not fail."""
    root = ET.fromstring(junit.render(KINDS[kind]()).encode())  # noqa: S314
    assert len(root.findall(".//failure")) == failures
    assert len(root.findall(".//failure")) + len(root.findall(".//system-out")) >= 1


def test_junit_tells_a_run_that_was_not_carried_out() -> None:
    """As an error, which is no failure of a clause."""
    root = ET.fromstring(junit.render(report(run_of(aborted="nothing answers"))).encode())  # noqa: S314
    assert [error.get("message") for error in root.findall(".//error")] == ["nothing answers"]


@ALL
def test_a_har_holds_every_exchange(name: str) -> None:
    """With the members that HAR 1.2 requires, and credentials by their names only."""
    made = EVERY[name]()
    log = json.loads(har.render(made))["log"]
    (run,) = made["runs"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "order-contracts")
    shown = {finding["case"] for finding in run["findings"]} | {
        one["case"] for one in run["exchanges"]
    }
    comments = {entry["comment"].rpartition(": ")[2] for entry in log["entries"]}
    assert {comment.partition("; ")[0] for comment in comments} == shown
    for entry in log["entries"]:
        assert {
            "startedDateTime",
            "time",
            "request",
            "response",
            "cache",
            "timings",
        } <= entry.keys()
        assert {
            "method",
            "url",
            "httpVersion",
            "cookies",
            "headers",
            "queryString",
            "headersSize",
            "bodySize",
        } <= (entry["request"].keys())
        assert {
            "status",
            "statusText",
            "content",
            "redirectURL",
            "headersSize",
            "bodySize",
        } <= entry["response"].keys()
        assert entry["startedDateTime"] == STARTED.isoformat()


def test_an_exchange_without_an_answer_is_in_the_har() -> None:
    """As browsers write it: status 0."""
    (entry,) = json.loads(har.render(KINDS["transport"]()))["log"]["entries"]
    assert (entry["response"]["status"], entry["response"]["comment"]) == (
        0,
        "more than 20 s passed",
    )


def test_markdown_tells_verdict_counts_and_findings() -> None:
    """The verdict is its first line."""
    lines = markdown.render(KINDS["keyword"]()).splitlines()
    assert lines[0] == "## ❌ no go: 1 clause violated"
    assert any(line.startswith("| `kohort` | `http://127.0.0.1:9000/v2/` | 1 |") for line in lines)
    assert "#### ❌ violated: `kohort` `response.riskLevel.enum`" in lines
    assert '!   "riskLevel": "NONE",' in lines


@pytest.mark.slow
def test_a_summary_that_is_too_long_is_cut_between_findings() -> None:
    """It says how much did not fit, and what is there is whole."""
    limit = 20_000
    text = markdown.fitted(many(500), limit)
    assert len(text.encode()) <= limit
    assert text.endswith("sections of 505 did not fit here; the JSON report has them all.*\n")
    assert text.count("<details>") == text.count("</details>") > 3
    assert text.count("```") % 2 == 0
    assert "did not fit" not in markdown.fitted(many(3), 1024 * 1024)


def test_the_job_summary_is_appended_below_its_limit(tmp_path: Path) -> None:
    """What other steps wrote stays, and counts."""
    summary = tmp_path / "summary.md"
    summary.write_text("x" * (github.LARGEST_SUMMARY - 5_000), encoding="utf-8")
    github.announce(many(50), {"GITHUB_STEP_SUMMARY": str(summary)}, io.StringIO().write)
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("xxx")
    assert "no go" in text
    assert summary.stat().st_size <= github.LARGEST_SUMMARY


def test_a_full_job_summary_is_left_alone(tmp_path: Path) -> None:
    """GitHub drops a summary that is too long, with what the other steps wrote."""
    summary = tmp_path / "summary.md"
    summary.write_text("x" * (github.LARGEST_SUMMARY - 10), encoding="utf-8")
    github.announce(many(1), {"GITHUB_STEP_SUMMARY": str(summary)}, io.StringIO().write)
    assert summary.stat().st_size == github.LARGEST_SUMMARY - 10


def test_a_summary_that_cannot_be_written_is_wrong_use(tmp_path: Path) -> None:
    """One line, no traceback."""
    with pytest.raises(UsageError, match=r"GITHUB_STEP_SUMMARY=.* can't be written"):
        github.announce(many(1), {"GITHUB_STEP_SUMMARY": str(tmp_path)}, io.StringIO().write)


def test_annotations_are_printed_in_github_actions_only() -> None:
    """An error for what fails, a warning for a convention, a notice for what is waived.

    Ten of a level at most.
    """
    for environment, count in (({}, 0), ({"GITHUB_ACTIONS": "true"}, 10)):
        stream = io.StringIO()
        github.announce(many(30), environment, stream.write)
        begin = "\n::error title=kohort%3A response.riskLevel.enum::cause "
        assert stream.getvalue().count(begin) == count
    levels = [
        next(github.commands(KINDS[kind]())).split()[0]
        for kind in ("keyword", "convention", "waived")
    ]
    assert levels == ["::error", "::warning", "::notice"]
    assert list(github.commands(report(run_of(aborted="no\nanswer")))) == [
        "::error title=order-contracts%3A no verdict::no%0Aanswer"
    ]


def test_every_format_is_written_to_its_file(tmp_path: Path) -> None:
    """The files that are named, and no others."""
    files = {name: tmp_path / f"report.{name}" for name in formats_files.FORMATS}
    formats_files.write(KINDS["keyword"](), files)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in files.values()}
    assert all("riskLevel" in path.read_text(encoding="utf-8") for path in files.values())


def test_a_file_that_cannot_be_written_is_wrong_use(tmp_path: Path) -> None:
    """A folder that is not there is told before anything is sent, all else when it shows."""
    with pytest.raises(UsageError, match=r"--html .*: there is no folder"):
        formats_files.check({"html": tmp_path / "none" / "report.html"})
    with pytest.raises(UsageError, match="can't be written"):
        formats_files.write(KINDS["keyword"](), {"markdown": tmp_path})


def test_two_formats_are_not_written_to_one_file(tmp_path: Path) -> None:
    """One would take the place of the other: it is refused before anything is sent."""
    same = tmp_path / "report"
    with pytest.raises(UsageError, match="--json and --html name the same file"):
        formats_files.check({"json": same, "html": tmp_path / "report"})
