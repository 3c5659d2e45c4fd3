"""What a sandbox does where the page is silent: no clause, but worth knowing and comparing."""

from collections.abc import Iterator, Sequence
from typing import Any

from contracts import clause_ids
from contracts.judge.operators import references
from contracts.model import Contract, Exchange, Failure, Observation, Schema
from contracts.schema.keywords import members

MOST_NAMES = 50  # undocumented members that are named
LONGEST_NAME = 80  # characters of such a name that are shown


def observe(
    contract: Contract, exchanges: Sequence[Exchange], recovered: Sequence[Exchange]
) -> tuple[Observation, ...]:
    """Return one observation for each open state that was sent, and some of successes.

    `recovered` are exchanges that failed once, and not when they were tried again.
    """
    accepted = [each for each in exchanges if each.accepted and each.must_accept]
    behaviour_of = _behaviour_of_states(contract, exchanges) | _successes(contract, accepted)
    failed = {each.answer.detail for each in recovered if isinstance(each.answer, Failure)}
    if failed:
        behaviour_of["transport.failed_once"] = " or ".join(sorted(failed))
    return tuple(Observation(*row) for row in sorted(behaviour_of.items()))


def _successes(contract: Contract, accepted: Sequence[Exchange]) -> dict[str, str]:
    """Return the statuses of successes, and which members these have beyond the page or lack."""
    values = {id(each.value): each.value for each in accepted}.values()  # each once
    rows = {row for value in values for row in _members(contract.response, value, "")}
    extra = sorted(name for name, is_documented in rows if not is_documented)
    behaviour_of = {clause_ids.UNDOCUMENTED_MEMBERS: _listed(extra)}
    if accepted:
        paths = members(contract.response)
        documented = {".".join(name for name in path if name != "[]") for path in paths}
        absent = sorted(documented - {name for name, _ in rows})
        behaviour_of[clause_ids.ABSENT_MEMBERS] = ", ".join(absent) or "none"
    if statuses := sorted({each.status for each in accepted if each.status}):
        behaviour_of["success.status"] = " or ".join(map(str, statuses))
    return behaviour_of


def _listed(names: Sequence[str]) -> str:
    """Return names as a list in words; long names and long lists are cut."""
    texts = [
        name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
        for name in names[:MOST_NAMES]
    ]
    if len(names) > MOST_NAMES:
        texts.append(f"and {len(names) - MOST_NAMES} more")
    return ", ".join(texts) or "none"


def _behaviour_of_states(contract: Contract, exchanges: Sequence[Exchange]) -> dict[str, str]:
    """Return what the sandbox does with each open state of which that is known, by its name.

    A case may have several: it is refused for the one state that was never accepted. A
    caller's own reference may be refused because it came before, which says nothing of what
    came with it. Example: ``{"amount.zero": "accepted 201", "customerId.unknown id": "refused
    404"}``.
    """
    accepted = {
        state: _behaviour(exchange)
        for exchange in exchanges
        if exchange.accepted
        for state in exchange.case.observes
    }
    own = {pointer[1:] for pointer in references(contract)}
    refused = {}
    for exchange in exchanges:
        states = exchange.case.observes
        suspects = [state for state in states if state not in accepted]
        repeated = len(states) > 1 and any(
            state in accepted and state.partition(".")[0] in own for state in states
        )
        if len(suspects) == 1 and not repeated:
            refused[suspects[0]] = _behaviour(exchange)
    return {**refused, **accepted}


def _behaviour(exchange: Exchange) -> str:
    if isinstance(exchange.answer, Failure):
        return f"no answer ({exchange.answer.kind})"
    word = "accepted" if exchange.accepted else "refused" if exchange.refused else "failed"
    return f"{word} {exchange.answer.status}"


def _members(schema: Schema, value: Any, path: str) -> Iterator[tuple[str, bool]]:
    """Yield the path of each member of an answer, and whether the page documents it."""
    members = schema.get("properties")
    if isinstance(value, dict) and members:
        for name, member in value.items():
            yield f"{path}{name}", name in members
            yield from _members(members.get(name, {}), member, f"{path}{name}.")
    elif isinstance(value, list) and "items" in schema:
        for item in value:
            yield from _members(schema["items"], item, path)
