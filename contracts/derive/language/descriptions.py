"""What the sentences about one member add to its node, and which of them were not understood."""

import re
from dataclasses import dataclass, field, replace

from contracts.derive.language.constraints import state_default
from contracts.derive.language.phrases import cues, sayings, sentences, stems
from contracts.derive.model import Fact, Json, Node, Notes, Relation, Span, nullable
from contracts.derive.page.sample import Line

_YES_NO = re.compile(r"(?:whether|wether|indicates|true|if)\b", re.IGNORECASE)
_AUTH = re.compile(r"\b(?:auth\w*|bearer|(?:api[ -]?)?key|token|credentials?)\b", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:body|payload|form|request|data-transfer|parameters?|input|details (?:of|for))\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\b(?:success\w*|created|ok|response|returned|returns|accepted|updated|result|deleted|default)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Described:
    """A member while its sentences are read; those overrule no type line (`typed`)."""

    name: str
    node: Node
    typed: bool
    required: Span | None = None
    relations: list[Relation] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def read(self, text: Line) -> None:
        """Read the sentences of a line; those that sound like facts and state none are noted."""
        span = Span(text.number, text.number)
        for sentence in sentences(text.text):
            said = sayings(sentence, self.node.types())
            understood = [self._state(keyword, value, span) for keyword, value in said]
            if not any(understood) and self._is_foreign(sentence):
                self.notes.add(text.number, f"no fact is read from: {sentence}")

    def _is_foreign(self, sentence: str) -> bool:
        """Whether a sentence sounds like a fact, or speaks of something else than the member."""
        own = stems(self.name)
        if any(not stems(cue) or not stems(cue) <= own for cue in cues(sentence)):
            return True
        if self.node.types()[:1] == ("boolean",) and _YES_NO.match(sentence):
            return False
        return not own & stems(sentence)

    def _state(self, keyword: str, value: Json, span: Span) -> bool:
        """Add what a sentence says; False where it can not be said of this member."""
        node = self.node
        if keyword in {"null", "required"} and self.typed:
            return True
        if keyword == "null" and "null" not in node.types():
            self.node = nullable(node, span)
        elif keyword == "required" and not self.required:
            self.required = span
        elif keyword == "product" and isinstance(value, list):
            self.relations.append(Relation("product", tuple(map(str, value)), span.first))
        elif keyword == "values" and isinstance(value, dict):
            facts = tuple(Fact(key, item, span) for key, item in value.items())
            inner = node.additional or Node()
            self.node = replace(node, additional=inner.with_facts(facts))
        elif keyword == "default" and node.get("default") is None:
            self.node = state_default(node, str(value), span.first, Notes())
            return self.node is not node
        elif keyword in {"null", "required"} or (keyword == "type" and self.typed):
            return False
        elif keyword == "type" or not (
            node.get(keyword) or (keyword == "pattern" and node.get("enum"))
        ):
            self.node = node.with_fact(keyword, value, span)
        # What is said a second time, in words, is understood, and the nearer source stays.
        return True


def describe(name: str, node: Node, texts: tuple[Line, ...], *, typed: bool) -> Described:
    """Read the description of a member; `typed` where the page prints a type line for it."""
    described = Described(name, node, typed)
    for text in texts:
        described.read(text)
    if texts:
        whole = " ".join(text.text for text in texts)
        span = Span(texts[0].number, texts[-1].number)
        described.node = described.node.with_fact("description", whole, span)
    return described


def opens_members(text: str, path_words: frozenset[str], *, answer: bool) -> bool:
    """Whether a text is known to stand before the members of a body: it speaks of the whole."""
    if _AUTH.search(text) or _BODY.search(text) or path_words & stems(text):
        return True
    return answer and _ANSWER.search(text) is not None
