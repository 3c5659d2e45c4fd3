"""Lists beside what was created: what has to be in them, how many, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS
from contracts.model import ABSENT
from tests.judge.test_across import (
    BY_REFERENCE,
    LISTED,
    LOANS,
    OLD,
    Sent,
    exchange,
    lent,
    loans,
    looks,
)

Run = list[Sent]
MONTH = "2026-01-0"
EMPTY = Sent({"loans": []})
OF_SHOP = {**LISTED, "where": "/shop", "parameter": "id"}
COUNTED = {"items": "/loans", "count": "/n", "page": 2, "pages": ["take"]}
PAGED = {**COUNTED, "paging": ["skip"]}
FULL = {**LISTED, "page": 2}


def times(*days: int) -> Sent:
    """Return a list of loans that were created on some days."""
    return Sent({"loans": [{"id": f"d{day}", "at": f"{MONTH}{day}T00:00:00Z"} for day in days]})


def made(day: int, **more: Any) -> Sent:
    """Return the creation of a loan on some day of which no list has the name."""
    return lent({"id": "z", "at": f"{MONTH}{day}T00:00:00Z", **more})


@pytest.mark.parametrize(
    ("arguments", "run", "broken"),
    [
        # a full page reaches back to its oldest, where it is the newest first
        (FULL, [made(5), times(7, 3)], ["/loans"]),
        (FULL, [made(3), times(7, 3)], []),
        (FULL, [made(2), times(7, 3)], []),
        (FULL, [made(5), times(3, 7)], []),
        (FULL, [made(5), times(3, 3)], ["/loans"]),
        (FULL, [made(1), times(7)], ["/loans"]),
        (FULL, [lent({"id": "z"}), times(7, 3)], []),
        (FULL, [made(5), Sent({"loans": "none"})], []),
        ({**LISTED, "page": 1}, [made(5), times(3)], ["/loans"]),
        ({**LISTED, "page": 1}, [made(2), times(3)], []),
        # one that cannot be named, one of another parameter, one that the list is not of
        (FULL, [lent({"at": f"{MONTH}1"}), made(1), times(7)], ["/loans"]),
        (FULL, [made(1), Sent({"loans": [{}]})], [""]),
        (FULL, [made(1), Sent({"loans": []}, query={"of": "x"}), EMPTY], ["/loans"]),
        (FULL, [made(5), replace(times(7), query={"take": "9"})], []),
        (FULL, [made(5), replace(times(7), query={"take": "9", "skip": "0"})], []),
        (FULL, [made(5), replace(EMPTY, query={"take": "9"})], ["/loans"]),
        (OF_SHOP, [lent({**OLD, "shop": "1"}), EMPTY], ["/loans"]),
        (OF_SHOP, [lent({**OLD, "shop": "2"}), EMPTY], []),
        (OF_SHOP, [lent({**OLD, "shop": "2"}), lent({**OLD, "shop": "1"}), EMPTY], ["/loans"]),
        (
            {**LISTED, "filters": {"of": "/of"}},
            [lent({**OLD, "of": "y"}), lent({**OLD, "of": "x"}), replace(EMPTY, query={"of": "x"})],
            ["/loans"],
        ),
        # with a query that has to be sent
        ({**FULL, "query": {"all": "1"}}, [made(1), times(7)], []),
        (
            {**FULL, "query": {"take": "1"}},
            [made(5), replace(EMPTY, query={"take": "1"})],
            ["/loans"],
        ),
        ({**FULL, "query": {"take": "1"}}, [made(5), replace(EMPTY, query={"take": "2"})], []),
    ],
)
def test_a_list_has_what_it_reaches_back_to(
    arguments: dict[str, Any], run: Run, broken: list[str]
) -> None:
    """What was created before it, unless the list is cut before that, or is of something else."""
    found = [one.place for one in looks("listed", arguments, run) if not one.ok]
    assert found == [place for place in broken if place]


@pytest.mark.parametrize(
    ("arguments", "item", "said"),
    [
        (LISTED, {"id": "a", "n": 2}, [("/loans/0/n", "1, as created", "2")]),
        (LISTED, {"id": "a", "n": 1}, []),
        ({**LISTED, "except": ["/n"]}, {"id": "a", "n": 2}, []),
        # only some members, each beside another one
        (
            {**LISTED, "members": {"/m": "/n"}},
            {"id": "a", "m": 2},
            [("/loans/0/m", "1, as created", "2")],
        ),
        ({**LISTED, "members": {"/m": "/n"}}, {"id": "a", "m": 1, "n": 2}, []),
        ({**LISTED, "members": {"/m": "/n"}}, {"id": "b"}, []),
    ],
)
def test_what_a_list_has_is_as_it_was_created(
    arguments: dict[str, Any], item: Any, said: list[tuple[str, str, str]]
) -> None:
    """Member by member, except some; or only some of them."""
    run = [lent({"id": "a", "at": OLD["at"], "n": 1}), Sent({"loans": [{"at": OLD["at"], **item}]})]
    found = [one for one in looks("listed", arguments, run) if not one.ok]
    assert [(one.place, one.expected, one.got) for one in found] == said


@pytest.mark.parametrize(
    ("method", "takes", "status", "broken"),
    [
        ("POST", {"id": "1"}, 200, []),
        ("DELETE", {"id": "1"}, 200, []),
        ("GET", {"id": "1"}, 200, ["/loans"]),
        ("PUT", {"id": "1"}, 200, ["/loans"]),
        ("POST", {"id": "1"}, 409, ["/loans"]),
        ("POST", {}, 200, ["/loans"]),
    ],
)
def test_what_something_was_done_to_need_not_be_listed(
    method: str, takes: dict[str, str], status: int, broken: list[str]
) -> None:
    """As it was created, once a request that acts on it was accepted."""
    creation = exchange(1, lent({**OLD, "id": "1"}))
    act = exchange(2, Sent({}, by="act", status=status))
    act = replace(
        act, request=replace(act.request, method=method), case=replace(act.case, takes=takes)
    )
    read = exchange(3, EMPTY)
    history = History([Answer(read)], [read], [creation, act, read])
    found = OPERATORS["listed"].rule(LISTED, history)
    assert [one.place for one in found if not one.ok] == broken


@pytest.mark.parametrize(
    ("arguments", "run", "said"),
    [
        (COUNTED, [Sent({**loans("a"), "n": 1})], [(True, "1, which are shown", "1")]),
        (COUNTED, [Sent({**loans("a"), "n": 0})], [(False, "1, which are shown", "0")]),
        (COUNTED, [Sent({**loans("a"), "n": 2})], [(False, "1, which are shown", "2")]),
        (
            COUNTED,
            [Sent({**loans("a", "b"), "n": 9})],
            [(True, "2, which are shown, or more", "9")],
        ),
        (
            COUNTED,
            [Sent({**loans("a", "b"), "n": 1})],
            [(False, "2, which are shown, or more", "1")],
        ),
        (
            COUNTED,
            [Sent({**loans("a"), "n": 9}, query={"take": "1"})],
            [(True, "1, which are shown, or more", "9")],
        ),
        (
            COUNTED,
            [Sent({**loans("a"), "n": 9}, query={"of": "x"})],
            [(False, "1, which are shown", "9")],
        ),
        (COUNTED, [Sent({"n": 1}), Sent({**loans(), "n": 0})], [(True, "0, which are shown", "0")]),
        (COUNTED, [Sent({**loans("a"), "n": "1"})], []),
        # of all pages: the list that is read without them, of the same query, has as many
        (
            PAGED,
            [Sent({**loans("a"), "n": 1}, query={"skip": "1"}), Sent(loans("a", "b"))],
            [(False, "2, which are shown, or more", "1")],
        ),
        (
            PAGED,
            [Sent({**loans("a"), "n": 1}, query={"skip": "1"}), lent({}), Sent(loans("a", "b"))],
            [(True, "1, which are shown, or more", "1")],
        ),
        (
            PAGED,
            [Sent({**loans("a"), "n": 1}, query={"skip": "1", "of": "x"}), Sent(loans("a", "b"))],
            [(True, "1, which are shown, or more", "1")],
        ),
        (
            PAGED,
            [
                Sent({**loans("a"), "n": 1}, query={"skip": "1", "of": "x"}),
                Sent(loans("a", "b"), query={"of": "x", "skip": "0"}),
            ],
            [(False, "2, which are shown, or more", "1")],
        ),
        (
            COUNTED,
            [Sent({**loans("a"), "n": 1}, query={"take": "1"}), Sent(loans("a", "b"))],
            [(True, "1, which are shown, or more", "1")],
        ),
    ],
)
def test_a_count_is_of_what_is_shown(
    arguments: dict[str, Any], run: Run, said: list[tuple[bool, str, str]]
) -> None:
    """No less, and no more where the list is whole."""
    found = looks("counts", arguments, run)
    assert [(one.ok, one.expected, one.got) for one in found] == said
    assert {one.place for one in found} <= {"/n"}


ONCE = {**LOANS, **BY_REFERENCE}
REPEATED = [lent({"id": "a"}, {"note": "r"}), lent({}, {"note": "r"}, 409)]


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (loans("a", note="r"), [(True, "1")]),
        (loans("a", "b", note="r"), [(True, "1"), (False, "2")]),
        (loans("a", "b", note="other"), []),
        (loans("a", note=7), []),
        ({"loans": [{"id": "a", "note": "r"}] * 2}, [(True, "1"), (True, "1")]),
        (
            {"loans": [{"id": n, "note": "r"} for n in "abc"]},
            [(True, "1"), (False, "2"), (False, "3")],
        ),
        ({"loans": 7}, []),
    ],
)
def test_no_list_has_two_of_one_reference(shown: Any, said: list[tuple[bool, str]]) -> None:
    """That a server refuses when it comes again; one order may be listed twice."""
    found = looks("once", ONCE, [*REPEATED, Sent(shown)])
    assert [(one.place, one.expected) for one in found[:1]] == [
        ("/id", "one order, or a refusal of the others")
    ]
    listed = found[1:]
    assert [(one.ok, one.got) for one in listed] == said
    expected = (3, "/loans", 'one order with "r"')
    assert {(one.exchange.number, one.place, one.expected) for one in listed} <= {expected}


def test_a_reference_that_was_refused_is_looked_for_in_every_list() -> None:
    """At the place of the item that has it; not one that was taken, nor one that is no text."""
    refusal = lent({}, {"note": "r"}, status=400)
    found = looks(
        "refused_absent",
        BY_REFERENCE,
        [refusal, Sent({}), Sent({"loans": [{"note": "x"}, {"note": "r"}]}), EMPTY],
    )
    assert [(one.exchange.number, one.ok, one.place) for one in found] == [
        (3, False, "/loans/1/note"),
        (4, True, "/loans/0/note"),
    ]
    taken = lent({"id": "a"}, {"note": "r"})
    assert looks("refused_absent", BY_REFERENCE, [refusal, taken, Sent(loans("a", note="r"))]) == []
    for other in (lent({}, {"note": 7}, 400), Sent({}, {"note": "r"}, status=400)):
        assert looks("refused_absent", BY_REFERENCE, [other, Sent(loans("a", note="r"))]) == []
    without = lent({}, ABSENT, status=400)
    assert looks("refused_absent", BY_REFERENCE, [without, EMPTY]) == []
