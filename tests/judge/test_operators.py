"""Relations.

One table an operator, of histories that hold it, break it, and leave it nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from contracts.definition import loading
from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS, references
from contracts.model import ABSENT, Case, Region
from tests.helpers.builders import exchange, look, response
from tests.judge.test_across import ACROSS
from tests.judge.test_lifecycle import ELSEWHERE

Pair = tuple[Any, Any]  # what was sent, what came back

ECHO = {"request": "/a", "response": "/b"}
JOINED = {"request": "/share", "handed_out": "/share", "response": "/group"}
PAIRED = {"left": "/group", "right": "/share"}
SEPARATE = {"request": "/share", "response": "/group"}
PRODUCT = {"of": ["/i/*/amount", "/i/*/quantity"], "equals": "/i/*/total"}
FIXED = {"percentage": "/p", "amount": "/a"}
ISOLATED = {"members": ["/a"], "unless": ["/share"]}
UNSENT = {"members": ["/a"], "by": "/c"}
NOTHING = {"request": "/c", "response": "/i"}
TOTALS = {"request": "/i", "response": "/i", "key": "p", "sum": "q", "unless": "/c"}
ENORMOUS = Decimal(
    "9E999999"
)  # twice that is more than Decimal's usual context takes, and infinite to a double
UUID = "3f0f1b7e-2f6c-4b55-9d0a-6f3f4e1d2c3b"


def item(amount: Any, quantity: Any, total: Any) -> Pair:
    """Make an answer with one line."""
    return {}, {"i": [{"amount": amount, "quantity": quantity, "total": total}]}


def group(sent: Any, share: Any, made: Any) -> Pair:
    """Make an order that sent a share id (or None, to create) and got a share id and a group."""
    return ({} if sent is ABSENT else {"share": sent}), {"share": share, "group": made}


def lines(sent: list[tuple[Any, Any]], got: list[tuple[Any, Any]]) -> Pair:
    """Make an order of lines, each a product and a quantity, and an answer with others."""
    return {"i": [{"p": p, "q": q} for p, q in sent]}, {"i": [{"p": p, "q": q} for p, q in got]}


ONCE = {"request": "/a", "created": "/id"}

# operator, arguments, history, the looks that come of it: held (True) or broken (False)
TABLE: list[tuple[str, dict[str, Any], list[Pair], list[bool]]] = [
    ("echo", ECHO, [({"a": "x"}, {"b": "x"})], [True]),
    ("comes_back", ECHO, [({"a": " Zoe\u0308  B"}, {"b": "zo\u00eb b"})], [True]),
    ("comes_back", ECHO, [({"a": "https://a.example/"}, {"b": "https://a.example"})], [True]),
    ("comes_back", ECHO, [({"a": "+33 1 42-68"}, {"b": "+3314268"})], [True]),
    (
        "comes_back",
        ECHO,
        [({"a": "10.00"}, {"b": "10"}), ({"a": 0.1 + 0.2}, {"b": 0.3})],
        [True] * 2,
    ),
    (
        "comes_back",
        ECHO,
        [({"a": "2026-01-31T12:00:00+01:00"}, {"b": "2026-01-31T11:00:00Z"})],
        [True],
    ),
    ("comes_back", ECHO, [({"a": "NaN"}, {"b": "nan"}), ({"a": "-5"}, {"b": "5"})], [True, False]),
    ("comes_back", ECHO, [({"a": "Order 1"}, {"b": "Order "}), ({"a": 9}, {"b": 8})], [False] * 2),
    ("comes_back", ECHO, [({"a": True}, {"b": False}), ({}, {"b": "x"})], [False]),
    ("comes_back", ECHO, [({"a": "x"}, {"b": None}), ({"a": "x"}, {})], []),
    (
        "comes_back",
        {"request": "/i/*/a", "response": "/l/i/*/a"},
        [
            ({"i": [{"a": "x"}, {"a": "y"}]}, {"l": {"i": [{"a": "y"}, {"a": "x"}]}}),
            ({"i": [{"a": "x"}, {"a": "y"}]}, {"l": {"i": [{"a": "x"}, {"a": "x"}]}}),
            ({"i": [{"a": "x"}, {"a": "x"}]}, {"l": {"i": [{"a": "x"}]}}),
            ({"i": [{"a": "x"}, {"a": "y"}]}, {"l": {"i": [{"a": "x"}]}}),
            ({"i": [{"a": "x"}]}, {"l": {"i": []}}),
            ({"i": [{"a": "x"}]}, {"l": {"i": [{"a": "x"}, {"a": "y"}]}}),
            ({"i": [{"a": "x"}]}, {"l": {}}),
        ],
        [True, True, True, False, False, False],
    ),
    (
        "comes_back",  # a map may have more members, and no fewer
        {"request": "/m", "response": "/m"},
        [
            ({"m": {"a": "X"}}, {"m": {"a": "x", "b": "y"}}),
            ({"m": {"a": "x"}}, {"m": {}}),
            ({"m": {"a": "x"}}, {"m": {"a": "y"}}),
        ],
        [True, False, False],
    ),
    (
        "comes_back",  # of lists in lists
        {"request": "/i/*/j/*/a", "response": "/i/*/j/*/a"},
        [({"i": [{"j": [{"a": "x"}, {"a": "y"}]}, {}]}, {"i": [{"j": [{"a": "x"}]}, {"j": []}]})],
        [False],
    ),
    ("echo", ECHO, [({"a": 12}, {"b": 12.0}), ({"a": 12}, {"b": "12"})], [True, False]),
    ("echo", ECHO, [({"a": "x"}, {"b": None})], [False]),
    (
        "echo",
        ECHO,
        [({"a": None}, {"b": "x"}), ({}, {"b": "x"}), ({"a": "x"}, {}), (ABSENT, {"b": 1})],
        [],
    ),
    (
        "echo",
        {**ECHO, "null_allowed": True},
        [({"a": "x"}, {"b": None}), ({"a": "x"}, {"b": "y"})],
        [False],
    ),
    (
        "echo",
        {**ECHO, "only_null": True},
        [({"a": "x"}, {"b": None}), ({"a": "x"}, {"b": "y"})],
        [False, True],
    ),
    (
        "echo",
        {**ECHO, "handed_out": True},
        [({"a": None}, {"b": "g1"}), ({"a": "g1"}, {"b": "g1"})],
        [True],
    ),
    (
        "echo",
        {**ECHO, "handed_out": True},
        [({"a": None}, {"b": "g1"}), ({"a": "g1"}, {"b": "g2"})],
        [False],
    ),
    ("echo", {**ECHO, "handed_out": True}, [({"a": "nobody's"}, {"b": "g2"})], []),
    (
        "echo_members",
        ECHO,
        [({"a": {"x": 1, "y": {"z": [1]}}}, {"b": {"y": {"z": [1]}, "x": 1.0, "more": 0}})],
        [True, True],
    ),
    ("echo_members", ECHO, [({"a": {"x": 1, "y/": 2}}, {"b": {"x": "1"}})], [False, False]),
    ("echo_members", ECHO, [({"a": {}}, {"b": {}})], [True]),
    (  # a map of texts writes all values alike
        "echo_members",
        ECHO,
        [({"a": {"x": 1, "y": True, "z": [2]}}, {"b": {"x": "1", "y": "true", "z": "[2]"}})],
        [True, True, True],
    ),
    (
        "echo_members",
        ECHO,
        [({"a": {"x": 1, "y": True, "z": [2]}}, {"b": {"x": "1", "y": "true", "z": [2]}})],
        [False, False, True],
    ),
    (  # so it may write null, if no other value was sent
        "echo_members",
        ECHO,
        [({"a": {"x": None, "y": "t"}}, {"b": {"x": "null", "y": "t"}})],
        [True, True],
    ),
    (
        "echo_members",
        ECHO,
        [({"a": {"x": None, "y": 1}}, {"b": {"x": "null", "y": 1}})],
        [False, True],
    ),
    (
        "echo_members",
        ECHO,
        [({"a": "x"}, {"b": {}}), ({"a": {"x": 1}}, {"b": None}), ({}, {"b": {}})],
        [],
    ),
    (
        "default",
        {**ECHO, "value": "fr"},
        [({}, {"b": "fr"}), ({}, {"b": "en"}), ({}, {"b": None})],
        [True, False, False],
    ),
    (
        "default",
        {**ECHO, "value": "fr"},
        [({"a": None}, {"b": "en"}), ({"a": "en"}, {"b": "en"}), ({}, {})],
        [],
    ),
    (
        "default",
        {**ECHO, "value": "fr", "null_allowed": True},
        [({}, {"b": None}), (ABSENT, {"b": "fr"})],
        [True],
    ),
    (
        "is",
        {"response": "/b", "value": True},
        [({}, {"b": True}), ({}, {"b": 1}), ({}, {"b": None})],
        [True, False, False],
    ),
    (
        "is",
        {"response": "/b", "value": True, "null_allowed": True},
        [({}, {"b": None}), ({}, {})],
        [],
    ),
    (
        "present",
        {"response": "/d/id"},
        [({}, {"d": {"id": 0}}), ({}, {"d": {}}), ({}, {"d": {"id": None}})],
        [True, False, False],
    ),
    ("present", {"response": "/d/id"}, [({}, {"d": None}), ({}, {}), ({}, [])], []),
    (
        "product",
        PRODUCT,
        [item(19.99, 3, 59.97), item(4.35, 100, 435), item(0, 5, 0)],
        [True, True, True],
    ),
    (
        "product",
        PRODUCT,
        [item(19.99, 3, 19.99), item(10, 2, 20.01), item(1, 1, -1)],
        [False, False, False],
    ),
    (
        "product",
        {"of": ["/i/*/amount", "/i/*/quantity"], "equals": "/sum"},
        [
            ({}, {"i": [{"amount": 2, "quantity": 3}, {"amount": 1, "quantity": 5}], "sum": 11}),
            ({}, {"i": [{"amount": 2, "quantity": 3}, {"amount": 1, "quantity": 5}], "sum": 6}),
            ({}, {"i": [{"amount": "2.50", "quantity": 3}], "sum": "7.50"}),
            ({}, {"i": [{"amount": "2.50", "quantity": 3}], "sum": "2.50"}),
            ({}, {"i": [], "sum": 3}),
            ({}, {"i": [{"amount": 2}], "sum": 3}),
        ],
        [True, False, True, False],
    ),
    # rounded to cents
    ("product", PRODUCT, [item(0.333, 3, 1.0), item(0.333, 3, 1.02)], [True, False]),
    (
        "product",
        PRODUCT,
        [item(None, 3, 9), item("3", 3, 9), ({}, {"i": None}), ({}, {"i": []})],
        [],
    ),
    (
        "fixed_amount",
        FIXED,
        [({}, {"p": None, "a": 1}), ({}, {"p": 10, "a": 1}), ({}, {"p": 0, "a": 1})],
        [True, True, False],
    ),
    (
        "fixed_amount",
        FIXED,
        [({}, {"p": 0, "a": 0}), ({}, {"p": 0, "a": None}), ({}, {"a": 1})],
        [],
    ),
    (
        "equal",
        {"left": "/i/*/o", "right": "/id"},
        [({}, {"id": "a", "i": [{"o": "a"}, {"o": "b"}]})],
        [True, False],
    ),
    (
        "equal",
        {"left": "/i/*/o", "right": "/id"},
        [({}, {"id": UUID, "i": [{"o": UUID.upper()}]})],
        [True],
    ),
    ("equal", {"left": "/i/*/o", "right": "/id"}, [({}, {"id": "a", "i": [{"o": "A"}]})], [False]),
    (
        "equal",
        {"left": "/i/*/o", "right": "/id"},
        [({}, {"id": "a", "i": [{"o": None}, {}]}), ({}, {"i": [{"o": 1}]})],
        [],
    ),
    (
        "unique",
        {"response": "/id"},
        [({}, {"id": "a"}), ({}, {"id": "b"}), ({}, {"id": "a"})],
        [True, True, False],
    ),
    ("cleared", ECHO, [({"a": None}, {"b": None}), ({"a": None}, {"b": "x"})], [True, False]),
    ("cleared", ECHO, [({}, {"b": "x"}), ({"a": "x"}, {"b": "x"})], []),
    ("once_by", ONCE, [({"a": "x"}, {"id": 1}), ({"a": "y"}, {"id": 2})], [True] * 2),
    ("once_by", ONCE, [({"a": "x"}, {"id": 1}), ({"a": "x"}, {"id": 1})], [True] * 2),
    ("once_by", ONCE, [({"a": "x"}, {"id": 1}), ({"a": "x"}, {"id": 2})], [True, False]),
    ("once_by", ONCE, [({}, {"id": 1}), ({"a": None}, {"id": 2})], []),
    (
        "default",  # of each item that was sent without it
        {"request": "/i/*/a", "response": "/i/*/a", "value": 1},
        [
            ({"i": [{}, {"a": 2}, {}]}, {"i": [{"a": 1}, {"a": 2}, {"a": 3}]}),
            ({"i": [{}]}, {"i": []}),
        ],
        [True, False],
    ),
    ("unique", {"response": "/id"}, [({}, {"id": 1}), ({}, {"id": "1"})], [True, True]),
    ("unique", {"response": "/id"}, [({}, {"id": None}), ({}, {}), ({}, {"id": None})], []),
    (
        "unique_within",
        {"response": "/i/*/id"},
        [({}, {"i": [{"id": 1}, {"id": 1}]}), ({}, {"i": [{"id": 1}]})],
        [True, False, True],
    ),
    ("unique_within", {"response": "/i/*/id"}, [({}, {"i": [{"id": None}, {}]})], []),
    (
        "paired",
        PAIRED,
        [group(None, "s1", "g1"), group(ABSENT, "s2", "g2"), group("s1", "s1", "g1")],
        [True] * 3,
    ),
    (
        "paired",
        PAIRED,
        [group(ABSENT, "s1", "g1"), group(ABSENT, "s2", "g1"), group(ABSENT, "s1", "g2")],
        [True, False, False],
    ),
    (
        "paired",
        PAIRED,
        [
            group(None, "", "g1"),
            group(None, None, "g1"),
            group(None, "s", ""),
            ({}, {"share": "s"}),
        ],
        [],
    ),
    (
        "joined",
        JOINED,
        [group(None, "s1", "g1"), group("s1", "s1", "g1"), group("s1", "s1", "g2")],
        [True, False],
    ),
    ("joined", JOINED, [group(None, "s1", "g1"), group("s1", "s1", None)], [False]),
    (
        "joined",
        JOINED,
        [group(None, "s1", None), group("s1", "s1", "g1"), group("s9", "s9", "g9")],
        [],
    ),
    (
        "separate",
        SEPARATE,
        [group(None, "s1", "g1"), group(None, "s2", "g2"), group(None, "s3", "g1")],
        [True, True, False],
    ),
    (
        "separate",
        SEPARATE,
        [group(ABSENT, "s1", "g1"), group(ABSENT, "s1", "g1"), group(None, "s1", None)],
        [],
    ),
    ("created", SEPARATE, [group(None, "s1", "g1"), group(None, "s1", None)], [True, False]),
    ("created", SEPARATE, [group(ABSENT, "s1", None), ({"share": None}, {})], []),
    (
        "constant",
        {"response": "/o"},
        [({}, {"o": "a"}), ({}, {"o": "a"}), ({}, {"o": "b"})],
        [True, True, False],
    ),
    ("constant", {"response": "/o"}, [({}, {"o": "a"}), ({}, {"o": None}), ({}, {})], []),
    (
        "not_before",
        {"earlier": "/c", "later": "/u"},
        [
            ({}, {"c": "2026-01-01T00:00:00Z", "u": "2026-01-01T01:00:00+01:00"}),
            ({}, {"c": "2026-01-01T00:00:01Z", "u": "2026-01-01T00:00:00.999Z"}),
        ],
        [True, False],
    ),
    (
        "not_before",
        {"earlier": "/c", "later": "/u"},
        [
            ({}, {"c": "2026-01-01T00:00:00Z", "u": "2025-01-01T00:00:00"}),
            ({}, {"c": "now", "u": "then"}),
            ({}, {"c": 1, "u": 0}),
        ],
        [],
    ),
    (
        "isolated",
        ISOLATED,
        [({"a": "xxxx"}, {"a": "xxxx"}), ({"a": "yyyy"}, {"a": "xxxx"})],
        [True, False],
    ),
    (
        "isolated",
        ISOLATED,
        [({"a": {"k": "xxxx"}}, {"a": {"k": "xxxx"}}), ({}, {"a": {"k": "xxxx"}})],
        [True, False],
    ),
    (
        "isolated",
        ISOLATED,
        [({"a": "xxxx"}, {"a": "xxxx"}), ({"a": "xxxx"}, {"a": "xxxx"}), ({}, {"a": "xxxx"})],
        [True, True, True],
    ),
    ("isolated", ISOLATED, [({"a": "xxxx", "share": "s"}, {"a": "yyyy"})], []),
    ("unsent", UNSENT, [({"a": "xxxx"}, {"a": "xxxx", "c": 1}), ({}, {"a": "", "c": 2})], [True]),
    (
        "unsent",
        UNSENT,
        [({"a": "xxxx"}, {"a": "xxxx", "c": 1}), ({}, {"a": "xxxx", "c": 2})],
        [False],
    ),
    # the same one
    (
        "unsent",
        UNSENT,
        [({"a": "xxxx"}, {"a": "xxxx", "c": 1}), ({}, {"a": "xxxx", "c": 1})],
        [True],
    ),
    (
        "unsent",
        UNSENT,
        [({"a": "xxxx"}, {"c": 1}), ({"a": "xxxx"}, {"c": 2}), ({}, {"a": "xxxx", "c": 2})],
        [True],
    ),
    # nobody was sent it
    ("unsent", UNSENT, [({}, {"a": "xxxx", "c": 1}), ({}, {"a": 7, "c": 2})], [True, True]),
    # as a stand-in
    ("unsent", UNSENT, [({"a": "xxxx"}, {"c": 1}), ({"b": "xxxx"}, {"a": "xxxx", "c": 2})], [True]),
    (
        "unsent",
        UNSENT,
        [({"a": "xxxx"}, {"c": 1}), ({}, {"a": "xxxx"}), ({}, {"a": "xxxx", "c": ""}), ({}, {})],
        [],
    ),
    (
        "echo",
        {**ECHO, "stored_with": "/c"},
        [
            ({"a": "old"}, {"b": "old", "c": 1}),
            ({"a": "new", "c": 1}, {"b": "old"}),
            ({"a": "new", "c": 1}, {"b": "new"}),
            ({"a": "new", "c": 1}, {"b": "other"}),
            ({"a": "new", "c": 2}, {"b": "old"}),
        ],
        [True, True, False, False],
    ),
    # known by another member than its id, and by none that the page names
    (
        "echo",
        {**ECHO, "stored_with": "/c"},
        [
            ({"a": "old"}, {"b": "old", "c": 1}),
            ({"a": "new"}, {"b": "old", "c": 1}),
            ({"a": "new"}, {"b": "", "c": 1}),
            ({}, {"b": "", "c": 2}),
            ({"a": "new"}, {"b": "", "c": 2}),
            ({}, {"b": ""}),
            ({"a": "new"}, {"b": ""}),
        ],
        [True, False, False],
    ),
    (
        "echo",
        {**ECHO, "but_for": "case"},
        [({"a": "Zoë"}, {"b": "ZOË"}), ({"a": "x"}, {"b": "y"})],
        [True, False],
    ),
    (
        "echo",
        {**ECHO, "but_for": "form"},
        [({"a": " Zoe\u0308  X"}, {"b": "Zoë X"}), ({"a": "Zoë"}, {"b": "ZOË"})],
        [True, False],
    ),
    (
        "echo",
        {**ECHO, "but_for": "marks"},
        [
            ({"a": "+33612345678"}, {"b": f"{code}6 12-34 (56) 78"})
            for code in ("+33 ", "00 33 ", "33")
        ],
        [True, False, False],
    ),
    (
        "echo",
        {**ECHO, "only": "marks"},
        [({"a": "+336"}, {"b": b}) for b in ("+33 6", "+337")],
        [False],
    ),
    (
        "isolated",
        {**ISOLATED, "below": "/d"},
        [({"a": "xxxx"}, {"d": {"a": "xxxx"}}), ({}, {"d": {"a": "xxxx"}})],
        [True, False],
    ),
    (
        "nothing",
        NOTHING,
        [({"c": 1}, {"i": []}), ({"c": 1}, {"i": None}), ({"c": 0}, {}), ({"c": 1}, {"i": [{}]})],
        [True, True, True, False],
    ),
    ("nothing", NOTHING, [({"c": None}, {"i": [{}]}), ({}, {"i": [{}]})], []),
    (
        "totals",
        TOTALS,
        [lines([("a", 2)], [("A", 2)]), lines([("a", 1), ("a", 2)], [("a", 3)])],
        [True, True],
    ),
    (
        "totals",
        TOTALS,
        [lines([("a", 2)], [("a", 1)]), lines([("a", 2)], [("b", 2)]), lines([("a", 2)], [])],
        [False, False, False],
    ),
    (
        "totals",
        TOTALS,
        [
            lines([("a", 2)], [("a", None)]),
            lines([("a", None)], [("a", 2)]),
            ({"i": None}, {"i": []}),
            ({"c": 1, "i": [{"p": "a", "q": 2}]}, {"i": []}),
        ],
        [],
    ),
    ("totals", TOTALS, [lines([(7, 2)], [("a", 3)]), lines([("a", 2)], [(7, 3)])], []),
    ("totals", TOTALS, [lines([("a", ENORMOUS), ("a", ENORMOUS)], [("a", ENORMOUS)])], [True]),
]


def test_the_references_of_a_contract_are_what_refusals_are_watched_by() -> None:
    """Kohort's page calls one member unique, Komerza's none."""
    assert references(loading.load("kohort")) == ("/clientReferenceId",)
    assert references(loading.load("komerza")) == ()


@pytest.mark.parametrize(
    ("operator", "arguments", "history", "looks"), TABLE, ids=lambda part: str(part)[:30]
)
def test_an_operator_over_a_history(
    operator: str, arguments: dict[str, Any], history: list[Pair], looks: list[bool]
) -> None:
    """Each operator looks where it could be broken, and nowhere else."""
    assert [seen.ok for seen in look(operator, arguments, *history)] == looks


def test_what_is_shown_meanwhile_is_not_what_was_known() -> None:
    """A text that another request is shown at the same time may be this one's, wrongly kept."""
    arguments = {**ECHO, "stored_with": "/c"}
    sent = exchange(response(201, {"b": "cut", "c": 1}), {"a": "cut off"})
    shown = exchange(response(201, {"b": "cut", "c": 1}), {}, number=2)
    for moment, oks in ((-1.0, []), (0.05, [False])):
        both = [replace(shown, started=moment), sent]
        history = History([Answer(one) for one in both], both)
        assert [seen.ok for seen in OPERATORS["echo"].rule(arguments, history)] == oks


