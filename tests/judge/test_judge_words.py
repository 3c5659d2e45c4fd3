"""What the judge says of every message, look by look: clause, outcome, place, expected, got."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.judge.message import FAILURE_CLAUSES, words
from contracts.judge.outcomes import checks, judge
from contracts.model import ABSENT, Case, Check, Exchange, Failure, Outcome, Region, Response
from tests.helpers.builders import JSON_HEADERS, KOHORT, KOMERZA, exchange, order, response

Told = tuple[str, bool, str, str, str]
GOOD = response(201, order()).body
PLAIN = Case(1, Region.VALID, "a plain request", decides=("request.typical", "request.combined"))


def told(one: Exchange, prefix: str, contract: Any = KOHORT, blame: Any = None) -> list[Told]:
    """Give the looks at the clauses that begin so, each a row; all of them at this exchange."""
    made = [look for look in checks(contract, [one], blame or {}) if look.clause.startswith(prefix)]
    assert all(look.exchange is one for look in made)
    return [(look.clause, look.ok, look.place, look.expected, look.got) for look in made]


def answered(
    headers: tuple[tuple[str, str], ...], body: bytes = GOOD, status: int = 201
) -> Exchange:
    """Make an exchange with that message."""
    return exchange(Response(status, headers, body), {"amount": 100}, case=PLAIN)


def protocol(**changes: tuple[bool, str, str, str]) -> list[Told]:
    """Give the looks at a message without fault, some of them changed."""
    rows = {
        "status": (True, "", "201", "201"),
        "media_type": (True, "", "application/json", "application/json"),
        "charset": (True, "", "utf-8, once at most", ""),
        "single_headers": (True, "", "each once", ""),
        "json": (True, "", "one JSON text", ""),
        "unique_names": (True, "", "one JSON text", ""),
        "unicode": (True, "", "one JSON text", ""),
    }
    return [(f"protocol.{name}", *row) for name, row in {**rows, **changes}.items()]


def test_a_message_without_fault_is_looked_at_in_seven_ways() -> None:
    """Each protocol clause is looked at once, and holds."""
    looks = [
        one
        for one in told(answered(JSON_HEADERS), "protocol.")
        if one[0] not in FAILURE_CLAUSES.values()
    ]
    assert looks == protocol()


@pytest.mark.parametrize(
    ("headers", "changes"),
    [
        ((), {"media_type": (False, "", "application/json", "no Content-Type")}),
        (
            (("content-type", " Text/HTML ; a=b"),),
            {"media_type": (False, "", "application/json", "text/html")},
        ),
        (
            (("content-type", "text/json"),),
            {"media_type": (False, "", "application/json", "text/json")},
        ),
        (
            (
                ("content-type", "text/plain"),
                ("content-type", "text/plain"),
                ("date", "1"),
                ("date", "1"),
            ),
            {
                "media_type": (False, "", "application/json", "text/plain"),
                "single_headers": (False, "", "each once", "content-type, date"),
            },
        ),
        (
            (("content-type", 'application/json; CharSet="latin-1"'),),
            {"charset": (False, "", "utf-8, once at most", '"latin-1"')},
        ),
        (
            (("content-type", "application/json; charset=utf-8; charset=UTF8"),),
            {"charset": (False, "", "utf-8, once at most", '"utf-8", "UTF8"')},
        ),
        (
            (("content-type", "application/json;charset=Utf8"),),
            {"charset": (True, "", "utf-8, once at most", '"Utf8"')},
        ),
        (
            (("content-type", "application/json; charset=US-ASCII"),),
            {"charset": (True, "", "utf-8, once at most", '"US-ASCII"')},
        ),
        (
            (("content-type", "application/json; charset = utf-8"),),
            {"charset": (True, "", "utf-8, once at most", '"utf-8"')},
        ),
        ((("content-type", "application/json; xcharset=latin-1"),), {}),
    ],
)
def test_headers_are_told_in_words(headers: Any, changes: dict[str, Any]) -> None:
    """What is wrong with a header is one look; the others hold."""
    looks = [
        one
        for one in told(answered(headers), "protocol.")
        if one[0] not in FAILURE_CLAUSES.values()
    ]
    assert looks == protocol(**changes)


@pytest.mark.parametrize(
    ("kind", "right"),
    [
        ("application/json", True),
        ("application/vnd.api-2.x+json", True),
        ("text/json", True),
        ("A/JSON", True),
        ("application/jsonp", False),
        ("application/xml", False),
        ("json", False),
        ("x y/json", False),
        ("", False),
    ],
)
def test_where_the_page_names_no_media_type_any_json_will_do(kind: str, right: bool) -> None:  # noqa: FBT001
    """A type with a JSON suffix is JSON as well (RFC 6839, section 3.1)."""
    one = exchange(Response(200, (("content-type", kind),), b"{}"), parameters={"storeId": "s"})
    (row,) = told(one, "protocol.media_type", KOMERZA)
    assert row == (
        "protocol.media_type",
        right,
        "",
        "a JSON media type",
        kind.lower() or "no Content-Type",
    )


def test_the_media_type_of_a_success_is_asked_for_only_where_the_page_says_what_a_success_is() -> (
    None
):
    """Without its status, the page's media type may be that of something else."""
    open_ended = replace(KOHORT, operation=replace(KOHORT.operation, success=None))
    one = answered((("content-type", "application/vnd.api+json"),))
    (row,) = told(one, "protocol.media_type", open_ended)
    assert row == ("protocol.media_type", True, "", "a JSON media type", "application/vnd.api+json")


