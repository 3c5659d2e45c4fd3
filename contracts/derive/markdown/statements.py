"""What is printed of one member, as the facts of its node."""

import re
from collections.abc import Iterator
from dataclasses import replace

from contracts.derive.language import constraints
from contracts.derive.language.descriptions import describe
from contracts.derive.language.limits import end_facts, end_keywords
from contracts.derive.language.phrases import sentences
from contracts.derive.markdown.blocks import plain
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.kinds import kind_node
from contracts.derive.markdown.restrictions import Restriction, clauses, options
from contracts.derive.model import Node, Note, Notes, Relation, Span, nullable
from contracts.derive.page.placeholders import is_made_up
from contracts.derive.page.sample import Line

#: How a description begins that says the opposite of the column, or the flag, beside it.
_OPTIONAL = re.compile(r"\W*optional\b", re.IGNORECASE)
_REQUIRED = re.compile(r"\W*required\b(?! (?:if|when|for|unless|with))", re.IGNORECASE)


def node_of(
    entry: Entry, notes: Notes, known: Node | None = None
) -> tuple[Node, Span | None, list[Relation]]:
    """Return the node of a member, the lines that say it is required, and its relations.

    What is `known` of a member whose type is not printed is stated more closely.
    """
    entry = _with_bare_options(entry)
    span = Span(entry.line, entry.kind_line or entry.line)
    said = [*_said(entry)]
    printed = [option for item, _ in said for option in _options(item)]
    null = ["null"] if entry.kind and entry.kind.null else []
    if entry.kind and printed and all(_is_word(option) or option in null for option in printed):
        entry = replace(entry, kind=entry.kind.with_words())
    node = kind_node(entry.kind, span) if entry.kind else known or Node()
    of_any_type = entry.kind is not None and entry.kind.base == "any"
    required: Span | None = None
    optional = False
    for item, line in said:
        here = Span(entry.line if item.value is True else item.first or line, line)
        if item.name == "required":
            required = required or (None if optional else Span(entry.line, line))
        elif item.name == "optional":
            optional = True
        elif item.name == "default" and of_any_type and not _is_word(str(item.value)):
            text = f"whether the default of {entry.name} is a text is not said: {item.value}"
            notes.add(line, text)
        else:
            node = state_restriction(node, entry.name, item, here, notes)
    listed_apart = any(item.name == "listed" for item, _ in said)
    if entry.kind and entry.kind.enumerated and not printed and not listed_apart:
        notes.add(entry.line, f"no options are printed for the enumeration {entry.name}")
    listed = [(item.value, line) for item, line in entry.restrictions if item.name == "option"]
    if listed and not any(item.name == "options" for item, _ in said):
        values = tuple(str(value) for value, _ in listed)
        node = constraints.state_options(node, values, Span(listed[0][1], listed[-1][1]))
    node = _with_examples(node, entry)
    texts = tuple(Line(text.number, plain(text.text)) for text in entry.texts if plain(text.text))
    done = describe(entry.name, node, texts, typed=entry.kind is not None)
    notes += [note for note in done.notes if not _is_read(note, entry)]
    node = constraints.without_crossed(
        done.node, lambda span, text: notes.add(span.last, f"{entry.name}: {text}")
    )
    against = _OPTIONAL if required else _REQUIRED if optional else None
    if doubt := next((text for text in texts if against and against.match(text.text)), None):
        words = "is called required and optional: neither is stated"
        notes.add(doubt.number, f"{entry.name} {words}")
        return node, None, done.relations
    return node, required or (None if optional else done.required), done.relations


def _with_bare_options(entry: Entry) -> Entry:
    """Return an enumeration with the options that are all of its description: `OPEN, CLOSED`."""
    known = any(_options(item) or item.name == "listed" for item, _ in entry.restrictions)
    if not entry.kind or not entry.kind.enumerated or known:
        return entry
    for text in entry.texts:
        values = options(text.text)
        if len(values) > 1 and not any(" " in value for value in values):
            left = tuple(other for other in entry.texts if other is not text)
            found = replace(entry, texts=left)
            return found.with_restrictions((Restriction("options", values),), text.number)
    return entry


