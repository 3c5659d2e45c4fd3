"""Sending.

Within the budget, never past what makes a run unsafe, and with what earlier answers handed out.
"""

from __future__ import annotations

from typing import Any

import pytest

from contracts.engine import pace
from contracts.engine.pace import MOST_HANGS
from contracts.engine.sender import Sender
from contracts.errors import CredentialsRefused, LiveModeMet, Unreachable
from contracts.model import ABSENT, Exchange, Failure, Region, Skipped
from contracts.planning.bodies.templates import HandedOut
from tests.helpers.builders import KOMERZA, Scripted, order, plain_case, response, sender

CONNECT = Failure("connect", "no connection: refused")
CLOSED = Failure("closed", "the connection was closed without an answer")


def exchanged(done: Exchange | Skipped) -> Exchange:
    """Take what has to be an exchange."""
    assert isinstance(done, Exchange)
    return done


def skipped(done: Exchange | Skipped) -> str:
    """Take what has to have been skipped; give the reason."""
    assert isinstance(done, Skipped)
    return done.why


def test_a_request_is_made_of_the_case() -> None:
    """Method, path, headers and body; the token stays a name in braces."""
    transport = Scripted(response(201, order()))
    done = exchanged(
        sender(transport).send(plain_case(3, {"amount": 100, "clientReferenceId": "order-{fresh}"}))
    )
    request = done.request
    assert (request.method, request.path) == ("POST", "/orders")
    assert ("Authorization", "Bearer {token}") in request.headers
    assert ("Content-Type", "application/json") in request.headers
    assert request.body == b'{"amount":100,"clientReferenceId":"order-abcdef12003"}'
    assert request.value == {"amount": 100, "clientReferenceId": "order-abcdef12003"}
    assert transport.requests == [request]


def test_no_body_is_no_body() -> None:
    """An absent body has neither bytes nor a media type; bytes are sent as they are."""
    transport = Scripted(response(201, order()))
    absent = exchanged(sender(transport).send(plain_case(body=ABSENT))).request
    assert (absent.body, absent.value) == (None, ABSENT)
    assert "Content-Type" not in dict(absent.headers)
    raw = exchanged(sender(transport).send(plain_case(body=b'{"amount":'))).request
    assert (raw.body, raw.value) == (b'{"amount":', ABSENT)


def test_fresh_text_can_be_that_of_an_earlier_case() -> None:
    """``{fresh:1}`` is what case 1 was sent with."""
    one = sender(Scripted(response(201, order())))
    first = exchanged(one.send(plain_case(1, {"r": "{fresh}"}))).request.value
    again = exchanged(one.send(plain_case(2, {"r": "{fresh:1}", "s": "{fresh}"}))).request.value
    assert again["r"] == first["r"] != again["s"]


def test_what_was_handed_out_is_referred_to() -> None:
    """A marker becomes what the first of its cases got; with nothing there the case is skipped."""
    transport = Scripted(
        response(400, {"customerId": "no"}), response(201, order(customerId="cus_7"))
    )
    one = sender(transport)
    marker = {"customerId": HandedOut("/customerId", (1, 2))}
    one.send(plain_case(1))
    assert (
        skipped(one.send(plain_case(3, marker)))
        == "the sandbox handed out nothing at /customerId to refer to"
    )
    one.send(plain_case(2))
    assert exchanged(one.send(plain_case(3, marker))).request.value == {"customerId": "cus_7"}


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (None, "/stores/ab-1/orders"),
        ("{storeId:altered}", "/stores/ab-2/orders"),
        ("{storeId:cut}", "/stores/ab-/orders"),
        ("{storeId:extended}", "/stores/ab-10/orders"),
        ("{storeId:capitals}", "/stores/AB-1/orders"),
        ("{storeId:bare}", "/stores/ab1/orders"),
        ("{{storeId}}", "/stores/%7Bab-1%7D/orders"),
        ("a/b?c#d", "/stores/a%2Fb%3Fc%23d/orders"),
    ],
)
def test_path_parameters_are_put_in_and_spoiled(value: str | None, path: str) -> None:
    """A case may spoil a path parameter; whatever it is, it stays one segment of the path."""
    one = sender(Scripted(response(200, {})), KOMERZA, parameters={"storeId": "ab-1"})
    case = plain_case(path={} if value is None else {"storeId": value})
    assert exchanged(one.send(case)).request.path == path


def test_a_case_whose_credential_is_missing_is_skipped_and_names_the_variable() -> None:
    """The reason says what to set."""
    one = sender(Scripted(response(200, {})), KOMERZA, parameters={"storeId": "a"})
    why = skipped(one.send(plain_case(needs="token_without_permission")))
    assert why == "set KOMERZA_TOKEN_WITHOUT_PERMISSION to exercise it"
    assert one.requests == 0
    ready = sender(
        Scripted(response(403, {})),
        KOMERZA,
        parameters={"storeId": "a"},
        available=frozenset({"token_without_permission"}),
    )
    case = plain_case(needs="token_without_permission", region=Region.INVALID)
    assert exchanged(ready.send(case)).refused


def test_the_budget_is_a_hard_cap() -> None:
    """No request beyond it reaches the transport, whoever asks.

    Plan, retries, waiting or follow-ups.
    """
    transport = Scripted(response(201, order()))
    one = sender(transport, budget=3)
    done = [one.send(plain_case(number)) for number in range(1, 6)]
    assert [isinstance(each, Exchange) for each in done] == [True, True, True, False, False]
    assert skipped(one.send_further(plain_case())) == "the budget of 3 requests was used up"
    assert (len(transport.requests), one.requests, one.left) == (3, 3, 0)


