"""Where an operation that reads shows what another one of its API created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contracts.model import Contract
from contracts.schema.keywords import path_of

if TYPE_CHECKING:
    from contracts.mocks.variants import Variant

Path = tuple[str, ...]  # member names, ``[]`` for the items of an array
Rule = Mapping[str, Any]


def as_read(variant: Variant, creator: Contract, reader: Contract) -> Variant:
    """Return a variant of what an operation creates as another operation shows it.

    It has no edits where that operation shows nothing of it.
    """
    rules = [rule for rule in _rules(reader) if rule["by"] == creator.operation.name]
    places = ((edit, _place(rule, edit.path)) for edit in variant.edits for rule in rules)
    edits = {place: replace(edit, path=place) for edit, place in places if place is not None}
    return replace(variant, edits=tuple(edits.values()), status=None)


def is_read_back(contract: Contract, path: Path) -> bool:
    """Whether a member of an answer is compared with what another operation answers.

    That is what this one created and another one shows, or what this one shows and another
    created.
    """
    is_shown = any(
        _below(_shown_at(rule), path) is not None  # what it stands in
        or _compares(rule, _below(path, _shown_at(rule)))
        for rule in _rules(contract)
    )
    return is_shown or any(
        _compares(rule, _below(path, path_of(rule["created"])))
        for other in contract.others.values()
        for rule in _rules(other)
        if rule["by"] == contract.operation.name
    )


def _rules(reader: Contract) -> Iterator[Rule]:
    """Yield the relations that compare what an operation shows with what was created."""
    for clause in reader.clauses:
        rule = clause.arguments
        if rule.get("op") in ("reads_back", "listed") and "created" in rule:
            yield rule


def _compares(rule: Rule, below: Path | None) -> bool:
    """Whether a relation is about a member below what was created; None is not below it."""
    if not below:
        return False
    name = f"/{'/'.join(below)}"
    names = rule.get("members")
    return (names is None or name in names) and name not in rule.get("except", ())


def _place(rule: Rule, path: Path) -> Path | None:
    """Return where a member that was created is shown, None where it is not."""
    below = _below(path, path_of(rule["created"]))
    names = rule.get("members")
    if below is None or (names is not None and f"/{'/'.join(below)}" not in names):
        return None
    return (*_shown_at(rule), *below)


def _shown_at(rule: Rule) -> Path:
    if rule["op"] == "listed":
        return (*path_of(rule["items"]), "[]")
    return path_of(rule["response"])


def _below(path: Path, prefix: Path) -> Path | None:
    return path[len(prefix) :] if path[: len(prefix)] == prefix else None
