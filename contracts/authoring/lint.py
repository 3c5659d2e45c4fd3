"""The health of a contract: what is undescribed, contradicts itself, or is never exercised.

What is known and meant stands in the contract's ``lint.toml`` with a reason.
"""

import fnmatch
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from contracts import clause_ids
from contracts.definition import catalogue, keys, loading
from contracts.errors import ContractError
from contracts.model import Contract, Kind, Schema, lines_in_words
from contracts.planning.bodies.fields import NOTHING
from contracts.planning.plan import plan
from contracts.schema import algebra, checks, files, keywords
from contracts.schema.algebra import Covers
from contracts.schema.jsontext import show
from contracts.schema.vocabulary import readable

ACCEPTED = "lint.toml"
PARTS = ("request", "response")
RELATED = (
    "response", "equals", "of", "left", "right", "earlier", "later", "percentage", "amount",
    "handed_out",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: the check that found it, where it stands, and what is wrong."""

    check: str
    file: str
    place: str
    lines: tuple[int, int] | None
    text: str

    def __str__(self) -> str:
        where = f" ({lines_in_words(self.lines)})" if self.lines else ""
        return f"{self.file}: {self.place or 'the whole'}{where}: {self.text} [{self.check}]"


@dataclass(frozen=True, slots=True)
class Subject:
    """A contract that is looked at: its folder, itself, and its derived schemas by part."""

    folder: Path
    contract: Contract
    literal: Mapping[str, Schema]

    def file(self, name: str) -> str:
        """Return the name of one of its files, for messages."""
        return f"{self.contract.name}/{name}"


@dataclass(frozen=True, slots=True)
class SchemaPlace:
    """A subschema of a contract, with the way to it."""

    part: str
    path: tuple[str, ...]
    schema: Schema

    @property
    def place(self) -> str:
        """Its name, such as ``response.data.items[].id``."""
        return keywords.dotted((self.part, *self.path))

    @property
    def file(self) -> str:
        """The file that it stands in."""
        return "overlay.json" if self.part == "plausible" else f"schemas/{self.part}.json"

    def lines(self, keyword: str) -> tuple[int, int] | None:
        """Return the lines of a keyword, or those of the type."""
        sources = self.schema.get("x-source", {})
        entry = sources.get(keyword, sources.get("type"))
        lines = entry["lines"] if isinstance(entry, Mapping) else entry
        return (lines[0], lines[1]) if lines else None

    def problem(self, subject: Subject, check: str, text: str, keyword: str = "type") -> Problem:
        """Return a problem at this place."""
        return Problem(check, subject.file(self.file), self.place, self.lines(keyword), text)


def _places(schemas: Mapping[str, Schema]) -> Iterator[SchemaPlace]:
    for part, schema in schemas.items():
        for path, _, below in keywords.subschemas(schema):
            yield SchemaPlace(part, path, below)


def lint(name: str) -> tuple[tuple[Problem, ...], int]:
    """Return the problems of a contract, and how many more its lint.toml accepts."""
    folder = catalogue.locate(name)
    paths = {part: folder / "schemas" / f"{part}.json" for part in PARTS}
    literal = {part: files.read_json(path) for part, path in paths.items() if path.is_file()}
    subject = Subject(
        folder, loading.load(name), {part: schema for part, schema in literal.items() if schema}
    )
    problems = [problem for check in CHECKS.values() for problem in check(subject)]
    return _accept(subject, problems)


def _accept(subject: Subject, problems: list[Problem]) -> tuple[tuple[Problem, ...], int]:
    """Return the problems that no row of lint.toml accepts, and how many are accepted."""
    path = subject.folder / ACCEPTED
    if not path.is_file():
        return tuple(problems), 0
    rows = keys.read(path).get("accepted", [])
    left = list(problems)
    for number, row in enumerate(rows):
        if row.keys() != {"check", "places", "reason"} or row["check"] not in CHECKS:
            raise ContractError(
                f"{path}: accepted/{number}: expected a check of {', '.join(CHECKS)}, places, "
                "reason"
            )
        for place in row["places"]:
            kept = [
                p
                for p in left
                if p.check != row["check"] or not fnmatch.fnmatchcase(p.place, place)
            ]
            if len(kept) == len(left):
                text = "accepts nothing that is found"
                kept.append(Problem("accepted", subject.file(ACCEPTED), place, None, text))
            left = kept
    return tuple(left), len(problems) - sum(problem.check != "accepted" for problem in left)


def _undescribed(subject: Subject) -> Iterator[Problem]:
    """Yield members that the page says nothing about."""
    for place in _places(subject.literal):
        if keywords.is_undescribed(place.path, place.schema):
            yield place.problem(subject, "undescribed", "the page gives no description of it")


def _overlaps(subject: Subject) -> Iterator[Problem]:
    """Yield members that cite the same lines for what each of them is said to be."""
    members = [place for place in _places(subject.literal) if keywords.is_member(place.path)]
    for keyword in ("type", "description", "enum"):
        cited = [place for place in members if keyword in place.schema.get("x-source", {})]
        for place, other in combinations(cited, 2):
            own = place.lines(keyword) or (0, 0)
            others = other.lines(keyword) or (0, 0)
            # a sample may stand on one line, and one definition speak of request and answer
            of_a_sample = keyword == "type" and own[0] == own[1]
            is_shared = own == others and (of_a_sample or place.path[-1] == other.path[-1])
            if own[0] <= others[1] and others[0] <= own[1] and not is_shared:
                text = f"its {keyword} is read from the same lines as that of {other.place}"
                yield place.problem(subject, "overlaps", text, keyword)


def _examples(subject: Subject) -> Iterator[Problem]:
    """Yield examples and defaults on the page that break what the page states."""
    for place in _places(subject.literal):
        values = [("x-examples", value) for value in place.schema.get("x-examples", ())]
        values += [("default", place.schema["default"])] if "default" in place.schema else []
        for keyword, value in values:
            for check in checks.broken(readable(place.schema), value):
                named = "the default" if keyword == "default" else "the example"
                at = f" at {check.place}" if check.place else ""
                broken = f"breaks {check.keyword.name}{at}: expected {check.expected}"
                text = f"{named} {show(value, 60)} {broken}"
                yield place.problem(subject, "examples", text, keyword)


def _unsatisfiable(subject: Subject) -> Iterator[Problem]:
    """Yield schemas that no value fits."""
    parts = ("request", "plausible", "response")
    schemas = {part: getattr(subject.contract, part) for part in parts}
    for place in _places({part: schema for part, schema in schemas.items() if schema}):
        if algebra.covers(NOTHING, readable(place.schema)) is Covers.YES:
            yield place.problem(subject, "unsatisfiable", "no value fits it")


def _unexercised(subject: Subject) -> Iterator[Problem]:
    """Yield clauses that no planned request decides, and relations of members that are nowhere."""
    contract = subject.contract
    file = subject.file("contract.toml")
    decided = {clause for case in plan(contract, 0).cases for clause in case.decides}
    for clause in contract.clauses:
        if clause.kind in {Kind.REFUSAL, Kind.ACCEPTANCE} and clause.id not in decided:
            text = "no request is planned that would decide it"
            yield Problem("unexercised", file, clause.id, clause.source.lines, text)
        if clause.kind is Kind.RELATION:
            for pointer in _pointers(clause.arguments):
                if not _names(contract.response, pointer):
                    text = f"the response has no {pointer}, so it never speaks of anything"
                    yield Problem("unexercised", file, clause.id, clause.source.lines, text)


def _unfinished(subject: Subject) -> Iterator[Problem]:
    """Yield what `contracts new` left to be written, and readings without lines and reason."""
    if any(clause.id == clause_ids.TYPICAL and clause.why for clause in subject.contract.clauses):
        text = "acceptance is a convention: which requests are plausible is not written yet"
        yield Problem("unfinished", subject.file("contract.toml"), "acceptance", None, text)
    for number, action in enumerate(files.read_json(subject.folder / "overlay.json")["actions"]):
        if "x-basis" in action and not (action.get("description") or "x-lines" in action):
            file = subject.file("overlay.json")
            text = "the reading gives no reason"
            yield Problem("unfinished", file, f"actions/{number}", None, text)


CHECKS: Mapping[str, Callable[[Subject], Iterator[Problem]]] = {
    "undescribed": _undescribed,
    "overlaps": _overlaps,
    "examples": _examples,
    "unsatisfiable": _unsatisfiable,
    "unexercised": _unexercised,
    "unfinished": _unfinished,
}


def _pointers(arguments: Mapping[str, Any]) -> Iterator[str]:
    for name in RELATED:
        value = arguments.get(name)
        for pointer in value if isinstance(value, list) else [value]:
            if isinstance(pointer, str) and pointer.startswith("/"):
                yield pointer


def _names(schema: Schema, pointer: str) -> bool:
    """Whether a pointer, with * for any item, leads to something that a schema speaks of."""
    for step in keywords.path_of(pointer):
        below = keywords.child(schema, step)
        if below is None:
            if schema.keys() & {"properties", "items"} and "additionalProperties" not in schema:
                return False
            below = keywords.child(schema, "{}")
        schema = below or {}
    return True
