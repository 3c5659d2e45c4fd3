"""What changed between two runs: findings, and what the sandbox does where the page is silent."""

from contracts.reports.record import DriftRecord, Report, RunRecord


def drift(before: Report, now: Report) -> list[DriftRecord]:
    """Return, for each API of both reports, what is new, gone, still there, and changed."""
    earlier = {(run["api"], run["operation"]): run for run in before["runs"]}
    return [
        _drift(earlier[run["api"], run["operation"]], run)
        for run in now["runs"]
        if (run["api"], run["operation"]) in earlier
    ]


def _drift(before: RunRecord, now: RunRecord) -> DriftRecord:
    was, broken = ({finding["clause"] for finding in run["findings"]} for run in (before, now))
    old, new = ({o["id"]: o["behaviour"] for o in run["observations"]} for run in (before, now))
    return {
        "api": now["api"],
        "new": sorted(broken - was),
        "gone": sorted(was - broken),
        "still": sorted(broken & was),
        "observations": [
            {"id": name, "was": old[name], "is": new[name]}
            for name in sorted(old.keys() & new.keys())
            if old[name] != new[name]
        ],
    }


def drifted(changes: list[DriftRecord]) -> bool:
    """Whether anything changed."""
    return any(change["new"] or change["gone"] or change["observations"] for change in changes)


def words(changes: list[DriftRecord]) -> list[str]:
    """Say what changed, a line each."""
    lines = []
    for change in changes:
        api = change["api"]
        lines += [f"{api}: new: {clause}" for clause in change["new"]]
        lines += [f"{api}: gone: {clause}" for clause in change["gone"]]
        seen = change["observations"]
        lines += [
            f"{api}: {observation['id']}: was {observation['was']}, is {observation['is']}"
            for observation in seen
        ]
    return lines
