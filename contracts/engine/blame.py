"""What refused valid requests are blamed on: a rule of the sandbox, or a state of a member."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts import clause_ids
from contracts.engine.questions import refusals
from contracts.engine.search import Search, is_as_sure
from contracts.engine.sender import Sender
from contracts.judge.business_rules import AS_WRITTEN, NOW_AND_THEN, BusinessRule
from contracts.judge.results import CONFLICT, is_in_other_state, needs_a_body, root_cause
from contracts.model import Exchange, Explanation, Observation
from contracts.planning.bodies.fields import acceptance, acceptances

MINIMAL = (clause_ids.MINIMAL,)
COMBINED = (clause_ids.COMBINED,)


@dataclass
class Blame:
    """By the number of a refused exchange: the clauses it violates, and the rule behind it."""

    clauses: dict[int, tuple[str, ...]] = field(default_factory=dict)
    explanations: dict[int, Explanation] = field(default_factory=dict)
    rules: tuple[BusinessRule, ...] = ()
    observations: tuple[Observation, ...] = ()  # of what the run itself used up


def blame(sender: Sender, search: Search) -> Blame:
    """Return which acceptance clauses refused valid requests violate, and by what rule.

    Where nothing is accepted, the plainest request is all that is held against the sandbox; not
    even that where it takes a body of which its page says nothing.
    """
    history = sender.history
    root = root_cause(history)
    if root is not None:
        contract = sender.contract
        if needs_a_body(contract, history) or is_in_other_state(contract, history):
            return Blame({e.number: () for e in history})
        typical = (clause_ids.TYPICAL,)
        return Blame({e.number: typical if e is root else () for e in history})
    search.look()
    refused = refusals(history)
    blamed = Blame(rules=tuple(search.rules))
    broken = {exchange.number: _broken(exchange, search.rules) for exchange in refused}
    alone = {rules[0] for rules in broken.values() if len(rules) == 1}
    for number, rules in broken.items():
        # of several the sandbox may mean any, so that what breaks one alone is better evidence
        if len(rules) > 1 and alone.issuperset(rules):
            blamed.clauses[number] = ()
        elif rules:
            blamed.clauses[number] = (search.clauses[rules[0]],)
            blamed.explanations[number] = rules[0].explanation
    used_up = search.used_up.observations
    blamed.clauses.update(dict.fromkeys(used_up, ()))
    blamed.observations = tuple(dict.fromkeys(used_up.values()))
    blamed.clauses.update(dict.fromkeys(search.questions.by_chance, COMBINED))
    blamed.explanations.update(dict.fromkeys(search.questions.by_chance, NOW_AND_THEN))
    blamed.clauses.update(dict.fromkeys(search.questions.as_written, COMBINED))
    blamed.explanations.update(dict.fromkeys(search.questions.as_written, AS_WRITTEN))
    if sender.contract.operation.linked:  # it depends on the state of what is there
        conflicts = (exchange.number for exchange in refused if exchange.status == CONFLICT)
        blamed.clauses.update(dict.fromkeys(conflicts, ()))
    _blame_states(sender, refused, blamed)
    return blamed


def _broken(exchange: Exchange, rules: Sequence[BusinessRule]) -> list[BusinessRule]:
    """Return the rules that what was sent breaks."""
    body = exchange.case.body
    sent = exchange.request.value if isinstance(body, bytes) else body
    return [rule for rule in rules if isinstance(sent, dict) and not rule.allows(sent)]


def _blame_states(sender: Sender, refused: Sequence[Exchange], blamed: Blame) -> None:
    """Blame what no rule explains on the state that was accepted nowhere and explains most."""
    valid = [exchange for exchange in sender.history if exchange.must_accept]
    accepted = {pair for e in valid if e.accepted for pair in e.case.states.items()}
    minimal_taken = any(e.accepted for e in valid if e.case.decides == MINIMAL)
    acceptance_ids = acceptances(sender.contract)
    rest = [exchange for exchange in refused if exchange.number not in blamed.clauses]
    states = {exchange.number: exchange.case.states.items() for exchange in rest}
    suspects = {n: [pair for pair in pairs if pair not in accepted] for n, pairs in states.items()}
    counts = Counter(pair for pairs in suspects.values() for pair in pairs)
    for exchange in rest:
        guilty = max(suspects[exchange.number], key=lambda pair: counts[pair], default=None)
        clauses: tuple[str, ...]
        if exchange.case.decides == MINIMAL:
            clauses = COMBINED if minimal_taken else MINIMAL
        elif any(clause_ids.is_about(c, clause_ids.QUERY) for c in exchange.case.decides):
            clauses = exchange.case.decides
        elif not exchange.case.states and blamed.clauses:
            clauses = ()  # generated, and there is a plainer refusal to look at first
        else:
            clauses = (acceptance(acceptance_ids, *guilty),) if guilty else COMBINED
            if not is_as_sure(sender.contract, clauses[0]):
                clauses = COMBINED
        blamed.clauses[exchange.number] = clauses
