"""What relations over several requests say of a run that breaks them: where, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS
from tests.helpers.builders import look
from tests.judge import test_across, test_lifecycle

NINTH, EIGHTH = '"2026-01-09T00:00:00Z"', '"2026-01-08T00:00:00Z"'
WHOLE = "the 1 items that the whole list has from 1 on"
NOW, LATER = f'"{test_lifecycle.NOW}"', f'"{test_lifecycle.LATER}"'
UNLISTED = "not in the list"

# of each broken run of test_across: the exchange that shows it, what was expected, what came
ACROSS: list[tuple[int, str, str]] = [
    (2, '"x", as it was before', '"y"'),
    (2, '"1", as it was before', "2"),
    (2, "no GET /loans/1 as before, since it was deleted", "200 with what was created"),
    (1, "1, as GET /loans/1 has it afterwards", "2"),
    (2, "1, as it was before", "2"),
    (2, "1, as it was before", "2"),
    (2, '"a", which was created before', UNLISTED),
    (2, '"c", which was created before', UNLISTED),
    (1, "1, which are shown", "2"),
    (2, f"not before {NINTH}, which comes before it", EIGHTH),
    (2, 'not after "a", which comes before it', '"c"'),
    (2, "at most 1 items, as asked for", "2 items"),
    (2, '"true", as asked for', "false"),
    (3, '"x", as asked for', "null"),
    (2, '"lent", as asked for', '"back"'),
    (2, "not less than 2999-01-01T00:00:00Z, as asked for", NINTH),
    (2, "not more than 0, as asked for", "7"),
    (1, "nothing further, since a page may have 9 items", "true"),
    (1, "the address of 7", '"https://x.example/v1/loans/8?full=1"'),
    (2, '"ada", as asked for', '"Emma"'),
    (2, '"LENT", as asked for', '"back"'),
    (2, '"a", which was created before', UNLISTED),
    (3, WHOLE, "others"),
    (2, "1 items at most, as asked for", "2 items"),
    (3, WHOLE, "others"),
    (3, WHOLE, "others"),
    (2, "nothing of what was refused with 400", '"r"'),
    (2, "one order, or a refusal of the others", "2 orders"),
    (2, "nothing that another tenant created", '"a"'),
    (2, '"g", the group of the share id', '"h"'),
    (3, 'a 2xx: it joins by the share id of "g"', "400"),
    (2, "2, as before, since it was left out", "9"),
    (2, 'another one than that of "1"', '"k"'),
]

# of each broken life of test_lifecycle, all shown by the second exchange: expected, got
LIVES: list[tuple[str, str]] = [
    ('a refusal with 409, since state was "shut"', "it was accepted"),
    ('a refusal with 409, since state was "shut"', "the status 400"),
    ('state is "shut" afterwards', 'state is "open"'),
    ('state is "shut" afterwards', 'state is "open"'),
    ("ended_at is something afterwards", "ended_at is null"),
    ("held is 7 afterwards, since it was 2", "held is 2"),
    ("held is 4 afterwards, since it was 9", "held is 9"),
    ("version is 2 afterwards, since it was 1", "version is 1"),
    ("times is 2 afterwards, since it was 1", "times is 1"),
    ("ended_at is null afterwards", f"ended_at is {NOW}"),
    ("a refusal with 422, since 5 is more than there is", "it was accepted"),
    ("a refusal, since -3 is more than there is", "it was accepted"),
    (f"made_at is {NOW}, as before", f"made_at is {LATER}"),
]

# of each wrong answer of test_lifecycle: place, expected, got
STATED: list[tuple[str, str, str]] = [
    ("/n", "2, as list has", "1"),
    ("/n", "2, as list has", "1"),
    ("/at", 'null, while state is "open"', NOW),
    ("/until", f"3600 seconds after {NOW}", '"2026-01-01T02:00:00Z"'),
    ("/a", '"x", as sent', "null"),
]


@pytest.mark.parametrize(("row", "said"), list(zip(test_across.TABLE, ACROSS, strict=True)))
def test_a_broken_run_is_told_where_it_shows(row: tuple[Any, ...], said: tuple[Any, ...]) -> None:
    """The exchange, what was expected of it, and what came instead."""
    operator, arguments, _, run, place, _ = row
    wrong = [one for one in test_across.looks(operator, arguments, run) if not one.ok]
    told = [(one.exchange.number, one.place, one.expected, one.got) for one in wrong]
    assert told[0] == (said[0], place, *said[1:])


@pytest.mark.parametrize(("row", "said"), list(zip(test_lifecycle.LIVES, LIVES, strict=True)))
def test_a_broken_life_is_told_in_words(row: tuple[Any, ...], said: tuple[str, str]) -> None:
    """Of the request after which it shows: what the member had to be, and what it is."""
    operator, arguments, _, run, _ = row
    exchanges = [test_lifecycle.exchange(number, sent) for number, sent in enumerate(run, 1)]
    own = [each for each in exchanges if each.case.operation is None]
    others = [each for each in exchanges if each.case.operation is not None]
    history = History([Answer(each) for each in own if each.accepted], own, others)
    rule = OPERATORS[operator].rule({"thing": test_lifecycle.THING, **arguments}, history)
    told = [(one.exchange.number, one.place, one.expected, one.got) for one in rule if not one.ok]
    assert told == [(2, "", *said)]


@pytest.mark.parametrize(("row", "said"), list(zip(test_lifecycle.STATED, STATED, strict=True)))
def test_a_wrong_answer_is_told_in_words(row: tuple[Any, ...], said: tuple[str, ...]) -> None:
    """The place, what the page states of it, and what is there."""
    operator, arguments, _, wrong, _ = row
    (one,) = look(operator, arguments, wrong)
    assert (one.exchange.number, one.place, one.expected, one.got) == (1, *said)