@pytest.mark.usefixtures("pauses")
@pytest.mark.parametrize(
    "answer", [CLOSED, response(429, retry_after="1"), Failure("timeout", "late")]
)
def test_the_budget_caps_what_fails_as_well(answer: Any) -> None:
    """Retries and waiting are paid for from the same budget."""
    transport = Scripted(answer)
    one = sender(transport, budget=5, patience=1e9, deadline=1.0)
    for number in range(1, 9):
        one.send(plain_case(number))
    assert len(transport.requests) == 5


def test_a_failed_transport_is_tried_once_more() -> None:
    """The second try may succeed, and its answer is the one that counts."""
    transport = Scripted(CLOSED, response(201, order()))
    one = sender(transport)
    assert exchanged(one.send(plain_case())).accepted
    assert one.requests == 2


def test_a_retried_request_has_a_fresh_reference() -> None:
    """What was sent once may have been made.

    So the second try does not repeat what has to be unique.
    """
    transport = Scripted(CLOSED, response(201, order()))
    sender(transport).send(plain_case(1, {"clientReferenceId": "{fresh}"}))
    first, second = (request.value["clientReferenceId"] for request in transport.requests)
    assert first != second


def test_a_transport_that_fails_twice_is_a_failed_exchange() -> None:
    """No third try, no crash."""
    transport = Scripted(CLOSED)
    one = sender(transport)
    assert exchanged(one.send(plain_case())).answer is CLOSED
    assert one.requests == 2


def test_a_connection_that_is_refused_twice_ends_the_run() -> None:
    """Nothing listens: the run can't be carried out, and the text names the target."""
    words = r"^scripted: no connection: refused; is it running\? verify --wait 60 waits for it$"
    with pytest.raises(Unreachable, match=words):
        sender(Scripted(CONNECT)).send(plain_case())


def test_a_connection_that_is_refused_once_is_made_again() -> None:
    """A server that was restarting is no finding."""
    one = sender(Scripted(CONNECT, response(201, order())))
    assert exchanged(one.send(plain_case())).accepted
    assert all(exchange.status == 201 for exchange in one.history)


def test_a_server_that_hangs_is_left_alone_after_a_while() -> None:
    """After a few requests without an answer in time no more are sent."""
    transport = Scripted(Failure("timeout", "more than 1 s passed"))
    one = sender(transport, deadline=1.0)
    done = [one.send(plain_case(number)) for number in range(1, 20)]
    assert len(transport.requests) == MOST_HANGS
    assert "were not answered in time" in skipped(done[-1])


def test_live_mode_stops_the_run_at_once() -> None:
    """An answer from live mode means that this is no sandbox; what was made is named."""
    transport = Scripted(response(201, order(livemode=True, id="ord_live")))
    one = sender(transport)
    with pytest.raises(LiveModeMet) as caught:
        one.send(plain_case())
    assert "livemode true: it is not a sandbox" in str(caught.value)
    assert "ord_live" in str(caught.value)
    assert len(transport.requests) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_end_the_run_after_one_confirming_request(status: int) -> None:
    """Two requests are enough to know that nothing can be learned."""
    transport = Scripted(response(status, {"message": "no"}))
    with pytest.raises(CredentialsRefused, match="check KOHORT_TOKEN"):
        sender(transport).send(plain_case(1, {"amount": 100, "locale": "en_US"}))
    assert len(transport.requests) == 2


def test_a_single_refusal_of_one_request_is_no_refusal_of_the_credentials() -> None:
    """Where the plainest request passes, the 403 belongs to what was sent."""
    one = sender(Scripted(response(403, {}), response(201, order())))
    assert exchanged(one.send(plain_case(1, {"amount": 100, "locale": "en_US"}))).refused


def test_a_refused_authorization_case_says_nothing_about_the_credentials() -> None:
    """An invalid request is meant to be refused."""
    one = sender(Scripted(response(401, {})))
    assert exchanged(one.send(plain_case(region=Region.INVALID, authorization=None))).refused
    assert one.requests == 1


def test_what_was_created_is_remembered() -> None:
    """The ids of accepted answers, in order, whatever their type."""
    answers = response(201, order(id="a")), response(400, order(id="b")), response(201, order(id=7))
    one: Sender = sender(Scripted(*answers))
    for number in (1, 2, 3):
        one.send(plain_case(number))
    assert one.created() == ("a", "7")


def test_further_cases_get_numbers_of_their_own() -> None:
    """None that was planned, none twice."""
    one = sender(Scripted(response(201, order())))
    one.reserve(10)
    numbers = [exchanged(one.send_further(plain_case())).number for _ in range(3)]
    assert numbers == [11, 12, 13]


def test_answers_that_take_too_much_memory_end_the_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left is skipped with a reason, and nobody is accused.

    Small answers are not counted, and large ones that are the same are kept and counted once.
    """
    monkeypatch.setattr(pace, "ROOM", 100_000)
    same, *others = (order(metadata={"note": x * pace.SMALL}) for x in "abc")
    answers = [order(), same, same, same, same, *others, order()]
    one = sender(Scripted(*(response(201, answer) for answer in answers)))
    done = [exchanged(one.send(plain_case(number))) for number in range(1, 8)]
    assert all(exchange.accepted for exchange in done)
    assert all(exchange.value is done[1].value for exchange in done[2:5])
    why = "the answers before it take more than 0 MB, all that a run may take"
    assert skipped(one.send(plain_case(8))) == why
    assert one.requests == 7


def test_a_key_that_was_good_before_may_have_expired() -> None:
    """The abort says so."""
    one = sender(Scripted(response(201, order()), response(201, order()), response(401)))
    one.send(plain_case(1))
    one.send(plain_case(2))
    with pytest.raises(
        CredentialsRefused, match="which were good for 2 orders before: they may have expired"
    ):
        one.send(plain_case(3))
