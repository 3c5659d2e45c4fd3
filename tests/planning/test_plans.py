"""Every planned request lies where it says, for shipped contracts and for drawn ones."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contracts.definition import catalogue, loading
from contracts.engine.sender import Sender
from contracts.engine.settings import Settings
from contracts.model import (
    ABSENT,
    CREDENTIAL,
    Case,
    Contract,
    Exchange,
    Region,
    Request,
    Response,
    Schema,
)
from contracts.planning.bodies import covering
from contracts.planning.bodies.breaks import breaks
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.states import states
from contracts.planning.bodies.templates import sample
from contracts.planning.plan import Plan, plan
from contracts.schema import checks, keywords
from contracts.schema.jsontext import decode, encode, same
from contracts.verify import targets
from tests.helpers.drawn import contracts
from tests.helpers.nightly import nightly_after

SHIPPED = [loading.load(api) for api in catalogue.shipped()]
KOHORT, KOHORT_2, KOMERZA, KOMERZA_2 = SHIPPED
each = pytest.mark.parametrize("contract", SHIPPED, ids=lambda contract: contract.api)


class Recording:
    """A transport that accepts everything and hands out an id wherever one is asked for."""

    name = "recording"

    def send(self, request: Request, deadline: float, gate: object = None) -> Response:  # noqa: ARG002 - the interface's
        """Accept."""
        value = {"id": uuid.uuid4().hex, "customerId": "cus_1", "paymentGroupShareId": "share_1"}
        return Response(201, (("content-type", "application/json"),), encode(value))

    def close(self) -> None:
        """Do nothing."""


def send_all(contract: Contract, cases: Sequence[Case]) -> list[Exchange]:
    """Send cases over the recording transport; every one has to be sent."""
    sender = Sender(contract, Recording(), Settings(budget=10_000), run_id="abcdef12")
    sender.send_all(cases, lambda _: None)
    assert sender.skipped == []
    return sender.history


def body_of(exchange: Exchange) -> Any:
    """Read the bytes that were really sent."""
    return ABSENT if exchange.request.body is None else decode(exchange.request.body)[0]


def assert_in_place(contract: Contract, exchanges: Sequence[Exchange]) -> None:
    """Check every exchange's bytes against its region.

    And its one broken keyword where it is invalid.
    """
    documented, plausible = contract.request, contract.plausible
    assert documented is not None
    assert plausible is not None
    for exchange in exchanges:
        case, body = exchange.case, body_of(exchange)
        if case.region is Region.VALID:
            assert checks.broken(plausible, body) == (), case.label
            assert checks.broken(documented, body) == (), case.label
        elif isinstance(case.body, bytes) and case.decides != ("request.json",):
            continue  # strangely written on purpose
        elif case.region is Region.OPEN:
            assert checks.broken(documented, body) == (), case.label
        elif case.decides == ("request.json",):
            assert body is ABSENT, case.label
        elif case.authorization == CREDENTIAL and not case.path:
            assert ABSENT is not body
            broken = [
                f"request.{check.keyword.clause}" for check in checks.broken(documented, body)
            ]
            assert tuple(broken) == case.decides, case.label
        else:
            assert checks.fits(plausible, body), case.label


def planned_breaks(contract: Contract) -> list[tuple[Any, Any]]:
    """Give all breaks of a contract with the bodies that are sent."""
    assert contract.request is not None
    assert contract.plausible is not None
    return [
        (broken, decode(encode(sample(broken.body)))[0])
        for broken in breaks(contract.request, contract.plausible, plain_body(contract))
    ]


def test_a_body_in_a_text_is_whole() -> None:
    """What stands for an object as a text is its JSON, which loose servers read once more."""
    assert KOHORT.request is not None
    texts = [body for broken, body in planned_breaks(KOHORT) if broken.pointer == ""]
    assert decode(next(text for text in texts if text and isinstance(text, str)).encode()) == (
        sample(plain_body(KOHORT)),
        (),
    )


@pytest.mark.slow
def test_every_kohort_request_lies_where_it_says() -> None:
    """Over the embedded sandbox, with the ids that it really hands out."""
    target = targets.choose(["kohort"], [], {})[0]
    sender = Sender(KOHORT, target.transport(1), targets.settings(target), "abcdef12")
    sender.send_all(plan(KOHORT, 0).cases, lambda _: None)
    assert sender.skipped == []
    assert_in_place(KOHORT, sender.history)
    strict = [exchange for exchange in sender.history if exchange.case.region is Region.VALID]
    assert all(exchange.status == 201 for exchange in strict)


@pytest.mark.nightly
@given(contracts())
def test_every_request_of_a_drawn_contract_lies_where_it_says(contract: Contract) -> None:
    """For any contract, by the bytes that are sent.

    Valid fits P, open fits D and, with one open state, not P; invalid breaks one keyword of D.
    """
    exchanges = send_all(contract, plan(contract, 0).cases)
    assert_in_place(contract, exchanges)
    assert contract.plausible is not None
    for exchange in exchanges:
        case = exchange.case
        states = tuple(f"{name}.{state}" for name, state in case.states.items())
        if case.region is Region.OPEN and len(states) == 1 and states == case.observes:
            assert not checks.fits(contract.plausible, body_of(exchange)), case.label


@given(contracts())
def test_a_break_is_one_keyword_at_one_pointer(contract: Contract) -> None:
    """The body that is sent breaks D at exactly the pointer and keyword that are named.

    And nowhere else.
    """
    assert contract.request is not None
    for broken, body in planned_breaks(contract):
        (check,) = checks.broken(contract.request, body)
        assert (check.place, check.keyword.name, check.keyword.clause) == (
            broken.pointer,
            broken.keyword,
            broken.clause,
        )


@each
def test_a_break_of_a_shipped_contract_is_one_keyword_at_one_pointer(contract: Contract) -> None:
    """The same for what is shipped, and every keyword of D is broken."""
    if contract.request is None:
        assert not any(
            case.decides[0].startswith("request.")
            for case in plan(contract, 0).cases
            if case.region is Region.INVALID
        )
        return
    seen = set()
    for broken, body in planned_breaks(contract):
        (check,) = checks.broken(contract.request, body)
        assert (check.place, check.keyword.name, check.keyword.clause) == (
            broken.pointer,
            broken.keyword,
            broken.clause,
        )
        seen.add(broken.clause)
    assert seen == {keyword.clause for keyword in keywords.keywords(contract.request)}


def vacuous(keyword: keywords.Keyword) -> bool:
    """Tell whether no value can break a keyword, or none without breaking its type as well."""
    if keyword.name == "multipleOf":
        return keyword.value == 1 and "integer" in keyword.schema["type"]
    return keyword.name in ("minLength", "minItems") and keyword.value == 0


@given(contracts())
def test_every_keyword_of_a_drawn_contract_is_broken(contract: Contract) -> None:
    """No constraint of D is left untried, those aside that no value can break alone."""
    assert contract.request is not None
    broken = {one.clause for one, _ in planned_breaks(contract)}
    wanted = {
        keyword.clause for keyword in keywords.keywords(contract.request) if not vacuous(keyword)
    }
    assert wanted - broken == set()


@pytest.mark.slow
@given(contracts(), st.integers(0, 2**32))
@settings(max_examples=15)
def test_all_pairs_of_valid_states_are_sent(contract: Contract, seed: int) -> None:
    """Every pair of states of two members is in some valid request, whatever the seed."""
    planned = plan(contract, seed)
    valid = [case.states for case in planned.cases if case.region is Region.VALID]
    assert planned.pairs.count(valid) == len(planned.pairs)


@pytest.mark.parametrize("seed", range(3))
def test_all_pairs_of_kohort_states_are_sent(seed: int) -> None:
    """More than 600 pairs, of ten members."""
    planned = plan(KOHORT, seed)
    valid = [case.states for case in planned.cases if case.region is Region.VALID]
    assert len(planned.pairs) > 600
    assert planned.pairs.count(valid) == len(planned.pairs)


def pairs_in(rows: Iterable[Mapping[str, str]]) -> set[tuple[tuple[str, str], ...]]:
    """Return all pairs of states that occur in rows."""
    return {pair for row in rows for pair in itertools.combinations(sorted(row.items()), 2)}


def test_few_pairs_of_hundreds_of_fields_are_missed() -> None:
    """A thousand fields have a hundred rows, in which each state is, in its field's place."""
    fields = {f"f{number}": ["a", "b", "c"] for number in range(1000)}
    rows = covering.rows(fields, 0)
    pairs = covering.pairs(rows, fields)
    assert len(rows) == 100
    assert len(pairs) > 0.998 * 9 * (1000 * 999 // 2)
    assert all(row.keys() == fields.keys() for row in rows)
    assert rows == covering.rows(fields, 0) != covering.rows(fields, 1)


FIELDS = st.dictionaries(
    st.text(max_size=3),
    st.lists(st.text(max_size=3), min_size=1, max_size=4, unique=True),
    max_size=5,
)


@given(FIELDS, st.integers(0, 9), st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_covering_rows_are_those_that_are_allowed(
    fields: dict[str, list[str]], seed: int, forbidden: set[tuple[int, int]]
) -> None:
    """No row has states of two fields that do not go together.

    Every pair that an allowed row can have is covered.
    """
    together = list(fields)[:2]
    assume(len(together) > 1)
    left, right = (fields[name] for name in together)
    good = {
        (one, two)
        for i, one in enumerate(left)
        for j, two in enumerate(right)
        if (i, j) not in forbidden
    }
    assume(good)

    def allowed(row: Mapping[str, str]) -> bool:
        return (row[together[0]], row[together[1]]) in good

    made = covering.rows(fields, seed, together, allowed)
    assert all(allowed(row) for row in made)
    possible = [dict(zip(fields, row, strict=True)) for row in itertools.product(*fields.values())]
    assert pairs_in(made) == pairs_in(row for row in possible if allowed(row))


@given(FIELDS, st.integers(0, 9))
def test_covering_rows_cover_all_pairs(fields: dict[str, list[str]], seed: int) -> None:
    """Rows have one state for each field.

    And every pair of states of two fields is in one of them.
    """
    made = covering.rows(fields, seed)
    possible = [dict(zip(fields, row, strict=True)) for row in itertools.product(*fields.values())]
    assert pairs_in(made) == pairs_in(possible)
    pairs = covering.pairs(possible, fields)
    assert pairs.count(made) == len(pairs) == len(pairs_in(possible))
    assert pairs.count(made[:1]) == len(pairs_in(made[:1]))
    assert made == covering.rows(fields, seed)
    if len(fields) > 1:
        assert all(row.keys() == fields.keys() for row in made)
    assert all(state in fields[name] for row in made for name, state in row.items())
    assert {(name, state) for row in made for name, state in row.items()} == {
        (name, state) for name, states in fields.items() for state in states
    }


@pytest.mark.slow
@each
@pytest.mark.parametrize("seed", nightly_after(2, [0, 12345, 1]))
def test_the_same_seed_gives_the_same_plan(contract: Contract, seed: int) -> None:
    """A plan depends on contract, seed and budget alone."""
    assert plan(contract, seed) == plan(replace(contract), seed)  # which is planned anew


@pytest.mark.slow
@given(contracts(), st.integers(0, 99))
@settings(max_examples=10)
def test_the_same_seed_gives_the_same_plan_of_a_drawn_contract(
    contract: Contract, seed: int
) -> None:
    """For any contract."""
    assert plan(contract, seed) == plan(replace(contract), seed)  # which is planned anew


def test_another_seed_gives_another_plan() -> None:
    """The seed has an effect."""
    assert plan(KOHORT, 0) != plan(KOHORT, 1)
    assert plan(KOMERZA, 0) != plan(KOMERZA, 1)


@pytest.mark.parametrize(
    ("contract", "most"), [(KOHORT, 254), (KOMERZA, 117)], ids=["kohort", "komerza"]
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_plan_is_small(contract: Contract, most: int, seed: int) -> None:
    """At most so many requests, and numbered from 1 in the order of sending."""
    planned = plan(contract, seed)
    assert len(planned.cases) <= most
    assert [case.number for case in planned.cases] == list(range(1, len(planned.cases) + 1))


def order_holds(planned: Plan) -> bool:
    """Tell whether every case comes after all that it refers to."""
    return all(number < case.number for case in planned.cases for number in case.after)


@pytest.mark.slow
@given(contracts())
def test_a_case_comes_after_what_it_refers_to(contract: Contract) -> None:
    """So that what is handed out is there when it is needed."""
    assert order_holds(plan(contract, 0))


@each
def test_a_case_of_a_shipped_contract_comes_after_what_it_refers_to(contract: Contract) -> None:
    """The same for what is shipped, which has references indeed."""
    assert order_holds(plan(contract, 0))
    assert any(case.after for case in plan(KOHORT, 0).cases)


@each
def test_every_decided_clause_exists(contract: Contract) -> None:
    """A case decides clauses of its contract.

    And every clause about requests is decided by some case.
    """
    known = {clause.id: clause for clause in contract.clauses}
    decided = {clause for case in plan(contract, 0).cases for clause in case.decides}
    assert decided <= known.keys()
    asked = {name for name in known if name.startswith(("request.", "authorization.", "address."))}
    assert asked - decided == set()


@pytest.mark.parametrize("seed", range(3))
def test_unique_members_are_fresh_in_every_request_of_every_run(seed: int) -> None:
    """No two valid requests share a reference, nor do those of another run."""
    used: list[str] = []
    for run_id in ("abcdef12", "abcdef13"):
        sender = Sender(KOHORT, Recording(), Settings(budget=10_000), run_id=run_id)
        sender.send_all(
            [case for case in plan(KOHORT, seed).cases if case.region is Region.VALID],
            lambda _: None,
        )
        found = [body_of(exchange) for exchange in sender.history]
        used += [body["clientReferenceId"] for body in found if "clientReferenceId" in body]
    assert len(used) > 60
    assert len(set(used)) == len(used)


def test_a_larger_budget_tries_more_pairs_of_open_states() -> None:
    """What is left of a budget is spent on pairs, after all that is always sent."""
    small, large = plan(KOHORT, 0), plan(KOHORT, 0, budget=600)
    assert len(small.cases) < len(large.cases) <= 600
    assert same(
        [case.label for case in small.cases][:150], [case.label for case in large.cases][:150]
    )


def test_null_is_tried_before_rarer_values_of_another_type() -> None:
    """A server takes null for a member that is absent sooner than an empty text for an object."""
    of_object: Schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    schema: Schema = {
        "type": "object",
        "properties": {"where": of_object, "count": {"type": "integer"}},
        "required": ["where", "count"],
    }
    body = {"where": {"name": "x"}, "count": 3}
    for place, first in (("/where", "string"), ("/count", "string")):
        found = (each for each in breaks(schema, schema, body) if each.pointer == place)
        labels = [each.label for each in found if each.keyword == "type"]
        kinds = [label.partition(": ")[2].partition(" instead")[0] for label in labels]
        assert kinds[:2] == [first, "null"]


def test_nested_texts_are_sent_empty_where_the_page_allows_it() -> None:
    """What P leaves out of a nested member is open where D admits it, as at the top."""
    documented: Schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "size": {"type": "integer"}},
    }
    plausible: Schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "size": {"type": "integer", "minimum": 1},
        },
    }
    found = {each.name: each.region for each in states(documented, plausible, required=True)}
    assert found["name empty"] is Region.OPEN
    assert found["size zero"] is Region.OPEN


