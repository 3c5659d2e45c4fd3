"""Rare states meet: how many others each one of them is sent with."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import pytest

from contracts.definition import loading
from contracts.model import Contract, Region
from contracts.planning.bodies import crossing
from contracts.planning.bodies.crossing import MOST_DARING, RISKY, Option, crossed
from contracts.planning.bodies.fields import field_states
from contracts.planning.bodies.proposals import PARTS
from contracts.planning.cases import opening
from contracts.planning.cases.crossed import Experience
from contracts.planning.plan import LARGEST, plan
from contracts.verify.options import Options

KOHORT = loading.load("kohort/create-order")
FIELDS = {
    name: [Option("plain"), Option("other"), *(Option(f"odd {n}", 1, rare=True) for n in range(3))]
    for name in "abcdef"
}


def test_each_rare_option_comes_before_any_comes_often() -> None:
    """Eighteen options in ten rows: each at least once, and most with several of the others."""
    rows = list(itertools.islice(crossed(FIELDS, 0), 10))
    seen = {(name, row[name].name) for row in rows for name in row if row[name].rare}
    assert len(seen) == 18
    pairs = {pair for row in rows for pair in itertools.combinations(sorted(row.items()), 2)}
    assert len([pair for pair in pairs if pair[0][1].rare or pair[1][1].rare]) >= 90


def test_a_risky_option_stands_with_few_others() -> None:
    """A row is never more daring than one risky option and a few that are odd."""
    fields = {**FIELDS, "g": [Option("plain"), Option("risky", RISKY, rare=True)]}
    for row in itertools.islice(crossed(fields, 1), 30):
        assert sum(option.daring for option in row.values()) <= MOST_DARING


def test_a_risky_option_does_not_spoil_rows_of_others() -> None:
    """Once sent, it comes again in a row of its own only, and beside the same risk at most.

    Rows that are refused for it show nothing of the odd options in them.
    """
    risky = {
        name: [Option("plain"), Option("null", RISKY, rare=True), Option(name, RISKY, rare=True)]
        for name in "ghij"
    }
    rows = list(itertools.islice(crossed({**FIELDS, **risky}, 0), 40))
    names = [{option.name for option in row.values() if option.daring >= RISKY} for row in rows]
    assert all(len(risks) <= 1 for risks in names)
    assert [bool(risks) for risks in names].count(True) <= 15
    assert not any(names[:3])  # what is merely odd comes first


@pytest.mark.parametrize("seed", range(3))
def test_what_stands_beside_a_risky_option_still_has_to_be_sent(seed: int) -> None:
    """A server that refuses every risky option takes each of the others in one row at least."""
    fields = {
        **FIELDS,
        "g": [Option("plain"), *(Option(f"r{n}", RISKY, rare=True) for n in range(8))],
    }
    rows = list(itertools.islice(crossed(fields, seed), 20))
    taken = [row for row in rows if row["g"].daring < RISKY]
    assert {(name, row[name].name) for row in taken for name in FIELDS if row[name].rare} == {
        (name, f"odd {n}") for name in FIELDS for n in range(3)
    }
    assert len({row["g"].name for row in rows if row["g"].rare}) == 8


STRICT = {
    *(("amount", name) for name in ("zero", "negative", "tiny", "1e20")),
    *(("amount", name) for name in ("fractional", "fractional above one")),
    *(("paymentGroupShareId", name) for name in ("unknown id", "empty", "of 1,000 characters")),
}


@pytest.mark.parametrize("seed", range(3))
def test_a_server_that_takes_whole_cents_only_takes_nearly_every_open_state(seed: int) -> None:
    """What it refuses stands in few rows, so that the others are seen in an answer."""
    cases = [case for case in plan(KOHORT, seed).cases if case.region is Region.OPEN]
    rows = [(case, set(case.states.items())) for case in cases if case.observes]
    opened = {
        (name, state)
        for case, pairs in rows
        for name, state in pairs
        if f"{name}.{state}" in case.observes
    }
    taken = {pair for _, pairs in rows if not pairs & STRICT for pair in pairs}
    taken |= {(name, part) for name, state in taken for part in PARTS.get(state, ())}
    assert len(opened - taken - STRICT) <= 3


def _pairs_of_parts(several: list[Option]) -> int:
    """Return how many options of others nine odd ones of a field meet in 25 rows."""
    parts = [Option(f"odd {n}", 1, rare=True) for n in range(9)]
    field = [Option("plain"), *parts, *several]
    rows = list(itertools.islice(crossed({**FIELDS, "g": field}, 0), 25))
    assert set(parts) <= {row["g"] for row in rows}
    return len(
        {
            (part.name, name, row[name].name)
            for row in rows
            for part in parts
            for name in FIELDS
            if part.name in (row["g"].name, *row["g"].parts)
        }
    )


def test_parts_come_alone_first_and_together_often() -> None:
    """What has several odd options in it stands in for them; yet each of them comes by itself."""
    several = Option("several", 1, rare=True, parts=tuple(f"odd {n}" for n in range(7)))
    assert _pairs_of_parts([several]) >= 1.3 * _pairs_of_parts([])


def test_nothing_rare_means_no_rows() -> None:
    """Without an option to cross nothing is yielded, in place of rows without end."""
    assert list(crossed({"a": [Option("plain")]}, 0)) == []


@pytest.mark.parametrize("seed", range(5))
def test_a_plan_keeps_to_its_number_of_requests(seed: int) -> None:
    """With the generated ones at most 290; each open state of a member is in it."""
    planned = plan(KOHORT, seed)
    cases, generated = planned.cases, Options().fuzz - planned.beyond
    assert len(cases) + generated <= 290
    sent = {pair for case in cases if case.region is Region.OPEN for pair in case.states.items()}
    states = {
        (name, state.name)
        for name, options in field_states(KOHORT).items()
        for state in options
        if state.region is Region.OPEN and state.name not in PARTS
    }
    assert states <= sent


def _large() -> Contract:
    """Return a contract of thirty members, one of 446 options and one of 65,536 characters."""
    text = {"type": "string", "maxLength": 65_536}
    options = {"type": "string", "enum": [f"OPTION_{number}" for number in range(446)]}
    members = {**{f"member{n}": text for n in range(28)}, "option": options, "other": options}
    schema = {"type": "object", "required": ["member0"], "properties": members}
    return replace(KOHORT, request=schema, plausible=schema, clauses=())


def test_a_large_contract_is_planned_quickly() -> None:
    """Thirty members with long texts and 446 options: in five seconds, within the usual number."""
    started = time.monotonic()
    cases = plan(_large(), 0).cases
    assert time.monotonic() - started < 5
    assert len(cases) <= LARGEST[True] + 200


@pytest.mark.slow
def test_a_long_enumeration_costs_few_requests() -> None:
    """Of 446 options the ends and a few between are sent, others by another seed."""
    sent = [
        {case.body.get("option") for case in plan(_large(), seed).cases if case.states}
        for seed in (0, 1)
    ]
    for options in sent:
        assert {"OPTION_0", "OPTION_445"} <= options
        assert len(options) <= 20
    assert sent[0] != sent[1]


@pytest.mark.parametrize("seed", range(3))
def test_all_members_are_null_at_once_and_all_texts_are_empty(seed: int) -> None:
    """A defect that two nulls show, or two empty texts, shows whichever two they are."""
    documented = KOHORT.request or {}
    optional = documented["properties"].keys() - set(documented["required"])
    bodies = [case.body for case in plan(KOHORT, seed).cases if isinstance(case.body, dict)]
    assert optional in [{name for name, value in body.items() if value is None} for body in bodies]
    empty = [{name for name, value in body.items() if value == ""} for body in bodies]
    texts = {"customerEmail", "customerPhoneNumber", "customerFirstName", "customerLastName"}
    assert texts | {"clientReferenceId"} in empty


def test_what_met_before_is_new_no_more() -> None:
    """Rows that a server took are not repeated: those that follow have other pairs."""
    before = list(itertools.islice(crossed(FIELDS, 0), 12))
    names = [{field: option.name for field, option in row.items()} for row in before]
    following = list(itertools.islice(crossed(FIELDS, 0, names), 4))
    met = {pair for row in before for pair in itertools.combinations(sorted(row.items()), 2)}
    pairs = [pair for row in following for pair in itertools.combinations(sorted(row.items()), 2)]
    rare = [pair for pair in pairs if pair[0][1].rare or pair[1][1].rare]
    assert len([pair for pair in rare if pair not in met]) >= len(rare) / 2
    assert [row for row in following if row in before] == []


def test_what_a_server_takes_is_daring_no_more_and_what_it_refuses_is_not_sent_again() -> None:
    """A null that was accepted meets other risks; an empty reference that was refused is gone."""
    nulls = {("customerEmail", "null"), ("locale", "null"), ("metadata", "null")}
    refused = frozenset({("clientReferenceId", "empty"), ("amount", "zero")})
    experience = Experience(({"customerEmail": "null"},), frozenset(nulls), refused)
    cases = opening.crossed_further(KOHORT, 0, experience, 20)
    states = [set(case.states.items()) for case in cases]
    assert len(cases) == 20
    assert not any(refused & row for row in states)
    together = [row for row in states if len(row & nulls) > 1]
    other_risks = [row for row in states if row & nulls and ("amount", "negative") in row]
    assert together or other_risks


def test_of_rows_with_as_many_pairs_those_with_new_triples_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What fails under three conditions shows in more rows than where pairs alone count."""

    def triples(seed: int) -> int:
        rows = itertools.islice(crossed(FIELDS, seed), 60)
        items = [sorted((name, option.name) for name, option in row.items()) for row in rows]
        return len({three for row in items for three in itertools.combinations(row, 3)})

    with_triples = sum(map(triples, range(5)))
    monkeypatch.setattr(crossing, "TRIPLE", 0)
    assert with_triples > sum(map(triples, range(5)))


def test_an_empty_text_that_was_taken_is_not_sent_again_where_it_has_to_be_unique() -> None:
    """The second one would be refused as a duplicate, which shows nothing of what is beside it."""
    empty = ("clientReferenceId", "empty")
    known = frozenset({empty, ("customerId", "null")})
    cases = opening.crossed_further(KOHORT, 0, Experience(({},), known), 40)
    assert empty not in {pair for case in cases for pair in case.states.items()}
    cases = opening.crossed_further(KOHORT, 0, Experience(({},), known - {empty}), 40)
    assert empty in {pair for case in cases for pair in case.states.items()}
