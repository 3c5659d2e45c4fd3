"""The report as JUnit XML.

A test suite an API, a test case a clause, as Jenkins, GitLab and others read it.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from contracts.reports import outcomes
from contracts.reports.record import ClauseRecord, Report, RunRecord
from contracts.reports.text import wording
from contracts.reports.text.escaping import visible


def render(report: Report) -> str:
    """Write a whole report."""
    root = ET.Element("testsuites", name="order-contracts")
    for run in report["runs"]:
        root.append(_suite(report, run))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(report: Report, run: RunRecord) -> ET.Element:
    cases = [_case(report, run, clause) for clause in run["clauses"]]
    if run["aborted"]:
        ended = ET.Element(
            "testcase", classname=visible(run["api"]), name="the run is carried out", time="0"
        )
        ET.SubElement(ended, "error", message=visible(run["aborted"]))
        cases.append(ended)
    counts = {
        name: str(sum(case.find(kind) is not None for case in cases))
        for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    }
    suite = ET.Element(
        "testsuite",
        counts,
        name=visible(run["api"]),
        tests=str(len(cases)),
        time=f"{run['seconds']:.3f}",
    )
    if report["started"]:
        suite.set("timestamp", visible(report["started"]))
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("target", run["target"]),
        ("seed", report["seed"]),
        ("requests", run["requests"]),
    ):
        ET.SubElement(properties, "property", name=name, value=visible(str(value)))
    suite.extend(cases)
    return suite


def _case(report: Report, run: RunRecord, clause: ClauseRecord) -> ET.Element:
    case = ET.Element(
        "testcase", classname=visible(run["api"]), name=visible(clause["id"]), time="0"
    )
    if clause["outcome"] in ("not exercised", "undecided"):
        ET.SubElement(case, "skipped", message=visible(f"{clause['outcome']}: {clause['why']}"))
    found = [finding for finding in run["findings"] if finding["clause"] == clause["id"]]
    said = [wording.words(report, run, finding) for finding in found]
    text = "\n\n".join(words.text for words in said)
    failing = [
        words for words, finding in zip(said, found, strict=True) if outcomes.fails(report, finding)
    ]
    if failing:
        message = failing[0].rows["happened"]
        ET.SubElement(case, "failure", message=message, type=clause["basis"]).text = text
    elif text:
        ET.SubElement(case, "system-out").text = text
    return case
