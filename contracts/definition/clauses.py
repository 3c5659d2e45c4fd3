"""Clauses made from a contract: for each keyword, state and relation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts import clause_ids
from contracts.definition.citations import CONFIRMABLE, FILLED_IN, cite, keyword_source
from contracts.definition.http_clauses import (
    address_clauses,
    authorization_clauses,
    parameter_clauses,
    protocol_clauses,
)
from contracts.errors import ContractError, near_misses
from contracts.judge.operators import OPERATORS
from contracts.model import Basis, Clause, Kind, Schema, Source
from contracts.schema import checks, keywords, vocabulary
from contracts.schema.jsontext import escape

# argument of a relation that points to members -> what it points into
POINTERS = {
    "request": "request",
    **dict.fromkeys(("response", "members", "of", "equals", "percentage"), "response"),
    **dict.fromkeys(("amount", "left", "right", "earlier", "later"), "response"),
}


def make_clauses(
    schemas: Mapping[str, Schema],
    operation: Mapping[str, Any],
    data: Mapping[str, Any],
    documents: Sequence[Source],
) -> tuple[Clause, ...]:
    """Return all clauses of a contract; ContractError for one id twice or a wrong relation.

    `schemas` are the loaded request, plausible and response schemas, `operation` the derived
    operation with its sources, `data` the content of contract.toml, `documents` the Sources of
    the whole documents. Where contract.toml calls ``acceptance`` a convention, nobody has
    written yet what is plausible.
    """
    own = data["operation"]
    acceptance = Basis(data.get("acceptance", Basis.DOCUMENT))
    clauses = [
        *_requests(schemas, operation, own, documents, acceptance),
        *authorization_clauses(operation, own, documents),
        *address_clauses(own, documents),
        *parameter_clauses(own, documents),
        *protocol_clauses(operation, documents, own, answers="response" in schemas),
        *_responses(schemas.get("response", {}), documents),
        *(_relation(relation, documents) for relation in data.get("relations", [])),
    ]
    clauses = _confirmed(clauses, data.get("confirmed", ()))
    ids: set[str] = set()
    for clause in clauses:
        if clause.id in ids:
            raise ContractError(f"two clauses have the id {clause.id}")
        ids.add(clause.id)
    return tuple(clauses)


def _confirmed(clauses: Sequence[Clause], confirmed: Sequence[str]) -> list[Clause]:
    """Return the clauses; guesses that a person confirmed are the page's own.

    ContractError when `confirmed` of contract.toml names something else.
    """
    guessed = {clause.id for clause in clauses if clause.why in CONFIRMABLE}
    if unknown := [name for name in confirmed if name not in guessed]:
        what = f"{unknown[0]} is no clause that was guessed"
        raise ContractError(f"contract.toml: confirmed: {what}")
    return [
        replace(clause, basis=Basis.DOCUMENT, why=None) if clause.id in confirmed else clause
        for clause in clauses
    ]


UNWRITTEN = (
    "nobody has written yet which requests are plausible: "
    "a plain one is made from what the page shows"
)


@dataclass(frozen=True, slots=True)
class Acceptances:
    """Makes the clauses about what has to be accepted; `whole` is where no line says it alone."""

    documents: Sequence[Source]
    whole: Source
    basis: Basis

    def clause(
        self, name: str, statement: str, source: Source | None = None, **more: Any
    ) -> Clause:
        """Return a clause by the end of its id; `more` are other members of the record."""
        basis = more.pop("basis", self.basis)
        why = None if basis is Basis.DOCUMENT else UNWRITTEN
        where = source or self.whole
        clause = clause_ids.request(name)
        return Clause(clause, statement, basis, where, Kind.ACCEPTANCE, why, **more)

    def of_queries(self, data: Mapping[str, Any]) -> Iterator[Clause]:
        """Yield a clause for each documented value of each query parameter."""
        for name, row in data.get("query", {}).items():
            where = cite(row, self.documents, f"contract.toml: operation.query.{name}.lines")
            for value in row["values"]:
                yield self.clause(f"query.{name}.{value}", f"{name} may be {value}", where)

    def of_member(self, name: str, schema: Schema, plausible: Schema) -> Iterator[Clause]:
        """Yield what of a member has to be accepted: plausible values, each option, null, none."""
        member = schema["properties"][name]
        narrow = plausible.get("properties", {}).get(name, {})
        source, reading = self._source(name, member)
        at = {"places": (f"request#/{escape(name)}",)}
        # with one value, and required, it is the same in every request
        is_constant = len(narrow.get("enum", ())) == 1 and name in schema.get("required", ())
        if "enum" not in member and not is_constant:
            yield self.clause(f"{name}.accepted", f"a plausible {name} is accepted", source, **at)
        reference = narrow.get("x-reference")
        # what only the server hands out can't be in the first request, so that it is optional goes
        # without saying
        handed_out = reference is not None and "created_by" not in reference
        if name not in plausible.get("required", ()) and not handed_out:
            yield self.clause(f"{name}.optional", f"{name} may be left out", source, **at)
        yield from self._options(name, "", member, narrow)
        if "null" in member.get("type", ()) and reading is None:
            yield self.clause(f"{name}.null", f"{name} may be null", source, **at)

    def _source(self, name: str, member: Schema) -> tuple[Source, str | None]:
        """Return where a member's type stands, or what else is said of it, and how it is read."""
        for keyword in ("type", *member["x-source"]):
            if keyword in member["x-source"] and not keyword.startswith("required/"):
                reference = keywords.Keyword((name,), "", keyword, None, member)
                source, _, reading = keyword_source(reference, self.documents)
                return source, reading
        return self.whole, None

    def _options(
        self, name: str, words: str, member: Schema, plausible: Schema
    ) -> Iterator[Clause]:
        """Yield that each plausible option is accepted, of a member and of what is nested in it.

        `words` name the place below the member as its states do: "item kind". Where a page lists
        the options, it says that each may be sent, whatever else is plausible.
        """
        options = [option for option in member.get("enum", ()) if option is not None]
        for option in options:
            if checks.fits(plausible, option):
                keyword = keywords.Keyword((name,), "", "enum", None, member)
                where, basis, _ = keyword_source(keyword, self.documents)
                more = {"basis": basis} if basis is Basis.DOCUMENT and len(options) > 1 else {}
                at = (f"request#/{escape(name)}",)
                clause = f"{name}.{option}"
                spoken = clause_ids.nested(name, f"{words} ")
                if words:
                    clause = clause_ids.nested(name, f"{words} {option}")
                yield self.clause(clause, f"{spoken} may be {option}", where, places=at, **more)
        inner = plausible.get("properties", {})
        parts = [
            (n, part, inner[n]) for n, part in member.get("properties", {}).items() if n in inner
        ]
        if "items" in member and "items" in plausible:
            parts.append(("item", member["items"], plausible["items"]))
        for below, child, narrow in parts:
            yield from self._options(name, f"{words} {below}".strip(), child, narrow)


