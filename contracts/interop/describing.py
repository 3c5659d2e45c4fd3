"""Schemas and clauses in the words that an OpenAPI document describes them by."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.model import Basis, Clause, Contract, Schema
from contracts.schema import keywords
from contracts.schema.jsontext import at

INTERNAL = (
    *("$schema", "x-document", "x-unique", "x-fresh", "x-reference"),
    *("x-ignored-with", "x-near-misses", "x-guessed", "x-plain"),
)


def plain(schema: Schema) -> dict[str, Any]:
    """Return a schema without the keywords that only this suite reads."""
    return _without(schema, lambda name: name.startswith(("x-", "$schema")))


def _without(schema: Schema, unwanted: Any) -> dict[str, Any]:
    def cleaned(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: cleaned(value) for name, value in part.items() if not unwanted(name)}
        return [cleaned(item) for item in part] if isinstance(part, list) else part

    result: dict[str, Any] = cleaned(schema)
    return result


def described(contract: Contract, schema: Schema, prefix: str) -> dict[str, Any]:
    """Return a schema with descriptions from the clauses of each member, as components have it."""
    result = _without(schema, lambda name: name in INTERNAL)
    sentences: dict[tuple[str, ...], list[str]] = {}
    for keyword in keywords.keywords(schema):
        clause = contract.clause(f"{prefix}.{keyword.clause}")
        path = keyword.spoken
        spoken = path[-1] if keywords.is_member(path) else "this"
        says = "has to be there" if keyword.member else f"is {keywords.expectation(keyword)}"
        sentences.setdefault(path, []).append(f"{spoken} {says}{_where(clause)}")
    for path, pointer, _ in keywords.subschemas(schema):
        if path in sentences:
            at(result, pointer)["description"] = "; ".join(dict.fromkeys(sentences[path]))
    return result


def bullets(head: str, clauses: Sequence[Clause]) -> str:
    """Return the sentences of clauses as a list in Markdown, below a heading."""
    rows = [f"- {clause.statement}{_where(clause)}" for clause in clauses]
    heading = [head] if head else []
    gap = [""] if head and rows else []
    return "\n".join([*heading, *gap, *rows])


def _where(clause: Clause) -> str:
    lines = f" ({str(clause.source).rpartition(', ')[2]})" if clause.source.lines else ""
    return f"{lines}{', a convention' if clause.basis is Basis.CONVENTION else ''}"


def source(clauses: list[Clause]) -> Mapping[str, Any]:
    """Return the source of the first clause that has one in the page."""
    for clause in clauses:
        where = clause.source
        if where.lines:
            lines = list(where.lines)
            return {"document": where.document, "lines": lines, "clause": clause.id}
    return {}
