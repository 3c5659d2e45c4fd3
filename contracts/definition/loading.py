"""Contracts, found by name, revision or folder, and checked before anything is sent.

An operation's folder holds `contract.toml`, the schemas as they were derived from the page
(`schemas/`), and `overlay.json` (OpenAPI Overlay 1.0) with what is read between the lines;
what all operations of an API share stands in `api.toml` above it. A later revision is a folder
in it that is named by its number (`<operation>/2/`): its overlay.json and contract.toml say
what changed, on top of the revision before, and cite the document that says so. Every keyword
that comes out carries lines of a document and a basis; whatever does not is a ContractError
that names file and place.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from contracts.definition import catalogue, overlay
from contracts.definition.citations import check_sources
from contracts.definition.clauses import make_clauses
from contracts.definition.layers import read
from contracts.definition.links import read_links, read_take_backs
from contracts.errors import ContractError
from contracts.model import Contract, HeaderParameter, Link, Operation, QueryParameter, Schema
from contracts.schema import vocabulary
from contracts.schema.keywords import child, path_of


def load(name: str) -> Contract:
    """Return a contract by its name, revision or folder (see `catalogue.locate`).

    An API's name stands for the first of its operations. UsageError when there is none.
    """
    folder = catalogue.locate(name)
    shipped = folder.is_relative_to(catalogue.APIS)
    revision = catalogue.parse(name).revision
    return _load_shipped(folder, revision) if shipped else load_folder(folder, revision)


def load_all(name: str) -> tuple[Contract, ...]:
    """Return the contracts of all operations that a name stands for, in their order."""
    return tuple(load(operation) for operation in catalogue.operations(name))


def load_folder(folder: Path, revision: int = 1) -> Contract:
    """Return the contract in a folder: an operation's, or an API's with its first operation.

    `revision` is that of the API, in which the operation may be as it was before.
    ContractError names the file and the place that is wrong.
    """
    if (folder / catalogue.API).is_file():
        folder /= catalogue.operation_order(folder)[0]
    name, several = catalogue.folder_name(folder)
    name = replace(name, revision=max(name.revision, revision))
    contract = _load(folder, name.revision)
    return _with_others(contract, folder, name) if several else contract


_load_shipped = lru_cache(load_folder)


def _with_others(contract: Contract, folder: Path, name: catalogue.Name) -> Contract:
    """Return a contract that knows the other operations of its API and their links."""
    api_folder = catalogue.first_revision(folder).parent
    api_links = read_links(api_folder)
    others = {
        operation: replace(_load_operation(api_folder / operation, name.revision), links=api_links)
        for operation in catalogue.operation_order(api_folder)
        if operation != contract.operation.name
    }
    family = {**others, contract.operation.name: contract}
    _refuse_idle(api_links, family, f"{api_folder / catalogue.API}: links")
    taken_back = read_take_backs(api_folder)
    return replace(contract, others=others, links=api_links, take_backs=taken_back)


def _refuse_idle(links: Iterable[Link], operations: Mapping[str, Contract], place: str) -> None:
    """Raise ContractError for a link from a member, or to a path parameter, that is not there."""
    for link in links:
        _refuse_absent(operations[link.source].response, link.pointer, f"{place}: {link.source}")
        path = operations[link.target].operation.path
        if link.place == "path" and f"{{{link.name}}}" not in path:
            raise ContractError(f"{place}: {path} of {link.target} has no {{{link.name}}}")


def _refuse_absent(response: Schema, pointer: str, place: str) -> None:
    """Raise ContractError for a pointer to a member that an answer does not have by its schema."""
    schema: Schema | None = response
    for name in path_of(pointer):
        above, schema = schema or {}, child(schema or {}, name)
        if schema is None and "properties" in above and "additionalProperties" not in above:
            raise ContractError(f"{place}: the answer has no {pointer}")


def _load_operation(folder: Path, revision: int) -> Contract:
    """Return an operation, in the folder of its first revision, as it is in one of its API."""
    return _load(catalogue.in_revision(folder, revision), revision)


def operation(name: str) -> Mapping[str, Any]:
    """Return a contract's operation as `contracts derive` prints it, with its overlays.

    The contract is named as for `load`; its keywords have their lines, and documents, in
    ``x-source``.
    """
    folder = catalogue.locate(name)
    schema: Mapping[str, Any] = read(folder).schemas["operation"]
    return schema


def _load(folder: Path, revision: int) -> Contract:
    """Return an operation as its API's files say it; what did not change is not read again.

    The operations of an API name each other, so that each is asked for several times.
    """
    first = catalogue.first_revision(folder)
    has_api = (first.parent / catalogue.API).is_file()
    return _loaded(folder, revision, _stamps(first.parent if has_api else first))


Stamp = tuple[Path, int, int]  # a file, when it was written, and its length


def _stamps(folder: Path) -> tuple[Stamp, ...]:
    """Return what tells whether a file in a folder has changed."""
    read = (path for path in folder.rglob("*") if path.suffix in (".json", ".toml"))
    files = ((path, path.stat()) for path in read if path.is_file())
    return tuple(sorted((path, stat.st_mtime_ns, stat.st_size) for path, stat in files))


@lru_cache(maxsize=64)
def _loaded(folder: Path, revision: int, _: tuple[Stamp, ...]) -> Contract:
    try:
        return _read(folder, revision)
    except KeyError as error:
        raise ContractError(f"{folder / 'contract.toml'}: {error.args[0]} is missing") from error
    except ContractError as error:
        if str(folder) in str(error):
            raise
        raise ContractError(f"{folder}: {error}") from error


def _read(folder: Path, revision: int) -> Contract:
    """Read a contract; ContractError for a keyword that lacks a source, or that nothing checks."""
    known_as, several = catalogue.folder_name(folder)
    known_as = replace(known_as, revision=max(known_as.revision, revision))
    api = str(known_as)
    layers = read(folder)
    schemas = {
        name: overlay.resolve(schema, lambda other: _response(folder, other, revision))
        for name, schema in layers.schemas.items()
        if name != "operation"
    }
    for name, schema in schemas.items():
        vocabulary.refuse_unknown(schema, f"{api}/{name}")
        check_sources(schema, f"{api}/{name}", layers.documents)
    operation = layers.schemas["operation"]
    for key in ("created", "live_mode"):
        pointer = layers.data["operation"].get(key, "")
        _refuse_absent(schemas.get("response", {}), pointer, f"operation.{key}")
    return Contract(
        api=known_as.revised_api,
        several=several,
        title=layers.data["title"],
        revision=layers.data["revision"],
        operation=_operation(
            operation_name(operation, known_as.operation),
            operation,
            layers.data["operation"],
            answers="response" in schemas,
        ),
        documents={source.document: str(source.sha256) for source in layers.documents},
        request=schemas.get("request"),
        plausible=schemas.get("plausible"),
        response=schemas.get("response", {}),
        clauses=make_clauses(schemas, operation, layers.data, layers.documents),
        open_bodies=layers.data.get("open_bodies", {}),
        addresses={
            source.document: source.address for source in layers.documents if source.address
        },
        unread=layers.data.get("unread"),
    )


def _response(folder: Path, operation: str, revision: int) -> Schema:
    """Return the schema of another operation's answers, in a revision of the API."""
    other = catalogue.first_revision(folder).parent / operation
    if not (other / catalogue.CONTRACT).is_file():
        raise ContractError(f"{folder}: x-same-as: there is no operation {operation!r}")
    return _load_operation(other, revision).response


