"""From exchanges to outcomes: what holds, what is violated, what can't be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from contracts.judge.message import words
from contracts.judge.outcomes import judge
from contracts.judge.results import root_cause
from contracts.model import (
    ABSENT,
    Case,
    Contract,
    Exchange,
    Failure,
    Finding,
    Outcome,
    Region,
    Response,
    Skipped,
)
from tests.helpers.builders import JSON_HEADERS, KOHORT, KOMERZA, exchange, order, response

TYPICAL = ("request.typical",)


def case(number: int, region: Region = Region.VALID, *decides: str, label: str = "a case") -> Case:
    """Make a case."""
    return Case(number, region, label, decides=decides)


def accepted(number: int = 1, sent: Any = None, **changes: Any) -> Exchange:
    """Make an exchange in which a plain order was accepted."""
    sent = sent or {"amount": 100}
    got = order(sent, **{"id": f"ord_{number}", **changes})
    return exchange(response(201, got), sent, case=case(number, Region.VALID, *TYPICAL))


def refused(
    number: int, status: int, *decides: str, region: Region = Region.INVALID, message: str = "no"
) -> Exchange:
    """Make an exchange that was refused."""
    return exchange(
        response(status, {"message": message}), {"amount": 1}, case=case(number, region, *decides)
    )


def outcomes(
    *exchanges: Exchange, skipped: Sequence[Skipped] = (), blame: Any = None
) -> dict[str, Outcome]:
    """Judge; give the outcome of each clause."""
    results, _ = judge(KOHORT, exchanges, skipped, blame)
    return {result.clause.id: result.outcome for result in results}


def findings(*exchanges: Exchange, blame: Any = None) -> list[Finding]:
    """Judge; give the findings."""
    return list(judge(KOHORT, exchanges, (), blame)[1])


def test_a_response_that_keeps_the_contract_has_no_finding() -> None:
    """Every clause of the response is held, each in the one exchange there is."""
    assert findings(accepted()) == []
    found = outcomes(accepted())
    assert {found[f"response.{name}.type"] for name in order()} == {Outcome.HELD}
    assert found["protocol.status"] is Outcome.HELD
    assert found["request.typical"] is Outcome.HELD


def test_there_is_one_result_for_every_clause_in_order() -> None:
    """Results come in the order of the contract, and none is left out."""
    results, _ = judge(KOHORT, [])
    assert [result.clause for result in results] == list(KOHORT.clauses)
    assert {result.outcome for result in results} == {Outcome.NOT_EXERCISED}
    assert all(result.why for result in results)


@pytest.mark.parametrize(
    ("changes", "clause", "place", "expected", "got"),
    [
        (
            {"riskLevel": "NONE"},
            "response.riskLevel.enum",
            "/riskLevel",
            '"LOW" or "MEDIUM" or "HIGH" or "HIGHEST"',
            '"NONE"',
        ),
        (
            {"customerEmail": None},
            "response.customerEmail.type",
            "/customerEmail",
            "string",
            "null",
        ),
        ({"amount": 1}, "relation.amount.echo", "/amount", "100, as sent", "1"),
        (
            {"locale": "en_US"},
            "relation.locale.default",
            "/locale",
            '"fr_FR", the default, since locale was left out',
            '"en_US"',
        ),
    ],
)
def test_a_finding_names_clause_place_expected_and_got(
    changes: dict[str, Any], clause: str, place: str, expected: str, got: str
) -> None:
    """One defect of a response is one finding, in its own words."""
    (finding,) = findings(accepted(1, **changes))
    assert (finding.clause.id, finding.place, finding.expected, finding.got) == (
        clause,
        place,
        expected,
        got,
    )
    assert outcomes(accepted(1, **changes))[clause] is Outcome.VIOLATED


def test_a_missing_member_breaks_required_alone() -> None:
    """Nothing else is held against what is not there."""
    got = order()
    del got["riskLevel"]
    (finding,) = findings(
        exchange(response(201, got), {"amount": 100}, case=case(1, Region.VALID, *TYPICAL))
    )
    assert finding.clause.id == "response.riskLevel.required"
    assert finding.got == "absent"


def test_findings_of_one_place_are_one_with_its_number() -> None:
    """The same violation in many answers is shown once, by the shortest valid request."""
    many = [
        accepted(number, {"amount": 100, "pad": "x" * (9 - number)}, riskLevel="NONE")
        for number in range(1, 8)
    ]
    opened = exchange(
        response(201, order(riskLevel="NONE", id="o")), {"amount": 100}, case=case(9, Region.OPEN)
    )
    (finding,) = findings(*many, opened)
    assert (finding.occurrences, finding.looks) == (8, 8)
    assert finding.exchange.case.number == 7


def test_findings_of_items_are_grouped_over_their_indexes() -> None:
    """Places that differ in array indexes alone are one, in one exchange."""
    items = [{"amount": 1, "quantity": 2, "lineTotal": 3}] * 4
    one = exchange(
        response(200, {"success": True, "data": {"id": "x", "items": items}}),
        parameters={"storeId": "s"},
    )
    _, found = judge(KOMERZA, [one])
    (finding,) = [
        finding for finding in found if finding.clause.id == "relation.data.items.lineTotal"
    ]
    assert (finding.place, finding.occurrences, finding.looks) == ("/data/items/0/lineTotal", 1, 1)


def test_every_kind_of_request_that_fails_is_a_finding() -> None:
    """Server errors are grouped by what was sent, and none is hidden behind others."""
    failing = [
        exchange(
            response(500),
            {"amount": 1},
            case=case(number, Region.OPEN, label=f"state {number % 9}"),
        )
        for number in range(2, 30)
    ]
    found = findings(accepted(), *failing)
    assert {finding.clause.id for finding in found} == {"robustness.no_server_error"}
    assert len(found) == 9
    assert {finding.expected for finding in found} == {"no 5xx"}


@pytest.mark.parametrize("status", [400, 401, 404, 409, 418, 422, 429, 499])
def test_any_4xx_is_a_refusal(status: int) -> None:
    """Which one it is, is no clause."""
    assert (
        outcomes(accepted(), refused(2, status, "request.amount.type"))["request.amount.type"]
        is Outcome.HELD
    )


@pytest.mark.parametrize("status", [200, 201, 202, 204, 302])
def test_what_must_be_refused_and_is_not_violates_its_clause(status: int) -> None:
    """A 2xx (and a 3xx) is no refusal."""
    assert (
        outcomes(accepted(), refused(2, status, "request.amount.type"))["request.amount.type"]
        is Outcome.VIOLATED
    )


def test_a_server_error_is_no_refusal_and_no_acceptance() -> None:
    """A 5xx violates the robustness clause; what it should have decided stays open."""
    found = outcomes(accepted(), refused(2, 500, "request.amount.type"))
    assert found["robustness.no_server_error"] is Outcome.VIOLATED
    assert found["request.amount.type"] is Outcome.NOT_EXERCISED


def test_an_accepted_invalid_request_is_not_held_to_the_response_clauses() -> None:
    """What should not have been accepted is one finding, not thirty."""
    wrong = exchange(
        response(200, {}), {"amount": "1"}, case=case(2, Region.INVALID, "request.amount.type")
    )
    assert [finding.clause.id for finding in findings(accepted(), wrong)] == ["request.amount.type"]


def test_an_open_request_may_be_either_but_an_acceptance_has_to_keep_the_contract() -> None:
    """A 4xx is no finding; a 2xx that breaks a clause is."""
    assert findings(accepted(), refused(2, 422, region=Region.OPEN)) == []
    taken = exchange(
        response(201, order({"amount": 0.1}, amount=0, id="o")),
        {"amount": 0.1},
        case=case(2, Region.OPEN),
    )
    assert [finding.clause.id for finding in findings(accepted(), taken)] == [
        "relation.amount.echo"
    ]


def test_when_the_plainest_request_is_refused_that_is_the_only_finding() -> None:
    """The root cause is said with the server's own words; what depends on it is undecided."""
    root = refused(
        1, 400, *TYPICAL, region=Region.VALID, message="The minimum purchase value is 3000"
    )
    others = [refused(number, 400, "request.combined", region=Region.VALID) for number in (2, 3)]
    blame = {1: TYPICAL, 2: (), 3: ()}
    (finding,) = findings(root, *others, blame=blame)
    assert finding.clause.id == "request.typical"
    assert finding.got == '400 "The minimum purchase value is 3000"'
    results, _ = judge(KOHORT, [root, *others], (), blame)
    left = {result.outcome for result in results if result.clause.id.startswith("response.")}
    assert left == {Outcome.UNDECIDED}
    why = next(result.why for result in results if result.clause.id == "response.id.type")
    assert (
        why
        == 'the sandbox does not accept the plainest request: 400 "The minimum purchase value is 3000"'  # noqa: E501
    )
    assert root_cause([root, *others]) is root


