"""Reports that are kept: a strip of the last verdicts, and when each cause appeared and went."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import explore, main
from contracts.errors import UsageError
from contracts.faults.catalogue import Fault
from contracts.reports import history
from contracts.verify import machine
from tests.helpers.serving import faulty, served

from .test_causes import caused, written

DAYS = ("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04")
BOTH = (("members are respelt", [0, 1]), ("the status is odd", [2]))
# what each day's report says: its outcome, and its causes
STORY: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("fail", BOTH[:1]),
    ("aborted", ()),
    ("fail", BOTH),
    ("pass", BOTH[1:]),
)


def day(number: int) -> Any:
    """Return the report of a day; clauses of a run that was aborted are not looked at."""
    outcome, causes = STORY[number]
    made = caused(*causes)
    (run,) = made["runs"]
    decided = "not exercised" if outcome == "aborted" else "held"
    clauses = [{**clause, "outcome": decided} for clause in run["clauses"]]
    run = {**run, "run_id": f"r{number}", "clauses": clauses}
    return {**made, "outcome": outcome, "started": f"{DAYS[number]}T00:00:00+00:00", "runs": [run]}


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which all days but the last are kept."""
    folder = tmp_path_factory.mktemp("history")
    for number in range(len(STORY) - 1):
        history.keep(day(number), folder)
    return folder


@pytest.fixture(scope="module", name="last")
def _last(folder: Path) -> Any:
    """Return the report of the last day, which is kept as well."""
    return kept(day(len(STORY) - 1), folder)


def kept(made: Any, folder: Path) -> Any:
    """Keep a report; return it with its history."""
    history.keep(made, folder)
    return history.with_history(made, folder)


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def strip(made: Any) -> str:
    """Return the verdicts of a report's history as marks."""
    return history.strip(made["history"])


def test_each_cause_has_a_time_at_which_it_appeared_and_went(last: Any) -> None:
    """What is there now comes first; a run that did not look says nothing of a cause."""
    made = last["history"]
    assert history.strip(made) == "✗!✗✓"
    assert [(one.strip, one.when, one.summary) for one in history.in_time(made)] == [
        ("○·●●", "appeared 2026-01-03", "the status is odd"),
        ("●·●○", "appeared 2026-01-01, gone 2026-01-04", "members are respelt"),
    ]


@pytest.mark.parametrize("name", ["terminal", "html", "markdown"])
def test_every_format_for_people_shows_it(name: str, last: Any) -> None:
    """The strip, and both causes with their times."""
    text = written(last)[name]
    assert (
        "".join(mark for mark in text.partition("newest last")[2] if mark in "✓✗!?")[:4] == "✗!✗✓"
    )
    assert "appeared 2026-01-01, gone 2026-01-04" in text
    assert "members are respelt" in text.partition("newest last")[2]
    assert "newest last" not in written({**last, "history": None})[name]


def test_a_report_is_kept_once_without_exchanges(folder: Path, last: Any) -> None:
    """What shows it may be written again as often as one likes; an own one is read back."""
    files = sorted(folder.iterdir())
    assert strip(kept(last, folder)) == "✗!✗✓"
    assert sorted(folder.iterdir()) == files
    for path in files:
        assert json.loads(path.read_text("utf-8"))["runs"][0]["exchanges"] == []


def test_reports_about_other_targets_are_not_its_history(folder: Path) -> None:
    """One folder may be used for all."""
    other = day(3)
    other["runs"][0] |= {"target": "http://127.0.0.1:1", "run_id": "other"}
    assert strip(kept(other, folder)) == "✓"


def test_so_many_are_shown_and_the_newest_is_the_last() -> None:
    """Whatever the order in which they were written."""
    first = day(0)
    earlier: Any = [{**first, "started": f"2025-01-{number:02}"} for number in range(30, 0, -1)]
    shown = history.history(day(3), earlier)["verdicts"]
    assert len(shown) == history.LENGTH
    assert [one["started"] for one in shown] == sorted(str(one["started"]) for one in shown)


def test_a_folder_that_can_not_be_made_is_wrong_use(tmp_path: Path) -> None:
    """In one line, before anything is sent."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"--history .*: "):
        history.prepare(tmp_path / "file" / "below")


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize(
    "situation",
    [
        (["verify"], None, 2),
        (["verify"], "amount-in-euros", 1),
        (["explore", "--minutes", "0.02"], "amount-in-euros", 1),
    ],
)
def test_a_verdict_that_cannot_be_kept_is_told(
    situation: tuple[list[str], str | None, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A device that is full in the end costs neither words nor reports; a no-go outweighs it."""
    command, fault, status = situation
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "replace", _full)
    monkeypatch.setattr(explore, "remember", _full)
    monkeypatch.setattr(machine, "SHRINKING", 0.5)
    with served(faulty("kohort", fault or Fault("", ""))) as url:
        arguments = [command[0], "kohort/create-order", *command[1:], "--fuzz", "0"]
        places = ["--target", f"kohort={url}", "--json", "r.json", "--history", "kept"]
        assert main.run([*arguments, *places]) == status
    out, err = capsys.readouterr()
    assert "go" in out.splitlines()[-1]
    assert "can't be written: No space left on device" in err
    assert json.loads(Path("r.json").read_text("utf-8"))["outcome"] in ("pass", "fail")