def check_documents(contract: Contract, folder: Path) -> None:
    """Raise ContractError for a document that `folder` lacks or has otherwise."""
    for name, digest in contract.documents.items():
        path = folder / name
        if not path.is_file():
            raise ContractError(f"{contract.api}: the document {name} is not in {folder}")
        actual = hashlib.sha256(path.read_bytes()).hexdigest()
        if actual != digest:
            raise ContractError(
                f"{contract.api}: {path} has changed: sha256 {actual}, the contract was derived "
                f"from {digest}; derive the contract again"
            )


def operation_name(layer: Mapping[str, Any], folder: str | None) -> str:
    """Return an operation's name: its folder's, or one made of its method and address.

    ``POST /v1/projects/{projectId}/tickets`` in a folder of its own is ``post-projects-tickets``.
    """
    if folder is not None:
        return folder
    words = re.findall(r"[a-z0-9]+", re.sub(r"\{.*?\}|^/v\d+/", "/", layer["path"]).lower())
    return "-".join([layer["method"].lower(), *words])


def _operation(
    name: str, layer: dict[str, Any], data: dict[str, Any], *, answers: bool
) -> Operation:
    """Return the record of an operation: its derived `layer`, and `data` of contract.toml."""
    parameters = data.get("parameters", {})
    authorization, status = layer["authorization"], layer["success_status"]
    in_query = [name for name, row in parameters.items() if row.get("in") == "query"]
    query = "&".join(f"{name}={{{name}}}" for name in in_query)
    foreign = {name: row.get("foreign_variable") for name, row in parameters.items()}
    credentials = {f"foreign_{name}": text for name, text in foreign.items() if text}
    credential = None
    if authorization:
        credential = f"{authorization['scheme'] or ''} {{token}}".strip()
    variables = {name: row.get("variable") for name, row in parameters.items()}
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
        query={name: _query_parameter(row) for name, row in data.get("query", {}).items()},
        credentials=credentials,
        live_mode=data.get("live_mode"),
        created=data.get("created"),
        header=authorization["name"] if authorization else "",
        key_in_query=bool(authorization) and authorization["in"] == "query",
        credential=credential,
        answers=answers,
        known=data.get("known", {}),
        headers={
            name: HeaderParameter(
                "" if {"fresh", "value"} & row.keys() else row["variable"],
                row.get("secret", False),
                row.get("value"),
            )
            for name, row in data.get("headers", {}).items()
        },
        body_required=layer.get("body_required", True),
        permission=layer.get("permission"),
        answer_media_type=layer.get("answer_media_type"),
    )


def _query_parameter(row: Mapping[str, Any]) -> QueryParameter:
    default = row.get("default")
    text = None if default is None else str(default)
    values, is_required = tuple(map(str, row["values"])), row.get("required", False)
    if is_required and not values:
        raise ContractError("contract.toml: operation.query: a required parameter has no values")
    return QueryParameter(values, text, is_required, row.get("schema", {}))
