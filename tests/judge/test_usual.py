"""What nearly all answers of a run have in common.

What no conforming server is told of, and what bites.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS
from contracts.model import Case, Region
from tests.helpers.builders import exchange, look, response
from tests.helpers.nightly import nightly_after

RUN = 69  # accepted valid orders that a run of the Kohort plan makes
BORN = datetime(2026, 1, 31, 12, tzinfo=UTC)
STEADY = settings(max_examples=50, deadline=None, database=None, derandomize=True)
Server = Callable[[Random, int], Any]

SERVERS: dict[str, Server] = {
    "nobody": lambda _, __: None,
    "one user": lambda _, __: "usr_1",
    "a fixture": lambda _, __: "",
    "another user in each order": lambda chance, _: f"usr_{chance.getrandbits(64):x}",
    "one of two users": lambda chance, _: f"usr_{chance.randrange(2)}",
    "now and then nobody": lambda chance, _: chance.choice([None, "usr_1", "usr_1"]),
    "a user until the token changes": lambda _, index: "usr_1" if index < 40 else "usr_2",
    "a shift": lambda _, index: f"usr_{index // 25}",
    "by what is asked for": lambda _, index: None if index % 8 else "usr_1",
    "a number": lambda chance, _: chance.randrange(3),
}


def odd(
    operator: str, arguments: dict[str, Any], answers: list[dict[str, Any]], **more: Any
) -> list[int]:
    """Give the indexes of the answers that are told to differ."""
    seen = look(operator, arguments, *[({}, answer) for answer in answers], **more)
    return [one.exchange.number - 1 for one in seen if not one.ok]


@pytest.mark.parametrize("server", nightly_after(5, SERVERS))
@STEADY
@given(seed=st.integers(0, 2**32), count=st.integers(1, RUN))
def test_no_server_with_a_rule_of_its_own_is_told(server: str, seed: int, count: int) -> None:
    """Whoever is named in every order, in none, in many or from some order on is no slip."""
    chance = Random(seed)  # noqa: S311 - no secret
    answers = [{"createdBy": SERVERS[server](chance, index)} for index in range(count)]
    assert odd("usual", {"response": "/createdBy"}, answers) == []
    assert odd("usual_within", {"response": ""}, answers) == []


@pytest.mark.parametrize("server", ["nobody", "one user", "a fixture"])
@pytest.mark.parametrize("slip", ["usr_9", 7, {}, "createdBy"])
def test_one_value_among_many_others_is_told(server: str, slip: Any) -> None:
    """One order that names another user is the finding, and it says how many agree."""
    answers = [{"createdBy": SERVERS[server](Random(0), index)} for index in range(RUN)]  # noqa: S311
    answers[30]["createdBy"] = slip
    seen = look("usual", {"response": "/createdBy"}, *[({}, answer) for answer in answers])
    assert [
        (one.exchange.number, one.expected.partition(", ")[2]) for one in seen if not one.ok
    ] == [(31, "as in 68 of 69 answers")]


def told(profiles: list[dict[str, str]], odd_one: int) -> list[int]:
    """Give the indexes that are told where one answer differs.

    `profiles` are the states of the cases.
    """
    exchanges = [
        exchange(
            response(201, {"createdBy": "usr_9" if index == odd_one else None}),
            {},
            case=Case(index + 1, Region.VALID, "", states=states),
        )
        for index, states in enumerate(profiles)
    ]
    history = History([Answer(one) for one in exchanges], exchanges)
    seen = OPERATORS["usual"].rule({"response": "/createdBy"}, history)
    return [one.exchange.number - 1 for one in seen if not one.ok]


@pytest.mark.parametrize(("twins", "found"), [(0, []), (1, []), (2, [30]), (5, [30])])
def test_only_what_the_request_cannot_explain_is_told(twins: int, found: list[int]) -> None:
    """A value is a slip where orders that were asked for in the same way have the usual one.

    And not otherwise.
    """
    profiles = [{"amount": f"like {index % 9}"} for index in range(RUN)]
    for index in range(30, 31 + twins):
        profiles[index] = {"amount": "largest"}
    assert told(profiles, 30) == found


@STEADY
@given(
    seconds=st.lists(st.floats(0, 30), min_size=RUN, max_size=RUN),
    apart=st.sampled_from([0, 3600, -3600]),
)
def test_two_times_that_are_apart_everywhere_or_nowhere_are_not_told(
    seconds: list[float], apart: int
) -> None:
    """A slow server, and one whose two times come from a fixture, have a rule of their own."""
    answers = [
        {
            "createdAt": BORN.isoformat(),
            "updatedAt": (BORN + timedelta(seconds=apart + more)).isoformat(),
        }
        for more in seconds
    ]
    assert odd("together", {"earlier": "/createdAt", "later": "/updatedAt"}, answers) == []


@pytest.mark.parametrize(
    "slip", ["2026-01-31T12:01:00Z", "2026-02-01T12:00:00Z", "2026-01-31T11:58:00Z"]
)
def test_one_order_that_was_updated_at_another_time_is_told(slip: str) -> None:
    """Where the two times are close in all orders but one, that one is the finding."""
    answers = [{"createdAt": BORN.isoformat(), "updatedAt": BORN.isoformat()} for _ in range(RUN)]
    answers[30]["updatedAt"] = slip
    assert odd("together", {"earlier": "/createdAt", "later": "/updatedAt"}, answers) == [30]


def test_an_order_that_refers_to_another_is_compared_with_such_orders_only() -> None:
    """An order that joins, in states that many others have.

    May be updated later than it was created.
    """
    late = {"createdAt": BORN.isoformat(), "updatedAt": (BORN + timedelta(days=1)).isoformat()}
    soon = {**late, "updatedAt": BORN.isoformat()}
    for after, found in (((1,), []), ((), [31])):
        exchanges = [
            exchange(
                response(201, late if number == 31 else soon),
                {},
                case=Case(number, Region.VALID, "", after=after if number == 31 else ()),
            )
            for number in range(1, RUN + 1)
        ]
        history = History([Answer(one) for one in exchanges], exchanges)
        seen = OPERATORS["together"].rule({"earlier": "/createdAt", "later": "/updatedAt"}, history)
        assert [one.exchange.number for one in seen if not one.ok] == found


def test_times_that_cannot_be_compared_are_not_compared() -> None:
    """A time without a zone beside one with a zone, and a text that is no time, say nothing."""
    answers: list[dict[str, Any]] = [
        {"createdAt": BORN.isoformat(), "updatedAt": BORN.isoformat()} for _ in range(RUN)
    ]
    answers[30]["updatedAt"] = "2027-01-31T12:00:00"
    answers[31]["updatedAt"] = "later"
    assert odd("together", {"earlier": "/createdAt", "later": "/updatedAt"}, answers) == []


def test_a_member_in_one_answer_only_is_told() -> None:
    """Where all answers but one have the same members, that one is the finding."""
    answers: list[dict[str, Any]] = [{"id": str(index)} for index in range(RUN)]
    answers[30]["debug"] = True
    assert odd("members", {"response": ""}, answers) == [30]


@pytest.mark.parametrize("share", [2, 3, 8, 15])
def test_members_that_come_in_many_answers_are_not_told(share: int) -> None:
    """A server that says more now and then has a rule of its own."""
    answers: list[dict[str, Any]] = [
        {"id": str(index)} | ({"warnings": []} if index % share == 0 else {})
        for index in range(RUN)
    ]
    assert odd("members", {"response": ""}, answers) == []


def test_a_case_that_takes_something_over_may_be_told_more() -> None:
    """A repeated reference or a joined group may have members of its own."""
    answers: list[dict[str, Any]] = [{"id": str(index)} for index in range(RUN)]
    answers[30]["duplicate"] = True
    assert (
        look(
            "members",
            {"response": ""},
            *[({}, a) for a in answers],
            case=Case(1, Region.VALID, "", after=(1,)),
        )
        == []
    )


def test_members_that_were_sent_are_not_the_servers() -> None:
    """What each order was sent does not count, what the server adds does."""
    pairs: list[tuple[Any, Any]] = [
        ({"metadata": {f"k{n}": ""}}, {"metadata": {f"k{n}": ""}}) for n in range(RUN)
    ]
    pairs[5] = ({}, {"metadata": {}})
    arguments = {"response": "/metadata", "beyond": "/metadata"}
    assert [one.ok for one in look("members", arguments, *pairs)].count(True) == RUN
    pairs[30] = ({"metadata": {"a": ""}}, {"metadata": {"a": "", "b": ""}})
    assert [one.got for one in look("members", arguments, *pairs) if not one.ok] == ['["b"]']
