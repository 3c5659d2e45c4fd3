"""What all looks at a clause come to: its outcome, and a finding for each thing wrong."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from contracts import clause_ids, model
from contracts.judge.message import words
from contracts.judge.operators import OPERATORS
from contracts.schema.keywords import with_any_item

CONFLICT = 409
OF_STATES = ("only_in", "within")  # relations by which a request is refused for a thing's state
USUAL_OF_STATES = (CONFLICT, 422)  # what such a refusal has where the page names no status

Explanations = Mapping[int, model.Explanation]


@dataclass(frozen=True)
class Evidence:
    """What the outcomes of a run are drawn from, besides the looks at each clause."""

    exchanges: Sequence[model.Exchange]
    skipped: Sequence[model.Skipped]
    explanations: Explanations
    hollow: Collection[int]

    def counts(self, clause: model.Clause, look: model.Check) -> bool:
        """Whether a look says something: a refusal does not where its body is refused anyway."""
        hollow = clause.kind is model.Kind.REFUSAL and look.exchange.number in self.hollow
        return not (hollow and look.ok)

    @cached_property
    def root(self) -> model.Exchange | None:
        """The exchange in which the plainest request was refused, when every valid one was."""
        return root_cause(self.exchanges)

    @cached_property
    def unread(self) -> str | None:
        """Why no answer to a valid request was read, where all that came were too large."""
        accepted = [e for e in self.exchanges if e.accepted and e.must_accept]
        excess = [dict(exchange.problems).get(clause_ids.UNREAD) for exchange in accepted]
        if not excess or not all(excess):
            return None
        return f"every answer is larger than the suite reads: {excess[0]}"

    def refusal(self, clause_id: str) -> str | None:
        """Return why nothing decided a clause although it was asked for."""
        for exchange in self.exchanges:
            if clause_id not in exchange.case.decides or exchange.accepted:
                continue
            rule = self.explanations.get(exchange.number)
            if rule is not None:
                return f"every request that would decide it is {rule.words}"
            if exchange.number in self.hollow:
                why = "what was made invalid for it is refused without that as well"
                return f"{why}: {words(exchange)}"
        return None


def result_of(
    clause: model.Clause, looks: Sequence[model.Check], evidence: Evidence
) -> model.ClauseResult:
    """Return the outcome of a clause, with the reason where nothing decided it."""
    if any(not look.ok for look in looks):
        return model.ClauseResult(clause, model.Outcome.VIOLATED, _exchanges(looks))
    if evidence.root is not None:
        why = f"the sandbox does not accept the plainest request: {words(evidence.root)}"
        return model.ClauseResult(clause, model.Outcome.UNDECIDED, _exchanges(looks), why)
    if looks:
        return model.ClauseResult(clause, model.Outcome.HELD, _exchanges(looks))
    refused = evidence.refusal(clause.id)
    if refused is not None:
        return model.ClauseResult(clause, model.Outcome.UNDECIDED, 0, refused)
    own = [skip for skip in evidence.skipped if clause.id in skip.case.decides]
    why = own[0].why if own else _idle(clause)
    if not own and clause.kind in (model.Kind.KEYWORD, model.Kind.RELATION, model.Kind.PROTOCOL):
        if evidence.unread is not None:
            return model.ClauseResult(
                clause, model.Outcome.NOT_EXERCISED, 0, evidence.unread, "memory"
            )
        # any request that would have been accepted may have exercised it
        own = [skip for skip in evidence.skipped if not skip.case.must_refuse]
    lack = next((skip.left_out for skip in own if skip.left_out), None)
    return model.ClauseResult(clause, model.Outcome.NOT_EXERCISED, 0, why, lack)


def _idle(clause: model.Clause) -> str:
    if clause.kind is model.Kind.KEYWORD:
        return "no accepted response had the member that it speaks of"
    if clause.kind is model.Kind.RELATION:
        return OPERATORS[clause.arguments["op"]].idle
    if clause.kind is model.Kind.PROTOCOL:
        return "no request was accepted"
    return "no answered request of the plan decides it"


def findings_of(clause: model.Clause, looks: Sequence[model.Check]) -> Iterator[model.Finding]:
    """Yield a finding for each way in which a clause is broken, by what shows it best."""
    groups: dict[str, list[model.Check]] = defaultdict(list)
    for look in looks:
        if not look.ok:
            groups[_group(clause, look)].append(look)
    for group in groups.values():
        look = min(group, key=_telling)
        yield model.Finding(
            *(clause, look.exchange, look.place, look.expected, look.got),
            occurrences=_exchanges(group),
            looks=_exchanges(looks),
            explanation=look.explanation,
        )


def _group(clause: model.Clause, look: model.Check) -> str:
    """Return what the looks of one finding have in common: its rule, its case or its place."""
    if look.explanation is not None:
        return look.explanation.words
    if clause.kind is model.Kind.ROBUSTNESS:  # of a race that is asked for several times, once
        case = look.exchange.case
        return f"{case.label.partition(', round ')[0]} {sorted(case.states.items())}"
    return with_any_item(look.place)


def _exchanges(looks: Sequence[model.Check]) -> int:
    """Count the exchanges that were looked at: in some, a clause speaks of several places."""
    return len({id(check.exchange) for check in looks})


def _telling(check: model.Check) -> tuple[bool, int]:
    """Return a key that puts valid requests before open ones, and short before long ones."""
    exchange = check.exchange
    return not exchange.must_accept, len(exchange.request.body or b"")


def root_cause(exchanges: Sequence[model.Exchange]) -> model.Exchange | None:
    """Return the exchange that refused the plainest request; None if any valid one passed."""
    if any(exchange.accepted for exchange in exchanges if exchange.must_accept):
        return None
    plainest = [each for each in exchanges if clause_ids.TYPICAL in each.case.decides]
    if any(exchange.accepted for exchange in plainest):
        return None
    return plainest[0] if plainest else None


def needs_a_body(contract: model.Contract, exchanges: Sequence[model.Exchange]) -> bool:
    """Whether a sandbox refuses what has no body, of which its page says nothing, and takes one.

    No sentence of the page is broken then: which request is valid is not known.
    """
    bodies = [each for each in exchanges if each.accepted and each.request.body]
    return contract.request is None and bool(bodies) and root_cause(exchanges) is not None


def is_in_other_state(contract: model.Contract, exchanges: Sequence[model.Exchange]) -> bool:
    """Whether what an operation acts on is never in the state that it needs, as 409 says."""
    root = root_cause(exchanges)
    if root is None or not contract.operation.linked:
        return False
    return root.status == CONFLICT or may_refuse(contract, root)


def may_refuse(contract: model.Contract, exchange: model.Exchange) -> bool:
    """Whether a page says that a request may be refused as this one was: for the thing's state."""
    rows = [row.arguments for row in contract.relations if row.arguments["op"] in OF_STATES]
    statuses = {status for row in rows for status in row.get("status") or USUAL_OF_STATES}
    return exchange.status in statuses


def all_alike(
    contract: model.Contract, outcome: model.Outcome, why: str
) -> tuple[model.ClauseResult, ...]:
    """Return one outcome for all clauses of an operation, where none is looked at by itself."""
    return tuple(model.ClauseResult(clause, outcome, 0, why) for clause in contract.clauses)