ODD: tuple[Any, ...] = (None, True, "", -1, [], {}, [{"x": [1]}, {"x": [1]}], {"x": {"y": [{}]}})


def _replaced(value: Any, odd: Any) -> Iterator[Any]:
    """Yield a JSON value with one part of it replaced, each in turn."""
    yield odd
    if isinstance(value, dict):
        for name, part in value.items():
            yield from ({**value, name: changed} for changed in _replaced(part, odd))
    if isinstance(value, list):
        for number, part in enumerate(value):
            changes = _replaced(part, odd)
            yield from ([*value[:number], changed, *value[number + 1 :]] for changed in changes)


@pytest.mark.parametrize(
    ("operator", "arguments", "history"),
    [row[:3] for row in TABLE],
    ids=lambda part: str(part)[:30],
)
def test_an_operator_takes_whatever_comes(
    operator: str, arguments: dict[str, Any], history: list[Pair]
) -> None:
    """Another type than the page's, sent and answered at any place, stops no run."""
    for odd in ODD:
        for number, pair in enumerate(history):
            for changed in _replaced([*pair], odd):
                if isinstance(changed, list) and len(changed) == len(pair):
                    others = [*history[:number], (changed[0], changed[1]), *history[number + 1 :]]
                    look(operator, arguments, *others)


