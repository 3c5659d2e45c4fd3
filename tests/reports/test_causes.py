"""Causes come first, with their findings below, in every format and over all shares of a run."""

from __future__ import annotations

import html
import io
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from contracts.reports import document, joining, merging
from contracts.reports.formats import github, junit, markdown, terminal
from contracts.reports.formats import html as page
from contracts.reports.text.causes import causes
from contracts.verify import waivers

from .made import broken, once, report, run_of

WRONG = once(lambda: report(run_of(broken(riskLevel="NONE", amount=1, status="CASHBACK_SENT"))))


def caused(*groups: tuple[str, list[int]], shard: str | None = None) -> Any:
    """Make a report of three findings, grouped into causes."""
    made = WRONG()
    (run,) = made["runs"]
    named = [
        {
            "id": str(number),
            "summary": summary,
            "clauses": [run["findings"][at]["clause"] for at in findings],
            "findings": findings,
            "fails": any(run["findings"][at]["basis"] != "convention" for at in findings),
            "same_as": None,
        }
        for number, (summary, findings) in enumerate(groups, 1)
    ]
    return {**made, "runs": [{**run, "shard": shard, "causes": named}]}


def written(made: Any) -> dict[str, str]:
    """Return a report in every format for people, each as plain words."""
    stream = io.StringIO()
    terminal.write(made, stream)
    texts = {
        "terminal": stream.getvalue(),
        "html": html.unescape(page.render(made)).partition("<body>")[2],
        "markdown": re.sub(r"\\([^\w\s])", r"\1", markdown.render(made)),
        "junit": html.unescape(junit.render(made)),
        "github": "\n".join(github.commands(made)),
    }
    return {name: " ".join(text.split()) for name, text in texts.items()}


@pytest.mark.parametrize("name", ["terminal", "html", "markdown", "github"])
def test_a_cause_stands_above_its_findings(name: str) -> None:
    """What fails the run first, though it was found last."""
    made = caused(("is a warning", [2]), ("fails the run", [0, 1]))
    assert [cause.summary for cause in causes(made)] == ["fails the run", "is a warning"]
    text = written(made)[name]
    places = [text.index("fails the run"), text.index(" (document: "), text.index("is a warning")]
    assert places == sorted(places)


def test_github_has_one_annotation_a_cause() -> None:
    """The other clauses of the cause are named in it."""
    made = caused(("all three", [0, 1, 2]))
    (command,) = github.commands(made)
    assert "also broken: " in command


def test_junit_says_of_each_failure_which_cause_it_is_of() -> None:
    """The causes are properties, before all cases; a failure begins with its cause."""
    made = caused(("is a warning", [2]), ("fails the run", [0, 1]))
    (suite,) = ET.fromstring(junit.render(made))  # noqa: S314 - our own text
    assert suite[0].tag == "properties"
    messages = [failure.get("message") for failure in suite.iter("failure")]
    assert messages
    assert all(str(message).startswith("cause 2: fails the run") for message in messages)
    assert all(str(f.text).startswith("cause 2: fails the run") for f in suite.iter("failure"))


def test_junit_names_target_and_environment() -> None:
    """As properties of the suite, with a property for each cause."""
    made: Any = {**caused(("all three", [0, 1, 2])), "environment": "staging"}
    root = ET.fromstring(junit.render(made))  # noqa: S314 - our own text
    properties = {p.get("name"): p.get("value") for p in root.iter("property")}
    assert properties["target"] == made["runs"][0]["target"]
    assert properties["environment"] == "staging"
    assert "all three" in str(properties["cause.1"])


def test_the_page_names_target_and_environment_and_leads_to_findings() -> None:
    """A row of a broken clause leads to its finding and to the exchange, which are there."""
    made: Any = {**caused(("all three", [0, 1, 2])), "environment": "staging"}
    text = page.render(made)
    header = text.partition("<header")[2].partition("</header>")[0]
    assert made["runs"][0]["target"] in html.unescape(header)
    assert "environment staging" in header
    links = re.findall(r'href="#((?:finding|exchange)-\d+)"', text)
    assert len(links) == 6
    assert all(f'id="{link}"' in text for link in links)
    assert text.count("data-copy=") == 9


def test_drift_that_failed_the_run_is_told_first() -> None:
    """Before the findings, in HTML and in Markdown; else below them."""
    changes = [
        {"api": "kohort", "new": [], "gone": ["response.id.type"], "still": [], "observations": []}
    ]
    made: Any = {**report(run_of(broken(status="CASHBACK_SENT"))), "drift": changes}
    for outcome, comes_first in (("fail", True), ("pass", False)):
        made["outcome"] = outcome
        text = page.render(made)
        assert (text.index('id="drift"') < text.index('id="findings"')) is comes_first
        plain = markdown.render(made)
        assert (plain.index("### Drift") < plain.index("#### ")) is comes_first