def _requests(
    schemas: Mapping[str, Schema],
    operation: Mapping[str, Any],
    data: Mapping[str, Any],
    documents: Sequence[Source],
    acceptance: Basis,
) -> Iterator[Clause]:
    """Yield what has to be accepted and what has to be refused of requests with a body."""
    schema = schemas.get("request")
    plausible = schemas.get("plausible", {})
    whole = cite(operation["x-source"]["method"], documents, "operation#/x-source/method")
    accepted = Acceptances(documents, whole, acceptance)
    yield accepted.clause("typical", "a plain request is accepted")
    combination = "requests with plausible members in any combination"
    yield accepted.clause("combined", f"{combination} are accepted, every time")
    yield from accepted.of_queries(data)
    if schema is None:
        return
    needed = plausible.get("required", ())
    if schema.get("type") != "array" and not set(needed) - set(schema.get("required", ())):
        ways = [option["title"] for option in plausible.get("anyOf", ()) if "title" in option]
        more = f", {' or '.join(ways)}" if ways else ""
        yield accepted.clause("minimal", f"the required members are enough{more}")
    why = "the page describes the body by JSON's types"
    if operation["media_type"]:
        why = "the page's media type for the body is application/json"
    statement = "a body that is no JSON text is refused"
    source = Source("RFC 8259", section="2")
    kind = Kind.REFUSAL
    yield Clause(clause_ids.REQUEST_JSON, statement, Basis.STANDARD, source, kind, why)
    for name in schema.get("properties", {}):
        yield from accepted.of_member(name, schema, plausible)
    yield from _refusals(schema, documents)