def test_a_budget_without_end_is_planned_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wants no limit gets a plan of so many cases at most."""
    monkeypatch.setattr("contracts.planning.plan.MOST", 300)
    assert len(plan(KOHORT, 0, 10**21).cases) <= 310


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("api", catalogue.shipped())
def test_operations_that_read_create_with_bodies_of_their_own(api: str, seed: int) -> None:
    """A server may refuse what it was sent a moment before, by whichever operation's plan."""
    creator, *others = loading.load_all(api)
    sent = [case.body for case in plan(creator, seed).cases if case.must_accept]
    fixed = [body for body in sent if isinstance(body, dict) and sample(body) == body]
    bodies = [case.body for other in others for case in plan(other, seed).cases if case.operation]
    assert bodies
    assert [body for body in bodies if body in fixed and body] == []


PLANS = """
from contracts.definition import loading
from contracts.planning.plan import plan
print([plan(each, 0).cases for each in loading.load_all("kohort")])
"""


def test_no_order_of_a_set_decides_a_plan() -> None:
    """The same seed gives the same plans in every process, however it hashes texts."""
    plans = [
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", PLANS],
            env={**os.environ, "PYTHONHASHSEED": number},
            capture_output=True,
            check=True,
        ).stdout
        for number in "023"
    ]
    assert plans[0]
    assert plans[0] == plans[1] == plans[2]
