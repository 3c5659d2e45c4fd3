"""Contracts of one's own are proven: faults are derived from their clauses."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from contracts import clause_ids
from contracts.cli import main
from contracts.definition import loading
from contracts.faults import catalogue
from contracts.model import Outcome
from contracts.planning.plan import plan
from contracts.proof import prove

LIBRARY = Path(__file__).parents[2] / "docs" / "examples" / "library" / "pages"
PROVEN_BY_SCHEMAS = ("request.", "response.")
BOOK = {"properties": {"id": {"type": "integer"}, "title": {"type": "string"}}}


def _operation(answer: Any, members: Any = None, **more: Any) -> Any:
    """Return an operation as OpenAPI has it."""
    content = {"application/json": {"schema": {"type": "object", **answer}}}
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": members}}}}
    sent = {"requestBody": {"required": True, **body}} if members else {}
    return {"responses": {"200": {"description": "Done", "content": content}}, **sent, **more}


def _parameter(place: str, name: str) -> Any:
    """Return a parameter that has to be there."""
    return {"in": place, "name": name, "required": True, "schema": {"type": "string"}}


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the library's contract in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    assert main.run(["new", "library", str(LIBRARY)]) == 0


def test_every_clause_has_a_fault_or_a_reason() -> None:
    """Only what the plainest request, or an answer without a body, can not show has none."""
    for contract in loading.load_all("library"):
        broken = {clause for fault in catalogue.load(contract) for clause in fault.breaks}
        reasons = catalogue.reasons(contract)
        assert broken | reasons.keys() == {clause.id for clause in contract.clauses}
        assert not broken & reasons.keys()
        without = set() if contract.operation.answers else {clause_ids.COMPLETE, clause_ids.HTTP}
        assert reasons.keys() <= {clause_ids.MINIMAL, *without}


def test_the_fewest_faults_break_every_clause_that_any_fault_breaks() -> None:
    """``prove --quick`` leaves out faults that break nothing new, and no conforming variant."""
    faults = catalogue.load(loading.load("kohort"))
    fewest = prove.fewest(faults)
    assert len(fewest) < len(faults)
    assert _broken(fewest) == _broken(faults)
    assert [one for one in faults if one.conforming] == [one for one in fewest if one.conforming]


def test_faults_that_share_a_sandbox_are_each_proven_by_what_they_break() -> None:
    """``prove --quick`` seeds none beside one that its place is in, and leaves none out."""
    faults = catalogue.load(loading.load("kohort/get-order"))
    groups = prove.in_company(faults)
    assert {fault.id for group in groups for fault in group} == {fault.id for fault in faults}
    for group in groups:
        places = [f"{edit['at']}/" for fault in group for edit in fault.response]
        assert len(group) == 1 or not any(
            one.startswith(other) for one, other in itertools.permutations(places, 2)
        )
    largest = max(groups, key=len)
    assert len(largest) == prove.TOGETHER
    proofs = prove.prove_together(("kohort/get-order", largest))
    assert [proof.violated for proof in proofs] == [fault.breaks for fault in largest]
    assert all(proof.holds for proof in proofs)


def _broken(faults: Iterable[catalogue.Fault]) -> set[str]:
    """Return the clauses that any of the faults breaks."""
    return {clause for fault in faults for clause in fault.breaks}


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["create-loan", "get-loan", "list-loans"])
def test_derived_faults_break_what_they_name_and_nothing_else(name: str) -> None:
    """Who asks, what is sent and answered, relations: every third fault is caught."""
    api = f"library/{name}"
    faults = catalogue.load(loading.load(api))
    shared = [fault for fault in faults if not fault.breaks[0].startswith(PROVEN_BY_SCHEMAS)]
    proofs = [prove.prove_together((api, (fault,)))[0] for fault in shared[::3]]
    assert [
        (proof.fault.id, proof.missed, proof.accused) for proof in proofs if not proof.holds
    ] == []


BOXES = {
    "openapi": "3.1.0",
    "info": {"title": "Boxes", "version": "1"},
    "paths": {
        "/boxes": {
            "get": {
                "responses": {
                    "200": {
                        "description": "All",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "maxItems": 20,
                                    "items": {
                                        "type": "object",
                                        "required": ["id"],
                                        "properties": {"id": {"type": "integer"}},
                                    },
                                }
                            }
                        },
                    }
                }
            },
            "post": {"responses": {"201": {"description": "Made"}}},
        }
    },
}


def test_answers_that_are_lists_or_empty_are_proven_as_far_as_can_be(tmp_path: Path) -> None:
    """What no fault can show of them has a reason."""
    (tmp_path / "boxes.json").write_text(json.dumps(BOXES), encoding="utf-8")
    assert main.run(["new", "boxes", "boxes.json", "--operation", "*"]) == 0
    reasons = {
        one.operation.method: set(catalogue.reasons(one)) for one in loading.load_all("boxes")
    }
    assert reasons["POST"] >= {"protocol.complete", "protocol.http"}
    assert reasons["GET"] == {"protocol.unique_names"}
    known = {fault.id: fault for fault in catalogue.load(loading.load("boxes/list-boxes"))}
    for fault_id in ("response.maxItems", "breaks.protocol.unicode", "breaks.protocol.complete"):
        proof = prove.prove_together(("boxes/list-boxes", (known[fault_id],)))[0]
        assert (proof.missed, proof.accused) == ((), ()), fault_id


def test_answers_of_any_kind_and_requests_of_little_are_proven(tmp_path: Path) -> None:
    """Maps and texts as answers, numbers as ids, a query that is required, nothing required."""
    page = tmp_path / "shelf.json"
    page.write_text(json.dumps(SHELF))
    assert main.run(["new", "shelf", str(page), "--operation", "*"]) == 0
    for contract in loading.load_all("shelf"):
        faults = [one for one in catalogue.load(contract) if one.id.startswith(KINDS)]
        proofs = [prove.prove_together((contract.name, (fault,)))[0] for fault in faults]
        assert [(one.fault.id, one.missed, one.accused) for one in proofs if not one.holds] == []
        unbroken = {clause.id for clause in contract.clauses} - _broken(catalogue.load(contract))
        assert unbroken == catalogue.reasons(contract).keys()


KINDS = ("breaks.protocol.u", "breaks.authorization.absent", "breaks.request.", "response.id")
SHELF = {
    "openapi": "3.1.0",
    "info": {"title": "Shelf", "version": "1"},
    "security": [{"key": []}],
    "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/books": {"post": _operation(BOOK, {"title": {"type": "string"}})},
        "/books/{id}": {"get": _operation(BOOK, parameters=[_parameter("path", "id")])},
        "/counts": {"get": _operation({"additionalProperties": {"type": "integer"}})},
        "/title": {"get": _operation({"type": "string"}, parameters=[_parameter("query", "of")])},
    },
}


OPTIONS = {"mode": {"type": "string", "enum": ["slow", "fast"]}}


def test_options_of_the_plainest_request_are_proven() -> None:
    """An option that it has can be refused like any other; of an object all its other values."""
    mail = {"type": "string", "format": "email", "example": "ada@example.com"}
    members = {
        "colour": {"type": "string", "enum": ["red", "blue"], "example": "blue"},
        "owner": {"type": "object", "required": ["mail"], "properties": {"mail": mail}},
        "steps": {"type": "array", "items": {"type": "object", "properties": OPTIONS}},
    }
    paths = {"/cars": {"post": _operation(BOOK, members)}}
    Path("cars.json").write_text(json.dumps({"openapi": "3.0.0", "paths": paths}))
    assert main.run(["new", "cars", "cars.json"]) == 0
    contract = loading.load("cars")
    known = {fault.breaks: fault for fault in catalogue.load(contract)}
    for clause in ("request.colour.blue", "request.owner.accepted"):
        assert prove.prove_together(("cars", (known[clause,],)))[0].holds, clause
    results = prove.run_with((), contract, plan(contract, 0)).results
    assert {each.outcome for each in results} == {Outcome.HELD}
    nested = {
        clause for clause in contract.clause_ids if clause.startswith("request.steps[].mode.")
    }
    assert {"request.steps[].mode.slow", "request.steps[].mode.fast"} <= nested


def test_the_body_of_a_refusal_is_proven_where_the_sandbox_refuses_so() -> None:
    """A text in its place is noticed; of a status that is never answered, no fault can show it."""
    error = {"type": "object", "properties": {"message": {"type": "string"}}}
    content = {"application/json": {"schema": {**error, "required": ["message"]}}}
    refusal = {"description": "Refused", "content": content}
    made = _operation(BOOK, {"title": {"type": "string"}})
    made["responses"] |= {"400": refusal, "412": refusal}
    Path("vans.json").write_text(
        json.dumps({"openapi": "3.0.0", "paths": {"/vans": {"post": made}}})
    )
    assert main.run(["new", "vans", "vans.json"]) == 0
    contract = loading.load("vans")
    (fault,) = (f for f in catalogue.load(contract) if f.breaks == ("refusal.400.body",))
    assert prove.prove_together(("vans", (fault,)))[0].holds
    assert "no refusal with such a status" in catalogue.reasons(contract)["refusal.412.body"]
