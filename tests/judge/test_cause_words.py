"""In which words a cause is told, by the findings that it is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.judge.causes import causes
from contracts.model import Case, Explanation, Failure, Region
from tests.helpers.builders import KOHORT, exchange, order, response
from tests.judge.test_causes import failures, finding

CLAUSE = "robustness.no_server_error"


def told(*found: Any) -> list[tuple[tuple[int, ...], str]]:
    """Return the causes of some findings: their numbers and their words."""
    return [(cause.findings, cause.summary) for cause in causes(KOHORT, found)]


@pytest.mark.parametrize(
    ("bodies", "words"),
    [
        ([{"amount": -1}], ["fails with 500 on amount -1"]),
        (
            [{"amount": 1.5}, {"amount": -7}],
            ["fails with 500 on amount 1.5", "fails with 500 on amount -7"],
        ),
        ([{"metadata": {"a": "b"}}], ['fails with 500 on metadata {"a": "b"}']),
        (
            [{"metadata": {f"m{number}": "x" for number in range(9)}}],
            ["fails with 500 on metadata of 9 members"],
        ),
        ([{"customerFirstName": "x" * 60}], [f'fails with 500 on customerFirstName "{"x" * 38}']),
        ([[]], ["fails with 500 on a request"]),
        (
            [{"clientReferenceId": "{fresh:2}"}],
            ["fails with 500 on clientReferenceId that came before"],
        ),
    ],
)
def test_a_failure_is_told_by_what_is_odd_in_the_body(bodies: list[Any], words: list[str]) -> None:
    """The members with their values, or how many members these have."""
    said = [summary for _, summary in told(*failures(*bodies))]
    assert len(said) == len(words)
    assert all(one.startswith(start) for one, start in zip(said, words, strict=True))


def test_a_failure_at_the_plainest_request_is_behind_all_others() -> None:
    """Those with the same answer; another answer is another cause."""
    case = Case(1, Region.VALID, "a plain request", {"amount": 30028}, decides=("request.typical",))
    shown = exchange(response(500), {"amount": 30028}, case=case)
    plain = replace(failures({})[0], exchange=shown, got="500")
    other = failures({"amount": -1}, got="502")
    assert told(plain, *failures({"amount": -2}), *other) == [
        ((0, 1), "fails with 500 on the plainest request"),
        ((2,), "fails with 500 on amount -1"),
    ]


def test_a_transport_that_fails_is_told_once() -> None:
    """Whatever was sent: no whole answer came."""
    broken = Failure("closed", "the connection was closed")
    bodies: tuple[Any, ...] = ({"a": 1}, {"b": 2})
    found = [finding("robustness.answers", body, answer=broken, got="closed") for body in bodies]
    assert told(*found) == [((0, 1), "gives no whole answer: closed")]
    assert len(told(found[0], finding(CLAUSE, {"amount": -1}, answer=response(500)))) == 2


def test_an_answer_without_any_member_of_the_page_is_shown() -> None:
    """The beginning of it."""
    missing = [name for name in order() if f"response.{name}.required" in KOHORT.clause_ids]
    found = [
        finding(f"response.{name}.required", answer=response(201, {"ok": "y" * 90}))
        for name in missing
    ]
    ((numbers, summary),) = told(*found)
    assert len(numbers) == len(missing)
    assert summary.startswith('the answer has none of the page\'s members: {"ok": "yyy')
    assert summary.endswith(f'"{"y" * 51}… (100 characters)')


def test_members_of_one_wrong_kind_are_told_with_the_first() -> None:
    """Where, and what the first is instead of what it should be."""
    names = ("amountCashback", "applicationFeeAmount", "amount")
    found = [
        replace(
            finding(f"response.{name}.type", place=f"/{name}", got=f'"{number}.5"'),
            expected=f"number {number}",
        )
        for number, name in enumerate(names)
    ]
    ((numbers, summary),) = told(*found)
    assert numbers == (0, 1, 2)
    assert summary == ('/amountCashback, /applicationFeeAmount, /amount: "0.5" instead of number 0')


def test_a_rule_takes_in_refusals_that_name_what_it_is_about() -> None:
    """In the same words, of a clause about acceptance; not those of another member."""
    rule = Explanation("refused whenever customerEmail is not sent")
    refusal = response(400, {"message": "customerEmail, please"})
    explained = finding("request.minimal", explanation=rule, answer=refusal)
    same = finding("request.typical", answer=refusal)
    other = finding("request.combined", answer=response(400, {"message": "no"}))
    assert next(numbers for numbers, _ in told(explained, same, other)) == (0, 1)
    accepted = finding("response.riskLevel.enum", explanation=rule, place="/riskLevel")
    assert told(accepted) == [((0,), rule.words)]


def test_causes_come_in_the_order_of_their_first_findings() -> None:
    """Whichever rule found them."""
    found = [
        finding("response.riskLevel.enum", place="/riskLevel", got='"NONE"'),
        *failures({"amount": -1}),
    ]
    assert [numbers for numbers, _ in told(*found)] == [(0,), (1,)]
    assert [numbers for numbers, _ in told(*reversed(found))] == [(0,), (1,)]
