"""What a value in a sample says about the type and the format of its member."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from contracts.derive.language.constraints import state_options
from contracts.derive.markdown.kinds import kind_node, read_kind
from contracts.derive.model import Fact, Json, Node, Noter, Notes, Refusal, Span, nullable
from contracts.derive.page.commands import Answer
from contracts.derive.page.sample import Sample

UUID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
INSTANT = "2023-11-07T05:31:56Z"
DATE = "2023-12-25"
BYTES = "aSDinaTvuI8gbWludGxpZnk="
SAMPLE_NUMBER = 123
_ANY = re.compile(r"<(?:any|unknown)>")
_EMAIL = re.compile(
    r"\[email[\s\u00a0]protected\]|jsmith@example\.com|\[[^\[\]\s]+@[^\[\]\s]+\]|\[email\]"
)
_NAMED = re.compile(r"<(?P<name>[^<>]+(?:<[^<>]+>)?(?:\[\])*)>")
#: Members whose keys are the caller's own, those that are where all values are texts, and keys that
#: a sample writes for any.
_FREE_FORM = re.compile(
    r"(?:custom|extra|user)?[-_]?(?:meta[-_]?data|custom[-_]?(?:data|fields|attributes))",
    re.IGNORECASE,
)
_FREE_TEXTS = re.compile(r"(?:\w+[-_])?(?:tags|labels|annotations|translations)|utm", re.IGNORECASE)
_ANY_KEY = re.compile(
    r"<[^<>]+>|\{[^{}]+\}|(?:any_?|your_?|some_?|my_?)?key_?\d*|(?:additionalProp|property)\d*"
    r"|string|ANY_ADDITIONAL_PROPERTY|property name\*",
    re.IGNORECASE,
)
#: Options, and words for types that no vendor writes for a value.
_OPTIONS = re.compile(r"[\w-]+(?: \| [\w-]+)+")
_TYPE = re.compile(
    r"integer|int(?:32|64)?|number|bool(?:ean)?|float|double|decimal|date-?time|\S.* \| .*|\w+\[\]"
)
#: What a sample need not keep: it is shorter than the real, and its texts have the form they have.
NOT_SHOWN = frozenset([
    "type", "minItems", "minProperties", "maxProperties", "additionalProperties", "format",
])  # fmt: skip


def string_format(value: str) -> tuple[bool, str | None]:
    """Whether a string is a placeholder, and the format it stands for."""
    if value in {UUID, INSTANT, DATE}:
        return True, {UUID: "uuid", INSTANT: "date-time", DATE: "date"}[value]
    if _EMAIL.fullmatch(value):
        return True, "email"
    if value == BYTES:
        return True, "byte"
    named = _NAMED.fullmatch(value)
    kind = read_kind(named["name"]) if named else None
    return named is not None, kind.form if kind else None


def is_made_up(value: Json) -> bool:
    """Whether a value is one that a generator writes for any member of its type."""
    return value == SAMPLE_NUMBER or (isinstance(value, str) and string_format(value)[0])


def is_any(sample: Sample) -> bool:
    """Whether a sample stands for a value of any type."""
    return sample.kind == "null" or (
        isinstance(sample.value, str) and bool(_ANY.fullmatch(sample.value))
    )


def is_placeholder(sample: Sample) -> bool:
    """Whether a scalar is one that the generator makes up, not one that the vendor chose."""
    return is_any(sample) or sample.value is True or is_made_up(sample.value)


def scalars(sample: Sample) -> Iterator[Sample]:
    """Yield every scalar inside a sample."""
    for _, member in sample.members:
        yield from scalars(member)
    for element in sample.elements:
        yield from scalars(element)
    if sample.kind not in {"object", "array"}:
        yield sample


def is_real(sample: Sample) -> bool:
    """Whether the vendor wrote a sample: several strings, and none of them a placeholder."""
    strings = [item for item in scalars(sample) if item.kind == "string"]
    real = len(strings) > 1 and not any(is_placeholder(item) for item in strings)
    return real and not has_types(sample)


def has_types(sample: Sample) -> bool:
    """Whether types stand in place of all values: `{"id": "uuid", "seats": "integer"}`."""
    texts = [str(item.value) if item.kind == "string" else "" for item in scalars(sample)]
    typed = all(read_kind(text) or _OPTIONS.fullmatch(text) for text in texts)
    return typed and any(map(_TYPE.fullmatch, texts))


def _typed(text: str, span: Span) -> Node:
    """Return the node of a type, or of options, that stand in place of a value."""
    if kind := read_kind(text):
        return kind_node(kind, span)
    options = text.split(" | ")
    node = Node((Fact("type", "string", span),))
    node = nullable(node, span) if "null" in options else node
    return state_options(node, options, span)


def settled(node: Node, sample: Sample | None) -> Node:
    """Return the node of a sample: where a generator wrote the sample, its types are no guess."""
    return _sure_of_types(node) if sample is not None and is_generated(sample) else node


def is_generated(sample: Sample) -> bool:
    """Whether a generator wrote a sample: it leaves placeholders, which a vendor does not write."""
    return any(is_made_up(item.value) for item in scalars(sample))


def _sure_of_types(node: Node) -> Node:
    facts = tuple(
        replace(fact, guessed=fact.guessed and fact.keyword != "type") for fact in node.facts
    )
    properties = tuple((name, _sure_of_types(child)) for name, child in node.properties)
    items = _sure_of_types(node.items) if node.items else None
    return replace(node, facts=facts, properties=properties, items=items)


def with_example(node: Node, sample: Sample | None) -> Node:
    """Keep a sample that the vendor wrote as the example of a whole body."""
    if sample is None or not is_real(sample) or node.get("x-examples"):
        return node
    last = max(item.line for item in scalars(sample))
    return node.with_fact("x-examples", [sample.plain()], Span(sample.line, last))


def has_free_keys(value: Json) -> bool:
    """Whether all names in an object stand for any name: ``key1``, ``additionalProp1``."""
    return isinstance(value, dict) and bool(value) and all(map(_ANY_KEY.fullmatch, value))


def is_free_form(name: str, value: Json) -> bool:
    """Whether the keys of an object are the caller's own: a sample shows no members then."""
    if not isinstance(value, dict):
        return False
    texts = all(isinstance(item, str) for item in value.values())
    named = _FREE_FORM.fullmatch(name) or (texts and _FREE_TEXTS.fullmatch(name))
    return bool(named) or has_free_keys(value)


