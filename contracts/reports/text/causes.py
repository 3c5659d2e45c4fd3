"""What is to be mended, most urgent first: the order in which every report lists it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from contracts.reports.outcomes import fails
from contracts.reports.record import FindingRecord, Report, RunRecord
from contracts.reports.text.escaping import visible

KINDS = ("cause", "warning", "waived")  # what fails the run first


class CauseInWords(NamedTuple):
    """A cause of a run with its findings; `kind` is ``cause``, ``warning`` or ``waived``.

    Reports of earlier releases have findings without causes: each stands for itself, and its `id`
    is empty.
    """

    run: RunRecord
    id: str
    kind: str
    summary: str
    clauses: Sequence[str]
    findings: Sequence[FindingRecord]

    @property
    def line(self) -> str:
        """The cause in one line; "" for a finding that stands for itself.

        Example: ``cause 1: /riskLevel: expected a risk level, got "NONE" [response.riskLevel.enum
        and 2 more]``.
        """
        if not self.id:
            return ""
        more = f" and {len(self.clauses) - 1} more" if len(self.clauses) > 1 else ""
        return visible(f"{self.kind} {self.id}: {self.summary} [{self.clauses[0]}{more}]")


def causes(report: Report, runs: Sequence[RunRecord] | None = None) -> list[CauseInWords]:
    """Return the causes of a report, or of some of its runs: what fails it first."""
    found = [
        cause
        for run in (report["runs"] if runs is None else runs)
        for cause in _causes_of(report, run)
    ]
    return sorted(found, key=lambda cause: KINDS.index(cause.kind))


def _causes_of(report: Report, run: RunRecord) -> list[CauseInWords]:
    grouped = {number for cause in run["causes"] for number in cause["findings"]}
    groups = [(cause["id"], cause["summary"], cause["findings"]) for cause in run["causes"]]
    groups += [("", "", [n]) for n in range(len(run["findings"])) if n not in grouped]
    found = []
    for name, summary, numbers in groups:
        # of the findings of a cause, too, what fails the run comes first
        findings = sorted(
            (run["findings"][number] for number in numbers),
            key=lambda finding: (bool(finding["waived"]), not fails(report, finding)),
        )
        clauses = list(dict.fromkeys(finding["clause"] for finding in findings))
        found.append(CauseInWords(run, name, _kind(report, findings), summary, clauses, findings))
    return found


def _kind(report: Report, findings: Sequence[FindingRecord]) -> str:
    if any(fails(report, finding) for finding in findings):
        return "cause"
    return "waived" if all(finding["waived"] for finding in findings) else "warning"
