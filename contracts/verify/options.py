"""The options of a run: one field each, from which every front end is made.

The command line and pytest offer the fields that have an `Option`, and give what was typed to
`configuration.resolve`, which adds what stands in the configuration file under the fields'
names. An option that is `live` may stand in the table of a target as well. One that has a
`setting` goes into the engine's `Settings` under that name. A new option is one field here.
"""

# ruff: noqa: RUF009 - each option makes a field
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from contracts.engine.interruption import Interruption
from contracts.errors import UsageError
from contracts.interop import fuzzing
from contracts.model import Basis
from contracts.planning.shards import Shard
from contracts.reports.record import Completeness
from contracts.verify.option import BASES, Option, option, switch


@dataclass(frozen=True, slots=True)
class Options:
    """The options of ``verify``, as every front end has them."""

    apis: tuple[str, ...] = option(
        (),
        "--api",
        "Verify this API; may be repeated.",
        kind="texts",
        metavar="API",
        command_line=False,  # where it is an argument
    )
    targets: tuple[str, ...] = option(
        (),
        "--target",
        "Where to send an API's requests.",
        kind="texts",
        metavar="API=URL",
        in_file=False,
    )
    environment: str | None = option(
        None,
        "--env",
        "The environment of the configuration file whose targets are meant.",
        metavar="NAME",
    )
    embedded: bool = switch(
        "--embedded", "Verify the embedded sandbox, whatever the configuration file names."
    )
    targets_file: Path | None = option(
        None,
        "--targets",
        "The configuration file, instead of the one that is found; without --env, all of it.",
        kind="file",
        metavar="FILE",
        in_file=False,
    )
    seed: int = option(
        0, "--seed", "The same seed makes the same plan.", kind="whole", setting="seed"
    )
    budget: int = option(
        400, "--budget", "Most requests an API.", kind="whole", least=1, setting="budget", live=True
    )
    concurrency: int = option(
        1,
        "--concurrency",
        "Requests at once.",
        kind="whole",
        least=1,
        most=64,
        setting="concurrency",
        live=True,
    )
    rate: float | None = option(
        None,
        "--rate",
        "Most requests a second.",
        kind="number",
        above=0,
        most=10_000,
        setting="rate",
        live=True,
    )
    fuzz: int = option(
        fuzzing.COUNT,
        "--fuzz",
        "Generated requests, 0 for none.",
        kind="whole",
        least=0,
        setting="fuzz",
    )
    timeout: float = option(
        10.0,
        "--timeout",
        "Longest time that one request may take.",
        kind="number",
        above=0,
        most=3_600,
        metavar="SECONDS",
        setting="deadline",
        live=True,
    )
    patience: float = option(
        300.0,
        "--patience",
        "Longest time in all to wait for 429 and 503 with Retry-After.",
        kind="number",
        above=0,
        most=86_400,
        metavar="SECONDS",
        setting="patience",
        live=True,
    )
    wait: float | None = option(
        None,
        "--wait",
        "Before the first request, wait so long at most until the sandbox answers.",
        kind="number",
        above=0,
        most=86_400,
        metavar="SECONDS",
    )
    fail_on: Basis = option(
        Basis.STANDARD,
        "--fail-on",
        "The weakest basis that fails the run: " + ", ".join(BASES) + ".",
        kind="basis",
        metavar="BASIS",
    )
    require_complete: bool = switch(
        "--require-complete", "A clause that was not exercised is no go (exit status 3)."
    )
    allow_incomplete: bool = switch(
        "--allow-incomplete", "Exit with 0 although too little was decided for a go."
    )
    shard: Shard | None = option(
        None,
        "--shard",
        "Send one share of each plan, such as 1/4; contracts report merges them.",
        kind="share",
        metavar="N/OF",
        setting="shard",
    )
    allow_production: bool = switch(
        "--allow-production", "Allow a host that the contract names as production."
    )
    documents: Path | None = option(
        None,
        "--documents",
        "Check that the pages in DIR are those of the contracts; the HTML shows them.",
        kind="folder",
        metavar="DIR",
    )
    waivers: Path | None = option(
        None, "--waivers", "Known findings, which do not fail the run.", kind="file", metavar="FILE"
    )
    baseline: Path | None = option(
        None, "--baseline", "An earlier JSON report to compare with.", kind="file", metavar="FILE"
    )
    history: Path | None = option(
        None,
        "--history",
        "Keep the reports in DIR, and show the last verdicts and when each cause appeared.",
        kind="new_folder",
        metavar="DIR",
    )
    fail_on_drift: bool = switch("--fail-on-drift", "Fail when anything differs from the baseline.")

    only: tuple[str, ...] = option(
        (),
        "--only",
        "Decide the clauses that match, such as 'response.*'; may be repeated.",
        kind="texts",
        metavar="PATTERN",
        setting="only",
    )
    max_causes: int | None = option(
        None,
        "--max-causes",
        "Look into so many causes at most.",
        kind="whole",
        least=1,
        setting="max_causes",
    )
    keep: bool = switch(
        "--keep", "Take nothing back of what was created, where the API says how.", setting="keep"
    )
    last_failed: Path | None = option(
        None,
        "--last-failed",
        "Decide the clauses that an earlier JSON report has as violated.",
        kind="file",
        metavar="REPORT",
        pytest=False,  # which has an option of this name
    )

    source: str = ""  # which file and environment were used, in words
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
    for (one, other), words in EXCLUSIVE.items():
        if getattr(options, one) and getattr(options, other):
            raise UsageError(f"{TABLE[one].flag} and {TABLE[other].flag} exclude each other{words}")
    return options
