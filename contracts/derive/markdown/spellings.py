"""How pages spell restrictions: a pattern a row, with what it gives."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from contracts.derive.language.constraints import NUMBER, number, range_facts
from contracts.derive.markdown.blocks import APART, plain

N = rf"(?:{NUMBER})"
_ENDS = r"(?! *(?!and\b)[\w%])"
_CHARS = r"(?:characters?|chars?|symbols?|letters?|bytes)"
_ITEMS = r"(?:items?|elements?|entries|values)"
_UNIT = rf"(?P<unit>{_CHARS}|{_ITEMS}|properties)?"
_COUNT = r"imum)?\.?(?: length| number)?(?: of)?"
_MOST = (
    rf"(?:<=|≤|&lt;=|at most|up to|max(?:{_COUNT}|no more than"
    r"|(?:(?:must|may|can) )?not (?:be )?(?:more|greater|longer) than|(?:must|may) not exceed)"
)
_LEAST = rf"(?:>=|≥|at least|min(?:{_COUNT}|no fewer than|no less than)"


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction as it was read: `name` says what it is about, `value` what it says.

    Names are keywords of JSON Schema, and `lengths`, `sizes`, `size`, `bound`, `range` (pairs whose
    keyword depends on the member's type), `options`, `sample`, and the flags
    `required`, `optional`, `nullable`.
    `first` is the line of its label where that has a line of its own.
    """

    name: str
    value: object = True
    first: int = 0


_Gives = Callable[[re.Match[str]], tuple[Restriction, ...]]


def _pair(found: re.Match[str]) -> tuple[Restriction, ...]:
    """Return a range with its ends: `[1 .. 40] characters`, `(0 .. 70]`, `1 - 20 items`."""
    groups = found.groupdict()
    low, high = groups.get("low"), groups.get("high")
    if groups.get("exact"):
        low = high = groups["exact"]
    name = "range" if groups.get("unit") is None else "lengths"
    unit = (groups.get("unit") or "").lower()
    if unit and re.fullmatch(_ITEMS, unit):
        name = "sizes"
    if unit == "properties":
        name = "members"
    if low is not None and high is not None and number(low) > number(high):
        return ()  # two numbers, and no range
    ends = (
        number(low) if low is not None else None,
        groups.get("open") == "(" or groups.get("above") is not None,
        number(high) if high is not None else None,
        groups.get("close") == ")" or groups.get("below") is not None,
    )
    return (Restriction(name, ends),)


def _range_of(name: str) -> _Gives:
    """Return what gives a range under a name of its own, where no unit says what it is of."""
    return lambda found: tuple(
        replace(item, name=name) if item.name == "range" else item for item in _pair(found)
    )


def _length(found: re.Match[str]) -> tuple[Restriction, ...]:
    low, high = number(found["low"]), number(found["high"] or found["low"])
    name = "lengths" if found["of"].lower() == "string" else "sizes"
    return (Restriction(name, (low, False, high, False)),)


def _range(found: re.Match[str]) -> tuple[Restriction, ...]:
    return tuple(
        Restriction(keyword, value) for keyword, value in range_facts(found["value"]) or ()
    )


def _keyword(found: re.Match[str]) -> tuple[Restriction, ...]:
    words = re.sub(r"[\s._-]", "", found["keyword"]).lower()
    value = number(found["value"])
    if words in {"minimumlength", "maximumlength", "min", "max"}:
        ends = (value, False, None, False) if words[1] == "i" else (None, False, value, False)
        return (Restriction("bound" if len(words) == 3 else "size", ends),)
    return (Restriction(_KEYWORDS[words], value),)


