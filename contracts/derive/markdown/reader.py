"""Markdown and MDX: one operation for each that a page names, with the lines of every fact."""

from __future__ import annotations

from contracts.derive.markdown.operations import derive_blocks
from contracts.derive.markdown.parse import read_blocks
from contracts.derive.model import Derived
from contracts.errors import UsageError


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return the operations that a page in Markdown describes.

    Raises `UsageError` where it names none; the lines are those of the file.
    """
    text = raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    try:
        blocks = read_blocks(text)
        return derive_blocks(blocks, text.split("\n"), name)
    except RecursionError:
        raise UsageError(f"{name}: this page is nested too deeply to be read") from None
