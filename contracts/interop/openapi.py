"""A contract as an OpenAPI 3.1 document: for Swagger UI, Redoc, code generators and Schemathesis.

The request schema is D, what the page states, and examples are plausible (P).
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from contracts import clause_ids, sandbox
from contracts.interop.describing import bullets, described, source
from contracts.model import PORT, Contract, Kind, Operation
from contracts.planning.bodies.everyday import typical
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import sample
from contracts.schema import checks, in_address

VERBS = {"GET": "get", "POST": "create", "PUT": "replace", "PATCH": "change"}
REFUSALS = {  # status -> (what the server says, the clauses that are about it)
    "400": ("The body is refused.", (clause_ids.REQUEST, clause_ids.PARAMETER)),
    "401": ("The token is missing, or is none.", (clause_ids.AUTHORIZATION,)),
    "403": ("The token lacks the permission.", (clause_ids.PERMISSION,)),
    "404": ("Something in the address does not exist.", (clause_ids.ADDRESS,)),
    "4XX": ("Any other refusal: which status it has is left open.", ()),
}


def document(contract: Contract) -> dict[str, Any]:
    """Return the OpenAPI document of one operation; ``x-contract`` names its contract."""
    return _document([contract], alone=True)


def whole(contract: Contract) -> dict[str, Any]:
    """Return the OpenAPI document of all operations of an API, with the links between them."""
    return _document(contract.family, alone=False)


def _document(contracts: Sequence[Contract], *, alone: bool) -> dict[str, Any]:
    """Return the document of some operations of an API; one `alone` has no links to others."""
    first = contracts[0]
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {}
    security: dict[str, Any] = {}
    for contract in contracts:
        operation = contract.operation
        name = _noun(operation) if alone else _capitalized(operation.name)
        row = _operation(contract, name)
        if not alone:
            row["operationId"] = operation.name
            success = next(iter(row["responses"].values()))
            success |= {"links": links} if (links := _links(first, operation)) else {}
        schemes = _security(contract)
        if operation.production_hosts != first.operation.production_hosts:
            row["servers"] = _servers(contract)
        asks = operation.permission and "token_without_permission" in operation.credentials
        scopes = [operation.permission] if asks else []
        row["security"] = [dict.fromkeys(schemes, scopes)]
        path = operation.path.partition("?")[0]
        paths.setdefault(path, {})[operation.method.lower()] = row
        schemas |= _schemas(contract, name)
        security |= schemes
    tags = dict.fromkeys(_tag(contract.operation) for contract in contracts)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": first.title if alone else first.title.partition(":")[0],
            "version": str(first.revision),
            "description": _introduction(contracts),
            "x-contract": first.api,
            "x-documents": [{"name": n, "sha256": d} for n, d in _documents(contracts).items()],
        },
        "servers": _servers(first),
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {"securitySchemes": security, "schemas": schemas},
    }


def _documents(contracts: Sequence[Contract]) -> dict[str, str]:
    return {name: digest for contract in contracts for name, digest in contract.documents.items()}


def _servers(contract: Contract) -> list[dict[str, str]]:
    hosts = contract.operation.production_hosts
    base_path = contract.operation.base_path
    servers = [{"url": f"https://{host}{base_path}", "description": "production"} for host in hosts]
    if contract.api in sandbox.APPS:
        about = f"the embedded sandbox: contracts serve {contract.api}"
        servers.insert(0, {"url": f"http://127.0.0.1:{PORT}", "description": about})
    return servers


def _schemas(contract: Contract, name: str) -> dict[str, Any]:
    """Return the schemas of an operation's answer and body by their names."""
    schemas = {}
    if contract.operation.answers:
        schemas[name] = described(contract, contract.response, "response")
    if contract.request is not None:
        schemas[f"{name}Request"] = described(contract, contract.request, "request")
    return schemas


def _tag(operation: Operation) -> str:
    """Return what an operation is about: the last part of its path that is no parameter."""
    parts = operation.path.partition("?")[0].split("/")
    words = [part for part in parts if part and "{" not in part]
    return words[-1] if words else "resources"


def _noun(operation: Operation) -> str:
    """Name one of them, as schemas and methods are called."""
    return _capitalized(_tag(operation).removesuffix("s"))


def _capitalized(name: str) -> str:
    """Return a name as schemas are called: ``CreateOrder`` for create-order."""
    words = re.split(r"[^A-Za-z0-9]+", name)
    return "".join(word[:1].upper() + word[1:] for word in words)


def _security(contract: Contract) -> dict[str, dict[str, Any]]:
    """Return the security scheme by its name; none where the page asks for no credential."""
    operation = contract.operation
    if operation.credential is None:
        return {}
    clauses = [
        clause
        for clause in contract.clauses
        if clause_ids.is_about(clause.id, clause_ids.AUTHORIZATION)
    ]
    about = {"description": bullets("", clauses)}
    scheme = operation.scheme
    if operation.header.lower() == "authorization" and scheme:
        return {scheme.lower(): {"type": "http", "scheme": scheme.lower(), **about}}
    place = "query" if operation.key_in_query else "header"
    return {"key": {"type": "apiKey", "in": place, "name": operation.header, **about}}


