"""What all tests have in common: credentials, copies of contracts, Hypothesis' settings."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from contracts.definition.catalogue import APIS, operation_order
from tests.helpers.serving import ENVIRONMENT

CopyOf = Callable[[str], Path]

# few examples, the same in every run, no clock
settings.register_profile(
    "order-contracts",
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
settings.load_profile("order-contracts")


def pytest_configure(config: pytest.Config) -> None:
    """Measure no coverage in processes that tests start: it takes more time than they do.

    The workers of pytest-xdist start with the session and are measured; the variables are taken
    away from what starts later.
    """
    if hasattr(config, "workerinput"):
        for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
            del os.environ[name]


@pytest.fixture
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the embedded sandboxes' credentials into the environment."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take credentials, and what GitHub Actions says of itself, out of the environment."""
    for name in (*ENVIRONMENT, "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def copy_of(tmp_path: Path) -> CopyOf:
    """Return a function that copies a shipped API to where it may be spoiled.

    The function returns the folder of the API's first operation.
    """

    def copy(api: str) -> Path:
        folder = Path(shutil.copytree(APIS / api, tmp_path / api))
        return folder / operation_order(folder)[0]

    return copy


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the list of pauses that were asked for; none is made."""
    lengths: list[float] = []
    monkeypatch.setattr("contracts.engine.pace.time.sleep", lengths.append)
    return lengths