def test_a_refusal_is_hollow_where_its_body_is_refused_without_the_break_as_well() -> None:
    """Such a refusal holds no clause, and the reason says what came back."""
    minimal = replace(accepted(2), case=case(2, Region.VALID, "request.minimal"))
    broken = refused(3, 400, "request.amount.type")
    results, _ = judge(KOHORT, [minimal, broken], (), {}, hollow={3})
    (result,) = [one for one in results if one.clause.id == "request.amount.type"]
    assert result.outcome is Outcome.UNDECIDED
    assert result.why is not None
    assert result.why.startswith(
        "what was made invalid for it is refused without that as well: 400"
    )


def test_an_acceptance_is_a_violation_even_of_a_hollow_body() -> None:
    """What has to be refused and is accepted breaks its clause wherever it was broken."""
    taken = replace(accepted(3), case=case(3, Region.INVALID, "request.amount.type"))
    results, found = judge(KOHORT, [accepted(), taken], (), {}, hollow={3})
    (result,) = [one for one in results if one.clause.id == "request.amount.type"]
    assert result.outcome is Outcome.VIOLATED
    assert [finding.clause.id for finding in found] == ["request.amount.type"]


def test_blame_names_the_clauses_that_a_refusal_violates() -> None:
    """Without blame a refused valid request speaks against combinations.

    With it, against a state.
    """
    one = refused(2, 400, "request.locale.en_US", "request.combined", region=Region.VALID)
    assert outcomes(accepted(), one)["request.combined"] is Outcome.VIOLATED
    found = outcomes(accepted(), one, blame={2: ("request.locale.en_US",)})
    assert found["request.locale.en_US"] is Outcome.VIOLATED
    assert found["request.combined"] is Outcome.NOT_EXERCISED


