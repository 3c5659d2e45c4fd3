"""A contract as an OpenAPI 3.1 document: for Swagger UI, Redoc, code generators and Schemathesis.

The request schema is D, what the page states, so that nothing is forbidden that the page leaves open; examples are
plausible (P). Every keyword keeps its ``x-source``; descriptions are the clauses' own sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contracts import dialect, sandbox
from contracts.generate.planning import plain_body
from contracts.generate.states import typical
from contracts.generate.templates import sample
from contracts.model import Basis, Clause, Contract, Kind, Schema

BEARER = "bearer"
SANDBOX = "http://127.0.0.1:8000"
EXAMPLES = {"storeId": sandbox.STORE}
INTERNAL = ("$schema", "x-document", "x-unique", "x-reference", "x-ignored-with")
REFUSALS = {  # status -> (what the server says, the clauses that are about it)
    "400": ("The body is refused.", ("request.",)),
    "401": ("The token is missing, or is none.", ("authorization.",)),
    "403": ("The token lacks the permission.", ("authorization.permission",)),
    "404": ("Something in the address does not exist.", ("address.",)),
    "4XX": ("Any other refusal: which status it has is left open.", ()),
}


def document(contract: Contract) -> dict[str, Any]:
    """Give a contract as an OpenAPI document; ``x-contract`` names the contract and its revision."""
    operation = contract.operation
    schemas = {"Order": _described(contract, contract.response, "response")}
    if contract.request is not None:
        schemas["OrderRequest"] = _described(contract, contract.request, "request")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": contract.title,
            "version": str(contract.revision),
            "description": _introduction(contract),
            "x-contract": contract.api,
            "x-documents": [{"name": name, "sha256": digest} for name, digest in contract.documents.items()],
        },
        "servers": [
            {"url": SANDBOX, "description": f"the embedded sandbox: contracts serve {contract.api}"},
            *({"url": f"https://{host}", "description": "production"} for host in operation.production_hosts),
        ],
        "tags": [{"name": "orders", "description": "Orders and how they are created."}],
        "security": [{BEARER: []}],
        "paths": {operation.path: {operation.method.lower(): _operation(contract)}},
        "components": {
            "securitySchemes": {BEARER: {"type": "http", "scheme": "bearer", "description": _authorization(contract)}},
            "schemas": schemas,
        },
    }


def plain(schema: Schema) -> dict[str, Any]:
    """Give a schema without the keywords that only this suite reads."""
    return _without(schema, lambda name: name.startswith(("x-", "$schema")))


def _without(schema: Schema, unwanted: Any) -> dict[str, Any]:
    def cleaned(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: cleaned(value) for name, value in part.items() if not unwanted(name)}
        return [cleaned(item) for item in part] if isinstance(part, list) else part

    result: dict[str, Any] = cleaned(schema)
    return result


def _operation(contract: Contract) -> dict[str, Any]:
    operation = contract.operation
    made: dict[str, Any] = {
        "operationId": "createOrder",
        "tags": ["orders"],
        "summary": contract.title.partition(": ")[2].capitalize() or contract.title,
        "description": _bullets("Between request, response and earlier orders:", _relations(contract)),
        "parameters": [_parameter(contract, name) for name in operation.parameters],
        "responses": _responses(contract),
    }
    if contract.request is not None:
        media: dict[str, Any] = {
            "schema": {"$ref": "#/components/schemas/OrderRequest"},
            "examples": _examples(contract),
        }
        made["requestBody"] = {"required": True, "content": {operation.media_type or "application/json": media}}
    if not made["parameters"]:
        del made["parameters"]
    return made


def _examples(contract: Contract) -> dict[str, Any]:
    """Give examples that D allows: where it asks for one of two members, the required ones alone are none."""
    plausible = contract.plausible or {}
    fewest = {name: typical(plausible["properties"][name]) for name in plausible.get("required", ())}
    made = {"fewest": ("The required members alone", fewest), "all": ("Every member", plain_body(contract))}
    examples = {name: {"summary": summary, "value": sample(body)} for name, (summary, body) in made.items()}
    return {name: one for name, one in examples.items() if dialect.fits(contract.request or {}, one["value"])}


def _parameter(contract: Contract, name: str) -> dict[str, Any]:
    clauses = [clause for clause in contract.clauses if clause.id.startswith("address.")]
    known = {"format": "uuid"} if name in EXAMPLES else {}
    made = {"name": name, "in": "path", "required": True, "schema": {"type": "string", **known}}
    more = {"description": _bullets("", clauses), "example": EXAMPLES.get(name), "x-source": _source(clauses[0])}
    return {**made, **{key: value for key, value in more.items() if value}}


def _responses(contract: Contract) -> dict[str, Any]:
    operation = contract.operation
    kept = [clause for clause in contract.clauses if clause.kind is Kind.PROTOCOL]
    success: dict[str, Any] = {
        "description": _bullets("The order was created.", kept),
        "content": {operation.media_type or "application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
    }
    numbers = [str(operation.success)] if operation.success else ["200", "2XX"]  # code generators know no 2XX
    made = dict.fromkeys(numbers, success)
    for status, (says, prefixes) in REFUSALS.items():
        about = [
            clause for clause in contract.clauses
            if clause.kind is Kind.REFUSAL and prefixes and clause.id.startswith(prefixes)
        ]  # fmt: skip
        if about or not prefixes:
            made[status] = {"description": _bullets(says, about)}
    return made


def _described(contract: Contract, schema: Schema, prefix: str) -> dict[str, Any]:
    """Give a schema with descriptions from the clauses of each member, as components have it."""
    result = _without(schema, lambda name: name in INTERNAL)
    sentences: dict[tuple[str, ...], list[str]] = {}
    for keyword in dialect.keywords(schema):
        clause = contract.clause(f"{prefix}.{keyword.clause}")
        path = (*keyword.path, *([keyword.member] if keyword.member else []))
        spoken = path[-1] if path and path[-1] not in ("[]", "{}") else "this"
        says = "has to be there" if keyword.member else f"is {dialect.expectation(keyword)}"
        sentences.setdefault(path, []).append(f"{spoken} {says}{_where(clause)}")
    for path, pointer, _ in dialect.subschemas(schema):
        if path in sentences:
            _at(result, pointer)["description"] = "; ".join(dict.fromkeys(sentences[path]))
    return result


def _at(schema: dict[str, Any], pointer: str) -> dict[str, Any]:
    for token in pointer.split("/")[1:]:
        schema = schema[token.replace("~1", "/").replace("~0", "~")]
    return schema


def _introduction(contract: Contract) -> str:
    pages = ", ".join(contract.documents)
    return (
        f"Made from the contract {contract.api} by order-contracts; the page is {pages}. "
        "Keywords carry the lines that they come from as x-source."
    )


def _authorization(contract: Contract) -> str:
    return _bullets("", [clause for clause in contract.clauses if clause.id.startswith("authorization.")])


def _relations(contract: Contract) -> list[Clause]:
    return [clause for clause in contract.clauses if clause.kind is Kind.RELATION]


def _bullets(head: str, clauses: list[Clause]) -> str:
    rows: Iterator[str] = (f"- {_sentence(clause)}" for clause in clauses)
    return "\n".join([*([head, ""] if head and clauses else [head] if head else []), *rows])


def _sentence(clause: Clause) -> str:
    return f"{clause.statement}{_where(clause)}"


def _where(clause: Clause) -> str:
    lines = "" if clause.source.lines is None else f" ({str(clause.source).rpartition(', ')[2]})"
    return f"{lines}{', a convention' if clause.basis is Basis.CONVENTION else ''}"


def _source(clause: Clause) -> Mapping[str, Any]:
    lines = list(clause.source.lines) if clause.source.lines else None
    return {"document": clause.source.document, "lines": lines, "clause": clause.id}
