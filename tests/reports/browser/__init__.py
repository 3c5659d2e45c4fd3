"""The HTML report in a real browser: `tox run -e browser`."""