def test_a_skipped_case_gives_its_reason() -> None:
    """A clause that only a skipped case could have decided says why it was not exercised."""
    skip = Skipped(case(2, Region.INVALID, "request.amount.type"), "the budget was used up")
    results, _ = judge(KOHORT, [accepted()], [skip])
    (result,) = [result for result in results if result.clause.id == "request.amount.type"]
    assert (result.outcome, result.why) == (Outcome.NOT_EXERCISED, "the budget was used up")


@pytest.mark.parametrize(
    ("kind", "clause"),
    [
        ("timeout", "robustness.answers"),
        ("closed", "robustness.answers"),
        ("too_large", "robustness.answers"),
        ("incomplete", "protocol.complete"),
        ("malformed", "protocol.http"),
        ("undecodable", "protocol.http"),
    ],
)
def test_a_failed_transport_violates_one_clause(kind: str, clause: str) -> None:
    """Each way in which an answer may fail to come belongs to one clause."""
    failed = exchange(Failure(kind, "what happened"), {"amount": 1}, case=case(2, Region.OPEN))
    (finding,) = findings(accepted(), failed)
    assert (finding.clause.id, finding.got) == (clause, "what happened")
    assert words(failed) == "no answer: what happened"


@pytest.mark.parametrize(
    ("headers", "body", "clause"),
    [
        ((), None, "protocol.media_type"),
        ((("content-type", "text/html"),), None, "protocol.media_type"),
        ((*JSON_HEADERS, *JSON_HEADERS), None, "protocol.single_headers"),
        ((("content-type", "application/json; charset=latin-1"),), None, "protocol.charset"),
        (JSON_HEADERS, b"\xef\xbb\xbf{answer}", "protocol.json"),
        (JSON_HEADERS, b"{answer} and more", "protocol.json"),
        (JSON_HEADERS, b"", "protocol.json"),
    ],
)
def test_the_message_itself_is_judged(headers: Any, body: bytes | None, clause: str) -> None:
    """Media type, headers and JSON text each have a clause, and nothing else is broken with it."""
    good = response(201, order())
    text = good.body if body is None else body.replace(b"{answer}", good.body)
    one = exchange(
        Response(201, headers, text), {"amount": 100}, case=case(1, Region.VALID, *TYPICAL)
    )
    assert {finding.clause.id for finding in findings(one)} == {clause}


