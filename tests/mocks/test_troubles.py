"""A mock misbehaves on demand, and then answers again."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings

import contracts
from contracts import ContractMock, UsageError
from contracts.mocks import troubles

URL = "https://api.kohortpay.com/orders"
CLIENT = httpx.Client(headers={"Authorization": "Bearer t"})


@pytest.fixture
def api() -> Iterator[ContractMock]:
    """Give a mock of Kohort."""
    with ContractMock("kohort") as mock:
        yield mock


def order(**body: object) -> httpx.Response:
    """Create an order."""
    return CLIENT.post(URL, json={"amount": 1999, **body})


def test_a_status_with_retry_after_then_an_answer(api: ContractMock) -> None:
    """Once, in the shape of the sandbox's own refusals."""
    assert api.fails(429, retry_after=1) is api
    refused = order()
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert refused.json()["statusCode"] == 429
    assert order().status_code == 201
    assert [exchange.status for exchange in api.exchanges] == [429, 201]


def test_several_times_and_one_after_the_other(api: ContractMock) -> None:
    """Troubles come in the order in which they were asked for."""
    api.fails(503, times=2).fails("reset")
    assert [order().status_code, order().status_code] == [503, 503]
    with pytest.raises(httpx.ReadError):
        order()
    assert order().status_code == 201


@pytest.mark.parametrize(
    "kind", [kind for kind in troubles.KINDS if kind not in ("malformed", "empty", "html")]
)
def test_a_failure_of_the_transport_is_what_httpx_would_raise(api: ContractMock, kind: str) -> None:
    """A client's handling of httpx.TransportError is what it meets; the request is remembered."""
    api.fails(kind)
    with pytest.raises(httpx.TransportError):
        order()
    assert len(api.exchanges) == 1
    assert api.exchanges[0].status is None


@pytest.mark.parametrize(("kind", "status"), [("malformed", 201), ("empty", 201), ("html", 502)])
def test_an_answer_that_is_no_json(api: ContractMock, kind: str, status: int) -> None:
    """A client that reads before it looks fails on it."""
    api.fails(kind)
    answer = order()
    assert answer.status_code == status
    with pytest.raises(ValueError, match=r"line 1"):
        answer.json()


def test_a_lost_answer_is_an_order_that_exists(api: ContractMock) -> None:
    """What was asked for a second time is refused: the reference is taken."""
    api.fails("lost")
    with pytest.raises(httpx.ReadTimeout):
        order(clientReferenceId="cart-1")
    assert order(clientReferenceId="cart-1").status_code == 400


def test_a_seeded_fault_by_its_id(api: ContractMock) -> None:
    """The state stays: an order that was made before the fault can be joined in it."""
    share = order(paymentGroupShareId=None).json()["paymentGroupShareId"]
    api.fails(fault="amount-in-euros", times=1)
    assert order(paymentGroupShareId=share).json()["amount"] == pytest.approx(19.99)
    assert order(paymentGroupShareId=share).json()["amount"] == 1999


def test_a_fault_of_what_the_sandbox_does(api: ContractMock) -> None:
    """One that is about groups begins anew and lasts."""
    api.fails(fault="group-lost")
    first = order(paymentGroupShareId=None).json()
    for _ in range(2):
        assert (
            order(paymentGroupShareId=first["paymentGroupShareId"]).json()["paymentGroupId"]
            != first["paymentGroupId"]
        )


@pytest.mark.parametrize(
    ("fault", "error"), [("cut-off", httpx.ReadError), ("hangs", httpx.ReadTimeout)]
)
def test_a_fault_of_the_connection_is_an_error_of_httpx(
    api: ContractMock, fault: str, error: type[httpx.TransportError]
) -> None:
    """The client meets what a broken connection makes, and the request is remembered."""
    api.fails(fault=fault)
    with pytest.raises(error):
        [order() for _ in range(10)]
    assert api.exchanges[-1].status is None


@pytest.mark.parametrize(("arguments", "words"), [
    ({}, "takes a status"),
    ({"what": 503, "fault": "amount-in-euros"}, "takes a status"),
    ({"what": 503, "times": 0}, "1 or more"),
    ({"what": "tiemout"}, "timeout"),
    ({"what": 200}, "is no failure"),
    ({"what": 999}, "no HTTP status"),
    ({"fault": "amount-in-dollars"}, "amount-in-euros"),
])  # fmt: skip
def test_wrong_use_says_what_there_is(
    api: ContractMock, arguments: dict[str, object], words: str
) -> None:
    """An unknown trouble, status or fault is an error that helps."""
    with pytest.raises(UsageError, match=words):
        api.fails(**arguments)  # type: ignore[arg-type]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contracts.responses("kohort"))
def test_answers_of_the_tests_own(body: dict[str, object]) -> None:
    """A body from the strategy of conforming responses, say; requests are checked all the same."""
    with ContractMock("kohort") as api:
        api.answers(body)
        assert order().json().keys() == body.keys()
        assert order(amount="1999").is_success
        with pytest.raises(AssertionError, match="amount is a string instead of a number"):
            api.verify()
        api.verify()  # told once
