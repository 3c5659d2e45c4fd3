"""The keys that the files of an API's folder may have: rows of `apis/keys.toml`."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from contracts.errors import ContractError, UsageError, near_misses
from contracts.schema.files import read_toml

TABLE = Path(__file__).parents[1] / "apis" / "keys.toml"


@cache
def explained() -> Mapping[str, Mapping[str, str]]:
    """Return what each key says, by file and key, such as ``operation.query.*.values``."""
    return read_toml(TABLE)


def read(path: Path) -> dict[str, Any]:
    """Return what one of the files says; ContractError for a key that the table lacks."""
    try:
        data = read_toml(path)
    except UsageError as error:
        raise ContractError(str(error)) from error
    refuse_unknown(data, path)
    return data


def refuse_unknown(data: Mapping[str, Any], path: Path) -> None:
    """Raise ContractError for the first key that the table has no row for."""
    rows = explained()[path.name]
    for name in _unknown(data, _tree(path.name), ()):
        near = near_misses(name, rows, otherwise_all=True)
        raise ContractError(f"{path}: there is no key {name}{near}")


Tree = dict[str, "Tree"]  # a key and those below it; empty where everything may be below


@cache
def _tree(file: str) -> Tree:
    """Return the rows of a file as a tree of their parts."""
    root: Tree = {}
    for row in explained()[file]:
        below = root
        for part in row.split("."):
            below = below.setdefault(part, {})
    return root


def _unknown(value: Any, tree: Tree, above: tuple[str, ...]) -> Iterator[str]:
    """Yield the keys of a table, and of the tables below it, that the tree does not have."""
    if isinstance(value, list):
        for item in value:
            yield from _unknown(item, tree, above)
    elif isinstance(value, Mapping) and tree:
        for name, below in value.items():
            if name not in tree and "*" not in tree:
                yield ".".join((*above, name))
            else:
                yield from _unknown(below, tree.get(name, tree.get("*", {})), (*above, name))
