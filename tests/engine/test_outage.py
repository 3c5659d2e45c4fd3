"""A request that is not answered: the server would not read it, or it went down."""

from __future__ import annotations

import pytest

from contracts.engine import outage
from contracts.engine.sender import Sender
from contracts.errors import Unreachable
from contracts.judge.outcomes import judge
from contracts.model import Exchange, Failure, Kind, Region
from tests.helpers.builders import KOHORT, Reply, Scripted, order, plain_case, response, sender

CLOSED = Failure("closed", "the connection was closed without an answer")
CONNECT = Failure("connect", "no connection: refused")
GOOD = response(201, order())
HEAVY = b'"' + b"x" * outage.HEAVY_BODY + b'"'


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait, and ask a server that is down three times."""
    monkeypatch.setattr(outage, "PAUSES", (0.0, 0.0, 0.0))


def asked(*answers: Reply, body: object = None) -> tuple[Sender, Exchange]:
    """Send a case after one that was answered; return the sender and what came of it."""
    transport = Scripted(GOOD, *answers)
    asking = sender(transport)
    asking.send(plain_case())
    done = asking.send(plain_case(2, body, region=Region.OPEN, label="something odd"))
    assert isinstance(done, Exchange)
    assert len(transport.requests) == 1 + len(answers)
    return asking, done


def violated(asking: Sender) -> list[str]:
    """Return the clauses of robustness that the exchanges of a sender break."""
    _, findings = judge(KOHORT, asking.history)
    return [one.clause.id for one in findings if one.clause.kind is Kind.ROBUSTNESS]


def test_a_server_that_goes_down_again_is_a_finding() -> None:
    """It is waited for twice: before the case is sent again, and before the next one."""
    asking, done = asked(CLOSED, CONNECT, CONNECT, CONNECT, GOOD, CLOSED, CONNECT, GOOD)
    assert isinstance(done.answer, Failure)
    assert done.answer.kind == "down"
    assert violated(asking) == ["robustness.answers"]


def test_a_server_that_was_down_by_chance_is_none() -> None:
    """The same request is answered once it is back."""
    asking, done = asked(CLOSED, CONNECT, CONNECT, GOOD, GOOD)
    assert done.accepted
    assert violated(asking) == []


def test_a_server_that_is_restarted_twice_has_done_nothing() -> None:
    """Whoever restarts it does so as often as they like; each request is answered afterwards."""
    asking = sender(Scripted(GOOD, *[CLOSED, CONNECT, CONNECT, GOOD, GOOD] * 2))
    done = [asking.send(plain_case(number)) for number in (1, 2, 3)]
    assert all(isinstance(each, Exchange) and each.accepted for each in done)
    assert violated(asking) == []


def test_a_server_that_is_back_for_the_question_whether_it_is_has_done_nothing() -> None:
    """A restart that ends just then: the same request is answered when it is sent once more."""
    asking, done = asked(CLOSED, CLOSED, GOOD, GOOD)
    assert done.accepted
    assert violated(asking) == []


def test_a_server_that_stays_down_ends_the_run_with_a_finding() -> None:
    """What is known by then is judged."""
    transport = Scripted(GOOD, CLOSED, CONNECT)
    asking = sender(transport)
    asking.send(plain_case())
    with pytest.raises(Unreachable, match="nothing is answered any more since a request: odd"):
        asking.send(plain_case(2, region=Region.OPEN, label="odd"))
    assert violated(asking) == ["robustness.answers"]


def test_who_closes_the_connection_of_a_heavy_request_has_refused_it() -> None:
    """As long as the next request is answered; what it said is lost with the connection."""
    asking, done = asked(CLOSED, CLOSED, GOOD, body=HEAVY)
    assert isinstance(done.answer, Failure)
    assert done.answer.kind == "unread"
    assert violated(asking) == []


def test_who_closes_the_connection_of_a_light_request_fails() -> None:
    """The next request is answered, so the server is not down."""
    asking, done = asked(CLOSED, CLOSED, GOOD, CLOSED)
    assert done.answer == CLOSED
    assert violated(asking) == ["robustness.answers"]


def test_a_server_that_restarts_between_two_operations_is_waited_for() -> None:
    """The first request of an operation is sent again where another operation was answered."""
    asking = sender(Scripted(CONNECT, CONNECT, CONNECT, GOOD, GOOD), answered=True)
    done = asking.send(plain_case())
    assert isinstance(done, Exchange)
    assert done.accepted
    assert violated(asking) == []
