"""The report as one HTML file: no network, little script, and text shown as text only."""

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from contracts.model import Basis
from contracts.reports import history
from contracts.reports.formats.markdown import in_templates
from contracts.reports.record import FindingRecord, Report, RunRecord
from contracts.reports.text import coverage, wording
from contracts.reports.text.templates import template

FOLDER = Path(__file__).parent / "page"
MOST_OPEN = 3  # findings that are unfolded when there are more than a person reads at once


def render(report: Report, pages: Mapping[str, str] | None = None) -> str:
    """Write a whole report; `pages` are the documents by name, to be shown line by line."""
    style, script = (
        Markup((FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file
        for name in ("report.css", "report.js")
    )
    common = in_templates(report)
    clauses = [clause for run in report["runs"] for clause in run["clauses"]]
    every = [placed for cause in common["causes"] for placed in cause.findings]
    return template(FOLDER / "report.html.jinja").render(
        **common,
        verdict=wording.verdict(report),
        clauses=clauses,
        counts=_counts,
        pages=[
            (run, _page(run, name, text))
            for run in report["runs"]
            for name, text in (pages or {}).items()
            if name in run["documents"]
        ],
        counted_findings=len(every),
        anchors=_anchors(every),
        unfolded=len(every) if len(every) <= 2 * MOST_OPEN else MOST_OPEN,
        trees=coverage.trees,
        fragment=urlencode,
        targets=wording.targets(report),
        verdict_marks=history.MARKS,
        bases=[basis.value for basis in Basis],
        places=sorted({place for clause in clauses for place in clause["places"]}),
        parts=wording.PARTS,
        where=wording.where,
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _hash(text: str) -> str:
    """Return the name by which a Content-Security-Policy lets an inline element through."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _counts(clauses: Any) -> list[dict[str, Any]]:
    """Count outcomes, with where each begins in a bar 1,000 wide."""
    counts = Counter(clause["outcome"] for clause in clauses)
    total = max(counts.total(), 1)
    rows, begin = [], 0.0
    for outcome in ("violated", "undecided", "not exercised", "held"):
        width = 1000 * counts[outcome] / total
        bar = {"x": round(begin, 2), "width": round(width, 2)}
        rows.append({"outcome": outcome, "count": counts[outcome], **bar})
        begin += width
    return rows


def _anchors(findings: list[tuple[RunRecord, FindingRecord]]) -> dict[tuple[str, str, str], int]:
    """Return the number of the first finding of each clause, by API and operation."""
    anchors: dict[tuple[str, str, str], int] = {}
    for number, (run, finding) in enumerate(findings, 1):
        anchors.setdefault((run["api"], run["operation"], finding["clause"]), number)
    return anchors


def _page(run: RunRecord, name: str, text: str) -> dict[str, Any]:
    lines = coverage.page(run, name, text)
    passages = coverage.passages(run, name)
    filled = [line for line in lines if line.text.strip()]
    cited = sum(bool(line.clauses) for line in filled), len(filled)
    return {"name": name, "lines": lines, "cited": cited, "passages": passages}