@pytest.mark.parametrize(
    ("observes", "looks"),
    [
        (("a.longest documented",), [False]),
        (("a.several",), [False]),
        (("a.longest documented", "b.with NUL"), []),
        (("a.markup",), []),
        ((), []),
    ],
)
def test_what_lies_on_a_limit_of_the_page_comes_back(
    observes: tuple[str, ...], looks: list[bool]
) -> None:
    """A text is not cut that the page allows, where nothing in the request is odd."""
    case = Case(1, Region.OPEN, "a limit", observes=observes)
    answers = [Answer(exchange(response(201, {"a": "x" * 9}), {"a": "x" * 40}, case=case))]
    history = History(answers, [each.exchange for each in answers])
    found = OPERATORS["comes_back"].rule({"request": "/a", "response": "/a"}, history)
    assert [each.ok for each in found] == looks


def test_a_header_has_to_be_there_with_a_value() -> None:
    """Letter case is none of its name's; an empty one says nothing."""
    answers = [response(201, {}, location="/a/1"), response(201, {}, location=""), response(201)]
    exchanges = [exchange(answer) for answer in answers]
    history = History([Answer(each) for each in exchanges], exchanges)
    looks = OPERATORS["header"].rule({"name": "Location"}, history)
    assert [(each.ok, each.got) for each in looks] == [
        (True, "/a/1"),
        (False, "none"),
        (False, "none"),
    ]


