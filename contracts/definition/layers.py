"""What the files of an operation's folder say, on top of others.

Derived schemas first, then overlay.json and contract.toml; a later revision on the one before.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.definition import catalogue, keys, overlay
from contracts.errors import ContractError, UsageError
from contracts.model import Source
from contracts.schema import files


@dataclass(frozen=True, slots=True)
class Layers:
    """The contract.toml, schemas and documents of a folder and of those that it builds on."""

    data: Mapping[str, Any]
    schemas: Mapping[str, Any]  # operation, request, plausible, response
    documents: tuple[Source, ...]  # the page first


def read(folder: Path) -> Layers:
    """Read the layers of an operation's folder; one named by a number is a later revision."""
    return _later(folder) if folder.resolve().name.isdecimal() else _first(folder)


def _first(folder: Path) -> Layers:
    """Read a first revision: derived schemas, and what is read between the lines."""
    data = _read_toml(folder / "contract.toml")
    source = _document(data)
    shared = catalogue.read_api(folder.parent)
    data["operation"] = _with_shared(data.get("operation", {}), shared)
    # a page without a request body, and one whose success has none, which contract.toml has to say
    answers = data["operation"].get("answers", True)
    optional = {"request"} if answers else {"request", "response"}
    schemas = {
        name: _read_schema(folder / "schemas" / f"{name}.json", source)
        for name in ("operation", "request", "response")
        if name not in optional or (folder / "schemas" / f"{name}.json").exists()
    }
    if "request" in schemas:
        schemas["plausible"] = copy.deepcopy(schemas["request"])
    # a body without a word on which are plausible would be a page taken literally, unnoticed
    if "request" in schemas or (folder / "overlay.json").is_file():
        changes = _read_json(folder / "overlay.json")
        schemas = overlay.apply(changes, schemas, f"{folder.name}/overlay.json")
    return Layers(data, schemas, (source,))


def _later(folder: Path) -> Layers:
    """Read a later revision: the one before, with what its own files change.

    Relations of the same id take the place of earlier ones; ``drops`` names those that hold no
    more.
    """
    number = int(folder.resolve().name)
    before = read(folder.parent if number == 2 else folder.parent / str(number - 1))
    data = _read_toml(folder / "contract.toml")
    if data["revision"] != number:
        words = f"revision is {data['revision']} in the folder of {number}"
        raise ContractError(f"{folder / 'contract.toml'}: {words}")
    source = _document(data)
    own = [{"document": source.document, **row} for row in data.get("relations", [])]
    earlier_ids = {row["id"] for row in before.data.get("relations", [])}
    if unknown := [name for name in data.get("drops", []) if name not in earlier_ids]:
        what = f"drops: there is no {unknown[0]} in the revision before"
        raise ContractError(f"{folder / 'contract.toml'}: {what}")
    replaced = {*data.get("drops", []), *(row["id"] for row in own)}
    remaining = [row for row in before.data.get("relations", []) if row["id"] not in replaced]
    merged = {**before.data, **data, "relations": [*remaining, *own]}
    merged["operation"] = {**before.data["operation"], **data.get("operation", {})}
    place = f"{folder.parent.name}/{folder.name}/overlay.json"
    changes = _read_json(folder / "overlay.json")
    schemas = overlay.apply(changes, before.schemas, place, source.document)
    return Layers(merged, schemas, (*before.documents, source))


SHARED = ("production_hosts", "token_variable", "foreign_token_variable", "known")


def _with_shared(operation: dict[str, Any], api: Mapping[str, Any]) -> dict[str, Any]:
    """Return an operation's surroundings with what all operations of its API share.

    An operation has the parameters that it names itself: their lines stand there, where their
    values come from stands in api.toml.
    """
    shared = {name: api[name] for name in SHARED if name in api}
    parameters = {
        name: {**api.get("parameters", {}).get(name, {}), **own}
        for name, own in operation.get("parameters", {}).items()
    }
    return {**shared, **operation, **({"parameters": parameters} if parameters else {})}


def _document(data: Mapping[str, Any]) -> Source:
    document = data["document"]
    return Source(
        document["name"],
        (1, document["lines"]),
        sha256=document["sha256"],
        address=document.get("address"),
    )


def _read_toml(path: Path) -> dict[str, Any]:
    """Return contract.toml with a relation for each member that a row names in ``each``."""
    data = keys.read(path)
    relations = [row for written in data.get("relations", []) for row in _each(written)]
    return {**data, "relations": relations} if relations else data


def _each(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows that a row stands for: itself, or one for each member of its ``each``."""
    if "each" not in row:
        yield row
        return
    shared = {key: value for key, value in row.items() if key != "each"}
    for member, own in row["each"].items():
        filled = {
            key: value.replace("{member}", member) if isinstance(value, str) else value
            for key, value in shared.items()
        }
        yield {**filled, **own}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = files.read_json(path)
    except UsageError as error:
        raise ContractError(str(error)) from error
    if not isinstance(value, dict):
        raise ContractError(f"{path}: expected a JSON object")
    return value


def _read_schema(path: Path, document: Source) -> dict[str, Any]:
    schema = _read_json(path)
    named = schema.get("x-document", {})
    if named != {"name": document.document, "sha256": document.sha256}:
        what = f"{named} is not the document of contract.toml"
        raise ContractError(f"{path}#/x-document: {what}")
    return schema
