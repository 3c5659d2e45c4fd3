"""Which clauses the tests of a client exercised: what they sent, and which answers they met."""

from collections.abc import Iterator, Sequence
from typing import Any

from contracts import clause_ids
from contracts.definition import loading
from contracts.judge.operators import OPERATORS
from contracts.judge.outcomes import checks
from contracts.model import ABSENT, Clause, Contract, Exchange, Kind
from contracts.schema.jsontext import at

PROPERTY = "contract clauses exercised"


def exercised(contract: Contract, exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """Return ``{"api", "requests", "clauses"}``: the clauses that some exchange was about."""
    exchanges = [exchange for exchange in exchanges if exchange.case.operation is None]
    looks = checks(contract, exchanges, {})
    clauses = {look.clause for look in looks if look.exchange.accepted}
    for exchange in (exchange for exchange in exchanges if exchange.accepted):
        clauses |= set(_states(contract, exchange))
    own = {clause.id for clause in contract.clauses}
    return {"api": contract.api, "requests": len(exchanges), "clauses": sorted(clauses & own)}


def summary(noted: Sequence[Any]) -> Iterator[str]:
    """Yield the lines of the report on all tests, from what `exercised` gave for each."""
    for api in sorted({note["api"] for note in noted}):
        contract = loading.load(api)
        known = {clause for note in noted if note["api"] == api for clause in note["clauses"]}
        ids = [clause.id for clause in contract.clauses if _concerns_clients(clause)]
        missed = [clause for clause in ids if clause not in known]
        requests = sum(note["requests"] for note in noted if note["api"] == api)
        exercised = f"{len(ids) - len(missed)} of {len(ids)} clauses exercised"
        yield f"{api}: {requests} requests, {exercised}"
        for clause in missed:
            yield f"  not exercised: {clause}: {contract.clause(clause).statement}"


def _concerns_clients(clause: Clause) -> bool:
    """Whether a clause is about what a client sends, or reads in one answer."""
    relation = clause.kind is Kind.RELATION and OPERATORS[clause.arguments["op"]].alone
    return relation or clause.kind in (Kind.ACCEPTANCE, Kind.KEYWORD)


def _states(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """Yield the acceptance clauses that an accepted request is an example of."""
    yield clause_ids.TYPICAL
    yield clause_ids.COMBINED
    if contract.request is None:
        return
    sent = exchange.request.value if isinstance(exchange.request.value, dict) else {}
    if sent.keys() == set(contract.request.get("required", ())):
        yield clause_ids.MINIMAL
    for name, member in contract.request["properties"].items():
        value = at(sent, f"/{name}")
        if value is ABSENT:
            yield clause_ids.request(f"{name}.optional")
        elif "enum" in member:
            yield clause_ids.request(f"{name}.{value}")
        else:
            yield clause_ids.request(f"{name}.{'null' if value is None else 'accepted'}")