def test_every_operator_is_seen_held_broken_and_silent() -> None:
    """The table above (with the operators that have tests of their own) leaves out no operator and no way."""  # noqa: E501
    seen: dict[str, set[bool | None]] = {name: set() for name in OPERATORS}
    for operator, _, _, looks in TABLE:
        seen[operator].update(looks or [None])
    likely = {"now", "distinct", "at_most", "several", "unrelated", "no_order", "twins"}
    elsewhere = {
        *likely,
        "header",
        "parameter",
        "but_once",
        "no_effect",
        "alike",
        "usual",
        "usual_within",
        "members",
        "together",
        "refusal_status",
        "refusal_body",
        *ACROSS,
        *ELSEWHERE,
    }
    assert {name for name, ways in seen.items() if ways != {True, False, None}} == elsewhere


def test_every_operator_says_why_it_was_idle() -> None:
    """An operator that had nothing to look at gives a reason in words."""
    assert [name for name, operator in OPERATORS.items() if len(operator.idle.split()) < 4] == []


@pytest.mark.parametrize(
    ("got", "looks"),
    [("s1", [True]), ("S2", [False]), (None, []), (UUID.upper(), [False]), (ABSENT, [])],
)
def test_parameter(got: Any, looks: list[bool]) -> None:
    """A member is compared with the value that the address named."""
    body = {"i": [{} if got is ABSENT else {"store": got}]}
    arguments = {"response": "/i/*/store", "parameter": "storeId"}
    found = look("parameter", arguments, ({}, body), parameters={"storeId": "s1"})
    assert [seen.ok for seen in found] == looks
    assert [seen.place for seen in found] == ["/i/0/store"] * len(looks)


