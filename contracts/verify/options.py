"""The options of a run: one field each, from which every front end is made.

The command line and pytest offer the fields that have an `Option`, and give what was typed to
`configuration.resolve`, which adds what stands in the configuration file under the fields'
names. An option that is `live` may stand in the table of a target as well. One that has a
`setting` goes into the engine's `Settings` under that name. A new option is one field here.
"""

# ruff: noqa: RUF009 - each option makes a field
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from contracts.engine.endings import Interruption
from contracts.engine.settings import Settings
from contracts.errors import UsageError
from contracts.interop import fuzzing
from contracts.model import Basis
from contracts.planning.shards import Shard
from contracts.reports.record import Completeness
from contracts.verify.option import BASES, Option, file, number, option, switch, texts, whole


@dataclass(frozen=True, slots=True)
class Options:
    """The options of ``verify``, as every front end has them."""

    apis: tuple[str, ...] = texts(
        "Verify this API; may be repeated.", "API", flag="--api", command_line=False
    )  # an argument of the command line
    targets: tuple[str, ...] = texts(
        "Where to send an API's requests.", "API=URL", flag="--target", in_file=False
    )
    environment: str | None = option(
        None, "The environment of the configuration file whose targets are meant.", flag="--env"
    )
    embedded: bool = switch("Verify the embedded sandbox, whatever the configuration file names.")
    targets_file: Path | None = file(
        "The configuration file, instead of the one that is found; without --env, all of it.",
        flag="--targets",
        in_file=False,
    )
    seed: int = whole(0, "The same seed makes the same plan.")
    budget: int = whole(400, "Most requests an API.", least=1, live=True)
    concurrency: int = whole(1, "Requests at once.", least=1, most=64, live=True)
    rate: float | None = number(None, "Most requests a second.", most=10_000, live=True)
    fuzz: int = whole(fuzzing.COUNT, "Generated requests, 0 for none.", least=0)
    timeout: float = number(
        10.0, "Longest time that one request may take.", "SECONDS", 3_600, "deadline", live=True
    )
    patience: float = number(
        300.0,
        "Longest time in all to wait for 429 and 503 with Retry-After.",
        "SECONDS",
        live=True,
    )
    wait: float | None = number(
        None,
        "Before the first request, wait so long at most until the sandbox answers.",
        "SECONDS",
    )
    fail_on: Basis = option(
        Basis.STANDARD,
        f"The weakest basis that fails the run: {', '.join(BASES)}.",
        "BASIS",
        kind="basis",
    )
    require_complete: bool = switch("A clause that was not exercised is no go (exit status 3).")
    allow_incomplete: bool = switch("Exit with 0 although too little was decided for a go.")
    shard: Shard | None = option(
        None,
        "Send one share of each plan, such as 1/4; contracts report merges them.",
        "N/OF",
        kind="share",
    )
    allow_production: bool = switch("Allow a host that the contract names as production.")
    documents: Path | None = option(
        None,
        "Check that the pages in DIR are those of the contracts; the HTML shows them.",
        "DIR",
        kind="folder",
    )
    waivers: Path | None = file("Known findings, which do not fail the run.")
    baseline: Path | None = file("An earlier JSON report to compare with.")
    history: Path | None = option(
        None,
        "Keep the reports in DIR, and show the last verdicts and when each cause appeared.",
        "DIR",
        kind="new_folder",
    )
    fail_on_drift: bool = switch("Fail when anything differs from the baseline.")
    only: tuple[str, ...] = texts(
        "Decide the clauses that match, such as 'response.*'; may be repeated.", "PATTERN"
    )
    max_causes: int | None = whole(None, "Look into so many causes at most.", least=1)
    keep: bool = switch("Take nothing back of what was created, where the API says how.")
    last_failed: Path | None = file(
        "Decide the clauses that an earlier JSON report has as violated.", "REPORT", pytest=False
    )  # pytest has an option of this name

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


def _named(name: str, option: Option) -> Option:
    """Return an option with its flag, and with the setting of the engine that has its name."""
    own = name if name in {entry.name for entry in fields(Settings)} else None
    flag = option.flag or f"--{name.replace('_', '-')}"
    return replace(option, flag=flag, setting=option.setting or own)


TABLE: dict[str, Option] = {
    entry.name: _named(entry.name, entry.metadata["option"])
    for entry in fields(Options)
    if entry.metadata
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
