"""What all tests have in common."""

from __future__ import annotations

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Measure no coverage in processes that tests start: it takes more time than they do.

    Those that start with the session, the workers of pytest-xdist, are measured; they have all that follows to start.
    """
    if hasattr(config, "workerinput"):
        for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
            del os.environ[name]
