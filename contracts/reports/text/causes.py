"""What is to be mended, most urgent first: the order in which every report lists it."""

from collections.abc import Sequence
from typing import NamedTuple

from contracts.reports.outcomes import fails
from contracts.reports.record import CauseNameRecord, CauseRecord, FindingRecord, Report, RunRecord
from contracts.reports.text.escaping import visible

KINDS = ("cause", "warning", "waived")  # what fails the run first


class CauseInWords(NamedTuple):
    """A cause with its findings, each with its run; `kind` is ``cause``, ``warning`` or ``waived``.

    A defect that shows in several operations is one cause, called as in the first of them.
    """

    id: str
    kind: str
    summary: str
    findings: Sequence[tuple[RunRecord, FindingRecord]]
    same_as: CauseNameRecord | None  # the cause of an operation that is told before

    @property
    def run(self) -> RunRecord:
        """The run of the finding that is told first."""
        return self.findings[0][0]

    @property
    def clauses(self) -> list[str]:
        """The ids of the broken clauses."""
        return list(dict.fromkeys(finding["clause"] for _, finding in self.findings))

    @property
    def operations(self) -> list[str]:
        """The operations that it shows in."""
        return list(dict.fromkeys(run["operation"] for run, _ in self.findings))

    @property
    def steps(self) -> list[str]:
        """What is sent to see it again, a line each; nothing when it is one request."""
        _, first = self.findings[0]
        if len(first["steps"]) < 2:
            return []
        own = first["request"]["method"]
        return [
            f"{step['method'] or own}: {step['label']} ({step['region']})"
            for step in first["steps"]
        ]

    @property
    def line(self) -> str:
        """The cause in one line.

        Example: ``cause 1 in create-order and get-order: /riskLevel: expected a risk level, got
        "NONE" [response.riskLevel.enum and 2 more]``.
        """
        *others, last = self.operations
        place = f" in {', '.join(others)} and {last}" if others else ""
        if self.same_as is not None:
            place = f", the same as cause {self.same_as['id']} of {self.same_as['operation']}"
        more = f" and {len(self.clauses) - 1} more" if len(self.clauses) > 1 else ""
        line = f"{self.kind} {self.id}{place}: {self.summary} [{self.clauses[0]}{more}]"
        return visible(line)


def causes(report: Report) -> list[CauseInWords]:
    """Return the causes of a report, each once over all operations: what fails it first."""
    by_key: dict[tuple[int, str], CauseInWords] = {}
    first_runs: dict[tuple[str, ...], int] = {}
    for number, run in enumerate(report["runs"]):
        place = run["api"], run["target"]
        first_runs.setdefault((*place, run["operation"]), number)
        for cause in causes_of(report, run):
            key = number, cause.id
            if cause.same_as is not None:
                key = first_runs[*place, cause.same_as["operation"]], cause.same_as["id"]
            first = by_key.get(key, cause._replace(findings=()))
            findings = [*first.findings, *cause.findings]
            kind = min(first.kind, cause.kind, key=KINDS.index)
            by_key[key] = first._replace(kind=kind, findings=findings)
    return sorted(by_key.values(), key=lambda cause: KINDS.index(cause.kind))


def causes_of(report: Report, run: RunRecord) -> list[CauseInWords]:
    """Return the causes of one run: what fails it first."""
    listed = [_in_words(report, run, cause) for cause in run["causes"]]
    return sorted(listed, key=lambda cause: KINDS.index(cause.kind))


def _in_words(report: Report, run: RunRecord, cause: CauseRecord) -> CauseInWords:
    # of the findings of a cause, too, what fails the run comes first
    findings = sorted(
        (run["findings"][number] for number in cause["findings"]),
        key=lambda finding: (bool(finding["waived"]), not fails(report, finding)),
    )
    kind = "waived" if all(finding["waived"] for finding in findings) else "warning"
    if any(fails(report, finding) for finding in findings):
        kind = "cause"
    placed = [(run, finding) for finding in findings]
    return CauseInWords(cause["id"], kind, cause["summary"], placed, cause["same_as"])
