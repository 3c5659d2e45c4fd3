"""Whole operations, printed in each form of Markdown and read again."""

from __future__ import annotations

from functools import cache

import pytest

from contracts.derive.markdown.reader import read
from contracts.derive.model import Derived, schema
from tests.derive.openapi import Operation, operations
from tests.derive.score import Fact, facts, tally

from .forms import FORMS


@cache
def _read(form: str) -> tuple[tuple[Operation, Derived], ...]:
    """Return each document with what is read of it in a form; it names its operation once."""
    out = []
    for operation in operations():
        (derived,) = read(FORMS[form](operation).encode(), operation.name)
        out.append((operation, derived))
    return tuple(out)


def _pair(operation: Operation, derived: Derived) -> tuple[set[Fact], set[Fact]]:
    answer = operation.response
    answer = (
        answer["items"] if answer.get("type") == "array" else answer
    )  # the forms print its items
    true = {*facts(operation.request, "request"), *facts(answer, "response")}
    bodies = {"request": derived.request, "response": derived.response}
    return true, {
        fact for place, node in bodies.items() if node for fact in facts(schema(node), place)
    }


@pytest.mark.parametrize("form", FORMS)
def test_a_form_gives_what_it_states(form: str) -> None:
    """Nearly all that a form states is read, and nothing else."""
    result = tally([_pair(*read_one) for read_one in _read(form)])
    assert result.precision() >= 0.99
    assert result.recall() >= 0.98


@pytest.mark.parametrize("form", FORMS)
def test_method_and_path_are_those_of_the_document(form: str) -> None:
    """Each form names its operation once, wherever it names it."""
    for operation, derived in _read(form):
        known = {fact.keyword: fact.value for fact in derived.operation}
        assert known["method"] == operation.method
        assert str(known["path"]).endswith(operation.path)
