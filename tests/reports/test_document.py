"""The JSON report and the terminal's words: complete, free of secrets, harmless to print."""

from __future__ import annotations

import io
import json
import re
import shlex
import tomllib
from dataclasses import replace
from typing import Any

import pytest

from contracts.model import Basis, Explanation, Failure, Response
from contracts.reports import document, merging
from contracts.reports.formats import terminal
from contracts.reports.script import curl
from tests.helpers.builders import JSON_HEADERS, KOHORT

from .made import URL, broken, report, request, run_of


def test_the_report_has_the_members_of_its_format() -> None:
    """Format 1, as the architecture document gives it."""
    made = report(run_of(broken(riskLevel="NONE")))
    assert {"format", "outcome", "reason", "seed", "runs"} <= made.keys()
    assert (made["format"], made["outcome"], made["reason"], made["seed"]) == (
        "order-contracts/1",
        "fail",
        None,
        7,
    )
    (run,) = made["runs"]
    assert {
        "api",
        "operation",
        "target",
        "requests",
        "seconds",
        "clauses",
        "findings",
        "observations",
    } <= run.keys()
    assert (run["api"], run["operation"], run["target"], run["requests"]) == (
        "kohort",
        "create-order",
        URL,
        1,
    )
    (clause,) = [clause for clause in run["clauses"] if clause["id"] == "response.riskLevel.enum"]
    assert {"id", "statement", "basis", "source", "outcome", "exchanges", "why"} <= clause.keys()
    assert (clause["basis"], clause["outcome"], clause["exchanges"]) == ("document", "violated", 1)
    assert clause["source"]["document"] in KOHORT.documents
    assert clause["source"]["lines"] == [204, 208]
    assert run["observations"] == [{"id": "amount.zero", "behaviour": "accepted 201"}]


def test_a_finding_in_the_report_tells_all_that_is_needed_to_see_it_again() -> None:
    """Clause, place, expected, got, request, response and a curl command."""
    (finding,) = report(run_of(broken(riskLevel="NONE")))["runs"][0]["findings"]
    assert finding["clause"] == "response.riskLevel.enum"
    assert (finding["place"], finding["got"], finding["minimised"]) == (
        "/riskLevel",
        '"NONE"',
        False,
    )
    assert finding["request"]["body"] == '{"amount":100}'
    assert finding["request"]["url"] == "http://127.0.0.1:9000/v2/orders"
    assert finding["request"]["headers"]["Authorization"] == "Bearer $KOHORT_TOKEN"
    assert finding["response"]["status"] == 201
    assert json.loads(finding["response"]["body"])["riskLevel"] == "NONE"


def test_a_report_is_a_json_text() -> None:
    """What is written is read again as it was, odd characters in a body included."""
    one = broken(riskLevel="\x00\u202e\U0001f600")
    odd = replace(one, answer=Response(201, JSON_HEADERS, b'{"riskLevel":"\xff\\ud800"}'))
    made = report(run_of(one, replace(odd, value={"riskLevel": "x"})))
    assert json.loads(document.render(made)) == made


def test_an_answer_that_did_not_come_is_in_the_report() -> None:
    """A failure of the transport takes the place of the response."""
    failed = replace(broken(), answer=Failure("timeout", "more than 20 s passed"), value=None)
    (finding,) = report(run_of(failed))["runs"][0]["findings"]
    assert finding["response"] == {
        "failure": "timeout",
        "detail": "more than 20 s passed",
        "seconds": 0.1,
    }


@pytest.mark.parametrize(
    ("changes", "fail_on", "outcome"),
    [
        ({}, Basis.CONVENTION, "pass"),
        ({"status": "CASHBACK_SENT"}, Basis.STANDARD, "pass"),
        ({"status": "CASHBACK_SENT"}, Basis.CONVENTION, "fail"),
        ({"riskLevel": "NONE"}, Basis.DOCUMENT, "fail"),
    ],
)
def test_the_outcome_depends_on_the_weakest_basis_that_fails(
    changes: dict[str, Any], fail_on: Basis, outcome: str
) -> None:
    """A convention that is not kept warns, unless it is asked to fail."""
    assert report(run_of(broken(**changes)), fail_on=fail_on)["outcome"] == outcome


def test_a_run_that_was_not_carried_out_is_no_verdict() -> None:
    """Aborted counts for more than a violated clause, also when reports are put together."""
    passed, failed = report(run_of(broken())), report(run_of(broken(riskLevel="NONE")))
    aborted = report(run_of(broken(riskLevel="NONE"), aborted="nothing answers"))
    assert (aborted["outcome"], aborted["reason"]) == ("aborted", "nothing answers")
    assert merging.merge([passed, failed])["outcome"] == "fail"
    merged = merging.merge([passed, aborted, failed])
    assert (merged["outcome"], merged["reason"], len(merged["runs"])) == (
        "aborted",
        "nothing answers",
        3,
    )


def test_no_part_of_a_report_has_a_secret_that_the_server_echoes() -> None:
    """In a header, in the body and in what was got."""
    one = broken(riskLevel="my-secret-token")
    assert isinstance(one.answer, Response)
    echoing = replace(one.answer, headers=(*JSON_HEADERS, ("x-echo", "Bearer my-secret-token")))
    text = document.render(
        report(run_of(replace(one, answer=echoing)), secrets=("my-secret-token",))
    )
    assert "my-secret-token" not in text
    assert text.count("[redacted]") >= 3