def sample_node(sample: Sample, *, typed: bool | None = None) -> Node:
    """Return the node of a sample: names, types, formats, nesting, each with its line."""
    span = Span(sample.line, sample.line)
    typed = has_types(sample) if typed is None else typed
    if is_any(sample):
        return Node()
    if typed and isinstance(sample.value, str):
        return _typed(sample.value, span)
    if sample.kind == "object":
        members: dict[str, Node] = {}
        for name, member in () if has_free_keys(sample.plain()) else sample.members:
            free = is_free_form(name, member.plain())  # its keys are the caller's own
            shown = replace(member, members=()) if free else member
            members[name] = sample_node(shown, typed=typed)
        return Node(facts=(Fact("type", "object", span),), properties=tuple(members.items()))
    if sample.kind == "array":
        items = sample_node(sample.elements[0], typed=typed) if sample.elements else None
        return Node(facts=(Fact("type", "array", span),), items=items)
    named = _NAMED.fullmatch(sample.value) if isinstance(sample.value, str) else None
    if named and (read_kind(named["name"]) or " | " in named["name"]):
        return _typed(named["name"], span)
    node = Node(facts=(Fact("type", sample.kind, span, guessed=not is_placeholder(sample)),))
    if isinstance(sample.value, str):
        form = string_format(sample.value)[1]
        return node.with_fact("format", form, span) if form else node
    return node


