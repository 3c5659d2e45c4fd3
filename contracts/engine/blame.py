"""Further requests that tell which state of a refused valid request is to blame."""

from __future__ import annotations

from collections import Counter
from typing import Any

from contracts.engine.sender import Sender
from contracts.judge.outcomes import plainest_refused, root_cause
from contracts.model import ABSENT, Case, Exchange, Region
from contracts.planning.bodies.fields import acceptance, acceptances, field_states, plain_body
from contracts.planning.bodies.templates import references, sample
from contracts.schema import checks as schema_checks

MINIMAL = ("request.minimal",)


def blame(sender: Sender) -> dict[int, tuple[str, ...]]:
    """Tell for each refused valid exchange which acceptance clauses its refusal violates.

    A state that was accepted elsewhere is not to blame. When several are left, each is tried by
    itself in an otherwise plain request; where plain requests are refused as well, those that
    explain most are to blame.
    """
    history = sender.history
    root = root_cause(history)
    if root is not None:
        return {
            exchange.number: ("request.typical",) if exchange is root else ()
            for exchange in history
        }
    valid = [exchange for exchange in history if exchange.case.region is Region.VALID]
    accepted = {
        pair for exchange in valid if exchange.accepted for pair in exchange.case.states.items()
    }
    refused = [
        exchange
        for exchange in valid
        if exchange.status is not None and 300 <= exchange.status < 500
    ]
    suspects = {
        e.number: [pair for pair in e.case.states.items() if pair not in accepted] for e in refused
    }
    counts = Counter(pair for pairs in suspects.values() for pair in pairs)
    probes = _Probes(sender)
    known = acceptances(sender.contract)
    plain_refused = plainest_refused(history) is not None
    minimal_taken = any(exchange.accepted for exchange in valid if exchange.case.decides == MINIMAL)
    found: dict[int, tuple[str, ...]] = {}
    for exchange in refused:
        if exchange.case.decides == MINIMAL:
            found[exchange.number] = ("request.combined",) if minimal_taken else MINIMAL
            continue
        guilty = suspects[exchange.number]
        if len(guilty) > 1 and plain_refused:
            guilty = [max(guilty, key=lambda pair: counts[pair])]
        elif len(guilty) > 1:
            guilty = [pair for pair in guilty if probes.refused(*pair)]
        if not exchange.case.states and found:
            found[
                exchange.number
            ] = ()  # generated, and there is a plainer refusal to look at first
            continue
        clauses = [acceptance(known, name, state) for name, state in guilty]
        found[exchange.number] = tuple(dict.fromkeys(clauses)) or ("request.combined",)
    return found


class _Probes:
    """Tries states of single fields in otherwise plain requests, each once."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._known: dict[tuple[str, str], bool] = {}
        self._values: dict[tuple[str, str], Any] = {}

    def refused(self, name: str, state: str) -> bool:
        if (name, state) not in self._known:
            self._known[name, state] = self._try(name, state)
        return self._known[name, state]

    def _try(self, name: str, state: str) -> bool:
        contract = self._sender.contract
        if not self._values:
            made = field_states(contract)
            self._values = {
                (field, option.name): option.value
                for field, options in made.items()
                for option in options
            }
        value = self._values[name, state]
        body = {key: member for key, member in plain_body(contract).items() if key != name}
        if references(value):
            planned = [e.case.body[name] for e in self._sender.history if _refers(e.case, name)]
            value = planned[0] if planned else ABSENT
        if value is not ABSENT:
            body[name] = value
        if contract.plausible is None or not schema_checks.fits(contract.plausible, sample(body)):
            return False  # by itself it need not be accepted, so that it is not to blame
        case = Case(0, Region.VALID, f"{name}: {state}, by itself", body, states={name: state})
        done = self._sender.send_further(case)
        return isinstance(done, Exchange) and not done.accepted


def _refers(case: Case, name: str) -> bool:
    return isinstance(case.body, dict) and bool(references(case.body.get(name)))
