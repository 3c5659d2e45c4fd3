"""Tests of the documentation site; `tox run -e docs` builds it and runs them."""
