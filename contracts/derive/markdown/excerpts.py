"""OpenAPI that stands in a page: what docs sites serve when they are asked for Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from contracts.derive.markdown.blocks import Block, Code
from contracts.derive.model import Derived

_READER = "contracts.derive.openapi"
_DOCUMENT = re.compile(r"(?:openapi|swagger)\s*:\s*['\"]?\d|\{\s*\"(?:openapi|swagger)\"\s*:")


def read_excerpts(blocks: Sequence[Block], name: str) -> tuple[Derived, ...]:
    """Return the operations of the OpenAPI documents in a page's code.

    Nothing where there are none.
    """
    if find_spec(_READER) is None or find_spec(f"{_READER}.reader") is None:
        return ()
    read = cast(
        "Callable[[bytes, str], tuple[Derived, ...]]", import_module(f"{_READER}.reader").read
    )
    # Empty lines in front, so that the lines of the facts are those of the page.
    return tuple(
        derived
        for block in _documents(blocks)
        for derived in read(("\n" * (block.line - 1) + "\n".join(block.lines)).encode(), name)
    )


def _documents(blocks: Sequence[Block]) -> Iterator[Code]:
    for block in blocks:
        if isinstance(block, Code) and _DOCUMENT.match("\n".join(block.lines).lstrip()):
            yield block
