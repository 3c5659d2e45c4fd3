"""What was sent is told by the states that matter, not by those of ten members."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.engine.described import described
from contracts.model import Case, Finding, Region
from tests.helpers.builders import KOHORT, exchange, order, response

ROW = {"customerEmail": "longest", "locale": "absent", "amount": "largest", "metadata": "empty"}
BODY = {"customerEmail": "a@b.example", "amount": 1_000_000, "metadata": {}, "customerId": "x"}


def label_of(clause: str, label: str, body: Any, **more: Any) -> str:
    """Return what is said of a request that broke a clause."""
    case = Case(3, Region.VALID, label, body, **more)
    one = replace(exchange(response(201, order()), body, case=case), number=3)
    before = replace(one, case=Case(2, Region.VALID, "create", BODY))
    finding = Finding(KOHORT.clause(clause), one, "/locale", "", "")
    (told,) = described(KOHORT, [finding], [before, one])
    return told.exchange.case.label


@pytest.mark.parametrize(
    ("clause", "label", "body", "words"),
    [
        ("relation.locale.default", "generated", {"amount": 100}, "locale: left out, amount: "),
        ("relation.locale.echo", "generated", {"locale": "en_US"}, "locale: en_US, nothing else"),
        ("relation.locale.default", "generated", BODY, "locale: left out, customerEmail: "),
        ("relation.locale.default", "read what case 2 created", None, "read what was created with"),
        ("relation.locale.default", "the same body twice", BODY, "the same body twice"),
    ],
)
def test_the_member_that_the_clause_speaks_of_comes_first(
    clause: str, label: str, body: Any, words: str
) -> None:
    """One that was left out as well; what says something by itself stays."""
    assert label_of(clause, label, body).startswith(words)


def test_what_was_created_without_a_body_has_no_states() -> None:
    """An operation whose page documents none is read like any other."""
    case = Case(2, Region.VALID, "read what case 1 created")
    one = exchange(response(201, order()), {}, case=case)
    created = replace(one, case=Case(1, Region.VALID, "create"))
    finding = Finding(KOHORT.clause("relation.locale.echo"), one, "", "", "")
    (told,) = described(KOHORT, [finding], [created, one])
    assert told.exchange.case.label == "read what was created"


def test_a_row_of_states_is_cut_to_those_that_matter() -> None:
    """What is left out of the words is counted."""
    row = ", ".join(f"{name}: {state}" for name, state in ROW.items())
    told = label_of("relation.locale.default", row, BODY, states=ROW)
    assert told.startswith("locale: left out, ")
    assert told.endswith(" and 2 more members")