def _operation(contract: Contract, name: str) -> dict[str, Any]:
    """Return an operation of the paths; `name` is that of its schemas."""
    operation = contract.operation
    tag = _tag(operation)
    method = operation.method
    verb = VERBS.get(method, method.lower())
    says = contract.title.rpartition(": ")[2]  # behind the name of the API
    row: dict[str, Any] = {
        "operationId": f"{verb}{_noun(operation)}",
        "tags": [tag],
        "summary": says[:1].upper() + says[1:],
        "description": bullets(f"Between request, response and earlier {tag}:", contract.relations),
        "parameters": list(_parameters(contract)),
        "responses": _responses(contract, name),
    }
    if contract.request is not None:
        media: dict[str, Any] = {
            "schema": {"$ref": f"#/components/schemas/{name}Request"},
            "examples": _examples(contract),
        }
        row["requestBody"] = {
            "required": operation.body_required,
            "content": {operation.media_type or "application/json": media},
        }
    left_out = {"parameters": not row["parameters"], "description": not contract.relations}
    return {name: value for name, value in row.items() if not left_out.get(name)}


def _examples(contract: Contract) -> dict[str, Any]:
    """Return examples that D allows: of the fewest members, and of all."""
    plausible = contract.plausible or {}
    members = plausible.get("properties", {})
    required = plausible.get("required", ())
    fewest = {name: typical(members[name]) for name in required}
    examples = {
        "fewest": {"summary": "The required members alone", "value": sample(fewest)},
        "all": {"summary": "Every member", "value": sample(plain_body(contract))},
    }
    documented = contract.request or {}
    return {
        n: example for n, example in examples.items() if checks.fits(documented, example["value"])
    }


def _parameters(contract: Contract) -> Iterator[dict[str, Any]]:
    """Yield what stands in the path, in the query and in headers beside the credential."""
    operation = contract.operation
    for name in operation.path_names:
        yield _parameter(contract, name)
    for name, query in operation.query.items():
        value = partial(in_address.value_of, query.schema)
        default = {} if query.default is None else {"default": value(query.default)}
        examples = {text: {"value": value(text)} for text in query.values}
        schema = {"type": "string", **default, **query.schema}
        row = {"name": name, "in": "query", "schema": schema, "examples": examples}
        yield {**row, "required": True} if query.required else row
    for name in operation.headers:
        yield {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}


def _parameter(contract: Contract, name: str) -> dict[str, Any]:
    clauses = [
        clause
        for clause in contract.clauses
        if clause_ids.is_about(clause.id, clause_ids.ADDRESS)
        and clause_ids.address_parts(clause.id)[1] == clause_ids.thing(name)
    ]
    query = contract.operation.path.partition("?")[2].split("&")
    place = "query" if f"{name}={{{name}}}" in query else "path"
    has_form = any(clause_ids.is_about(c.id, clause_ids.malformed("")) for c in clauses)
    schema = {"type": "string", **({"format": "uuid"} if has_form else {})}
    row = {"name": name, "in": place, "required": True, "schema": schema}
    example = None  # the value at the embedded sandbox, where there is one
    if contract.api in sandbox.APPS:
        variable = contract.operation.parameters.get(name, "")
        example = sandbox.environment(contract.api).get(variable)
    about = {"description": bullets("", clauses), "example": example}
    more = {**about, "x-source": source(clauses)}
    return {**row, **{key: value for key, value in more.items() if value}}


def _responses(contract: Contract, name: str) -> dict[str, Any]:
    """Return the answers of an operation by status: the success, then the refusals with clauses."""
    operation = contract.operation
    protocol = [clause for clause in contract.clauses if clause.kind is Kind.PROTOCOL]
    success: dict[str, Any] = {"description": bullets("A success.", protocol)}
    if operation.answers:
        schema = {"$ref": f"#/components/schemas/{name}"}
        success["content"] = {operation.media_type or "application/json": {"schema": schema}}
    # code generators know no 2XX
    numbers = [str(operation.success)] if operation.success else ["200", "2XX"]
    responses = dict.fromkeys(numbers, success)
    for status, (says, prefixes) in REFUSALS.items():
        about = [
            clause
            for clause in contract.clauses
            if clause.kind is Kind.REFUSAL and prefixes and clause.id.startswith(prefixes)
        ]
        if about or not prefixes:
            responses[status] = {"description": bullets(says, about)}
    return responses


def _links(contract: Contract, source: Operation) -> dict[str, Any]:
    """Return which operations of an API take a value from an answer of one, by their names."""
    links: dict[str, Any] = {}
    for link in (link for link in contract.links if link.source == source.name):
        target = contract.of(link.target).operation
        shared = target.parameters.keys() & source.parameters.keys()
        row = links.setdefault(link.target, {"operationId": link.target})
        value = f"$response.body#{link.pointer}"
        if link.place == "body":
            row.setdefault("requestBody", {})[link.name[1:]] = value
        else:
            row.setdefault("parameters", {})[link.name] = value
        same = {name: f"$request.path.{name}" for name in sorted(shared)}
        row |= {"parameters": {**same, **row.get("parameters", {})}} if same else {}
    return links


def _introduction(contracts: Sequence[Contract]) -> str:
    pages = ", ".join(_documents(contracts))
    return (
        f"Made from the contract {contracts[0].api} by order-contracts; the page is {pages}. "
        "Keywords carry the lines that they come from as x-source."
    )
