"""The words of all records: regions, bases, outcomes, sources, and what is absent."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Schema = Mapping[str, Any]
# how a request shows a credential: the text of its header, where else it stands (see spoiling.py),
# or None where it shows none
Authorization = str | Mapping[str, str] | None


class Absent(enum.Enum):
    """The type of ``ABSENT``: no value, where ``None`` would be JSON's null."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = Absent.ABSENT


# on the loopback interface, where `contracts serve` listens unless it is told otherwise
PORT: Final = 8000

# what the reason begins with for what another shard of a run decides
ELSEWHERE: Final = "sent in shard"

# of a case: the good one, in the form that the operation asks for
CREDENTIAL: Final = "{credential}"


class Region(enum.StrEnum):
    """Where a request lies: must be accepted, may be either, must be refused."""

    VALID = "valid"
    OPEN = "open"
    INVALID = "invalid"


class Basis(enum.StrEnum):
    """Why a clause may be held against a server, strongest first."""

    DOCUMENT = "document"
    STANDARD = "standard"
    CONVENTION = "convention"

    def fails_at(self, threshold: Basis) -> bool:
        """Whether a violated clause of this basis fails a run that fails on `threshold`."""
        order = list(Basis)
        return order.index(self) <= order.index(threshold)


class Outcome(enum.StrEnum):
    """What a run found out about one clause."""

    HELD = "held"
    VIOLATED = "violated"
    NOT_EXERCISED = "not exercised"
    UNDECIDED = "undecided"


def lines_in_words(lines: Sequence[int]) -> str:
    """Return a first and a last line as people name them: ``line 3``, ``lines 3-7``."""
    first, last = lines
    return f"line {first}" if first == last else f"lines {first}-{last}"


@dataclass(frozen=True, slots=True)
class Source:
    """Lines of a document (1-based, both ends included), or a section of a standard."""

    document: str
    lines: tuple[int, int] | None = None
    section: str | None = None
    sha256: str | None = None
    address: str | None = None  # where the vendor shows a whole document

    def __str__(self) -> str:
        if self.lines is None:
            return f"{self.document}, section {self.section}"
        return f"{self.document}, {lines_in_words(self.lines)}"


class Kind(enum.StrEnum):
    """How a clause is decided."""

    KEYWORD = "keyword"  # of the response schema, on every accepted exchange
    REFUSAL = "refusal"  # by cases that must be refused
    ACCEPTANCE = "acceptance"  # by cases that must be accepted
    RELATION = "relation"  # by an operator over request, response and history
    PROTOCOL = "protocol"  # by the message itself
    ROBUSTNESS = "robustness"  # by every exchange
