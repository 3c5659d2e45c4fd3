"""What a list was asked for, it is: its order, its size, its part, and what more there is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.judge.test_across import BOUND, JOINS, OLD, ORDER, PAGES, Sent, lent, loans, looks

FILTERED = {"items": "/loans", "item": "/state", "parameter": "state"}
MORE = {"items": "/loans", "more": "/more", "take": "take", "default": 9}
LONGER = "that there is more, since the whole list is longer"
LATE = {**BOUND, "item": "/n", "parameter": "min_n", "beyond": "5"}
SORTED = {**ORDER, "by": "/n", "descending": "down"}


def numbered(*numbers: Any, **query: str) -> Sent:
    """Return a list whose items have some numbers."""
    return Sent({"loans": [{"id": "a", "n": number} for number in numbers]}, query=query)


def said(operator: str, arguments: dict[str, Any], *run: Sent) -> list[tuple[bool, str, str, str]]:
    """Return what the looks at a run come to, in words."""
    found = looks(operator, arguments, list(run))
    return [(one.ok, one.place, one.expected, one.got) for one in found]


@pytest.mark.parametrize(
    ("numbers", "sort", "oks"),
    [
        ((1, 1, 2), "up", [True]),
        ((1, 2, 1), "up", [False]),
        ((2, 2, 1), "down", [True]),
        ((1, 2), "down", [False]),
        ((1, 2), "other", []),
    ],
)
def test_a_list_is_in_the_order_that_was_asked_for(
    numbers: tuple[int, ...], sort: str, oks: list[bool]
) -> None:
    """Equals may follow each other; each list counts, whatever came before it."""
    found = said("ordered", SORTED, lent(OLD), numbered(1, 2), numbered(*numbers, sort=sort))
    assert [all(ok for ok, *_ in found)] == (oks or [True])
    assert bool(found) == bool(oks)


def test_a_bound_is_told_in_words() -> None:
    """An empty list keeps it; what is as large as the bound does as well."""
    expected = "not less than 5, as asked for"
    assert said("bounded", LATE, lent(OLD), numbered(min_n="5")) == [
        (True, "/loans", expected, "no items")
    ]
    found = said("bounded", LATE, lent(OLD), numbered(1), numbered(5, 4, min_n="5"))
    assert found == [(True, "/loans/0/n", expected, "5"), (False, "/loans/1/n", expected, "4")]


def test_a_size_by_default_counts_where_none_is_asked_for() -> None:
    """The list has at most that many."""
    sized = {"items": "/loans", "parameter": "take", "default": 1}
    assert said("sized", sized, lent(OLD), Sent({"loans": 7}), Sent(loans("a", "b"))) == [
        (False, "/loans", "at most 1 items, as asked for", "2 items")
    ]


def test_a_filter_by_default_counts_where_none_is_asked_for() -> None:
    """And only whole values, in each item that has one."""
    found = said(
        "filtered",
        {**FILTERED, "default": "lent"},
        lent(OLD),
        Sent({"loans": [{}, {"state": "lent"}, {"state": "lent ones"}]}),
    )
    assert [(ok, place) for ok, place, *_ in found if not ok] == [(False, "/loans/2/state")]
    assert {expected for _, _, expected, _ in found} == {'"lent", as asked for'}


@pytest.mark.parametrize(
    ("told", "query", "says"),
    [
        (True, {}, [(False, "nothing further, since a page may have 9 items", "true")]),
        (False, {}, [(True, "nothing further, since a page may have 9 items", "false")]),
        ("", {}, [(True, "nothing further, since a page may have 9 items", '""')]),
        (None, {}, [(True, "nothing further, since a page may have 9 items", "null")]),
        ("x", {"take": "3"}, [(False, "nothing further, since a page may have 3 items", '"x"')]),
        (True, {"take": "1"}, [(True, LONGER, "true")]),
        (False, {"take": "1"}, [(False, LONGER, "false")]),
        ("x", {"take": "1"}, [(True, LONGER, '"x"')]),
        (None, {"take": "1"}, [(False, LONGER, "null")]),
        ({}, {"take": "1"}, []),
        (False, {"take": "1", "of": "x"}, []),
    ],
)
def test_a_page_tells_whether_there_is_more(
    told: Any, query: dict[str, str], says: list[tuple[bool, str, str]]
) -> None:
    """Nothing where it is not full, something where the whole list is longer."""
    page = Sent({**loans("a"), "more": told}, query=query)
    found = said("more", MORE, Sent(loans("a", "b", "c")), page)
    assert [(ok, expected, got) for ok, place, expected, got in found if place == "/more"][
        -len(says) :
    ] == says or not says
    assert len(found) <= 1 + len(says)


def test_a_part_of_another_length_is_told_by_its_length() -> None:
    """A page that has fewer than the whole list has there."""
    run = [
        Sent({**loans("a", "b", "c"), "n": 3}),
        Sent({**loans("b"), "n": 3}, query={"take": "2", "skip": "1"}),
    ]
    (found,) = [one for one in said("paged", PAGES, *run) if not one[0]]
    assert found[1:] == ("/loans", "the 2 items that the whole list has from 1 on", "1 items")


def test_a_share_id_joins_where_another_operation_reads_it() -> None:
    """Its group and share id are those that the reads of that operation show."""
    arguments = {**JOINS, "given_by": "look"}
    shown = Sent({"id": "g", "s": "k"}, by="look")
    joined = [lent({"group": group}, {"share": "k"}) for group in "gh"]
    found = said("joins", arguments, shown, *joined)
    expected = '"g", the group of the share id'
    assert found == [(True, "/group", expected, '"g"'), (False, "/group", expected, '"h"')]
    assert said("joins", JOINS, Sent({"id": "g", "s": None}), Sent({"id": None, "s": "k"})) == []


def test_items_of_lists_are_compared_one_by_one() -> None:
    """Where both have as many, wherever in the answer; otherwise as a whole."""
    before = Sent({"l": [{"n": 1, "m": 1}, {"n": 2}]})
    told = said("unchanged", {"response": ""}, before, Sent({"l": [{"n": 1, "m": 1}, {"n": 3}]}))
    assert [one for one in told if not one[0]] == [(False, "/l/1/n", "2, as it was before", "3")]
    told = said("unchanged", {"response": ""}, before, Sent({"l": [{"n": 1}]}))
    assert [place for ok, place, *_ in told if not ok] == ["/l"]


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ({"a": "2026-01-01T00:00:00Z"}, {"a": "2026-01-01T01:00:00+01:00"}, []),
        ({"a": "2026-01-01T00:00:00Z"}, {"a": "2026-01-01T00:00:00+01:00"}, ["/a"]),
        ({"a": None}, {"a": 1}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, ["/a/b"]),
        ({"a/b": 1}, {"a/b": 2}, ["/a~1b"]),
        ({"a": {"b": 1}}, {"a": [1]}, ["/a"]),
    ],
)
def test_what_is_read_again_is_the_same(before: Any, after: Any, places: list[str]) -> None:
    """The same instant in any zone, the same members in each object; null says nothing."""
    told = said("unchanged", {"response": ""}, Sent(before), Sent(after))
    assert [place for ok, place, *_ in told if not ok] == places


LEADS = {"created": "/id", "path": "/loans/{id}/of/{kind}", "header": "Location"}


def test_an_address_leads_to_what_was_created() -> None:
    """It begins anywhere in the text, and its own beginning is the first that is found."""
    by_member = {"created": "/id", "path": "/loans/{id}", "response": "/url"}
    told = said(
        "leads", by_member, Sent({"id": "a", "url": "/loans/b"}), Sent({"id": "a", "url": 7})
    )
    assert told == [(False, "/url", 'the address of "a"', '"/loans/b"')]
    assert said("leads", LEADS, Sent({"id": "a"})) == []


def test_null_everywhere_is_no_answer_to_a_filter() -> None:
    """A server that shows a member as null in every item may have filtered by it all the same."""
    row = {"items": "/loans", "item": "/of", "parameter": "of"}
    nothing = {"loans": [{"id": "a", "of": None}]}
    assert said("filtered", row, Sent(nothing), Sent(nothing, query={"of": "x"})) == []
