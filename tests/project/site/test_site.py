"""The documentation site that `tox run -e docs` builds: whole, linked, and without network."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
import yaml
from lxml import html

from contracts.cli.main import COMMANDS
from contracts.errors import EXIT_STATUSES
from contracts.judge.operators import OPERATORS

ROOT = Path(__file__).parents[3]
SITE = ROOT / "build" / "site"
PAGES = sorted(SITE.rglob("*.html"))
FETCHED = {"script": "src", "link": "href", "img": "src", "source": "src", "iframe": "src"}


@cache
def parsed(page: Path) -> html.HtmlElement:
    """Return a page as elements."""
    return html.document_fromstring(page.read_bytes())


def target(page: Path, link: str) -> Path:
    """Return the file that a link of a page leads to."""
    path = unquote(urlsplit(link).path)
    place = SITE / path.lstrip("/") if path.startswith("/") else page.parent / path
    file = place.resolve() if path else page
    return file / "index.html" if file.is_dir() else file


def text(name: str) -> str:
    """Return what a page of the reference says."""
    return str(parsed(SITE / "reference" / name / "index.html").text_content())


def test_the_site_is_built() -> None:
    """A page for each entry of the navigation, and for each page of docs/."""
    pages = re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    written = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert written <= set(pages)
    for name in pages:
        folder = SITE if name == "index.md" else SITE / name.removesuffix(".md")
        assert (folder / "index.html").is_file(), f"{name} is not built: tox run -e docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(SITE)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """Files and anchors that links and pictures of a page name are there."""
    links = [str(link) for link in parsed(page).xpath("//a/@href | //img/@src")]
    for link in links:
        if urlsplit(link).scheme or page.name == "404.html":
            continue
        file, anchor = target(page, link), unquote(urldefrag(link).fragment)
        assert file.is_file(), f"{link} leads nowhere"
        if anchor and file.suffix == ".html":
            names = parsed(file).xpath("//@id | //a/@name")
            assert anchor in names, f"{link}: {file.relative_to(SITE)} has no such anchor"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(SITE)))
def test_a_page_fetches_nothing_from_elsewhere(page: Path) -> None:
    """Scripts, styles, fonts and pictures come with the site."""
    for name, attribute in FETCHED.items():
        for value in parsed(page).xpath(f"//{name}/@{attribute}"):
            assert not urlsplit(value).netloc, value


def test_styles_fetch_nothing_from_elsewhere() -> None:
    """Nor does a style sheet."""
    styles = [path.read_text(encoding="utf-8") for path in SITE.rglob("*.css")]
    assert styles
    assert not [url for style in styles for url in re.findall(r"url\([\"']?(https?:[^)]*)", style)]


def test_the_reference_names_all_there_is() -> None:
    """Commands, exit statuses and operators are those of the code."""
    assert all(f"Usage: contracts {name}" in text("command-line") for name in COMMANDS)
    assert all(each.meaning in text("exit-statuses") for each in EXIT_STATUSES)
    headings = parsed(SITE / "reference" / "operators" / "index.html").xpath("//h2/@id")
    assert set(headings) == set(OPERATORS)


def test_the_pages_stand_in_four_parts() -> None:
    """Tutorial, how-to, reference and explanation, as readers look for them."""
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    parts = [name for entry in settings["nav"] for name in entry]
    assert parts == ["Home", "Tutorial", "How to", "Reference", "Explanation", "Changes"]
