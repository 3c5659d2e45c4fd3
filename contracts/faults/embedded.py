"""The embedded sandbox of a contract's API: its own module, or the generic one.

The generic one is told of the API as plain data, so that server and judge share no code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from contracts import clause_ids, sandbox
from contracts.model import Contract, Link, Operation, TakeBack
from contracts.sandbox import WsgiApp

# what the generic sandbox is told of an operation
DESCRIBED = (
    *("name", "method", "path", "success", "answers", "created"),
    *("header", "key_in_query", "credential", "permission", "body_required"),
)


def create_app(
    contract: Contract,
    lacks: frozenset[str] = frozenset(),
    schemas: Mapping[str, Any] = MappingProxyType({}),
) -> WsgiApp:
    """Make the embedded sandbox of an API with a fresh state.

    `schemas` are those that bodies are refused by, by operation, where they are not the
    contract's.
    """
    if has_module(contract):
        schema = next(iter(schemas.values()), contract.refuses_by)
        return sandbox.create_app(contract.api, schema, lacks)
    from contracts.sandbox import generic  # noqa: PLC0415 - loads Flask, which few runs need

    return generic.create_app(_described(contract, schemas), lacks)


def has_module(contract: Contract) -> bool:
    """Whether an API has a sandbox of its own, and not the generic one."""
    return contract.api in sandbox.APPS


def environment(contract: Contract) -> Mapping[str, str]:
    """Return the variables for the embedded sandbox, such as its token, by their names."""
    if has_module(contract):
        return sandbox.environment(contract.api)
    values: dict[str, str] = {}
    for each in contract.family:
        operation = each.operation
        further = operation.credentials
        tokens = {
            operation.token_variable: sandbox.TOKEN,
            further.get("other_token"): sandbox.OTHER_TOKEN,
            further.get("token_without_permission"): sandbox.TOKEN_WITHOUT_PERMISSION,
        }
        values |= {name: token for name, token in tokens.items() if name}
        values |= {v: _value(each, name) for name, v in operation.parameters.items()}
        values |= {h.variable: "sandbox" for h in operation.headers.values() if h.variable}
    return values


def _value(contract: Contract, name: str) -> str:
    """Return what a path parameter names that nothing hands out."""
    is_uuid = clause_ids.malformed(name) in contract.clause_ids
    return sandbox.STORE if is_uuid else "1"


def _described(contract: Contract, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Return an API as plain data (see `contracts.sandbox.generic`)."""
    rows = [_row(each, schemas.get(each.operation.name, each.request)) for each in contract.family]
    rows += [_taking_back(contract, row) for row in contract.take_backs]
    values = {
        name: _value(each, name) for each in contract.family for name in each.operation.parameters
    }
    links = [asdict(link) for link in contract.links]
    for row in contract.take_backs:
        link = Link(row.source, row.pointer, f"{row.method} {row.path}", "path", row.parameter)
        links.append(asdict(link))
    return {"operations": rows, "links": links, "values": values}


def _taking_back(contract: Contract, row: TakeBack) -> dict[str, Any]:
    """Return the operation that takes back what another one created."""
    source = next(each for each in contract.family if each.operation.name == row.source)
    own = {"name": f"{row.method} {row.path}", "method": row.method, "path": row.path}
    nothing = {"success": 204, "answers": False, "created": None, "request": None}
    return {**_row(source, None), **own, **nothing, "response": {}, "relations": []}


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    """Yield the parameters in query and headers: name, place, schema, and whether required."""
    for name, each in operation.query.items():
        yield {"in": "query", "name": name, "schema": each.schema, "required": each.required}
    for name in operation.headers:
        yield {"in": "header", "name": name, "schema": {}, "required": True}


def _row(contract: Contract, schema: Any) -> dict[str, Any]:
    return {
        **{name: getattr(contract.operation, name) for name in DESCRIBED},
        "media_type": contract.operation.answered_media_type,
        "request": schema,
        "parameters": [*_parameters(contract.operation)],
        "response": contract.response,
        "relations": [dict(clause.arguments) for clause in contract.relations],
    }
