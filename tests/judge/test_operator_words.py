"""What each relation says of an answer: which one, where, what was expected, what was there."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS
from contracts.model import Case, Region
from tests.helpers.builders import exchange, look, response
from tests.judge.test_across import ACROSS
from tests.judge.test_lifecycle import ELSEWHERE

AT_B = {"request": "/a", "response": "/b"}
SHARE = {"request": "/share", "handed_out": "/share", "response": "/group"}
LINES = {"of": ["/i/*/amount", "/i/*/quantity"], "equals": "/i/*/total"}
UUID = "3f0f1b7e-2f6c-4b55-9d0a-6f3f4e1d2c3b"
CREATES = {"request": "/share", "response": "/group"}

# operator, arguments, (sent, got) pairs of which some leave nothing to say, the looks that are
# violated: number of the exchange, place, expected, got
SAID: list[tuple[str, dict[str, Any], list[Any], list[tuple[int, str, str, str]]]] = [
    ("echo", AT_B, [({}, {"b": 1}), ({"a": "x"}, {"b": "y"})], [(2, "/b", '"x", as sent', '"y"')]),
    (
        "echo",
        {**AT_B, "null_allowed": True},
        [({"a": "x"}, {"b": None}), ({"a": "x"}, {"b": "y"})],
        [(2, "/b", '"x", as sent', '"y"')],
    ),
    (
        "comes_back",
        {"request": "/i/*/a", "response": "/i/*/a"},
        [({"i": [{"a": "x"}, {"a": "y"}]}, {"i": [{"a": "X"}, {"a": "z"}]})],
        [(1, "/i/1/a", '["x", "y"], as sent', '"z"')],
    ),
    (
        "echo_members",
        AT_B,
        [
            ({}, {"b": {}}),
            ({"a": {}}, {"b": {}}),
            ({"a": {"x/y": 1}}, {"b": {"z": 2}}),
            ({"a": 1}, {"b": {}}),
            ({"a": {"k": 1}}, {"b": {"k": 2}}),
        ],
        [(3, "/b/x~1y", "1, as sent", "absent"), (5, "/b/k", "1, as sent", "2")],
    ),
    (
        "default",
        {**AT_B, "value": "fr", "null_allowed": True},
        [({"a": 1}, {"b": "x"}), ({}, {"b": None}), ({}, {"b": "en"})],
        [(3, "/b", '"fr", the default, since a was left out', '"en"')],
    ),
    (
        "is",
        {"response": "/b", "value": True, "null_allowed": True},
        [({}, {}), ({}, {"b": None}), ({}, {"b": False})],
        [(3, "/b", "true", "false")],
    ),
    (
        "present",
        {"response": "/d/id"},
        [({}, {"d": 1}), ({}, {"d": {"id": None}}), ({}, {"d": {}})],
        [(2, "/d/id", "a value", "null"), (3, "/d/id", "a value", "absent")],
    ),
    (
        "product",
        LINES,
        [
            (
                {},
                {
                    "i": [
                        {"amount": "x", "quantity": 1, "total": 1},
                        {"amount": 2, "quantity": 3, "total": 7},
                    ]
                },
            ),
            ({}, {}),
            ({}, {"i": [{"amount": 5, "quantity": 1, "total": 4}]}),
        ],
        [(1, "/i/1/total", "6 = 2 times 3", "7"), (3, "/i/0/total", "5 = 5 times 1", "4")],
    ),
    (
        "fixed_amount",
        {"percentage": "/p", "amount": "/a"},
        [({}, {"a": 5}), ({}, {"p": 0, "a": 0}), ({}, {"p": 0, "a": "x"}), ({}, {"p": 0, "a": 5})],
        [(4, "/p", "null, since 5 was taken off and no percentage", "0")],
    ),
    (
        "echo",
        {**AT_B, "but_for": "case"},
        [({"a": "X"}, {"b": "x"}), ({"a": "x"}, {"b": "y"})],
        [(2, "/b", '"x", as sent', '"y"')],
    ),
    (
        "nothing",
        AT_B,
        [({}, {"b": [1]}), ({"a": 1}, {"b": []}), ({"a": 1}, {"b": [2]})],
        [(3, "/b", "nothing, since a was sent", "[2]")],
    ),
    (
        "totals",
        {**AT_B, "key": "k", "sum": "n", "unless": "/u"},
        [
            ({"a": [{"k": "A", "n": 1}]}, {"b": [{"k": "a", "n": 1}]}),
            ({"u": 1, "a": []}, {"b": [{"k": "a", "n": 1}]}),
            ({"a": [{"k": "A", "n": 1}, {"k": "a", "n": 2}]}, {"b": [{"k": "a", "n": 4}]}),
        ],
        [(3, "/b", 'n by k: {"a": 3}, as sent', '{"a": 4}')],
    ),
    (
        "equal",
        {"left": "/l", "right": "/r"},
        [({}, {"l": 1}), ({}, {"r": 1}), ({}, {"l": "a", "r": "b"})],
        [(3, "/l", '"b", as at /r', '"a"')],
    ),
    (
        "equal",
        {"left": "/l", "right": "/r"},
        [
            ({}, {"l": 1, "r": 1.0}),
            ({}, {"l": "1", "r": 1}),
            ({}, {"l": 1, "r": "1"}),
            ({}, {"l": 1, "r": 2}),
            ({}, {"l": UUID, "r": UUID.upper()}),
            ({}, {"l": f"{UUID}0", "r": f"{UUID.upper()}0"}),
        ],
        [
            (2, "/l", "1, as at /r", '"1"'),
            (3, "/l", '"1", as at /r', "1"),
            (4, "/l", "2, as at /r", "1"),
            (6, "/l", f'"{UUID.upper()}0", as at /r', f'"{UUID}0"'),
        ],
    ),
    (
        "cleared",
        {"request": "/a", "response": "/b"},
        [({"a": None}, {"b": "x"})],
        [(1, "/b", "nothing, since null was sent", '"x"')],
    ),
    (
        "once_by",
        {"request": "/a", "created": "/id"},
        [({"a": "x"}, {"id": 1}), ({"a": "x"}, {"id": 2})],
        [(2, "/id", 'no second one with the a "x"', "2")],
    ),
    (
        "unique",
        {"response": "/id"},
        [({}, {"id": 1}), ({}, {}), ({}, {"id": 1})],
        [(3, "/id", "an id that no order had before", "1, which the answer to request 1 had")],
    ),
    (
        "unique_within",
        {"response": "/i/*/id"},
        [({}, {"i": [{}, {"id": "a"}, {"id": None}, {"id": "a"}]})],
        [(1, "/i/3/id", "an id that nothing beside it has", '"a"')],
    ),
    (
        "joined",
        SHARE,
        [
            ({"share": "s1"}, {"group": "g0"}),
            ({}, {"share": "s2"}),
            ({"share": "s2"}, {"group": "g9"}),
            ({"share": None}, {"share": "s1", "group": "g1"}),
            ({"share": "s1"}, {}),
            ({"share": "s3"}, {"group": "g1"}),
        ],
        [(1, "/group", '"g1", the group of "s1"', '"g0"')],
    ),
    (
        "separate",
        CREATES,
        [
            ({"share": None}, {"group": "g1"}),
            ({}, {"group": "g1"}),
            ({"share": None}, {}),
            ({"share": None}, {"group": "g1"}),
        ],
        [(4, "/group", "one of its own", '"g1", which the answer to request 1 had')],
    ),
    (
        "created",
        CREATES,
        [({}, {"group": None}), ({"share": None}, {}), ({"share": None}, {"group": None})],
        [(3, "/group", "the id of the new one", "null")],
    ),
    (
        "paired",
        {"left": "/group", "right": "/share"},
        [
            ({}, {"group": "g1", "share": "s1"}),
            ({}, {"group": "g1"}),
            ({}, {"group": "g1", "share": "s2"}),
            ({}, {"group": "g2", "share": "s1"}),
        ],
        [
            (3, "/share", '"s1", as beside "g1" before', '"s2"'),
            (4, "/share", 'another one than "g1" has', '"s1"'),
        ],
    ),
    (
        "constant",
        {"response": "/o"},
        [({}, {"o": "a"}), ({}, {"o": None}), ({}, {}), ({}, {"o": "b"}), ({}, {"o": "a"})],
        [(4, "/o", '"a", as in 2 of 3 responses', '"b"')],
    ),
    (
        "not_before",
        {"earlier": "/c", "later": "/u"},
        [({}, {"c": "x", "u": "y"}), ({}, {"c": "2026-01-02", "u": "2026-01-01"})],
        [(2, "/u", 'not before "2026-01-02"', '"2026-01-01"')],
    ),
    (
        "isolated",
        {"members": ["/a"], "unless": ["/s"]},
        [
            ({"a": "from one"}, {"a": "from one"}),
            ({"s": 1}, {"a": "from one"}),
            ({}, {"a": "from one"}),
            ({}, {"a": "none's"}),
        ],
        [
            (
                3,
                "/a",
                "nothing that only another order was sent",
                '"from one", which request 1 was sent',
            )
        ],
    ),
    (
        "unsent",
        {"members": ["/a"], "by": "/c"},
        [
            ({"a": "from one"}, {"c": 1}),
            ({"a": "from one"}, {"c": 2}),
            ({}, {"a": "from one", "c": 3}),
            ({}, {"a": "none's", "c": 3}),
        ],
        [
            (
                3,
                "/a",
                "nothing that only orders of others were sent",
                '"from one", which request 1 was sent',
            )
        ],
    ),
    (
        "alike",
        {"response": "/id"},
        [({}, {"id": "x-1" if n == 7 else f"ord_{n}"}) for n in range(1, 22)],
        [(7, "/id", "a text that begins with ord_, as in 20 of 21 answers", '"x-1"')],
    ),
    (
        "usual",
        {"response": "/by"},
        [({}, {"by": "x" if n == 7 else None}) for n in range(1, 22)],
        [(7, "/by", "null, as in 20 of 21 answers", '"x"')],
    ),
    (
        "usual_within",
        {"response": "/m"},
        [
            (
                {},
                {"m": {"a": [f"id-{n}", *([7] if n == 7 else [])], **({"b": 1} if n != 9 else {})}},
            )
            for n in range(1, 43)
        ],
        [
            (7, "/m/a", "a list of 1, as in 41 of 42 answers", '["id-7", 7]'),
            (9, "/m/b", "1, as in 41 of 42 answers", "absent"),
        ],
    ),
    (
        "members",
        {"response": "/m", "beyond": "/m"},
        [({"m": {"a": 1}}, {"m": {"a": 1, "b": 2} if n == 7 else {"a": 1}}) for n in range(1, 22)],
        [(7, "/m", "no member of its own, as in 20 of 21 answers", '["b"]')],
    ),
    (
        "members",
        {"response": "/m"},
        [({}, {"m": {} if n == 7 else {"a": 1, "b": 2}}) for n in range(1, 22)],
        [(7, "/m", "the members a, b, as in 20 of 21 answers", "[]")],
    ),
    (
        "together",
        {"earlier": "/c", "later": "/u"},
        [
            ({}, {"c": "2026-01-31T12:00:00Z", "u": f"2026-01-31T12:0{int(n == 7)}:00Z"})
            for n in range(1, 22)
        ],
        [(7, "/u", "less than a minute apart, as in 20 of 21 answers", '"2026-01-31T12:01:00Z"')],
    ),
]


@pytest.mark.parametrize(("operator", "arguments", "pairs", "said"), SAID)
def test_a_violation_names_answer_place_expected_and_got(
    operator: str,
    arguments: dict[str, Any],
    pairs: list[Any],
    said: list[tuple[int, str, str, str]],
) -> None:
    """Each violated look is about one answer and one place.

    What is silent in front of it does not hide it.
    """
    broken = [one for one in look(operator, arguments, *pairs) if not one.ok]
    assert [(one.exchange.number, one.place, one.expected, one.got) for one in broken] == said


@pytest.mark.parametrize(("operator", "arguments", "pairs", "said"), SAID)
def test_looks_that_hold_are_at_the_same_places(
    operator: str,
    arguments: dict[str, Any],
    pairs: list[Any],
    said: list[tuple[int, str, str, str]],
) -> None:
    """A look that holds is about an answer of the run as well.

    And at a place that the arguments name.
    """
    heads = {place.split("/")[1] for _, place, _, _ in said}
    for one in look(operator, arguments, *pairs):
        assert one.exchange.number in range(1, len(pairs) + 1)
        assert one.place.split("/")[1] in heads


def test_every_operator_is_told_here_but_for_some() -> None:
    """`parameter` needs an address, `header` headers, others refusals or a second operation.

    They are below and in files of their own.
    """
    likely = {"now", "distinct", "at_most", "several", "unrelated", "no_order", "twins"}
    elsewhere = {"parameter", "but_once", "header", "no_effect", "refusal_status", "refusal_body"}
    elsewhere |= {*ACROSS, *likely, *ELSEWHERE}
    assert OPERATORS.keys() - {operator for operator, _, _, _ in SAID} == elsewhere


def test_a_header_that_a_success_always_has_is_looked_for() -> None:
    """In any case of letters, with a value; a refusal needs none."""
    answers = [response(201, {}, location="/a"), response(201, {}, location=""), response(400, {})]
    exchanges = [exchange(answer, number=number) for number, answer in enumerate(answers, 1)]
    told = History([Answer(one) for one in exchanges if one.accepted], exchanges)
    looks = list(OPERATORS["header"].rule({"name": "Location"}, told))
    assert [(one.exchange.number, one.ok, one.got) for one in looks] == [
        (1, True, "/a"),
        (2, False, "none"),
    ]
    assert looks[1].expected == "a header Location"


def test_a_parameter_is_compared_with_the_address() -> None:
    """The value sent is the one in the path; the case of a UUID does not matter."""
    arguments = {"parameter": "storeId", "response": "/i/*/s"}
    got = {"i": [{"s": UUID.upper()}, {"s": None}, {"s": "other"}]}
    (held, broken) = look("parameter", arguments, ({}, got), parameters={"storeId": UUID})
    assert held.exchange is broken.exchange
    assert (held.exchange.number, held.ok, held.place, held.got) == (
        1,
        True,
        "/i/0/s",
        f'"{UUID.upper()}"',
    )
    assert (broken.ok, broken.place, broken.expected, broken.got) == (
        False,
        "/i/2/s",
        f'"{UUID}", as in the address',
        '"other"',
    )


def test_nested_lines_are_multiplied_with_their_own() -> None:
    """The indexes of the total's place are put into the factors one after the other."""
    arguments = {"of": ["/o/*/l/*/a", "/o/*/f"], "equals": "/o/*/l/*/t"}
    got = {
        "o": [
            {"f": 1, "l": [{"a": 2, "t": 2}]},
            {"f": 10, "l": [{"a": 3, "t": 30}, {"a": 4, "t": 41}]},
        ]
    }
    assert [(one.place, one.ok) for one in look("product", arguments, ({}, got))] == [
        ("/o/0/l/0/t", True),
        ("/o/1/l/0/t", True),
        ("/o/1/l/1/t", False),
    ]


