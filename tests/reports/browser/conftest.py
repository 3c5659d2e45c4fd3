"""Chromium for the tests of this folder. They are left out where its driver is not installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# the tests of the other environments need no browser and no driver
collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a running Chromium; without one the tests fail in CI and are skipped elsewhere."""
    from .opened import NAMES, chromium, launched  # noqa: PLC0415 - where the driver is there

    executable = chromium()
    if executable is None:
        message = f"no Chromium: none of {', '.join(NAMES)} is on the PATH (Debian: apt-get install chromium)"  # noqa: E501
        if os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    with launched(executable) as running:
        yield running


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that reports are written to."""
    return tmp_path_factory.mktemp("reports")
