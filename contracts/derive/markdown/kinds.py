"""Types as pages of every renderer print them: `string($uuid)`, `Map<string, …>`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from contracts.derive.language.words import WORDS
from contracts.derive.model import Fact, Json, Node, Span

#: A word for a type: the JSON type, and the format that it says besides.
_WORDS: dict[str, tuple[str, str | None]] = {
    word: (said.partition(" ")[0], said.partition(" ")[2] or None)
    for word, said in WORDS["types"].items()
}
# What a date stands for in words is not said to be a format of JSON Schema: a timestamp may be a
# number.
_AMBIGUOUS = frozenset({"time", "char", "record", "struct", "hash", "mixed", "list"})
_FORMATS = frozenset(form for _, form in _WORDS.values() if form) | {
    "idn-email", "uri-reference", "uri-template", "iri", "json-pointer", "regex", "duration",
    "base64",
}  # fmt: skip
_SPACE = re.compile(r"[ \t\x1f]*")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-time)?")
_OR = re.compile(r"[ \x1f]*(?:\|\|?|\\\||/|,(?=[ \x1f]*null\b)|\bor\b)[ \x1f]*")
_INNER = re.compile(
    r"[ \x1f]*(?:<[ ]*(?P<a>[^<>]{1,60}?)[ ]*>|\([ ]*\$?(?P<b>[\w.-]{1,40})(?P<c> format)?[ ]*\))"
)
#: How databases write the digits of a number: decimal(10,2).
_PRECISION = re.compile(r"\(\d+(?:, ?\d+)?\)")
_OPENING = re.compile(r"[ ]*[<\[(]")
_BRACKETS = re.compile(r"\[\]")
#: How a few pages say that there are several: "String collection", "integer array".
_SEVERAL = re.compile(r"(?<=[a-z\d]) (?:collection|array|list)(?=[ \x1f]*(?:$|[,.;()|]))")
_OF = re.compile(r"[ \x1f]+(?:of|containing)[ \x1f]+")
#: A noun that is called like a type, as in "Number of seats": no type by itself.
_NOUN = re.compile(
    r"(?:Number|Date|Time|Text|Ur[il]|UR[IL]|Email|File|Password|List|Map|Record|Hash)"
    r" (?:of|for|when|at|to|by|on|in)\b"
)
#: What one renderer says of the items of the items: "Array of integers[ items[ items >= 0 ] ]".
_ROWS = re.compile(r"[ \x1f]*\[ items[ \x1f]*\[.*\] ?\]")
_FROM = re.compile(r"[ \x1f]+from \w+ to ")
_END = re.compile(r"(?![A-Za-z0-9_])")
_GROUP = re.compile(r"\((?P<inside>[^()]{1,80})\)\[\]")
#: How a few pages say that a member may be null: `?string`.
_QUESTION = re.compile(r"\?(?=[a-z])")
_TITLE = re.compile(r"[A-Z][\w .-]{0,60}? · ")
_TITLE_BEHIND = re.compile(r" · [A-Z]\w*(?:\[\])*(?=\Z| ·|\x1f)")
#: The name of a schema in front of the type that it has.
SCHEMA = re.compile(r"\A[A-Z]\w+ (?=object\Z)")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: its JSON type, format, null beside it, and what its items or values are."""

    base: str
    form: str | None = None
    null: bool = False
    items: Kind | None = None
    values: Kind | None = None
    others: tuple[Kind, ...] = ()
    enumerated: bool = False

    @property
    def holds_members(self) -> bool:
        """Whether members can stand below it."""
        inner = self.items
        if self.base == "array":
            return inner is None or inner.holds_members
        return self.base == "object" or (self.base == "any" and not self.enumerated)

    def with_words(self) -> Kind:
        """Return the type of an enumeration whose options are words: they are texts."""
        if self.items is not None:
            return replace(self, items=self.items.with_words())
        if self.base == "any" and self.enumerated:
            return replace(self, base="string")
        return self


