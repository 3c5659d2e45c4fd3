"""Rules that a sandbox has beyond its page: what they allow, their words, how to keep them."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.judge.business_rules import BusinessRule, listed

LAST_TWO = ("a", "b")
PATTERN = {"pattern": "[^x]$"}

# rule, its words after "refused whenever", its preconditions, bodies that keep it, that break it
RULES: list[tuple[BusinessRule, str, dict[str, Any], list[Any], list[Any]]] = [
    (
        BusinessRule("required", LAST_TWO),
        "a or b is not sent",
        {"required": ["a", "b"]},
        [{"a": 1, "b": None}],
        [{"a": 1}, {"b": 1}, {}],
    ),
    (
        BusinessRule("required", ("a",), condition="c"),
        "a is not sent while c is sent",
        {"dependentRequired": {"c": ["a"]}},
        [{}, {"c": None}, {"c": 1, "a": 1}],
        [{"c": 1}],
    ),
    (
        BusinessRule("required", ("a",), condition="c", option="x"),
        'a is not sent while c is "x"',
        {"dependentRequired": {"c": ["a"]}},
        [{}, {"c": "y"}, {"c": "x", "a": 1}],
        [{"c": "x"}],
    ),
    (
        BusinessRule("required", ("a",), condition="c", option="x", by_default=True),
        'a is not sent while c is "x" or left out',
        {"required": ["a"]},
        [{"c": "y"}, {"c": None}, {"a": 1}],
        [{"c": "x"}, {}],
    ),
    (
        BusinessRule("one of", LAST_TWO),
        "neither a nor b is sent",
        {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        [{"a": 1}, {"b": 1}],
        [{}],
    ),
    (
        BusinessRule("one of", ("a", "b", "c")),
        "none of a, b and c is sent",
        {"anyOf": [{"required": ["a"]}, {"required": ["b"]}, {"required": ["c"]}]},
        [{"c": 1}],
        [{"d": 1}],
    ),
    (
        BusinessRule("minimum", ("a",), 50),
        "a is below 50",
        {"a": {"minimum": 50}},
        [{"a": 50}, {"a": "1"}, {}],
        [{"a": 49}],
    ),
    (
        BusinessRule("maximum", ("a",), 50),
        "a is above 50",
        {"a": {"maximum": 50}},
        [{"a": 50}, {"a": "99"}, {}],
        [{"a": 51}],
    ),
    (
        BusinessRule("longest", LAST_TWO, 2),
        "a or b is longer than 2 characters",
        {"a": {"maxLength": 2}, "b": {"maxLength": 2}},
        [{"a": "xx", "b": "x"}, {"a": 1000}, {}],
        [{"a": "x", "b": "xxx"}],
    ),
    (
        BusinessRule("longest", ("a",), 0),
        "a is longer than 0 characters",
        {"a": {"maxLength": 0}},
        [{"a": ""}, {"a": [1]}],
        [{"a": "x"}],
    ),
    (
        BusinessRule("never", LAST_TWO),
        "a and b is sent",
        {"a": False, "b": False},
        [{"a": None}, {}],
        [{"b": 0}],
    ),
    (
        BusinessRule("ending", ("a",), "x", narrowing=PATTERN),
        'a ends in "x"',
        {"a": PATTERN},
        [{"a": "xy"}, {}],
        [{"a": "yx"}],
    ),
    (
        BusinessRule("another value", ("a",), 1, "a number", narrowing=PATTERN),
        "a is a number",
        {"a": PATTERN},
        [{"a": 2}, {"a": "1"}, {}],
        [{"a": 1}],
    ),
    (BusinessRule("another value", ("a",), None, "null"), "a is null", {}, [{}], [{"a": None}]),
]


@pytest.mark.parametrize(("rule", "words", "preconditions", "kept", "broken"), RULES)
def test_a_rule_decides_speaks_and_can_be_kept(
    rule: BusinessRule,
    words: str,
    preconditions: dict[str, Any],
    kept: list[Any],
    broken: list[Any],
) -> None:
    """Each kind knows what it allows, how it is told, and how a targets file writes it."""
    assert [rule.allows(body) for body in kept] == [True] * len(kept)
    assert [rule.allows(body) for body in broken] == [False] * len(broken)
    assert rule.explanation.words == f"refused whenever {words}"
    assert rule.explanation.preconditions == preconditions


def test_names_are_listed_as_a_sentence_has_them() -> None:
    """Commas between them, and a word before the last."""
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(iter("abc"), "or") == "a, b or c"
