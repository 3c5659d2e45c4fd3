"""Load the contract suite's options and fixtures for this project's own tests."""

pytest_plugins = ["contracts.suite", "pytester"]
