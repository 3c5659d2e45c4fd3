"""A defect of the suite itself is no verdict, and costs nothing of what is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main

PLACES = (
    "contracts.engine.course.judge",
    "contracts.engine.run.described",
    "contracts.engine.run.causes",
    "contracts.engine.run.observe",
    "contracts.reports.formats.html.render",
)


@pytest.mark.parametrize("place", PLACES)
def test_a_defect_is_one_line_and_the_reports_are_written(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever it is: exit status 4, a file with the traceback, and the JSON report as ever."""

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(place, fail)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    path = tmp_path / "report.json"
    files = ("--json", str(path), "--html", str(tmp_path / "report.html"))
    assert main.run(["verify", "komerza/create-order", "--fuzz", "0", *files]) == 4
    shown = "".join(capsys.readouterr())
    assert "Traceback" not in shown
    (told,) = {word.rstrip(":;") for word in shown.split() if "contracts-defect-" in word}
    assert "ZeroDivisionError: ours" in Path(told).read_text(encoding="utf-8")
    (run,) = json.loads(path.read_text(encoding="utf-8"))["runs"]
    assert run["requests"] > 50
    assert run["clauses"]
