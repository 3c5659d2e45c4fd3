"""How pages spell restrictions: a pattern a row, with what it gives."""

import re
from collections.abc import Callable

from contracts.derive.language.constraints import NUMBER, number
from contracts.derive.language.limits import CHARS, ITEMS, N, Restriction, quantity
from contracts.derive.language.words import WORDS
from contracts.derive.markdown.blocks import APART, plain

_Gives = Callable[[re.Match[str]], tuple[Restriction, ...]]


def _length(found: re.Match[str]) -> tuple[Restriction, ...]:
    low = number(found["low"])
    high = number(found["high"] or found["low"])
    name = "lengths" if found["of"].lower() == "string" else "sizes"
    return (Restriction(name, (low, False, high, False)),)


def _keyword(found: re.Match[str]) -> tuple[Restriction, ...]:
    words = re.sub(r"[\s._-]", "", found["keyword"]).lower()
    value = quantity(found["value"])
    if words in {"minimumlength", "maximumlength", "min", "max"}:
        ends = (value, False, None, False) if words[1] == "i" else (None, False, value, False)
        return (Restriction("bound" if len(words) == 3 else "size", ends),)
    return (Restriction(_KEYWORDS[words], value),)


_KEYWORDS = {word: name for name, words in WORDS["keywords"].items() for word in words}
_KEYWORD = (
    r"(?P<keyword>(?:min(?:imum|\.)?|max(?:imum|\.)?)[ _-]?(?:string |array )?(?:length|items"
    r"|properties|value)|exclusive[ _-]?m(?:in|ax)(?:imum)?"
    r"|min(?:imum|\.)?|max(?:imum|\.)?|multiple[ _-]?of|greater than|less than)"
)


def _flag(name: str, value: object = True) -> _Gives:  # noqa: FBT002  the value of a keyword
    return lambda _: (Restriction(name, value),)


def _text(name: str) -> _Gives:
    return lambda found: (Restriction(name, plain(found["value"]).rstrip(".").strip("`\"'")),)


def _named(name: str) -> _Gives:
    return lambda found: (Restriction(name, found["value"]),)


def _pattern(found: re.Match[str]) -> tuple[Restriction, ...]:
    value = found["value"].replace(APART, "").strip().strip("`")
    value = re.sub(r"\A/(\^.*\$)/\Z", r"\1", value)  # as programs write it
    value = re.sub(r"\A\^(?=[+*?])", r"^\\", value)  # of which Markdown took the backslash
    return (Restriction("pattern", value),) if value else ()


def _default(found: re.Match[str]) -> tuple[Restriction, ...]:
    value = next(group for group in reversed(found.groups()) if group).strip("`\"'" + APART)
    return (Restriction("default", value.lower() if value in {"True", "False"} else value),)


def _format(found: re.Match[str]) -> tuple[Restriction, ...]:
    """Return a format that has a name; letters of a date or another notation are none."""
    value = found["value"]
    named = re.fullmatch(_FORMAT_WORDS, value, re.IGNORECASE)
    return (Restriction("format", value.lower()),) if named or value.islower() else ()


def _date(found: re.Match[str]) -> tuple[Restriction, ...]:
    known = (
        kind
        for spelling, kind in _DATES.items()
        if re.fullmatch(spelling, found["value"], re.IGNORECASE)
    )
    return (Restriction("format", next(known)),)


def nothing(_: re.Match[str]) -> tuple[Restriction, ...]:
    """Give nothing: what was understood and restricts nothing."""
    return ()


