"""Sentences that carry facts: one table, a row for each phrase.

A row says what it looks for, what the match yields, a sentence that shows it, what that sentence
gives, and on what basis: `document` where the page itself states the fact, `standard` where it
names a standard that does.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from contracts.derive.language.constraints import number
from contracts.derive.model import Json

#: What is said: a keyword with its value, or one of the marks `null`, `required`, `permission`,
#: `product`.
Said = tuple[tuple[str, Json], ...]

UUID = "uuid"
_ANY: Final = frozenset({"string", "number", "integer", "boolean", "array", "object"})
_OBJECT: Final = frozenset({"object"})
_TEXT: Final = frozenset({"string"})
_NUMERIC: Final = frozenset({"number", "integer"})
_MOST = (
    r"(?:at most|up to|(?:a )?max(?:imum)?(?: length)?(?: of)?|no (?:more|longer) than|limited to"
    r"|(?:can ?not|must not|may not) (?:exceed|be longer than))"
)
_LEAST = r"(?:at least|(?:a )?min(?:imum)?(?: length)?(?: of)?|no (?:fewer|less|shorter) than)"
_BEING = r"(?: of| are| is| can be| may be| must be| have| has)"
_CHARS = r"(?:characters?|chars?|letters?)"
_N = r"(\d[\d,]*)"
_VALUE = r"(?:`([^`]+)`|\"([^\"]+)\"|'([^']+)'|“([^”]+)”|([\w+-]+(?:[./:][\w+-]+)*))"
_STOP = r"(?=\s*(?:$|[.,;)\]]|(?:if|when|unless|and|or|but|for|where|otherwise|in case)\b))"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row of the table."""

    name: str
    pattern: re.Pattern[str]
    gives: Callable[[re.Match[str]], Said]
    types: frozenset[str]
    basis: str
    example: str
    shows: Said


def _row(  # noqa: PLR0917  a row is as long as the table is wide
    name: str,
    pattern: str,
    gives: Callable[[re.Match[str]], Said] | Said,
    types: frozenset[str],
    basis: str,
    example: str,
    shows: Said = (),
) -> Phrase:
    compiled = re.compile(pattern, re.IGNORECASE)
    if callable(gives):
        return Phrase(name, compiled, gives, types, basis, example, shows)
    return Phrase(name, compiled, lambda _: gives, types, basis, example, gives)


def _number(keyword: str) -> Callable[[re.Match[str]], Said]:
    return lambda found: ((keyword, _plain(next(group for group in found.groups() if group))),)


def _plain(text: str) -> int | float:
    return number(text.replace(",", ""))


def _default(found: re.Match[str]) -> Said:
    value = next((group for group in found.groups() if group), "")
    return () if value.lower() in _NO_VALUE else (("default", value),)


def _options(found: re.Match[str]) -> Said:
    values = re.findall(r"[`'\"“]([^`'\"”]+)[`'\"”]", found[1])
    return (("enum", list(values)),) if len(values) > 1 else ()


def _product(found: re.Match[str]) -> Said:
    return (("product", [found[1], found[2]]),)


def _twice(low: str, high: str) -> Callable[[re.Match[str]], Said]:
    return lambda found: ((low, _plain(found[1])), (high, _plain(found[2])))


def _exact(found: re.Match[str]) -> Said:
    size = _WORDS.get(found[1].lower()) or _plain(found[1])
    return (("minLength", size), ("maxLength", size))


_NO_VALUE: Final = frozenset(
    {"the", "a", "an", "your", "its", "this", "that", "no", "none", "now", "today", "empty"}
)
_WORDS: Final = {"two": 2, "three": 3, "four": 4, "six": 6}
_NOT_NULL = (
    r"(?<!not )(?<!never )(?<!cannot )(?<!non-)(?<!isn't )(?<!not be )(?<!never be )(?<!cannot be )"
)
_D = r"(-?\d[\d,]*(?:\.\d+)?)"

