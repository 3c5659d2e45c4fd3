"""Politeness: a server that asks to wait is waited for, within bounds, and is no finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from contracts.engine.pace import MOST_WAITS
from contracts.errors import PolitenessExhausted
from contracts.model import Exchange, Region, Request
from tests.helpers.builders import Reply, Scripted, order, plain_case, response, sender

GOOD = response(201, order())


def waits(after: str | None, status: int = 429) -> Scripted:
    """Make a transport that asks to wait once, then accepts."""
    headers = {} if after is None else {"retry_after": after}
    return Scripted(response(status, {"message": "slow down"}, **headers), GOOD)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("after", "seconds"), [("7", 7), (" 3 ", 3), ("0", 0.05)])
def test_seconds_are_waited(pauses: list[float], status: int, after: str, seconds: float) -> None:
    """Retry-After in seconds is kept to, and the answer after it is the one that counts."""
    one = sender(waits(after, status))
    done = one.send(plain_case())
    assert isinstance(done, Exchange)
    assert done.accepted
    assert pauses == [seconds]
    assert [exchange.status for exchange in one.history] == [201]


@pytest.mark.parametrize("status", [429, 503])
def test_a_date_is_waited_for(pauses: list[float], status: int) -> None:
    """Retry-After may be an HTTP date, which is over when its second is."""
    sender(
        waits(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True), status)
    ).send(plain_case())
    (pause,) = pauses
    assert 60 - 0.5 <= pause <= 61


@pytest.mark.parametrize(
    "after",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_a_date_in_the_past_is_hardly_waited_for(pauses: list[float], after: str) -> None:
    """All three forms of a date that RFC 9110, section 5.6.7, knows."""
    sender(waits(after)).send(plain_case())
    assert pauses == [0.05]


@pytest.mark.parametrize("after", [None, "soon", "-5", "1.5", ""])
def test_without_a_time_a_429_is_waited_for_longer_and_longer(
    pauses: list[float], after: str | None
) -> None:
    """What can't be read counts as not given; each wait is twice the one before."""
    busy = response(429, {}, **({} if after is None else {"retry_after": after}))
    sender(Scripted(busy, busy, busy, GOOD)).send(plain_case())
    assert pauses == [0.5, 1.0, 2.0]


def test_a_bucket_that_is_refilled_slowly_is_asked_slowly(pauses: list[float]) -> None:
    """Where one request after the other is put off, the next ones keep a distance of their own."""
    busy = response(429, {}, retry_after="1")
    one = sender(Scripted(busy, GOOD, busy, GOOD, busy, GOOD, GOOD))
    for _ in range(4):
        one.send(plain_case())
    assert pauses.count(1) == 3
    distances = [pause for pause in pauses if pause != 1]
    assert distances
    assert max(distances) < 1


def test_a_503_without_retry_after_is_a_server_error(pauses: list[float]) -> None:
    """Only a server that says when to come back is waited for."""
    one = sender(waits(None, 503))
    done = one.send(plain_case())
    assert isinstance(done, Exchange)
    assert done.status == 503
    assert pauses == []


@pytest.mark.parametrize(
    "after", ["30", "99999999999999999999", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"]
)
def test_patience_ends(pauses: list[float], after: str) -> None:
    """The waits of a run are added up.

    Beyond its patience it is not carried out, and does not wait in vain.
    """
    one = sender(Scripted(response(429, {}, retry_after=after)), patience=100.0)
    with pytest.raises(PolitenessExhausted, match="asked for more than 100 s of waiting in all"):
        one.send(plain_case())
    assert sum(pauses) <= 100


def test_waiting_is_added_up_over_requests(pauses: list[float]) -> None:
    """Each request may wait a little, all together no more than the run's patience."""
    busy = response(429, {}, retry_after="4")
    one = sender(Scripted(busy, GOOD, busy, GOOD, busy, GOOD), patience=10.0)
    one.send(plain_case(1))
    one.send(plain_case(2))
    with pytest.raises(PolitenessExhausted):
        one.send(plain_case(3))
    assert [pause for pause in pauses if pause >= 1] == [4, 4]


@pytest.mark.parametrize("status", [409, 423, 425])
def test_a_conflict_with_requests_in_flight_is_met_once_more(
    pauses: list[float], status: int
) -> None:
    """What came at the same moment as others is sent again by itself, once."""
    busy = response(status, {"message": "another request is in progress"})
    one = sender(Scripted(busy, GOOD, busy, busy))
    served, refused = (one.send(plain_case(number, together=True)) for number in (1, 2))
    assert isinstance(served, Exchange)
    assert served.accepted
    assert isinstance(refused, Exchange)
    assert refused.status == status
    assert len(pauses) == 2


def test_a_conflict_of_a_request_by_itself_is_a_refusal(pauses: list[float]) -> None:
    """Nothing else is in its way."""
    done = sender(Scripted(response(409), GOOD)).send(plain_case())
    assert isinstance(done, Exchange)
    assert done.status == 409
    assert pauses == []


def throttling(request: Request) -> Reply:
    """Answer as a server that slows down whoever shows a token that is none."""
    good = dict(request.headers).get("Authorization") == "Bearer {token}"
    return GOOD if good else response(429, {}, retry_after="5")


@pytest.mark.parametrize("region", [Region.INVALID, Region.OPEN])
def test_a_429_that_only_meets_bad_requests_is_a_refusal(
    pauses: list[float], region: Region
) -> None:
    """It is waited for once.

    Then a plain request shows whose fault it is, and nothing is waited for any more.
    """
    one = sender(Scripted(throttling))
    bad = plain_case(
        1, region=region, decides=("authorization.unknown_token",), authorization="Bearer {unknown}"
    )
    statuses = [
        done.status
        for done in (one.send(bad), one.send(replace(bad, number=2)))
        if isinstance(done, Exchange)
    ]
    assert statuses == [429, 429]
    assert pauses == [5]
    assert one.requests == 2 + 1 + 1 + 1  # the plain ones too, the orders of which are told of
    assert [exchange.case.label for exchange in one.history if exchange.accepted] == [
        "a plain request"
    ] * 2
    assert len(one.created()) == 2


def test_a_429_that_meets_plain_requests_as_well_is_waited_for(pauses: list[float]) -> None:
    """A server that is busy refuses nothing: what it answers later is what counts."""
    busy = response(429, {}, retry_after="1")
    one = sender(Scripted(busy, busy, busy, response(401)))  # the third is the plain request
    done = one.send(plain_case(1, region=Region.INVALID, authorization=None))
    assert isinstance(done, Exchange)
    assert done.status == 401
    assert pauses == [1, 1]


def test_a_valid_request_is_never_throttled_into_a_refusal(pauses: list[float]) -> None:
    """It has to be accepted, so that waiting is all there is."""
    one = sender(Scripted(response(429, {}, retry_after="1")))
    with pytest.raises(PolitenessExhausted):
        one.send(plain_case())
    assert len(pauses) == MOST_WAITS
