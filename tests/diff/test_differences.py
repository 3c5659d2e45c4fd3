"""Differences of drawn schemas.

Witnesses distinguish, what is called compatible has no counterexample.
"""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.diff import Effect, difference
from contracts.diff.model import Revision
from contracts.diff.sides import Side
from contracts.model import ABSENT
from contracts.schema import checks, vocabulary
from tests.helpers.drawn import LAYER, leaves, pairs, sourced

REVISION = Revision("drawn", "drawn.txt")


def documented() -> st.SearchStrategy[dict[str, Any]]:
    """Draw a body's schema, D or the narrower P of it."""
    return st.one_of(
        pairs().map(lambda pair: pair.documented), pairs().map(lambda pair: pair.plausible)
    )


@st.composite
def revised(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw a schema and a later revision of it.

    Members replaced, dropped, added, required or not any more.
    """
    old = draw(documented())
    new = copy.deepcopy(old)
    members = new["properties"]
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(["a", "b", "c/d", "e~f", "g h", "é"]))
        change = draw(st.sampled_from(["replace", "drop", "required", "narrow", "close"]))
        if change == "replace":
            members[name] = draw(leaves()).documented
        elif change == "drop":
            members.pop(name, None)
        elif change == "required" and name in members:
            required = set(new.get("required", ())) ^ {name}
            new["required"] = sorted(required)
        elif change == "narrow" and name in members:
            members[name] = {**members[name], "maxLength": 3, "minimum": 7}
        elif change == "close":
            new["additionalProperties"] = draw(st.sampled_from([False, True, {"type": "string"}]))
    return old, new


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Make values near a schema: many fit it, and some are on its borders."""
    kinds = schema.get("type", ["string", "number", "null"])
    made = [_of_type(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return st.one_of(*made, *([st.sampled_from(schema["enum"])] if "enum" in schema else []))


def _of_type(kind: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if kind == "object":
        named = {name: values(child) for name, child in schema.get("properties", {}).items()}
        required = set(schema.get("required", ())) & named.keys()
        fixed = st.fixed_dictionaries(
            {name: named[name] for name in sorted(required)},
            optional={name: child for name, child in named.items() if name not in required},
        )
        others = schema.get("additionalProperties")
        if named and not isinstance(others, dict):
            return fixed
        inner = values(others) if isinstance(others, dict) else st.sampled_from(["text", 1])
        return st.tuples(
            fixed, st.dictionaries(st.sampled_from(["x", "long name of it"]), inner, max_size=2)
        ).map(lambda parts: {**parts[1], **parts[0]})
    if kind == "array":
        return st.lists(values(schema.get("items", {})), max_size=5)
    if kind in {"number", "integer"}:
        bounds = [
            schema[key]
            for key in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
            if key in schema
        ]
        near = [bound + more for bound in [*bounds, 0, 7, 110] for more in (-1, 0, 1, 5)]
        return st.sampled_from([*near, 0.5] if kind == "number" else near)
    if kind == "boolean":
        return st.booleans()
    texts = [
        "",
        "ab",
        "abc",
        "abcd",
        "n-1",
        "x" * 12,
        "x" * 13,
        "x" * 30,
        "red",
        "a@example.com",
        "P1D",
        "192.0.2.1",
    ]
    return st.none() if kind == "null" else st.sampled_from(texts)


def side(request: Any, response: Any) -> Side:
    """Make a side of drawn schemas."""
    return Side(REVISION, LAYER, request, response, (request, response), bare=True)


def compared(part: str, old: dict[str, Any], new: dict[str, Any]) -> Any:
    """Compare two schemas of one part."""
    bodies = [
        (sourced(schema), None) if part == "request" else (None, sourced(schema))
        for schema in (old, new)
    ]
    return difference(side(*bodies[0]), side(*bodies[1]))


@settings(max_examples=60)
@given(revised(), st.sampled_from(["request", "response"]))
def test_a_witness_distinguishes(pair: tuple[dict[str, Any], dict[str, Any]], part: str) -> None:
    """A body that is shown is admitted by the side that it is said to be, and refused by the other.

    Each says so.
    """
    found = compared(part, *pair)
    for change in found.of(Effect.BREAKING):
        assert change.witness is not None
        admits, refuses = pair if change.witness.admitted == "old" else reversed(pair)
        assert change.witness.admitted == ("old" if part == "request" else "new")
        assert checks.fits(admits, change.witness.body)
        assert not checks.fits(refuses, change.witness.body)


@settings(max_examples=60)
@given(revised(), st.sampled_from(["request", "response"]), st.data())
def test_what_is_called_compatible_has_no_counterexample(
    pair: tuple[dict[str, Any], dict[str, Any]], part: str, data: st.DataObject
) -> None:
    """Where a documented body of the sender is refused by the receiver.

    A change at that place says so.
    """
    sender, receiver = pair if part == "request" else tuple(reversed(pair))
    found = compared(part, *pair)
    warned = [change.place for change in found.changes if change.effect is not Effect.COMPATIBLE]
    for body in data.draw(st.lists(values(sender), min_size=20, max_size=20)):
        if checks.fits(vocabulary.closed(sender), body):
            for check in checks.broken(receiver, body):
                path = (
                    *check.keyword.path,
                    *([check.keyword.member] if check.keyword.member else []),
                )
                place = ".".join(path).replace(".[]", "[]").replace(".{}", "{}")
                assert any(
                    place == known
                    or place.startswith((f"{known}.", f"{known}[]"))
                    or known.startswith(place)
                    for known in warned
                ), (body, check)


@given(documented(), documented())
def test_a_schema_does_not_differ_from_itself(
    request: dict[str, Any], response: dict[str, Any]
) -> None:
    """The difference of a side and itself is empty."""
    same = side(sourced(request), sourced(response))
    assert difference(same, copy.deepcopy(same)).changes == ()


@given(revised())
def test_a_body_that_is_new_breaks_when_something_in_it_is_required(
    pair: tuple[dict[str, Any], Any],
) -> None:
    """A request that had no body and needs one now is shown by no body at all.

    Else nothing is decided.
    """
    (change,) = difference(side(None, None), side(sourced(pair[0]), None)).changes
    if pair[0].get("required"):
        assert change.effect is Effect.BREAKING
        assert change.witness is not None
        assert change.witness.body is ABSENT
    else:
        assert change.effect is Effect.UNDECIDED
