"""The options of a run: one field each, from which every front end is made.

The command line and pytest offer the fields that have an `Option`, and give what was typed to
`configuration.resolve`, which adds what stands in the configuration file under the fields' names.
An option that is `live` may stand in the table of a target as well. One that has a `setting` goes
into the engine's `Settings` under that name. A new option is one field here.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from contracts.engine.interruption import Interruption
from contracts.errors import UsageError
from contracts.interop import fuzzing
from contracts.model import Basis
from contracts.planning.shards import Shard
from contracts.reports.record import Completeness
from contracts.schema.jsontext import show

BASES = tuple(basis.value for basis in Basis)


@dataclass(frozen=True, slots=True)
class Option:
    """How an option is spelt, read and explained.

    `kind` is one of the readers below. `least` and `most` bound a number. `setting` names the field
    of `Settings` that takes the value, `in_file` says whether the configuration file may set it,
    and `live` whether a target's table in it may.
    """

    flag: str
    about: str
    kind: str = "text"  # text, texts, number, whole, switch, file, folder, new_folder, basis, share
    metavar: str | None = None
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
        types, words = TOML_TYPES[self.kind]
        right = isinstance(value, types) and isinstance(value, bool) == (types is bool)
        if self.is_repeated:
            right = right and all(isinstance(text, str) for text in value)
        if not right:
            raise UsageError(f"{place}: expected {words}, got {show(value)}")
        return self.read(value, place)


TEXT = (str, "a text in quotes")
NUMBER = ((int, float), "a number")
TOML_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "text": TEXT,
    "texts": (list, "a list of texts"),
    "number": NUMBER,
    "whole": NUMBER,
    "switch": (bool, "true or false"),
    "file": TEXT,
    "folder": TEXT,
    "new_folder": TEXT,
    "basis": TEXT,
    "share": TEXT,
}


def _number(option: Option, value: Any) -> float:
    return _bounded(option, value, float, "a number")


def _whole(option: Option, value: Any) -> int:
    return int(_bounded(option, value, int, "a whole number"))


def _bounded(option: Option, value: Any, kind: type[int | float], what: str) -> float:
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


def _file(_: Option, value: Any) -> Path:
    path = Path(value)
    if path.is_dir():
        raise ValueError("a file, which a folder is not")
    return path


def _folder(_: Option, value: Any) -> Path:
    path = Path(value)
    if not path.is_dir():
        raise ValueError("a folder that is there")
    return path


def _new_folder(_: Option, value: Any) -> Path:
    path = Path(value)
    if path.is_file():
        raise ValueError("a folder, which a file is not")
    return path


def _basis(_: Option, value: Any) -> Basis:
    if value not in BASES:
        near = difflib.get_close_matches(str(value), BASES, n=1)
        raise ValueError(f"one of {', '.join(BASES)}" + (f" ({near[0]}?)" if near else ""))
    return Basis(value)


READERS: dict[str, Callable[[Option, Any], Any]] = {
    "text": lambda _, value: value,
    "texts": lambda _, value: tuple(value),
    "number": _number,
    "whole": _whole,
    "file": _file,
    "folder": _folder,
    "new_folder": _new_folder,
    "basis": _basis,
    "share": lambda _, value: value if isinstance(value, Shard) else Shard.read(value),
}


def _row(flag: str, about: str, **more: Any) -> dict[str, Option]:
    return {"option": Option(flag, about, **more)}


@dataclass(frozen=True, slots=True)
class Options:
    """The options of ``verify``, as every front end has them."""

    apis: tuple[str, ...] = field(
        default=(),
        metadata=_row(
            "--api",
            "Verify this API; may be repeated.",
            kind="texts",
            metavar="API",
            command_line=False,  # where it is an argument
        ),
    )
    targets: tuple[str, ...] = field(
        default=(),
        metadata=_row(
            "--target",
            "Where to send an API's requests.",
            kind="texts",
            metavar="API=URL",
            in_file=False,
        ),
    )
    environment: str | None = field(
        default=None,
        metadata=_row(
            "--env",
            "The environment of the configuration file whose targets are meant.",
            metavar="NAME",
        ),
    )
    embedded: bool = field(
        default=False,
        metadata=_row(
            "--embedded",
            "Verify the embedded sandbox, whatever the configuration file names.",
            kind="switch",
        ),
    )
    targets_file: Path | None = field(
        default=None,
        metadata=_row(
            "--targets",
            "The configuration file, instead of the one that is found; without --env, all of it.",
            kind="file",
            metavar="FILE",
            in_file=False,
        ),
    )
    seed: int = field(
        default=0,
        metadata=_row(
            "--seed",
            "The same seed makes the same plan.",
            kind="whole",
            setting="seed",
        ),
    )
    budget: int = field(
        default=400,
        metadata=_row(
            "--budget",
            "Most requests an API.",
            kind="whole",
            least=1,
            setting="budget",
            live=True,
        ),
    )
    concurrency: int = field(
        default=1,
        metadata=_row(
            "--concurrency",
            "Requests at once.",
            kind="whole",
            least=1,
            most=64,
            setting="concurrency",
            live=True,
        ),
    )
    rate: float | None = field(
        default=None,
        metadata=_row(
            "--rate",
            "Most requests a second.",
            kind="number",
            above=0,
            most=10_000,
            setting="rate",
            live=True,
        ),
    )
    fuzz: int = field(
        default=fuzzing.COUNT,
        metadata=_row(
            "--fuzz",
            "Generated requests, 0 for none.",
            kind="whole",
            least=0,
            setting="fuzz",
        ),
    )
    timeout: float = field(
        default=10.0,
        metadata=_row(
            "--timeout",
            "Longest time that one request may take.",
            kind="number",
            above=0,
            most=3_600,
            metavar="SECONDS",
            setting="deadline",
            live=True,
        ),
    )
    patience: float = field(
        default=300.0,
        metadata=_row(
            "--patience",
            "Longest time in all to wait for 429 and 503 with Retry-After.",
            kind="number",
            above=0,
            most=86_400,
            metavar="SECONDS",
            setting="patience",
            live=True,
        ),
    )
    wait: float | None = field(
        default=None,
        metadata=_row(
            "--wait",
            "Before the first request, wait so long at most until the sandbox answers.",
            kind="number",
            above=0,
            most=86_400,
            metavar="SECONDS",
        ),
    )
    fail_on: Basis = field(
        default=Basis.STANDARD,
        metadata=_row(
            "--fail-on",
            "The weakest basis that fails the run: " + ", ".join(BASES) + ".",
            kind="basis",
            metavar="BASIS",
        ),
    )
    require_complete: bool = field(
        default=False,
        metadata=_row(
            "--require-complete",
            "A clause that was not exercised is no go (exit status 3).",
            kind="switch",
        ),
    )
    allow_incomplete: bool = field(
        default=False,
        metadata=_row(
            "--allow-incomplete",
            "Exit with 0 although too little was decided for a go.",
            kind="switch",
        ),
    )
    shard: Shard | None = field(
        default=None,
        metadata=_row(
            "--shard",
            "Send one share of each plan, such as 1/4; contracts report merges them.",
            kind="share",
            metavar="N/OF",
            setting="shard",
        ),
    )
    allow_production: bool = field(
        default=False,
        metadata=_row(
            "--allow-production",
            "Allow a host that the contract names as production.",
            kind="switch",
        ),
    )
    documents: Path | None = field(
        default=None,
        metadata=_row(
            "--documents",
            "Check that the pages in DIR are those of the contracts; the HTML shows them.",
            kind="folder",
            metavar="DIR",
        ),
    )
    waivers: Path | None = field(
        default=None,
        metadata=_row(
            "--waivers",
            "Known findings, which do not fail the run.",
            kind="file",
            metavar="FILE",
        ),
    )
    baseline: Path | None = field(
        default=None,
        metadata=_row(
            "--baseline",
            "An earlier JSON report to compare with.",
            kind="file",
            metavar="FILE",
        ),
    )
    history: Path | None = field(
        default=None,
        metadata=_row(
            "--history",
            "Keep the reports in DIR, and show the last verdicts and when each cause appeared.",
            kind="new_folder",
            metavar="DIR",
        ),
    )
    fail_on_drift: bool = field(
        default=False,
        metadata=_row(
            "--fail-on-drift",
            "Fail when anything differs from the baseline.",
            kind="switch",
        ),
    )

    only: tuple[str, ...] = field(
        default=(),
        metadata=_row(
            "--only",
            "Decide the clauses that match, such as 'response.*'; may be repeated.",
            kind="texts",
            metavar="PATTERN",
            setting="only",
        ),
    )
    max_causes: int | None = field(
        default=None,
        metadata=_row(
            "--max-causes",
            "Look into so many causes at most.",
            kind="whole",
            least=1,
            setting="max_causes",
        ),
    )
    keep: bool = field(
        default=False,
        metadata=_row(
            "--keep",
            "Take nothing back of what was created, where the API says how.",
            kind="switch",
            setting="keep",
        ),
    )
    last_failed: Path | None = field(
        default=None,
        metadata=_row(
            "--last-failed",
            "Decide the clauses that an earlier JSON report has as violated.",
            kind="file",
            metavar="REPORT",
            pytest=False,  # which has an option of this name
        ),
    )

    source: str = ""  # which file and environment were used, in words
    interruption: Interruption = field(default_factory=Interruption)  # of whoever started it

    @property
    def completeness(self) -> Completeness:
        """What a report says of clauses that were not decided."""
        if self.require_complete:
            return "required"
        return "allowed" if self.allow_incomplete else "usual"

    @property
    def settings(self) -> dict[str, Any]:
        """What the options ask of the engine, by the fields of its `Settings`."""
        return {
            option.setting: getattr(self, name)
            for name, option in TABLE.items()
            if option.setting is not None
        }


TABLE: dict[str, Option] = {
    entry.name: entry.metadata["option"] for entry in fields(Options) if entry.metadata
}
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
    shown = default.value if isinstance(default, Basis) else default
    telling = shown not in (None, False, ())
    return TABLE[name].about + (f"  [default: {shown}]" if telling else "")


def read(values: Mapping[str, Any]) -> Options:
    """Return the options of what was typed, by field; what is None keeps its default."""
    given = {
        name: TABLE[name].read(value)
        for name, value in values.items()
        if name in TABLE and value is not None
    }
    options = Options(**given)
    for (one, other), words in EXCLUSIVE.items():
        if getattr(options, one) and getattr(options, other):
            raise UsageError(f"{TABLE[one].flag} and {TABLE[other].flag} exclude each other{words}")
    return options