def complete(node: Node, sample: Sample, notes: Notes, place: str = "") -> Node:
    """Fill objects that a listing does not open from the sample; note what one side lacks."""
    types = node.types()
    if "array" in types and sample.kind == "array" and sample.elements and node.items is not None:
        return replace(node, items=complete(node.items, sample.elements[0], notes, place))
    if "object" not in types or sample.kind != "object":
        return node
    if node.properties or node.additional is not None:
        return _compared(node, sample, notes, place)
    # Without a sign that members are hidden they are free, as a sample shows some.
    members = sample_node(sample).properties if node.hides_members else ()
    return replace(node, properties=members)


def _compared(node: Node, sample: Sample, notes: Notes, place: str) -> Node:
    """Go through the members of an object on both sides."""
    shown = dict(sample.members)
    for name, child in node.properties:
        if name in shown:
            node = node.with_child(name, complete(child, shown[name], notes, f"{place}/{name}"))
        elif shown:
            fact = child.get("type")
            line = fact.span.first if fact else sample.line
            notes.add(line, f"the member {place}/{name} is described, but not in the example")
    for name, member in sample.members:
        if node.child(name) is None and node.additional is None:
            text = f"the member {place}/{name} is in the example, but not described"
            notes.add(member.line, text)
    return node


def sample_refusal(answer: Answer) -> Refusal:
    """Return a sample of a refusing answer as a documented refusal."""
    span = Span(answer.first, answer.last)
    node = settled(sample_node(answer.sample), answer.sample)
    return Refusal(answer.status, answer.media_type, node, span)


def without_contradictions(
    node: Node, values: Sequence[Json], note: Noter, ignored: frozenset[str] = NOT_SHOWN
) -> Node:
    """Return the node without facts that a value or an example breaks; each is noted.

    They stay under `x-doubtful`: a value that breaks none of them is the likelier to be taken.
    """
    examples = node.value("x-examples")
    known = [*values, *(examples if isinstance(examples, list) else [])]
    written = [value for value in known if not is_made_up(value)]
    for fact in node.facts:
        broken = next((value for value in written if _breaks(fact, value)), None)
        if broken is not None and fact.keyword not in ignored:
            node = _with_doubt(node.without(fact.keyword), fact)
            stated = f"the {fact.keyword} {fact.value!r}"
            note(fact.span, f"the example {broken!r} breaks {stated}: it is no fact")
    objects = [value for value in known if isinstance(value, dict)]
    for name, child in node.properties:
        inside = [value[name] for value in objects if name in value]
        node = node.with_child(name, without_contradictions(child, inside, note, ignored))
    if node.items is not None:
        inside = [item for value in known if isinstance(value, list) for item in value]
        node = replace(node, items=without_contradictions(node.items, inside, note, ignored))
    if node.additional is not None:
        names = dict(node.properties)
        inside = [value[name] for value in objects for name in value if name not in names]
        others = without_contradictions(node.additional, inside, note, ignored)
        node = replace(node, additional=others)
    return node


def _with_doubt(node: Node, fact: Fact) -> Node:
    known = node.value("x-doubtful")
    doubtful = {**known} if isinstance(known, dict) else {}
    return node.with_fact("x-doubtful", {**doubtful, fact.keyword: fact.value}, fact.span)


def _breaks(fact: Fact, value: Json) -> bool:
    """Whether a value breaks a fact; null, an empty text and foreign patterns break none."""
    if value in (None, ""):
        return False
    if fact.keyword == "enum" and isinstance(value, dict | list):
        return False
    try:
        return any(errors_of({fact.keyword: fact.value}, value))
    except re.error:
        return False


#: Of fractions it is not exact which are multiples of one another: that is not judged.
_JUDGE: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"multipleOf": lambda *_: None}
)


def errors_of(stated: Mapping[str, Json], value: Json) -> Iterator[ValidationError]:
    """Yield what is wrong with a value by a schema."""
    judge = _JUDGE(stated, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return iter(judge.iter_errors(value))
