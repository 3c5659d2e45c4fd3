"""Generated requests, and the public strategies.

Each value lies in the region that it was drawn for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import contracts
from contracts.definition import catalogue, loading
from contracts.interop import describing, fuzzing, openapi
from contracts.model import ABSENT, Contract, Region
from contracts.planning.bodies.templates import sample
from contracts.schema import checks
from contracts.schema.jsontext import decode, encode
from tests.helpers.drawn import contracts as drawn_contracts
from tests.helpers.nightly import nightly_after

SHIPPED = [loading.load(api) for api in catalogue.shipped()]
KOHORT, KOHORT_2, KOMERZA, KOMERZA_2 = SHIPPED
each = pytest.mark.parametrize("contract", SHIPPED, ids=lambda contract: contract.api)
# bodies of later revisions are drawn in the same way
drawn_from = pytest.mark.parametrize(
    "contract",
    nightly_after(2, [KOHORT, KOMERZA, KOHORT_2, KOMERZA_2]),
    ids=lambda contract: contract.api,
)
assert KOHORT.request is not None
assert KOHORT.plausible is not None
D, P = KOHORT.request, KOHORT.plausible


def assert_cases(contract: Contract, seed: int, count: int) -> list[Region]:
    """Draw cases; check each against its region, and give the regions."""
    cases = fuzzing.fuzz(contract, seed, count)
    for case in cases:
        if contract.request is None or contract.plausible is None:
            assert case.region is Region.OPEN
            continue
        body = decode(encode(sample(case.body)))[0]
        broken = checks.broken(contract.request, body)
        fits = checks.fits(contract.plausible, body)
        found = Region.INVALID if broken else Region.VALID if fits else Region.OPEN
        assert case.region is found
        if broken:
            assert set(case.decides) <= {f"request.{check.keyword.clause}" for check in broken}
        known = {clause.id for clause in contract.clauses}
        assert set(case.decides) <= known
    return [case.region for case in cases]


@pytest.mark.slow
@drawn_from
@pytest.mark.parametrize("seed", [7])
def test_fuzz_cases_lie_where_they_say(contract: Contract, seed: int) -> None:
    """By the bytes that will be sent; at most as many as were asked for."""
    regions = assert_cases(contract, seed, 30)
    assert 8 <= len(regions) <= 30
    if contract.request is not None:
        assert set(regions) == set(Region)


@given(drawn_contracts())
@settings(max_examples=4, suppress_health_check=list(HealthCheck))  # what is tested draws by itself
def test_fuzz_cases_of_a_drawn_contract_lie_where_they_say(contract: Contract) -> None:
    """For any contract."""
    assert assert_cases(contract, 0, 6)


@pytest.mark.slow
@drawn_from
def test_the_same_seed_draws_the_same_cases(contract: Contract) -> None:
    """And another seed draws others."""
    assert fuzzing.fuzz(contract, 3, 12) == fuzzing.fuzz(contract, 3, 12)
    assert fuzzing.fuzz(contract, 3, 12) != fuzzing.fuzz(contract, 4, 12)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_cases_are_few(count: int) -> None:
    """Zero turns fuzzing off."""
    assert len(fuzzing.fuzz(KOHORT, 0, count)) == count


@pytest.mark.nightly
def test_where_all_that_is_documented_is_plausible_no_open_case_is_drawn() -> None:
    """The region is empty; the others are drawn as ever."""
    switch = {"type": "object", "properties": {"test": {"type": "boolean"}}}
    cases = fuzzing.fuzz(replace(KOHORT, request=switch, plausible=switch), 0, 12)
    assert {case.region for case in cases} == {Region.VALID, Region.INVALID}


@given(contracts.requests("kohort", "valid"))
def test_valid_requests_fit_the_plausible_schema(body: Any) -> None:
    """And no reference that a server would have had to hand out is in them."""
    assert checks.broken(P, body) == ()
    assert checks.broken(D, body) == ()
    assert "customerId" not in body
    assert body.get("paymentGroupShareId") is None


@given(contracts.requests("kohort", Region.OPEN))
def test_open_requests_fit_the_documented_schema_alone(body: Any) -> None:
    """They may be accepted or refused."""
    assert checks.fits(D, body)
    assert not checks.fits(P, body)


@given(contracts.requests("kohort", "invalid"))
def test_invalid_requests_break_the_documented_schema(body: Any) -> None:
    """Written as JSON and read again as well."""
    assert not checks.fits(D, body)
    read, problems = decode(encode(body))
    assert problems == ()
    assert not checks.fits(D, read)


@given(contracts.requests("komerza", "open"))
def test_without_a_documented_body_any_object_is_open(body: Any) -> None:
    """The page of Komerza gives no body."""
    assert isinstance(body, dict)
    assert decode(encode(body))[0] is not ABSENT


@settings(max_examples=15)
@given(st.lists(contracts.requests("kohort", "valid"), min_size=2, max_size=4))
def test_unique_members_are_new_in_each_request(bodies: list[Any]) -> None:
    """No two bodies share a reference."""
    used = [body["clientReferenceId"] for body in bodies if "clientReferenceId" in body]
    assert len(set(used)) == len(used)


@pytest.mark.parametrize("api", ["kohort", "komerza"])
def test_responses_keep_the_contract(api: str) -> None:
    """Each is a response that the judge has nothing against, and jsonschema neither."""
    schema = loading.load(api).response
    validator = jsonschema.Draft202012Validator(describing.plain(schema))

    @settings(max_examples=15)
    @given(contracts.responses(api))
    def check(body: Any) -> None:
        assert checks.broken(schema, body) == ()
        assert validator.is_valid(body)

    check()


@pytest.mark.parametrize("region", ["vaild", "all"])
def test_an_unknown_region_is_an_error(region: str) -> None:
    """It is named."""
    with pytest.raises(ValueError, match=region):
        contracts.requests("kohort", region)


@each
def test_the_openapi_document_has_one_operation_and_no_keyword_of_ours(contract: Contract) -> None:
    """What other tools are given is OpenAPI 3.1 with where it comes from."""
    made = openapi.document(contract)
    assert made["openapi"].startswith("3.1")
    (path,) = made["paths"]
    (method,) = made["paths"][path]
    assert (path, method.upper()) == (contract.operation.path, contract.operation.method)
    assert {name for name in members(made) if name.startswith("x-")} == {
        "x-source",
        "x-contract",
        "x-documents",
    }
    assert ("requestBody" in made["paths"][path][method]) == (contract.request is not None)


def members(value: Any) -> list[str]:
    """Give all names in a JSON value."""
    if isinstance(value, dict):
        return [*value, *(name for child in value.values() for name in members(child))]
    return [name for child in value for name in members(child)] if isinstance(value, list) else []
