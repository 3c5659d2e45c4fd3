"""The HTML report in Chromium: silent, operable by keyboard, accessible, harmless and quick."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from contracts.reports.formats import html
from contracts.reports.record import Report

from . import failing
from .opened import DESKTOP, PHONE, Opened

SECONDS = 10.0  # after which something hangs; two are usual, on a machine with nothing else to do
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="session")
def brief(folder: Path) -> Path:
    """Give the same with fewer clauses."""
    return written(folder / "brief.html", failing.brief(), failing.pages())


@pytest.fixture(scope="session")
def broken(folder: Path) -> Path:
    """Give the report of a failing run, with its pages."""
    return written(folder / "broken.html", failing.report(), failing.pages())


def written(path: Path, report: Report, pages: dict[str, str] | None = None) -> Path:
    """Write a report as HTML."""
    path.write_text(html.render(report, pages), encoding="utf-8")
    return path


def test_the_report_opens_from_disk_in_silence(browser: Browser, broken: Path) -> None:
    """No console message, no error, no request but for the file; the verdict is its heading."""
    opened = Opened(browser, broken)
    opened.page.wait_for_timeout(200)
    assert opened.unexpected == []
    assert opened.page.locator("h1").inner_text() == "No go"
    assert opened.page.locator(".finding").count() == len(
        [f for run in failing.report()["runs"] for f in run["findings"]]
    )


def test_the_policy_stops_what_it_does_not_know(browser: Browser, broken: Path) -> None:
    """A script or a style that is put in later does not run.

    The policy works, and is not only written.
    """
    opened = Opened(browser, broken)
    opened.page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.textContent = 'document.title = "owned"';
          document.body.append(script);
          document.body.insertAdjacentHTML('beforeend', '<p id="styled" style="position: fixed">x</p>');
        }"""  # noqa: E501
    )
    assert opened.page.title() != "owned"
    assert (
        opened.page.locator("#styled").evaluate("element => getComputedStyle(element).position")
        == "static"
    )


def test_filters_work_by_keyboard_and_the_fragment_restores_them(
    browser: Browser, broken: Path
) -> None:
    """Tab, type, read; whoever opens the address sees the same."""
    opened = Opened(browser, broken)
    every = opened.clauses()
    assert len(every) == sum(len(run["clauses"]) for run in failing.report()["runs"])
    opened.tab_to("nav a[href='#clauses']")
    opened.page.keyboard.press("Enter")
    opened.tab_to("#filters select[name=outcome]")
    opened.page.keyboard.type("violated")
    violated = opened.clauses()
    assert set(violated) == {
        f["clause"] for run in failing.report()["runs"] for f in run["findings"]
    }
    opened.tab_to("#filters input[name=text]")
    opened.page.keyboard.type("RISKlevel low")
    assert opened.clauses() == ["response.riskLevel.enum"]
    assert opened.page.locator("#count").inner_text() == f"1 of {len(every)} clauses"
    assert opened.fragment == "outcome=violated&text=RISKlevel+low"

    again = Opened(browser, broken, fragment=f"#{opened.fragment}")
    assert again.clauses() == ["response.riskLevel.enum"]
    assert again.page.locator("select[name=outcome]").input_value() == "violated"
    assert again.page.locator("input[name=text]").input_value() == "RISKlevel low"

    opened.tab_to("#filters button")
    opened.page.keyboard.press("Enter")
    assert opened.clauses() == every
    assert opened.fragment == "clauses"
    assert opened.unexpected == again.unexpected == []


def test_a_member_of_the_tree_leads_to_its_clauses(browser: Browser, broken: Path) -> None:
    """By keyboard."""
    opened = Opened(browser, broken)
    opened.tab_to("nav a[href='#coverage']")
    opened.page.keyboard.press("Enter")
    opened.tab_to("a[aria-label$=' of riskLevel']")
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator("#count")).to_have_text(re.compile("^4 of"))
    assert opened.clauses() == [
        "response.riskLevel.required",
        "response.riskLevel.type",
        "response.riskLevel.enum",
        "refusal.order",
    ]


def test_without_scripts_everything_is_shown(browser: Browser, broken: Path) -> None:
    """All clauses, and no filters that would do nothing."""
    opened = Opened(browser, broken, scripts=False)
    assert opened.page.locator("#filters").is_hidden()
    assert len(opened.clauses()) == sum(len(run["clauses"]) for run in failing.report()["runs"])


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_accessible(
    browser: Browser, brief: Path, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> None:
    """axe-core finds no serious violation in either scheme and width.

    And nothing is wider than the screen.
    """
    opened = Opened(browser, brief, size=size, scheme=scheme)
    opened.page.evaluate(
        "document.querySelectorAll('details').forEach(details => { details.open = true; })"
    )
    found = Axe().run(opened.page).response["violations"]
    assert [
        (one["id"], [node["html"] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in SERIOUS
    ] == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_what_a_server_sent_is_shown_as_text(browser: Browser, folder: Path) -> None:
    """Markup, scripts, escape sequences and characters that turn text around.

    All there, none obeyed.
    """
    opened = Opened(browser, written(folder / "hostile.html", failing.hostile()))
    opened.page.evaluate(
        "document.querySelectorAll('details').forEach(details => { details.open = true; })"
    )
    opened.page.wait_for_timeout(200)
    assert opened.unexpected == []
    text = opened.page.locator("body").inner_text()
    for part in (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(2)>",
        "\\u001b[2J",
        "\\u202egnp.exe",
        "&amp;",
    ):
        assert part in text
    assert opened.page.locator("img, iframe, form").count() == 0
    assert not {"\x1b", "\u202e", "\x00"} & set(text)


def test_a_large_report_opens(browser: Browser, folder: Path) -> None:
    """2,000 clauses and 500 findings are laid out, painted and filtered, in no time to speak of."""
    path = written(folder / "large.html", failing.large(2_000, 500))
    begun = time.monotonic()
    opened = Opened(browser, path)
    opened.page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    assert time.monotonic() - begun < SECONDS
    assert opened.page.locator("#clauses tbody tr").count() == 2_000
    assert opened.page.locator(".finding").count() == 500
    milliseconds = opened.page.evaluate(
        """() => {
          const field = document.querySelector('#filters input');
          const begun = performance.now();
          field.value = 'riskLevel';
          field.dispatchEvent(new Event('input', {bubbles: true}));
          document.body.getBoundingClientRect();
          return performance.now() - begun;
        }"""
    )
    assert milliseconds < 1_000 * SECONDS
