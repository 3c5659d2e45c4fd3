"""The report shows the page of a started contract, whatever kind of input it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from contracts.cli import main
from contracts.reports.text import coverage
from tests.authoring.forms.server import TOKEN, create_app
from tests.helpers.serving import served, verify

PAGES = Path(__file__).parent / "pages"
# a form, a line that is cited by clauses, a text of the file that is not shown
SHOWN = [
    ("page.html", "| weight | number | required | In kilograms |", "<td>"),
    ("table.md", "| `weight` | number | Yes | In kilograms, at least 1 |", None),
    ("listed.txt", "weight", None),
    ("swagger20.yaml", "weight: {type: number, minimum: 1}", "GET /trucks"),
]
OTHERS = "".join(
    f"  /trucks{number}:\n    get:\n      summary: GET /trucks\n"
    "      responses: {'200': {description: all}}\n"
    for number in range(20)
)


@pytest.mark.parametrize(("form", "cited", "hidden"), SHOWN, ids=[row[0] for row in SHOWN])
def test_the_lines_of_the_page_have_their_outcomes(
    form: str, cited: str, hidden: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTML is shown as the text on it, and of a whole API only what is about the operation."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRATES_TOKEN", TOKEN)
    shutil.copy(PAGES / form, tmp_path)
    path = tmp_path / form
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("paths:\n", f"paths:\n{OTHERS}"), encoding="utf-8")
    chosen = ["--operation", "POST /crates"] if form == "swagger20.yaml" else []
    assert main.run(["new", "crates", form, *chosen]) == 0
    header = "X-Crates-Key" if form == "swagger20.yaml" else "Authorization"
    with served(create_app(header)) as url:
        base = f"{url}/v1" if form == "swagger20.yaml" else url
        _, report = verify(
            tmp_path,
            "crates",
            "--target",
            f"crates={base}",
            "--fuzz",
            "0",
            "--budget",
            "120",
            "--documents",
            ".",
            "--html",
            "report.html",
        )
    (run,) = report["runs"]
    pages = coverage.read_pages(report, tmp_path)  # type: ignore[arg-type]
    lines = coverage.page(run, form, pages[form])
    (line,) = [line for line in lines if line.text.strip() == cited and line.clauses][:1]
    assert line.outcome == "held"
    assert hidden is None or not any(hidden in line.text for line in lines)
    assert "In kilograms" in Path("report.html").read_text(encoding="utf-8") or hidden


def test_the_text_of_a_page_in_html_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines that clauses cite are lines of a text beside the contract."""
    monkeypatch.chdir(tmp_path)
    assert main.run(["new", "crates", str(PAGES / "page.html")]) == 0
    folder = tmp_path / "contracts" / "apis" / "crates"
    lines = (folder / "page.html.txt").read_text(encoding="utf-8").splitlines()
    assert "Home" not in lines
    assert "| weight | number | required | In kilograms |" in lines
