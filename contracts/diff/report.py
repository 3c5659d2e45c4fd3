"""The difference of two revisions as JSON, Markdown and lines for a terminal: pure functions."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, TextIO

import click

from contracts.diff.model import Change, Difference, Effect, Stated
from contracts.model import ABSENT, lines_in_words
from contracts.reports.text import escaping
from contracts.schema.jsontext import show

FORMAT = "order-contracts-diff/1"
HEADINGS = {
    Effect.BREAKING: "What breaks callers",
    Effect.UNDECIDED: "What cannot be decided",
    Effect.COMPATIBLE: "What does not break callers",
}
COLOURS = {Effect.BREAKING: "red", Effect.UNDECIDED: "yellow", Effect.COMPATIBLE: "green"}
LONGEST = 400  # characters of a witness in Markdown and on a terminal; the JSON has all of it


def document(difference: Difference) -> dict[str, Any]:
    """Return the JSON report."""
    return {
        "format": FORMAT,
        "old": asdict(difference.old),
        "new": asdict(difference.new),
        "breaks": difference.breaks,
        "counts": {effect.value: len(difference.of(effect)) for effect in Effect},
        "changes": [_change(change) for change in difference.changes],
    }


def text(difference: Difference) -> str:
    """Write the JSON report."""
    return json.dumps(document(difference), indent=1, ensure_ascii=False, default=str) + "\n"


def write(difference: Difference, stream: TextIO) -> None:
    """Write the difference to a terminal, or to a file as plain text."""
    for effect, heading in HEADINGS.items():
        changes = difference.of(effect)
        if changes:
            title = f"\n{heading} ({len(changes)})"
            click.secho(title, stream, bold=True, fg=COLOURS[effect])
        for change in changes:
            click.echo(f"  {escaping.visible(_title(change))}", stream)
            for line in _details(change, difference):
                click.secho(f"      {escaping.visible(line)}", stream, dim=True)
    click.secho(f"\n{escaping.visible(summary(difference))}", stream, bold=True)


def markdown(difference: Difference) -> str:
    """Write the difference as Markdown."""
    title = f"{difference.old.name} to {difference.new.name}"
    lines = [f"# {escaping.markdown(title)}", "", escaping.markdown(summary(difference))]
    for effect, heading in HEADINGS.items():
        changes = difference.of(effect)
        if not changes:
            continue
        lines += ["", f"## {heading}", ""]
        for change in changes:
            lines.append(f"- **{escaping.markdown(_title(change))}**")
            lines += [f"  - {escaping.markdown(line)}" for line in _details(change, difference)]
    return "\n".join(lines) + "\n"


def summary(difference: Difference) -> str:
    """Say in one line what was found."""
    if not difference.changes:
        return f"{difference.old.name} and {difference.new.name} say the same"
    counts = [f"{len(difference.of(effect))} {effect.value}" for effect in Effect]
    return f"{difference.old.name} to {difference.new.name}: {', '.join(counts)}"


def _title(change: Change) -> str:
    operation = f"{change.operation}: " if change.operation else ""
    return f"{operation}{change.part}: {change.statement}"


def _details(change: Change, difference: Difference) -> Iterator[str]:
    sides = ("old", change.old, difference.old), ("new", change.new, difference.new)
    places = []
    for side, says, revision in sides:
        if says.lines is not None:
            document = says.document or revision.document
            where = lines_in_words(says.lines)
            places.append(f"{side} {document}, {where}" if document else f"{side} {where}")
    if places:
        yield "; ".join(places)
    if change.witness is not None:
        admitted = change.witness.admitted
        other = "new" if admitted == "old" else "old"
        none = change.witness.body is ABSENT
        body = "no body at all" if none else show(change.witness.body, LONGEST)
        yield f"the {admitted} one admits, and the {other} one does not: {body}"
    if change.why is not None:
        yield change.why


def _change(change: Change) -> dict[str, Any]:
    witness = change.witness
    body: dict[str, Any] | None = None
    if witness is not None:
        body = {"admitted": witness.admitted, "none": witness.body is ABSENT}
        body |= {} if witness.body is ABSENT else {"body": witness.body}
    names = ("part", "place", "keyword", "effect", "statement", "why")
    return {
        **({"operation": change.operation} if change.operation else {}),
        **{name: getattr(change, name) for name in names},
        "old": _stated(change.old),
        "new": _stated(change.new),
        "witness": body,
    }


def _stated(stated: Stated) -> dict[str, Any]:
    value = {} if stated.value is ABSENT else {"value": stated.value}
    document = {} if stated.document is None else {"document": stated.document}
    return {**value, **document, "lines": list(stated.lines) if stated.lines else None}
