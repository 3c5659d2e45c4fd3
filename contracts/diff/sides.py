"""One side of a difference: a contract, derived schemas in a folder, or a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contracts.definition import catalogue, loading
from contracts.derive import readings
from contracts.diff.model import Revision
from contracts.errors import UsageError
from contracts.model import Basis, Schema
from contracts.schema.files import read_json
from contracts.schema.jsontext import escape
from contracts.schema.vocabulary import with_parts

PARTS = ("operation", "request", "response")


@dataclass(frozen=True, slots=True)
class Side:
    """An operation, as `contracts derive` prints it, and its bodies: None where none is documented.

    `literal` are both bodies as a page states them, where they are not those of a contract,
    with its readings. A bare page has no others, and a later revision is written with its
    readings only. `refusals` are the answers that a page documents for requests that fail;
    contracts have none.
    """

    revision: Revision
    operation: Mapping[str, Any]
    request: Schema | None
    response: Schema | None
    literal: tuple[Schema | None, Schema | None]
    bare: bool
    refusals: Sequence[Mapping[str, Any]] = ()
    name: str = ""

    @property
    def title(self) -> str:
        """The method and path of the operation."""
        return f"{self.operation['method']} {self.operation['path']}"


def read(text: str) -> Side:
    """Return one operation: that of a text which names one only, else the first."""
    return read_all(text)[0]


def read_all(text: str) -> tuple[Side, ...]:
    """Return every operation that a text names.

    ``komerza@1``, a page or a document of several operations, an API's or a contract's folder,
    or one that `contracts derive --out` wrote. UsageError when the text is none of these.
    """
    path = Path(text)
    if path.is_file():
        derived = [reading.json() for reading in readings(path.read_bytes(), path.name)]
        return tuple(_of_page(text, parts) for parts in derived)
    is_contract = any((path / name).is_file() for name in (catalogue.API, catalogue.CONTRACT))
    if path.is_dir() and not is_contract:
        schemas = path / "schemas"
        return (_of_page(text, _read_parts(schemas if schemas.is_dir() else path)),)
    return tuple(_of_contract(text, name) for name in catalogue.operations(text))


def alike(old: Side, new: Side) -> tuple[Side, Side]:
    """Return both sides as they can be compared: a bare page has no readings."""
    return (_literal(old), _literal(new)) if old.bare != new.bare else (old, new)


def _literal(side: Side) -> Side:
    return replace(side, request=side.literal[0], response=side.literal[1])


def _of_contract(text: str, name: str) -> Side:
    contract = loading.load(name)
    operation = loading.operation(name)
    schemas = catalogue.locate(name) / "schemas"
    request = None if contract.request is None else _promised(contract.request)
    read_so = request, _promised(contract.response)
    parts = _read_parts(schemas) if schemas.is_dir() else None
    literal = (parts["request"], parts["response"]) if parts else read_so
    revision = _revision(text, operation)
    name = contract.operation.name
    return Side(revision, operation, *read_so, literal, bare=False, name=name)


def _of_page(name: str, parts: Mapping[str, Any]) -> Side:
    bodies = (parts["request"], parts["response"])
    operation = parts["operation"]
    revision = _revision(name, operation)
    refusals = parts.get("refusals", ())
    title = operation.get("operation_id", "")
    return Side(revision, operation, *bodies, bodies, bare=True, refusals=refusals, name=title)


def _revision(name: str, operation: Mapping[str, Any]) -> Revision:
    return Revision(name, operation.get("x-document", {}).get("name", ""))


def _promised(schema: Schema) -> Schema:
    """Leave out what rests on a convention: no page promises it."""
    sources = schema.get("x-source", {})
    readings = {key: entry for key, entry in sources.items() if isinstance(entry, Mapping)}
    conventions = {key for key, entry in readings.items() if entry["basis"] == Basis.CONVENTION}
    out = {key: value for key, value in schema.items() if key not in conventions}
    if "required" in out:
        promised = (n for n in out["required"] if f"required/{escape(n)}" not in conventions)
        out["required"] = list(promised)
    return with_parts(out, _promised)


def _read_parts(folder: Path) -> dict[str, Any]:
    parts: dict[str, Any] = dict.fromkeys(PARTS)
    for part in PARTS:
        path = folder / f"{part}.json"
        if not path.is_file():
            continue
        parts[part] = read_json(path)
        if not isinstance(parts[part], dict):
            raise UsageError(f"{path}: expected a JSON object")
    if parts["operation"] is None:
        raise UsageError(f"{folder}: there is neither a contract.toml nor an operation.json")
    return parts
