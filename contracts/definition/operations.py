"""An operation's record, made of what was derived from its page and of contract.toml."""

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from contracts.errors import ContractError
from contracts.model import HeaderParameter, Operation, QueryParameter


def operation_name(layer: Mapping[str, Any], folder: str | None) -> str:
    """Return an operation's name: its folder's, or one made of its method and address.

    ``POST /v1/projects/{projectId}/tickets`` in a folder of its own is ``post-projects-tickets``.
    """
    if folder is not None:
        return folder
    words = re.findall(r"[a-z0-9]+", re.sub(r"\{.*?\}|^/v\d+/", "/", layer["path"]).lower())
    return "-".join([layer["method"].lower(), *words])


def operation_record(
    name: str, layer: dict[str, Any], data: dict[str, Any], *, answers: bool
) -> Operation:
    """Return the record of an operation: its derived `layer`, and `data` of contract.toml."""
    parameters = data.get("parameters", {})
    authorization = layer["authorization"]
    status = layer["success_status"]
    in_query = [name for name, row in parameters.items() if row.get("in") == "query"]
    query = "&".join(f"{name}={{{name}}}" for name in in_query)
    foreign = {name: row.get("foreign_variable") for name, row in parameters.items()}
    credentials = {f"foreign_{name}": text for name, text in foreign.items() if text}
    credential = None
    if authorization:
        credential = f"{authorization['scheme'] or ''} {{token}}".strip()
    chosen = [name for name, row in parameters.items() if row.get("fresh")]
    variables = {n: row.get("variable") for n, row in parameters.items() if n not in chosen}
    if "permission_variable" in data:
        credentials["token_without_permission"] = data["permission_variable"]
    if "foreign_token_variable" in data:
        credentials["other_token"] = data["foreign_token_variable"]
    return Operation(
        name=name,
        method=layer["method"],
        path=layer["path"] + (f"?{query}" if query else ""),
        media_type=layer["media_type"],
        success=status if status is not None and status // 100 == 2 else None,
        production_hosts=tuple(data["production_hosts"]),
        token_variable=data["token_variable"] if authorization else "",
        parameters={name: text for name, text in variables.items() if text is not None},
        linked=tuple(name for name, text in variables.items() if text is None),
        chosen=tuple(chosen),
        query={name: _query_parameter(row) for name, row in data.get("query", {}).items()},
        credentials=credentials,
        live_mode=data.get("live_mode"),
        created=data.get("created"),
        header=authorization["name"] if authorization else "",
        key_in_query=bool(authorization) and authorization["in"] == "query",
        credential=credential,
        answers=answers,
        known=data.get("known", {}),
        headers={name: _header(row) for name, row in data.get("headers", {}).items()},
        body_required=layer["body_required"],
        permission=layer.get("permission"),
        answer_media_type=layer.get("answer_media_type"),
        base_path=_base_path(layer, data["production_hosts"]),
    )


def _base_path(layer: Mapping[str, Any], hosts: Collection[str]) -> str:
    """Return the path of a server that a page names: ``/v2`` of https://api.example.com/v2."""
    servers = layer.get("servers") or [{"url": layer.get("server") or ""}]
    urls = [urlsplit(server["url"]) for server in servers]
    paths = [url.path.rstrip("/") for url in urls if url.hostname in hosts]
    return paths[0] if paths and "{" not in paths[0] else ""


def _header(row: Mapping[str, Any]) -> HeaderParameter:
    """Return the record of a header that requests have: made up, of one value, or a variable's."""
    variable = "" if {"fresh", "value"} & row.keys() else row["variable"]
    return HeaderParameter(variable, row.get("secret", False), row.get("value"))


def _query_parameter(row: Mapping[str, Any]) -> QueryParameter:
    default = row.get("default")
    text = None if default is None else str(default)
    values = tuple(map(str, row["values"]))
    is_required = row.get("required", False)
    if is_required and not values:
        raise ContractError("contract.toml: operation.query: a required parameter has no values")
    return QueryParameter(values, text, is_required, row.get("schema", {}))
