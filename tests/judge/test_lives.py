"""Which requests are about one thing, and what is known of it before and after each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS
from contracts.model import Exchange
from tests.helpers.builders import look
from tests.judge.test_lifecycle import (
    ADDS,
    ENDS,
    FIVE,
    ONLY_OPEN,
    THING,
    WITHIN,
    Sent,
    done,
    exchange,
    opened,
    read,
    refused,
)

START = "2026-01-01T00:00:00Z"


def oks(operator: str, arguments: dict[str, Any], *exchanges: Exchange) -> list[bool]:
    """Return of each look of an operator at some exchanges whether it holds."""
    own = [each for each in exchanges if each.case.operation is None]
    others = [each for each in exchanges if each.case.operation is not None]
    history = History([Answer(each) for each in own if each.accepted], own, others)
    return [one.ok for one in OPERATORS[operator].rule({"thing": THING, **arguments}, history)]


def run(*sent: Sent) -> list[Exchange]:
    """Return the records of a run."""
    return [exchange(number, each) for number, each in enumerate(sent, 1)]


def of(name: str, made: Exchange) -> Exchange:
    """Return the same exchange about another thing."""
    request = replace(made.request, parameters={"id": name})
    return replace(made, request=request, case=replace(made.case, takes={"id": name}))


def test_each_thing_has_a_life_of_its_own() -> None:
    """What was done to one says nothing of another."""
    first, act, look_at = run(opened(state="open"), done(), read(state="open"))
    assert oks("afterwards", ENDS, first, act, look_at) == [False]
    assert oks("afterwards", ENDS, first, of("b", act), look_at) == []
    assert oks("afterwards", ENDS, first, act, of("b", look_at)) == []


def test_only_requests_with_the_usual_credential_count() -> None:
    """What another tenant reads is not what the owner has."""
    first, act, look_at = run(opened(state="open"), done(), read(state="open"))
    foreign = replace(look_at, case=replace(look_at.case, authorization="foreign"))
    assert oks("afterwards", ENDS, first, act, foreign) == []


def test_a_thing_without_an_id_has_no_life() -> None:
    """Nor one whose id stands elsewhere than its answer has it."""
    first = exchange(1, Sent({"id": None, "state": "shut"}, by="open", status=201))
    assert oks("only_in", ONLY_OPEN, first, exchange(2, done())) == []
    assert oks("only_in", ONLY_OPEN, first, of("None", exchange(2, done()))) == []


def test_a_thing_lies_beside_its_id() -> None:
    """However deep in the answer that creates it."""
    deep = {**THING, "created_id": "/data/thing/id"}
    shut = {"data": {"thing": {"id": "a", "state": "shut"}}}
    first, act = run(Sent(shut, by="open", status=201), done())
    assert oks("only_in", {**ONLY_OPEN, "thing": deep}, first, act) == [False]


def test_what_was_sent_at_once_tells_nothing_of_the_state() -> None:
    """Nobody knows which came first; what is read afterwards is known again."""
    first, act, again = run(opened(state="shut"), done(), done())
    together = replace(act, case=replace(act.case, together=True))
    assert oks("only_in", ONLY_OPEN, first, together) == []
    assert oks("only_in", ONLY_OPEN, first, together, again) == []
    look_at, last = exchange(3, read(state="shut")), exchange(4, done())
    assert oks("only_in", ONLY_OPEN, first, together, look_at, last) == [False]


def test_only_the_read_right_after_shows_what_was_left() -> None:
    """A read after another change is of that change."""
    first, act, again, look_at = run(opened(state="open"), done(), done(), read(state="open"))
    assert oks("afterwards", ENDS, first, act, again, look_at) == [False]


def test_a_change_that_shows_nothing_leaves_nothing_known() -> None:
    """Until the thing is read again."""
    assert oks("adds", ADDS, *run(opened(held=2), done(FIVE), done(FIVE), read(held=9))) == []


@pytest.mark.parametrize(("after", "ok"), [(7, True), (8, False), (6, False)])
def test_what_is_added_is_added_to_the_cent(after: float, ok: bool) -> None:  # noqa: FBT001
    """Wherever it is shown: in the answer as well as afterwards."""
    found = oks("adds", ADDS, *run(opened(held=2), done(FIVE), read(held=after)))
    assert found == [ok]
    both = oks("adds", ADDS, *run(opened(held=2), done(FIVE, held=after), read(held=7)))
    assert both == [True, ok]


@pytest.mark.parametrize(
    ("body", "oks_of_it"),
    [(FIVE, []), ({"amount": 11}, [False]), ({"amount": 10}, []), ({"amount": "11"}, []), ({}, [])],
)
def test_more_than_there_is_has_to_be_refused(body: Any, oks_of_it: list[bool]) -> None:
    """As far as both are numbers."""
    assert oks("within", WITHIN, *run(opened(held=10), done(body))) == oks_of_it
    assert oks("within", WITHIN, *run(opened(held="10"), done(body))) == []


def test_a_refusal_with_a_documented_status_holds() -> None:
    """Another status does not."""
    shut = opened(state="shut")
    for status, ok in ((409, True), (422, False)):
        assert oks("only_in", ONLY_OPEN, *run(shut, refused(status))) == [ok]


@pytest.mark.parametrize(
    ("seconds", "until", "ok"),
    [
        (3600, "2026-01-01T01:01:00Z", True),
        (3600, "2026-01-01T01:01:01Z", False),
        (3600, "2026-01-01T00:58:59Z", False),
        (86400, "2026-01-03T00:00:00Z", True),
        (86400, "2026-01-03T00:00:01Z", False),
    ],
)
def test_times_are_apart_to_the_minute_or_the_day(seconds: int, until: str, ok: bool) -> None:  # noqa: FBT001
    """Whichever fits how far apart they are."""
    arguments = {"response": "/until", "since": "/from", "seconds": seconds}
    found = look("apart", arguments, ({}, {"from": START, "until": until}))
    assert [one.ok for one in found] == [ok]


def test_nothing_may_be_told_of_what_has_not_happened() -> None:
    """Beside the member that tells the state, or, without one, in every valid answer."""
    (one,) = look("null_while", {"response": "/at"}, ({}, {"at": START}))
    assert (one.ok, one.expected) == (False, "null, while nothing has happened yet")
    inner = {"response": "/end/at", "state": "state", "values": ["open"]}
    got = {"end": {"at": START, "state": "open"}, "state": "shut"}
    (one,) = look("null_while", inner, ({}, got))
    assert (one.ok, one.place) == (False, "/end/at")
