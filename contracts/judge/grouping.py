"""Findings that have one cause, and how rules put them together."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from contracts.model import Contract, Finding, Kind

NAMED = 4  # members that a summary names

Numbered = tuple[int, Finding]


class Group(NamedTuple):
    """Findings of one cause, by their numbers, and what to say of them."""

    numbers: tuple[int, ...]
    summary: str


GroupingRule = Callable[[Contract, Sequence[Numbered]], Iterator[Group]]


def together(
    rest: Iterable[Numbered], key: Callable[[Finding], Hashable]
) -> Iterator[tuple[tuple[int, ...], list[Finding]]]:
    """Yield the findings that have the same key, in the order of the first of each."""
    groups: dict[Hashable, list[Numbered]] = defaultdict(list)
    for number, finding in rest:
        value = key(finding)
        if value not in (None, False, ""):
            groups[value].append((number, finding))
    for group in groups.values():
        yield tuple(number for number, _ in group), [finding for _, finding in group]


def places(findings: Sequence[Finding]) -> str:
    """Return where findings are, the first few of them by name."""
    return first_of(list(dict.fromkeys(each.place or each.clause.id for each in findings)))


def first_of(names: Sequence[str], mark: str = ", ") -> str:
    """Return the first few of some names, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return mark.join(names[:NAMED]) + more


def summary(findings: Sequence[Finding]) -> str:
    """Say in a line what is wrong: the place, what was expected and what was there."""
    first = findings[0]
    if first.clause.kind is Kind.ACCEPTANCE:
        return f"refuses {first.case.label}: {first.got}"
    if first.clause.kind is Kind.REFUSAL:
        what = first.clause.statement.removesuffix(" is refused")
        return f"accepts what has to be refused: {what} ({first.got})"
    if first.clause.kind is Kind.PROTOCOL:
        return f"{first.clause.statement}: got {first.got}"
    return f"{places(findings)}: expected {first.expected}, got {first.got}"
