"""HTML of docs pages, saved from a browser or served as such."""

from __future__ import annotations

from contracts.derive.html.text import extract_blocks
from contracts.derive.markdown.operations import derive_blocks
from contracts.derive.model import Derived
from contracts.errors import UsageError


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return the operations that a page in HTML describes.

    The lines are those of the text that `extract` gives. UsageError where there is none.
    """
    extracted = extract_blocks(raw)
    if not extracted.blocks:
        raise UsageError(
            f"{name}: there is no text on this page: it may be drawn by scripts; save it from "
            f"the browser, or copy its text"
        )
    return derive_blocks(extracted.blocks, extracted.lines, name)
