"""Parameters of tests that are run by day for some values only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def nightly_after(count: int, rows: Iterable[Any]) -> list[Any]:
    """Return a test's parameters, of which all but the first `count` are run at night only."""
    return [row if index < count else at_night(row) for index, row in enumerate(rows)]


def at_night(row: Any) -> Any:
    """Return one row of a test's parameters, to be run at night only."""
    values = row if isinstance(row, tuple) else (row,)
    return pytest.param(*values, marks=pytest.mark.nightly)
