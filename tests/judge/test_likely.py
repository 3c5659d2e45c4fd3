"""Answers that cannot be right, and what no answer shows of another request."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS
from contracts.model import Case, Exchange, Region
from tests.helpers.builders import exchange, look, response

ORDER = {"id": "ord_12345678", "amount": 1, "createdAt": "2026-01-01"}
EVERYWHERE = {"created": "/id", "by": "/customerId", "except": ["/email"]}
TWINS = {"request": "/reference", "created": "/id"}


def oks(operator: str, arguments: dict[str, Any], *exchanges: Exchange) -> list[bool]:
    """Return whether each look of an operator at some exchanges is held."""
    accepted = [Answer(one) for one in exchanges if one.accepted]
    return [seen.ok for seen in OPERATORS[operator].rule(arguments, History(accepted, exchanges))]


def sent(number: int, body: Any, answer: Any, status: int = 201, **case: Any) -> Exchange:
    """Return an exchange whose template has a marker wherever it sends this number's own text."""
    template = {
        name: "{fresh}" if isinstance(text, str) and f"text{number:04d}" in text else text
        for name, text in body.items()
    }
    asked = Case(number, case.pop("region", Region.VALID), "an order", template, **case)
    return exchange(response(status, answer), body, case=asked)


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("2026-01-01T00:00:59Z", True),
        ("2026-01-01T02:00:00+02:00", True),
        ("2025-12-31T14:00:00", True),  # of a zone that is not told
        ("2026-01-01T02:00:00Z", False),
        ("2026-01-02T00:00:00Z", False),
        ("1970-01-01T00:00:00Z", False),
        ("0001-01-01T00:00:00+14:00", False),
        ("9999-12-31T23:59:59-14:00", False),
    ],
)
def test_what_is_new_is_of_now(text: str, ok: bool) -> None:  # noqa: FBT001 - of the table
    """Within an hour of the header Date, midnight here, or within a day where no zone is told."""
    assert [seen.ok for seen in look("now", {"response": "/c"}, ({}, {"c": text}))] == [ok]


def test_what_is_known_for_long_is_not_of_the_future() -> None:
    """Nor from before anybody counted."""
    looks = look("now", {"response": "/c", "past": True}, ({}, {"c": "2020-01-01T00:00:00Z"}))
    assert [seen.ok for seen in looks] == [True]
    for text in ("2027-01-01T00:00:00Z", "1970-01-01T00:00:00Z"):
        looks = look("now", {"response": "/c", "past": True}, ({}, {"c": text}))
        assert [seen.ok for seen in looks] == [False]


def test_without_a_time_there_is_nothing_to_compare() -> None:
    """Whatever the text is."""
    assert look("now", {"response": "/c"}, ({}, {"c": "now"}), ({}, {})) == []


def test_different_things_have_different_ids() -> None:
    """Numbers may be the same, since each kind is counted by itself."""
    arguments = {"response": ["/a", "/b"]}
    ids = [{"a": "x1", "b": "x1"}, {"a": "x1", "b": "x2"}, {"a": "7", "b": "7"}, {"a": "x1"}]
    assert [seen.ok for seen in look("distinct", arguments, *(({}, got) for got in ids))] == [
        False,
        True,
    ]
    looks = look(
        "distinct", {"response": ["/a"], "parameter": "s"}, ({}, ids[0]), parameters={"s": "x1"}
    )
    assert [(seen.ok, seen.place) for seen in looks] == [(False, "/a")]


def test_a_part_is_not_more_than_the_whole() -> None:
    """Of what is plausible: of an amount below nothing nobody knows what a part is."""
    arguments = {"part": "/p", "whole": "/w"}
    answers = [{"p": 1, "w": 1}, {"p": 2, "w": 1}, {"p": None, "w": 1}]
    assert [seen.ok for seen in look("at_most", arguments, *(({}, got) for got in answers))] == [
        True,
        False,
    ]


@pytest.mark.parametrize(("customers", "looks"), [(1, [False]), (2, [True])])
def test_many_are_not_one(customers: int, looks: list[bool]) -> None:
    """A score of emails are of more than one customer; of a few nothing is said."""
    arguments = {"request": "/email", "response": "/customer"}
    pairs = [({"email": f"e{n}"}, {"customer": f"c{n % customers}"}) for n in range(20)]
    assert [seen.ok for seen in look("several", arguments, *pairs)] == looks
    assert look("several", arguments, *pairs[:19]) == []


@pytest.mark.parametrize(
    ("answer", "status", "ok"),
    [
        ({"id": "ord_00000002", "debug": "last: a.text0001@x"}, 201, False),
        ({"id": "ord_00000002", "previous": "/orders/ord_00000001"}, 201, False),
        ({"message": "no, text0001"}, 400, False),
        ({"id": "ord_00000002", "email": "a.text0001@x"}, 201, True),  # has a clause of its own
        ({"id": "ord_00000002", "note": "text0002"}, 201, True),
        ({"message": "other words"}, 400, True),
    ],
)
def test_nothing_of_an_unrelated_request_shows(answer: Any, status: int, ok: bool) -> None:  # noqa: FBT001
    """In no member, no refusal; what was sent for it may."""
    first = sent(1, {"email": "a.text0001@x"}, {"id": "ord_00000001"})
    second = sent(2, {"email": "a.text0002@x"}, answer, status)
    assert oks("unrelated", EVERYWHERE, first, second) == [True, ok]


