"""What a mock remembers of a test, and what is wrong with an answer of the test's own."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from contracts.mocks.complaints import Complaint
from contracts.model import Case, Contract, Region
from contracts.schema.checks import broken


class GivenAnswerWarning(UserWarning):
    """An answer that a test gives breaks the contract."""


@dataclass(slots=True)
class Notice:
    """Complaints about one request, said once."""

    request: httpx.Request | None  # None for what no httpx client sent
    number: int
    complaints: tuple[Complaint, ...] = ()
    undeclared: str = ""
    is_said: bool = False


def as_case(number: int, complaints: Sequence[Complaint], operation: str | None) -> Case:
    """Return the case that a client's request is, by what is wrong with it."""
    regions = {complaint.region for complaint in complaints}
    region = next((r for r in (Region.INVALID, Region.OPEN) if r in regions), Region.VALID)
    decides = tuple(complaint.clause.id for complaint in complaints)
    return Case(number, region, "of the client", decides=decides, operation=operation)


def warn_of_answer(contract: Contract, body: Any) -> None:
    """Warn of an answer of a test's own that the contract does not allow."""
    places = [
        f"{check.place or 'the body'}: expected {check.expected}, got {check.got} "
        f"(response.{check.keyword.clause})"
        for check in broken(contract.response, body)
    ]
    if places:
        more = f", and {len(places) - 3} more" if len(places) > 3 else ""
        broken_at = f"{'; '.join(places[:3])}{more}"
        text = f"the answer that the test gives breaks the contract at {broken_at}"
        warnings.warn(text, GivenAnswerWarning, stacklevel=3)
