"""Which APIs, operations and revisions there are, and in which folder each of them lies.

A contract's name is ``API``, ``API@REVISION``, ``API/OPERATION`` or
``API@REVISION/OPERATION``. An API's folder holds ``api.toml`` and a folder for each operation;
a folder with a ``contract.toml`` of its own is an API with one operation, which has no name of
its own.
"""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from contracts.definition import keys, project
from contracts.errors import ContractError, UsageError

APIS = Path(str(files("contracts"))) / "apis"
NAME = re.compile(r"[a-z][a-z0-9_-]*")
NAMED = re.compile(r"(?P<api>.+?)(@(?P<revision>\d+))?(/(?P<operation>[a-z][a-z0-9_-]*))?")
API = "api.toml"
CONTRACT = "contract.toml"


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a contract in its parts; without an `operation` the first one is meant."""

    api: str
    revision: int = 1
    operation: str | None = None

    def __str__(self) -> str:
        operation = f"/{self.operation}" if self.operation else ""
        return f"{self.revised_api}{operation}"

    @property
    def revised_api(self) -> str:
        """The API with its revision, as reports have it: ``kohort``, ``kohort@2``."""
        return self.api if self.revision == 1 else f"{self.api}@{self.revision}"


def parse(name: str) -> Name:
    """Return a contract's name in its parts."""
    match = NAMED.fullmatch(name)
    if match is None:
        return Name(name)
    return Name(match["api"], int(match["revision"] or 1), match["operation"])


def available() -> tuple[str, ...]:
    """Return the names of the shipped APIs, each standing for its first revision."""
    return tuple(sorted(path.parent.name for path in APIS.glob(f"*/{API}")))


def shipped() -> tuple[str, ...]:
    """Return the names of the shipped APIs in every revision: ``kohort``, ``kohort@2``."""
    return tuple(name for api in available() for name in _revisions(APIS / api))


def own() -> tuple[str, ...]:
    """Return the names of the project's own APIs, those in its folder of contracts.

    A name that is shipped is that of the shipped one, as in the project that ships them.
    """
    folder = project.contracts_folder()
    names = {path.parent.name for name in (API, CONTRACT) for path in folder.glob(f"*/{name}")}
    return tuple(sorted(names.difference(available())))


def known() -> tuple[str, ...]:
    """Return the names of all APIs: the shipped ones by revision, then the project's own."""
    own_revisions = (name for api in own() for name in _revisions(_api_folder(api)[1]))
    return (*shipped(), *own_revisions)


def shipped_operations() -> tuple[str, ...]:
    """Return the names of all operations of all revisions: ``kohort/create-order``, ..."""
    return tuple(name for api in shipped() for name in operations(api))


def operations(name: str) -> tuple[str, ...]:
    """Return the names of all operations that a name stands for, in the order of their links.

    ``kohort`` gives ``kohort/create-order`` and its neighbours; a name of one operation, or of a
    folder that has only one, gives itself. UsageError when there is no such contract.
    """
    parts, folder = _api_folder(name)
    if parts.operation or not (folder / API).is_file():
        return (canonical(name),)
    return tuple(f"{canonical(name)}/{operation}" for operation in operation_order(folder))


def operation_order(folder: Path) -> tuple[str, ...]:
    """Return the operations that ``api.toml`` in an API's folder names, in their order."""
    names = read_api(folder).get("operations")
    if not isinstance(names, list) or not names:
        what = "operations: expected a list of the folders beside it"
        raise ContractError(f"{folder / API}: {what}")
    for name in names:
        if not isinstance(name, str) or not (folder / name / CONTRACT).is_file():
            raise ContractError(f"{folder / API}: operations: there is no {name!r}/{CONTRACT}")
    return tuple(names)


def read_api(folder: Path) -> dict[str, Any]:
    """Return what ``api.toml`` in a folder says, nothing where there is none."""
    path = folder / API
    return keys.read(path) if path.is_file() else {}


