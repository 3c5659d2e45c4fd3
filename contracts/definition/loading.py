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
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from contracts.definition import catalogue, operations, overlay
from contracts.definition.citations import check_sources
from contracts.definition.clauses import make_clauses
from contracts.definition.layers import read
from contracts.definition.links import read_links, read_take_backs
from contracts.errors import ContractError
from contracts.model import Contract, Link, Others, Schema
from contracts.schema import vocabulary
from contracts.schema.keywords import child, path_of


def load(name: str) -> Contract:
    """Return a contract by its name, revision or folder (see `catalogue.locate`).

    An API's name stands for the first of its operations. UsageError when there is none.
    """
    return load_folder(catalogue.locate(name), catalogue.parse(name).revision)


def load_all(name: str) -> tuple[Contract, ...]:
    """Return the contracts of all operations that a name stands for, in their order."""
    operations = catalogue.operations(name)
    if len(operations) == 1:
        return (load(operations[0]),)
    return tuple(_family(catalogue.locate(name), catalogue.parse(name).revision).values())


def load_folder(folder: Path, revision: int = 1) -> Contract:
    """Return the contract in a folder: an operation's, or an API's with its first operation.

    `revision` is that of the API, in which the operation may be as it was before.
    ContractError names the file and the place that is wrong.
    """
    if (folder / catalogue.API).is_file():
        folder /= catalogue.operation_order(folder)[0]
    family = _family(folder, revision)
    first = catalogue.first_revision(folder)
    if first.name not in family:
        what = f"operations: {first.name!r} is not among them"
        raise ContractError(f"{first.parent / catalogue.API}: {what}")
    return family[first.name]


def _family(folder: Path, revision: int) -> Mapping[str, Contract]:
    """Return the contracts of an API by the folders of its operations, one of which is given."""
    name, several = catalogue.folder_name(folder)
    first = catalogue.first_revision(folder)
    place = first.parent if several else first
    stamps = () if folder.is_relative_to(catalogue.APIS) else _stamps(place)
    return _read_family(place, max(name.revision, revision), stamps)


Stamp = tuple[Path, int, int]  # a file, when it was written, and its length


def _stamps(folder: Path) -> tuple[Stamp, ...]:
    """Return what tells whether a file in a folder has changed."""
    read = (path for path in folder.rglob("*") if path.suffix in (".json", ".toml"))
    files = ((path, path.stat()) for path in read if path.is_file())
    return tuple(sorted((path, stat.st_mtime_ns, stat.st_size) for path, stat in files))


@lru_cache(maxsize=32)
def _read_family(place: Path, revision: int, _: tuple[Stamp, ...]) -> Mapping[str, Contract]:
    """Read all operations of an API, each of which knows the others and their links.

    `place` is the API's folder, or that of an operation which is an API of its own.
    """
    folders = {place.name: place}
    if (place / catalogue.API).is_file():
        folders = {name: place / name for name in catalogue.operation_order(place)}
    links = read_links(place)
    take_backs = read_take_backs(place)

    @cache  # since operations take parts of each other's answers
    def operation(name: str) -> Contract:
        return _read_operation(folders[name], revision, response)

    def response(name: str) -> Schema:
        if name not in folders:
            raise ContractError(f"x-same-as: there is no operation {name!r}")
        return operation(name).response

    contracts = {
        name: replace(operation(name), links=links, take_backs=take_backs) for name in folders
    }
    _refuse_idle(links, contracts, f"{place / catalogue.API}: links")
    return {
        name: replace(contract, others=Others(contracts, name))
        for name, contract in contracts.items()
    }


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
        above = schema or {}
        schema = child(schema or {}, name)
        if schema is None and "properties" in above and "additionalProperties" not in above:
            raise ContractError(f"{place}: the answer has no {pointer}")


def operation(name: str) -> Mapping[str, Any]:
    """Return a contract's operation as `contracts derive` prints it, with its overlays.

    The contract is named as for `load`; its keywords have their lines, and documents, in
    ``x-source``.
    """
    folder = catalogue.locate(name)
    schema: Mapping[str, Any] = read(folder).schemas["operation"]
    return schema


def _read_operation(place: Path, revision: int, response: Callable[[str], Schema]) -> Contract:
    """Return an operation, in the folder of its first revision, as it is in one of its API.

    `response` gives the schema of another operation's answers. ContractError names the place.
    """
    folder = catalogue.in_revision(place, revision)
    try:
        return _read(folder, revision, response)
    except KeyError as error:
        raise ContractError(f"{folder / 'contract.toml'}: {error.args[0]} is missing") from error
    except ContractError as error:
        if str(folder) in str(error):
            raise
        raise ContractError(f"{folder}: {error}") from error


def _read(folder: Path, revision: int, response: Callable[[str], Schema]) -> Contract:
    """Read a contract; ContractError for a keyword that lacks a source, or that nothing checks."""
    known_as, several = catalogue.folder_name(folder)
    known_as = replace(known_as, revision=max(known_as.revision, revision))
    api = str(known_as)
    layers = read(folder)
    schemas = {
        name: overlay.resolve(schema, response)
        for name, schema in layers.schemas.items()
        if name != "operation"
    }
    for name, schema in schemas.items():
        vocabulary.refuse_unknown(schema, f"{api}/{name}")
        check_sources(schema, f"{api}/{name}", layers.documents)
    # a body in which nothing is required may be left out, unless the page says otherwise
    needed = {"required", "minProperties", "items"} & schemas.get(
        "request", {"required": []}
    ).keys()
    operation = {"body_required": bool(needed), **layers.schemas["operation"]}
    for key in ("created", "live_mode"):
        pointer = layers.data["operation"].get(key, "")
        _refuse_absent(schemas.get("response", {}), pointer, f"operation.{key}")
    return Contract(
        api=known_as.revised_api,
        several=several,
        title=layers.data["title"],
        revision=layers.data["revision"],
        operation=operations.operation_record(
            operations.operation_name(operation, known_as.operation),
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
