"""Concurrency.

How much faster a run is with several workers, against a sandbox that takes its time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.interop import fuzzing
from contracts.verify import options as verify_options
from contracts.verify import verification
from tests.helpers.serving import ENVIRONMENT, conforming, served

from .measuring import Row, at_least, seconds

LATENCIES = (0.02, 0.15)  # seconds
WORKERS = (4, 8, 16)
LEAST = {(0.15, 8): 5.0}
THREADS = 32  # of the server: more than there are workers


@dataclass(frozen=True)
class Slow:
    """A WSGI application that answers after a while, as one far away does."""

    app: Callable[..., Iterable[bytes]]
    latency: float

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Wait, then answer."""
        time.sleep(self.latency)
        return self.app(environ, start_response)


def rows(
    latencies: Sequence[float] = LATENCIES,
    workers: Sequence[int] = WORKERS,
    api: str = "kohort",
    fuzz: int = fuzzing.COUNT,
) -> Iterator[Row]:
    """Measure a whole verify with one worker, then with several."""
    for latency in latencies:
        with served(Slow(conforming(api), latency), threads=THREADS) as url:
            alone = _seconds(api, url, 1, fuzz)
            for count in workers:
                taken = _seconds(api, url, count, fuzz)
                question = f"{count} workers at {latency * 1000:.0f} ms, times faster than one"
                detail = f"{alone:.1f} s and {taken:.1f} s"
                bar = LEAST.get((latency, count))
                faster = alone / taken
                yield (
                    at_least(question, faster, bar, detail)
                    if bar
                    else Row(question, faster, detail=detail)
                )


def _seconds(api: str, url: str, workers: int, fuzz: int) -> float:
    options = verify_options.Options(
        apis=(f"{api}/create-order",), targets=(f"{api}={url}",), concurrency=workers, fuzz=fuzz
    )
    return seconds(lambda: verification.verify(verification.choose(options, ENVIRONMENT), options))
