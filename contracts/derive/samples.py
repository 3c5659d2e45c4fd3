"""Schemas learned from samples: every type is a guess, which the fact `x-guessed` says."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts.derive.language.constraints import LOOKS
from contracts.derive.markdown.kinds import kind_node, read_kind
from contracts.derive.model import GUESSED, Fact, Json, Node, Span, kind_of, schema
from contracts.derive.page.placeholders import is_free_form

_ANY = "<any>"
#: What generators of collections write in the place of a value: `<string>`, `<dateTime>`.
_MADE_UP = re.compile(r"<([A-Za-z]+)>")
_SECRET = re.compile(
    r"pass(word|phrase|wd)|secret|token|api_?key|credential|card_?number|cvv|cvc", re.IGNORECASE
)
#: A variable of a collection: what stands for it is not known.
VARIABLE = re.compile(r"\{\{([^{}]+)\}\}")
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Sample:
    """A value that was sent or answered once, with its lines."""

    value: Json
    span: Span


def sample_of(text: str, span: Span) -> Sample | None:
    """Return the sample that a body is, None for no JSON; a variable may stand for anything."""
    text = text.removeprefix("\ufeff")
    for candidate in (text, _quoted(text)):
        try:
            value = json.loads(candidate, parse_constant=refuse)
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
            depth = _depth(value)
        except (ValueError, RecursionError):
            continue
        return None if depth > _DEEPEST else Sample(value, span)
    return None


def refuse(word: str) -> None:
    """Refuse NaN and Infinity, which are no JSON; Python's reader hands them to this."""
    raise ValueError(word)


def _quoted(text: str) -> str:
    """Return a text with a placeholder for each variable that stands outside of quotes."""
    parts = re.split(r'("(?:[^"\\]++|\\.)*+")', text)
    return "".join(
        part if part.startswith('"') else VARIABLE.sub(f'"{_ANY}"', part) for part in parts
    )


def _depth(value: Json) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 1


def learned(samples: Sequence[Sample]) -> Node | None:
    """Return the node that all samples fit, with those as examples that hold no secret."""
    if not samples:
        return None
    span = Span.around(sample.span for sample in samples)
    node = _node([sample.value for sample in samples], span)
    texts = {
        json.dumps(s.value, sort_keys=True): s.value for s in samples if not _is_private(s.value)
    }
    # With a variable or a placeholder in it, nobody sent a sample as it is.
    made_up = {text for text in texts if VARIABLE.search(text) or _MADE_UP.search(text)}
    examples = [value for text, value in texts.items() if text not in made_up]
    return node.with_fact("x-examples", examples[:5], span) if examples else node


def _is_private(value: Json) -> bool:
    if isinstance(value, dict):
        return any(_SECRET.search(name) or _is_private(part) for name, part in value.items())
    return isinstance(value, list) and any(map(_is_private, value))


def _node(values: Sequence[Json], span: Span) -> Node:
    """Return the node that all values fit: their types, format, members and items, as guesses."""
    guess = Fact(GUESSED, value=True, span=span)
    texts = [value for value in values if isinstance(value, str)]
    words = [found[1] for text in texts if (found := _MADE_UP.fullmatch(text))]
    placeholder = next((kind for word in words if (kind := read_kind(word.lower()))), None)
    if placeholder is not None:
        return kind_node(placeholder, span).with_facts((guess,))
    if set(map(kind_of, values)) <= {"null"}:
        return Node(facts=(guess,))
    types: list[Json] = [*dict.fromkeys(map(kind_of, values))]
    if "null" in types:
        types.remove("null")
        types.append("null")
    node = Node(facts=(Fact("type", types if len(types) > 1 else types[0], span), guess))
    for form, looks in LOOKS.items():
        if texts and all(map(looks.fullmatch, texts)):
            node = node.with_facts((Fact("format", form, span),))
    return _with_content(node, values, span)


def _with_content(node: Node, values: Sequence[Json], span: Span) -> Node:
    """Return the node with the members and the items that some of its values have."""
    objects = [value for value in values if isinstance(value, dict)]
    members = []
    for name in dict.fromkeys(name for value in objects for name in value):
        some = [value[name] for value in objects if name in value]
        shown: list[Json] = [{} if is_free_form(name, each) else each for each in some]
        members.append((name, _node(shown, span)))
    elements = [element for value in values if isinstance(value, list) for element in value]
    return replace(
        node, properties=tuple(members), items=_node(elements, span) if elements else None
    )


def guessed_parameter(place: str, name: str, values: Sequence[Sample], *, required: bool) -> Json:
    """Return a parameter that requests carried: a text, of a format where all values look so."""
    span = Span(values[0].span.first, values[0].span.last)
    known = [each.value for each in values if each.value and not VARIABLE.search(str(each.value))]
    node = _node(known, span)
    if node.get("type") is None:
        node = node.with_fact("type", "string", span)
    stated: dict[str, Any] = schema(node)
    if required and place == "header":  # nobody said so
        stated[GUESSED] = [*stated.get(GUESSED, ()), "required"]
    return {"in": place, "name": name, "required": required, "schema": stated}