def test_where_the_page_gives_no_number_any_2xx_will_do() -> None:
    """The status is looked at all the same."""
    for status in (200, 201, 299):
        one = exchange(Response(status, JSON_HEADERS, b"{}"), parameters={"storeId": "s"})
        assert told(one, "protocol.status", KOMERZA) == [
            ("protocol.status", True, "", "2xx", str(status))
        ]


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        (b"{", "json"),
        (GOOD[:-1] + b',"id":"again"}', "unique_names"),
        (GOOD.replace(b'"ord_1"', b'"\\ud800"'), "unicode"),
    ],
)
def test_a_text_that_is_no_good_json_is_told(body: bytes, clause: str) -> None:
    """The reader's own words are what was there; what can't be read can't hold a clause."""
    one = answered(JSON_HEADERS, body)
    (problem,) = dict(one.problems).values()
    rows = {row[0]: row[1:] for row in told(one, "protocol.")}
    assert problem
    assert rows[f"protocol.{clause}"] == (False, "", "one JSON text", problem)
    if one.value is ABSENT:
        assert not {"protocol.unique_names", "protocol.unicode"} & rows.keys()
    else:
        assert sum(row[0] for row in rows.values()) == len(rows) - 1


def test_an_answer_holds_the_clauses_of_robustness() -> None:
    """Every answer, a refusal too, is one look at each of them; a 5xx breaks one."""
    whole = dict.fromkeys(FAILURE_CLAUSES.values(), (True, "", "", ""))
    for status, ok in ((404, True), (499, True), (500, False), (503, False)):
        one = exchange(response(status), case=Case(1, Region.OPEN, "open"))
        rows = {row[0]: row[1:] for row in told(one, "") if not row[0].startswith("relation.")}
        assert rows == {**whole, "robustness.no_server_error": (ok, "", "no 5xx", str(status))}


@pytest.mark.parametrize(("kind", "clause"), FAILURE_CLAUSES.items())
def test_an_answer_that_did_not_come_is_told(kind: str, clause: str) -> None:
    """It breaks one clause, and nothing else is looked at."""
    failed = exchange(Failure(kind, "no more bytes"), {"amount": 1}, case=PLAIN)
    assert told(failed, "") == [
        (clause, False, "", "an answer, whole and in time", "no more bytes")
    ]


def test_decisions_are_told_in_words() -> None:
    """A refusal that did not come, and one that should not have come, with the reason.

    Else nothing to say.
    """
    bad = Case(1, Region.INVALID, "amount is a text", decides=("request.amount.type",))
    rows = [("request.amount.type", False, "", "a 4xx, since amount is a text", "201")]
    assert told(exchange(response(201), case=bad), "request.") == rows
    rows = [("request.amount.type", True, "", "a 4xx, since amount is a text", '422 "no"')]
    assert told(exchange(response(422, {"message": "no"}), case=bad), "request.") == rows
    rows = [("request.typical", True, "", "", ""), ("request.combined", True, "", "", "")]
    assert told(answered(JSON_HEADERS), "request.") == rows
    refused = exchange(response(400, {"error": "why"}), case=PLAIN)
    rows = [("request.combined", False, "", "a 2xx: the page asks for nothing else", '400 "why"')]
    assert told(refused, "request.") == rows
    refused = exchange(response(400, {"error": "why"}), case=replace(PLAIN, body={"amount": 100}))
    rows = [("request.combined", False, "", "a 2xx: every member is plausible", '400 "why"')]
    assert told(refused, "request.") == rows
    rows = [("request.typical", *rows[0][1:])]
    assert told(refused, "request.", blame={1: ("request.typical",)}) == rows
    for open_status in (400, 500):
        one = exchange(
            response(open_status), case=Case(1, Region.OPEN, "open", decides=("request.typical",))
        )
        assert told(one, "request.") == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (response(400, {"message": "no", "error": "other"}), '400 "no"'),
        (response(400, {"error": "other"}), '400 "other"'),
        (response(400, {"detail": "x"}), '400 "x"'),
        (response(400, {"title": "No", "detail": "x"}), '400 "No: x"'),
        (response(400, {"title": "No", "errors": ["a", {"message": "b"}]}), '400 "No: a; b"'),
        (response(400, {"error": {"code": 7, "message": "no"}}), '400 "no"'),
        (response(400, {"error": {"code": 7}}), '400 {"code": 7}'),
        (response(400, {"type": "about:blank"}), "400"),
        (response(400, ["x"]), '400 ["x"]'),
        (response(201, {"message": "made"}), "201"),
        (Response(502, (), b"Bad \xff Gateway"), '502 "Bad \\ufffd Gateway"'),
        (Response(502, (), b""), "502"),
        (Failure("timeout", "30 s"), "no answer: 30 s"),
    ],
)
def test_an_answer_in_a_few_words(answer: Any, said: str) -> None:
    """The status and the server's own message, where it has one and did not accept."""
    assert words(exchange(answer)) == said


