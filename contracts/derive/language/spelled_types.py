"""Types as renderers of docs pages spell them, turned into plain type lines.

Example: ``Array of strings (Labels) [ 1 .. 9 ] items`` is ``string[]`` with a limit behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from contracts.derive.language.limits import read_limits

#: Words for types, each with its plain type line.
_WORDS = {
    "string": "string", "str": "string", "text": "string",
    "integer": "integer", "int": "integer", "int32": "integer<int32>", "int64": "integer<int64>",
    "long": "integer<int64>", "number": "number", "numeric": "number", "decimal": "number",
    "float": "number<float>", "double": "number<double>", "boolean": "boolean", "bool": "boolean",
    "object": "object", "dict": "object", "hash": "object", "json": "object", "map": "object",
    "any": "any", "unknown": "any", "null": "null", "file": "file", "binary": "file", "array": "array",
    "list": "array", "enum": "enum", "uuid": "string<uuid>", "guid": "string<uuid>", "date": "string<date>",
    "date-time": "string<date-time>", "datetime": "string<date-time>", "email": "string<email>",
    "uri": "string<uri>", "url": "string<uri>", "hostname": "string<hostname>", "ipv4": "string<ipv4>",
    "ipv6": "string<ipv6>", "byte": "string<byte>", "password": "string<password>",
}  # fmt: skip
#: Words that say a type only where a page prints no plainer one: they are names and values as well.
FORMATS = frozenset(
    [
        "uuid", "date", "date-time", "time", "email", "uri", "url", "int32", "int64", "float", "double", "byte",
        "binary", "password", "hostname", "ipv4", "ipv6", "decimal", "duration",
    ]
)  # fmt: skip
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_ATOM = re.compile(
    rf"(?P<word>{_WORD})(?P<plural>s)?(?![a-z])"
    r"(?:\s?(?:<(?P<angle>[\w.-]+)>|\(\$?(?P<paren>[\w.-]+)\)))?(?P<arrays>(?:\[\])*)",
    re.IGNORECASE,
)
_AROUND = re.compile(r"(?:array|list|set) of |(?:array|list)\s?[\[<]", re.IGNORECASE)
_MAP = re.compile(
    r"(?:map|dictionary|record)(?: from \w+ to [\w ]+|\s?[\[<][^\[\]<>]+[\]>])", re.IGNORECASE
)
_NULL = re.compile(r"(?:\s*(?:\||or|,)\s*null(?:able)?\b|\?)", re.IGNORECASE)
_OTHER = re.compile(r"\s*(?:\||\bor\b)\s*", re.IGNORECASE)
_PART = re.compile(
    r"(?P<flag>required|optional|deprecated|nullable|read[- ]?only|write[- ]?only)(?![a-z])"
    r"|(?P<enum>enum|unique)(?![a-z])|(?P<pattern>\^\S*\$)(?=\s|$)"
    r"|(?P<default>defaults?(?: to| value)?\s*[:=]?\s+(?P<value>\S+))"
    r"|format:\s*[\"']?(?P<labelled>[\w-]+)[\"']?|\((?P<title>[A-Z][\w .-]*)\)",
    re.IGNORECASE,
)
_FLAGS = {"readonly": "read-only", "writeonly": "write-only", "optional": "optional"}


@dataclass(frozen=True, slots=True)
class SpelledType:
    """A plain type line, the flags behind it, and the labelled lines of its limits."""

    line: str
    flags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """Whether its values are strings, numbers, integers, arrays or others."""
        plain = self.line.removesuffix(" | null")
        return "array" if plain.endswith("[]") or plain == "array" else plain.partition("<")[0]


def read_spelled(text: str) -> SpelledType | None:
    """Return a type with all that stands behind it, or None unless all of it is understood."""
    text = re.sub(r"^Type:\s*", "", text.strip())
    read = _type(text)
    if read is None:
        return None
    line, rest = read
    spelled = SpelledType(line)
    while rest.strip(" ·,\t"):
        rest = rest.strip(" ·,\t")
        part = _PART.match(rest)
        if part:
            spelled = _with_part(spelled, part)
            rest = rest[part.end() :]
            continue
        format_word = re.match(r"[a-z][\w-]*", rest)
        if format_word and format_word[0] in FORMATS:
            spelled = _with_format(spelled, format_word[0])
            rest = rest[format_word.end() :]
            continue
        cut = re.search(
            r"\s·\s|(?<=[\w\])])(?=\s*(?:Required|Optional|required|optional|unique|\^))|$", rest
        )
        end = cut.start() if cut else len(rest)
        limits = read_limits(rest[:end], spelled.base)
        if limits is None:
            limits = _compact_limits(rest[:end], spelled.base)
        if limits is None:
            return None
        spelled = SpelledType(spelled.line, spelled.flags, (*spelled.labels, *limits))
        rest = rest[end:]
    return spelled


def _compact_limits(text: str, base: str) -> list[str] | None:
    """Return limits of a string's length that are written as ``min: 1`` in a type line."""
    match = re.fullmatch(r"(?P<end>min|max):\s*(?P<number>\d+)", text.strip())
    if not match or base != "string":
        return None
    return [f"{'Minimum' if match['end'] == 'min' else 'Maximum'} string length: {match['number']}"]


