"""The fixtures of the installed plugin, from outside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CALLS = """
import httpx, pytest

KOHORT = "https://api.kohortpay.com/orders"
TOKEN = {"Authorization": "Bearer t"}
CLIENT = httpx.Client()


def order(url=KOHORT, **body):
    return CLIENT.post(url, json=body, headers=TOKEN)

"""


def outcome(pytester: pytest.Pytester, test: str, *options: str) -> pytest.RunResult:
    """Run one test file with the calls above."""
    pytester.makepyfile(CALLS + test)
    return pytester.runpytest(*options)


def test_create_then_join_works(pytester: pytest.Pytester) -> None:
    """The mock remembers: an order that joins by a share id is in the group of that share id."""
    test = """
def test_join(kohort_api):
    first = order(amount=1999, paymentGroupShareId=None).json()
    second = order(amount=500, paymentGroupShareId=first["paymentGroupShareId"]).json()
    assert second["paymentGroupId"] == first["paymentGroupId"]
    assert [exchange.status for exchange in kohort_api.exchanges] == [201, 201]
    assert order(amount=500, paymentGroupShareId="KHT-UNKNOWN").status_code == 404
"""
    outcome(pytester, test).assert_outcomes(passed=1)


def test_async_clients_are_held_to_the_contract_as_well(pytester: pytest.Pytester) -> None:
    """The same answers, the same complaints."""
    test = """
import asyncio

async def go(**body):
    async with httpx.AsyncClient() as client:
        return (await client.post(KOHORT, json=body, headers=TOKEN)).json()

def test_good(kohort_api):
    assert asyncio.run(go(amount=1999))["amount"] == 1999

def test_bad(kohort_api):
    asyncio.run(go(amount="1999"))

def test_elsewhere(kohort_api):
    async def elsewhere():
        async with httpx.AsyncClient() as client:
            await client.get("https://elsewhere.invalid/")
    asyncio.run(elsewhere())
"""
    done = outcome(pytester, test)
    done.assert_outcomes(passed=1, failed=2)
    done.stdout.fnmatch_lines(["amount is a string instead of a number"])
    done.stdout.fnmatch_lines(["*GET https://elsewhere.invalid/ is no address*"])


def test_a_swallowed_error_fails_the_test(pytester: pytest.Pytester) -> None:
    """A client that takes no notice of a 400, or of an exception, is told on all the same."""
    test = """
def test_swallows_a_status(kohort_api):
    assert order(amount=None).status_code == 400

def test_swallows_an_exception(kohort_api):
    try:
        order(url=KOHORT + "s", amount=1999)
    except Exception:
        pass
"""
    done = outcome(pytester, test)
    done.assert_outcomes(failed=2)
    done.stdout.fnmatch_lines(
        ["POST https://api.kohortpay.com/orderss is no address that a contract declares*"]
    )
    done.stdout.fnmatch_lines(["*nearest   POST https://api.kohortpay.com/orders"])


def test_a_test_that_fails_by_itself_shows_the_complaint_beside(pytester: pytest.Pytester) -> None:
    """The traceback is the test's own; why the server refused stands below it."""
    test = """
def test_it(kohort_api):
    order(amount="1999").raise_for_status()
"""
    done = outcome(pytester, test)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        ["*HTTPStatusError*", "*Captured contract call*", "amount is a string instead of*"]
    )


def test_the_nearest_route_is_one_of_all_mocks(pytester: pytest.Pytester) -> None:
    """With two mocks, a request that fits neither is told once, with the nearer of the two."""
    test = """
def test_it(komerza_api, kohort_api):
    order(url="https://api.komerza.com/store/7c0b0d6e-3d5b-4a49-9f1c-0a1f5f0f8b11/orders")
"""
    done = outcome(pytester, test)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*nearest   POST https://api.komerza.com/stores/{storeId}/orders"])


def test_other_services_may_be_mocked_beside(pytester: pytest.Pytester) -> None:
    """By routes on the mock's router, or by respx's own fixture, whichever of the two is older."""
    test = """
RATES = "https://rates.example/"

def test_on_the_router(kohort_api):
    kohort_api.router.get(RATES).respond(json=1)
    assert httpx.get(RATES).json() == 1

def test_after(kohort_api, respx_mock):
    respx_mock.get(RATES).respond(json=1)
    assert httpx.get(RATES).json() == 1
    assert order(amount=1999).is_success

def test_before(respx_mock, kohort_api):
    respx_mock.get(RATES).respond(json=1)
    assert httpx.get(RATES).json() == 1
    assert order(amount=1999).is_success
"""
    outcome(pytester, test).assert_outcomes(passed=3)