def test_pairs_count_in_valid_answers_only() -> None:
    """What a server pairs in an answer to a request it might have refused is its own business."""
    pairs: list[Any] = [({}, {"group": "g", "share": share}) for share in ("s1", "s2")]
    opened = Case(1, Region.OPEN, "open")
    assert look("paired", {"left": "/group", "right": "/share"}, *pairs, case=opened) == []


def test_an_object_is_no_list() -> None:
    """Members that are named by numbers are no items."""
    assert (
        look("equal", {"left": "/i/*/o", "right": "/id"}, ({}, {"id": "a", "i": {"0": {"o": "b"}}}))
        == []
    )


def test_a_product_of_tiny_numbers_is_exact() -> None:
    """What is far below a cent is multiplied as exactly as anything else."""
    tiny = Decimal("1e-600000")
    got = {"i": [{"amount": tiny, "quantity": tiny, "total": Decimal("1e-1200000")}]}
    assert [one.ok for one in OPERATORS["product"].rule(LINES, history(got))] == [True]


def test_a_product_beyond_all_numbers_is_no_error() -> None:
    """A server may answer any number: one look comes of it, and no exception."""
    vast = Decimal("9e999999999999999999")
    got = {"i": [{"amount": vast, "quantity": vast, "total": 1}]}
    assert len(list(OPERATORS["product"].rule(LINES, history(got)))) == 1


