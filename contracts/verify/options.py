"""The options of a run: one row of options.toml each, from which every front end is made.

The command line and pytest offer the options of the table, and give what was typed to
`configuration.resolve`, which adds what stands in the configuration file under the same names. An
option that is `live` may stand in the table of a target as well. One that has a `setting` goes into
the engine's `Settings` under that name. A new option is a row there, and a field here.
"""

import difflib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from contracts.engine.endings import Interruption
from contracts.engine.settings import Settings
from contracts.errors import UsageError
from contracts.interop import fuzzing
from contracts.model import Basis
from contracts.planning.shards import Shard
from contracts.reports.record import Completeness
from contracts.schema.files import read_toml
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


@dataclass(frozen=True, slots=True)
class Options:
    """The options of ``verify``, as every front end has them."""

    apis: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    environment: str | None = None
    embedded: bool = False
    targets_file: Path | None = None
    seed: int = 0
    budget: int = 400
    concurrency: int = 1
    rate: float | None = None
    fuzz: int = fuzzing.COUNT
    timeout: float = 10.0
    patience: float = 300.0
    wait: float | None = None
    fail_on: Basis = Basis.STANDARD
    require_complete: bool = False
    allow_incomplete: bool = False
    shard: Shard | None = None
    allow_production: bool = False
    documents: Path | None = None
    waivers: Path | None = None
    baseline: Path | None = None
    history: Path | None = None
    fail_on_drift: bool = False
    only: tuple[str, ...] = ()
    max_causes: int | None = None
    keep: bool = False
    last_failed: Path | None = None

    # what nobody types
    source: str = ""  # which file and environment were used, in words
    ends: float | None = None  # the moment (of `time.monotonic`) after which nothing is sent
    interruption: Interruption = field(default_factory=Interruption)  # of whoever started it

    @property
    def completeness(self) -> Completeness:
        """How clauses that were not decided count: as no go, as allowed, or as usual."""
        if self.require_complete:
            return "required"
        return "allowed" if self.allow_incomplete else "usual"

    @property
    def settings(self) -> dict[str, Any]:
        """What the options ask of the engine, by the fields of its `Settings`."""
        asked = {o.setting: getattr(self, name) for name, o in TABLE.items() if o.setting}
        return {**asked, "ends": self.ends}


def _read_table() -> Iterator[tuple[str, Option]]:
    """Yield each option with its flag, and with the setting of the engine that has its name."""
    settings = {entry.name for entry in fields(Settings)}
    for name, row in read_toml(Path(__file__).with_name("options.toml")).items():
        own = {"flag": f"--{name.replace('_', '-')}", "setting": name if name in settings else None}
        yield name, Option(**{**own, **row})


TABLE = dict(_read_table())
DEFAULTS: dict[str, Any] = {entry.name: entry.default for entry in fields(Options)}
LIVE = {name: option for name, option in TABLE.items() if option.live}

# two options of which a run has one at most -> what to do instead
EXCLUSIVE = {
    ("require_complete", "allow_incomplete"): "",
    ("baseline", "shard"): (
        ": a baseline compares whole runs; merge the shards with contracts report and compare that"
    ),
    ("history", "shard"): ": keep the report that contracts report makes of the shards",
    ("embedded", "targets"): "",
    ("embedded", "environment"): "",
    ("embedded", "targets_file"): "",
}


def explained(name: str) -> str:
    """Return what an option is for, with its default where that says something."""
    default = DEFAULTS[name]
    value = default.value if isinstance(default, Basis) else default
    telling = value not in (None, False, ())
    return TABLE[name].about + (f"  [default: {value}]" if telling else "")


def read(values: Mapping[str, Any]) -> Options:
    """Return the options of what was typed, by field; what is None keeps its default."""
    given = {
        name: TABLE[name].read(value)
        for name, value in values.items()
        if name in TABLE and value is not None
    }
    options = Options(**given)
    for (first, second), words in EXCLUSIVE.items():
        if getattr(options, first) and getattr(options, second):
            raise UsageError(
                f"{TABLE[first].flag} and {TABLE[second].flag} exclude each other{words}"
            )
    if options.fail_on_drift and not options.baseline:
        raise UsageError("--fail-on-drift compares with an earlier report: give --baseline FILE")
    return options
