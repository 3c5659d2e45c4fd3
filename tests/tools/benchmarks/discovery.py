"""Discovery: how many requests a run sends until it first shows what is wrong.

Over seeded faults, one a sandbox, with the plan alone: what most often finds something comes
first in it.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from contracts.definition import loading
from contracts.faults import catalogue
from contracts.proof import prove

from .measuring import Row, at_most

APIS = ("kohort", "komerza")
SAMPLE = 8  # every so manieth fault is tried by default
MEDIAN = {"kohort": 25}  # requests


def rows(every: int = SAMPLE, apis: Sequence[str] = APIS) -> Iterator[Row]:
    """Measure the faults of each API's creating operation."""
    for api in apis:
        contract = loading.load(api)
        faults = [fault for fault in catalogue.load(contract) if not fault.conforming][::every]
        proofs = [prove.prove_together((contract.name, (fault,)))[0] for fault in faults]
        numbers = [proof.requests for proof in proofs if proof.requests]
        median = statistics.median(numbers)
        question = f"{api}: requests until a fault shows, the median"
        detail = f"{len(numbers)} of {len(faults)} faults shown; the last after {max(numbers)}"
        if api in MEDIAN:
            yield at_most(question, median, MEDIAN[api], detail)
        else:
            yield Row(question, median, detail=detail)
