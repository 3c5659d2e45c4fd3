"""Which of the two renderings a page is."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from contracts.derive.listed.entries import starts_member
from contracts.derive.operation import METHODS
from contracts.derive.page.lines import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.derive.page.curl import Command
    from contracts.derive.page.lines import Page


class Rendering(enum.Enum):
    """How a page prints the members of its bodies."""

    LISTED = "listed"
    EXAMPLE = "example"
    UNKNOWN = "unknown"


def recognise(page: Page, commands: Sequence[Command]) -> Rendering:
    """Tell the rendering of a page by itself.

    Members with their type lines make it listed, whether or not it shows a sample as well; without them, a
    curl command or a sample makes it an example with descriptions.
    """
    lines = [Line(number, text) for number, text in enumerate(page.lines, 1)]
    if any(starts_member(lines, at) for at in range(len(lines))):
        return Rendering.LISTED
    if commands:
        return Rendering.EXAMPLE
    titled = any(line in METHODS for line in page.lines) and any(
        line in {"Body", "Response"} for line in page.lines
    )
    return Rendering.LISTED if titled else Rendering.UNKNOWN