def test_a_header_shows_nothing_either() -> None:
    """Its name says where."""
    first = sent(1, {"email": "a.text0001@x"}, {"id": "ord_00000001"})
    answer = response(201, {"id": "ord_00000002"}, x_last="a.text0001@x")
    second = exchange(answer, {}, case=Case(2, Region.VALID, "an order"))
    looks = list(OPERATORS["unrelated"].rule(EVERYWHERE, History([], [first, second])))
    assert [(seen.ok, seen.place) for seen in looks] == [(True, ""), (False, "header x-last")]


def test_a_related_request_may_show() -> None:
    """That it refers to, that refers to the same, or that is of the same customer."""
    first = sent(1, {"email": "a.text0001@x"}, {"id": "ord_00000001", "customerId": "c"})
    shown = {"id": "ord_00000002", "debug": "a.text0001@x"}
    for body, more in (({}, {"after": (1,)}), ({"customerId": "c"}, {})):
        second = sent(2, body, shown, **more)  # type: ignore[arg-type]
        assert oks("unrelated", EVERYWHERE, first, second) == [True, True]


def test_ids_that_begin_alike_are_not_the_same() -> None:
    """UUIDs of version 7 of one minute share their first digits."""
    ids = [f"0199a3c4-7d2e-7f10-8a6b-3c5d9e1f2a4{digit}" for digit in "12"]
    first = sent(1, {}, {"id": ids[0]})
    assert oks("unrelated", EVERYWHERE, first, sent(2, {}, {"trace": ids[1]}, 400)) == [True, True]


@pytest.mark.parametrize(
    ("answer", "status", "looks"),
    [
        (ORDER, 401, [False]),
        ({"id": "request-1", "message": "no"}, 401, [True]),
        ({"amount": 1, "createdAt": "x"}, 401, [True]),
        (ORDER, 201, []),
    ],
)
def test_a_refusal_shows_no_order(answer: Any, status: int, looks: list[bool]) -> None:
    """An id alone is none: it may be that of the request."""
    arguments = {"created": "/id", "members": ["/amount", "/createdAt"]}
    refused = sent(1, {}, answer, status, region=Region.INVALID)
    assert oks("no_order", arguments, refused) == looks


def test_an_id_of_the_form_that_only_orders_have_is_an_order_that_was_made() -> None:
    """What was sent may be shown with an id of the refusal, but not with one of an order."""
    arguments = {"created": "/id", "members": ["/riskLevel", "/createdAt"]}

    def looks(made: str, customer: str, shown: str) -> list[bool]:
        refused = exchange(
            response(400, {"id": shown, "amount": 1}),
            {"amount": 1},
            case=Case(1, Region.INVALID, "an order"),
        )
        made_one = Answer(sent(2, {}, {"id": made, "customer": {"id": customer}}))
        history = History([made_one], [refused])
        return [seen.ok for seen in OPERATORS["no_order"].rule(arguments, history)]

    assert looks("ord_1", "cus_1", "ord_2") == [False]
    assert looks("ord_1", "cus_1", "err_2") == [True]
    assert looks("kh_1", "kh_20", "kh_3") == [True]
    assert looks("1", "2", "3") == [True]
    uuids = ("3f0f1b7e-2f6c-4b55-9d0a-6f3f4e1d2c3b", "b8a7f2c4-61d3-4e0b-8f25-90c1d7e6a543")
    assert looks(uuids[0], "cus_1", uuids[1]) == [True]


def raced(first: int, *ids: str | None) -> list[Exchange]:
    """Return exchanges that were sent at once with one reference; None stands for a refusal."""
    return [
        sent(
            first + turn,
            {"reference": f"r{first}"},
            {"id": name},
            201 if name else 409,
            region=Region.OPEN,
            together=True,
        )
        for turn, name in enumerate(ids)
    ]


def test_of_twins_one_is_made() -> None:
    """Told is how often it was otherwise; nothing is said where a reference may come again."""
    once = sent(1, {"reference": "r"}, {"id": "a"})
    repeated = [
        sent(2, {"reference": "r"}, {"id": "b"}, status, region=Region.OPEN, after=(1,))
        for status in (409, 201)
    ]
    races = [*raced(3, "c", None), *raced(5, "d", "e"), *raced(7, "f", "f")]
    assert oks("twins", TWINS, once, repeated[1], *races) == []
    looks = list(OPERATORS["twins"].rule(TWINS, History([], [once, repeated[0], *races])))
    assert [seen.ok for seen in looks] == [True, False, True]
    assert looks[1].got == '2: "d", "e"; so in 1 of 3 races'