def _refusals(schema: Schema, documents: Sequence[Source]) -> Iterator[Clause]:
    for keyword in keywords.keywords(schema):
        statement = f"a body without {_spoken(keyword)} is refused"
        if keyword.name != "required":
            unlike = f"{_spoken(keyword)} is not {keywords.expectation(keyword)}"
            statement = f"a body in which {unlike} is refused"
        name = clause_ids.request(keyword.clause)
        clause = _of_keyword(keyword, documents, name, statement, Kind.REFUSAL)
        members = keyword.schema.get("properties", {})
        if keyword.name == "required" and "default" in members.get(keyword.member, {}):
            clause = replace(clause, basis=Basis.CONVENTION, why=FILLED_IN)
        yield clause


def _responses(schema: Schema, documents: Sequence[Source]) -> Iterator[Clause]:
    for keyword in keywords.keywords(schema):
        expectation = "there" if keyword.name == "required" else keywords.expectation(keyword)
        statement = f"{_spoken(keyword)} is {expectation}"
        clause = clause_ids.response(keyword.clause)
        yield _of_keyword(keyword, documents, clause, statement, Kind.KEYWORD)


def _of_keyword(
    keyword: keywords.Keyword, documents: Sequence[Source], clause: str, statement: str, kind: Kind
) -> Clause:
    source, basis, why = keyword_source(keyword, documents)
    part = "request" if kind is Kind.REFUSAL else "response"
    places = (f"{part}#{keyword.place}",)
    return Clause(clause, statement, basis, source, kind, why, places=places)


def _relation(row: Mapping[str, Any], documents: Sequence[Source]) -> Clause:
    """Return the clause of a row; ContractError for one that no operator could check."""
    place = f"contract.toml: {row.get('id', 'a relation without an id')}"
    columns = {"id", "statement", "op", "basis", "lines", "document", "why"}
    missing = sorted(columns - {"why", "document"} - row.keys())
    if missing:
        raise ContractError(f"{place}: {missing[0]} is missing")
    if row["op"] not in OPERATORS:
        near = near_misses(str(row["op"]), OPERATORS, otherwise_all=True)
        raise ContractError(f"{place}: no operator {row['op']!r}{near}")
    operator = OPERATORS[row["op"]]
    if unknown := sorted(row.keys() - columns - {*operator.arguments, *operator.options}):
        raise ContractError(f"{place}: the operator {row['op']} takes no {unknown[0]!r}")
    if lacking := sorted(set(operator.arguments) - row.keys()):
        words = f"takes {lacking[0]!r}, which is missing"
        raise ContractError(f"{place}: the operator {row['op']} {words}")
    if "schema" in row:
        vocabulary.refuse_unknown(row["schema"], f"{place}: schema")
    if row["basis"] not in list(Basis):
        raise ContractError(f"{place}: basis {row['basis']!r}; expected {', '.join(Basis)}")
    return Clause(
        row["id"],
        row["statement"],
        Basis(row["basis"]),
        cite(row, documents, place),
        Kind.RELATION,
        row.get("why"),
        arguments={name: row[name] for name in row.keys() - (columns - {"op"})},
        places=tuple(_places(row)),
    )


def _places(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the members that a relation speaks of: ``response#/items/*/amount``."""
    for name, part in POINTERS.items():
        value = row.get(name, ())
        pointers = [value] if isinstance(value, str) else value
        yield from (f"{part}#{pointer}" for pointer in pointers)


def _spoken(keyword: keywords.Keyword) -> str:
    return keywords.dotted(keyword.spoken) or "the whole"