def history(value: Any) -> History:
    """Make the history of one answer with that value, as it was read."""
    answered = replace(exchange(response(201, {}), {}), value=value)
    return History([Answer(answered)], [answered])


def test_two_answers_are_enough_to_differ() -> None:
    """What has to be constant is compared as soon as there are two."""
    assert [
        one.ok for one in look("constant", {"response": "/o"}, ({}, {"o": 1}), ({}, {"o": 2}))
    ] == [True, False]
    assert look("constant", {"response": "/o"}, ({}, {"o": 1})) == []


def test_long_texts_are_compared_to_the_end() -> None:
    """Ids are cut where they are shown, not where they are compared."""
    long: list[Any] = [({}, {"id": "x" * 5000 + last}) for last in "ab"]
    assert [one.ok for one in look("unique", {"response": "/id"}, *long)] == [True, True]


def test_looks_that_hold_have_nothing_to_say() -> None:
    """Where nothing was sent that could be lost, or nothing foreign is there.

    There are no words.
    """
    (held,) = look("echo_members", AT_B, ({"a": {}}, {"b": {}}))
    assert (held.ok, held.place, held.expected, held.got) == (True, "/b", "", "")
    (held,) = look("isolated", {"members": ["/a"], "unless": []}, ({}, {"a": "own"}))
    assert (held.ok, held.got) == (True, "")
    (held,) = look("created", CREATES, ({"share": None}, {"group": "g1"}))
    assert (held.ok, held.got) == (True, '"g1"')


def test_looks_of_ids_that_hold_show_what_was_looked_at() -> None:
    """The value alone: nobody else had it."""
    for operator, arguments in (("unique", {"response": "/group"}), ("separate", CREATES)):
        (held,) = look(operator, arguments, ({"share": None}, {"group": "g1"}))
        assert (held.ok, held.got) == (True, '"g1"')
    (held,) = look("unsent", {"members": ["/a"], "by": "/c"}, ({}, {"a": "own", "c": 1}))
    assert (held.ok, held.got) == (True, '"own"')
