"""Precision and recall over pages of our own documents, class by class and page by page."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .openapi import operations
from .render import listed, random_style, with_example
from .score import CLASSES, Tally, compare, main, run, tally

SEEDS = range(2)
UNKNOWABLE = {("example", "required"), ("example", "null")}


@cache
def scored(rendering: str) -> Tally:
    """Score every document in a few styles."""
    return run(rendering, [random_style(seed) for seed in SEEDS])


@pytest.mark.parametrize("rendering", ["listed", "example"])
def test_precision_and_recall_over_all_facts(rendering: str) -> None:
    """Of all facts at least 0.95 are right, and at least 0.90 are found."""
    result = scored(rendering)
    assert result.precision() >= 0.95
    assert result.recall() >= 0.90


@pytest.mark.parametrize("kind", sorted(set(CLASSES.values())))
@pytest.mark.parametrize("rendering", ["listed", "example"])
def test_precision_and_recall_of_each_class(rendering: str, kind: str) -> None:
    """Of each class by itself at least 0.80 are right and found.

    There are facts of every class to score.
    """
    result = scored(rendering)
    assert (rendering, kind) in UNKNOWABLE or result.true[kind] > 0
    assert result.precision(kind) >= 0.80
    assert result.recall(kind) >= 0.80


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    operation=st.sampled_from(operations()),
    seed=st.integers(0, 10_000),
    rendering=st.sampled_from("le"),
)
def test_every_page_scores_well(operation: object, seed: int, rendering: str) -> None:
    """No style of any page falls far behind.

    0.9 of the facts of each single page are right and found.
    """
    style = random_style(seed)
    kind, render = ("listed", listed) if rendering == "l" else ("example", with_example)
    hidden = kind == "listed" and style.children == "hidden"
    page = render(operation, style)  # type: ignore[arg-type]  # the strategy gives operations
    pair = compare(operation, page, kind, hidden=hidden)  # type: ignore[arg-type]  # as above
    result = tally([pair])
    assert result.precision() >= 0.9
    assert result.recall() >= 0.9


def test_score_tool_prints_every_class(capsys: pytest.CaptureFixture[str]) -> None:
    """The tool prints a line for each class and one for all, for both renderings."""
    assert main(["--styles", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    for kind in (*CLASSES.values(), "all"):
        assert len([line for line in printed if line.startswith(kind)]) == 2
