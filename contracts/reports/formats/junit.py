"""The report as JUnit XML.

A test suite an operation, a test case a clause, as Jenkins, GitLab and others read it. The
causes are properties of the suite; what fails says first which cause it is of.
"""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from contracts.reports import outcomes
from contracts.reports.record import ClauseRecord, Report, RunRecord
from contracts.reports.text import wording
from contracts.reports.text.causes import CauseInWords, causes_of
from contracts.reports.text.escaping import visible


def render(report: Report) -> str:
    """Write a whole report."""
    root = ET.Element("testsuites", name="order-contracts")
    for run in report["runs"]:
        root.append(_suite(report, run))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(report: Report, run: RunRecord) -> ET.Element:
    ordered = causes_of(report, run)
    cases = [_case(report, run, clause, ordered) for clause in run["clauses"]]
    if run["aborted"]:
        ended = _testcase(run, "the run is carried out")
        ET.SubElement(ended, "error", message=visible(run["aborted"]))
        cases.append(ended)
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    counts = {
        name: str(sum(case.find(kind) is not None for case in cases))
        for name, kind in kinds.items()
    }
    attributes = {"name": visible(run["api"]), "tests": str(len(cases))}
    suite = ET.Element("testsuite", {**counts, **attributes}, time=f"{run['seconds']:.3f}")
    if report["started"]:
        suite.set("timestamp", visible(report["started"]))
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("target", run["target"]),
        ("environment", report["environment"]),
        ("operation", run["operation"]),
        ("seed", report["seed"]),
        ("requests", run["requests"]),
        *((f"cause.{cause.id}", cause.line) for cause in ordered),
    ):
        if value is not None:
            ET.SubElement(properties, "property", name=name, value=visible(str(value)))
    suite.extend(cases)
    return suite


def _testcase(run: RunRecord, name: str) -> ET.Element:
    attributes = {"classname": visible(run["api"]), "name": visible(name), "time": "0"}
    return ET.Element("testcase", attributes)


def _case(
    report: Report, run: RunRecord, clause: ClauseRecord, ordered: Sequence[CauseInWords]
) -> ET.Element:
    case = _testcase(run, clause["id"])
    if clause["outcome"] in ("not exercised", "undecided"):
        message = visible(f"{clause['outcome']}: {clause['why']}")
        ET.SubElement(case, "skipped", message=message)
    texts, failing = [], []
    for cause in ordered:
        for _, finding in cause.findings:
            if finding["clause"] != clause["id"]:
                continue
            words = wording.words(report, run, finding)
            texts.append(f"{cause.line}\n{words.text}")
            if outcomes.fails(report, finding):
                failing.append(cause.line)
    text = "\n\n".join(texts)
    if failing:
        ET.SubElement(case, "failure", message=failing[0], type=clause["basis"]).text = text
    elif text:
        ET.SubElement(case, "system-out").text = text
    return case