def test_a_mock_of_a_revision_at_an_address_of_ones_own(pytester: pytest.Pytester) -> None:
    """``contract_mock`` is a function that can also be entered; a base URL may have a path."""
    test = """
def test_called(contract_mock):
    api = contract_mock("kohort@1", base_url="http://localhost:9/kohort/v2/")
    assert order(url="http://localhost:9/kohort/v2/orders", amount=1999).status_code == 201
    assert len(api.exchanges) == 1

def test_entered(contract_mock):
    with contract_mock("komerza", base_url="http://localhost:9") as api:
        httpx.post("http://localhost:9/stores/7c0b0d6e-3d5b-4a49-9f1c-0a1f5f0f8b11/orders")

def test_unknown(contract_mock):
    contract_mock("kohorte")
"""
    done = outcome(pytester, test)
    done.assert_outcomes(passed=1, failed=2)
    done.stdout.fnmatch_lines(["*ContractBroken: the token is missing*"])
    done.stdout.fnmatch_lines(["*there is no contract named 'kohorte'*"])


def test_a_token_may_be_asked_for(pytester: pytest.Pytester) -> None:
    """With ``token=`` another one is refused and told; it is not shown."""
    test = """
def test_it(contract_mock):
    contract_mock("kohort", token="the-right-one")
    assert order(amount=1999).status_code == 401
"""
    done = outcome(pytester, test)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["the token is not the one that this mock was given"])
    done.stdout.no_fnmatch_line("*the-right-one*")


def test_what_nothing_promises_can_be_allowed(pytester: pytest.Pytester) -> None:
    """By place, by clause, all of it; by a call or a marker."""
    test = """
def test_told(kohort_api):
    order(amount=99, metadata={"count": 3})

def test_by_place(kohort_api):
    kohort_api.allow("/amount", "/metadata")
    assert order(amount=99, metadata={"count": 3}).is_success

def test_all(contract_mock):
    contract_mock("kohort", allow=["open"])
    assert order(amount=99, metadata={"count": 3}).is_success

@pytest.mark.contract_allows("open")
def test_by_a_marker(kohort_api):
    assert order(amount=99).is_success

@pytest.mark.contract_allows("request.amount.type")
def test_by_a_clause(kohort_api):
    assert order(amount="99").status_code == 400

@pytest.mark.contract_allows("open")
def test_open_is_not_invalid(kohort_api):
    order(amount="99")
"""
    done = outcome(pytester, test)
    done.assert_outcomes(passed=4, failed=2)
    done.stdout.fnmatch_lines(['*if it is meant: .allow("/metadata/count") on the mock*'])


def test_the_few_variants_and_a_wrong_choice(pytester: pytest.Pytester) -> None:
    """``few`` makes many edits at once; what is no choice is a wrong use."""
    test = """
@pytest.mark.contract_responses("few")
def test_few(komerza_api):
    pass
"""
    names = outcome(pytester, test, "--collect-only", "-q").stdout.lines
    found = [name.partition("[komerza:")[2].rstrip("]") for name in names if "[komerza:" in name]
    assert found == [
        "as-the-sandbox",
        "all-null",
        "all-absent",
        "longest-strings",
        "unknown-members",
        "status-200",
        "status-201",
    ]
    pytester.makepyfile(CALLS + test.replace("few", "many"))
    done = pytester.runpytest_subprocess()
    done.stdout.fnmatch_lines(["*contract_responses('many'): expected one of all, few*"])


def test_variants_of_a_mock_that_the_test_makes(pytester: pytest.Pytester) -> None:
    """The marker says which API is meant where no fixture does."""
    test = """
@pytest.mark.contract_responses("all", api="kohort")
def test_it(contract_mock):
    contract_mock("kohort")
    assert order(amount=1999).json()["riskLevel"] != "HIGHEST"
"""
    done = outcome(pytester, test, "-rf")
    assert done.parseoutcomes()["failed"] == 1
    done.stdout.fnmatch_lines(["*test_it?kohort:riskLevel=HIGHEST?*"])


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_what_the_tests_exercised_is_shown_on_demand(
    pytester: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    """The summary counts requests and names the clauses that no test was about.

    Also over xdist's workers.
    """
    test = """
def test_one(kohort_api):
    order(amount=1999, locale="en_US")

def test_two(kohort_api):
    order(amount=1999)
"""
    done = outcome(pytester, test, "--contract-coverage", *workers)
    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(["*contract coverage*", "kohort: 2 requests, * clauses exercised"])
    done.stdout.fnmatch_lines(["  not exercised: request.locale.fr_FR: locale may be fr_FR"])
    done.stdout.no_fnmatch_line("*not exercised: request.locale.en_US*")
    assert "contract coverage" not in outcome(pytester, test).stdout.str()


def test_an_unrelated_run_loads_next_to_nothing(tmp_path: Path) -> None:
    """The plugin imports nothing heavy in a run that mocks nothing."""
    (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
    (tmp_path / "conftest.py").write_text(
        "import sys\n\ndef pytest_unconfigure():\n"
        "    heavy = ('contracts.', 'httpx', 'respx', 'flask', 'jsonschema', 'schemathesis')\n"
        "    print('loaded:', sorted(n for n in sys.modules if n.startswith(heavy) and n != "
        "'contracts.plugin'))\n",
        encoding="utf-8",
    )
    done = subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:schemathesis",
            "-p",
            "no:respx",
            "-p",
            "no:hypothesispytest",
            "-p",
            "no:anyio",
            "-p",
            "no:cacheprovider",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
    )
    assert "loaded: []" in done.stdout, done.stdout + done.stderr