_KEYWORDS = {
    "minlength": "minLength", "maxlength": "maxLength", "minitems": "minItems",
    "maxitems": "maxItems", "minproperties": "minProperties", "maxproperties": "maxProperties",
    "minimum": "minimum", "maximum": "maximum", "minimumvalue": "minimum",
    "maximumvalue": "maximum",
    "exclusiveminimum": "exclusiveMinimum", "exclusivemaximum": "exclusiveMaximum",
    "exclusivemin": "exclusiveMinimum", "exclusivemax": "exclusiveMaximum",
    "multipleof": "multipleOf", "greaterthan": "exclusiveMinimum", "lessthan": "exclusiveMaximum",
    "minimumstringlength": "minLength", "maximumstringlength": "maxLength",
    "minimumarraylength": "minItems", "maximumarraylength": "maxItems",
    "minimumitems": "minItems", "maximumitems": "maxItems",
    "minimumproperties": "minProperties", "maximumproperties": "maxProperties",
}  # fmt: skip
_KEYWORD = (
    r"(?P<keyword>(?:min(?:imum|\.)?|max(?:imum|\.)?)[ _-]?(?:string |array )?(?:length|items"
    r"|properties|value)|exclusive[ _-]?m(?:in|ax)(?:imum)?"
    r"|minimum|maximum|min|max|multiple[ _-]?of|greater than|less than)"
)


def _flag(name: str, value: object = True) -> _Gives:  # noqa: FBT002  the value of a keyword
    return lambda _: (Restriction(name, value),)


def _text(name: str) -> _Gives:
    return lambda found: (Restriction(name, plain(found["value"]).rstrip(".").strip("`\"'")),)


def _named(name: str) -> _Gives:
    return lambda found: (Restriction(name, found["value"]),)


def _pattern(found: re.Match[str]) -> tuple[Restriction, ...]:
    value = found["value"].replace(APART, "").strip().strip("`")
    return (Restriction("pattern", value),) if value else ()


def nothing(_: re.Match[str]) -> tuple[Restriction, ...]:
    """Give nothing: what was understood and restricts nothing."""
    return ()