@pytest.mark.parametrize(
    ("authorization", "shown"),
    [
        ("Bearer {token}", '"Authorization: Bearer $KOHORT_TOKEN"'),
        ("Bearer {token}x", '"Authorization: Bearer ${KOHORT_TOKEN}x"'),
        ("Basic {token}", '"Authorization: Basic $KOHORT_TOKEN"'),
        ("Bearer {unknown}", "'Authorization: Bearer order-contracts-unknown-token'"),
        ("", "'Authorization;'"),
    ],
)
def test_curl_names_the_variable_of_the_token(authorization: str, shown: str) -> None:
    """The token is a variable that the shell fills in; an empty header is sent as curl wants it."""
    assert f"--header {shown}" in curl(KOHORT, URL, request(authorization=authorization))


def test_curl_sends_the_very_body() -> None:
    """Quotes and shell characters come through; without a body there is no data option."""
    body = '{"a":"it\'s $HOME `x` \\u0000 é"}'
    words = shlex.split(curl(KOHORT, URL, request(body.encode())))
    assert words[words.index("--data-binary") + 1] == body
    assert words[:5] == [
        "curl",
        "--include",
        "--request",
        "POST",
        "http://127.0.0.1:9000/v2/orders",
    ]
    assert "--data-binary" not in curl(KOHORT, URL, request(None))
    assert "Authorization" not in curl(KOHORT, URL, request(authorization=None))


def printed(made: Any) -> str:
    """Write a report to a stream that is no terminal."""
    stream = io.StringIO()
    terminal.write(made, stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "evil", ["\x1b", "\x07", "\r", "\x9b", "\u202e", "\u2066", "\u200f", "\x00", "\n", "\u2028"]
)
def test_no_control_sequence_reaches_the_terminal(evil: str) -> None:
    """Neither from the server's words nor from its headers; each is written as an escape."""
    one = broken(riskLevel=f"a{evil}b")
    run = replace(run_of(one), target=f"http://x/{evil}")
    text = printed(report(run, replace(run_of(), aborted=f"so {evil} said")))
    assert evil == "\n" or evil not in text
    assert f"so \\u{ord(evil):04x} said" in text


def test_a_finding_is_printed_with_sentence_lines_expected_got_and_curl() -> None:
    """The five things that one has to know."""
    text = printed(report(run_of(broken(riskLevel="NONE"))))
    assert "violated: response.riskLevel.enum" in text
    (name,) = KOHORT.documents
    assert (
        f'riskLevel is "LOW" or "MEDIUM" or "HIGH" or "HIGHEST" (document: {name}, lines 204-208)'
        in " ".join(text.split())  # long lines break at words
    )
    assert '  got      "NONE"' in text
    assert "  again    curl --include --request POST http://127.0.0.1:9000/v2/orders" in text
    assert text.endswith(f"fail: no go: 1 clause violated (kohort at {URL}; seed 7)\n")


def test_a_convention_is_printed_as_a_warning() -> None:
    """With the reason of the reading."""
    text = printed(report(run_of(broken(status="CASHBACK_SENT"))))
    assert "warning: relation.status.created" in text
    reading = "reading the page does not say which status an order starts with"
    assert reading in " ".join(text.split())  # long lines break at words
    assert re.search(rf"pass: go; \d+ clauses not exercised \(kohort at {URL}; seed 7\)\n$", text)


def test_what_was_not_exercised_is_printed_with_its_reason() -> None:
    """Nothing is silently green."""
    text = " ".join(printed(report(run_of(broken()))).split())
    left_out = re.search(
        r"not exercised: (\S+, ){4}\S+ and \d+ more: no answered request of the plan decides it",
        text,
    )
    assert left_out
    assert text.count("no answered request of the plan decides it") == 1
    assert "pairs of field states: 3 of 4 sent" in text
    assert printed(report(run_of(aborted="why"))).endswith(
        f"aborted: no verdict: why (kohort at {URL}; seed 7)\n"
    )


def test_headers_without_end_are_cut() -> None:
    """As bodies are: a server can't make the report as long as it likes.

    What is left out is counted.
    """
    headers = (*JSON_HEADERS, *((f"x-{number}", "y" * 1_000) for number in range(100)))
    (run,) = report(
        run_of(replace(broken(riskLevel="NONE"), answer=Response(201, headers, b"{}")))
    )["runs"]
    shown = [one["response"]["headers"] for one in (run["exchanges"][0], run["findings"][0])]
    assert [(len(each), each[0], each[-1]) for each in shown] == [
        (6, ["content-type", "application/json"], ["…", "97 more headers"]),
        (22, ["content-type", "application/json"], ["…", "81 more headers"]),
    ]


def test_hints_of_several_rules_stand_together_in_one_file() -> None:
    """A file has a key once: each hint that shares one has in it what the others need as well."""

    def needs(*names: str) -> dict[str, Any]:
        return {"anyOf": [{"required": [name]} for name in names]}

    rules = ({"required": ["a"]}, needs("b", "c"), needs("d", "e"), {"amount": {"minimum": 3}})
    run = run_of(broken(riskLevel="NONE"))
    (finding,) = run.findings
    run = replace(
        run, findings=tuple(replace(finding, explanation=Explanation("", rule)) for rule in rules)
    )
    hints = [finding["hint"].splitlines()[1:] for finding in report(run)["runs"][0]["findings"]]
    assert hints[0] == ['preconditions.required = ["a"]']
    assert hints[1] == hints[2]
    options = tomllib.loads(hints[1][0])["preconditions"]["anyOf"]
    assert [set(option["required"]) for option in options] == [
        {"b", "d"},
        {"b", "e"},
        {"c", "d"},
        {"c", "e"},
    ]
    assert hints[3] == ["preconditions.amount.minimum = 3"]
