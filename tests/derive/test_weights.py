"""Each weight of the alignment has a page that is read differently without it."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from contracts.derive import derive
from contracts.derive.example import alignment, scores
from contracts.derive.example.scores import WEIGHTS

PAGES = json.loads((Path(__file__).parent / "pages/text/weights.json").read_text(encoding="utf-8"))
NAMES = [field.name for field in fields(WEIGHTS)]


def bodies(weight: str) -> Any:
    """Derive both bodies of a weight's page."""
    out = derive("\n".join(PAGES[weight]), name="page.txt")
    return out["request"], out["response"]


def test_every_weight_has_a_page() -> None:
    """The table of weights and the pages name the same weights."""
    assert sorted(PAGES) == sorted(NAMES)


@pytest.mark.parametrize("weight", NAMES)
def test_a_page_needs_the_weight(weight: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the weight the page of its own gives other bodies."""
    right = bodies(weight)
    for module in (alignment, scores):
        monkeypatch.setattr(module, "W", replace(WEIGHTS, **{weight: 0.0}))
    assert bodies(weight) != right