def read_kind(text: str) -> Kind | None:
    """Return the type that a text is, as "array of strings" or "Address object", or None."""
    text = SCHEMA.sub("", text.strip())
    found = begin_kind(text)
    return found[0] if found and found[1] == len(text) else None


def begin_kind(text: str, at: int = 0) -> tuple[Kind, int] | None:
    """Return the type with which a text begins and the place behind it, or None."""
    if title := _TITLE.match(text, at):
        at = title.end()
    if optional := _QUESTION.match(text, at):
        at = optional.end()
    found = _atom(text, at, 0)
    if found is None:
        return None
    kinds = [replace(found[0], null=found[0].null or optional is not None)]
    end = found[1]
    while separator := _OR.match(text, end):
        following = _atom(text, separator.end(), 0)
        if following is None:
            break
        kinds.append(following[0])
        end = following[1]
    kind = _united(kinds)
    named = _TITLE_BEHIND.match(text, end)
    return (kind, named.end() if named else end) if kind else None


def _united(kinds: list[Kind]) -> Kind | None:
    null = any(kind.base == "null" or kind.null for kind in kinds)
    real = [kind for kind in kinds if kind.base != "null"]
    if not real:
        return None if len(kinds) > 1 else Kind("null")
    first = real[0]
    form = next((kind.form for kind in kinds if kind.base == "null" and kind.form), None)
    if form and first.items is not None:  # "array of strings or null <uuid>"
        first = replace(first, items=replace(first.items, form=first.items.form or form))
    elif form:
        first = replace(first, form=first.form or form)
    return replace(first, null=null, others=tuple(real[1:]))


def _atom(text: str, at: int, depth: int) -> tuple[Kind, int] | None:
    if depth > 4:
        return None
    if text[at : at + 1] in {"[", "("}:
        return _bracketed(text, at, depth)
    word = _WORD.match(text, at)
    if not word:
        return None
    name = word[0].lower()
    if name not in _WORDS and depth:
        name = name.removesuffix("s")  # "array of strings"
    null = name not in _WORDS and name.endswith("null")  # "objectnull": two types in one word
    name = name.removesuffix("null") if null else name
    if name not in _WORDS or (
        word[0].isupper() and len(word[0]) > 1 and not depth and name != "uuid"
    ):
        return None
    base, form = _WORDS[name]
    enumerated = name in {"enum", "enumeration"}
    kind = Kind(base, None if name in _AMBIGUOUS else form, null, enumerated=enumerated)
    end = word.end()
    if base == "array" or (base == "object" and name != "object"):
        kind, end = _container(text, kind, end, depth)
    elif name == "object" and depth == 0 and _BRACKETS.match(text, end) is None:
        kind, end = _named(text, kind, end)
    elif base not in {"object", "array"}:
        kind, end = _formatted(text, kind, end)
    while brackets := _BRACKETS.match(text, end) or (depth == 0 and _SEVERAL.match(text, end)):
        kind = Kind("array", items=kind)
        end = brackets.end()
    noun = kind.items is None and kind.values is None and _NOUN.match(text, at)
    return (kind, end) if _END.match(text, end) and not noun else None


def _bracketed(text: str, at: int, depth: int) -> tuple[Kind, int] | None:
    """Read `[string]` or `(string | null)[]`, as some pages print an array."""
    if group := _GROUP.match(text, at):
        inside = read_kind(group["inside"])
        return (Kind("array", items=inside), group.end()) if inside else None
    if text[at] == "(":
        return None
    behind = text.startswith("[]", at)  # `[]string`, as Go has it
    inner = _atom(text, at + 1 + behind, depth + 1)
    if inner is None or not (behind or text[inner[1] : inner[1] + 1] == "]"):
        return None
    return Kind("array", items=inner[0]), inner[1] + (not behind)


