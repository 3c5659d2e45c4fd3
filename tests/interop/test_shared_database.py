"""Hypothesis' database, shared between jobs through its own backends.

With the strategies of a contract.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import SkipTest

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.database import (
    DirectoryBasedExampleDatabase,
    ExampleDatabase,
    InMemoryExampleDatabase,
    MultiplexedDatabase,
    ReadOnlyDatabase,
)

import contracts

SEARCH = (Phase.reuse, Phase.generate, Phase.shrink)


class WrongError(Exception):
    """What the code under test does wrong."""


def client_test(database: ExampleDatabase, phases: tuple[Phase, ...]) -> Callable[[], None]:
    """Make a job's test of a client that fails for a locale; the same test in every job."""

    @settings(
        database=database,
        phases=phases,
        deadline=None,
        max_examples=60,
        suppress_health_check=list(HealthCheck),
    )
    @given(contracts.requests("kohort"))
    def the_client(body: Any) -> None:
        if body.get("locale") == "en_US":
            raise WrongError(body)

    return the_client


def found(job: Callable[[], None]) -> Any:
    """Run a job; give the body that it fails for."""
    with pytest.raises(WrongError) as wrong:
        job()
    return wrong.value.args[0]


def test_what_one_job_found_another_tries_first(tmp_path: Path) -> None:
    """Over a folder that both see, such as CI's cache.

    The second draws nothing, and fails for the same body.
    """
    first = found(client_test(DirectoryBasedExampleDatabase(tmp_path), SEARCH))
    again = found(client_test(DirectoryBasedExampleDatabase(tmp_path), (Phase.reuse,)))
    assert {name: first[name] for name in ("amount", "locale")} == {
        name: again[name] for name in ("amount", "locale")
    }


def test_a_job_reads_what_others_found_and_writes_its_own(tmp_path: Path) -> None:
    """A folder of downloaded artifacts is read only; what is new goes to the job's own database."""
    found(client_test(DirectoryBasedExampleDatabase(tmp_path), SEARCH))
    before = sorted(path.name for path in tmp_path.rglob("*"))
    own = InMemoryExampleDatabase()
    shared = MultiplexedDatabase(own, ReadOnlyDatabase(DirectoryBasedExampleDatabase(tmp_path)))
    assert found(client_test(shared, (Phase.reuse, Phase.shrink)))["locale"] == "en_US"
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    assert found(client_test(own, (Phase.reuse,)))["locale"] == "en_US"


def test_without_a_shared_database_nothing_is_reused() -> None:
    """Hypothesis then has no case to run, so that the tests above show the database.

    And not luck.
    """
    with pytest.raises(SkipTest, match="no test cases"):
        client_test(InMemoryExampleDatabase(), (Phase.reuse,))()
