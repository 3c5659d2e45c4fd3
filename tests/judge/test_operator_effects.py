"""The relation that sees what a refused request has left behind."""

from __future__ import annotations

from typing import Any

from contracts.judge.history import Answer, History, Look
from contracts.judge.operators import OPERATORS
from contracts.model import Case, Exchange, Failure, Region
from tests.helpers.builders import exchange, response

ARGUMENTS = {"request": "/ref"}


def sent(
    number: int, ref: Any, status: int, region: Region = Region.VALID, *, drawn: bool = False
) -> Exchange:
    """Make an exchange that carried a reference.

    Of an earlier case on purpose, unless it was drawn by chance.
    """
    after = () if drawn or number == 1 else (1,)
    return exchange(
        response(status, {}), {"ref": ref}, case=Case(number, region, "a case", after=after)
    )


SPENT = (
    sent(1, "used", 201),
    sent(2, "used", 400, Region.OPEN),
    sent(3, "r", 400, Region.INVALID),
    sent(4, "r", 400),
)


def looks(*exchanges: Exchange) -> list[Look]:
    """Apply the operator to all exchanges of a run."""
    return list(OPERATORS["no_effect"].rule(ARGUMENTS, History([], exchanges)))


def test_a_reference_of_a_refused_request_that_is_still_free_holds() -> None:
    """What was only in a refused request may be used."""
    (seen,) = looks(sent(1, "r", 400, Region.INVALID), sent(2, "r", 201))
    assert seen.ok


def test_a_failure_says_nothing_of_a_reference() -> None:
    """A server that fails when the reference comes again has not refused it."""
    first, again, refused, _ = SPENT
    done = looks(first, again, refused, sent(4, "r", 500), sent(5, "new", 201))
    assert done == []


def test_a_reference_that_is_spent_is_violated_where_repeats_are_refused() -> None:
    """Where a used reference is refused.

    Refusing one that was never used shows that something was made.
    """
    (seen,) = looks(*SPENT, sent(5, "new", 201))
    assert not seen.ok
    assert seen.exchange.number == 4
    assert seen.got == "refused 400"


def test_a_refusal_proves_nothing_where_nothing_is_taken_any_more() -> None:
    """A server that refuses every order from some moment on has not kept the reference for that."""
    assert looks(*SPENT) == []
    assert looks(*SPENT, sent(5, "new", 400), sent(6, "other", 201, Region.OPEN)) == []
    assert looks(sent(1, "used", 201, Region.OPEN), *SPENT[1:]) == []


def test_a_refusal_proves_nothing_where_repeats_are_taken() -> None:
    """Where references may come again, a refusal has another reason."""
    refused = (sent(3, "r", 400, Region.INVALID), sent(4, "r", 400), sent(5, "new", 201))
    assert looks(sent(1, "used", 201), sent(2, "used", 201), *refused) == []
    assert looks(sent(1, "used", 201), *refused) == []


def test_a_reference_that_was_drawn_twice_by_chance_says_nothing() -> None:
    """A generated request may be refused for many reasons."""
    assert (
        looks(
            sent(1, "used", 201),
            sent(2, "used", 400, Region.OPEN),
            sent(3, "r", 400, Region.INVALID),
            sent(4, "r", 404, Region.OPEN, drawn=True),
        )
        == []
    )


def test_requests_without_a_reference_or_an_answer_say_nothing() -> None:
    """No reference, no look; the same for a second invalid request."""
    assert (
        looks(
            sent(1, None, 400),
            sent(2, 7, 400),
            sent(3, "r", 400, Region.INVALID),
            sent(4, "r", 400, Region.INVALID),
        )
        == []
    )


def test_a_spent_reference_is_told_in_words_whatever_came_before() -> None:
    """Requests without a reference or an answer are passed over.

    One refused repeat is enough, later ones or not.
    """
    lost = exchange(
        Failure("timeout", "30 s"), {"ref": "r"}, case=Case(6, Region.VALID, "a case", after=(1,))
    )
    (seen,) = looks(
        sent(1, 7, 400, Region.INVALID),
        sent(2, "used", 201),
        sent(3, "used", 400, Region.OPEN),
        sent(4, "used", 201),
        sent(5, "r", 400, Region.INVALID),
        lost,
        sent(7, "r", 400, Region.INVALID),
        sent(8, "r", 409),
        sent(9, "new", 201),
    )
    assert (seen.exchange.number, seen.ok, seen.place) == (8, False, "/ref")
    assert (seen.expected, seen.got) == (
        'accepted: "r" was only in a request that was refused',
        "refused 409",
    )


def test_what_a_failed_request_was_sent_is_its_customers_own() -> None:
    """A customer is known by an email: what came with it is kept, whatever became of the order."""
    arguments = {"members": ["/email", "/phone"], "by": "/customer"}

    def order(number: int, body: dict[str, str], customer: str, status: int = 201) -> Exchange:
        answer = {"email": "", "phone": "+33 1 42", **body, "customer": customer}
        return exchange(response(status, answer), body, case=Case(number, Region.OPEN, ""))

    first = order(1, {"email": "ada@example.com", "phone": "+33 6 00"}, "c1")
    failed = order(2, {"email": "ada@example.com", "phone": "+33 1 42"}, "", 500)
    own, other = order(3, {"email": "ada@example.com"}, "c1"), order(4, {}, "c2")
    exchanges = [first, failed, own, other]
    history = History([Answer(one) for one in exchanges if one.accepted], exchanges)
    seen = {look.exchange.number: look.ok for look in OPERATORS["unsent"].rule(arguments, history)}
    assert (seen[3], seen[4]) == (True, False)