def test_an_answer_that_is_nested_too_deep_to_be_read_is_not_accused() -> None:
    """What it says is unknown; where no other answer was read, that is why nothing is decided."""
    deep = b"[" * 300 + b"]" * 300
    text = response(201, order()).body[:-1] + b', "unknown": ' + deep + b"}"
    one = exchange(
        Response(201, JSON_HEADERS, text), {"amount": 100}, case=case(1, Region.VALID, *TYPICAL)
    )
    results, found = judge(KOHORT, [one])
    assert not found
    (result,) = [result for result in results if result.clause.id == "response.amount.type"]
    assert (result.outcome, result.left_out) == (Outcome.NOT_EXERCISED, "memory")
    assert (
        result.why == "every answer is larger than the suite reads: nested deeper than 200 levels"
    )
    results, _ = judge(KOHORT, [one, accepted(2)])
    assert not [result for result in results if result.left_out]


@pytest.mark.parametrize(
    "kind",
    ["Application/JSON", "application/json;charset=UTF-8", 'application/json; charset="utf-8"'],
)
def test_a_media_type_is_read_as_rfc_9110_writes_it(kind: str) -> None:
    """Case does not matter, nor do parameters that claim UTF-8."""
    one = exchange(
        Response(201, (("content-type", kind),), response(201, order()).body), {"amount": 100}
    )
    assert findings(one) == []


def test_another_success_status_violates_the_status_clause_alone() -> None:
    """200 where the page says 201."""
    one = exchange(response(200, order()), {"amount": 100}, case=case(1, Region.VALID, *TYPICAL))
    (finding,) = findings(one)
    assert (finding.clause.id, finding.expected, finding.got) == ("protocol.status", "201", "200")
    assert one.value is not ABSENT


def repeated(number: int, region: Region, **changes: Any) -> Exchange:
    """Make an exchange whose reference was that of order 1.

    By default answered with that very order.
    """
    sent = {"amount": 100, "clientReferenceId": "ref-1"}
    got = order(sent, **{"id": "ord_1", "clientReferenceId": "ref-1", **changes})
    return exchange(response(201, got), sent, case=case(number, region))


def clauses(*exchanges: Exchange, contract: Contract = KOHORT) -> list[str]:
    """Judge; give the clauses of what is found."""
    return [finding.clause.id for finding in judge(contract, exchanges)[1]]


FIRST = repeated(1, Region.VALID)


def test_an_order_that_is_there_already_is_no_new_one() -> None:
    """A server may answer a repeated reference with the order that has it.

    What comes after is judged as ever.
    """
    assert clauses(FIRST, repeated(2, Region.OPEN)) == []
    assert clauses(FIRST, repeated(2, Region.OPEN), accepted(3, amount=1)) == [
        "relation.amount.echo"
    ]


def test_the_status_of_a_success_is_that_of_what_is_made() -> None:
    """A server may answer 200 to a reference that comes again: it made the order before."""
    again = repeated(2, Region.OPEN)
    found = replace(again, answer=response(200, again.value))
    assert clauses(FIRST, found) == []
    assert clauses(FIRST, replace(found, case=case(2, Region.VALID))) == [
        "protocol.status",
        "relation.id.unique",
    ]


def test_a_body_that_comes_again_may_be_the_same_request() -> None:
    """A server may take what is sent twice for a double click: the whole answer is the same then.

    Where anything else differs, two orders have one id.
    """
    assert clauses(accepted(1), accepted(2, id="ord_1")) == []
    later = accepted(2, id="ord_1", updatedAt="2026-01-01T00:00:09.000Z")
    assert clauses(accepted(1), later) == ["relation.id.unique"]


def test_of_references_sent_at_once_either_request_may_have_made_the_order() -> None:
    """The first to arrive makes it, which need not be the first of the plan."""
    racing = [repeated(number, Region.OPEN, amount=2) for number in (1, 2)]
    racing = [replace(one, case=replace(one.case, together=True)) for one in racing]
    assert clauses(*racing) == []
    assert clauses(*(replace(one, case=replace(one.case, together=False)) for one in racing)) == [
        "relation.amount.echo"
    ]


def test_an_order_that_was_asked_for_anew_is_a_new_one() -> None:
    """Where it has to be made, or is another one, it is judged like all others."""
    assert clauses(FIRST, repeated(2, Region.VALID)) == ["relation.id.unique"]
    assert clauses(FIRST, repeated(2, Region.OPEN, id="ord_2", amount=1)) == [
        "relation.amount.echo"
    ]


def test_where_answers_tell_no_order_each_is_judged() -> None:
    """Nothing shows then whether there was such an order before."""
    unnamed = replace(KOHORT, operation=replace(KOHORT.operation, created=None))
    assert clauses(FIRST, repeated(2, Region.OPEN), contract=unnamed) == ["relation.id.unique"]
