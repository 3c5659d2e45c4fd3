"""What is to be mended, most urgent first: the order in which every report lists it."""

from collections.abc import Sequence
from typing import NamedTuple

from contracts.reports.outcomes import fails
from contracts.reports.record import FindingRecord, Report, RunRecord
from contracts.reports.text.escaping import visible

KINDS = ("cause", "warning", "waived")  # what fails the run first


class CauseInWords(NamedTuple):
    """A cause of a run with its findings; `kind` is ``cause``, ``warning`` or ``waived``."""

    run: RunRecord
    id: str
    kind: str
    summary: str
    clauses: Sequence[str]
    findings: Sequence[FindingRecord]

    @property
    def line(self) -> str:
        """The cause in one line.

        Example: ``cause 1: /riskLevel: expected a risk level, got "NONE"
        [response.riskLevel.enum and 2 more]``.
        """
        more = f" and {len(self.clauses) - 1} more" if len(self.clauses) > 1 else ""
        return visible(f"{self.kind} {self.id}: {self.summary} [{self.clauses[0]}{more}]")


def causes(report: Report, runs: Sequence[RunRecord] | None = None) -> list[CauseInWords]:
    """Return the causes of a report, or of some of its runs: what fails it first."""
    meant = report["runs"] if runs is None else runs
    listed = [cause for run in meant for cause in _causes_of(report, run)]
    return sorted(listed, key=lambda cause: KINDS.index(cause.kind))


def _causes_of(report: Report, run: RunRecord) -> list[CauseInWords]:
    listed = []
    for cause in run["causes"]:
        # of the findings of a cause, too, what fails the run comes first
        findings = sorted(
            (run["findings"][number] for number in cause["findings"]),
            key=lambda finding: (bool(finding["waived"]), not fails(report, finding)),
        )
        clauses = list(dict.fromkeys(finding["clause"] for finding in findings))
        words = _kind(report, findings), cause["summary"]
        listed.append(CauseInWords(run, cause["id"], *words, clauses, findings))
    return listed


def _kind(report: Report, findings: Sequence[FindingRecord]) -> str:
    if any(fails(report, finding) for finding in findings):
        return "cause"
    return "waived" if all(finding["waived"] for finding in findings) else "warning"
