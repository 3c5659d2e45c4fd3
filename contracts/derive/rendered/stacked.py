"""Members whose every piece has a line of its own, as one renderer draws them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from contracts.derive.markdown.blocks import APART

_BEGINS = re.compile(r"Type:.*|Copy link to .+|enum")
_ENDS = re.compile(
    r"(?:Responses?|Body|Headers?|(?:Path|Query|Cookie) Parameters|(?:Hide|Show) .*"
    r"|Request Example.*|Callbacks?|[1-5]\d\d)"
)
_FLAGS = frozenset({"required", "Default", "nullable", "deprecated", "read-only", "write-only"})


def with_options(lines: Sequence[str]) -> list[str]:
    """Return the lines with the options of each member behind the word `enum`.

    They close the lines of their member, behind its description.
    """
    out = list(lines)
    for at, line in enumerate(lines):
        if line != "enum":
            continue
        end = _member_end(lines, at + 1)
        name = at - 1 - lines[at - 1].startswith("Copy link to ")
        if ":" not in lines[name]:
            out[name] = f"{lines[name]}{APART}any"
        _put_options(out, at, end)
    return out


def _put_options(lines: list[str], at: int, end: int) -> None:
    """Move the options that close the lines of a member behind the word `enum` at a place."""
    start = end
    while start > at + 1 and re.fullmatch(r"[^\s:]+", lines[start - 1]):
        start -= 1
    fixed = any(line.startswith("const:") for line in lines[at + 1 : end])
    values = [value for value in lines[start:end] if value not in _FLAGS]
    lines[at] = "" if fixed or not values else f"Enum: {' '.join(map(_quoted, values))}"
    for number in range(at + 1, end):
        line = lines[number]
        option = number >= start and line not in _FLAGS
        if option or line == "Default" or line.startswith("const:"):
            lines[number] = ""


def _quoted(value: str) -> str:
    return value if value.startswith('"') else f'"{value}"'


def _member_end(lines: Sequence[str], at: int) -> int:
    """Return the place of the name of the next member, or of the title behind the last one."""
    while at < len(lines) and not _ENDS.fullmatch(lines[at]):
        if at + 1 < len(lines) and _BEGINS.fullmatch(lines[at + 1]) and lines[at]:
            break
        at += 1
    return at
