"""The bodies of one part on both sides, and bodies that one side admits and the other does not."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts.diff.model import Change, Effect, Stated, Witness
from contracts.model import ABSENT, Schema
from contracts.planning.bodies.everyday import typical
from contracts.schema import algebra, checks, formats
from contracts.schema.keywords import child, dotted, subschema
from contracts.schema.vocabulary import closed, readable

MOST = 400  # values that are tried at one place
PLAIN: tuple[Any, ...] = ("text", 1, True, {}, [], None, "", 0, 1.5, False, "x", -1)
WORDS = ("Ab", "AB", "ab", "abc", "ABC", "12", "a1", "ab ", "é", "a-b")
TEXTS = ("2026-01-31T12:00:00.000Z", *WORDS, "+33612345678")
LONGEST = 20_000  # characters of a text that is proposed
WIDEST = 2_000  # members or items
SIZES = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
Path = tuple[str, ...]  # member names, "[]" for items, "{}" for members of any name


def find(
    admits: Schema, refuses: Schema, path: Path = (), keywords: Sequence[str] = (), member: str = ""
) -> Any:
    """Return a body that fits `admits` and not `refuses`, ABSENT when none is found.

    With `keywords`, what `refuses` says against it is one of them at `path`; a body of which
    nothing else is wrong goes before others. `member` is left out of the object at `path`.
    """
    best: Any = ABSENT
    parts = subschema(admits, path), subschema(refuses, path)
    for value in itertools.islice(_values(*parts), MOST):
        inner = value
        if member:
            if not isinstance(value, dict):
                continue
            inner = {name: content for name, content in value.items() if name != member}
        body = _embedded(admits, refuses, path, inner)
        broken = checks.broken(refuses, body)
        shows = not keywords or any(
            check.keyword.path == path
            and check.keyword.name in keywords
            and member in ("", check.keyword.member)
            for check in broken
        )
        if broken and shows and checks.fits(admits, body):
            if len(broken) == 1 or not keywords:
                return body
            best = body if best is ABSENT else best
    return best


def _embedded(admits: Schema, refuses: Schema, path: Path, value: Any) -> Any:
    """Put a value at a path into an otherwise plain body of what both admit."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    inner = _embedded(subschema(admits, (step,)), subschema(refuses, (step,)), rest, value)
    if step == "[]":
        others = max(admits.get("minItems", 0), refuses.get("minItems", 0), 1) - 1
        items = _values(subschema(admits, (step,)), subschema(refuses, (step,)))
        return [inner, *itertools.islice(items, min(others, WIDEST))]
    base = _object(admits, refuses)
    return {**base, "name" if step == "{}" else step: inner}


def _plain(*schemas: Schema) -> Any:
    """Return a value that fits all schemas, or else the first."""
    for required in (schemas, schemas[:1]):
        for value in itertools.islice(_values(*schemas), MOST):
            if all(checks.fits(schema, value) for schema in required):
                return value
    return None


def _object(admits: Schema, refuses: Schema) -> dict[str, Any]:
    """Return an object with the members that either side requires and `admits` names."""
    members = admits.get("properties", {})
    needed = [name for name in refuses.get("required", ()) if name in members]
    names = dict.fromkeys([*admits.get("required", ()), *needed])
    return {name: _plain(subschema(admits, (name,)), subschema(refuses, (name,))) for name in names}


def _values(*schemas: Schema) -> Iterator[Any]:
    """Propose values that lie inside, outside and on the borders of schemas, the plainest first."""
    telling = [schema for schema in schemas if schema]
    for schema in telling:
        yield from schema.get("examples", ())
        yield from ([schema["const"]] if "const" in schema else schema.get("enum", ()))
        if schema.keys().isdisjoint({"properties", "items", "enum", "x-reference"}):
            own = {"examples", "x-unique", "x-fresh"}
            yield typical({key: part for key, part in schema.items() if key not in own})
    if any("properties" in schema or "required" in schema for schema in telling):
        yield from _objects(telling)
    if any("items" in schema for schema in telling):
        yield from _arrays(telling)
    yield from PLAIN
    for schema, keyword in itertools.product(telling, (*SIZES, *BOUNDS)):
        if keyword in schema:
            yield from _around(keyword, schema[keyword], telling)
    for schema in telling:
        yield from _beside(schema)


def _objects(schemas: Sequence[Schema]) -> Iterator[Any]:
    first = schemas[0]
    last = schemas[-1]
    base = _object(first, last)
    yield base
    members = first.get("properties", {})
    yield {name: _plain(subschema(first, (name,)), subschema(last, (name,))) for name in members}
    others = [name for name in last.get("properties", {}) if name not in base]
    yield {**base, **{name: _plain(subschema(last, (name,))) for name in others}}
    yield {**base, "unknownMember": "text"}


def _arrays(schemas: Sequence[Schema]) -> Iterator[Any]:
    item = _plain(subschema(schemas[0], ("[]",)), subschema(schemas[-1], ("[]",)))
    yield [item]
    yield [item, item]


