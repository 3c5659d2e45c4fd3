"""Several JSON reports into one, and reports read back from files: the one place for both."""

from collections.abc import Sequence

from contracts.reports import outcomes, shards
from contracts.reports.record import Report


def merge(reports: Sequence[Report]) -> Report:
    """Put several reports into one; a run of which shards are missing is aborted."""
    report = collect(reports)
    if not any(run.get("shard") for run in report["runs"]):
        return report
    runs = shards.unite(report["runs"])
    united: Report = {**report, "runs": runs}
    # drift that failed a report fails them all; findings are still there
    return outcomes.concluded(united, failing_drift=report["outcome"] == "fail")


def collect(reports: Sequence[Report]) -> Report:
    """Put the runs of several reports into one as they are; its outcome is the worst of theirs."""
    if len(reports) == 1:
        return reports[0]
    worst = max(
        reports,
        key=lambda report: ("pass", "incomplete", "fail", "aborted").index(report["outcome"]),
    )
    drifts = [changes for report in reports if (changes := report["drift"]) is not None]
    unused = [set(report.get("unused_waivers") or ()) for report in reports]
    return {
        **worst,
        "started": min(filter(None, (report["started"] for report in reports)), default=None),
        "runs": [run for report in reports for run in report["runs"]],
        # a waiver that one of the reports needed is needed
        "unused_waivers": sorted(set.intersection(*unused)),
        "drift": [change for drift in drifts for change in drift] if drifts else None,
        "history": None,  # of one of them it says nothing of the others
    }
