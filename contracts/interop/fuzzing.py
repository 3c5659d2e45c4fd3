"""Generated cases: bodies that Hypothesis drew, each put where it lies."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Final

from contracts import clause_ids
from contracts.model import Case, Contract, Region
from contracts.planning.bodies.templates import sample
from contracts.schema import checks
from contracts.schema.jsontext import decode, encode

COUNT: Final = 40  # generated requests of a run that is not told otherwise
UNDOCUMENTED = 8  # generated bodies where the page documents none


def available() -> bool:
    """Whether Hypothesis is installed, which draws and shrinks the bodies."""
    return find_spec("hypothesis") is not None


def fuzz(contract: Contract, seed_number: int, count: int) -> list[Case]:
    """Return `count` generated cases, half of them open; the same seed gives the same.

    Their numbers are 0: the sender gives them theirs. There are none without Hypothesis.
    """
    if not contract.operation.takes_body or not count or not available():
        return []
    if contract.request is None:  # a handful shows whether it fails
        count = min(count, UNDOCUMENTED)
    from contracts.interop import strategies  # noqa: PLC0415 - their libraries take long to load

    return [case_of(contract, body) for body in strategies.draw(contract, seed_number, count)]


def shrink(
    contract: Contract, region: Region, seed_number: int, shows: Callable[[Any], bool]
) -> Any:
    """Return the smallest body that shows something (see `interop.strategies.shrink`)."""
    from contracts.interop import strategies  # noqa: PLC0415 - as above

    return strategies.shrink(contract, region, seed_number, shows)


def case_of(contract: Contract, body: Any) -> Case:
    """Return the case of a drawn body, in the region where its bytes lie."""
    concrete = decode(encode(sample(body)))[0]
    if contract.request is None or contract.plausible is None:
        return Case(0, Region.OPEN, "generated", body)
    broken = checks.broken(contract.request, concrete)
    if broken:
        # with several things wrong a refusal proves none, but an acceptance breaks the first
        first = clause_ids.request(broken[0].keyword.clause)
        label = f"generated; {broken[0].place or 'the body'} is wrong"
        return Case(0, Region.INVALID, label, body, decides=(first,))
    if checks.fits(contract.plausible, concrete):
        return Case(0, Region.VALID, "generated", body, decides=(clause_ids.COMBINED,))
    return Case(0, Region.OPEN, "generated", body)