def test_causes_of_shares_are_put_together() -> None:
    """The same words, or the same clause at the same place, are one cause; no cause is lost."""
    one = caused(("a", [0]), ("b", [1, 2]), shard="1/2")
    two = caused(("a", [0]), ("c", [1]), ("d", [2]), shard="2/2")
    (run,) = merging.merge([one, two])["runs"]
    assert [cause["summary"] for cause in run["causes"]] == ["a", "b", "d"]
    told = sorted(number for cause in run["causes"] for number in cause["findings"])
    assert told == list(range(len(run["findings"])))
    for cause in run["causes"]:
        assert cause["clauses"] == [run["findings"][n]["clause"] for n in cause["findings"]]


def test_the_terminal_ends_with_the_causes_one_a_line() -> None:
    """Those that fail the run, once more where there are several, before the verdict."""
    made = caused(("is a warning", [2]), ("one thing", [0]), ("another thing", [1]))
    stream = io.StringIO()
    terminal.write(made, stream)
    *_, blank, first, second, space, verdict = stream.getvalue().splitlines()
    assert (blank, space) == ("", "")
    assert first.startswith("cause 2: one thing [")
    assert second.startswith("cause 3: another thing [")
    assert verdict.startswith("fail: no go")


@pytest.mark.parametrize("width", [60, 80, 160])
def test_long_lines_of_the_terminal_break_at_words(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for commands, which are copied whole, and words that are longer than the line.

    The first line and the last are for machines too, and stay whole.
    """
    monkeypatch.setenv("COLUMNS", str(width))
    stream = io.StringIO()
    terminal.write(caused(("a cause of very many words " * 12, [0, 1, 2])), stream)
    ours = stream.getvalue().rsplit("\n\n", 1)[0].partition("\n\n")[2]
    for line in ours.splitlines():
        command = re.match(r"  (again|pytest|replay) ", line)
        assert len(line) <= width or command or len(line.split()) == 1, line


def in_operations(*names: str, **changes: Any) -> Any:
    """Make a report in which each of some operations breaks the same, or what the changes say."""
    reports: list[Any] = []
    for name in names:
        (run,) = report(run_of(broken(riskLevel=changes.get(name))))["runs"]
        reports.append({**WRONG(), "runs": [{**run, "operation": name}]})
    return merging.collect(reports)


def test_one_defect_in_several_operations_is_told_once() -> None:
    """By the cause of the first, which names them all; each run keeps its own cause and its id."""
    made = in_operations("create", "read", "list")
    names = [cause["same_as"] for run in made["runs"] for cause in run["causes"]]
    assert names == [None, *[{"operation": "create", "id": "1"}] * 2]
    (cause,) = causes(made)
    assert cause.line.startswith("cause 1 in create, read and list: ")
    assert [run["operation"] for run, _ in cause.findings] == ["create", "read", "list"]
    texts = written(made)
    for name in ("html", "markdown", "github"):
        assert texts[name].count(cause.summary) == 1, name
    assert texts["junit"].count("cause 1, the same as cause 1 of create: ") >= 2
    assert texts["terminal"].count("contracts replay") == 1
    assert texts["terminal"].count(cause.line) == 1
    assert json.loads(document.render(made)) == made


def test_other_defects_of_a_member_are_told_apart() -> None:
    """A member that is null where orders are created, and another text where they are listed."""
    made = in_operations("create", "list", list="NONE")
    assert [cause.operations for cause in causes(made)] == [["create"], ["list"]]


def later_cause(created: Any, read: Any) -> Any:
    """Join the causes of two operations; give that of the later one."""
    runs: Any = [
        {
            "api": "kohort",
            "target": "embedded",
            "operation": name,
            "causes": [{"id": "1", "summary": name, "findings": [0]}],
            "findings": [{"kind": "relation", "clause": f"relation.{name}", **finding}],
        }
        for name, finding in (("create", created), ("list", read))
    ]
    _, later = joining.joined(runs)
    return later["causes"][0]["same_as"]


def test_what_is_not_read_with_a_wrong_value_is_told_with_it() -> None:
    """An order that is created with a wrong locale is read with the right one."""
    created = {"place": "/locale", "expected": '"fr_FR", the default', "got": '"en_US"'}
    read = {"place": "/data/1/locale", "expected": '"en_US", as created', "got": '"fr_FR"'}
    assert later_cause(created, read) == {"operation": "create", "id": "1"}


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("relation.group.joined", "relation.share.joins", True),
        ("relation.refusal.effect", "relation.refused.absent", True),
        ("relation.number.once", "relation.reference.once", True),
        ("relation.refusal.effect", "relation.share.joins", False),
        ("relation.count", "relation.pages", False),
    ],
)
def test_what_one_defect_does_in_two_operations_is_told_once(
    first: str, second: str, *, is_one: bool
) -> None:
    """A share id that is ignored, a refusal that leaves something, a reference taken twice."""
    created = {"clause": first, "place": "/a", "expected": "x", "got": "y"}
    read = {"clause": second, "place": "/data", "expected": "z", "got": "w"}
    assert (later_cause(created, read) is not None) is is_one


def test_a_waiver_of_a_defect_in_several_operations_names_them_all() -> None:
    """As all of them fail the run for it."""
    text = waivers.started(in_operations("create", "list"))
    assert text.count("[[waivers]]") == 1
    assert '"kohort/create",\\n    "kohort/list"' in text.replace("\n", "\\n")
