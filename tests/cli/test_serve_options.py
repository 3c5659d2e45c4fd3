"""``contracts serve`` for clients in any language.

What it says of a bad request, and its options.
"""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from contracts.cli import main
from contracts.definition import catalogue, loading
from contracts.mocks.strict import Strict
from tests.helpers.nightly import nightly_after
from tests.helpers.serving import conforming, faulty, outcomes, served, verify

TOKEN = {"Authorization": "Bearer sandbox-token"}
KOHORT, KOMERZA = loading.load("kohort"), loading.load("komerza")


def post(url: str, headers: dict[str, str] | None = None, **body: object) -> httpx.Response:
    """Create an order."""
    return httpx.post(f"{url}/orders", json=body, headers=TOKEN if headers is None else headers)


def test_a_refusal_says_which_clause_is_broken() -> None:
    """Clause, place, expected, got and source stand beside what the sandbox itself says."""
    with served(Strict(conforming("kohort"), KOHORT)) as url:
        told = post(url, amount="12")
        missing = post(url, headers={}, amount=12)
        wrong = post(url, headers={"Authorization": "Bearer of-yesterday"}, amount=12)
        accepted = post(url, amount=12.5)
    assert told.status_code == 400
    assert told.json()["statusCode"] == 400
    (complaint,) = told.json()["contract"]
    assert complaint["clause"] == "request.amount.type"
    assert (complaint["place"], complaint["expected"], complaint["got"]) == (
        "/amount",
        "number",
        '"12"',
    )
    assert complaint["source"].endswith("lines 46-47")
    assert missing.status_code == wrong.status_code == 401
    assert missing.json()["contract"][0]["clause"] == "authorization.absent"
    assert wrong.json()["contract"][0]["clause"] == "authorization.unknown_token"
    assert "of-yesterday" not in wrong.text
    assert accepted.status_code == 201


def test_strict_refuses_what_nothing_promises() -> None:
    """422, with the bug in the message; what is promised is taken as ever."""
    with served(Strict(conforming("kohort"), KOHORT, strict=True)) as url:
        refused, taken = post(url, amount=12.5), post(url, amount=1250)
    assert refused.status_code == 422
    assert refused.json()["message"].startswith("amount seems to be in the wrong unit: 12.5")
    assert taken.status_code == 201


def test_an_address_that_is_not_declared_is_told_which_is() -> None:
    """404 or 405, with the declared address."""
    with served(Strict(conforming("komerza"), KOMERZA)) as url:
        elsewhere = httpx.post(f"{url}/store/1/orders")
        other_method = httpx.put(f"{url}/stores/1/orders")
        malformed = httpx.post(f"{url}/stores/1/orders", headers=TOKEN)
    assert (elsewhere.status_code, other_method.status_code, malformed.status_code) == (
        404,
        405,
        404,
    )
    assert (
        elsewhere.json()["declared"]
        == other_method.json()["declared"]
        == "POST /stores/{storeId}/orders"
    )
    assert malformed.json()["contract"][0]["clause"] == "address.malformed_store"


def test_answers_vary() -> None:
    """One variant after the other.

    Some request sees a null group, an unknown member, every risk level.
    """
    with (
        served(Strict(conforming("kohort"), KOHORT, vary=True)) as url,
        httpx.Client(headers=TOKEN) as client,
    ):
        seen = [client.post(f"{url}/orders", json={"amount": 1999}).json() for _ in range(40)]
    assert {order["riskLevel"] for order in seen} == {"LOW", "MEDIUM", "HIGH", "HIGHEST"}
    assert None in {order["paymentGroupId"] for order in seen}
    assert any("unheardOf" in order for order in seen)


def test_answers_of_operations_that_read_vary_as_well() -> None:
    """But for what was created: that is read as it was answered."""
    with (
        served(Strict(conforming("kohort"), KOHORT, vary=True)) as url,
        httpx.Client(headers=TOKEN) as client,
    ):
        orders = [
            client.post(f"{url}/orders", json={"amount": 1999 + number}).json()
            for number in range(30)
        ]
        seen = [client.get(f"{url}/orders/{order['id']}").json() for order in orders]
        (first, second, *_) = (client.get(f"{url}/orders").json() for _ in range(30))
    assert any("unheardOf" in order for order in seen)
    assert [order["amount"] for order in seen] == [order["amount"] for order in orders]
    assert first.keys() <= second.keys()


def test_answers_can_be_slow() -> None:
    """Each waits as long as was said."""
    with served(Strict(conforming("kohort"), KOHORT, latency=0.3)) as url:
        started = time.monotonic()
        post(url, amount=1999)
        assert time.monotonic() - started >= 0.3


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize("name", nightly_after(1, ["kohort/create-order", *catalogue.shipped()]))
def test_verify_finds_nothing_to_fail_whatever_the_options(tmp_path: Path, name: str) -> None:
    """What a served sandbox adds keeps the contract.

    No clause of the page is violated, none is undecided.
    """
    api = name.partition("/")[0]
    with served(Strict(conforming(api), loading.load(api), vary=True, strict=True)) as url:
        status, report = verify(tmp_path, name, "--target", f"{api}={url}", "--fuzz", "0")
    assert (status, report["outcome"]) == (0, "pass")
    assert all(
        clause["outcome"] != "undecided" for run in report["runs"] for clause in run["clauses"]
    )


@pytest.mark.nightly
@pytest.mark.usefixtures("_credentials")
def test_a_served_fault_is_found_as_before(tmp_path: Path) -> None:
    """What is around the sandbox hides nothing of it."""
    with served(Strict(faulty("kohort", "amount-in-euros"), KOHORT)) as url:
        status, report = verify(tmp_path, "kohort", "--target", f"kohort={url}", "--fuzz", "0")
    assert status == 1
    assert outcomes(report, "create-order")["relation.amount.echo"] == "violated"


def test_a_latency_that_is_no_time_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, and what is expected."""
    assert main.run(["serve", "kohort", "--latency", "soon"]) == 2
    assert (
        capsys.readouterr().err
        == "contracts: --latency soon: expected seconds such as 0.2, or 200ms\n"
    )
