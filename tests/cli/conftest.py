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
    """Take credentials that happen to be there out of the environment."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
