"""Fixtures of the unit tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.documents import APIS

CopyOf = Callable[[str], Path]


@pytest.fixture
def copy_of(tmp_path: Path) -> CopyOf:
    """Give a function that copies a shipped contract's folder to where it may be spoiled."""

    def copy(api: str) -> Path:
        return Path(shutil.copytree(APIS / api, tmp_path / api))

    return copy


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the list of pauses that were asked for; none is made."""
    made: list[float] = []
    monkeypatch.setattr("contracts.pacing.time.sleep", made.append)
    return made
