"""Limits as renderers of docs pages spell them, turned into the labels of a plain listing.

Example: ``[ 1 .. 40 ] characters`` is ``Required string length: 1 - 40``.
"""

from __future__ import annotations

import re

_N = r"-?\d[\d,_]*(?:\.\d+)?(?:[eE][+-]?\d+)?"
_UNIT = r"(?:\s*(?P<unit>characters?|chars?|items?|elements?|entries|properties))?"
_LEAST = r"(?:>=|≥|=>|at least|min(?:imum)?(?: value| length| items)?\s*[:=]?|minLength\s*[:=]?|minItems\s*[:=]?)"
_MOST = r"(?:<=|≤|=<|at most|up to|max(?:imum)?(?: value| length| items)?\s*[:=]?|maxLength\s*[:=]?|maxItems\s*[:=]?)"
_SUBJECT = r"(?:(?P<subject>length|items)\s*:?\s*)?"

_RANGE = re.compile(
    rf"{_SUBJECT}(?:(?P<open>[\[(])\s*(?P<low>{_N})\s*\.\.\s*(?P<high>{_N})\s*(?P<close>[\])])"
    rf"|between\s+(?P<low2>{_N})\s+and\s+(?P<high2>{_N})"
    rf"|(?P<low3>{_N})\s*(?:[-\u2013]|to|\.\.\.?)\s*(?P<high3>{_N})){_UNIT}",
    re.IGNORECASE,
)
_BOUND = re.compile(
    rf"{_SUBJECT}(?:(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<above>>)|(?P<below><)|(?P<exact>=))\s*"
    rf"(?P<number>{_N}){_UNIT}",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\s*(?:,|;|and\b|·)?\s*", re.IGNORECASE)
_NON_EMPTY = re.compile(r"non-?empty", re.IGNORECASE)
_WHOLE_LENGTH = re.compile(r"length", re.IGNORECASE)


def read_limits(text: str, base: str) -> list[str] | None:
    """Return the labelled lines that a text of limits means for a type, or None for any other text.

    `base` is string, array, object, or anything else for a number. A plain number limits numbers
    only: whether it would be the length of a string is not sure.
    """
    out: list[str] = []
    rest = text.strip()
    while rest:
        match = _RANGE.match(rest) or _BOUND.match(rest) or _NON_EMPTY.match(rest)
        if not match:
            return None
        line = _line(match, base)
        if line is None:
            return None
        out.append(line)
        joint = _JOINT.match(rest, match.end())
        rest = rest[joint.end() if joint else match.end() :]
    return out or None


def _line(match: re.Match[str], base: str) -> str | None:
    """Return one limit with its label."""
    if match.re is _NON_EMPTY:
        return {"array": "Minimum array length: 1", "string": "Minimum string length: 1"}.get(base)
    unit, subject = (match["unit"] or "").lower(), (match["subject"] or "").lower()
    named = unit or subject or ("length" if "length" in match[0].lower() else "")
    what = _what(named or ("items" if "items" in match[0].lower() else ""), base)
    if what is None:
        return None
    if match.re is _RANGE:
        low = match["low"] or match["low2"] or match["low3"]
        high = match["high"] or match["high2"] or match["high3"]
        if what != "range":
            return f"Required {what}: {_plain(low)} - {_plain(high)}"
        left = "<" if match["open"] == "(" else "<="
        right = "<" if match["close"] == ")" else "<="
        return f"Required range: {_plain(low)} {left} x {right} {_plain(high)}"
    number = _plain(match["number"])
    if what == "range":
        signs = {"least": ">=", "most": "<=", "above": ">", "below": "<"}
        sign = next((sign for name, sign in signs.items() if match[name]), None)
        return f"Required range: x {sign} {number}" if sign else None
    if match["exact"]:
        return f"Required {what}: {number}"
    if match["above"] or match["below"]:
        return None
    return f"{'Minimum' if match['least'] else 'Maximum'} {what}: {number}"


def _what(named: str, base: str) -> str | None:
    """Return what a limit limits: a range, or the length of a string or an array; None if unsure."""
    if named.startswith("char") or named == "length":
        return {"string": "string length", "array": "array length"}.get(base)
    if named.startswith(("item", "element", "entr")):
        return "array length" if base == "array" else None
    if named == "properties":
        return "properties" if base == "object" else None
    return "range" if base in {"number", "integer"} else None


def _plain(number: str) -> str:
    return number.replace(",", "").replace("_", "")
