"""The second revisions as they are planned and judged.

What goes together, what only a sandbox can hand out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts import sandbox
from contracts.definition import catalogue, loading
from contracts.engine import run as engine_run
from contracts.engine.embedding import embedded
from contracts.errors import ContractError
from contracts.faults import catalogue as faults
from contracts.faults import server
from contracts.model import ABSENT, Case, Outcome, Region, Run
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import references, sample
from contracts.planning.plan import plan
from contracts.proof.mutants.grading import load as grading_rows
from contracts.schema import checks
from contracts.verify import targets

KOHORT = loading.load("kohort@2")
KOMERZA = loading.load("komerza@2")


def run(api: str, *, known: bool = True, lacks: tuple[str, ...] = ()) -> Run:
    """Verify a revision against its embedded sandbox.

    With or without knowing ids that exist there.
    """
    (target,) = targets.choose([f"{api}/create-order"], [], {})
    settings = targets.settings(target if known else replace(target, manners={}))
    contract = target.contract
    transport = embedded(
        sandbox.create_app(api, contract.request, frozenset(lacks)), target.credentials
    )
    return engine_run.run(contract, transport, settings)


def outcomes(done: Run) -> dict[str, Outcome]:
    """Give the outcome of every clause."""
    return {result.clause.id: result.outcome for result in done.results}


def cases(region: Region, **having: Any) -> list[Case]:
    """Give the planned cases of Komerza of a region that have a member.

    Or lack it where ABSENT is asked for.
    """
    return [
        case
        for case in plan(KOMERZA, 0).cases
        if case.region is region
        and isinstance(case.body, dict)
        and all(
            (case.body.get(name, ABSENT) is ABSENT) == (wanted is ABSENT)
            for name, wanted in having.items()
        )
    ]


@pytest.mark.slow
@pytest.mark.parametrize("api", ["kohort@2", "komerza@2"])
def test_the_embedded_sandbox_keeps_a_second_revision(api: str) -> None:
    """Every clause is exercised and holds, within the budget."""
    done = run(api)
    assert set(outcomes(done).values()) == {Outcome.HELD}
    assert done.requests <= 290
    assert done.pairs[0] == done.pairs[1] > 0


def test_items_stand_for_themselves_only_without_a_cost() -> None:
    """Whatever is wrong with items is wrong in a body without a cost.

    For with one they are ignored.
    """
    broken = [
        case for case in cases(Region.INVALID) if any("items[" in clause for clause in case.decides)
    ]
    assert broken
    assert all("cost" not in case.body for case in broken)
    body = sample(plain_body(KOMERZA))
    assert "cost" in body
    assert checks.fits(KOMERZA.request or {}, {**body, "items": [{"quantity": 0}]})
    assert not checks.fits(
        KOMERZA.request or {}, {**body, "cost": None, "items": [{"quantity": 0}]}
    )


@pytest.mark.slow
def test_no_valid_request_lacks_both_items_and_cost() -> None:
    """The states of the two are combined only as the later page lets them be."""
    assert cases(Region.VALID, items=ABSENT, cost=0)
    assert cases(Region.VALID, items=1, cost=ABSENT)
    assert cases(Region.VALID, items=ABSENT, cost=ABSENT) == []


def test_ids_are_made_up_once_and_then_taken_from_answers() -> None:
    """One early open case has ids that nobody handed out.

    Every other order of items refers to its answer.
    """
    (first, *_) = cases(Region.OPEN, items=1)
    assert references(first.body) == ()
    for case in cases(Region.VALID, items=1):
        assert {marker.by for marker in references(case.body["items"])} == {(first.number,)}


@pytest.mark.slow
def test_without_an_id_that_exists_items_are_not_exercised_and_say_so() -> None:
    """A sandbox that refuses unknown products is not accused, and the variable to set is named."""
    done = run("komerza@2", known=False)
    found = {result.clause.id: result for result in done.results}
    assert done.findings == ()
    for clause in (
        "request.items.accepted",
        "request.items[].quantity.minimum",
        "request.couponCode.accepted",
    ):
        assert found[clause].outcome is Outcome.NOT_EXERCISED
    why = str(found["request.items.accepted"].why)
    assert why == (
        "the sandbox handed out nothing at /data/items/0/productId to refer to; set "
        "KOMERZA_PRODUCT to one that exists"
    )
    assert found["request.items.type"].outcome is Outcome.HELD


@pytest.mark.slow
def test_a_sandbox_that_takes_any_product_has_its_items_exercised() -> None:
    """What an answer names exists, so that nothing has to be known beforehand."""
    done = run("komerza@2", known=False, lacks=("unknown_product",))
    found = outcomes(done)
    assert done.findings == ()
    assert (
        found["request.items.accepted"] is found["request.items[].quantity.minimum"] is Outcome.HELD
    )


@pytest.mark.slow
def test_a_customer_who_can_not_be_identified_is_an_observation() -> None:
    """The amount alone fits the page, but a service that refuses it is known.

    Nothing is held against it.
    """
    lenient, strict = run("kohort@2"), run("kohort@2", lacks=("anonymous",))
    seen = [
        {one.id: one.behaviour for one in done.observations}["body.required_only"]
        for done in (lenient, strict)
    ]
    assert seen == ["accepted 201", "refused 400"]
    assert lenient.findings == strict.findings == ()


@pytest.mark.slow
def test_names_that_were_not_sent_are_strings_in_the_second_revision_too() -> None:
    """Null there is a finding of the page, although the service is known to answer so."""
    fault = faults.Fault(
        "null",
        "",
        response=({"op": "null", "at": "/customerFirstName"},),
        when={"lacks": ["customerFirstName", "customerId"]},
    )
    (target,) = targets.choose(["kohort@2/create-order"], [], {})
    done = engine_run.run(
        KOHORT,
        embedded(server.create_app(KOHORT, fault), target.credentials),
        targets.settings(target),
    )
    assert {finding.clause.id for finding in done.findings} == {"response.customerFirstName.type"}


def test_a_later_revision_has_the_faults_of_the_one_before() -> None:
    """Those that it drops are gone, its own come on top or in their place."""
    first, second = (
        {fault.id: fault for fault in faults.load(loading.load(api))}
        for api in ("kohort", "kohort@2")
    )
    assert "other-instants" in first
    assert "other-instants" not in second
    assert "refuses-en-GB" in second
    assert second["id-form-slips"] == first["id-form-slips"]
    assert second["refuses-minimal"] != first["refuses-minimal"]
    assert catalogue.before("kohort@2") == "kohort"
    assert catalogue.before("kohort@3") == "kohort@2"
    assert catalogue.before("kohort") is None


def test_what_a_second_revision_does_not_promise_comes_before_what_the_first_does_not() -> None:
    """The first row that explains a survivor is the one that is told.

    `contracts prove --operators` needs them all.
    """
    rows, earlier = (grading_rows(loading.load(name).name)[0] for name in ("komerza@2", "komerza"))
    assert rows[-1] == earlier[-1]
    assert rows[0] not in earlier


def test_a_relation_that_is_dropped_has_to_exist(copy_of: Any) -> None:
    """A slip in what a later revision takes back is an error that names it."""
    folder = copy_of("komerza") / "2"
    text = (folder / "contract.toml").read_text(encoding="utf-8")
    (folder / "contract.toml").write_text(
        text.replace('drops = ["', 'drops = ["relation.nothing", "'), encoding="utf-8"
    )
    with pytest.raises(
        ContractError, match=r"drops: there is no relation\.nothing in the revision before"
    ):
        loading.load_folder(folder)


def test_a_source_names_a_document_of_the_contract(copy_of: Any) -> None:
    """A later revision cites the page or the later document, and no other."""
    folder = copy_of("komerza") / "2"
    text = (folder / "contract.toml").read_text(encoding="utf-8")
    assert 'op = "nothing"' in text
    (folder / "contract.toml").write_text(
        text.replace('op = "nothing"', 'op = "nothing"\ndocument = "hearsay.txt"'), encoding="utf-8"
    )
    with pytest.raises(
        ContractError,
        match=r"hearsay\.txt is none of the contract's documents: 001_\w+\.txt, later",
    ):
        loading.load_folder(folder)
