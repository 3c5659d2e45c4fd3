"""The fixture with a port, and what a test is told that uses no httpx, or sends nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts import sandbox
from contracts.authoring.inputs import choose_page, pages_of_api
from contracts.authoring.start import start, start_api
from contracts.faults import embedded
from contracts.mocks.mock import ContractMock
from contracts.mocks.served import ContractServer
from contracts.mocks.site import Served, Site, listening
from contracts.mocks.strict import Strict
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import sample
from tests.authoring.test_library import EXAMPLE

CALLS = """
import json, time, urllib.request
import httpx, pytest

TOKEN = {"Authorization": "Bearer t"}


def order(server, **body):
    headers = {**TOKEN, "Content-Type": "application/json"}
    sent = urllib.request.Request(server.base_url + "/orders", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(sent, timeout=5) as answer:
        return json.load(answer)

"""


def outcome(pytester: pytest.Pytester, test: str) -> pytest.RunResult:
    """Run one test file with the calls above."""
    pytester.makepyfile(CALLS + test)
    return pytester.runpytest()


def test_clients_in_any_library_are_answered_and_checked(pytester: pytest.Pytester) -> None:
    """What was created is read; bugs fail the test; variants and troubles come over the port."""
    test = """
@pytest.fixture
def begun():
    return time.monotonic()

def test_good(begun, kohort_server):
    created = order(kohort_server, amount=1999)
    assert time.monotonic() - begun < 0.3
    read = httpx.get(f"{kohort_server.base_url}/orders/{created['id']}", headers=TOKEN)
    assert read.json() == created
    assert [each.status for each in kohort_server.exchanges] == [201, 200]

def test_troubles(kohort_server):
    url = kohort_server.base_url + "/orders"
    kohort_server.fails("reset")
    with pytest.raises(ConnectionError):
        order(kohort_server, amount=1999)
    kohort_server.fails("timeout")
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(url, headers=TOKEN, json={"amount": 1999}, timeout=0.2)
    kohort_server.fails(503)
    assert httpx.post(url, headers=TOKEN, json={"amount": 1999}).status_code == 503

@pytest.mark.contract_responses("few")
def test_varies(kohort_server):
    order(kohort_server, amount=1999)

def test_bug(kohort_server):
    httpx.post(kohort_server.base_url + "/orders", headers=TOKEN, json={"amount": "1999"})

def test_elsewhere(kohort_server):
    httpx.get(kohort_server.base_url + "/order")
"""
    done = outcome(pytester, test)
    done.assert_outcomes(passed=5, failed=2)
    done.stdout.fnmatch_lines(["amount is a string instead of a number"])
    done.stdout.fnmatch_lines(["GET http://127.0.0.1:*/order is no address that a contract*"])


def test_a_test_that_sends_nothing_is_told(pytester: pytest.Pytester) -> None:
    """Unless it says that it proves that."""
    test = """
def test_idle(kohort_api):
    pass

@pytest.mark.contract_allows("nothing")
def test_meant(kohort_server):
    pass
"""
    done = outcome(pytester, test)
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(
        ["the test asked for kohort at https://api.kohortpay.com and sent nothing through it"]
    )


def test_another_library_is_stopped_with_words(pytester: pytest.Pytester) -> None:
    """Its request does not leave the machine, and the test fails although the error is caught."""
    test = """
def test_it(kohort_api):
    try:
        urllib.request.urlopen("https://api.kohortpay.com/orders")
    except OSError:
        pass
"""
    done = outcome(pytester, test)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "api.kohortpay.com is mocked, and something else than httpx wants to connect to it*",
            "*its requests go through kohort_server, which has a base URL*",
        ]
    )


def test_a_given_answer_that_breaks_the_contract_is_warned_about(pytester: pytest.Pytester) -> None:
    """With the place, what is expected there, and the clause; one warning an answer."""
    test = """
def test_it(kohort_api):
    with pytest.warns(UserWarning, match="/livemode: expected .*response.livemode.required"):
        kohort_api.answers({"id": "ord_1"})
    assert httpx.post(kohort_api.base_url + "/orders", json={"amount": 1999}, headers=TOKEN).json()
"""
    outcome(pytester, test).assert_outcomes(passed=1)


def test_a_server_answers_httpx_beside_a_mock(pytester: pytest.Pytester) -> None:
    """A client may call one API through httpx and another one at a port, sync or async."""
    test = """
import asyncio

STORE = "/stores/6f1c2a52-8f0e-4c5e-9a56-0f5a3f1d7b01/orders"

def test_both(kohort_api, komerza_server):
    ordered = httpx.post(kohort_api.base_url + "/orders", json={"amount": 1999}, headers=TOKEN)
    sold = httpx.post(komerza_server.base_url + STORE, headers=TOKEN)
    assert (ordered.status_code, sold.is_success) == (201, True)

    async def sell():
        async with httpx.AsyncClient(headers=TOKEN) as client:
            return await client.post(komerza_server.base_url + STORE)

    assert asyncio.run(sell()).is_success

def test_elsewhere(kohort_api, komerza_server):
    try:
        httpx.get("http://127.0.0.1:9/")
    except AssertionError:
        pass
"""
    done = outcome(pytester, test)
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["GET http://127.0.0.1:9/ is no address that a contract declares"])


@pytest.mark.parametrize("kind", [ContractMock, ContractServer])
def test_what_takes_back_what_was_created_is_answered(
    kind: type[ContractMock], tmp_path: Path
) -> None:
    """It is declared for the clean-up of runs, and clients call it as well."""
    pages = pages_of_api(sorted((EXAMPLE / "pages").iterdir()))
    _, folder, *_ = start_api("library", pages, tmp_path)
    with kind(str(folder)) as mock, httpx.Client(headers={"Authorization": "Bearer t"}) as client:
        made = client.post(f"{mock.base_url}/loans", json=plain_loan(mock)).json()
        address = f"{mock.base_url}/loans/{made['id']}"
        assert made["id"] in client.get(f"{mock.base_url}/loans").text
        assert client.delete(address).is_success
        assert made["id"] not in client.get(f"{mock.base_url}/loans").text


def plain_loan(mock: ContractMock) -> Any:
    """Return the body of a plain loan."""
    (loan,) = (one for one in mock.operations if one.operation.name == "create-loan")
    return sample(plain_body(loan))


API_KEY = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "servers": [{"url": "https://notes.example.com"}],
    "security": [{"key": []}],
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "api_key"}}
    },
    "paths": {"/notes": {"get": {"responses": {"200": {"description": "The number of notes"}}}}},
}


def test_a_header_with_an_underscore_reaches_what_is_served(tmp_path: Path) -> None:
    """WSGI servers drop such names; api_key is a common one, and stays the name of its clause."""
    page = tmp_path / "notes.json"
    page.write_text(json.dumps(API_KEY))
    contract, folder = start("notes", choose_page([page]), tmp_path / "apis")
    with ContractServer(str(folder)) as mock:
        assert httpx.get(f"{mock.base_url}/notes", headers={"api_key": "any"}).is_success
    app = Strict(embedded.create_app(contract), contract)
    site = Site([Served(contract, app, "")], (), print)
    with listening(site, "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}/notes"
        assert httpx.get(url, headers={"api_key": sandbox.TOKEN}).is_success
        assert httpx.get(url).status_code == 401


def test_an_operation_with_a_required_query_parameter_is_served(tmp_path: Path) -> None:
    """What stands behind the question mark of a path is no part of the address of a request."""
    page = tmp_path / "notes.txt"
    page.write_text(
        "GET https://notes.example/notes\n\nQuery parameters\nword string required\n\n"
        "Response 200\nnotes array of strings required\n"
    )
    contract, _ = start("notes", choose_page([page]), tmp_path / "apis")
    assert contract.operation.path == "/notes?word={word}"
    app = Strict(embedded.create_app(contract), contract)
    site = Site([Served(contract, app, "")], (), print)
    with listening(site, "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}/notes"
        known = embedded.environment(contract)["NOTES_WORD"]
        assert httpx.get(url, params={"word": known}).is_success
        assert httpx.get(url).status_code == 404
