"""Words of names and sentences, and the phrases that carry facts: one table, a row for each."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from contracts.derive.language.limits import (
    CHARS,
    MAXIMUM,
    N,
    end_facts,
    end_keywords,
    limits,
    quantity,
)
from contracts.derive.language.words import WORDS
from contracts.derive.model import Json

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SMALL = frozenset(WORDS["small"])
_SAME = {word: same for same, words in WORDS["same"].items() for word in words}
#: What is said: a keyword with its value, or one of the marks `null`, `required`, `permission`,
#: `product`.
Said = tuple[tuple[str, Json], ...]
Gives = Callable[[re.Match[str]], Said]
_ANY: Final = frozenset({"string", "number", "integer", "boolean", "array", "object"})
_OBJECT: Final = frozenset({"object"})
_LIST: Final = frozenset({"array"})
_TEXT: Final = frozenset({"string"})
_NUMERIC: Final = frozenset({"number", "integer"})
_BEING = r"(?: of| are| is| can be| may be| must be| have| has)"
_VALUE = r"(?:`([^`]+)`|\"([^\"]+)\"|'([^']+)'|“([^”]+)”|([\w+-]+(?:[./:][\w+-]+)*))"
_STOP = r"(?=\s*(?:$|[.,;)\]]|(?:if|when|unless|and|or|but|for|where|otherwise|in case)\b))"
#: What is valid, and the format that it has.
_FORMS: Final = (
    r"(?P<email>e-?mail)\b|(?P<uri>(?:absolute )?(?:https? )?(?:url|uri|link))\b"
    r"|(?P<uuid>uuid|guid)\b|(?P<ipv4>ipv?4 address)\b"
    r"|(?P<date_time>(?:(?:ISO[ -]?8601|RFC[ -]?3339) )?"
    r"(?:date-time|datetime|timestamp|date and time))\b"
    r"|(?P<date>(?:ISO[ -]?8601 )?date)\b(?![- ]?(?:time|and))"
)
_NO_VALUE: Final = frozenset(
    {"the", "a", "an", "your", "its", "this", "that", "no", "none", "now", "today", "empty"}
)
_NOT_NULL = (
    r"(?<!not )(?<!never )(?<!cannot )(?<!non-)(?<!isn't )(?<!not be )(?<!never be )(?<!cannot be )"
)
#: What no other thing has; "the unique id of the customer" names what is there already.
UNIQUE: Final = re.compile(
    r"^(?!.*(?:\bnot|n't|\bshould|\bnon-?unique)\b).*"
    r"\bunique(?= *(?:$|[.;,:)]| (?:within|in|per|across|among|for|to)\b))",
    re.IGNORECASE | re.DOTALL,
)
_OF_KEYS = re.compile(r"\b(?:keys?|values?)\b", re.IGNORECASE)
#: Sentences about the operation, not about a member.
PERMISSION: Final = re.compile(
    r"\brequires? the [`'\"]?([\w.:*-]*\w)[`'\"]? (?:permission|scope)\b", re.IGNORECASE
)
_CUE = re.compile(
    r"\b(?:must|shall|should|only|at most|at least|maximum|minimum|max|min|null|required|requires|mandatory"  # noqa: E501
    r"|unique(?! (?:id|identifier|reference|key|code)\b)"
    r"|cannot|can't|never|always|defaults?|between|exceed|greater|less than|equals?|format|valid|limited|allowed"  # noqa: E501
    r"|either|one of|empty|negative|positive|ISO|RFC|E\.164|regex|pattern|deprecated|immutable|read-only)\b",  # noqa: E501
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"'(])")


def words(text: str) -> tuple[str, ...]:
    """Split a name in any case style, or a sentence, into lower-case words."""
    return tuple(found[0].lower() for found in _WORD.finditer(text.replace("e-mail", "email")))


@lru_cache(maxsize=20_000)
def stems(text: str) -> frozenset[str]:
    """Return the stems of the words of a text; words that say nothing are left out."""
    return frozenset(_stem(word) for word in words(text) if word not in _SMALL)


def _stem(word: str) -> str:
    word = _SAME.get(word, word)
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row of the table."""

    pattern: re.Pattern[str]
    gives: Gives
    types: frozenset[str]


def _says(keyword: str, value: Json) -> Gives:
    return lambda _: ((keyword, value),)


def _number(keyword: str) -> Gives:
    return lambda found: ((keyword, quantity(next(group for group in found.groups() if group))),)


def _default(found: re.Match[str]) -> Said:
    value = next((group for group in found.groups() if group), "")
    return () if value.lower() in _NO_VALUE else (("default", value),)


def _options(found: re.Match[str]) -> Said:
    values = re.findall(r"[`'\"“]([^`'\"”]+)[`'\"”]", found[1])
    return (("enum", list(values)),) if len(values) > 1 else ()


def _form(found: re.Match[str]) -> Said:
    return (("format", str(found.lastgroup).replace("_", "-")),)


