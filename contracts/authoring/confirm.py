"""Guesses that a person confirms: one line of contract.toml names them."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from contracts.definition import catalogue, loading
from contracts.definition.citations import CONFIRMABLE
from contracts.errors import UsageError
from contracts.model import Clause
from contracts.schema.files import read_toml

_LINE = re.compile(r"^confirmed[ \t]*=[ \t]*\[[^\]]*\][ \t]*$", re.MULTILINE)
_TABLE = re.compile(r"^\[", re.MULTILINE)


def guessed(api: str) -> tuple[Clause, ...]:
    """Return the clauses of a contract that were guessed and that nobody has confirmed yet."""
    return tuple(clause for clause in loading.load(api).clauses if clause.why in CONFIRMABLE)


def confirm(api: str, patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of clauses that are confirmed now; UsageError where nothing matches."""
    folder = catalogue.locate(api)
    ids = [clause.id for clause in guessed(api)]
    path = folder / catalogue.CONTRACT
    before = read_toml(path).get("confirmed", [])
    chosen = list(
        dict.fromkeys(name for pattern in patterns for name in _matching(pattern, ids, before, api))
    )
    _write(path, [*before, *(name for name in chosen if name not in before)])
    return tuple(chosen)


def _matching(pattern: str, ids: Sequence[str], before: Sequence[str], api: str) -> list[str]:
    """Return the clauses that a pattern names, in which a * stands for any text."""
    expression = re.compile(".*".join(map(re.escape, pattern.split("*"))))
    matching = [name for name in (*ids, *before) if expression.fullmatch(name)]
    if not matching:
        left = ", ".join(ids) or "nothing"
        raise UsageError(f"{api}: {pattern} is no clause that was guessed; to be confirmed: {left}")
    return matching


def _write(path: Path, confirmed: Sequence[str]) -> None:
    """Put the list into its line of contract.toml, or into a new one above the first table."""
    text = path.read_text(encoding="utf-8")
    line = f"confirmed = {json.dumps(list(confirmed), ensure_ascii=False)}"
    if _LINE.search(text):
        text = _LINE.sub(lambda _: line, text, count=1)
    else:
        table = _TABLE.search(text)
        at = table.start() if table else len(text)
        text = f"{text[:at]}{line}\n\n{text[at:]}"
    path.write_text(text, encoding="utf-8")
