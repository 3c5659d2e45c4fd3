"""The requests of an API's budget, shared by its operations."""

from collections.abc import Sequence

from contracts.model import Contract

CREATE = 300  # requests at most of an operation that creates, unless many are left
SPARED = 100  # of those that are left, which an operation that creates does not take
READS = 35  # requests that are enough for an operation that reads
LEAST = 3  # requests that show whether an operation is there


def share(left: int, contract: Contract, later: Sequence[Contract]) -> int:
    """Return how many of the requests that are left an operation may send.

    `later` are the operations of its API that follow. One that reads gets what it needs; the
    others share the rest, each as much. Where that is too little for all, one that reads gets
    half as much as another. What an operation does not need is left for those that follow.
    """
    later_reads = sum(each.reads for each in later)
    reads = later_reads + contract.reads
    others = len(later) + 1 - reads
    reserve = min(READS, left // (reads + 2 * others))
    if not contract.reads:
        most = max(CREATE, left - SPARED)
        return max(min((left - reserve * reads) // others, most), LEAST)
    return max(reserve if others else left - reserve * later_reads, LEAST)
