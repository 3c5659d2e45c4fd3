"""Which contracts there are.

Those that are shipped, their revisions, and those of the working directory.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from contracts.errors import ContractError, UsageError

APIS = Path(str(files("contracts"))) / "apis"
LOCAL = Path("contracts", "apis")  # of the working directory: contracts of further operations
NAME = re.compile(r"[a-z][a-z0-9_-]*")
REVISED = re.compile(r"(?P<api>.+)@(?P<revision>\d+)")


def available() -> tuple[str, ...]:
    """Name the APIs whose contracts are shipped, in alphabetical order.

    A name stands for the first revision.
    """
    return tuple(sorted(folder.parent.name for folder in APIS.glob("*/contract.toml")))


def shipped() -> tuple[str, ...]:
    """Name every revision of every shipped contract: ``kohort``, ``kohort@2`` and so on."""
    return tuple(name for api in available() for name in _revisions(APIS / api))


def shipped_folder(name: str) -> Path:
    """Give the folder in which a shipped revision's own files are, whether it exists or not."""
    return APIS / canonical(name).replace("@", "/")


def before(name: str) -> str | None:
    """Name the revision before a later one; None for a first one."""
    revised = REVISED.fullmatch(canonical(name))
    return canonical(f"{revised['api']}@{int(revised['revision']) - 1}") if revised else None


def canonical(name: str) -> str:
    """Give a name as reports have it: without ``@1``, which is what a name alone stands for."""
    return name.removesuffix("@1")


def locate(name: str) -> Path:
    """Find the folder of a contract by name (``komerza``), name and revision (``komerza@2``).

    Or path.

    Names are those of the shipped contracts, then those of the folders in ``contracts/apis`` of the
    working directory. UsageError, which lists what there is, when nothing is found.
    """
    revised = REVISED.fullmatch(name)
    api, revision = (revised["api"], revised["revision"]) if revised else (name, "1")
    places = (*([APIS / api, LOCAL / api] if NAME.fullmatch(api) else ()), Path(api))
    first = next((place for place in places if (place / "contract.toml").is_file()), None)
    if first is None:
        local = sorted(folder.parent.name for folder in LOCAL.glob("*/contract.toml"))
        names = ", ".join(dict.fromkeys([*shipped(), *local]))
        raise UsageError(
            f"there is no contract named {api!r}; there are: {names}; or give the path of a folder"
        )
    found: Path = first if revision == "1" else first / revision
    if not (found / "contract.toml").is_file():
        raise UsageError(
            f"{api} has no revision {revision}; there are: {', '.join(_revisions(first))}"
        )
    return found


def _revisions(folder: Path) -> list[str]:
    """Name the revisions that an API's folder holds, the first of them by the API's name alone."""
    numbers = sorted(int(path.parent.name) for path in folder.glob("[0-9]*/contract.toml"))
    return [folder.name, *(f"{folder.name}@{number}" for number in numbers)]


def contract_name(folder: Path) -> str:
    """Give the name of a contract by its folder.

    ContractError when it could not stand in reports and file names.
    """
    folder = folder.resolve()
    later = folder.name.isdecimal()
    api = folder.parent.name if later else folder.name
    if not NAME.fullmatch(api):
        raise ContractError(
            f"{folder}: {api!r} can't name an API: lower-case letters, then also digits, - and _"
        )
    return f"{api}@{folder.name}" if later else api
