"""The report as Markdown, for GitLab, chats and the job summary of GitHub Actions."""

from pathlib import Path
from typing import Any

from contracts.model import Outcome
from contracts.reports import history, outcomes
from contracts.reports.history import drift_words
from contracts.reports.record import Report
from contracts.reports.text import escaping, marking, wording
from contracts.reports.text.causes import causes
from contracts.reports.text.templates import template

TEMPLATE = Path(__file__).with_name("report.md.jinja")
END = "\f"  # of a block; no text of a report has it, since escaping makes it visible


def render(report: Report) -> str:
    """Write a whole report."""
    return "\n\n".join(blocks(report)) + "\n"


def fitted(report: Report, limit: int) -> str:
    """Write as many whole blocks as fit in `limit` bytes, and say how many did not."""
    parts: list[str] = []
    every = blocks(report)
    room = limit - 200  # for the sentence about what was cut
    for number, block in enumerate(every):
        room -= len(block.encode("utf-8", "replace")) + 2
        if room < 0:
            rest = wording.counted(len(every) - number, "section")
            where = "did not fit here; the JSON report has them all"
            parts.append(f"*{rest} of {len(every)} {where}.*")
            break
        parts.append(block)
    return "\n\n".join(parts) + "\n"


def blocks(report: Report) -> list[str]:
    """Return the report's parts, most important first; each stands by itself."""
    past = report["history"]
    text = template(TEMPLATE).render(
        **in_templates(report),
        # what the server said of an abort stands below, in a code span
        verdict=wording.verdict({**report, "reason": None}),
        strip="" if past is None else history.strip(past),
        code=escaping.code,
        cell=escaping.cell,
        fence=escaping.fence,
        markdown=escaping.markdown,
        end=END,
    )
    return [block.strip("\n") for block in text.split(END)]


def in_templates(report: Report) -> dict[str, Any]:
    """Return what the templates of Markdown and of HTML both show of a report."""
    past = report["history"]
    return {
        "report": report,
        "outcomes": [outcome.value for outcome in Outcome],
        "causes": causes(report),
        "drift": None if report["drift"] is None else drift_words(report["drift"]),
        "drift_failed": outcomes.failed_by_drift(report),
        "past": None if past is None else history.in_time(past),
        "environment": wording.environment(report),
        "in_words": wording.words,
        "messages": marking.messages,
        "counted": wording.counted,
        "commands": wording.COMMANDS,
    }
