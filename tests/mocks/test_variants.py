"""The variants of responses.

Each keeps the contract, and together they cover what it leaves open.
"""

from __future__ import annotations

import httpx
import pytest

from contracts.definition import catalogue, loading
from contracts.judge.outcomes import judge
from contracts.mocks import variants
from contracts.mocks.backend import samples
from contracts.mocks.mock import ContractMock
from contracts.model import Basis, Contract, Exchange, Outcome, Response
from contracts.schema import keywords
from contracts.schema.jsontext import at, show

CONTRACTS = [loading.load(name) for name in catalogue.shipped()]


def answered(contract: Contract) -> list[Exchange]:
    """Give the plain exchanges that variants are made of."""
    return samples(contract, variants.sample_bodies(contract))


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.api)
def test_every_variant_keeps_every_clause_of_the_page(contract: Contract) -> None:
    """The judge finds nothing to accuse, whatever else the answer has."""
    plain = answered(contract)
    accepted = [exchange for exchange in plain if exchange.accepted]
    assert accepted
    for variant in variants.covering(contract, plain):
        exchange = variants.varied(contract, variant, (), accepted[0])
        results, _ = judge(contract, [exchange])
        broken = [r.clause.id for r in results if r.outcome is Outcome.VIOLATED]
        assert [
            clause for clause in broken if contract.clause(clause).basis is not Basis.CONVENTION
        ] == [], variant.id


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.api)
def test_every_null_option_and_absence_that_a_first_answer_may_have_is_covered(
    contract: Contract,
) -> None:
    """What is not covered would break a relation to what was sent.

    Or leave the answer without use.
    """
    answers = answered(contract)
    ids = {variant.id for variant in variants.covering(contract, answers)}
    fixed = {"locale=en_US", "locale=en_GB",
             "data=null", "data=absent", "data.id=null", "data.id=absent", "success=null",
             "success=absent", "data.currencyCode=null", "data.amount=null"}  # fmt: skip
    for keyword in keywords.keywords(contract.response):
        name = ".".join(keyword.path).replace(".[]", "[]")
        wanted = []
        if keyword.name == "type" and "null" in keyword.value and keyword.path:
            wanted = [f"{name}=null"]
        elif keyword.name == "enum":
            wanted = [f"{name}={option}" for option in keyword.value if option is not None]
        there = {show(at(exchange.value, "/" + "/".join(keyword.path))) for exchange in answers}
        plain = {f"{name}={text.strip(chr(34))}" for text in there}
        assert set(wanted) - ids - fixed - plain == set()


def test_names_say_what_is_different() -> None:
    """Ids are readable, and no two variants have the same."""
    for contract in CONTRACTS:
        ids = [variant.id for variant in variants.covering(contract, answered(contract))]
        assert len(set(ids)) == len(ids)
    komerza = loading.load("komerza")
    ids = [variant.id for variant in variants.covering(komerza, answered(komerza))]
    assert {
        "data.coupon=null",
        "data.coupon=absent",
        "data.items=empty",
        "status-201",
        "unknown-members",
    } <= set(ids)


def test_long_strings_are_as_long_as_they_may_be() -> None:
    """Where the page gives a maximum it is reached; what callers refer to stays as it is."""
    contract = loading.load("komerza")
    plain = answered(contract)[0]
    (long,) = [v for v in variants.covering(contract, [plain]) if v.id == "longest-strings"]
    data = variants.varied(contract, long, (), plain).value["data"]
    assert len(data["deliveredItems"][0]["source"]) == 128
    assert len(data["deliveredItems"][1]["textContent"]) == 10_000
    assert data["id"] == plain.value["data"]["id"]


def test_a_varied_status_is_one_that_conforms() -> None:
    """Komerza's page gives no number, Kohort's does."""
    statuses = {}
    for name in ("kohort", "komerza"):
        contract = loading.load(name)
        plain = answered(contract)[0]
        made = [
            variants.varied(contract, v, (), plain) for v in variants.covering(contract, [plain])
        ]
        statuses[name] = {e.answer.status for e in made if isinstance(e.answer, Response)}
    assert statuses == {"kohort": {201}, "komerza": {200, 201}}


@pytest.mark.parametrize(
    "variant_id", ["riskLevel=HIGHEST", "status=CASHBACK_SENT", "unknown-members"]
)
def test_a_variant_is_read_back_as_it_was_created(variant_id: str) -> None:
    """By its id, in the list, and nowhere else: a group knows no risk."""
    contract = loading.load("kohort")
    chosen = {one.id: one for one in variants.covering(contract, answered(contract))}
    with ContractMock("kohort", token="t").vary(chosen[variant_id]) as mock:
        headers, url = {"Authorization": "Bearer t"}, f"{mock.base_url}/orders"
        order = httpx.post(url, json={"amount": 1999}, headers=headers).json()
        read = httpx.get(f"{url}/{order['id']}", headers=headers).json()
        (listed,) = httpx.get(url, headers=headers).json()["data"]
        group = httpx.get(
            f"{mock.base_url}/payment-groups/{order['paymentGroupId']}", headers=headers
        ).json()
    assert read == order
    assert listed == order
    assert "riskLevel" not in group
