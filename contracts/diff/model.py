"""The difference of two revisions as one immutable record, which every report is made from."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.model import ABSENT


class Effect(enum.StrEnum):
    """What a change does to those who call the operation, worst first."""

    BREAKING = "breaking"
    UNDECIDED = "undecided"
    COMPATIBLE = "compatible"


@dataclass(frozen=True, slots=True)
class Stated:
    """What one side says, or ABSENT, with its lines, and their document if it is another."""

    value: Any = ABSENT
    lines: tuple[int, int] | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A body that one side admits and the other does not, checked on both.

    ABSENT stands for no body at all. `admitted` is "old" or "new": the side that admits it.
    """

    body: Any
    admitted: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, its effect on callers, what both sides say, a body that shows it.

    `part` is "operation", "request", "response" or "refusal 404"; `place` the path of the
    member (``items[].quantity``, empty for the whole), `keyword` what differs there. `why` is
    the reason of an effect that no witness shows; `operation` the method and path, where sides
    have several.
    """

    part: str
    place: str
    keyword: str
    effect: Effect
    statement: str
    old: Stated
    new: Stated
    witness: Witness | None = None
    why: str | None = None
    operation: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """One side of a difference by its name, with the document that its lines are lines of."""

    name: str
    document: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything in which two revisions differ, the worst first."""

    old: Revision
    new: Revision
    changes: Sequence[Change]

    def of(self, effect: Effect) -> tuple[Change, ...]:
        """Return the changes of one effect."""
        return tuple(change for change in self.changes if change.effect is effect)

    @property
    def breaks(self) -> bool:
        """Whether anything breaks callers."""
        return bool(self.of(Effect.BREAKING))
