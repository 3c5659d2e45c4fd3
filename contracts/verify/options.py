"""FIXME."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from contracts.definition import corpus
from contracts.model import Basis
from contracts.planning.shards import Shard


@dataclass(frozen=True, slots=True)
class Options:
    """The options of ``verify``, as every front end has them."""

    apis: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    targets_file: Path | None = None
    seed: int = corpus.SEED
    budget: int = 300
    concurrency: int = 1
    rate: float | None = None
    fuzz: int = corpus.COUNT
    timeout: float = 10.0
    fail_on: Basis = Basis.STANDARD
    allow_production: bool = False
    documents: Path | None = None
    waivers: Path | None = None
    baseline: Path | None = None
    fail_on_drift: bool = False
    shard: Shard | None = None