def test_what_is_done_to_a_thing_is_done_once() -> None:
    """A second success for one address is one too many; another thing is another matter."""
    done = [exchange(response(200, {}), {}, number=number) for number in (1, 2, 3)]
    ids = ("a", "b", "a")
    requests = [replace(one.request, parameters={"id": id_}) for one, id_ in zip(done, ids)]  # noqa: B905
    answers = [Answer(replace(one, request=own)) for one, own in zip(done, requests)]  # noqa: B905
    history = History(answers, [answer.exchange for answer in answers])
    looks = OPERATORS["but_once"].rule({"parameter": "id"}, history)
    assert [(one.ok, one.got) for one in looks] == [
        (True, ""),
        (True, ""),
        (False, "it was accepted again"),
    ]
    undone = replace(history.exchanges[1], case=replace(done[1].case, operation="reopen"))
    undone = replace(undone, request=replace(undone.request, parameters={"id": "a"}))
    again = History([answers[0], answers[2]], [*history.exchanges[::2]], [undone])
    assert [look.ok for look in OPERATORS["but_once"].rule({"parameter": "id"}, again)] == [
        True
    ] * 2


def test_an_id_that_the_address_names_is_no_new_one() -> None:
    """What is done to one thing answers its id each time."""
    done = [exchange(response(201, {"id": "a"}), {}, number=number) for number in (1, 2)]
    named = [replace(one, request=replace(one.request, parameters={"k": "a"})) for one in done]
    for exchanges, looks in ((done, [True, False]), (named, [])):
        history = History([Answer(one) for one in exchanges], exchanges)
        found = OPERATORS["unique"].rule({"response": "/id"}, history)
        assert [look.ok for look in found] == looks


