"""How an option of a run is spelt, read and explained: the same for every front end."""

import difflib
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.errors import UsageError
from contracts.model import Basis
from contracts.planning.shards import Shard
from contracts.schema.jsontext import show

BASES = tuple(basis.value for basis in Basis)


@dataclass(frozen=True, slots=True)
class Option:
    """How an option is spelt, read and explained.

    `kind` is one of the readers below. `least` and `most` bound a number. `setting` names the
    field of `Settings` that takes the value, `in_file` says whether the configuration file may
    set it, and `live` whether a target's table in it may.
    """

    about: str
    metavar: str = "NAME"
    flag: str = ""  # made of its name where none is given
    kind: str = "text"  # text, texts, number, whole, switch, file, folder, new_folder, basis, share
    least: float | None = None
    above: float | None = None
    most: float | None = None
    setting: str | None = None
    live: bool = False
    in_file: bool = True
    command_line: bool = True
    pytest: bool = True

    @property
    def is_switch(self) -> bool:
        """Whether it takes no value."""
        return self.kind == "switch"

    @property
    def is_repeated(self) -> bool:
        """Whether it may be given several times."""
        return self.kind == "texts"

    def read(self, value: Any, place: str | None = None) -> Any:
        """Return a value as the run needs it; UsageError names the option and what it takes."""
        if value is None or self.is_switch:
            return value
        try:
            return READERS[self.kind](self, value)
        except ValueError as error:
            raise UsageError(f"{place or self.flag}: expected {error}, got {value!r}") from None

    def read_toml(self, value: Any, place: str) -> Any:
        """Return a value of a TOML file, where a number in quotes is a slip."""
        types, words = TOML_TYPES.get(self.kind, (str, "a text in quotes"))
        right = isinstance(value, types) and isinstance(value, bool) == (types is bool)
        if self.is_repeated:
            right = right and all(isinstance(text, str) for text in value)
        if not right:
            raise UsageError(f"{place}: expected {words}, got {show(value)}")
        return self.read(value, place)


Reader = Callable[[Option, Any], Any]
# all others are texts
TOML_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "texts": (list, "a list of texts"),
    "number": ((int, float), "a number"),
    "whole": ((int, float), "a number"),
    "switch": (bool, "true or false"),
}


def _bounded(option: Option, value: Any, kind: type[int | float], what: str) -> float:
    """Return a number within the bounds of an option; ValueError says which numbers it takes."""
    limits = {"of at least": option.least, "above": option.above, "of at most": option.most}
    bounds = [f"{words} {limit:g}" for words, limit in limits.items() if limit is not None]
    expected = ValueError(" ".join([what, " and ".join(bounds)]).rstrip())
    if isinstance(value, bool) or (kind is int and isinstance(value, float)):
        raise expected
    try:
        number = kind(value)
    except (ValueError, TypeError, OverflowError):
        raise expected from None
    too_small = option.least is not None and number < option.least
    too_small = too_small or (option.above is not None and number <= option.above)
    too_great = option.most is not None and number > option.most
    if too_small or too_great or not math.isfinite(number):
        raise expected
    return number


def _path(is_wrong: Callable[[Path], bool], expected: str) -> Reader:
    """Return the reader of a path that is none of some kind."""

    def read(_: Option, value: Any) -> Path:
        path = Path(value)
        if is_wrong(path):
            raise ValueError(expected)
        return path

    return read


def _basis(_: Option, value: Any) -> Basis:
    if value not in BASES:
        near = difflib.get_close_matches(str(value), BASES, n=1)
        raise ValueError(f"one of {', '.join(BASES)}" + (f" ({near[0]}?)" if near else ""))
    return Basis(value)


READERS: dict[str, Reader] = {
    "text": lambda _, value: value,
    "texts": lambda _, value: tuple(value),
    "number": lambda option, value: _bounded(option, value, float, "a number"),
    "whole": lambda option, value: int(_bounded(option, value, int, "a whole number")),
    "file": _path(Path.is_dir, "a file, which a folder is not"),
    "folder": _path(lambda path: not path.is_dir(), "a folder that is there"),
    "new_folder": _path(Path.is_file, "a folder, which a file is not"),
    "basis": _basis,
    "share": lambda _, value: value if isinstance(value, Shard) else Shard.read(value),
}
