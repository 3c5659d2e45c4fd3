"""GitHub Actions: the job summary and annotations, where the environment says so."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from contracts.errors import UsageError
from contracts.reports.formats import markdown
from contracts.reports.record import Report
from contracts.reports.text import wording
from contracts.reports.text.causes import causes
from contracts.reports.text.escaping import command_property, command_value

LARGEST_SUMMARY = 1024 * 1024  # bytes a step (GitHub Docs, workflow commands: job summaries)
# bytes; in less there is no room for a verdict, and GitHub drops a summary that is too long
LEAST_SUMMARY = 1_000
MOST_ANNOTATIONS = 10  # of a level, a step; GitHub drops what comes after
LEVELS = {"cause": "error", "warning": "warning", "waived": "notice"}
LABELS = (*wording.SPEAKERS.values(), "happened", "place", "expected", "got", "again", "move")


def announce(
    report: Report, environment: Mapping[str, str], write: Callable[[str], object]
) -> None:
    """Append to the job summary and print annotations; do nothing outside GitHub Actions.

    UsageError when the summary can't be written.
    """
    summary = environment.get("GITHUB_STEP_SUMMARY")
    if summary:
        path = Path(summary)
        try:
            room = LARGEST_SUMMARY - (path.stat().st_size if path.exists() else 0)
            if room > LEAST_SUMMARY:
                with path.open("a", encoding="utf-8") as file:
                    file.write(markdown.fitted(report, room))
        except OSError as error:
            raise UsageError(
                f"GITHUB_STEP_SUMMARY={path} can't be written: {error.strerror}"
            ) from error
    if environment.get("GITHUB_ACTIONS") == "true":
        lines = list(commands(report))
        write("\n".join(["", *lines, ""]) if lines else "")


def commands(report: Report) -> Iterator[str]:
    """Yield a workflow command a cause, as many as GitHub shows; a waived cause is a notice."""
    counts = Counter({"error": 0})
    if report["reason"]:
        counts["error"] += 1
        title = command_property("order-contracts: no verdict")
        yield f"::error title={title}::{command_value(report['reason'])}"
    for cause in causes(report):
        level = LEVELS[cause.kind]
        counts[level] += 1
        if counts[level] > MOST_ANNOTATIONS:
            continue
        words = wording.words(report, *cause.findings[0])
        title = f"{cause.run['api']}: {words.clause}"
        texts = (f"{label}: {words.rows[label]}" for label in LABELS if label in words.rows)
        rows = [cause.line, *texts]
        if len(cause.clauses) > 1:
            rows.append(f"also broken: {', '.join(cause.clauses[1:])}")
        message = command_value("\n".join(rows))
        yield f"::{level} title={command_property(title)}::{message}"
