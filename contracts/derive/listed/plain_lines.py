"""One line of a member in the plain spelling.

Flags, limits, defaults, patterns, formats, examples.
"""

from __future__ import annotations

import re

from contracts.derive.listed.spelled import read_limits

FLAG_LINE = re.compile(
    r"(?P<flag>required|optional|deprecated|nullable|read[- ]only|write[- ]only)", re.IGNORECASE
)
PATTERN = re.compile(
    r"(?:Match(?:es)? pattern|Pattern|Regex|Match(?:es)? regular expression"
    r"|Value must match regular expression)\s*:?\s*(?P<value>\S.*)?",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"(?:Defaults? to|Default(?: value)?\s*[:=])\s*(?P<value>\S.*)", re.IGNORECASE
)
_FORMAT = re.compile(r"Format:\s*[\"'`]?(?P<value>[\w-]+)[\"'`]?", re.IGNORECASE)
_EXAMPLE = re.compile(r"Example(?: values?)?\s*[:=]\s*(?P<value>.*)", re.IGNORECASE)
_PLACE = re.compile(r"\((?P<value>header|path|query|cookie)\)")


def plain_flag(printed: str) -> str:
    """Return a flag in the plain spelling."""
    return printed.lower().replace("read only", "read-only").replace("write only", "write-only")


def plain_lines(text: str, base: str) -> list[str] | None:
    """Return the plain lines for one that is spelled in another way, or None for any other line.

    `base` is the type of the member, since ``<= 40`` is a range of a number only.
    """
    if FLAG_LINE.fullmatch(text):
        return [] if text.lower() == "optional" else [plain_flag(text)]
    limits = read_limits(text, base)
    if limits:
        return limits
    if text.startswith(("default:", "Example:")):
        return None  # these are plain
    labels = ((_PLACE, ""), (_DEFAULT, "Default: "), (_FORMAT, "Format: "), (_EXAMPLE, "Example: "))
    for pattern, label in labels:
        line = pattern.fullmatch(text)
        if line:
            return [f"{label}{line['value'].strip('`')}"]
    line = PATTERN.fullmatch(text)
    if line and (line["value"] or text.endswith(":")):
        return [f"Pattern: {(line['value'] or '').strip('`')}"]
    return None