def test_a_broken_place_is_left_to_the_clause_that_it_breaks() -> None:
    """What breaks the schema, there or above, is absent for every relation."""
    one = exchange(response(201, {"a": {"b": [1, 2]}}))
    answer = Answer(one, frozenset({"/a/b/0"}))
    assert (answer.got("/a/b/0"), answer.got("/a/b/1")) == (ABSENT, 2)
    assert list(answer.places("/a/b/*")) == [("/a/b/0", ABSENT), ("/a/b/1", 2)]
    assert Answer(one, frozenset({"/a"})).got("/a/b/1") is ABSENT
    assert Answer(one, frozenset({""})).got("/a/b/1") is ABSENT


def test_what_was_expected_is_said_in_words() -> None:
    """A violated relation names the place, what was expected and what was there."""
    (seen,) = look("product", PRODUCT, item(19.99, 3, 19.99))
    assert (seen.place, seen.expected, seen.got) == ("/i/0/total", "59.97 = 19.99 times 3", "19.99")
    (seen,) = look("default", {**ECHO, "value": "fr"}, ({}, {"b": "en"}))
    assert (seen.place, seen.expected, seen.got) == (
        "/b",
        '"fr", the default, since a was left out',
        '"en"',
    )


UUID = "3f0f1b7e-2f6c-4b55-9d0a-6f3f4e1d2c3b"


