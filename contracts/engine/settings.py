"""How one run behaves: budget, rate, deadlines, and what it may generate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.engine.endings import Interruption
from contracts.model import Case, Contract, Region
from contracts.planning.shards import Shard

Shrink = Callable[[Contract, Region, int, Callable[[Any], bool]], Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run behaves towards its target.

    `parameters` are the values of path parameters, and of ``foreign_…`` ones; `available`
    names the further credentials that the transport has, `unsure` the spoiled ones that could
    still be good, `token_from` is the variable or the place in a configuration that gives the
    token, if it is not the contract's own variable. `rate` is in requests a second, `known` are
    ids that exist at the target, by member. `generate` draws the `fuzz` cases that are sent
    after the plan (`contracts.interop.fuzzing.fuzz`), `shrink` finds the smallest of them that
    still shows something (`contracts.interop.fuzzing.shrink`); None where requests are not
    free. Times are in seconds. `named` says that the operation was asked for by its own name,
    so that it has to be there, `answered` that another one was answered before, and
    `others_accepted` that it was with what its page says, so that the API is there; `only` are
    patterns of the clauses that are asked for, `max_causes` is how many causes are looked into;
    after the moment `ends` (of `time.monotonic`) nothing is sent; `lag` is how long what was
    created may take until it can be read; with `keep` what was created is not taken back.
    """

    seed: int = 0
    budget: int = 300
    concurrency: int = 1
    rate: float | None = None
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fuzz: int = 0
    generate: Callable[[Contract, int, int], Sequence[Case]] = lambda *_: ()
    shrink: Shrink | None = None
    deadline: float = 10.0
    patience: float = 300.0
    parameters: Mapping[str, str] = field(default_factory=dict)
    available: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    token_from: str = ""
    shard: Shard | None = None
    only: tuple[str, ...] = ()
    max_causes: int | None = None
    ends: float | None = None
    named: bool = True
    answered: bool = False
    others_accepted: bool = False
    lag: float = 2.0
    keep: bool = False
    interruption: Interruption = field(default_factory=Interruption)