OPTION_LABEL = re.compile(
    r"(?:items[\s\x1f]+)?(?:(?:(?:the )?(?:allowed|possible|available|valid|accepted|permitted"
    r"|supported|enum)[ _](?:enum )?(?:values?|options?)|enum(?:eration)?s?|values|options|allowed)"
    r"(?:(?: are| is)?\s*\x1f?\s*[:=]| are(?=\s*[\x1f`\"'“]))|any of\s*:|one of\s*:?"
    r"|(?:any of|accepts|choose (?:between|from)|\d+ (?:to|or|and) (?:\d+|more) of)"
    r"(?=\s*[\x1f`\"'“])|is one of"
    r"|can be one of\s*:?|must be one of\s*:?"
    r"|\Avalues are(?= \S+(?:, \S+)*,? or \S+\Z|(?: \S+)(?:, \S+)*,? or \S+\. )"
    r"|either\b|(?:value|const)\s*\x1f?\s*:)",
    re.IGNORECASE,
)
_FORMAT_WORDS = (
    "int32|int64|float|double|uuid|date-time|date|time|duration|email|uri|uri-reference|hostname"
    "|ipv4|ipv6|binary|byte|password|regex"
)
#: How dates and instants are spelled where a page shows their letters, and the format of each.
_DATES = {
    r"YYYY-MM-DD'?T'?HH:mm:ss(?:\.S+)?(?:Z|XXX|[+-]HH:mm|±HH:mm)": "date-time",
    r"RFC[ -]?3339(?: timestamp| date-?time| date and time)?": "date-time",
    r"(?:ISO[ -]?8601 )?(?:date )?\(?YYYY-MM-DD\)?(?!T)": "date",
    r"an? (?:UUID|GUID)(?: ?v[1-8])?|(?:UUID|GUID) ?v[1-8]": "uuid",
}
#: A value that is surely one, without a label: set apart, quoted, a number or true or false.
_SURE = rf"(\x1f?[^\s\x1f]+\x1f|`[^`]+`|\"[^\"]+\"|{NUMBER}|true|false)"
_ABSENT = r"(?:not (?:given|set|provided|specified|present|sent)|omitted|absent|unset|missing)"
_SCALAR_VALUE = r"(?P<value>\"[^\"]*\"|'[^']*'|`[^`]*`|\[[^\[\]]*\]|\{[^{}]*\}|[^\s,;()\x1f]+)"
# A flag may be said to be so, a limit has its label, and numbers their names and units.
_SO = r"(?:\s*\x1f?\s*[:=]\s*true)?\b"
_LOW = rf"(?P<low>{NUMBER})"
_HIGH = rf"(?P<high>{NUMBER})"
_NO_CONDITION = (
    r"(?![ ](?:if|when|unless|where|for|string|array|range|to|by|in|only|properties|depending"
    r"|conditional(?:ly)?|sometimes|with|without)\b)"
)
_MATCHES = (
    r"(?:(?:value )?(?:must )?match(?:es)?(?: the)?(?:[ ]?pattern| regexp?| regular expression)?"
    r"|pattern|regex(?:p| pattern)?|validation(?=:)|format(?=:))"
)
_PATTERN = r"(?P<value>\^[^\x1f]*?\$|/\^.*?\$/|`[^`]+`)"
_PLACE = r"\(?(?P<value>path|query|header|cookie|body|formdata)\)?(?: parameter)?"
ROWS: tuple[tuple[str, _Gives], ...] = (
    (r"(?:is )?required\s*\x1f?\s*[:=]\s*(?:true|yes)\b", _flag("required")),
    (r"(?:is )?required\s*\x1f?\s*[:=]\s*(?:false|no)\b", _flag("optional")),
    (r"not required\b|optional\b(?![ ]\w)", _flag("optional")),
    (rf"(?:required|mandatory)\b{_NO_CONDITION}", _flag("required")),
    (r"nullable\s*\x1f?\s*[:=]\s*false\b|non-nullable\b|not null(?:able)?\b", nothing),
    ((rf"nullable{_SO}|(?:can|may|could|might|will) (?:also )?be[ \x1f]+null\b"
      r"|(?<=[.,;] )or[ \x1f]+null\b(?=[\s\x1f]*(?:[.;)]|$))"
      r"|(?:is |or )?\x1f?null\x1f? (?:if|when|until|unless|where|for)\b[^.;\x1f]*"),
     _flag("nullable")),
    (rf"(?:deprecated){_SO}", _flag("deprecated")),
    (rf"(?:read|output)[ -]?only{_SO}", _flag("readOnly")),
    (rf"write[ -]?only{_SO}", _flag("writeOnly")),
    ((r"unique(?:[ ]?items)?(?:\s*[:=]\s*true| items)\b|unique items\b|items must be unique\b"
      r"|(?-i:unique)(?=\Z)"),
     _flag("uniqueItems")),
    ((r"(?:required )?(?:string |array )?(?:length|size)?\s*\x1f?:?\s*non-empty\b"
     r"|(?:must not|can ?not|may not|can't) be empty\b"), _flag("filled")),
    ((rf"{_KEYWORD}\s*\x1f?\s*(?:[:=]|of\b|is\b)?\s*\x1f?\s*`?(?P<value>{N})`?(?!\s*{CHARS}|\s*{ITEMS}"
      rf"|\w|\.\d)"), _keyword),
    ((rf"required (?P<of>string|array) length\s*:[\s\x1f`]*{_LOW}(?:\s*[-\u2013]\s*{_HIGH})?"
      r"(?:[\s\x1f]*elements?)?"), _length),
    (rf"{_MATCHES}\s*\x1f?\s*[:=]?\s*\x1f?\s*[\"']?{_PATTERN}[\"']?(?=[\s\x1f.,;)]|$)", _pattern),
    (r"(?:pattern|match pattern)\s*\x1f?\s*:\s*\x1f?\s*(?P<value>[^\s\x1f]+)", _pattern),
    (r"(?P<value>\^[^\x1f]*\$)(?=\x1f|$)", _pattern),
    (r"(?P<value>\^\S*\$)(?=[\s\x1f]|$)", _pattern),
    (r"\[[\s\x1f]*items[\s\x1f]*(?P<value>(?:[^\[\]]|\[[^\[\]]*\])*)\]", _named("items")),
    ((rf"(?:date )?(?:in )?(?:the )?(?:format:? )?\x1f?(?P<value>{'|'.join(_DATES)})"
     r"\x1f?(?: format)?(?=[\s\x1f]*(?:$|[.;,)]))"), _date),
    (r"(?:format)\s*\x1f?\s*[:=]\s*\x1f?\s*[`\"']?(?P<value>[\w-]+)[`\"']?", _format),
    ((r"(?:default(?: value)?(?:\s*\x1f?\s*[:=]|\s+is|\s*\x1f)|defaults to)\s*\x1f?\s*"
       r"(?!(?:the|an?|its|their|your) )" + _SCALAR_VALUE), _text("default")),
    ((rf"default\s+(?P<value>{NUMBER}|true|false|\"[^\"]+\"|(?-i:[A-Z][A-Z\d_]*)|[\w-]+(?=\)))"
      r"(?=[).;,]|$)"), _text("default")),
    (rf"(?:{_SURE}) by default\b|by default[ :]+(?:{_SURE})(?=[\s\x1f]*[.;,)]|$)", _default),
    (rf"(?:{_SURE}) (?:if|when) {_ABSENT}(?=[\s\x1f]*(?:[.;,)]|$))", _default),
    (rf"(?:if|when) {_ABSENT},? (?:the default (?:value )?)?(?:{_SURE}) (?:is|will be) used\b",
     _default),
    (r"(?<=\x1f)\*(?=\x1f|$)", _flag("required")),
    (r"exclusive(?P<value>M(?:in|ax)imum)\s*:\s*true\b", _named("open")),
    (r"(?<=\x1f)enum(?=\x1f|$)", _flag("listed")),
    (rf"(?<=\x1f)(?P<value>{_FORMAT_WORDS})(?=\x1f|$)", _text("format")),
    # right behind the type: "(string, uuid, required)"
    (rf"(?<=\A, )(?P<value>{_FORMAT_WORDS})(?=[,)])", _text("format")),
    (r"(?:in )?(?P<value>email|uuid|uri) format(?=[.;,)]|$)", _format),
    (rf"(?:in:?\s*)?{_PLACE}(?=[\s\x1f]*(?:$|[,;)]|required|optional))", _text("place")),
    (r"examples?\s*\x1f?\s*[:=]\s*(?P<value>.*)", _text("sample")),
    (r"e\.g\.(?:(?!\. [A-Z]).)*", _flag("sample")),

)  # fmt: skip
