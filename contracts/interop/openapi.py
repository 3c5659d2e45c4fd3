"""A contract as an OpenAPI 3.1 document: for Swagger UI, Redoc, code generators and Schemathesis.

The request schema is D, what the page states, so that nothing is forbidden that the page leaves
open; examples are plausible (P). Every keyword keeps its ``x-source``; descriptions are the
clauses' own sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from contracts import clause_ids, sandbox
from contracts.model import PORT, Basis, Clause, Contract, Kind, Operation, Schema
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import sample
from contracts.planning.bodies.typical import typical
from contracts.schema import checks, keywords

VERBS = {"GET": "get", "POST": "create", "PUT": "replace", "PATCH": "change"}
INTERNAL = (
    "$schema",
    "x-document",
    "x-unique",
    "x-fresh",
    "x-reference",
    "x-ignored-with",
    "x-near-misses",
    "x-guessed",
    "x-plain",
)
REFUSALS = {  # status -> (what the server says, the clauses that are about it)
    "400": ("The body is refused.", (clause_ids.REQUEST,)),
    "401": ("The token is missing, or is none.", (clause_ids.AUTHORIZATION,)),
    "403": ("The token lacks the permission.", (clause_ids.PERMISSION,)),
    "404": ("Something in the address does not exist.", (clause_ids.ADDRESS,)),
    "4XX": ("Any other refusal: which status it has is left open.", ()),
}


def document(contract: Contract) -> dict[str, Any]:
    """Give a contract as an OpenAPI document.

    ``x-contract`` names the contract and its revision.
    """
    operation = contract.operation
    noun = _noun(operation)
    schemas = (
        {noun: _described(contract, contract.response, "response")} if operation.answers else {}
    )
    if contract.request is not None:
        schemas[f"{noun}Request"] = _described(contract, contract.request, "request")
    security = _security(contract)
    asks = "token_without_permission" in operation.credentials
    scopes = [operation.permission] if operation.permission and asks else []
    served = [
        {
            "url": f"http://127.0.0.1:{PORT}",
            "description": f"the embedded sandbox: contracts serve {contract.api}",
        }
    ]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": contract.title,
            "version": str(contract.revision),
            "description": _introduction(contract),
            "x-contract": contract.api,
            "x-documents": [
                {"name": name, "sha256": digest} for name, digest in contract.documents.items()
            ],
        },
        "servers": [
            *(served if contract.api in sandbox.APPS else []),
            *(
                {"url": f"https://{host}", "description": "production"}
                for host in operation.production_hosts
            ),
        ],
        "tags": [{"name": _tag(operation), "description": contract.title}],
        "security": [{name: scopes} for name in security],
        "paths": {
            operation.path.partition("?")[0]: {operation.method.lower(): _operation(contract)}
        },
        "components": {"securitySchemes": security, "schemas": schemas},
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


def _tag(operation: Operation) -> str:
    """Name what an operation is about.

    The last part of its path that is no parameter, such as ``orders``.
    """
    parts = [
        part for part in operation.path.partition("?")[0].split("/") if part and "{" not in part
    ]
    return parts[-1] if parts else "resources"


def _noun(operation: Operation) -> str:
    """Name one of them, as schemas and methods are called."""
    words = re.split(r"[^A-Za-z0-9]+", _tag(operation).removesuffix("s"))
    return "".join(word[:1].upper() + word[1:] for word in words)


def _summary(contract: Contract) -> str:
    """Say what an operation does: what its title says behind the name of the API."""
    says = contract.title.rpartition(": ")[2]
    return says[:1].upper() + says[1:]


def _security(contract: Contract) -> dict[str, dict[str, Any]]:
    """Give the security scheme by its name; none where the page asks for no credential."""
    operation = contract.operation
    if operation.credential is None:
        return {}
    about = {"description": _authorization(contract)}
    scheme = operation.credential.removesuffix("{token}").strip()
    if operation.header.lower() == "authorization" and scheme:
        return {scheme.lower(): {"type": "http", "scheme": scheme.lower(), **about}}
    return {"key": {"type": "apiKey", "in": "header", "name": operation.header, **about}}


def _operation(contract: Contract) -> dict[str, Any]:
    operation = contract.operation
    noun = _noun(operation)
    relations = [clause for clause in contract.clauses if clause.kind is Kind.RELATION]
    made: dict[str, Any] = {
        "operationId": f"{VERBS.get(operation.method, operation.method.lower())}{noun}",
        "tags": [_tag(operation)],
        "summary": _summary(contract),
        "description": _bullets(
            f"Between request, response and earlier {_tag(operation)}:", relations
        ),
        "parameters": [_parameter(contract, name) for name in operation.parameters],
        "responses": _responses(contract),
    }
    if contract.request is not None:
        media: dict[str, Any] = {
            "schema": {"$ref": f"#/components/schemas/{noun}Request"},
            "examples": _examples(contract),
        }
        made["requestBody"] = {
            "required": True,
            "content": {operation.media_type or "application/json": media},
        }
    left_out = {"parameters": not made["parameters"], "description": not relations}
    return {name: value for name, value in made.items() if not left_out.get(name)}


def _examples(contract: Contract) -> dict[str, Any]:
    """Give examples that D allows.

    Where it asks for one of two members, the required ones alone are none.
    """
    plausible = contract.plausible or {}
    fewest = {
        name: typical(plausible["properties"][name]) for name in plausible.get("required", ())
    }
    made = {
        "fewest": ("The required members alone", fewest),
        "all": ("Every member", plain_body(contract)),
    }
    examples = {
        name: {"summary": summary, "value": sample(body)} for name, (summary, body) in made.items()
    }
    return {
        name: one
        for name, one in examples.items()
        if checks.fits(contract.request or {}, one["value"])
    }


def _parameter(contract: Contract, name: str) -> dict[str, Any]:
    clauses = [
        clause
        for clause in contract.clauses
        if clause_ids.is_about(clause.id, clause_ids.ADDRESS)
        and clause_ids.address_parts(clause.id)[1] == clause_ids.thing(name)
    ]
    place = (
        "query"
        if f"{name}={{{name}}}" in contract.operation.path.partition("?")[2].split("&")
        else "path"
    )
    schema = {
        "type": "string",
        **({"format": "uuid"} if clauses else {}),
    }  # a form is what such clauses are about
    made = {"name": name, "in": place, "required": True, "schema": schema}
    example = _example(contract, name)
    more = {"description": _bullets("", clauses), "example": example, "x-source": _source(clauses)}
    return {**made, **{key: value for key, value in more.items() if value}}


def _example(contract: Contract, name: str) -> str | None:
    """Return the value of a path parameter at the embedded sandbox, where there is one."""
    if contract.api not in sandbox.APPS:
        return None
    return sandbox.environment(contract.api).get(contract.operation.parameters[name])


def _responses(contract: Contract) -> dict[str, Any]:
    operation = contract.operation
    kept = [clause for clause in contract.clauses if clause.kind is Kind.PROTOCOL]
    success: dict[str, Any] = {"description": _bullets("A success.", kept)}
    if operation.answers:
        schema = {"$ref": f"#/components/schemas/{_noun(operation)}"}
        success["content"] = {operation.media_type or "application/json": {"schema": schema}}
    numbers = (
        [str(operation.success)] if operation.success else ["200", "2XX"]
    )  # code generators know no 2XX
    made = dict.fromkeys(numbers, success)
    for status, (says, prefixes) in REFUSALS.items():
        about = [
            clause
            for clause in contract.clauses
            if clause.kind is Kind.REFUSAL and prefixes and clause.id.startswith(prefixes)
        ]
        if about or not prefixes:
            made[status] = {"description": _bullets(says, about)}
    return made


def _described(contract: Contract, schema: Schema, prefix: str) -> dict[str, Any]:
    """Give a schema with descriptions from the clauses of each member, as components have it."""
    result = _without(schema, lambda name: name in INTERNAL)
    sentences: dict[tuple[str, ...], list[str]] = {}
    for keyword in keywords.keywords(schema):
        clause = contract.clause(f"{prefix}.{keyword.clause}")
        path = (*keyword.path, *([keyword.member] if keyword.member else []))
        spoken = path[-1] if path and path[-1] not in ("[]", "{}") else "this"
        says = "has to be there" if keyword.member else f"is {keywords.expectation(keyword)}"
        sentences.setdefault(path, []).append(f"{spoken} {says}{_where(clause)}")
    for path, pointer, _ in keywords.subschemas(schema):
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
    return _bullets(
        "",
        [
            clause
            for clause in contract.clauses
            if clause_ids.is_about(clause.id, clause_ids.AUTHORIZATION)
        ],
    )


def _bullets(head: str, clauses: list[Clause]) -> str:
    rows: Iterator[str] = (f"- {_sentence(clause)}" for clause in clauses)
    return "\n".join([*([head, ""] if head and clauses else [head] if head else []), *rows])


def _sentence(clause: Clause) -> str:
    return f"{clause.statement}{_where(clause)}"


def _where(clause: Clause) -> str:
    lines = "" if clause.source.lines is None else f" ({str(clause.source).rpartition(', ')[2]})"
    return f"{lines}{', a convention' if clause.basis is Basis.CONVENTION else ''}"


def _source(clauses: list[Clause]) -> Mapping[str, Any]:
    """Give the source of the first clause that has one in the page."""
    for clause in clauses:
        if clause.source.lines:
            return {
                "document": clause.source.document,
                "lines": list(clause.source.lines),
                "clause": clause.id,
            }
    return {}