def test_looks_that_hold_say_nothing_and_broken_ones_all() -> None:
    """A keyword that holds has a place only; a broken one says what it asked for."""
    one = answered(JSON_HEADERS, response(201, order(riskLevel="NONE")).body)
    rows = told(one, "response.riskLevel.")
    assert rows == [
        ("response.riskLevel.required", True, "/riskLevel", "", ""),
        ("response.riskLevel.type", True, "/riskLevel", "", ""),
        (
            "response.riskLevel.enum",
            False,
            "/riskLevel",
            '"LOW" or "MEDIUM" or "HIGH" or "HIGHEST"',
            '"NONE"',
        ),
    ]


def test_a_relation_is_silent_where_the_schema_is_broken() -> None:
    """An amount that is a text is one finding, not a second one because it is not what was sent."""
    one = answered(JSON_HEADERS, response(201, order(amount="100")).body)
    assert told(one, "relation.amount") == []
    assert {row[0] for row in told(one, "") if not row[1]} == {"response.amount.type"}


def test_results_count_the_exchanges() -> None:
    """Held, violated and undecided clauses say how often they were looked at.

    The others say why they were not.
    """
    good, bad = (
        answered(JSON_HEADERS),
        answered(JSON_HEADERS, response(201, order(riskLevel="NONE", id="b")).body),
    )
    results = {one.clause.id: one for one in judge(KOHORT, [good, bad, replace(good, number=3)])[0]}
    counted = {name: (results[name].outcome, results[name].exchanges) for name in results}
    assert counted["response.riskLevel.enum"] == (Outcome.VIOLATED, 3)
    assert counted["response.riskLevel.type"] == (Outcome.HELD, 3)
    assert counted["request.amount.type"] == (Outcome.NOT_EXERCISED, 0)
    refused = exchange(response(400), case=PLAIN)
    (undecided,) = [one for one in judge(KOHORT, [refused])[0] if one.clause.id == "protocol.json"]
    assert (undecided.outcome, undecided.exchanges) == (Outcome.UNDECIDED, 0)


def test_what_was_not_exercised_says_why() -> None:
    """A sentence for each kind of clause."""
    reasons = {one.clause.id: one.why for one in judge(KOHORT, [])[0]}
    assert reasons["response.id.type"] == "no accepted response had the member that it speaks of"
    assert reasons["relation.organizationId.constant"] == "fewer than two responses had the member"
    assert reasons["protocol.json"] == "no request was accepted"
    assert reasons["request.amount.type"] == "no answered request of the plan decides it"
    assert reasons["robustness.answers"] == "no answered request of the plan decides it"


def test_a_finding_shows_the_plainest_of_many() -> None:
    """A valid request before an open one, then the shortest.

    Its own look is the one that is told.
    """

    def broken(number: int, region: Region, pad: str, level: str) -> Exchange:
        got = order(riskLevel=level, id=str(number))
        return exchange(
            response(201, got),
            {"amount": 100, "pad": pad},
            case=Case(number, region, f"case {number}"),
        )

    many = [
        broken(1, Region.OPEN, "", "A"),
        broken(2, Region.VALID, "xxx", "B"),
        broken(3, Region.VALID, "x", "C"),
        broken(4, Region.VALID, "xx", "D"),
    ]
    (finding,) = [
        one for one in judge(KOHORT, many)[1] if one.clause.id == "response.riskLevel.enum"
    ]
    assert (finding.exchange.number, finding.got, finding.place, finding.occurrences) == (
        3,
        '"C"',
        "/riskLevel",
        4,
    )


def test_a_look_is_a_plain_record() -> None:
    """What is not said is empty."""
    one = answered(JSON_HEADERS)
    assert Check("a", one, ok=True) == Check("a", one, True, "", "", "")  # noqa: FBT003


def test_each_place_of_a_clause_has_a_finding() -> None:
    """Two members that show another order's data are two findings of one clause."""
    first = exchange(
        response(201, order(id="1", metadata={"note": "of one"}, clientReferenceId="ref-of-one")),
        {"amount": 100, "metadata": {"note": "of one"}, "clientReferenceId": "ref-of-one"},
        case=Case(1, Region.VALID, "a case"),
    )
    got = order(id="2", metadata={"note": "of one"}, clientReferenceId="ref-of-one")
    second = exchange(response(201, got), {"amount": 100}, case=Case(2, Region.VALID, "a case"))
    found = [
        one for one in judge(KOHORT, [first, second])[1] if one.clause.id == "relation.isolation"
    ]
    assert [(one.place, one.got) for one in found] == [
        ("/clientReferenceId", '"ref-of-one", which request 1 was sent'),
        ("/metadata", '"of one", which request 1 was sent'),
    ]