def shipped_folder(name: str) -> Path:
    """Return the folder of a shipped contract's own files, whether it exists or not."""
    parts = parse(name)
    folder = APIS / parts.api
    if (folder / API).is_file():
        folder /= parts.operation or operation_order(folder)[0]
    return folder if parts.revision == 1 else folder / str(parts.revision)


def before(name: str) -> str | None:
    """Return the name of the revision before a later one; None for a first one."""
    parts = parse(name)
    if parts.revision == 1:
        return None
    return str(Name(parts.api, parts.revision - 1, parts.operation))


def canonical(name: str) -> str:
    """Return a name as reports have it: without ``@1``, which goes without saying."""
    return str(parse(name))


def locate(name: str) -> Path:
    """Return the folder of a contract by its name (see above) or path.

    Names are those of the shipped APIs, then those of the project's own contracts (see
    `project`). The revision is the API's: an operation that did not change in it is the one of
    the revision before. UsageError, which lists what there is, when nothing is found.
    """
    parts, folder = _api_folder(name)
    if (folder / API).is_file():
        names = operation_order(folder)
        if parts.operation and parts.operation not in names:
            raise UsageError(
                f"{parts.api} has no operation {parts.operation}; there are: {', '.join(names)}"
            )
        folder /= parts.operation or names[0]
    return in_revision(folder, parts.revision)


def in_revision(folder: Path, revision: int) -> Path:
    """Return the folder of an operation as it is in a revision of its API."""
    for number in range(revision, 1, -1):
        if (folder / str(number) / CONTRACT).is_file():
            return folder / str(number)
    return folder


def first_revision(folder: Path) -> Path:
    """Return the folder of an operation's first revision, which those of later ones are in."""
    place = folder.resolve()
    return place.parent if place.name.isdecimal() else place


def folder_name(folder: Path) -> tuple[Name, bool]:
    """Return the name of the contract in a folder, and whether its API has several operations.

    ContractError when it could not stand in reports and file names.
    """
    first = first_revision(folder)
    revision = int(folder.resolve().name) if first != folder.resolve() else 1
    operation, folder = None, first
    if (folder.parent / API).is_file():
        operation = folder.name
        folder = folder.parent
    for name in filter(None, (folder.name, operation)):
        if not NAME.fullmatch(name):
            raise ContractError(
                f"{folder}: {name!r} can't name an API: lower-case letters, then also digits, "
                "- and _"
            )
    return Name(folder.name, revision, operation), operation is not None


def _api_folder(name: str) -> tuple[Name, Path]:
    """Return a name in its parts and the folder of its API, or of its only operation.

    UsageError when there is none, or when the API has no such revision.
    """
    for parts in (parse(name), Name(name)):
        places = [Path(parts.api)]
        if NAME.fullmatch(parts.api):
            places = [APIS / parts.api, project.contracts_folder() / parts.api, *places]
        for place in places:
            alone = (place / CONTRACT).is_file() and not parts.operation
            if alone or (place / API).is_file():
                _check_revision(parts, place)
                return parts, place
    names = ", ".join(known())
    raise UsageError(
        f"there is no contract named {parse(name).api!r}; there are: {names}; "
        "or give the path of a folder"
    )


def _check_revision(parts: Name, folder: Path) -> None:
    revisions = _revisions(folder)
    if parts.revision != 1 and f"{folder.name}@{parts.revision}" not in revisions:
        raise UsageError(
            f"{parts.api} has no revision {parts.revision}; there are: {', '.join(revisions)}"
        )


def _revisions(folder: Path) -> list[str]:
    """Return the revisions of an API, the first of them by the API's name alone."""
    paths = [*folder.glob(f"[0-9]*/{CONTRACT}"), *folder.glob(f"*/[0-9]*/{CONTRACT}")]
    numbers = sorted({int(path.parent.name) for path in paths if path.parent.name.isdecimal()})
    return [folder.name, *(f"{folder.name}@{number}" for number in numbers)]
