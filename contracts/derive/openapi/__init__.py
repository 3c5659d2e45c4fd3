"""OpenAPI 2.0, 3.0, 3.1 and 3.2 in JSON or YAML, whole documents and excerpts."""

from __future__ import annotations

from dataclasses import replace

from contracts.derive.model import Derived, Notes
from contracts.derive.openapi.document import load
from contracts.derive.openapi.operations import operations_of
from contracts.errors import UsageError

__all__ = ["read"]


def read(raw: bytes, name: str, *, descriptions: bool = False) -> tuple[Derived, ...]:
    """Return a record of each operation of an OpenAPI document, every fact with its lines.

    An excerpt may begin at `paths:` or at one path. What is not understood is noted with its line;
    nothing is fetched. UsageError when the file is no such document, or describes no operation.
    With `descriptions` the sentences of the document come along as facts.
    """
    document = load(raw, name)
    lost = Notes()
    try:
        operations = tuple(operations_of(document, lost, descriptions=descriptions))
    except RecursionError as error:
        raise UsageError(f"{name}: its schemas are nested too deep") from error
    if not operations:
        reason = f": line {lost[0].line}, {lost[0].text}" if lost else ""
        raise UsageError(
            f"{name} is an OpenAPI document without an operation that could be read{reason}"
        )
    return tuple(replace(operation, notes=(*lost, *operation.notes)) for operation in operations)
