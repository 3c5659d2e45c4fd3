"""Over drawn schemas and values, the dialect and jsonschema agree on what is valid."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.schema import checks
from contracts.schema.jsontext import at, same
from tests.helpers.drawn import Pair, pairs

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10),
    st.sampled_from([0.5, 1.0, 110, 500, 1e6]),
    st.sampled_from(["", "ab", "red", "x" * 40, "2026-01-31T12:00:00Z", "a@b.example"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["a", "b", "c/d", "e~f", "g h"]), inner, max_size=4),
    ),
    max_leaves=6,
)


def without_formats(schema: Any) -> Any:
    """Take out what jsonschema would do differently: formats, and steps of doubles."""
    if isinstance(schema, dict):
        return {
            name: without_formats(part)
            for name, part in schema.items()
            if name not in ("format", "multipleOf")
        }
    return [without_formats(part) for part in schema] if isinstance(schema, list) else schema


@pytest.mark.slow
@settings(max_examples=150)
@given(pairs(), VALUES)
def test_the_dialect_agrees_with_jsonschema(pair: Pair, value: Any) -> None:
    """Any drawn schema and any value: valid for one is valid for the other."""
    for schema in (pair.documented, pair.plausible):
        plain = without_formats(schema)
        assert checks.fits(plain, value) == jsonschema.Draft202012Validator(plain).is_valid(value)


@given(pairs(), VALUES)
def test_each_broken_check_stands_where_it_says(pair: Pair, value: Any) -> None:
    """The place leads to the value that is shown, and no keyword is broken twice at one place."""
    found = checks.broken(pair.documented, value)
    assert all(
        same(at(value, check.place), check.value) or check.value is at(value, check.place)
        for check in found
    )
    looks = [(check.place, check.keyword.clause) for check in found]
    assert len(set(looks)) == len(looks)


@given(pairs(), VALUES)
def test_what_fits_the_plausible_schema_fits_the_documented_one(pair: Pair, value: Any) -> None:
    """P is D narrowed."""
    if checks.fits(pair.plausible, value):
        assert checks.fits(pair.documented, value)
