"""The configuration file of a project: where it lies, and where the project's contracts are.

``order-contracts.toml``, or the table ``[tool.order-contracts]`` of a pyproject.toml, in the
working directory or the nearest folder above it that has one.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.errors import UsageError
from contracts.schema.files import read_toml

FILE = "order-contracts.toml"
PYPROJECT = "pyproject.toml"
TABLE = "order-contracts"  # below [tool]
CONTRACTS = "contracts"  # the key that names the folder of the project's own contracts
USUAL_FOLDER = Path("contracts", "apis")


def find() -> Path | None:
    """Return the configuration file, relative to the working directory; None without one."""
    try:
        here = Path.cwd()
    except FileNotFoundError:  # the folder was deleted
        return None
    for folder in (here, *here.parents):
        own = folder / FILE
        shared = folder / PYPROJECT
        if own.is_file():
            return Path(os.path.relpath(own))
        if shared.is_file() and TABLE in read_toml(shared).get("tool", {}):
            return Path(os.path.relpath(shared))
    return None


def read(path: Path) -> dict[str, Any]:
    """Return the tables of a configuration file; UsageError says what is wrong with it."""
    data = read_toml(path)
    if path.name == PYPROJECT:
        data = data.get("tool", {}).get(TABLE, {})
    if not isinstance(data, dict):
        raise UsageError(f"{path}: tool.{TABLE}: expected a table, got {data!r}")
    return data


def contracts_folder() -> Path:
    """Return the folder of the project's own contracts, ``contracts/apis`` as a rule.

    It is relative to the file, and to the working directory where there is no file.
    """
    path = find()
    return folder_of(path, read(path)) if path else USUAL_FOLDER


def folder_of(path: Path, data: Mapping[str, Any]) -> Path:
    """Return the folder of the project's own contracts as a file with `data` names it."""
    folder = data.get(CONTRACTS, str(USUAL_FOLDER))
    if not isinstance(folder, str) or not folder:
        raise UsageError(f"{path}: {CONTRACTS}: expected the path of a folder, got {folder!r}")
    return path.parent / folder