PHRASES: Final[tuple[Phrase, ...]] = (
    _row("defaults to", rf"\bdefault(?:s|ing)? to {_VALUE}{_STOP}",
         _default, _ANY, "document",
         "The parcel size, defaults to SMALL", (("default", "SMALL"),)),
    _row("the default is", rf"\bdefault(?: value)?(?: is|:|=)\s*{_VALUE}{_STOP}",
         _default, _ANY, "document",
         "How many parcels to show. The default is 25.", (("default", "25"),)),
    _row("null if", rf"\b{_NOT_NULL}null (?:if|when|unless|until|for|where|otherwise)\b",
         (("null", True),), _ANY, "document",
         "The weight of the parcel, this is null if it was never weighed"),
    _row("may be null", r"\b(?:may|can|could|might|will)(?: also)? be null\b",
         (("null", True),), _ANY, "document",
         "The sender; may be null."),
    _row("or null", rf"\b(?:or {_NOT_NULL}null|nullable)\b",
         (("null", True),), _ANY, "document",
         "The name of the sender, or null."),
    _row("if null", r"(?:^|[.;] )if null,",
         (("null", True),), _ANY, "document",
         "If null, the parcel goes to the sender."),
    _row("if applicable", r"\b(?:if|when|where) applicable\b",
         (("null", True),), _ANY, "document",
         "The customs number of the parcel, if applicable."),
    _row("required",
         r"(?:^|[.(\[] ?)(?:this (?:field|value|member|property) is )?required(?:[.)\]]|$)",
         (("required", True),), _ANY, "document",
         "The street of the sender. Required."),
    _row("number of keys", rf"\b{_MOST} {_N} (?:keys|entries|properties|key[- ]value pairs)",
         _number("maxProperties"), _OBJECT, "document",
         "Notes of the parcel, a maximum of 20 keys.", (("maxProperties", 20),)),
    _row("length of keys", rf"\bkeys?(?: names?)?{_BEING}? {_MOST} {_N} {_CHARS}",
         lambda found: (("propertyNames", {"maxLength": _plain(found[1])}),), _OBJECT, "document",
         "Notes of the parcel; each key at most 40 characters.",
         (("propertyNames", {"maxLength": 40}),)),
    _row("length of values", rf"\bvalues?{_BEING}? {_MOST} {_N} {_CHARS}",
         lambda found: (("values", {"type": "string", "maxLength": _plain(found[1])}),),
         _OBJECT, "document",
         "Notes of the parcel; values up to 500 characters.",
         (("values", {"type": "string", "maxLength": 500}),)),
    _row("most characters", rf"(?<!key )(?<!keys )(?<!value )(?<!values )\b{_MOST} {_N} {_CHARS}",
         _number("maxLength"), _TEXT, "document",
         "The note on the parcel, at most 80 characters.", (("maxLength", 80),)),
    _row("fewest characters", rf"\b{_LEAST} {_N} {_CHARS}",
         _number("minLength"), _TEXT, "document",
         "The password of the sender, at least 12 characters.", (("minLength", 12),)),
    _row("between characters", rf"\bbetween {_N} and {_N} {_CHARS}",
         _twice("minLength", "maxLength"), _TEXT, "document",
         "The name of the depot, between 3 and 40 characters.",
         (("minLength", 3), ("maxLength", 40))),
    _row("exact characters", rf"\b(?:must be |exactly ){{1,2}}(two|three|four|six|\d+)[ -]{_CHARS}",
         _exact, _TEXT, "document",
         "The code of the depot, exactly 6 characters.", (("minLength", 6), ("maxLength", 6))),
    _row("most items", rf"\b{_MOST} {_N} (?:items|elements|entries)\b",
         _number("maxItems"), frozenset({"array"}), "document",
         "The parcels of the load, at most 50 items.", (("maxItems", 50),)),
    _row("fewest items", r"\bat least (?:one|1) (?:item|element|entry)\b",
         (("minItems", 1),), frozenset({"array"}), "document",
         "The parcels of the load, at least one item."),
    _row("at least", rf"\bmust be (?:at least|greater than or equal to|>=) {_D}",
         _number("minimum"), _NUMERIC, "document",
         "The weight in grams, must be at least 5.", (("minimum", 5),)),
    _row("at most", rf"\bmust be (?:at most|less than or equal to|<=) {_D}",
         _number("maximum"), _NUMERIC, "document",
         "The weight in grams, must be at most 30000.", (("maximum", 30000),)),
    _row("greater than", rf"\bmust be (?:greater|more|larger) than {_D}",
         _number("exclusiveMinimum"), _NUMERIC, "document",
         "The price, must be greater than 0.", (("exclusiveMinimum", 0),)),
    _row("less than", rf"\bmust be (?:less|smaller|lower) than {_D}",
         _number("exclusiveMaximum"), _NUMERIC, "document",
         "The price, must be less than 99.5.", (("exclusiveMaximum", 99.5),)),
    _row("between numbers", rf"\bmust be between {_D} and {_D}(?! {_CHARS})",
         _twice("minimum", "maximum"), _NUMERIC, "document",
         "The share of the load, must be between 0 and 1.", (("minimum", 0), ("maximum", 1))),
    _row("positive", r"\bmust be (?:a )?positive\b",
         (("exclusiveMinimum", 0),), _NUMERIC, "document",
         "The number of parcels, must be positive."),
    _row("non-negative", r"\bmust be (?:a )?non-?negative\b",
         (("minimum", 0),), _NUMERIC, "document",
         "The number of parcels, must be non-negative."),
    _row("whole", r"\bmust be (?:an? )?(?:positive |non-?negative )?(?:integer|whole number)",
         (("type", "integer"),), frozenset({"number"}), "document",
         "The number of parcels, must be a whole number."),
    _row("one of",
         r"\b(?:must be|is) (?:either|one of):? ((?:[`'\"“][^`'\"”]+[`'\"”](?:, or |, and |, | or | and )?)+)",  # noqa: E501
         _options, _TEXT, "document",
         "The size of the parcel, must be one of 'S', 'M' or 'L'.", (("enum", ["S", "M", "L"]),)),
    _row("ISO 3166-1 alpha-2", r"\bISO[ -]?3166(?:-1)?[ -]?alpha-?2\b",
         (("pattern", "^[A-Za-z]{2}$"),), _TEXT, "standard",
         "The country of the depot as ISO 3166-1 alpha-2."),
    _row("ISO 3166-1 alpha-3", r"\bISO[ -]?3166(?:-1)?[ -]?alpha-?3\b",
         (("pattern", "^[A-Za-z]{3}$"),), _TEXT, "standard",
         "The country of the depot as ISO 3166-1 alpha-3."),
    _row("valid email", r"\bmust be an? valid e-?mail\b",
         (("format", "email"),), _TEXT, "document",
         "Where to tell the sender; must be a valid email address."),
    _row("valid URL", r"\bmust be an? valid (?:absolute )?(?:https? )?(?:url|uri|link)\b",
         (("format", "uri"),), _TEXT, "document",
         "Where to send the sender back; must be a valid URL."),
    _row("valid UUID", r"\bmust be an? valid (?:uuid|guid)\b",
         (("format", UUID),), _TEXT, "document",
         "The depot; must be a valid UUID."),
    _row("valid instant",
         r"\bmust be an? valid (?:(?:ISO[ -]?8601|RFC[ -]?3339) )?(?:date-time|datetime|timestamp|date and time)\b",  # noqa: E501
         (("format", "date-time"),), _TEXT, "document",
         "When to collect; must be a valid RFC 3339 timestamp."),
    _row("valid date", r"\bmust be an? valid (?:ISO[ -]?8601 )?date\b(?![- ]?(?:time|and))",
         (("format", "date"),), _TEXT, "document",
         "The day to collect; must be a valid date."),
    _row("valid IP address", r"\bmust be an? valid ipv?4 address\b",
         (("format", "ipv4"),), _TEXT, "document",
         "Where the sender is; must be a valid IPv4 address."),
    _row("product", r"\(\s*([A-Za-z_]\w*)\s*(?:\*|\u00d7|x)\s*([A-Za-z_]\w*)\s*\)",
         _product, _NUMERIC, "document",
         "The price of the load (Weight * Rate)", (("product", ["Weight", "Rate"]),)),
)  # fmt: skip