def _type(text: str) -> tuple[str, str] | None:
    """Return the plain type that a text begins with, and the text behind it."""
    mapped = _MAP.match(text)
    if mapped:
        return _nullable("object", text[mapped.end() :])
    around = _AROUND.match(text)
    if around:
        inside = _type(text[around.end() :])
        if inside is None:
            return None
        line, rest = inside
        closing = around[0].rstrip()[-1]
        if closing in "[<":
            if rest[:1] not in "]>":
                return None
            rest = rest[1:]
        line = f"({line})" if line.endswith(" | null") else line
        return _nullable(f"{line}[]", rest)
    atom = _ATOM.match(text)
    if not atom:
        return None
    word = atom["word"].lower()
    if word in FORMATS and not atom["word"].islower():
        return None  # "Email" is the title of a field, "email" a type
    plain = _WORDS[word]
    form = atom["angle"] or (atom["paren"] if atom["paren"] in FORMATS else None)
    end = atom.end() if form or atom["angle"] or not atom["paren"] else atom.end("word")
    if plain == "enum" and form:
        plain, form = f"enum<{form}>", None
    if form and "<" not in plain:
        plain = f"{plain}<{'uri' if form == 'url' else form}>"
    return _nullable(plain + (atom["arrays"] or ""), text[end:])


def _nullable(line: str, rest: str) -> tuple[str, str] | None:
    """Return a type with null beside it where the text says so; other unions are not read here."""
    null = _NULL.match(rest)
    if null:
        return f"{line} | null", rest[null.end() :]
    other = _OTHER.match(rest)
    return None if other and other[0].strip() else (line, rest)


def _with_part(spelled: SpelledType, part: re.Match[str]) -> SpelledType:
    """Return a type with one flag, pattern, default or format that stands behind it."""
    if part["flag"]:
        flag = part["flag"].lower().replace(" ", "")
        flag = _FLAGS.get(flag.replace("-", ""), flag)
        return SpelledType(spelled.line, (*spelled.flags, flag), spelled.labels)
    if part["enum"] and part["enum"].lower() == "enum" and spelled.line == "string":
        return SpelledType("enum<string>", spelled.flags, spelled.labels)
    if part["pattern"]:
        labels = (*spelled.labels, f"Pattern: {part['pattern']}")
        return SpelledType(spelled.line, spelled.flags, labels)
    if part["default"]:
        labels = (*spelled.labels, f"Default: {part['value']}")
        return SpelledType(spelled.line, spelled.flags, labels)
    return _with_format(spelled, part["labelled"]) if part["labelled"] else spelled


def _with_format(spelled: SpelledType, form: str) -> SpelledType:
    """Return a plain type with its format."""
    if "<" in spelled.line or not spelled.line.startswith(("string", "number", "integer")):
        return spelled
    head, bar, null = spelled.line.partition(" ")
    line = f"{head}<{'uri' if form == 'url' else form}>{bar}{null}"
    return SpelledType(line, spelled.flags, spelled.labels)
