"""The HTML report, as far as it can be looked at without a browser."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from contracts.reports.formats import html
from contracts.reports.text import coverage, marking

from .made import KINDS, report, run_of


@pytest.mark.parametrize("element", ["style", "script"])
def test_the_policy_names_the_very_style_and_script(element: str) -> None:
    """By their hashes; everything else, the network too, is forbidden."""
    text = html.render(KINDS["keyword"]())
    (inline,) = re.findall(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy.startswith("default-src 'none'; ")
    assert f"{element}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_the_page_asks_no_network() -> None:
    """No address is loaded: what looks like one is text."""
    text = html.render(report(run_of()))
    assert not re.search(r"""(src|href)=["'](?!#)|url\(|@import""", text)


def test_a_member_that_broke_is_marked_in_the_response() -> None:
    """And nothing else is."""
    finding = KINDS["keyword"]()["runs"][0]["findings"][0]
    assert [line.text.strip() for line in marking.response(finding) if line.marked] == [
        '"riskLevel": "NONE",'
    ]
    assert not [line for line in marking.request(finding) if line.marked]


@pytest.mark.parametrize(
    ("kind", "requests", "responses"),
    [
        ("acceptance", [], ["400"]),
        ("refusal", ["(nothing at /amount)"], ["201"]),
        ("relation", ['"amount": 100'], ['"amount": 1,']),
        ("authorization", ["(no Authorization header)"], ["201"]),
        ("protocol", [], ["200"]),
        ("robustness", [], ["500"]),
        ("transport", [], ["no whole answer (timeout): more than 20 s passed"]),
    ],
)
def test_what_shows_the_violation_is_marked(
    kind: str, requests: list[str], responses: list[str]
) -> None:
    """In the request, in the response, or in both."""
    finding = KINDS[kind]()["runs"][0]["findings"][0]
    assert [line.text.strip() for line in marking.request(finding) if line.marked] == requests
    assert [line.text.strip() for line in marking.response(finding) if line.marked] == responses


@pytest.mark.parametrize(
    ("body", "place", "lines"),
    [
        ('{"a":1}', "/a", ["{", '!  "a": 1', "}"]),
        (
            '{"a":{"b":[1,2]}}',
            "/a/b/1",
            ["{", '  "a": {', '    "b": [', "      1,", "!      2", "    ]", "  }", "}"],
        ),
        ('{"a":{}}', "/a/b", ["{", '  "a": {', "!    (nothing at /a/b)", "  }", "}"]),
        ('{"a":1.10,"a":1e400}', None, ["{", '  "a": 1.10,', '  "a": 1e400', "}"]),
        ('{"a/b":"é"}', "/a~1b", ["{", '!  "a/b": "é"', "}"]),
        ("not JSON\nat all", "/a", ["not JSON", "at all"]),
        ("7", "", ["!7"]),
        ("[]", None, ["[]"]),
        ("[" * 100_000, "/0", ["[" * 100_000]),
        ("[" * 80 + "]" * 80, "/0", ["[" * 80 + "]" * 80]),
    ],
)
def test_a_body_is_laid_out_as_it_is(body: str, place: str | None, lines: list[str]) -> None:
    """No digit and no repeated name is lost; what is no JSON, or too deep, stays as it came."""
    assert [("!" if line.marked else "") + line.text for line in marking.body(body, place)] == lines


def test_a_tree_has_every_member_with_its_worst_outcome() -> None:
    """A member that broke is red, one that nothing looked at is not green."""
    (run,) = KINDS["keyword"]()["runs"]
    trees = {tree.name: tree for tree in coverage.trees(run)}
    assert trees.keys() == {"request", "response"}
    members = trees["response"].children
    assert len(members) == 24
    assert (members["riskLevel"].outcome, members["currency"].outcome) == ("violated", "held")
    assert trees["request"].children["amount"].outcome == "not exercised"
    assert coverage.worst([]) == "no clause"


def test_a_page_is_shown_line_by_line() -> None:
    """With the outcome of each line's clauses; lines that no clause cites are visible as such."""
    (run,) = KINDS["keyword"]()["runs"]
    (name,) = run["documents"]
    text = "\n".join(f"line {number}" if number % 2 else "" for number in range(1, 226))
    lines = coverage.page(run, name, text)
    by_number = {line.number: line for line in lines}
    assert [by_number[number].outcome for number in (3, 4, 205, 81)] == [
        "no clause",
        "blank",
        "violated",
        "held",
    ]
    assert [clause["id"] for clause in by_number[205].clauses] == ["response.riskLevel.enum"]
    shown = html.render(KINDS["keyword"](), {name: text})
    assert "The page, line by line" in shown
    assert shown.count('<span class="count none">no clause</span></div>') == sum(
        line.outcome == "no clause" for line in lines
    )
    assert "The page, line by line" not in html.render(KINDS["keyword"]())


def test_a_clause_about_a_whole_passage_tests_none_of_its_lines() -> None:
    """It is told above the page, and lines that nothing else cites stay visible as such."""
    (run,) = KINDS["keyword"]()["runs"]
    (name,) = run["documents"]
    wide = [clause["id"] for clause in coverage.passages(run, name)]
    assert "relation.customer.isolation" in wide
    lines = coverage.page(run, name, "text\n" * 225)
    assert not {clause["id"] for line in lines for clause in line.clauses} & set(wide)
    assert "no clause" in {line.outcome for line in lines[109:144]}
    assert "lines 110-144 as a whole" in html.render(KINDS["keyword"](), {name: "text\n" * 225})
