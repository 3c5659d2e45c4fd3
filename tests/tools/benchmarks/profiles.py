"""Where the time goes.

A profile of each benchmark's subject, summed up by module and by function of ours.
"""

from __future__ import annotations

import cProfile
import itertools
import pstats
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from contracts.model import Exchange, Skipped
from contracts.planning.plan import plan
from contracts.reports.record import Report
from contracts.verify import options as verify_options
from contracts.verify import verification
from tests.helpers.serving import ENVIRONMENT

from . import mocking, synthetic
from .measuring import serving

MODULES, FUNCTIONS = 8, 6  # that are printed
PACKAGES = re.compile(r"(?:site-packages/|/lib/python[0-9.]+/)(?!site-packages)([^/.]+)")


def subjects(stack: ExitStack, members: int, requests: int) -> dict[str, Callable[[], object]]:
    """Give what is profiled, by the names of the benchmarks."""
    url = stack.enter_context(serving("kohort"))
    planned = verify_options.Options(
        apis=("kohort/create-order",), targets=(f"kohort={url}",), fuzz=0
    )
    offline = verify_options.Options(apis=("kohort/create-order",))
    large = synthetic.contract(members)
    seeds = itertools.count()  # a plan that was made is not made again
    return {
        "exchanges: verify kohort over loopback": lambda: _verify(planned),
        "startup: verify kohort offline, generated requests too": lambda: _verify(offline),
        f"growth: plan {members} members": lambda: plan(large, next(seeds)),
        f"growth: verify {members} members": lambda: _run(large),
        f"mocking: {requests} requests to the mock": lambda: mocking.mocked(requests),
    }


def lines(members: int = 100, requests: int = 200) -> Iterator[str]:
    """Yield the lines of all profiles; each subject runs once before it is profiled."""
    with ExitStack() as stack:
        for name, subject in subjects(stack, members, requests).items():
            subject()
            profile = cProfile.Profile()
            profile.runcall(subject)
            yield name
            yield from (f"    {line}" for line in _summary(pstats.Stats(profile)))


def _verify(options: verify_options.Options) -> Report:
    return verification.verify(verification.choose(options, ENVIRONMENT), options)


def _run(contract: Any) -> list[Exchange | Skipped]:
    done: list[Exchange | Skipped] = []
    verification.verify(
        [synthetic.target_of(contract)], verify_options.Options(fuzz=0), done.append
    )
    return done


def _summary(stats: pstats.Stats) -> Iterator[str]:
    """Yield the modules that take most time themselves.

    Then the functions of ours that take most in all.
    """
    own: Counter[str] = Counter()
    inclusive: Counter[str] = Counter()
    for (file, _, function), (_, _, alone, whole, _) in stats.stats.items():  # type: ignore[attr-defined]
        module = _module(file, function)
        own[module] += alone
        if module.startswith("contracts") and not function.startswith("<"):
            inclusive[f"{module}.{function}"] = max(inclusive[f"{module}.{function}"], whole)
    total = sum(own.values())
    yield "by module: " + ", ".join(
        f"{name} {share / total:.0%}" for name, share in own.most_common(MODULES)
    )
    shares = ", ".join(
        f"{name} {share / total:.0%}" for name, share in _inner(inclusive, total)[:FUNCTIONS]
    )
    yield f"in all, functions of ours: {shares}"


def _inner(inclusive: Counter[str], total: float) -> list[tuple[str, float]]:
    """Leave out the functions that are the whole itself."""
    return [(name, share) for name, share in inclusive.most_common() if share < 0.9 * total]


def _module(file: str, function: str) -> str:
    if file == "~":
        return "sockets" if "socket" in function else "builtins"
    path = Path(file)
    if "contracts" in path.parts:
        parts = path.with_suffix("").parts
        return ".".join(parts[len(parts) - parts[::-1].index("contracts") - 1 :])
    packages = PACKAGES.findall(file)
    return packages[-1] if packages else path.stem
