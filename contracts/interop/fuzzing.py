"""Generated cases: bodies that Hypothesis drew, each put where it lies.

Drawing takes longer than all else in a run. What was drawn last for a contract is therefore kept in the user's
cache folder, and read while nothing has changed that it depends on. Only bodies are kept: where they lie is
found anew in every run, so that a file that somebody changed means other requests, never another verdict.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from contracts import dialect
from contracts.generate.templates import sample
from contracts.jsontext import decode, encode
from contracts.model import ABSENT, Case, Contract, Region

DRAWING = ("order-contracts", "hypothesis", "schemathesis")  # what another release of may draw otherwise


def fuzz(contract: Contract, seed_number: int, count: int) -> list[Case]:
    """Give `count` generated cases, a third drawn for each region; the same seed gives the same. Numbers are 0."""
    if not contract.operation.takes_body or not count:
        return []
    kept = folder() / f"{contract.api}.jsonl"
    key = _key(contract, seed_number, count)
    bodies = _read(kept, key)
    if bodies is None:
        from contracts.interop import strategies  # noqa: PLC0415 - their libraries take long to load

        bodies = strategies.draw(contract, seed_number, count)
        _write(kept, key, bodies)
    return [_case(contract, body) for body in bodies]


def folder() -> Path:
    """Give the folder that drawn bodies are kept in: one file a contract, of what was drawn last."""
    return user_cache_path("order-contracts", appauthor=False)


def shrink(contract: Contract, region: Region, seed_number: int, shows: Callable[[Any], bool]) -> Any:
    """Find the smallest body that shows something, as `contracts.interop.strategies.shrink` does."""
    from contracts.interop import strategies  # noqa: PLC0415 - as above

    return strategies.shrink(contract, region, seed_number, shows)


def _case(contract: Contract, body: Any) -> Case:
    """Put a drawn body where it lies, by the bytes that will be sent."""
    concrete = decode(encode(sample(body)))[0]
    if contract.request is None or contract.plausible is None:
        return Case(0, Region.OPEN, "generated", body)
    broken = dialect.broken(contract.request, concrete)
    if broken:
        clauses = tuple(dict.fromkeys(f"request.{check.keyword.clause}" for check in broken))
        # with several things wrong a refusal proves none of them, but an acceptance breaks the first
        return Case(
            0,
            Region.INVALID,
            f"generated; {broken[0].place or 'the body'} is wrong",
            body,
            decides=clauses[:1],
        )
    if dialect.fits(contract.plausible, concrete):
        return Case(0, Region.VALID, "generated", body, decides=("request.combined",))
    return Case(0, Region.OPEN, "generated", body)


def _key(contract: Contract, seed_number: int, count: int) -> str:
    """Give a digest of all that the drawn bodies depend on."""
    on = [contract.request, contract.plausible, seed_number, count, sys.version, *versions()]
    return sha256(encode(on)).hexdigest()


@cache
def versions() -> tuple[str, ...]:
    """Give the releases of what draws."""
    return tuple(version(name) for name in DRAWING)


def _read(kept: Path, key: str) -> list[Any] | None:
    """Read bodies, one a line below their key; None when they are others' or can't be read."""
    try:
        first, *lines = kept.read_bytes().split(b"\n")
    except OSError:
        return None
    if first != key.encode():
        return None
    bodies = [decode(line)[0] for line in lines]
    return None if ABSENT in bodies else bodies


def _write(kept: Path, key: str, bodies: list[Any]) -> None:
    """Keep bodies, whole or not at all; where no file can be written they are drawn again another time."""
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = kept.with_suffix(f".{os.getpid()}")
        made.write_bytes(b"\n".join([key.encode(), *map(encode, bodies)]))
        made.replace(kept)
