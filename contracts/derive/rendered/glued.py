"""Lines whose pieces a browser copies without anything between them."""

from __future__ import annotations

import re

from contracts.derive.markdown.blocks import APART

_TYPE = (
    r"(?:string|number|integer|boolean|object|null|any|array<[^\n]*?>|array)"
    r"(?: \| (?:string|number|integer|boolean|object|null|array<[^\n]*?>|array))*"
)
_BEHIND = re.compile(
    r"(?P<bounds>(?:[\[(]-?[\d.]+, ?-?[\d.]+[\])]|[<>=\u2264\u2265] ?-?[\d.]+|-?[\d.]+)"
    r"(?: (?:characters?|items?|properties))?|matches \S.*|unique|multiple of [\d.]+"
    r"|deprecated|read-only|write-only|non-empty|uniqueItems)"
    r"|(?P<word>[a-z][\w-]*?)(?=matches |[\[(<>=\u2264\u2265]|$)"
)
_MEMBER = re.compile(
    rf"(?P<name>[\w$@.-]+?)(?:Collapse all|Expand all)?(?P<type>{_TYPE})(?P<behind>.*)"
)
_LABEL = re.compile(r"(?P<label>Default|Const|Example)(?:Collapse all)?(?P<value>[\"\d\[{tfn-].*)")


def parted(line: str) -> str:
    """Return a line with `APART` between its pieces, where it is a member and its type.

    Example: `codeCollapse allstring[3, 32] characters` gives the name, the type and the lengths.
    """
    line = line.removeprefix("Collapse all")
    label = _LABEL.fullmatch(line)
    if label:
        return f"{label['label']}: {label['value']}"
    member = _MEMBER.fullmatch(line)
    pieces = _read(member["behind"]) if member else None
    if member is None or pieces is None:
        return line
    return APART.join([member["name"], member["type"], *pieces])


def _read(behind: str) -> list[str] | None:
    """Return the pieces behind a type; None where they are something else."""
    out: list[str] = []
    at = 0
    while at < len(behind):
        found = _BEHIND.match(behind, at)
        if not found or found.end() == at:
            return None
        out.append(found[0])
        at = found.end()
    return out
