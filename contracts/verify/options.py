"""The options of a run: one row of options.toml each, from which every front end is made.

The command line and pytest offer the options of the table, and give what was typed to
`configuration.resolve`, which adds what stands in the configuration file under the same names. An
option that is `live` may stand in the table of a target as well. One that has a `setting` goes into
the engine's `Settings` under that name. A new option is a row there, and a field here.
"""

from collections.abc import Iterator, Mapping
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
from contracts.verify.option import Option


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