#: What is looked for, what it says, and of members of which types.
_ROWS: Final[tuple[tuple[str, Gives, frozenset[str]], ...]] = (
    (rf"\bdefault(?:s|ing)? to {_VALUE}{_STOP}", _default, _ANY),
    (rf"\bdefault(?: value)?(?: is|:|=)\s*{_VALUE}{_STOP}", _default, _ANY),
    (rf"\b{_NOT_NULL}null (?:if|when|unless|until|for|where|otherwise)\b",
     _says("null", value=True), _ANY),
    (r"\b(?:may|can|could|might|will)(?: also)? be null\b", _says("null", value=True), _ANY),
    (rf"\b(?:or {_NOT_NULL}null|nullable)\b", _says("null", value=True), _ANY),
    (r"(?:^|[.;] )if null,", _says("null", value=True), _ANY),
    (r"\b(?:if|when|where) applicable\b", _says("null", value=True), _ANY),
    (r"(?:^|[.(\[] ?)(?:this (?:field|value|member|property) is )?required(?:[.)\]]|$)",
     _says("required", value=True), _ANY),
    (rf"\b{MAXIMUM} ?({N}) (?:keys|entries|properties|key[- ]value pairs)",
     _number("maxProperties"), _OBJECT),
    (rf"\bkeys?(?: names?)?{_BEING}? {MAXIMUM} ?({N}) {CHARS}",
     lambda found: (("propertyNames", {"maxLength": quantity(found[1])}),), _OBJECT),
    (rf"\bvalues?{_BEING}? {MAXIMUM} ?({N}) {CHARS}",
     lambda found: (("values", {"type": "string", "maxLength": quantity(found[1])}),), _OBJECT),
    (r"\bmust be (?:an? )?(?:positive |non-?negative )?(?:integer|whole number)",
     _says("type", "integer"), frozenset({"number"})),
    (r"\b(?:must be|is) (?:either|one of):? ((?:[`'\"“][^`'\"”]+[`'\"”](?:, or |, and |, | or | and )?)+)",  # noqa: E501
     _options, _TEXT),
    (r"\bISO[ -]?3166(?:-1)?[ -]?alpha-?2\b", _says("pattern", "^[A-Za-z]{2}$"), _TEXT),
    (r"\bISO[ -]?3166(?:-1)?[ -]?alpha-?3\b", _says("pattern", "^[A-Za-z]{3}$"), _TEXT),
    (rf"(?:\bmust be an? (?:valid |(?=e-?mail|ur[il]\b|[ug]uid))|^(?:an? )?valid )(?:{_FORMS})",
     _form, _TEXT),
    (r"\bin (?:the )?(?:format )?`?(?P<date>YYYY-MM-DD)`?(?: format)?(?= *(?:$|[.,;)]))",
     _form, _TEXT),
    (rf"\b{N} (?:unique|distinct|different) [a-z]+s\b", _says("uniqueItems", value=True), _LIST),
    (UNIQUE.pattern, _says("x-distinct", value=True), _TEXT),
    (r"\(\s*([A-Za-z_]\w*)\s*(?:\*|\u00d7|x)\s*([A-Za-z_]\w*)\s*\)",
     lambda found: (("product", [found[1], found[2]]),), _NUMERIC),
    (r"\A`?([A-Za-z_]\w*)`? (?:times|multiplied by) `?([A-Za-z_]\w*)`? *\.?\Z",
     lambda found: (("product", [found[1], found[2]]),), _NUMERIC),
)  # fmt: skip
PHRASES: Final = tuple(
    Phrase(re.compile(pattern, re.IGNORECASE), gives, types) for pattern, gives, types in _ROWS
)


def sentences(text: str) -> tuple[str, ...]:
    """Split a description into its sentences."""
    return tuple(part for part in _SENTENCE.split(text.strip()) if part)


def sayings(text: str, types: tuple[str, ...]) -> Said:
    """Return what a description says of a member of these types, by each row that matches."""
    known = frozenset(types) - {"null"}
    out = [*_limits(text, known)]
    for phrase in PHRASES:
        may_be = known & phrase.types or (not known and phrase.types is not _LIST)
        found = phrase.pattern.search(text) if may_be else None
        out += phrase.gives(found) if found else ()
    return tuple(out)


def _limits(text: str, known: frozenset[str]) -> Iterator[tuple[str, Json]]:
    """Yield the limits that a sentence states of a member of these types."""
    types = known or (_ANY if not _OF_KEYS.search(text) else _OBJECT)
    for limit in limits(text):
        names = end_keywords(limit.name, types, types)
        if names and isinstance(limit.value, tuple):
            yield from end_facts(names, limit.value)


def permission(text: str) -> str | None:
    """Read the permission that a sentence asks for."""
    found = PERMISSION.search(text)
    return found[1] if found else None


def cues(sentence: str) -> tuple[str, ...]:
    """Return the words by which a sentence sounds as if it carried a fact."""
    return tuple(found[0] for found in _CUE.finditer(sentence))