def _around(keyword: str, bound: Any, schemas: Sequence[Schema]) -> Iterator[Any]:
    """Propose values on a bound and beside it."""
    if keyword in BOUNDS:
        steps = [schema["multipleOf"] for schema in schemas if "multipleOf" in schema]
        yield from (bound, bound + 1, bound - 1, bound + 0.5, bound - 0.5)
        for step in steps:
            yield from ((bound // step + more) * step for more in (-1, 0, 1, 2))
        return
    for size in (bound, bound + 1, max(bound - 1, 0)):
        if keyword.endswith("Length") and size <= LONGEST:
            yield "x" * size
        elif keyword.endswith("Items") and size <= WIDEST:
            distinct = list(itertools.islice(_distinct(subschema(schemas[0], ("[]",))), size))
            yield from ([distinct] if len(distinct) == size else [])
            yield [_plain(subschema(schemas[0], ("[]",)), subschema(schemas[-1], ("[]",)))] * size
        elif size <= WIDEST:
            base = _object(schemas[0], schemas[-1])
            plain = _plain(*(subschema(schema, ("{}",)) for schema in schemas))
            yield {**base, **{f"name{index}": plain for index in range(size - len(base))}}


def _distinct(schema: Schema) -> Iterator[Any]:
    values: list[Any] = []
    for value in itertools.islice(_values(schema), MOST):
        if value not in values and checks.fits(schema, value):
            values.append(value)
            yield value
    if checks.fits(schema, "item0"):
        yield from (f"item{index}" for index in range(WIDEST))
    yield from (index for index in range(2, WIDEST) if checks.fits(schema, index))


def _beside(schema: Schema) -> Iterator[Any]:
    """Propose what a single keyword is about: formats, steps, names, a pattern's matches."""
    if "multipleOf" in schema:
        yield from (times * schema["multipleOf"] for times in (1, 2, 3, 0.5))
    longest = schema.get("propertyNames", {}).get("maxLength", 0)
    inner = _plain(subschema(schema, ("{}",)))
    yield {"n" * (longest + 1): inner}
    yield {"name": inner}
    yield from ({"name": value} for value in PLAIN)
    yield from ([value] for value in PLAIN)
    yield from ([value, value] for value in PLAIN)
    for option in schema.get("enum", ()):
        if isinstance(option, str):
            yield from (option.lower(), option.upper(), f"{option}x")
    yield from (typical({"type": "string", "format": form}) for form in formats.FORMATS)
    yield from TEXTS
    if "pattern" in schema:
        # loads a fuzzer, and is rarely needed
        from contracts.interop import strategies  # noqa: PLC0415

        yield from strategies.matching(schema["pattern"])


def of_remainder(admits: Schema, refuses: Schema) -> Any:
    """Return what `admits` has and `refuses` has not, by the algebra; ABSENT when none is found."""
    remainder = algebra.remainder(admits, refuses) or {}
    for branch in remainder.get("anyOf", [remainder]):
        for value in itertools.islice(_values(branch, admits), MOST):
            if checks.fits(admits, value) and not checks.fits(refuses, value):
                return value
    return ABSENT


@dataclass(frozen=True, slots=True)
class Bodies:
    """The schemas of one part on both sides, and which of them the sender is held to."""

    part: str  # "request" or "response"
    old: Schema
    new: Schema

    @property
    def sender(self) -> str:
        """The side whose documented bodies are sent."""
        return "old" if self.part == "request" else "new"

    def sides(self, old: Schema, new: Schema) -> tuple[Schema, Schema]:
        """Put two parts of the schemas in the order of sender and receiver."""
        return (old, new) if self.part == "request" else (new, old)

    def stated(self, path: Path, key: str) -> tuple[Stated, Stated]:
        """Return what both sides say of a keyword at a path."""
        return _stated(self.old, path, key), _stated(self.new, path, key)

    def change(
        self, path: Path, keyword: str, effect: Effect, statement: str, lines_of: str | None = None
    ) -> Change:
        """Return a change at a path, with the lines of its keyword or of another."""
        sides = self.stated(path, lines_of or keyword)
        return Change(self.part, dotted(path), keyword, effect, statement, *sides)

    def witness(self, path: Path, keywords: tuple[str, ...], member: str = "") -> Witness | None:
        """Return a body that the sender may send and the receiver refuses for these keywords."""
        admits, refuses = self.sides(self.old, self.new)
        body = find(closed(admits), readable(refuses), path, keywords, member)
        return None if body is ABSENT else Witness(body, self.sender)


def _stated(root: Schema, path: Path, key: str) -> Stated:
    """Return what a schema says of a keyword at a path, with its lines or those of a type above."""
    part: Schema | None = root
    nearest = Stated()
    for step in (None, *path):
        part = part if step is None or part is None else child(part, step)
        if part is None:
            return nearest
        nearest = stated(part, "type", nearest)
    return replace(stated(part or {}, key, nearest), value=(part or {}).get(key, ABSENT))


def stated(schema: Mapping[str, Any], key: str, otherwise: Stated = Stated()) -> Stated:  # noqa: B008 - frozen
    """Return the lines that a keyword of a schema was read from, without its value."""
    entry = schema.get("x-source", {}).get(key)
    if entry is None:
        return otherwise
    row = entry if isinstance(entry, Mapping) else {"lines": entry}
    return Stated(ABSENT, (row["lines"][0], row["lines"][1]), row.get("document"))


def spoken(path: Path) -> str:
    """Return a path as a sentence has it."""
    return dotted(path) or "the whole"
