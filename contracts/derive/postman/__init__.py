"""Postman collections of the formats 2.0 and 2.1: `read(raw, name)`."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.derive.exchanges import Call, operations_of
from contracts.derive.marked import Array, Object, Part, read_marked
from contracts.derive.model import Derived
from contracts.derive.postman.addresses import Variables
from contracts.derive.postman.requests import Credentials, call_of, credentials_of
from contracts.errors import UsageError

__all__ = ["read"]


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return a record of each operation of a collection.

    Requests with one method and path are one operation.

    Saved answers tell what is answered. Types are guesses, marked by `x-guessed`. UsageError when
    the file is no such collection, or holds no request.
    """
    root, _ = read_marked(raw, name)
    collection = root.get("collection") or root
    if collection.get("item") is None:
        raise UsageError(
            f"{name} is no Postman collection of the format 2.0 or 2.1{_instead(collection)}"
        )
    variables = Variables.of(collection)
    auth = credentials_of(collection.get("auth"), Credentials())
    operations = operations_of(_calls(collection, auth, variables))
    if not operations:
        raise UsageError(f"{name} is a Postman collection without a request")
    return operations


def _instead(collection: Part) -> str:
    if isinstance(collection.value, Object) and {"requests", "order"} <= collection.value.keys():
        return ": it has the format 1; export it as Collection v2.1"
    if collection.get("values") is not None:
        return ": it is an environment; export the collection"
    return ""


def _calls(folder: Part, auth: Credentials, variables: Variables) -> Iterator[Call]:
    """Yield the requests of a folder and its folders, each with the credentials it inherits."""
    items = folder.get("item")
    for item in items.elements() if items is not None else ():
        if isinstance(item.value, Object) and isinstance(item.value.get("item"), Array):
            yield from _calls(
                item, credentials_of(item.get("auth"), auth), variables.with_those_of(item)
            )
            continue
        request = item.get("request")
        if request is not None and isinstance(request.value, str | Object):
            own = credentials_of(request.get("auth"), auth)
            call = call_of(request, item.get("response"), own, variables)
            if call is not None:
                yield call
