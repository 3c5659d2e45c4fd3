"""Fixtures of the tests from outside."""

from __future__ import annotations

import pytest

from .serving import ENVIRONMENT


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
