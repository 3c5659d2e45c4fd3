"""Faults as data: their copies under a condition, and what can't be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from contracts.definition import loading
from contracts.definition.catalogue import APIS
from contracts.engine import run
from contracts.engine.embedding import embedded
from contracts.errors import ContractError
from contracts.faults import catalogue, server
from contracts.verify import targets

KOHORT = loading.load("kohort")


def test_a_fault_under_a_condition_shows_there_and_nowhere_else() -> None:
    """In euros when joined.

    The amounts of orders that join are wrong, those of all others are right.
    """
    always, joined = (
        catalogue.find(KOHORT, name) for name in ("amount-in-euros", "amount-in-euros-when-joined")
    )
    assert (joined.breaks, joined.response, joined.under) == (always.breaks, always.response, ())
    (target,) = targets.choose(["kohort/create-order"], [], {})
    transport = embedded(server.create_app(KOHORT, joined), target.credentials)
    accepted = [
        exchange
        for exchange in run.run(KOHORT, transport, targets.settings(target)).exchanges
        if exchange.accepted
        and exchange.case.operation is None
        and isinstance(exchange.request.value, dict)
    ]
    assert len({e.request.value.get("paymentGroupShareId") is None for e in accepted}) == 2
    for exchange in accepted:
        if exchange.request.value["amount"] == 0:  # nothing is the same in euros and in cents
            continue
        right = exchange.value["amount"] == exchange.request.value["amount"]
        assert right is (exchange.request.value.get("paymentGroupShareId") is None)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("when-joined = {", "joined = {"), ("under = [\n", "when = { first = 1 }\nunder = [\n")],
)
def test_a_wrong_condition_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: str, becomes: str
) -> None:
    """A slip in the data names the file and the fault.

    A name that no condition has, or two conditions at once.
    """
    folder = shutil.copytree(APIS / "kohort" / "create-order", tmp_path / "kohort")
    path = folder / "faults.toml"
    path.write_text(path.read_text("utf-8").replace(was, becomes, 1), "utf-8")
    monkeypatch.setattr(catalogue, "shipped_folder", lambda _: folder)
    with pytest.raises(ContractError, match=r"faults.toml: amount-in-euros: expected no `when`"):
        catalogue.load(KOHORT)


def test_a_later_revision_has_the_conditions_of_the_one_before() -> None:
    """So what it keeps of the faults is kept under them."""
    known = {fault.id for fault in catalogue.load(loading.load("kohort@2"))}
    assert "amount-in-euros-for-en-US" in known
