"""Relations across operations: each is seen held, broken and silent, with its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS
from contracts.judge.relations import across, asked, changes, lists
from contracts.model import ABSENT, Case, Exchange, Region, Request
from contracts.schema.jsontext import decode
from tests.helpers.builders import response

LOANS = {"created_id": "/id", "items": "/loans", "item_id": "/id", "by": "lend"}
BY_REFERENCE = {"by": "lend", "request": "/note", "items": "/loans", "item": "/note"}
PAGES = {"items": "/loans", "instant": "/at", "count": "/n", "take": "take", "skip": "skip"}
ORDER = {"items": "/loans", "by": "/at", "parameter": "sort", "ascending": "up"}
BOUND = {"items": "/loans", "least": True}
JOINS = {"by": "lend", "request": "/share", "created": "/group", "share": "/s", "response": "/id"}


@dataclass(frozen=True)
class Sent:
    """One exchange of a run: what was sent, what came back, and how it was asked for."""

    got: Any
    body: Any = ABSENT
    by: str = "read"
    status: int = 200
    id: str = "1"
    query: Mapping[str, str] = field(default_factory=dict)
    needs: str | None = None


def lent(got: Any, body: Any = ABSENT, status: int = 201) -> Sent:
    """Return the exchange by which a loan was created, or refused."""
    return Sent(got, body, by="lend", status=status)


def loans(*names: str, **more: Any) -> dict[str, Any]:
    """Return a list of loans, the first name that of the newest."""
    times = {name: f"2026-01-0{9 - place}T00:00:00Z" for place, name in enumerate(names)}
    return {"loans": [{"id": name, "at": times[name], **more} for name in names]}


def exchange(number: int, sent: Sent) -> Exchange:
    """Return the record of an exchange."""
    case = Case(
        number,
        Region.VALID,
        "a request",
        operation=sent.by,
        query=dict(sent.query),
        needs=sent.needs,
        after=(number - 1,),
    )
    method = "POST" if sent.by == "lend" else "GET"
    request = Request(method, f"/loans/{sent.id}", (), None, sent.body, {"id": sent.id}, sent.query)
    answer = response(sent.status, sent.got)
    value, problems = decode(answer.body)
    return Exchange(case, request, answer, 0.1, value, problems, number, started=float(number))


def looks(operator: str, arguments: Mapping[str, Any], run: list[Sent]) -> list[Any]:
    """Apply an operator to a run in which ``read`` is the operation that is verified."""
    exchanges = [exchange(number, sent) for number, sent in enumerate(run, 1)]
    own = [one for one in exchanges if one.case.operation == "read"]
    history = History([Answer(one) for one in own], own, exchanges)
    return list(OPERATORS[operator].rule(arguments, history))


READ_BACK = {**LOANS, "parameter": "id", "created": "", "response": ""}
LISTED = {**LOANS, "created": "", "instant": "/at", "pages": ["take", "skip"]}
AGAIN = {"response": ""}
READ = Sent({"id": "g", "s": "k"})
OLD = {"id": "a", "at": "2025-12-01T00:00:00Z"}

PAGE = {"properties": {"book": {}, "notes": {"type": "object"}, "loan": {"properties": {"a": {}}}}}


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ({"book": "x"}, {"book": "y"}, ["/book"]),
        ({"notes": {"any": 1}}, {"notes": {"any": 2}}, ["/notes/any"]),
        ({"loan": {"a": 1, "trace": 1}}, {"loan": {"a": 2, "trace": 2}}, ["/loan/a"]),
        ({"trace": "x"}, {"trace": "y"}, []),
        ({"trace": {"id": "x"}}, {"trace": {"id": "y"}}, []),
    ],
)
def test_members_that_the_page_does_not_name_may_differ(
    before: Any, after: Any, places: list[str]
) -> None:
    """An answer may have members of its own, such as a trace, which are new in each."""
    run = [exchange(1, lent({"id": "1", **before})), exchange(2, Sent({"id": "1", **after}))]
    history = History([Answer(run[1], schema=PAGE)], run[1:], run)
    broken = [look.place for look in OPERATORS["reads_back"].rule(READ_BACK, history)]
    assert [place for place in broken if place != "/id"] == places


# the operators of the module: each has a row below
MODULES = (across.__name__, asked.__name__, changes.__name__, lists.__name__)
ACROSS = {name for name, row in OPERATORS.items() if row.check.__module__ in MODULES}

# operator, arguments, a run that keeps it, a run that breaks it, the place where, a silent one
TABLE: list[tuple[str, dict[str, Any], list[Sent], list[Sent], str, list[Sent]]] = [
    (
        "reads_back",
        READ_BACK,
        [lent({"id": "1", "book": "x"}), Sent({"id": "1", "book": "x"})],
        [lent({"id": "1", "book": "x"}), Sent({"id": "1", "book": "y"})],
        "/book",
        [lent({"id": "2", "book": "x"}), Sent({"id": "1", "book": "y"})],
    ),
    (
        "reads_back",
        {**READ_BACK, "except": ["/due"]},
        [lent({"id": "1", "due": 1}), Sent({"id": "1", "due": 2})],
        [lent({"id": "1", "due": 1}), Sent({"id": 2, "due": 1})],
        "/id",
        [Sent({"id": "1"}), lent({"id": "1"})],
    ),
    (
        "gone",
        {"by": "lend", "created": "", "read_by": "look"},
        [lent({"id": "1"}), Sent({}), Sent({}, by="look", status=404)],
        [lent({"id": "1"}), Sent({}), Sent({"id": "1"}, by="look")],
        "",
        [lent({"id": "1"}), Sent({}), Sent({"id": "1", "deleted": True}, by="look")],
    ),
    (
        "stays",
        {"read_by": "look", "response": ""},
        [Sent({"n": 2}), Sent({"n": 2}, by="look")],
        [Sent({"n": 2}), Sent({"n": 1}, by="look")],
        "/n",
        [Sent({"n": 2}), Sent({"n": 1}, by="look", status=404)],
    ),
    (
        "unchanged",
        AGAIN,
        [Sent({"n": 1}), Sent({"n": 1})],
        [Sent({"n": 1}), Sent({"n": 2})],
        "/n",
        [Sent({"n": 1}), lent({"id": "2"}), Sent({"n": 2})],
    ),
    (
        "unchanged",
        {"response": "/loans", "item_id": "/id"},
        [Sent(loans("a", n=1)), Sent(loans("a", n=1))],
        [Sent({"loans": [{"id": "a", "n": 1}]}), Sent({"loans": [{}, {"id": "a", "n": 2}]})],
        "/loans/1/n",
        [Sent(loans("a")), Sent(loans("b"))],
    ),
    (
        "listed",
        LISTED,
        [lent({**OLD, "at": "2026-01-09T00:00:00Z"}), Sent(loans("a"))],
        [lent(OLD), Sent({"loans": []})],
        "/loans",
        [Sent(loans("a")), lent(OLD)],
    ),
    (
        "listed",  # a full page that ends with something newer need not have what is older
        LISTED,
        [lent({"id": "c", "at": "2026-01-07T00:00:00Z"}), Sent(loans("a", "b", "c"))],
        [lent({"id": "c", "at": "2026-01-08T12:00:00Z"}), Sent(loans("a", "b"))],
        "/loans",
        [lent(OLD), Sent(loans("x", "y"), query={"take": "2", "skip": "0"})],
    ),
    (
        "counts",
        {"items": "/loans", "count": "/n", "page": 25, "pages": ["take", "skip"]},
        [Sent({**loans("a"), "n": 1})],
        [Sent({**loans("a"), "n": 2})],
        "/n",
        [Sent(loans("a"))],
    ),
    (
        "ordered",
        {**ORDER, "descending": "down"},
        [lent(OLD), Sent(loans("a", "b"), query={"sort": "down"})],
        [lent(OLD), Sent(loans("a", "b"), query={"sort": "up"})],
        "/loans/1/at",
        [lent(OLD), Sent(loans("a", "b"))],
    ),
    (
        "ordered",  # texts are out of order only where they are in every way to order them
        {**ORDER, "by": "/id", "descending": "down"},
        [lent(OLD), Sent(loans("B", "a"), query={"sort": "down"})],
        [lent(OLD), Sent(loans("a", "c"), query={"sort": "down"})],
        "/loans/1/id",
        [lent(OLD), Sent(loans("a", "c"))],
    ),
    (
        "sized",
        {"items": "/loans", "parameter": "take", "default": 3},
        [lent(OLD), Sent(loans("a", "b"), query={"take": "2"})],
        [lent(OLD), Sent(loans("a", "b"), query={"take": "1"})],
        "/loans",
        [lent(OLD), Sent(loans("a", "b"), query={"take": "many"})],
    ),
    (
        "filtered",
        {"items": "/loans", "item": "/open", "parameter": "open"},
        [lent(OLD), Sent(loans("a", open=True), query={"open": "true"})],
        [lent(OLD), Sent(loans("a", open=False), query={"open": "true"})],
        "/loans/0/open",
        [lent(OLD), Sent(loans("a", open=False))],
    ),
    (
        "filtered",  # what has nothing there, and others something, is not what was asked for
        {"items": "/loans", "item": "/of", "parameter": "of"},
        [lent(OLD), Sent(loans("b", of="x"), query={"of": "x"})],
        [lent(OLD), Sent(loans("b", of="x")), Sent(loans("a", of=None), query={"of": "x"})],
        "/loans/0/of",
        [lent(OLD), Sent(loans("a", of=None))],
    ),
    (
        "filtered",  # of the options, only those that an item may have
        {"items": "/loans", "item": "/state", "parameter": "state", "values": ["lent", "back"]},
        [lent(OLD), Sent(loans("a", state="lent"), query={"state": "lent"})],
        [lent(OLD), Sent(loans("a", state="back"), query={"state": "lent"})],
        "/loans/0/state",
        [lent(OLD), Sent(loans("a", state="lent"), query={"state": "all"})],
    ),
    (
        "bounded",  # nothing is as late as what is asked for
        {**BOUND, "item": "/at", "parameter": "from", "beyond": "2999-01-01T00:00:00Z"},
        [lent(OLD), Sent({"loans": []}, query={"from": "2999-01-01T00:00:00Z"})],
        [lent(OLD), Sent(loans("a"), query={"from": "2999-01-01T00:00:00Z"})],
        "/loans/0/at",
        [lent(OLD), Sent(loans("a"))],
    ),
    (
        "bounded",
        {**BOUND, "item": "/n", "parameter": "max_n", "beyond": "0", "least": False},
        [lent(OLD), Sent(loans("a", n=0), query={"max_n": "0"})],
        [lent(OLD), Sent(loans("a", n=7), query={"max_n": "0"})],
        "/loans/0/n",
        [lent(OLD), Sent(loans("a", n=None), query={"max_n": "0"})],
    ),
    (
        "more",
        {"items": "/loans", "more": "/more", "take": "take", "default": 9},
        [
            Sent({"loans": [{}], "more": True}, query={"take": "1"}),
            Sent({"loans": [], "more": False}),
        ],
        [Sent({"loans": [{}], "more": True})],
        "/more",
        [Sent({"loans": [{}], "more": True}, query={"take": "2", "state": "lent"})],
    ),
    (
        "leads",
        {"created": "/id", "path": "/loans/{id}", "response": "/url"},
        [
            Sent({"id": 7, "url": "https://x.example/v1/loans/7/"}),
            Sent({"id": 7, "code": "a b", "url": "/loans/a%20b"}),
        ],
        [Sent({"id": 7, "url": "https://x.example/v1/loans/8?full=1"})],
        "/url",
        [Sent({"id": 7, "url": "https://x.example/books/8"}), Sent({"id": 7, "url": None})],
    ),
    (
        "filtered",  # a text may be asked for by a part of it
        {"items": "/loans", "item": "/title", "parameter": "title", "partly": True},
        [lent(OLD), Sent(loans("a", title="Emma"), query={"title": "em"})],
        [lent(OLD), Sent(loans("a", title="Emma"), query={"title": "ada"})],
        "/loans/0/title",
        [lent(OLD), Sent(loans("a", title="Emma"))],
    ),
    (
        "filtered",  # where a text of the query stands for another value
        {
            "items": "/loans",
            "item": "/state",
            "parameter": "filters",
            "asked": "state==lent",
            "value": "LENT",
        },
        [lent(OLD), Sent(loans("a", state="LENT"), query={"filters": "state==lent"})],
        [lent(OLD), Sent(loans("a", state="back"), query={"filters": "state==lent"})],
        "/loans/0/state",
        [lent(OLD), Sent(loans("a", state="back"), query={"filters": "state==back"})],
    ),
    (
        "listed",  # a filtered list has what was created so, and may lack others
        {**LISTED, "filters": {"of": "/of"}},
        [lent({**OLD, "of": "x"}), Sent({"loans": [{**OLD, "of": "x"}]}, query={"of": "x"})],
        [lent({**OLD, "of": "x"}), Sent(loans("b"), query={"of": "x"})],
        "/loans",
        [lent({**OLD, "of": "x"}), Sent(loans("b"), query={"of": "y"})],
    ),
    (
        "paged",  # pages that are counted, where the list is the same before and after
        {"items": "/loans", "instant": "/id", "take": "take", "skip": "page", "first_page": 1},
        [
            lent(OLD),
            Sent(loans("a", "b")),
            Sent(loans("b"), query={"take": "1", "page": "2"}),
            Sent(loans("a", "b")),
        ],
        [
            lent(OLD),
            Sent(loans("a", "b")),
            Sent(loans("a"), query={"take": "1", "page": "2"}),
            Sent(loans("a", "b")),
        ],
        "/loans",
        [lent(OLD), Sent(loans("a", "b"))],
    ),
    (
        "paged",
        PAGES,
        [
            Sent({**loans("a", "b"), "n": 2}),
            Sent({**loans("a"), "n": 2}, query={"take": "1", "skip": "0"}),
        ],
        [lent(OLD), Sent({**loans("a", "b"), "n": 2}, query={"take": "1", "skip": "0"})],
        "/loans",
        [Sent({**loans("a", "b"), "n": 2})],
    ),
    (
        "paged",  # by what the page before hands out
        {"items": "/loans", "instant": "/id", "take": "take", "skip": "at", "following": "/next"},
        [
            Sent({**loans("b", "c"), "next": "x"}, query={"take": "2", "of": "x"}),  # another list
            Sent(loans("a", "b", "c")),
            Sent({**loans("a"), "next": "x"}, query={"take": "1"}),
            Sent(loans("b"), query={"take": "1", "at": "x"}),
            Sent(loans("a", "b", "c")),
        ],
        [
            Sent(loans("a", "b", "c")),
            Sent({**loans("a"), "next": "x"}, query={"take": "1"}),
            Sent(loans("c"), query={"take": "1", "at": "x"}),
            Sent(loans("a", "b", "c")),
        ],
        "/loans",
        [Sent(loans("a", "b")), Sent(loans("b"), query={"take": "1", "at": "y"})],
    ),
    (
        "paged",  # by the id of the last item
        {
            "items": "/loans",
            "instant": "/id",
            "take": "take",
            "skip": "after",
            "following": "/loans/*/id",
        },
        [
            Sent(loans("a", "b", "c")),
            Sent(loans("a"), query={"take": "1"}),
            Sent(loans("b"), query={"take": "1", "after": "a"}),
            Sent(loans("a", "b", "c")),
        ],
        [
            Sent(loans("a", "b", "c")),
            Sent(loans("a"), query={"take": "1"}),
            Sent(loans("a"), query={"take": "1", "after": "a"}),
            Sent(loans("a", "b", "c")),
        ],
        "/loans",
        [Sent(loans("a", "b"))],
    ),
    (
        "refused_absent",
        BY_REFERENCE,
        [lent({}, {"note": "r"}, status=400), Sent(loans("a", note="other"))],
        [lent({}, {"note": "r"}, status=400), Sent(loans("a", note="r"))],
        "/loans/0/note",
        [lent({"id": "a"}, {"note": "r"}), Sent(loans("a", note="r"))],
    ),
    (
        "once",
        {**LOANS, **BY_REFERENCE},
        [lent({"id": "a"}, {"note": "r"}), lent({}, {"note": "r"}, status=409)],
        [lent({"id": name}, {"note": "r"}) for name in "ab"] + [lent({}, {"note": "r"}, 409)],
        "/id",
        [lent({"id": name}, {"note": "r"}) for name in "abc"],  # a reference may come again here
    ),
    (
        "hidden",
        {**LOANS, "needs": "another"},
        [lent({"id": "a"}), Sent(loans("x"), needs="another")],
        [lent({"id": "a"}), Sent(loans("a"), needs="another")],
        "/loans/0/id",
        [lent({"id": "a"}), Sent(loans("a"))],
    ),
    (
        "joins",
        JOINS,
        [Sent({"id": "g", "s": "k"}), lent({"group": "g"}, {"share": "k"})],
        [Sent({"id": "g", "s": "k"}), lent({"group": "h"}, {"share": "k"})],
        "/group",
        [Sent({"id": "g", "s": "k"}), lent({"group": "h"}, {"share": "another"})],
    ),
    (  # the share id that is read has to join, also where another one was handed out
        "joins",
        JOINS,
        [lent({"group": "g", "share": "a"}), READ, lent({"group": "g"}, {"share": "k"})],
        [lent({"group": "g", "share": "a"}), READ, lent({}, {"share": "k"}, 400)],
        "",
        [lent({"group": "g", "share": "k"}), READ, lent({}, {"share": "k"}, 400)],
    ),
    (
        "kept",
        {"parameter": "id", "response": "", "members": ["a", "b"]},
        [Sent({"a": 1, "b": 2}, {"a": 1}), Sent({"a": 3, "b": 2}, {"a": 3})],
        [Sent({"a": 1, "b": 2}, {"a": 1}), Sent({"a": 3, "b": 9}, {"a": 3})],
        "/b",
        [Sent({"b": 2}, {"a": 1}), Sent({"b": 9}, {"b": 9}), Sent({"b": 8}, {"a": 1}, id="2")],
    ),
    (
        "unique_by",
        {"response": "/s", "parameter": "id"},
        [Sent({"s": "k"}), Sent({"s": "k"}), Sent({"s": "l"}, id="2")],
        [Sent({"s": "k"}), Sent({"s": "k"}, id="2")],
        "/s",
        [Sent({})],
    ),
]


@pytest.mark.parametrize(("operator", "arguments", "kept", "broken", "place", "silent"), TABLE)
def test_an_operator_sees_what_holds_what_is_broken_and_what_says_nothing(  # noqa: PLR0917 - a row
    operator: str,
    arguments: dict[str, Any],
    kept: list[Sent],
    broken: list[Sent],
    place: str,
    silent: list[Sent],
) -> None:
    """A run that keeps the rule has only looks that hold, the broken one names its place.

    A run that has nothing to compare is looked at in silence.
    """
    held = looks(operator, arguments, kept)
    assert held
    assert all(look.ok for look in held)
    wrong = [look for look in looks(operator, arguments, broken) if not look.ok]
    assert wrong
    assert {look.place for look in wrong} == {place}
    assert all(look.expected != look.got for look in wrong)
    assert [look for look in looks(operator, arguments, silent) if not look.ok] == []


def test_every_operator_across_operations_has_a_row() -> None:
    """No operator of the module `across` is left out above; the order of changes is below."""
    assert {operator for operator, *_ in TABLE} == ACROSS


@pytest.mark.parametrize(
    ("changes", "looks"),
    [
        # what was left out is as the change before it answered it, or has got lost
        ([(0, {"a": 1, "b": 2}, {"a": 1, "b": 2}), (1, {"a": 3}, {"a": 3, "b": 2})], [True]),
        ([(0, {"a": 1, "b": 2}, {"a": 1, "b": 2}), (1, {"a": 3}, {"a": 3, "b": 9})], [False]),
        ([(0, {"b": 2}, {"a": 1, "b": 2}), (1, {"b": 3}, {"a": None, "b": 3})], [False]),
        # of two changes that were under way at once, nobody knows which was the first
        ([(0, {"a": 1}, {"a": 1, "b": 2}), (0.05, {"a": 3}, {"a": 3, "b": 9})], []),
        (
            [
                (0, {"b": 1}, {"a": 1, "b": 1}),
                (0.05, {"b": 2}, {"a": 1, "b": 2}),
                (1, {"a": 3}, {"a": 3, "b": 9}),
            ],
            [],
        ),
    ],
)
def test_what_a_change_leaves_out_is_as_the_change_before_answered_it(
    changes: list[tuple[float, Any, Any]], looks: list[bool]
) -> None:
    """Only changes that were sent one after the other, each when the one before was over."""
    exchanges = [
        replace(exchange(number, Sent(answer, body)), started=float(moment))
        for number, (moment, body, answer) in enumerate(changes, 1)
    ]
    history = History([Answer(each) for each in exchanges], exchanges)
    arguments = {"parameter": "id", "response": "", "members": ["a", "b"]}
    found = OPERATORS["kept"].rule(arguments, history)
    assert [look.ok for look in found] == looks


def test_what_was_replaced_reads_and_is_listed_as_the_last_put_answered_it() -> None:
    """A read that was sent before the replacement, or again after it, is compared with its own."""
    put = [(1, 1.0, {"id": "1", "n": 1}), (4, 3.0, {"id": "1", "n": 2})]
    exchanges = [
        replace(each, request=replace(each.request, method="PUT"), started=moment)
        for each, moment in ((exchange(n, lent(got)), at) for n, at, got in put)
    ]
    for number, moment, shown in ((2, 2.0, 1), (3, 4.0, 2)):
        read = exchange(number, Sent({"id": "1", "n": shown}))
        exchanges.append(replace(read, started=moment))
    own = [Answer(each) for each in exchanges if each.case.operation == "read"]
    looks = list(OPERATORS["reads_back"].rule(READ_BACK, History(own, exchanges, exchanges)))
    assert looks
    assert all(look.ok for look in looks)
    listed = replace(exchange(5, Sent({"loans": [{"id": "1", "n": 2}]})), started=5.0)
    history = History([Answer(listed)], [listed], exchanges)
    looks = list(OPERATORS["listed"].rule(LISTED, history))
    assert looks
    assert all(look.ok for look in looks)


def test_a_change_is_compared_with_what_was_sent_before_the_read() -> None:
    """A change with a lower number that was sent after the read says nothing of it.

    What decides a clause is sent first.
    """
    read = Sent({"id": "a", "name": "new"}, by="get")
    numbered = [(3, 1.0, Sent({"name": "new"})), (4, 2.0, read), (2, 3.0, Sent({"name": "old"}))]
    exchanges = [replace(exchange(n, sent), started=at) for n, at, sent in numbered]
    own = [one for one in exchanges if one.case.operation == "read"]
    history = History([Answer(one) for one in own], own, exchanges)
    stays = OPERATORS["stays"].rule({"read_by": "get", "response": ""}, history)
    assert [(look.ok, look.exchange.number) for look in stays] == [(True, 3)]


def test_a_page_is_compared_with_the_lists_that_were_read_around_it() -> None:
    """A list that was read again later, since it lagged behind, is none before the page."""
    pages = {"items": "/loans", "instant": "/id", "take": "take", "skip": "skip", "following": "/n"}
    old, page, new = loans("a", "b"), Sent(loans("a"), query={"take": "1"}), loans("c", "a")
    numbered = [(1, 4.0, Sent(new)), (2, 1.0, Sent(old)), (3, 2.0, page), (4, 3.0, Sent(new))]
    exchanges = [replace(exchange(n, sent), started=at) for n, at, sent in numbered]
    history = History([Answer(one) for one in exchanges], exchanges)
    lengths = [look.expected for look in OPERATORS["paged"].rule(pages, history)]
    assert lengths == ["1 items at most, as asked for"]


def test_a_server_with_fixed_answers_is_not_held_to_its_filters() -> None:
    """Where nothing was created and every value is answered alike, answers may be fixed ones.

    Not so those of a collection of many that differ.
    """
    filtered = {"items": "/loans", "item": "/state", "parameter": "state"}
    fixed = [Sent(loans("a", state="lent"), query={"state": value}) for value in ("lent", "back")]
    assert looks("filtered", filtered, fixed) == []
    many = {"loans": [{"id": n, "state": s} for n, s in (("a", "lent"), ("b", "back"))] * 2}
    ignoring = [Sent(many, query={"state": value}) for value in ("lent", "back")]
    assert not all(look.ok for look in looks("filtered", filtered, ignoring))
    heeding = [*fixed, Sent(loans("a", "b", state="lent"), query={"state": "lost"})]
    assert [look.ok for look in looks("filtered", filtered, heeding)] == [True, False, False, False]
