"""What an operation changes is read afterwards, where another one of its API does so."""

from contracts.model import ABSENT, Region
from contracts.planning.bodies.templates import references, shared
from contracts.planning.draft import Draft

READS = "read_by"  # of a relation: the operation that reads


def read_afterwards(draft: Draft) -> None:
    """Change something once more, in the body that differs most, and read it."""
    relations = [clause for clause in draft.contract.relations if READS in clause.arguments]
    bodies = [
        case
        for case in draft.cases
        if case.must_accept and isinstance(case.body, dict)
        if not references(case.body) and not shared(case.body)
    ]
    plain = draft.body if isinstance(draft.body, dict) else {}
    for clause in relations if bodies else ():
        most = max(bodies, key=lambda case: sum(plain.get(n) != v for n, v in case.body.items()))
        change = draft.add(
            Region.VALID, "change it", most.body, decides=most.decides, states=most.states
        )
        draft.add(
            Region.VALID,
            "read what was changed",
            ABSENT,
            operation=clause.arguments[READS],
            decides=(clause.id,),
            after=(change.number,),
        )
