"""Reports from the command line and from pytest.

Every format from one run, and again from its JSON.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from contracts.cli import main
from contracts.faults.catalogue import Fault
from contracts.reports import reading
from contracts.reports.formats import files as formats_files
from tests.helpers.serving import ENVIRONMENT, faulty, served, verify

from .test_suite import suite

BROKEN = Fault("broken", "", response=({"op": "set", "at": "/riskLevel", "value": "<b>NONE</b>"},))


def outputs(folder: Path) -> dict[str, Path]:
    """Name a file for every format."""
    return {name: folder / f"again.{name}" for name in formats_files.FORMATS}


def options(files: dict[str, Path]) -> list[str]:
    """Give the options that name the files."""
    return [f"--{name}={path}" for name, path in files.items()]


@pytest.mark.usefixtures("_credentials")
def test_a_report_is_rendered_again_without_a_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file is, byte by byte, what ``verify`` wrote; the sandbox is gone by then.

    The exit status is that of the verdict.
    """
    first = {name: tmp_path / f"first.{name}" for name in formats_files.FORMATS if name != "json"}
    with served(faulty("kohort", BROKEN)) as url:
        status, _ = verify(
            tmp_path,
            "kohort/create-order",
            "--fuzz",
            "0",
            "--target",
            f"kohort={url}",
            *options(first),
        )
    assert status == 1
    printed = capsys.readouterr().out
    again = outputs(tmp_path)
    assert main.run(["report", str(tmp_path / "report.json"), *options(again)]) == 1
    named = printed.replace(str(tmp_path / "report.json"), str(again["json"]))
    assert capsys.readouterr().out == named
    assert again["json"].read_bytes() == (tmp_path / "report.json").read_bytes()
    assert main.run(["report", str(tmp_path / "report.json"), "--markdown", "-"]) == 1
    captured = capsys.readouterr()
    assert captured.out == again["markdown"].read_text(encoding="utf-8")
    assert "no go" in captured.err
    for name, path in first.items():
        assert again[name].read_bytes() == path.read_bytes(), name
        assert b"riskLevel" in path.read_bytes()
        assert ENVIRONMENT["KOHORT_TOKEN"].encode() not in path.read_bytes(), name
    assert len(json.loads(again["har"].read_text(encoding="utf-8"))["log"]["entries"]) > 100


def test_reports_are_put_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Several files become one report with all their runs."""
    paths = []
    for api in ("kohort", "komerza"):
        verify(tmp_path, f"{api}/create-order", "--fuzz", "0")
        paths.append((tmp_path / "report.json").rename(tmp_path / f"{api}.json"))
    files = outputs(tmp_path)
    assert main.run(["report", *map(str, paths), *options(files)]) == 0
    merged = json.loads(files["json"].read_text(encoding="utf-8"))
    assert [run["api"] for run in merged["runs"]] == ["kohort", "komerza"]
    assert "Komerza: create an order in a store" in capsys.readouterr().out


def test_reports_are_kept_and_shown_with_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By ``verify`` and by ``report``, which makes the folder; a share of a plan is not kept."""
    folder = str(tmp_path / "past" / "reports")
    few = ("komerza/create-order", "--fuzz", "0", "--only", "response.success.*")
    for strip in ("✓", "✓✓"):
        assert verify(tmp_path, *few, "--history", folder)[0] == 0
        assert f"history, newest last: {strip}\n" in capsys.readouterr().out
    assert main.run(["report", str(tmp_path / "report.json"), "--history", folder]) == 0
    assert "history, newest last: ✓✓\n" in capsys.readouterr().out
    assert main.run(["verify", "--shard", "1/2", "--history", folder]) == 2
    assert "keep the report that contracts report makes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.json"], "none.json can't be read: No such file or directory"),
        (["empty.json"], "empty.json is no JSON: "),
        (["report.json", "--html", "none/report.html"], "there is no folder"),
        (["report.json", "--har", "."], "is a directory"),
        ([], "Missing argument"),
    ],
)
def test_what_is_no_report_is_wrong_use(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line, exit status 2."""
    monkeypatch.chdir(tmp_path)
    Path("empty.json").touch()
    assert main.run(["report", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.usefixtures("_credentials")
def test_github_actions_gets_a_summary_and_annotations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By themselves, when the environment says so; elsewhere neither."""
    summary = tmp_path / "summary.md"
    few = ("kohort/create-order", "--fuzz", "0", "--only", "response.riskLevel.*", "--target")
    with served(faulty("kohort", BROKEN)) as url:
        verify(tmp_path, *few, f"kohort={url}")
        assert "\n::" not in capsys.readouterr().out
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
        verify(tmp_path, *few, f"kohort={url}")
    commands = [line for line in capsys.readouterr().out.splitlines() if line.startswith("::")]
    assert [re.match(r"::(\w+) title=([^:]*)::", line).groups() for line in commands] == [  # type: ignore[union-attr]
        ("error", "kohort%3A response.riskLevel.enum")
    ]
    assert summary.read_text(encoding="utf-8").startswith("## ❌ no go: 1 clause violated\n")


@pytest.mark.nightly
def test_pytest_writes_the_same_reports(tmp_path: Path) -> None:
    """The same options as ``verify``, once a session, also with several workers.

    Annotations stand by themselves.
    """
    files, summary = outputs(tmp_path), tmp_path / "summary.md"
    with served(faulty("kohort", BROKEN)) as url:
        done = suite(
            "-n",
            "2",
            "--fuzz",
            "0",
            "--api",
            "kohort/create-order",
            f"--target=kohort={url}",
            *options(files),
            **ENVIRONMENT,
            GITHUB_ACTIONS="true",
            GITHUB_STEP_SUMMARY=str(summary),
        )
    assert done.returncode == 1, done.stdout
    report = reading.read(files["json"])
    assert [finding["clause"] for run in report["runs"] for finding in run["findings"]] == [
        "response.riskLevel.enum"
    ]
    assert all(b"riskLevel" in path.read_bytes() for path in files.values())
    assert summary.read_text(encoding="utf-8").count("## ❌ no go") == 1
    assert done.stdout.count("\n::error title=kohort%3A response.riskLevel.enum::") == 1


def test_a_report_that_pytest_can_not_write_is_told_in_one_line(tmp_path: Path) -> None:
    """Pytest's exit status for wrong use, whenever it shows."""
    few = ("--api", "kohort/create-order", "-k", "riskLevel", "--fuzz", "0")
    done = suite(*few, f"--markdown={tmp_path}")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"{tmp_path} can't be written" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.usefixtures("_credentials")
def test_a_replay_shows_no_token_that_the_sandbox_echoes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the sandbox says is shown without it, in whatever spelling it comes back."""
    token = ENVIRONMENT["KOHORT_TOKEN"]
    entities = "".join(f"&#{ord(letter)};" for letter in token)
    echoes = Fault("echoes", "", status=500, body=f"{token} {entities} {token.encode().hex()}")
    path = tmp_path / "report.json"
    with served(faulty("kohort", echoes)) as url:
        target = ("--target", f"kohort={url}", "--json", str(path))
        assert main.run(["verify", "kohort/create-order", *target, "--fuzz", "0"]) == 1
        capsys.readouterr()
        assert main.run(["replay", str(path)]) == 1
    shown = capsys.readouterr().out
    assert "still there" in shown
    assert "[redacted]" in shown
    assert not any(text in shown for text in (token, entities, token.encode().hex()))