#: Sentences about the operation, not about a member.
PERMISSION: Final = _row(
    "permission",
    r"\brequires? the [`'\"]?([\w.:*-]*\w)[`'\"]? (?:permission|scope)\b",
    lambda found: (("permission", found[1]),),
    frozenset(),
    "document",
    "Requires the depot.parcels.write permission.",
    (("permission", "depot.parcels.write"),),
)

_CUE = re.compile(
    r"\b(?:must|shall|should|only|at most|at least|maximum|minimum|max|min|null|required|requires|mandatory"  # noqa: E501
    r"|unique(?! (?:id|identifier|reference|key|code)\b)"
    r"|cannot|can't|never|always|defaults?|between|exceed|greater|less than|equals?|format|valid|limited|allowed"  # noqa: E501
    r"|either|one of|empty|negative|positive|ISO|RFC|E\.164|regex|pattern|deprecated|immutable|read-only)\b",  # noqa: E501
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"'(])")


def sentences(text: str) -> tuple[str, ...]:
    """Split a description into its sentences."""
    return tuple(part for part in _SENTENCE.split(text.strip()) if part)


def sayings(text: str, types: tuple[str, ...]) -> Said:
    """Return what a description says of a member of these types, by each row that matches."""
    known = frozenset(types) - {"null"}
    out: list[tuple[str, Json]] = []
    for phrase in PHRASES:
        found = phrase.pattern.search(text) if not known or known & phrase.types else None
        out += phrase.gives(found) if found else ()
    return tuple(out)


def permission(text: str) -> str | None:
    """Read the permission that a sentence asks for."""
    found = PERMISSION.pattern.search(text)
    return found[1] if found else None


def cues(sentence: str) -> tuple[str, ...]:
    """Return the words by which a sentence sounds as if it carried a fact."""
    return tuple(found[0] for found in _CUE.finditer(sentence))
