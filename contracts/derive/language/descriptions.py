"""What the sentences about one member add to its node, and which of them were not understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from contracts.derive.language.constraints import fits, read_value
from contracts.derive.language.phrases import cues, sayings, sentences
from contracts.derive.language.words import stems
from contracts.derive.model import Fact, Json, Node, Note, Relation, Span, nullable
from contracts.derive.page.lines import TextLine

_YES_NO = re.compile(r"(?:whether|wether|indicates|true|if)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Described:
    """A node after its sentences were read."""

    node: Node
    required: Span | None = None
    relations: tuple[Relation, ...] = ()
    notes: tuple[Note, ...] = ()


def describe(name: str, node: Node, texts: tuple[TextLine, ...], *, typed: bool) -> Described:
    """Read the description of a member.

    Where the page prints a type line (`typed`), that line alone decides about null and required: a sentence
    does not overrule it.
    """
    done = Described(node)
    for text in texts:
        done = _line(name, done, text, typed=typed)
    if texts:
        whole = " ".join(text.text for text in texts)
        span = Span(texts[0].line, texts[-1].line)
        done = replace(done, node=done.node.with_fact("description", whole, span))
    return done


def _line(name: str, done: Described, text: TextLine, *, typed: bool) -> Described:
    span = Span(text.line, text.line)
    for sentence in sentences(text.text):
        found = sayings(sentence, done.node.types())
        understood = False
        for _, said in found:
            for keyword, value in said:
                before = done
                done = _say(name, done, keyword, value, span, typed=typed)
                understood = (
                    understood or done is not before or (typed and keyword in {"null", "required"})
                )
        if not understood and _foreign(name, sentence, done.node.types()):
            done = replace(
                done, notes=(*done.notes, Note(text.line, f"no fact is read from: {sentence}"))
            )
    return done


def _foreign(name: str, sentence: str, types: tuple[str, ...]) -> bool:
    """Tell whether a sentence is more than a description: it sounds like a fact, or is not about the member."""
    own = stems(name)
    if any(not stems(cue) or not stems(cue) <= own for cue in cues(sentence)):
        return True
    if types[:1] == ("boolean",) and _YES_NO.match(sentence):
        return False
    return not own & stems(sentence)


def _say(
    name: str, done: Described, keyword: str, value: Json, span: Span, *, typed: bool
) -> Described:
    node = done.node
    if keyword == "null":
        return done if typed or "null" in node.types() else replace(done, node=nullable(node, span))
    if keyword == "required":
        return done if typed or done.required else replace(done, required=span)
    if keyword == "product" and isinstance(value, list):
        relation = Relation("product", tuple(str(item) for item in value), name, span.first)
        return replace(done, relations=(*done.relations, relation))
    if keyword == "values" and isinstance(value, dict):
        facts = tuple(Fact(key, item, span) for key, item in value.items())
        inner = node.additional or Node()
        return replace(done, node=replace(node, additional=inner.with_facts(facts)))
    if keyword == "default":
        return _default(done, value, span)
    if keyword == "type":
        return done if typed else replace(done, node=node.with_fact(keyword, value, span))
    if node.get(keyword) is not None or (keyword == "pattern" and _narrow(node)):
        # Said a second time, in words: understood, and the nearer source stays.
        return replace(done)
    return replace(done, node=node.with_fact(keyword, value, span))


def _narrow(node: Node) -> bool:
    return node.get("enum") is not None


def _default(done: Described, value: Json, span: Span) -> Described:
    node = done.node
    if node.get("default") is not None:
        return replace(done)
    types = node.types()
    read = read_value(str(value), types)
    options = node.value("enum")
    if not fits(read, types) or (isinstance(options, list) and read not in options):
        return done
    if isinstance(read, str) and not re.fullmatch(r"\S{1,64}", read):
        return done
    return replace(done, node=node.with_fact("default", read, span))
