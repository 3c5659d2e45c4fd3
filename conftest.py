"""Load the contract suite's options and fixtures for this project's own tests, and give these a cache of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest_plugins = ["contracts.suite", "pytester"]


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Draw generated requests anew in every session, whatever earlier ones and the user's own runs have kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
