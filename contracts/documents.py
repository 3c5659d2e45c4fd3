"""Contracts, loaded from `apis/<api>/` and checked before anything is sent.

A folder holds `contract.toml`, the schemas as they were derived from the page (`schemas/`), and `overlay.json`
(OpenAPI Overlay 1.0) with what is read between the lines. Every keyword that comes out carries lines of the
document and a basis; whatever does not is a ContractError that names file and place.
"""

from __future__ import annotations

import copy
import hashlib
import json
import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonpath

from contracts import dialect
from contracts.clauses import make_clauses
from contracts.errors import ContractError, UsageError
from contracts.jsontext import escape
from contracts.model import Contract, Operation, Source
from contracts.sources import check_sources

APIS = Path(str(files("contracts"))) / "apis"


def available() -> tuple[str, ...]:
    """Name the APIs whose contracts are shipped, in alphabetical order."""
    return tuple(sorted(folder.parent.name for folder in APIS.glob("*/contract.toml")))


@lru_cache
def load(api: str) -> Contract:
    """Load a shipped contract by its name; UsageError when there is none of that name."""
    if api not in available():
        raise UsageError(f"there is no contract named {api!r}; shipped are: {', '.join(available())}")
    return load_folder(APIS / api)


def load_folder(folder: Path) -> Contract:
    """Load the contract in a folder; ContractError names the file and the place that is wrong."""
    data = _read_toml(folder / "contract.toml")
    document = data["document"]
    source = Source(document["name"], (1, document["lines"]), sha256=document["sha256"])
    layers = {
        name: _read_schema(folder / "schemas" / f"{name}.json", source)
        for name in ("operation", "request", "response")
        if name != "request" or (folder / "schemas" / "request.json").exists()
    }
    schemas = {name: schema for name, schema in layers.items() if name != "operation"}
    if "request" in schemas:
        schemas["plausible"] = copy.deepcopy(schemas["request"])
    schemas = apply_overlay(_read_json(folder / "overlay.json"), schemas, str(folder.name) + "/overlay.json")
    for name, schema in schemas.items():
        dialect.refuse_unknown(schema, f"{folder.name}/{name}")
        check_sources(schema, f"{folder.name}/{name}", source)
    return Contract(
        api=folder.name,
        title=data["title"],
        revision=data["revision"],
        operation=_operation(layers["operation"], data["operation"]),
        documents={document["name"]: document["sha256"]},
        request=schemas.get("request"),
        plausible=schemas.get("plausible"),
        response=schemas["response"],
        clauses=make_clauses(schemas, layers["operation"], data, source),
        open_bodies=data.get("open_bodies", {}),
    )


def check_documents(contract: Contract, folder: Path) -> None:
    """Raise ContractError when a document in `folder` is missing or not the one the contract was derived from."""
    for name, digest in contract.documents.items():
        path = folder / name
        if not path.is_file():
            raise ContractError(f"{contract.api}: the document {name} is not in {folder}")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != digest:
            raise ContractError(
                f"{contract.api}: {path} has changed: sha256 {found}, the contract was derived from {digest}; "
                f"derive the contract again"
            )


def apply_overlay(overlay: dict[str, Any], document: dict[str, Any], name: str) -> dict[str, Any]:
    """Apply an OpenAPI Overlay 1.0 document; give a new document.

    `update` is merged into each node that `target` selects (objects by member, arrays by appending), `remove`
    takes the node away. Keywords that an action sets carry its `x-basis` and its description as the reason.
    """
    result = copy.deepcopy(document)
    for number, action in enumerate(overlay["actions"]):
        matches = list(jsonpath.finditer(action["target"], result))
        if not matches:
            raise ContractError(f"{name}#/actions/{number}: nothing is at {action['target']}")
        for match in matches:
            if action.get("remove"):
                assert match.parent is not None  # noqa: S101 - the root can't be removed
                parent: Any = match.parent.obj
                del parent[match.parts[-1]]
            else:
                node: Any = match.obj
                _merge(node, _stamped(action, node))
    return result


def _stamped(action: dict[str, Any], node: Any) -> dict[str, Any]:
    update: dict[str, Any] = copy.deepcopy(action["update"])
    if "x-basis" not in action:
        return update
    inherited = node.get("x-source", {}).get("type", [1, 1])
    lines = action.get("x-lines", inherited["lines"] if isinstance(inherited, dict) else inherited)
    _stamp(update, {"lines": lines, "basis": action["x-basis"], "why": action["description"]})
    return update


def _stamp(schema: dict[str, Any], source: dict[str, Any]) -> None:
    """Give every keyword of a schema, and of the schemas below it, the same source."""
    assertions = [name for name in schema if name in dialect.ASSERTIONS or name == "additionalProperties"]
    schema["x-source"] = {name: source for name in assertions if name != "required"}
    schema["x-source"].update({f"required/{escape(member)}": source for member in schema.get("required", [])})
    children = [
        *schema.get("properties", {}).values(),
        schema.get("items"),
        schema.get("additionalProperties"),
    ]
    for child in children:
        if isinstance(child, dict):
            _stamp(child, source)


def _merge(target: dict[str, Any], update: dict[str, Any]) -> None:
    for name, value in update.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict) and name != "propertyNames":
            _merge(target[name], value)
        elif isinstance(value, list) and isinstance(target.get(name), list) and name != "lines":
            target[name] = [*target[name], *value]
        else:
            target[name] = value


def _operation(layer: dict[str, Any], data: dict[str, Any]) -> Operation:
    parameters = data.get("parameters", {})
    credentials = {
        f"foreign_{name}": p["foreign_variable"] for name, p in parameters.items() if "foreign_variable" in p
    }
    if "permission_variable" in data:
        credentials["token_without_permission"] = data["permission_variable"]
    return Operation(
        method=layer["method"],
        path=layer["path"],
        media_type=layer["media_type"],
        success=layer["success_status"],
        production_hosts=tuple(data["production_hosts"]),
        token_variable=data["token_variable"],
        parameters={name: parameter["variable"] for name, parameter in parameters.items()},
        credentials=credentials,
        live_mode=data.get("live_mode"),
        created=data["created"],
        tag=data.get("tag"),
    )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ContractError(f"{path}: {error}") from error


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ContractError(f"{path}: {error}") from error
    if not isinstance(value, dict):
        raise ContractError(f"{path}: expected a JSON object")
    return value


def _read_schema(path: Path, document: Source) -> dict[str, Any]:
    schema = _read_json(path)
    found = schema.get("x-document", {})
    if found != {"name": document.document, "sha256": document.sha256}:
        raise ContractError(f"{path}#/x-document: {found} is not the document of contract.toml")
    return schema
