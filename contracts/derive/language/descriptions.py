"""What the sentences about one member add to its node, and which of them were not understood."""

import re
from dataclasses import dataclass, replace

from contracts.derive.language.constraints import state_default
from contracts.derive.language.phrases import cues, sayings, sentences, stems
from contracts.derive.model import Fact, Json, Node, Note, Relation, Span, nullable
from contracts.derive.page.lines import Line

_YES_NO = re.compile(r"(?:whether|wether|indicates|true|if)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Described:
    """A node after its sentences were read."""

    node: Node
    required: Span | None = None
    relations: tuple[Relation, ...] = ()
    notes: tuple[Note, ...] = ()


def describe(name: str, node: Node, texts: tuple[Line, ...], *, typed: bool) -> Described:
    """Read the description of a member.

    Where the page prints a type line (`typed`), that line alone decides about null and required: a
    sentence does not overrule it.
    """
    described = Described(node)
    for text in texts:
        described = _line(name, described, text, typed=typed)
    if texts:
        whole = " ".join(text.text for text in texts)
        span = Span(texts[0].number, texts[-1].number)
        described = replace(described, node=described.node.with_fact("description", whole, span))
    return described


def _line(name: str, described: Described, text: Line, *, typed: bool) -> Described:
    """Read the sentences of one line; those that sound like facts and state none are noted."""
    span = Span(text.number, text.number)
    for sentence in sentences(text.text):
        understood = False
        for keyword, value in sayings(sentence, described.node.types()):
            before = described
            described = _say(name, described, keyword, value, span, typed=typed)
            decided = typed and keyword in {"null", "required"}  # by the type line, not by this
            understood = understood or decided or described is not before
        if not understood and _foreign(name, sentence, described.node.types()):
            note = Note(text.number, f"no fact is read from: {sentence}")
            described = replace(described, notes=(*described.notes, note))
    return described


def _foreign(name: str, sentence: str, types: tuple[str, ...]) -> bool:
    """Whether a sentence sounds like a fact, or speaks of something else than the member."""
    own = stems(name)
    if any(not stems(cue) or not stems(cue) <= own for cue in cues(sentence)):
        return True
    if types[:1] == ("boolean",) and _YES_NO.match(sentence):
        return False
    return not own & stems(sentence)


def _say(
    name: str, described: Described, keyword: str, value: Json, span: Span, *, typed: bool
) -> Described:
    node = described.node
    if keyword == "null":
        if typed or "null" in node.types():
            return described
        return replace(described, node=nullable(node, span))
    if keyword == "required":
        return described if typed or described.required else replace(described, required=span)
    if keyword == "product" and isinstance(value, list):
        relation = Relation("product", tuple(str(item) for item in value), name, span.first)
        return replace(described, relations=(*described.relations, relation))
    if keyword == "values" and isinstance(value, dict):
        facts = tuple(Fact(key, item, span) for key, item in value.items())
        inner = node.additional or Node()
        return replace(described, node=replace(node, additional=inner.with_facts(facts)))
    if keyword == "default" and node.get("default") is None:
        stated, note = state_default(node, str(value), span.first)
        return described if note else replace(described, node=stated)
    if keyword == "type":
        return described if typed else replace(described, node=node.with_fact(keyword, value, span))
    if node.get(keyword) is not None or (keyword == "pattern" and node.get("enum")):
        # Said a second time, in words: understood, and the nearer source stays.
        return replace(described)
    return replace(described, node=node.with_fact(keyword, value, span))


_AUTH = re.compile(r"\b(?:auth\w*|bearer|(?:api[ -]?)?key|token|credentials?)\b", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:body|payload|form|request|data-transfer|parameters?|input|details (?:of|for))\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\b(?:success\w*|created|ok|response|returned|returns|accepted|updated|result|deleted|default)\b",
    re.IGNORECASE,
)


def opens_members(text: str, path_words: frozenset[str], *, answer: bool) -> bool:
    """Whether a text is known to stand before the members of a body: it speaks of the whole."""
    if _AUTH.search(text) or _BODY.search(text) or path_words & stems(text):
        return True
    return answer and _ANSWER.search(text) is not None
