"""The plan of an operation that deletes what another operation of its API creates."""

from contracts import clause_ids
from contracts.model import Case, Contract, Region
from contracts.planning.bodies.templates import HandedOut
from contracts.planning.cases.reading_draft import ReadingDraft, creator, links_to_path
from contracts.planning.cases.refused_reads import refused_reads


def deleting_cases(contract: Contract, seed: int, first: Case) -> tuple[Case, ...]:
    """Return the cases: each deletes something of its own, which is read afterwards.

    `first` is the plainest case of the operation that creates.
    """
    draft = ReadingDraft(contract, creator(contract), seed)
    created = draft.create("create", first.body)
    draft.read("delete what was created", created, decides=(clause_ids.TYPICAL,))
    _look(draft, created)
    other = draft.create("create another", first.body)
    refused_reads(draft, other)
    draft.read("delete the other", other)
    _look(draft, other)
    draft.read("delete it again", other, Region.OPEN, (), observes=("delete.again",))
    return tuple(draft.cases)


def _look(draft: ReadingDraft, created: Case) -> None:
    """Read what was deleted, where an operation reads it at the same address."""
    for other in draft.contract.others.values():
        operation = other.operation
        if operation.method == "GET" and operation.path == draft.contract.operation.path:
            takes = {
                link.name: HandedOut(link.pointer, (created.number,))
                for link in links_to_path(other)
                if link.source == created.operation
            }
            label, after = "read what was deleted", (draft.cases[-1].number,)
            draft.add(Region.OPEN, label, operation=operation.name, takes=takes, after=after)
