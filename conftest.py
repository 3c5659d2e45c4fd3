"""Load the contract suite's options and fixtures for this project's own tests."""

from __future__ import annotations

pytest_plugins = ["contracts.suite", "pytester"]
