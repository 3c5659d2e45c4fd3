"""The words of every kind of finding are pinned, and every report and pytest use the same."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from typing import Any

import pytest

from contracts.reports.formats import html as page
from contracts.reports.formats import junit, markdown, terminal
from contracts.reports.text import coverage, wording
from contracts.reports.text.causes import causes
from contracts.suite import ClauseOutcome, ClauseUnderTest

from .made import KINDS, report, run_of

GOLDEN = Path(__file__).parent / "golden"


def first(made: Any) -> wording.Words:
    """Put the first finding of a report into words."""
    run = made["runs"][0]
    return wording.words(made, run, run["findings"][0])


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_of_a_finding_are_these(kind: str) -> None:
    """Word for word, as the golden file has them."""
    assert first(KINDS[kind]()).text + "\n" == (GOLDEN / f"{kind}.txt").read_text(encoding="utf-8")


def test_every_golden_file_is_of_a_kind() -> None:
    """None is left over from a kind that is gone."""
    assert {path.stem for path in GOLDEN.iterdir()} == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_finding_has_five_parts(kind: str) -> None:
    """What happened, what the page says, the difference, how to see it again, whose move it is."""
    said = first(KINDS[kind]())
    assert len(said.parts) == len(wording.PARTS) == 5
    assert all(said.parts)
    assert len(said.rows) == sum(map(len, said.parts))


def folded(text: str) -> str:
    """Return a text in one line: the terminal breaks long lines at words."""
    return " ".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
def test_every_report_has_the_words(kind: str) -> None:
    """The terminal, HTML, Markdown and JUnit say what the wording module says.

    And nothing in other words.
    """
    made = KINDS[kind]()
    said = first(made)
    stream = io.StringIO()
    terminal.write(made, stream)
    assert folded(said.text) in folded(stream.getvalue())
    shown = html.unescape(page.render(made))
    marked = re.sub(r"\\([^\w\s])", r"\1", markdown.render(made))
    for text in said.rows.values():
        assert text in shown
        assert text.replace("\\", "") in marked.replace("\\", "")
    assert said.text in html.unescape(junit.render(made))


@pytest.mark.parametrize("kind", ["keyword", "relation", "refusal", "transport"])
def test_pytest_fails_with_the_words(kind: str) -> None:
    """The failure of a clause's test is the finding as the reports have it."""
    made = KINDS[kind]()
    run = made["runs"][0]
    under_test = ClauseUnderTest(run["api"], run["operation"], run["findings"][0]["clause"])
    with pytest.raises(pytest.fail.Exception) as failure:
        ClauseOutcome(made, under_test).check()
    assert str(failure.value) == first(made).text


def test_a_verdict_counts_the_clauses_that_fail_it() -> None:
    """Warnings and what is waived are not among them."""
    assert wording.verdict(KINDS["keyword"]()) == "no go: 1 clause violated"
    assert wording.verdict(KINDS["convention"]()).startswith("go; ")
    drifted: Any = {**KINDS["waived"](), "outcome": "fail"}
    assert wording.verdict(drifted) == "no go: something differs from the baseline"
    aborted = report(run_of(aborted="nothing answers"))
    assert wording.verdict(aborted) == "no verdict: nothing answers"


def test_what_fails_the_run_comes_first() -> None:
    """Then warnings, then what is waived."""
    runs = [KINDS[kind]()["runs"][0] for kind in ("waived", "convention", "keyword")]
    made: Any = {**KINDS["keyword"](), "runs": runs}
    assert [cause.kind for cause in causes(made)] == ["cause", "warning", "waived"]


def test_the_lines_of_the_page_are_quoted_where_it_is_at_hand() -> None:
    """Those that the clause cites; an empty line, and another page, say nothing."""
    made = KINDS["keyword"]()
    (name,) = made["runs"][0]["documents"]
    text = "\n".join("" if number == 206 else f"line {number}" for number in range(1, 226))
    for pages, quote in (({name: text}, "line 204 / line 205 / line 207 / line 208"), ({}, "")):
        rows = first(coverage.quoted(made, pages)).rows
        assert rows.get("quoted", "") == quote
        assert rows["address"] == "https://api-docs.kohortpay.com/orders/create-an-order"
