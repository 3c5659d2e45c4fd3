"""What a page says of a member besides its type, in every renderer's words."""

import re
from collections.abc import Iterator

from contracts.derive.language.limits import Restriction, limit_at
from contracts.derive.markdown.blocks import APART
from contracts.derive.markdown.spellings import OPTION_LABEL, ROWS, nothing

__all__ = ["Restriction", "begin_restriction", "clauses", "read_restrictions"]

_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), gives) for pattern, gives in ROWS)
_INTRODUCTION = (
    r"(?:(?:and|constraints?|restrictions?|validation)\b\s*:?"
    r"|possible values\s*:(?=[\s\x1f]*(?:[<>=≤≥]|value must|non-empty)))?"
)
_FILLING = re.compile(rf"[\s,;.·|┃\x1f)➔]*{_INTRODUCTION}[\s,;·|┃\x1f]*", re.IGNORECASE)
_FILLING_WITH_BRACKET = re.compile(
    rf"[\s,;.·|┃\x1f()➔]*{_INTRODUCTION}[\s,;·|┃\x1f(]*", re.IGNORECASE
)
_BEHIND = re.compile(r"[\s,;.·|┃\x1f)]*")

#: A description that begins with codes, of which one is meant: "`low`, `normal` or `high`".
_CODE = r"(?:\x1f[^\x1f]+\x1f|\"[^\"\x1f]+\"\x1f?)"
_CODES = re.compile(
    r"(?P<said>(?i:(?:the value )?(?:can|must|may|should) be)[ ]?"
    r"(?!.*\x1f(?:string|number|integer|boolean|object|null)\x1f))?"
    rf"(?P<codes>(?:{_CODE}\s*[,|]\s*)*{_CODE}\s*(?:,?\s*or\b|\|)\s*(?P<last>{_CODE}))"
    r"(?P<default>\s*\((?:the )?default\))?(?=\s*(?:[.;]|$|\((?:optional|required|default)\b))"
)
#: What a filter is by, in front of its options: "Filter by status: `open` or `closed`".
_LISTED_BY = re.compile(
    r"\A(?!.*\b(?:not|except|without)\b)[^:]*\b(?:by|with|of) (?:(?:this|the|its|their) )?[a-z_]+"
    r":[ \x1f]*\Z",
    re.IGNORECASE,
)


def _with_items(some: tuple[Restriction, ...]) -> tuple[Restriction, ...]:
    """Read on what is said of the items of an array."""
    if not some or some[0].name != "items":
        return some
    inside, _ = read_restrictions(str(some[0].value))
    kept = tuple(item for item in inside if item.name in {"lengths", "range", "pattern"})
    return kept or (Restriction("sample"),)


def begin_restriction(text: str, at: int) -> tuple[tuple[Restriction, ...], int] | None:
    """Return the restriction at a place of a text with the place behind it, or None."""
    if at and text[at - 1].isalnum():
        return None
    codes = _CODES.match(text, at - (text[at - 1] == APART) if at > 1 else 0)
    if codes and (at <= 1 or codes["said"] or _LISTED_BY.search(text, 0, at)):
        quoted = tuple(code.strip(APART + '"') for code in re.findall(_CODE, codes["codes"]))
        default = Restriction("default", quoted[-1])
        some = (Restriction("options", quoted), *([default] if codes["default"] else []))
        return some, codes.end()
    if limit := limit_at(text, at):
        return (limit[0],), limit[1]
    label = OPTION_LABEL.match(text, at)
    values, end = leading_options(text, label.end()) if label else ((), at)
    if label and values and (len(values) > 1 or label[0].rstrip(APART + " ").endswith((":", "="))):
        return (Restriction("options", values),), end
    for pattern, gives in _COMPILED:
        found = pattern.match(text, at)
        if found and found.end() > at:
            some = gives(found)
            if some or gives is nothing:
                return _with_items(some), found.end()
    return None


def _scan(text: str, at: int) -> tuple[tuple[Restriction, ...], int]:
    """Return the restrictions that stand one behind the other, and the place behind them."""
    out: list[Restriction] = []
    end = at
    while True:
        found = None
        for filling in (_FILLING, _FILLING_WITH_BRACKET):  # a bracket may open a range
            skipped = filling.match(text, end)
            start = skipped.end() if skipped else end
            found = found or (begin_restriction(text, start) if start < len(text) else None)
        if found is None:
            return tuple(out), end
        out += found[0]
        end = found[1]


def read_restrictions(text: str) -> tuple[tuple[Restriction, ...], str]:
    """Return the restrictions with which a text begins, and what is left of it.

    Example: `required, <= 40 characters. The name.` gives two restrictions and `The name.`
    """
    found, end = _scan(text, 0)
    behind = _BEHIND.match(text, end) if found else None
    return found, text[behind.end() if behind else end :]


