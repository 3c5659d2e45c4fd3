"""A sandbox that is asked with bodies one by one, for tests that draw their own.

The plan, the budget and the report of `verification` are left out: what remains is a body
sent, the exchange that came of it, and the clauses that it breaks.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contracts.engine.sender import Sender
from contracts.interop import fuzzing
from contracts.judge.outcomes import checks
from contracts.model import Check, Contract, Exchange, Region, Skipped
from contracts.schema.checks import validator
from contracts.verify import targets
from contracts.verify.options import Options

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


RECENT = 30  # exchanges that an exchange is compared with: each body is judged anew


class Sandbox:
    """A sandbox and the contract that it should keep.

    Tokens, addresses, rates and deadlines are those of the target and the options of a run.
    """

    def __init__(self, target: targets.Target, options: Options) -> None:
        self.contract: Contract = target.contract
        self.transport = target.transport(1)
        settings = targets.settings(target, options, shard=None, budget=10_000_000)
        self.sender = Sender(target.contract, self.transport, settings, uuid.uuid4().hex[:8])

    def bodies(self, region: Region) -> SearchStrategy[Any]:
        """Return the Hypothesis strategy of the bodies of a region."""
        from contracts.interop import strategies  # noqa: PLC0415 - loads Hypothesis

        return strategies.bodies(self.contract, region)

    @cached_property
    def response_validator(self) -> Any:
        """The jsonschema validator of a response body."""
        return validator(self.contract.response)

    def send(self, body: Any, region: Region) -> Exchange:
        """Send a body; LookupError where it refers to something that the sandbox never gave."""
        case = fuzzing.case_of(self.contract, body)
        if case.region is not region:
            raise LookupError(f"this body is {case.region.value}, not {region.value}: {body!r}")
        exchange = self.sender.send_further(case)
        if isinstance(exchange, Skipped):
            raise LookupError(exchange.why)  # noqa: TRY004 - a case that was not sent
        return exchange

    def violations(self, exchange: Exchange) -> list[str]:
        """Return the clauses that one exchange breaks, each with what was expected and what came.

        Relations look at what was sent shortly before as well; only what this exchange shows
        counts.
        """
        return [
            f"{look.clause} at {look.place or 'the whole'}: "
            f"expected {look.expected}, got {look.got}"
            for look in self.broken(exchange, RECENT)
        ]

    def broken(self, exchange: Exchange, remembered: int) -> Iterator[Check]:
        """Yield what one exchange breaks, alone or with as many of those before it."""
        recent = self.sender.history[-remembered:]
        looks = checks(self.contract, recent, {}, self.sender.of_others)
        return (look for look in looks if not look.ok and look.exchange is exchange)

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()
