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
    broken_before, broken_now = (
        {finding["clause"] for finding in run["findings"]} for run in (before, now)
    )
    behaved, behaves = (
        {observation["id"]: observation["behaviour"] for observation in run["observations"]}
        for run in (before, now)
    )
    return {
        "api": now["api"],
        "new": sorted(broken_now - broken_before),
        "gone": sorted(broken_before - broken_now),
        "still": sorted(broken_now & broken_before),
        "observations": [
            {"id": name, "was": behaved[name], "is": behaves[name]}
            for name in sorted(behaved.keys() & behaves.keys())
            if behaved[name] != behaves[name]
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
        observations = change["observations"]
        lines += [
            f"{api}: {observation['id']}: was {observation['was']}, is {observation['is']}"
            for observation in observations
        ]
    return lines