_CLAUSE = re.compile(
    r"(?<!e\.g)[.;,:](?:[\s\x1f]+|$)|\s+[-\u2013\u2014]\s+|\s*[()]\s*|\x1f(?=[A-Z][a-z ]+:)"
)
_CLAUSE_END = re.compile(r"[\s\x1f]*(?:$|[.;,)]|[-\u2013\u2014]\s)|\x1f")


def clauses(text: str) -> Iterator[tuple[Restriction, ...]]:
    """Yield the restrictions of those clauses of a description that are nothing else.

    Example: "The weight, between 1 and 40." has one, "the one of the box" has none.
    """
    at = 0
    while at < len(text):
        found, end = _scan(text, at)
        if found and _CLAUSE_END.match(text, end):
            yield found
            at = max(end, at + 1)
        following = _CLAUSE.search(text, at)
        if following is None:
            return
        at = max(following.end(), at + 1)


_QUOTED = re.compile(
    r"[\s,|\x1f]*(?:(?:or|and)\s+)?(?:\"([^\"\x1f]*)\"|'([^'\x1f]*)'|`([^`\x1f]*)`|“([^”\x1f]*)”)"
)
_BARE_OPTION = re.compile(r"[^\s,;|\x1f\u2503\"'`<>{}\[\]()]{1,80}")
_BETWEEN_OPTIONS = re.compile(
    r"[\s\x1f]*(?:,\s*(?:or\b|and\b)?|\||•|/(?=\s)|;(?!\s*default)|\bor\b|\band\b|\x1f|\u2503)[\s\x1f]*"
)
_AFTER_OPTIONS = re.compile(r"\s*(?:$|[.;,)\]\x1f]|\s[\u2013\u2014-]\s)")


#: What explains an option, behind it: "- at once", ": at once", "(the default)".
_EXPLAINS = re.compile(r"[\x1f\"”' ]*(?:[-\u2013\u2014:=](?=\s)|\((?=\w))")
#: An option at the beginning of a piece or a clause, and whether it is explained.
HEAD = re.compile(
    r"(?:^|(?<=[,;.:)\x1f]))[\s\x1f]*(?:and |or )?"
    r"(?:[\"“']?\x1f(?P<apart>[^\x1f]{1,80})\x1f|[\"“'`](?P<quoted>[^\"”'`\x1f]{1,80})(?=[\"”'`]))"
    r"[\"”'`]?(?P<said>[ ]?(?:[-\u2013\u2014:=](?=\s)|\((?=\w)))?"
)
_IN_BRACKETS = re.compile(r" ?\([^()]*\)")


def leading_options(text: str, at: int = 0) -> tuple[tuple[str, ...], int]:
    """Return the options of the list that begins at a place and the place behind it.

    No options where it is no list, or where it is not sure which words only explain them. Example:
    `"a" "b"`, `a, b or c`, `[a | b]`, pieces set apart, `"a" - at once, "b" - slowly`.
    """
    at = len(text[:at].rstrip())  # a label takes the mark between it and the first of them
    heads = [*HEAD.finditer(text[at:])]
    if len(heads) > 1 and not text[at : at + heads[0].start()].strip() and heads[0]["said"]:
        if all(head["said"] for head in heads):
            return tuple(head["apart"] or head["quoted"] for head in heads), len(text)
        values = _listed(_IN_BRACKETS.sub("", text[at:]), 0)[0]
        end = text.find(values[-1], at) + len(values[-1]) if len(values) == len(heads) else at
        return (values, end) if end > at else ((), at)
    values, end = _listed(text, at)
    return (values, end) if len(values) != 1 or not _EXPLAINS.match(text, end) else ((), at)


def _listed(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Return the options of a list without explanations, and the place behind it."""
    at += len(text[at:]) - len(text[at:].lstrip(" •" + APART))
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
        is_sentence = following is not None and _has_words_behind(text, following)
        if is_sentence and separator and separator[0].strip(APART + " "):
            return (), at  # where the options end is not sure
        if is_sentence or not separator or not following:
            end = last - option[0].endswith(".")
            break
        end = separator.end()
    if len(values) == 1 and "/" in values[0]:
        values = values[0].split("/") if values[0].count("/") > 1 else []  # or a media type?
    return (tuple(values), end) if values and _AFTER_OPTIONS.match(text, end) else ((), at)


def _has_words_behind(text: str, option: re.Match[str]) -> bool:
    """Whether what looks like a last option is followed by something that can't follow options."""
    if _BETWEEN_OPTIONS.match(text, option.end()):
        return False
    return _AFTER_OPTIONS.match(text, option.end() - option[0].endswith(".")) is None


def options(text: str) -> tuple[str, ...]:
    """Return the options that a text lists, or nothing where it says more than options."""
    text = text.strip(APART + " ")
    values, end = leading_options(text)
    return values if not text[end:].strip(APART + " .,") else ()
