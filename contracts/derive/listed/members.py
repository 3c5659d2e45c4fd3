"""Members in other spellings than the plain one: in a stack of lines, or all on one line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from contracts.derive.language.constraints import read_label
from contracts.derive.listed.plain_lines import FLAG_LINE, plain_flag
from contracts.derive.listed.spelled import SpelledType, read_spelled
from contracts.derive.page.lines import Line

_NAME = r"[A-Za-z_$@][\w.$@\[\]{}-]*"
NAMED = re.compile(
    rf"(?P<name>{_NAME})(?P<mark>\s?\*(?:\s?required)?|\?|[ \t]+(?:required|optional))?",
    re.IGNORECASE,
)
_ONE_LINE = re.compile(rf"(?P<name>{_NAME})[ \t]+(?P<type>.+)")
#: Capitalised words that begin a sentence and are no names of members.
SENTENCE = re.compile(
    r"(?:The|An?|Any|All|This|Each|One|Some|Unique|Optional|Required|Returns?|Array|List|JSON)\b"
)
_LABEL_BEHIND = re.compile(
    r"(?=(?:Available options|Allowed values|Possible values|Enum|Defaults?|Example|Pattern)\b)"
)


def stacked_member(
    lines: Sequence[Line], at: int
) -> tuple[str, list[tuple[int, str]], SpelledType, int] | None:
    """Return a member whose name and type stand on lines of their own, a flag perhaps between them.

    The parts are its name, the flags with their lines, its type, and the index behind it.
    """
    named = NAMED.fullmatch(lines[at].text)
    if not named or named["name"].lower() in {"required", "optional"}:
        return None
    flags: list[tuple[int, str]] = []
    if named["mark"] and named["mark"] != "?":
        flag = "optional" if "optional" in named["mark"].lower() else "required"
        flags.append((lines[at].number, flag))
    end = at + 1
    while end < len(lines) and (flag_line := FLAG_LINE.fullmatch(lines[end].text)):
        flags.append((lines[end].number, plain_flag(flag_line["flag"])))
        end += 1
    if end >= len(lines):
        return None
    spelled = read_spelled(lines[end].text)
    if spelled is None or read_label(lines[at].text):
        return None
    return named["name"], flags, spelled, end + 1


def glued_member(text: str) -> tuple[str, SpelledType, str] | None:
    """Return name, type and rest of a line that holds a whole member: ``kindstringrequired``."""
    label = _LABEL_BEHIND.search(text, 1)
    head, rest = (text[: label.start()], text[label.start() :]) if label else (text, "")
    spaced = _ONE_LINE.fullmatch(head.strip())
    if spaced:
        spelled = read_spelled(_parted(spaced["type"]))
        return (spaced["name"], spelled, rest) if spelled else None
    name = re.match(_NAME, head)
    for end in range(1, name.end() if name else 0):
        if spelled := read_spelled(_parted(head[end:])):
            return head[:end], spelled, rest
    return None


def _parted(text: str) -> str:
    """Return a type with a blank before the flags that are squashed behind it."""
    return re.sub(r"(?<=[a-z0-9>\])])(?=(?:[Rr]equired|[Oo]ptional|[Dd]eprecated)\b)", " ", text)