def _options(item: Restriction) -> list[str]:
    """Return the options that a restriction prints: all of them, or one."""
    values = item.value if isinstance(item.value, tuple) else (item.value,)
    return [str(value) for value in values] if item.name in {"options", "option"} else []


def _is_word(option: str) -> bool:
    """Whether an option is surely a text, and no number or other value of JSON."""
    return re.fullmatch(r"[-+]?[\d.]+|true|false|null", option.strip(), re.IGNORECASE) is None


def _with_examples(node: Node, entry: Entry) -> Node:
    """Keep the examples that the vendor wrote; a placeholder is none."""
    samples = [(item, line) for item, line in entry.restrictions if item.name == "sample"]
    printed = [item.value for item, _ in samples if isinstance(item.value, str) and item.value]
    values = [constraints.read_value(text, node.types()) for text in printed]
    shown = [value for value in values if not (isinstance(value, str) and is_made_up(value))]
    if not shown:
        return node
    first = min(item.first or line for item, line in samples)
    return node.with_fact("x-examples", shown, Span(first, samples[-1][1]))


def _is_read(note: Note, entry: Entry) -> bool:
    """Whether a sentence of which nothing was read as prose was read as a restriction."""
    sentence = note.text.partition(": ")[2]
    printed = [text.text for text in entry.texts if text.number == note.line]
    whole = (part for text in printed for part in sentences(text) if plain(part) == sentence)
    return any(map(any, map(clauses, whole))) or (
        any(clauses(sentence)) and any(any(clauses(text)) for text in printed)
    )


def _said(entry: Entry) -> Iterator[tuple[Restriction, int]]:
    """Yield the restrictions; those in sentences come last, which are less sure."""
    # A bound is known by then that is said to be open.
    yield from sorted(entry.restrictions, key=lambda said: said[0].name == "open")
    for text in entry.texts:
        for found in clauses(text.text):
            for item in found:
                if item.name not in {known.name for known, _ in entry.restrictions}:
                    yield item, text.number


def state_restriction(node: Node, name: str, item: Restriction, span: Span, notes: Notes) -> Node:
    """Return the node with what a restriction states; noted where it can state nothing of it."""
    if item.name in {"sample", "listed", "option", "place"}:
        return node
    if item.name == "nullable":
        return nullable(node, span)
    if item.name == "options" and isinstance(item.value, tuple):
        if node.get("enum"):
            return node
        values = _options(item)
        scalar = node.items if node.items is not None and "array" in node.types() else node
        if not scalar.types() and not all(map(_is_word, values)):
            notes.add(span.last, f"whether the options of {name} are texts or not is not said")
            return node
        return constraints.state_options(node, values, span)
    if item.name == "open":
        return _opened(node, str(item.value).lower())
    if item.name == "default":
        return constraints.state_default(node, str(item.value), span.last, notes)
    pairs = _pairs(node, item)
    if pairs is None:
        notes.add(span.last, f"what the {item.name} of {name} limits is not said")
    return constraints.state(node, pairs or (), span)


def _opened(node: Node, bound: str) -> Node:
    """Turn a bound into one that is not itself allowed."""
    fact = node.get(bound)
    if fact is None:
        return node
    opened = f"exclusive{bound.capitalize()}"
    return node.without(bound).with_fact(opened, fact.value, fact.span)


def _pairs(
    node: Node, item: Restriction
) -> tuple[tuple[str, str | int | float | bool], ...] | None:
    """Return keywords for a restriction, or None where it can not be one of such a member."""
    types = set(node.types())
    scalar = set(node.items.types()) if node.items is not None and "array" in types else types
    value = item.value
    if item.name == "filled":
        name = "minItems" if "array" in types else "minLength"
        return ((name, 1),) if types & {"array", "string"} else None
    if isinstance(value, tuple):
        names = end_keywords(item.name, types, scalar)
        if types != scalar and item.name == "range" and None in (value[0], value[2]):
            names = None if scalar & {"number", "integer"} else names  # or is it of the length?
        return end_facts(names, value) if names else None
    wanted = constraints.SPEAKS_OF.get(item.name)
    if wanted and types and not wanted & (types | scalar):
        return None
    return ((item.name, value),) if isinstance(value, str | int | float) else None
