"""Lists of options, however a page prints them."""

from __future__ import annotations

import re

from contracts.derive.markdown.blocks import APART

_QUOTED = re.compile(
    r"[\s,|\x1f]*(?:(?:or|and)\s+)?(?:\"([^\"\x1f]*)\"|'([^'\x1f]*)'|`([^`\x1f]*)`|“([^”\x1f]*)”)"
)
_BARE_OPTION = re.compile(r"[^\s,;|\x1f\u2503\"'`<>{}\[\]()]{1,80}")
_BETWEEN_OPTIONS = re.compile(
    r"[\s\x1f]*(?:,\s*(?:or\b|and\b)?|\||/(?=\s)|;|\bor\b|\band\b|\x1f|\u2503)[\s\x1f]*"
)
_AFTER_OPTIONS = re.compile(r"\s*(?:$|[.;,)\]\x1f]|\s[\u2013\u2014-]\s)")


def leading_options(text: str, at: int = 0) -> tuple[tuple[str, ...], int]:
    """Return the options of the list that begins at a place and the place behind it.

    No options where it is no list.

    Example: `"a" "b"`, `a, b or c`, `[a | b]` and pieces set apart.
    """
    at += len(text[at:]) - len(text[at:].lstrip(" " + APART))
    if text[at : at + 1] == "[":
        end = text.find("]", at)
        return (options(text[at + 1 : end]), end + 1) if end > 0 else ((), at)
    values: list[str] = []
    end = at
    while found := _QUOTED.match(text, end):
        values.append(next(group for group in found.groups() if group is not None))
        end = found.end()
    if values:
        return tuple(values), end
    while option := _BARE_OPTION.match(text, end):
        values += [value] if (value := option[0].rstrip(".")) else []
        last = option.end()
        separator = _BETWEEN_OPTIONS.match(text, last)
        following = _BARE_OPTION.match(text, separator.end()) if separator else None
        behind = following and _BETWEEN_OPTIONS.match(text, following.end()) is None
        if (
            not separator
            or not following
            or (behind and not _AFTER_OPTIONS.match(text, following.end()))
        ):
            end = last
            break
        end = separator.end()
    return (tuple(values), end) if values and _AFTER_OPTIONS.match(text, end) else ((), at)


def options(text: str) -> tuple[str, ...]:
    """Return the options that a text lists, or nothing where it says more than options."""
    text = text.strip(APART + " ")
    values, end = leading_options(text)
    return values if not text[end:].strip(APART + " .,") else ()
