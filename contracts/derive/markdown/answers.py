"""An answer as a page describes it."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.kinds import Kind
from contracts.derive.page.sample import Sample


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that a page describes: its status, media type, members and sample."""

    status: int | None
    line: int
    media: str | None = None
    media_line: int = 0
    entries: tuple[Entry, ...] = ()
    sample: Sample | None = None
    last: int = 0
    root: Kind | None = None
    heading: int = 0

    @property
    def fails(self) -> bool:
        """Whether it answers a request that fails."""
        return self.status is not None and self.status >= 400
