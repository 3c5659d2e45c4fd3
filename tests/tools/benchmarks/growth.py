"""Growth.

Plan, judging and memory over contracts of 10 to 1,000 members, and over 1 to 100 operations.

Planning and judging are told in processor time: they wait for nothing, and do not depend on who
shares the machine.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from contracts.interop import fuzzing
from contracts.judge.outcomes import judge
from contracts.model import Contract, Exchange, Skipped
from contracts.planning.plan import plan
from contracts.verify import options, verification

from . import synthetic
from .measuring import Row, at_most, seconds

MEMBERS = (10, 100, 1_000)
OPERATIONS = (1, 10, 100)
PLANNING, MEMORY = 10.0, 300.0  # seconds for the largest contract, MB for all operations
MEGABYTE = 1024  # in the unit of ru_maxrss


def rows(
    members: Sequence[int] = MEMBERS,
    operations: Sequence[int] = OPERATIONS,
    fuzz: int = fuzzing.COUNT,
) -> Iterator[Row]:
    """Measure contracts of so many members.

    And verifies of so many operations in a process of their own.
    """
    sizes = []
    for count in members:
        contract = synthetic.contract(count)
        started = time.process_time()
        planned = plan(contract, 0)
        planning = time.process_time() - started
        sizes.append(len(planned.cases))
        judging = f"{_judging(contract) * 1000:.2f} ms to judge an exchange"
        detail = f"{len(planned.cases)} requests, {len(planned.pairs)} pairs of states; {judging}"
        yield _row(
            f"{count} members: planning, seconds",
            planning,
            PLANNING if count == MEMBERS[-1] else None,
            detail,
        )
    quadratic = (members[-1] / members[0]) ** 2
    times = sizes[-1] / sizes[0]
    yield at_most(
        f"requests of {members[-1]} members, times those of {members[0]}", times, quadratic
    )
    for count in operations:
        memory, taken = _memory(count, fuzz)
        detail = f"verified in {taken:.1f} s, with {fuzz} generated requests each"
        yield _row(
            f"{count} operations: memory, MB",
            memory,
            MEMORY if count == OPERATIONS[-1] else None,
            detail,
        )


def _row(question: str, figure: float, bar: float | None, detail: str) -> Row:
    return (
        Row(question, figure, detail=detail)
        if bar is None
        else at_most(question, figure, bar, detail)
    )


def _judging(contract: Contract) -> float:
    """Give the seconds that judging an exchange takes, over all exchanges of a run."""
    done: list[Exchange | Skipped] = []
    verification.verify([synthetic.target_of(contract)], options.Options(fuzz=0), done.append)
    exchanges = [exchange for exchange in done if isinstance(exchange, Exchange)]
    started = time.process_time()
    judge(contract, exchanges)
    return (time.process_time() - started) / len(exchanges)


def _memory(operations: int, fuzz: int) -> tuple[float, float]:
    """Verify so many operations in a process of their own.

    Give its largest size in MB, and the seconds it took.
    """
    command = [sys.executable, "-m", __name__, str(operations), str(fuzz)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    memory, taken = done.stdout.split()
    return float(memory), float(taken)


def _verify(operations: int, fuzz: int) -> None:
    targets = [
        synthetic.target_of(synthetic.contract(10, f"operation{number}"))
        for number in range(operations)
    ]
    taken = seconds(lambda: verification.verify(targets, options.Options(fuzz=fuzz)))
    print(largest_size(), taken)  # noqa: T201 - for _memory


def largest_size() -> float:
    """Return the largest size of this process in MB.

    What getrusage tells on Linux may be that of its parent.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    (line,) = [
        line
        for line in status.read_text(encoding="ascii").splitlines()
        if line.startswith("VmHWM:")
    ]
    return int(line.split()[1]) / MEGABYTE


if __name__ == "__main__":
    _verify(int(sys.argv[1]), int(sys.argv[2]))
