"""The budget of an API is shared by its operations, so that none is left with nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from contracts import sandbox
from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.definition import loading
from contracts.engine import reads
from contracts.verify import budget, targets, verification
from contracts.verify.options import Options
from tests.authoring.test_library import EXAMPLE, SERVER
from tests.helpers.serving import conforming, served, verify

PAGES = ("create-loan", "create-member", "get-loan", "get-member")


def needs(kinds: str) -> list[budget.Need]:
    """Return what operations need: c for one that creates, r for one that reads."""
    return [budget.Need(30, 35) if kind == "r" else budget.Need(40) for kind in kinds]


@pytest.mark.parametrize(
    ("kinds", "shares"),
    [
        ("c", [300]),
        ("r", [400]),
        ("crrrr", [260, 35, 35, 35, 35]),
        ("ccrr", [165, 165, 35, 35]),
        ("crcr", [165, 55, 145, 35]),
        ("rrrrc", [55, 55, 55, 55, 180]),
        ("c" * 5 + "r" * 6, [40, 40, 40, 40, 40, 33, 33, 33, 33, 34, 34]),
        ("c" * 10 + "r" * 10, [22] * 3 + [23] * 7 + [17] * 7 + [18] * 3),
    ],
)
def test_every_operation_has_its_share(kinds: str, shares: list[int]) -> None:
    """When each sends all that it may, the budget is spent and no operation is left out."""
    left, known = 400, needs(kinds)
    for number, expected in enumerate(shares):
        share = budget.share(left, known[number], known[number + 1 :])
        assert share == expected
        left -= share
    assert left >= 0


def test_a_large_budget_is_spent_by_an_operation_that_creates() -> None:
    """Whoever allows more requests gets more rare states that meet."""
    (create,) = needs("c")
    assert budget.share(1_000, create, []) == 900


@pytest.mark.parametrize("left", [-5, 0, 1])
def test_a_spent_budget_still_shows_whether_an_operation_is_there(left: int) -> None:
    """Three requests do, whatever those before have sent."""
    first, *later = needs("rr")
    assert budget.share(left, first, later) == 3


def test_operations_that_are_not_served_leave_their_part_to_one_that_creates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sandbox of the create operation alone is asked as much as where that one is named."""
    monkeypatch.setenv("KOHORT_TOKEN", sandbox.TOKEN)
    monkeypatch.setattr(reads, "time", SimpleNamespace(sleep=lambda _: None))
    application = conforming("kohort")

    def create_alone(environ: Any, start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "POST":
            return application(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"no such page"]

    with served(create_alone) as url:
        status, report = verify(tmp_path, "--target", f"kohort={url}", "--fuzz", "40")
    create, *others = report["runs"]
    assert (status, create["operation"]) == (0, "create-order")
    assert 280 <= create["requests"] <= 291
    assert all(run["requests"] == budget.LEAST for run in others)


@pytest.mark.slow
def test_operations_that_read_are_judged_behind_two_that_create(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the default budget, each clause of a reading operation that can be is decided."""
    monkeypatch.setenv("LIBRARY_TOKEN", SERVER.TOKEN)
    pages = pages_of_api([EXAMPLE / "pages" / f"{name}.txt" for name in PAGES])
    _, folder, *_ = start_api("library", pages, tmp_path / "apis")
    with served(SERVER.create_app()) as url:
        _, report = verify(tmp_path, str(folder), "--target", f"library={url}")
    runs = {run["operation"]: run for run in report["runs"]}
    assert sum(run["requests"] for run in runs.values()) <= 400
    for name in ("get-loan", "get-member"):
        assert runs[name]["requests"] >= 20
        assert "undecided" not in {clause["outcome"] for clause in runs[name]["clauses"]}
        held = [clause for clause in runs[name]["clauses"] if clause["outcome"] == "held"]
        assert len(held) > 0.8 * len(runs[name]["clauses"])


@pytest.mark.parametrize("seed", [0, 3])
@pytest.mark.parametrize("api", ["kohort", "komerza"])
def test_what_a_plan_is_said_to_take_at_least_is_enough_for_a_go(api: str, seed: int) -> None:
    """With the budget that ``--plan`` names every clause of the page is decided."""
    chosen = [targets.built_in(contract) for contract in loading.load_all(api)]
    least = budget.least(chosen, seed)[api]
    options = Options(seed=seed, budget=least, fuzz=0)
    report = verification.verify(chosen, options)
    assert report["outcome"] == "pass", report["reason"]
    assert sum(run["requests"] for run in report["runs"]) <= least
