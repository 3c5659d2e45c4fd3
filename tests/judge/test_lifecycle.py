"""Relations over the life of one thing, and what descriptions of members state."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS
from contracts.model import ABSENT, Case, Exchange, Region, Request
from contracts.schema.jsontext import decode
from tests.helpers.builders import look, response

THING = {"by": "open", "created_id": "/id", "read_by": "get", "response": "", "parameter": "id"}
LATER, NOW = "2026-02-03T00:00:00Z", "2026-01-01T00:00:00Z"


class Sent(NamedTuple):
    """An answer, what was sent, and the operation: the one that is judged, unless another is."""

    got: Any
    body: Any = ABSENT
    by: str | None = None
    status: int = 200


def opened(**members: Any) -> Sent:
    """Return the exchange that created a thing."""
    return Sent({"id": "a", **members}, by="open", status=201)


def read(**members: Any) -> Sent:
    """Return the exchange that read it."""
    return Sent({"id": "a", **members}, by="get")


def done(body: Any = ABSENT, **members: Any) -> Sent:
    """Return the exchange in which something was done to it."""
    return Sent(members, body)


def refused(status: int = 409, body: Any = ABSENT) -> Sent:
    """Return the exchange in which that was refused."""
    return Sent({}, body, status=status)


def exchange(number: int, sent: Sent) -> Exchange:
    """Return the record of an exchange about the thing ``a``."""
    takes = {} if sent.by == "open" else {"id": "a"}
    case = Case(number, Region.OPEN, "a request", operation=sent.by, takes=takes)
    method = "GET" if sent.by == "get" else "POST"
    request = Request(method, "/things", (), None, sent.body, takes)
    answer = response(sent.status, sent.got)
    value, problems = decode(answer.body)
    return Exchange(case, request, answer, 0.1, value, problems, number, started=float(number))


def broken(operator: str, arguments: dict[str, Any], run: list[Sent]) -> list[bool]:
    """Return of each look of an operator at a run whether it is broken."""
    exchanges = [exchange(number, sent) for number, sent in enumerate(run, 1)]
    own = [each for each in exchanges if each.case.operation is None]
    others = [each for each in exchanges if each.case.operation is not None]
    history = History([Answer(each) for each in own if each.accepted], own, others)
    looks = OPERATORS[operator].rule({"thing": THING, **arguments}, history)
    return [not look.ok for look in looks]


ONLY_OPEN = {"member": "/state", "values": ["open"], "status": [409]}
ENDS = {"member": "/state", "value": "shut"}
ADDS = {"member": "/held", "sent": "/amount", "answered": "/held"}
ANY_REFUSAL = {"sent": "/amount", "member": "/held"}
WITHIN = {**ANY_REFUSAL, "status": [422]}
FIVE = {"amount": 5}

# operator, arguments, a run that keeps it, one that breaks it, one that says nothing of it
LIVES: list[tuple[str, dict[str, Any], list[Sent], list[Sent], list[Sent]]] = [
    (
        "only_in",
        ONLY_OPEN,
        [opened(state="shut"), refused()],
        [opened(state="shut"), done()],
        [opened(state="open"), done()],
    ),
    (
        "only_in",
        ONLY_OPEN,
        [opened(state="shut"), read(state="shut"), refused()],
        [opened(state="shut"), refused(400)],
        [opened(state="open"), read(state="shut"), done()],  # it moves by itself
    ),
    (
        "afterwards",
        ENDS,
        [opened(state="open"), done(), read(state="shut")],
        [opened(state="open"), done(), read(state="open")],
        [opened(state="open"), Sent({}, status=202), read(state="open")],
    ),
    (
        "afterwards",
        {**ENDS, "thing": {**THING, "answer": ""}},
        [opened(state="open"), done(state="shut"), read(state="shut")],
        [opened(state="open"), done(state="shut"), read(state="open")],  # it was not stored
        [opened(state="open"), read(state="void"), done(state="shut")],  # it moves by itself
    ),
    (
        "afterwards",
        {"member": "/ended_at"},
        [opened(ended_at=None), done(), read(ended_at=NOW)],
        [opened(ended_at=None), done(), read(ended_at=None)],
        [opened(ended_at=None), refused(), read(ended_at=None)],
    ),
    (
        "adds",
        ADDS,
        [opened(held=2), done(FIVE), read(held=7)],
        [opened(held=2), done(FIVE), read(held=2)],
        [done(FIVE), read(held=2)],
    ),
    (
        "adds",
        {**ADDS, "times": -1},
        [opened(held=9), done(FIVE, held=4)],
        [opened(held=9), done(FIVE, held=9)],
        [opened(held=9), refused(body=FIVE), read(held=9)],
    ),
    (
        "adds",
        {"member": "/version"},
        [opened(version=1, name="x"), done({"name": "y"}), read(version=2, name="y")],
        [opened(version=1, name="x"), done({"name": "y"}), read(version=1, name="y")],
        [opened(version=1, name="x"), done({"name": "x"}), read(version=1, name="x")],
    ),
    (
        "adds",
        {"member": "/times", "always": True},
        [opened(times=1), done(), read(times=2)],
        [opened(times=1), done(), read(times=1)],
        [opened(times=1), refused(), read(times=1)],
    ),
    (
        "afterwards",
        {"member": "/ended_at", "cleared": True},
        [opened(ended_at=NOW), done(), read(ended_at=None)],
        [opened(ended_at=NOW), done(), read(ended_at=NOW)],
        [opened(ended_at=NOW), refused(), read(ended_at=NOW)],
    ),
    (
        "within",
        WITHIN,
        [opened(held=2), refused(422, FIVE)],
        [opened(held=2), done(FIVE)],
        [opened(held=5), done(FIVE)],
    ),
    (
        "within",
        {**ANY_REFUSAL, "times": -1},
        [opened(held=2), refused(400, {"amount": -3})],
        [opened(held=2), done({"amount": -3})],
        [opened(held=2), done({"amount": 3})],
    ),
    (
        "untouched",
        {"member": "/made_at"},
        [opened(made_at=NOW), done(), read(made_at="2026-01-01T00:00:00+00:00")],
        [opened(made_at=NOW), done(), read(made_at=LATER)],
        [opened(made_at=NOW), done(), opened(made_at=NOW)],
    ),
]


@pytest.mark.parametrize(("operator", "arguments", "kept", "wrong", "silent"), LIVES)
def test_a_life_is_judged_by_what_was_shown_right_before_and_after(
    operator: str,
    arguments: dict[str, Any],
    kept: list[Sent],
    wrong: list[Sent],
    silent: list[Sent],
) -> None:
    """One run keeps what the page says, one breaks it, and one leaves nothing to judge."""
    assert broken(operator, arguments, kept) == [False]
    assert broken(operator, arguments, wrong) == [True]
    assert broken(operator, arguments, silent) == []


STATED: list[tuple[str, dict[str, Any], tuple[Any, Any], tuple[Any, Any], tuple[Any, Any]]] = [
    (
        "length",
        {"response": "/n", "items": "/list"},
        ({}, {"n": 2, "list": [1, 1]}),
        ({}, {"n": 1, "list": [1, 1]}),
        ({}, {"n": 2}),
    ),
    (
        "length",
        {"response": "/n", "request": "/list"},
        ({"list": [1, 2]}, {"n": 2}),
        ({"list": [1, 2]}, {"n": 1}),
        ({}, {"n": 1}),
    ),
    (
        "null_while",
        {"response": "/at", "state": "state", "values": ["open"]},
        ({}, {"at": None, "state": "open"}),
        ({}, {"at": NOW, "state": "open"}),
        ({}, {"at": NOW, "state": "shut"}),
    ),
    (
        "apart",
        {"response": "/until", "since": "/from", "seconds": 3600},
        ({}, {"from": NOW, "until": "2026-01-01T01:00:01Z"}),
        ({}, {"from": NOW, "until": "2026-01-01T02:00:00Z"}),
        ({}, {"from": NOW, "until": None}),
    ),
    (
        "comes_back",
        {"request": "/a", "response": "/a", "stated": True},
        ({"a": "x"}, {"a": "x"}),
        ({"a": "x"}, {"a": None}),
        ({}, {"a": None}),
    ),
]

ELSEWHERE = {row[0] for row in (*LIVES, *STATED)} - {"comes_back"}  # operators with rows here only


@pytest.mark.parametrize(("operator", "arguments", "kept", "wrong", "silent"), STATED)
def test_what_descriptions_state_is_judged_in_one_answer(
    operator: str,
    arguments: dict[str, Any],
    kept: tuple[Any, Any],
    wrong: tuple[Any, Any],
    silent: tuple[Any, Any],
) -> None:
    """A right answer, a wrong one, and one that has nothing to compare."""
    assert [one.ok for one in look(operator, arguments, kept)] == [True]
    assert [one.ok for one in look(operator, arguments, wrong)] == [False]
    assert look(operator, arguments, silent) == []