def _named(text: str, kind: Kind, end: int) -> tuple[Kind, int]:
    """Step over the name of an object: `object (Address)`, `object<Address>`."""
    found = _INNER.match(text, end)
    if found and (found["a"] or found["b"]).lower() not in {"required", "optional", "nullable"}:
        return kind, found.end()
    return kind, end


def _container(text: str, kind: Kind, end: int, depth: int) -> tuple[Kind, int]:
    """Read what an array or a map holds: `of strings`, `<string, number>`, ` string[]`."""
    following = _OF.match(text, end) or (_FROM.match(text, end) if kind.base == "object" else None)
    if following:
        inner = _atom(text, following.end(), depth + 1)
        if inner is None:
            # "array of Address": the name of a schema, which says nothing else.
            name = re.compile(r"[A-Z]\w*(?: objects?)?").match(text, following.end())
            return (kind, name.end()) if name else (kind, end)
        if rows := _ROWS.match(text, inner[1]):
            return _holding(kind, Kind("array", items=inner[0])), rows.end()
        return _holding(kind, inner[0]), inner[1]
    opening = _OPENING.match(text, end)
    if opening:
        closing = {"<": ">", "[": "]", "(": ")"}[opening[0][-1]]
        at = opening.end()
        key = re.compile(r"\s*string\s*(?:,\s*|(\])(?=[a-z]))").match(text, at)
        at = key.end() if key else at
        inner = _atom(text, at, depth + 1)
        go = key is not None and key[1] is not None  # `map[string]int`
        if inner and (go or text[inner[1] : inner[1] + 1] == closing):
            return _holding(kind, inner[0]), inner[1] + (not go)
    squashed = re.compile(r"[ \x1f]+").match(text, end)
    if squashed and kind.base == "array":
        inner = _atom(text, squashed.end(), depth + 1)
        if inner and inner[0].base == "array":
            return inner  # "array string[]": said twice
    return kind, end


def _holding(kind: Kind, inner: Kind) -> Kind:
    if kind.base == "array":
        return replace(kind, items=inner)
    return replace(kind, values=inner)


def _formatted(text: str, kind: Kind, end: int) -> tuple[Kind, int]:
    """Read the format behind a type: `string <uuid>`, `integer($int64)`, `enum<string>`."""
    if precision := _PRECISION.match(text, end):
        return kind, precision.end() if kind.base != "string" else end
    found = _INNER.match(text, end)
    if not found:
        return kind, end
    inside = (found["a"] or found["b"]).strip()
    known = _WORDS.get(inside.lower())
    if kind.enumerated and known and known[0] in {"string", "number", "integer", "boolean"}:
        return Kind(known[0], known[1], enumerated=True), found.end()
    if inside.lower() == "enum":
        return replace(kind, enumerated=True), found.end()
    if kind.enumerated and inside[:1].isupper():
        return kind, found.end()  # the name of the enumeration
    if inside.lower() in _FORMATS:
        return replace(kind, form=inside.lower()), found.end()
    if found["a"] is not None and re.fullmatch(r"[\w.-]+", inside):
        return replace(kind, form=inside), found.end()
    return kind, found.end() if found["c"] else end


def kind_node(kind: Kind, span: Span) -> Node:
    """Return the node that a type states, each fact with the same lines."""
    if kind.base == "any" or any(other.base == "any" for other in kind.others):
        return Node()  # any admits null as well; a type here would narrow it
    names: list[Json] = list(dict.fromkeys([kind.base, *(other.base for other in kind.others)]))
    if kind.null:
        names.append("null")
    node = Node(facts=(Fact("type", names[0] if len(names) == 1 else names, span),))
    if kind.form and not kind.others:
        node = node.with_fact("format", kind.form, span)
    if kind.items is not None:
        node = replace(node, items=kind_node(kind.items, span))
    if kind.values is not None and kind.values.base != "any":
        node = replace(node, additional=kind_node(kind.values, span))
    return node
