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

from contracts import dialect, overlay
from contracts.clauses import make_clauses
from contracts.errors import ContractError, UsageError
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
    try:
        return _load(folder)
    except KeyError as error:
        raise ContractError(f"{folder / 'contract.toml'}: {error.args[0]} is missing") from error


def _load(folder: Path) -> Contract:
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
    schemas = overlay.apply(_read_json(folder / "overlay.json"), schemas, str(folder.name) + "/overlay.json")
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
