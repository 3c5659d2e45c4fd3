"""Limits in words and signs: how long, how many, how large. One grammar, wherever they stand."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from contracts.derive.language.constraints import NUMBER, number


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


CHARS = r"(?:characters?|chars?|symbols?|letters?|bytes)"
ITEMS = r"(?:items?|elements?|entry|entries|values)"
_WORDS = {"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_GROUPED = r"-?\d{1,3}(?:,\d{3})+(?!\d|,\d)(?:\.\d+)?"
N = rf"(?:{_GROUPED}|{NUMBER}(?!,\d{{3}})|(?:{'|'.join(_WORDS)})\b)"
_G = r"[\s\x1f`]*"
_LOW = rf"{_G}(?P<low>{N}){_G}"
_HIGH = rf"{_G}(?P<high>{N}){_G}"
_COUNTED = (
    rf"-?(?P<unit>{CHARS}|{ITEMS}|properties)\b(?: long\b| in (?:length|total)\b)?"
    r"(?! (?:of|from|are|is|will)\b)"
)
#: What may stand behind a number without a unit: nothing that would be one.
_ALONE = (
    r"(?: ?\(?inclusive(?:ly)?\)?| are (?:accepted|allowed|valid))?"
    r"(?![ ]*(?!(?:and|but|if|when)\b)[\w%°€$£])(?![.,:/-]?\d)"
)
#: What an array may hold, by a noun of the page's own; units of amounts and of texts are none.
_THINGS = (
    r"(?:(?:unique|distinct|different) )?"
    r"(?P<things>(?!(?:[kmg]?bytes?|digits?|decimals?|places?|levels?|times|days?|hours?|minutes?"
    r"|seconds?|weeks?|months?|years?|percent|points?|cents?|words?|lines?|units?|keys?|pairs?|[a-z]{1,3})\b)"
    r"[a-z]+(?=[.,;)]|\Z)|(?=of (?:the|its|your|our)\b))"
)
#: Words before a limit that add nothing to it.
_LEAD = (
    r"(?:(?:the|an?|its?|this|x(?= ?[<>=≤≥])|required(?= range)|valid|allowed|accepted|permitted"
    r"|values?|length|size|range|from|(?:number|integer)(?= (?:from|between|of|in))|must|should"
    rf"|shall|may|can|could|has|have|having|be|is|are|of|in|contains?|accepts|allows)\b(?>{_G}[:=]?{_G}))*"
)
_NOT = r"(?:can ?not|can't|must not|may not|should not|must never|never|not) (?:be )?"
_MOST = (
    rf"(?:<=|=<|≤|&lt;=|at most|up to|limited to|(?:no|{_NOT})(?: ?)(?:more|longer|greater|larger"
    rf"|higher) than|{_NOT}exceed|(?:less|smaller|fewer|shorter) than or equal to)"
)
_LEAST = (
    rf"(?:>=|≥|&gt;=|at least|(?:no|{_NOT})(?: ?)(?:fewer|less|shorter|smaller|lower) than"
    r"|(?:greater|larger|more|longer) than or equal to)"
)
_OF = rf"(?: (?:length|size|number))?(?: of| is)?(?>{_G}:?)"
MAXIMUM = rf"(?:{_MOST}|max(?:imum)?\.?{_OF})"
_MINIMUM = rf"(?:{_LEAST}|min(?:imum)?\.?{_OF})"
_TO = r"(?:[-\u2013\u2014]|to|through|\.\.\.?|…)"
_SPAN = rf"(?P<lead>{_LEAD})(?P<between>between)?{_LOW}(?:(?P<to>{_TO})|(?P<and>and)){_HIGH}"
_EXACTLY = rf"(?:= ?|exactly|always|(?:fixed )?length(?: of|:)?|must be(?: exactly)?){_G}"
_SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<open>[\[(]){_LOW}(?:\.\.\.?|,|…){_HIGH}(?P<close>[\])])(?:{_G}{_COUNTED})?",
        rf"{_SPAN}(?:{_COUNTED}|{_ALONE})",
        (
            rf"{_LEAD}{_MINIMUM}{_LOW}(?:{CHARS}{_G}|{ITEMS}{_G})?(?:[,;]|,? ?\b(?:and|but)\b)[ ]?"
            rf"{MAXIMUM}{_HIGH}(?:{_COUNTED}|{_ALONE})"
        ),
        rf"{_LEAD}{_LOW}(?P<lop><=?|≤)(?>{_G})(?:x|value|length|n)?(?>{_G})(?P<hop><=?|≤){_HIGH}{_ALONE}",
        rf"{_LEAD}{_LOW}(?P<lop><=?|≤){_G}x{_ALONE}",
        rf"{_LEAD}(?P<to>\.\.|…){_HIGH}{_ALONE}",
        rf"(?:(?<=\x1f)|\A){_LOW}(?P<to>…)(?=[\s\x1f]|$)",
        rf"{_LEAD}{MAXIMUM}{_HIGH}{_COUNTED}",
        rf"{_LEAD}{_MINIMUM}{_LOW}{_COUNTED}",
        rf"{_LEAD}{_MOST}{_HIGH}{_ALONE}",
        rf"{_LEAD}{_MOST}{_HIGH}{_THINGS}",
        rf"{_LEAD}{_LEAST}{_LOW}{_THINGS}",
        rf"{_LEAD}{_LOW}{_TO}{_HIGH}{_THINGS}",
        rf"{_LEAD}{_LEAST}{_LOW}{_ALONE}",
        rf"{_LEAD}(?P<above>>|(?:greater|more|larger|higher) than|above){_LOW}{_ALONE}",
        rf"{_LEAD}(?P<below><|(?:less|smaller|lower) than|below){_HIGH}{_ALONE}",
        rf"{_LEAD}{_EXACTLY}(?P<exact>{N}){_G}{_COUNTED}",
        rf"{_LEAD}length:? exactly{_G}(?P<exact>{N}){_ALONE}",
        rf"{_LEAD}(?P<exact>{N}){_G}-?(?P<unit>{CHARS})(?: long| in length)\b",
        (
            rf"{_LEAD}{_LOW}(?:{_COUNTED}{_G})?(?:or|and) (?:more|greater|above|higher|longer|up)\b"
            rf"(?:{_G}(?P<behind>{CHARS}|{ITEMS}))?{_ALONE}"
        ),
        rf"(?<=\x1f)(?P<exact>{N}) (?P<unit>{CHARS}|{ITEMS})(?=\x1f|$)",
        rf"{_LEAD}{_LOW}\+{_G}{_COUNTED}",
        rf"{_LEAD}{_HIGH}{_COUNTED}{_G}(?:max(?:imum)?|at most|limit|or (?:less|fewer))\b",
    )
)
_RANGE_WORD = re.compile(r"from|range|values?|number|length", re.IGNORECASE)
_END = re.compile(r"[.)]?\s*(?:\x1f|$)|[),;]|\. (?=[A-Z])")
_NUMBER_NEAR = re.compile(
    rf"\D{{0,60}}?(?:\d|\b(?:{'|'.join(_WORDS)}|positive|(?:non-?)?negative)\b)", re.IGNORECASE
)
_SIGNS = (
    (r"(?:a )?(?:strictly )?positive(?: (?:number|integer|amount|value|decimal))?", True),
    (rf"(?:(?:a )?non-?negative(?: (?:number|integer|amount|value))?|{_NOT}negative)", False),
)
_SIGNED = tuple(
    (re.compile(rf"{_LEAD}{words}{_ALONE}", re.IGNORECASE), above) for words, above in _SIGNS
)


def limit_at(text: str, at: int) -> tuple[Restriction, int] | None:
    """Return the limit that begins at a place of a text with the place behind it, or None."""
    if not _NUMBER_NEAR.match(text, at):
        return None
    for shape in _SHAPES:
        found = shape.match(text, at)
        limit = _limit(found) if found else None
        if found and limit:
            return limit, found.end()
    for pattern, above in _SIGNED:
        if signed := pattern.match(text, at):
            return Restriction("range", (0, above, None, False)), signed.end()
    return None


def _limit(found: re.Match[str]) -> Restriction | None:
    """Return a limit with its ends; None where its ends are none of a limit."""
    part = {"unit": None, "behind": None, **found.groupdict()}
    low, high = (quantity(part.get(end) or part.get("exact")) for end in ("low", "high"))
    name = _subject(part["unit"] or part["behind"], found[0].lower())
    if part.get("things") is not None:
        name = "things"
    if name == "range" and part.get("to") in {"..", "...", "…"}:
        name = "between"
    if low is not None and high is not None and low > high:
        return None  # two numbers, and no range
    if "lead" in part and not _is_span(found, part):
        return None
    if not low and high is None and name in {"lengths", "sizes", "members"}:
        return None
    low_open = part.get("open") == "(" or part.get("lop") == "<" or part.get("above") is not None
    high_open = part.get("close") == ")" or part.get("hop") == "<" or part.get("below") is not None
    return Restriction(name, (low, low_open, high, high_open))


def _is_span(found: re.Match[str], part: dict[str, str | None]) -> bool:
    """Whether two numbers are the ends of a limit: a word or a unit says so, or nothing else."""
    if part["between"]:
        return True
    named = part["unit"] or _RANGE_WORD.search(part["lead"] or "")
    named = named or _END.match(found.string, found.end())
    return bool(named) and not part["and"]


def _subject(unit: str | None, text: str) -> str:
    """Return what a limit is of, by its unit or the words before it."""
    if unit is not None:
        counted = re.fullmatch(ITEMS, unit, re.IGNORECASE)
        return "sizes" if counted else "members" if unit[:1] in "pP" else "lengths"
    if re.search(r"length|size(?! range)|longer|shorter", text):
        return "size"
    return "bound" if re.search(r"\b(?:min|max|size)", text) else "range"


def quantity(text: str | None) -> int | float | None:
    """Return a number in digits, with or without commas, or in a word."""
    if text is None:
        return None
    word = _WORDS.get(text.lower())
    return number(text.replace(",", "")) if word is None else word


_MODAL = re.compile(r"(?:must|can ?not|can't|may not|never)\b", re.IGNORECASE)
_BEGINNING = re.compile(
    r"(?<![\w.,-])(?:must|can|may|should|never|between|from|at (?:least|most)|up to|no |not "
    r"|max|min|limited|exactly|(?<![\w.] )\d)|[<>≤≥]",
    re.IGNORECASE,
)


def limits(sentence: str) -> Iterator[Restriction]:
    """Yield the limits within a sentence: those with a unit, and those that something must keep.

    A number of things that it begins with is one of what the member holds.
    """
    end = 0
    for beginning in _BEGINNING.finditer(sentence):
        start = beginning.start()
        counted = {"lengths", "sizes"} if start else {"lengths", "sizes", "things"}
        found = limit_at(sentence, start) if start >= end else None
        if found and (found[0].name in counted or _MODAL.match(beginning[0])):
            yield found[0]
            end = found[1]


def end_keywords(
    name: str, types: AbstractSet[str], scalar: AbstractSet[str]
) -> tuple[str, str] | None:
    """Return the keywords of a pair of limits, by the type of the member or of its items."""
    if "string" in scalar and (
        name == "lengths" or (name in {"size", "bound"} and types == scalar)
    ):
        return "minLength", "maxLength"
    countless = scalar & {"array", "number", "integer"} or not scalar  # a range may be of the items
    if name == "things":
        return ("minItems", "maxItems") if types == {"array"} else None
    counted = name in {"sizes", "size", "between"} or (name == "range" and not countless)
    if counted and "array" in types:
        return "minItems", "maxItems"
    if name in {"range", "between", "bound"} and scalar & {"number", "integer"}:
        return "minimum", "maximum"
    if name == "members" and "object" in types:
        return ("minProperties", "maxProperties")
    return None


def end_facts(
    names: tuple[str, str], value: tuple[object, ...]
) -> tuple[tuple[str, int | float], ...]:
    """Return the keywords of both ends of a limit with their numbers; an open end has its own."""
    low, low_open, high, high_open = value
    out: list[tuple[str, int | float]] = []
    if isinstance(low, int | float):
        out.append(("exclusiveMinimum" if low_open else names[0], low))
    if isinstance(high, int | float):
        out.append(("exclusiveMaximum" if high_open else names[1], high))
    return tuple(out)