OPTION_LABEL = re.compile(
    r"(?:items[\s\x1f]+)?(?:(?:(?:the )?(?:allowed|possible|available|valid|accepted|permitted"
    r"|supported|enum)[ _](?:values?|options?)|enum(?:eration)?s?|values|options|allowed)"
    r"(?:(?: are| is)?\s*\x1f?\s*[:=]| are(?=\s*[\x1f`\"'“]))|any of\s*:|one of\s*:?"
    r"|can be one of\s*:?|must be one of\s*:?"
    r"|either\b|(?:value|const)\s*\x1f?\s*:)",
    re.IGNORECASE,
)
_FORMAT_WORDS = (
    "int32|int64|float|double|uuid|date-time|date|time|duration|email|uri|uri-reference|hostname"
    "|ipv4|ipv6|binary|byte|password|regex"
)
_SCALAR_VALUE = r"(?P<value>\"[^\"]*\"|'[^']*'|`[^`]*`|\[[^\[\]]*\]|\{[^{}]*\}|[^\s,;()\x1f]+)"
# A flag may be said to be so, a limit has its label, and numbers their names and units.
_SO = r"(?:\s*\x1f?\s*[:=]\s*true)?\b"
_LOW, _HIGH = rf"(?P<low>{N})", rf"(?P<high>{N})"
_COUNTED = rf"(?P<unit>{_CHARS}|{_ITEMS})\b"
_LONG = rf"(?P<unit>{_CHARS}|{_ITEMS}|properties)\b(?: long| in length)?"
_UP_TO = (
    r"(?:<=|≤|at most|up to|no more than|not be greater than|not exceed|max(?:imum)?:?"
    r"|(?:less|smaller) than or equal to)"
)
_FROM = r"(?:>=|≥|at least|no less than|min(?:imum)?:?|(?:greater|larger|more) than or equal to)"
_VALUES = r"(?:(?:valid )?values? (?:are|is) )?"
_NO_CONDITION = (
    r"(?![ ](?:if|when|unless|where|for|string|array|range|to|by|in|only|properties|depending"
    r"|conditional(?:ly)?|sometimes|with|without)\b)"
)
_MATCHES = (
    r"(?:match(?:es)?[ ]?pattern|must match(?: the)?(?: pattern)?|matches|pattern"
    r"|regex(?:p| pattern)?|value must match regular expression|format(?=:))"
)
_PATTERN = r"(?P<value>\^[^\x1f]*?\$|/\^.*?\$/|`[^`]+`)"
_OF_X = rf"(?:{N}\s*(?:<=?|≤)\s*)?x(?:\s*(?:[<>]=?|≤|≥)\s*{N})?"
_PLACE = r"\(?(?P<value>path|query|header|cookie|body|formdata)\)?(?: parameter)?"
ROWS: tuple[tuple[str, _Gives], ...] = (
    (r"(?:is )?required\s*\x1f?\s*[:=]\s*(?:true|yes)\b", _flag("required")),
    (r"(?:is )?required\s*\x1f?\s*[:=]\s*(?:false|no)\b", _flag("optional")),
    (r"not required\b|optional\b(?![ ]\w)", _flag("optional")),
    (rf"(?:required|mandatory)\b{_NO_CONDITION}", _flag("required")),
    (r"nullable\s*\x1f?\s*[:=]\s*false\b|non-nullable\b|not null(?:able)?\b", nothing),
    (rf"nullable{_SO}|(?:can|may) be[ \x1f]+null\b", _flag("nullable")),
    (rf"(?:deprecated){_SO}", _flag("deprecated")),
    (rf"(?:read|output)[ -]?only{_SO}", _flag("readOnly")),
    (rf"write[ -]?only{_SO}", _flag("writeOnly")),
    (r"unique(?:[ ]?items)?(?:\s*[:=]\s*true| items)\b|unique items\b|items must be unique\b",
     _flag("uniqueItems")),
    (r"(?:required )?(?:string |array )?(?:length|size)?\s*\x1f?:?\s*non-empty\b", _flag("filled")),
    ((rf"{_KEYWORD}\s*\x1f?\s*(?:[:=]|of\b|is\b)?\s*\x1f?\s*`?(?P<value>{N})`?(?!\s*{_CHARS}|\s*{_ITEMS}"
      rf"|\w|\.\d)"), _keyword),
    (rf"(?P<open>[\[(])\s*{_LOW}\s*(?:\.\.\.?|,|…)\s*{_HIGH}\s*(?P<close>[\])])\s*{_UNIT}", _pair),
    (rf"size range\s*:[\s\x1f]*{_LOW}?\s*(?:\.\.|-)\s*{_HIGH}?", _range_of("bound")),
    (rf"{_LOW}\s*(?:…|\.\.\.?)\s*{_HIGH}\s*{_UNIT}", _range_of("between")),
    ((rf"required (?P<of>string|array) length\s*:[\s\x1f`]*{_LOW}(?:\s*[-\u2013]\s*{_HIGH})?"
      r"(?:[\s\x1f]*elements?)?"), _length),
    (rf"required range\s*:[\s\x1f`]*(?P<value>{_OF_X})", _range),
    (rf"(?:length[: ]*|must be )?(?:between )?{_LOW}\s*(?:-|\u2013|to|and)\s*{_HIGH}\s*{_COUNTED}",
     _pair),
    (rf"(?:must be )?between {_LOW} (?:and|to) {_HIGH}(?: \(?inclusive\)?)?(?! *[a-z%])", _pair),
    (rf"(?:range|value)?\s*:?\s*{_LOW}\s*(?:<=|≤)\s*(?:x|value|length|n)?\s*(?:<=|≤)\s*{_HIGH}",
     _pair),
    (rf"(?:required range|range)\s*\x1f?\s*:\s*\x1f?\s*{_LOW}\s*(?:-|\u2013|to|\.\.)\s*{_HIGH}",
     _pair),
    (rf"(?:length\s*)?{_MOST}\s*:?\s*{_HIGH}\s*{_LONG}", _pair),
    (rf"(?:length\s*)?{_LEAST}\s*:?\s*{_LOW}\s*{_LONG}", _pair),
    (rf"length\s*(?:<=|≤)\s*{_HIGH}", _range_of("size")),
    (rf"length\s*(?:>=|≥)\s*{_LOW}", _range_of("size")),
    (rf"length (?:between )?{_LOW} (?:and|to) {_HIGH}", _range_of("size")),
    (rf"(?<=\x1f){_LOW} to {_HIGH}(?=\x1f|$)", _pair),
    (rf"{_LOW}\s*(?:[-\u2013]|to)\s*{_HIGH}$", _pair),
    (rf"(?:= ?|exactly |length(?: of)? |length: ?)(?P<exact>{N})\s*{_COUNTED}", _pair),
    (rf"{_VALUES}(?:(?:must|may) (?:be )?)?{_UP_TO}\s*{_HIGH}{_ENDS}", _pair),
    (rf"{_VALUES}(?:must be )?{_FROM}\s*{_LOW}{_ENDS}", _pair),
    (rf"(?:must be )?(?P<above>>|greater than|more than)\s*{_LOW}{_ENDS}", _pair),
    (rf"(?:must be )?(?P<below><|less than)\s*{_HIGH}{_ENDS}", _pair),
    (rf"{_MATCHES}\s*\x1f?\s*[:=]?\s*\x1f?\s*[\"']?{_PATTERN}[\"']?(?=[\s\x1f.,;)]|$)", _pattern),
    (r"(?:pattern|match pattern)\s*\x1f?\s*:\s*\x1f?\s*(?P<value>[^\s\x1f]+)", _pattern),
    (r"(?P<value>\^[^\x1f]*\$)(?=\x1f|$)", _pattern),
    (r"(?P<value>\^\S*\$)(?=[\s\x1f]|$)", _pattern),
    (r"\[[\s\x1f]*items[\s\x1f]*(?P<value>(?:[^\[\]]|\[[^\[\]]*\])*)\]", _named("items")),
    (r"(?:format)\s*\x1f?\s*[:=]\s*\x1f?\s*[`\"']?(?P<value>[\w-]+)[`\"']?", _text("format")),
    ((r"(?:default(?: value)?(?:\s*\x1f?\s*[:=]|\s+is|\s*\x1f)|defaults to)\s*\x1f?\s*"
      + _SCALAR_VALUE), _text("default")),
    (r"(?<=\x1f)\*(?=\x1f|$)", _flag("required")),
    (rf"(?<=\x1f)(?P<exact>{N}) (?P<unit>{_CHARS}|{_ITEMS})(?=\x1f|$)", _pair),
    (r"exclusive(?P<value>M(?:in|ax)imum)\s*:\s*true\b", _named("open")),
    (r"(?<=\x1f)enum(?=\x1f|$)", _flag("listed")),
    (rf"(?:(?<=\x1f)|^){_LOW} to {_HIGH}(?=[,.;]|[\s\x1f]*$)", _range_of("between")),
    (rf"(?:(?<=\x1f)|^){_LOW}…(?=[\s\x1f]|$)", _range_of("between")),
    (rf"(?:(?<=\x1f)|^)…{_HIGH}(?=[\s\x1f]|$)", _range_of("between")),
    (rf"(?<=\x1f)(?P<value>{_FORMAT_WORDS})(?=\x1f|$)", _text("format")),
    (rf"(?:in:?\s*)?{_PLACE}(?=[\s\x1f]*(?:$|[,;)]|required|optional))", _text("place")),
    (r"examples?\s*\x1f?\s*[:=]\s*(?P<value>.*)", _text("sample")),
    (r"e\.g\..*", _flag("sample")),

)  # fmt: skip
