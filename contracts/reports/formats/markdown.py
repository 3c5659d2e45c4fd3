"""The report as Markdown, for GitLab, chats and the job summary of GitHub Actions."""

from collections import Counter
from collections.abc import Iterator

from contracts.model import Outcome
from contracts.reports import history, outcomes
from contracts.reports.drift import words as drift_words
from contracts.reports.record import FindingRecord, Report, RunRecord
from contracts.reports.text import marking, wording
from contracts.reports.text.causes import causes
from contracts.reports.text.escaping import cell, code, fence, markdown

ICONS = {
    "pass": "✅",
    "fail": "❌",
    "incomplete": "⚠️",
    "aborted": "⚠️",
    "cause": "❌",
    "violated": "❌",
    "warning": "⚠️",
    "waived": "🏷️",
}
LITERAL = frozenset({"place", "expected", "got", "sent"})  # rows that may quote the server


def render(report: Report) -> str:
    """Write a whole report."""
    return "\n\n".join(blocks(report)) + "\n"


def fitted(report: Report, limit: int) -> str:
    """Write as many whole blocks as fit in `limit` bytes, and say how many did not."""
    kept: list[str] = []
    every = list(blocks(report))
    room = limit - 200  # for the sentence about what was cut
    for number, block in enumerate(every):
        room -= len(block.encode("utf-8", "replace")) + 2
        if room < 0:
            left = wording.counted(len(every) - number, "section")
            where = "did not fit here; the JSON report has them all"
            kept.append(f"*{left} of {len(every)} {where}.*")
            break
        kept.append(block)
    return "\n\n".join(kept) + "\n"


def blocks(report: Report) -> Iterator[str]:
    """Yield the report's parts, most important first; each stands by itself."""
    # what the server said of an abort stands below, in a code span
    verdict = wording.verdict({**report, "reason": None})
    yield f"## {ICONS[report['outcome']]} {markdown(verdict)}"
    if report["reason"]:
        yield f"Aborted: {code(report['reason'])}"
    yield _counts(report)
    if outcomes.failed_by_drift(report):
        yield _drift(report)
    for cause in causes(report):
        first, *others = (_finding(report, run, finding) for run, finding in cause.findings)
        # the heading of a cause is never without its first finding
        yield f"### {ICONS[cause.kind]} {code(cause.line)}\n\n{first}"
        yield from others
    if report["drift"] is not None and not outcomes.failed_by_drift(report):
        yield _drift(report)
    if report["history"] is not None:
        yield f"### History, newest last: {history.strip(report['history'])}"
        rows = [
            f"| {one.strip} | {one.when} | {cell(one.name)} {cell(one.summary)} |"
            for one in history.in_time(report["history"])
        ]
        yield from _folded("When each cause appeared and went", rows, "seen|when|cause")
    for run in report["runs"]:
        left = [c for c in run["clauses"] if c["outcome"] in ("not exercised", "undecided")]
        rows = [f"| {cell(c['id'])} | {c['outcome']} | {cell(c['why'] or '')} |" for c in left]
        title = f"{run['api']}: {wording.counted(len(left), 'clause')} not decided"
        yield from _folded(title, rows, "clause|outcome|why")
        rows = [f"| {cell(o['id'])} | {cell(o['behaviour'])} |" for o in run["observations"]]
        title = f"{run['api']}: what it does where the page is silent"
        yield from _folded(title, rows, "observation|behaviour")
    environment = wording.environment(report)
    end = f" {markdown(environment.capitalize())}." if environment else ""
    yield f"Seed {report['seed']}, failing on {report['fail_on']} and stronger.{end}"


def _drift(report: Report) -> str:
    lines = [f"- {code(line)}" for line in drift_words(report["drift"] or [])]
    return "### Drift against the baseline\n\n" + ("\n".join(lines) or "Nothing changed.")


def _counts(report: Report) -> str:
    outcomes = " | ".join(outcome.value for outcome in Outcome)
    rows = [
        f"| API | target | requests | {outcomes} | pairs |",
        "| --- | --- | ---: |" + " ---: |" * (len(Outcome) + 1),
    ]
    for run in report["runs"]:
        counts = Counter(clause["outcome"] for clause in run["clauses"])
        cells = [cell(run["api"]), cell(run["target"]), str(run["requests"])]
        cells += [str(counts[outcome.value]) for outcome in Outcome]
        cells.append(f"{run['pairs']['covered']} of {run['pairs']['all']}")
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _finding(report: Report, run: RunRecord, finding: FindingRecord) -> str:
    words = wording.words(report, run, finding)
    parts = [f"#### {ICONS[words.kind]} {words.kind}: {code(run['api'])} {code(words.clause)}"]
    rows = [
        f"- **{label}**: {code(text) if label in LITERAL else markdown(text)}"
        for label, text in words.rows.items()
        if label not in wording.COMMANDS
    ]
    parts.append("\n".join(rows))
    commands = [words.rows[label] for label in wording.COMMANDS if label in words.rows]
    parts.append(fence("\n".join(commands), "sh"))
    for name, lines in marking.messages(finding):
        message = "\n".join(("! " if line.marked else "  ") + line.text for line in lines)
        parts.append(_details(name, fence(message, "diff")))
    return "\n\n".join(parts)


def _folded(title: str, rows: list[str], head: str) -> Iterator[str]:
    if rows:
        names = head.split("|")
        rule = " | ".join("---" for _ in names)
        table = [f"| {' | '.join(names)} |", f"| {rule} |", *rows]
        yield _details(markdown(title), "\n".join(table))


def _details(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"
