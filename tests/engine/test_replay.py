"""What a report keeps of a finding is enough to see it again: by the suite, and by a shell.

`tests.tools.causes.replays` goes over all seeded faults of all operations.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.definition import loading
from contracts.engine.replay import is_violated
from contracts.faults.catalogue import Fault, find
from contracts.faults.embedded import environment
from contracts.model import Failure, Region
from tests.helpers.builders import KOHORT, exchange, order, response
from tests.helpers.nightly import nightly_after
from tests.tools.causes import replays
from tests.tools.causes.measure import app_with

SAMPLE = (
    ("kohort", "locale-when-joined"),  # needs an order that hands out what another one joins
    ("kohort", "same-id"),  # shows in several answers
    ("kohort", "token-by-prefix"),  # a credential is spoiled
    ("kohort", "server-error-on-negative"),
    ("kohort", "refused-is-remembered"),  # needs a refusal before it
    ("kohort/get-order", "another-id"),  # is created first
    ("kohort/list-orders", "one-id"),  # was read a second time, after all was created
    ("komerza/get-order", "another-id"),
)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "fault"), nightly_after(2, SAMPLE))
def test_a_seeded_fault_is_seen_again(
    name: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By ``contracts replay`` and by the printed script, on a fresh sandbox with the same defect.

    On one that conforms ``contracts replay`` says that it is gone.
    """
    for variable, value in environment(loading.load(name)).items():
        monkeypatch.setenv(variable, value)
    assert replays.missed(name, find(loading.load(name), fault)) == []


@pytest.mark.nightly
def test_a_script_does_not_show_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the sweep could miss something: another defect is not taken for the one meant."""
    other = find(KOHORT, "success-200")
    monkeypatch.setattr(replays, "app_with", _first(app_with, other))
    lines = replays.missed("kohort", find(KOHORT, "any-token"))
    assert lines is not None
    assert any("replay with the defect: gone" in line for line in lines)
    assert any("the script does not show it" in line for line in lines)


def _first(make: Any, other: Fault) -> Any:
    """Return what makes the first sandbox with the fault that is asked for, and then another."""
    faults = iter([None])
    return lambda name, known: make(name, next(faults, [other]) or known)


def test_any_refusal_breaks_an_acceptance_again() -> None:
    """And one failure of the connection is enough; an answer that keeps the contract is not."""
    kept = exchange(response(201, order()), {"amount": 100})
    refused = replace(kept, answer=response(400, {"message": "no"}), value={"message": "no"})
    refused = replace(refused, case=replace(kept.case, region=Region.VALID))
    failed = replace(kept, answer=Failure("timeout", "10 s passed"))
    for one, clause in ((refused, "request.typical"), (failed, "robustness.answers")):
        assert is_violated(KOHORT, [one], (), clause)
        assert not is_violated(KOHORT, [kept], (), clause)