@pytest.mark.parametrize(
    ("left", "right", "ok"), [(UUID, UUID.upper(), False), ("ord_a", "ord_A", True), (1, "1", True)]
)
def test_ids_that_differ_in_the_case_of_a_uuid_are_one(left: Any, right: Any, ok: bool) -> None:  # noqa: FBT001
    """Its hexadecimal digits have none; other ids are compared to the letter."""
    assert [
        one.ok
        for one in look("unique", {"response": "/id"}, ({}, {"id": left}), ({}, {"id": right}))
    ] == [True, ok]
    items = {"i": [{"id": left}, {"id": right}]}
    assert [one.ok for one in look("unique_within", {"response": "/i/*/id"}, ({}, items))] == [
        True,
        ok,
    ]


@pytest.mark.parametrize(
    ("amount", "quantity", "total", "ok"),
    [
        ("999.99", "12000", "11999880.00", True),
        ("999.99", "12000", "11999880.01", False),
        ("1000.01", "50000", "50000499.99", False),
        ("1000000.01", "100", "100000001.01", False),
        ("99999999.99", "50000", "4999999999499.99", False),
        ("0.1", "3", "0.30000000000000004", True),
        ("19.99", "3", "59.970000000000006", True),
        ("12345678.91", "3", "37037036.730000004", True),
        ("0.333", "3", "1.00", True),
        ("0.333", "3", "0.99", True),
        ("0.335", "1", "0.35", False),
    ],
)
def test_a_product_is_exact_but_for_doubles_and_cents(
    amount: str,
    quantity: str,
    total: str,
    ok: bool,  # noqa: FBT001
) -> None:
    """A cent is a cent however large the total.

    Where there is less than a cent, it may be rounded either way.
    """
    item = {"amount": Decimal(amount), "quantity": Decimal(quantity), "lineTotal": Decimal(total)}
    arguments = {"of": ["/i/*/amount", "/i/*/quantity"], "equals": "/i/*/lineTotal"}
    assert [one.ok for one in look("product", arguments, ({}, {"i": [item]}))] == [ok]


@pytest.mark.parametrize("got", ["", None, "made up"])
def test_an_empty_text_may_be_taken_for_none(got: Any) -> None:
    """What a server does with it is not held against it."""
    assert look("echo", {"request": "/a", "response": "/a"}, ({"a": ""}, {"a": got})) == []


@pytest.mark.parametrize(("shown", "looks"), [("group-one-1", [True, False]), (None, [])])
def test_an_id_that_a_group_was_read_with_is_remembered_where_orders_show_it(
    shown: str | None, looks: list[bool]
) -> None:
    """Null surprises beside joined orders that show their share id, not where none does."""
    group = exchange(response(200, {"shareId": "group-one-1"}))
    orders = [
        exchange(response(201, {"b": value}), {"a": "group-one-1"}, number=number)
        for number, value in enumerate((shown, None), 2)
    ]
    history = History([Answer(order) for order in orders], orders, [group])
    arguments = {**ECHO, "handed_out": True, "only_null": True}
    assert [seen.ok for seen in OPERATORS["echo"].rule(arguments, history)] == looks
