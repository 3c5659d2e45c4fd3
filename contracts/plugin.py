"""The pytest plugin that is installed with the package: light, since it is loaded in every pytest run.

The options and tests of the contract suite itself are in `contracts.suite`, which only the project's own
conftest.py loads: a plugin that claims names like ``--json`` in other people's runs would be in their way.
"""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker of tests that need a contract's run."""
    config.addinivalue_line("markers", "contract: a test of the contract suite, one a clause")
