"""The plan of an operation that deletes, and what one that reads or deletes has to refuse."""

import random
import uuid

from contracts import clause_ids
from contracts.model import CREDENTIAL, Case, Contract, Region
from contracts.planning.bodies.templates import HandedOut, chance
from contracts.planning.cases.authorization import MustRefuse, bad_credentials, wrong_parameters
from contracts.planning.cases.reading_draft import ReadingDraft, creator, links_to_path

FURTHER_FORMS = 3  # of bad credentials: an operation that creates is asked with all of them


def refused_reads(draft: ReadingDraft, first: Case) -> None:
    """Ask with what is no credential, for what nobody was given, and as another tenant."""
    _credentials(draft, first)
    _addresses(draft, first)
    operation = draft.contract.operation
    if not operation.linked and "other_token" in operation.credentials:
        clauses = draft.contract.clauses
        draft.read(
            "list as another tenant",
            None,
            Region.OPEN,
            decides=tuple(clause.id for clause in clauses if "needs" in clause.arguments),
            authorization=operation.other_credential,
            needs="other_token",
        )


def _credentials(draft: ReadingDraft, first: Case) -> None:
    """Ask with each kind of bad credential, and with some of their further forms, by seed."""
    reasons = bad_credentials(draft.contract)
    plain = [reason for reason in reasons if not reason.form]
    further = [reason for reason in reasons if reason.form]
    turn = draft.seed * FURTHER_FORMS % max(len(further), 1)
    for reason in [*plain, *[*further[turn:], *further[:turn]][:FURTHER_FORMS]]:
        _refuse(draft, first, reason)
    for reason in wrong_parameters(draft.contract):
        _refuse(draft, first, reason)


def _addresses(draft: ReadingDraft, first: Case) -> None:
    """Ask for what nobody was given, for what is no id, and for what is another tenant's."""
    operation = draft.contract.operation
    digits = chance(draft.seed)
    known = {clause.id for clause in draft.contract.clauses}
    for clause in draft.contract.clauses:
        if not clause_ids.is_about(clause.id, clause_ids.ADDRESS):
            continue
        kind, thing = clause_ids.address_parts(clause.id)
        parameters = (*operation.linked, *operation.parameters)
        name = next(parameter for parameter in parameters if clause_ids.thing(parameter) == thing)
        has_form = clause_ids.malformed(name) in known
        header = operation.other_credential if kind == "hidden" else CREDENTIAL
        for label, value in _wrong_values(kind, name, digits, has_form=has_form):
            reason = MustRefuse(clause.id, label, header, {name: value}, clause.needs)
            _refuse(draft, first, reason)


def _refuse(draft: ReadingDraft, first: Case, reason: MustRefuse) -> None:
    """Ask for what was created first, with something that has to be refused."""
    draft.read(
        reason.label,
        first,
        Region.INVALID,
        after=(first.number,),
        **reason.asked,
    )


def _wrong_values(
    kind: str, name: str, digits: random.Random, *, has_form: bool
) -> list[tuple[str, str]]:
    """Return (label, value) for a path parameter that must be refused.

    An id with something behind it is malformed where ids have a form, and else an unknown one.
    """
    unknown = str(uuid.UUID(int=digits.getrandbits(128), version=4))
    extended = [(f"{name} with something behind it", f"{{{name}}}-unknown")]
    beyond = [(f"a {name} beyond all others", f"{{{name}:beyond}}")]
    return {
        "unknown": [(f"an unknown {name}", unknown), *([] if has_form else beyond)],
        "malformed": [
            (f"a malformed {name}", "nothing-of-the-kind"),
            (f"{name} cut", f"{{{name}:cut}}"),
            *extended,
        ],
        "foreign": [(f"another tenant's {name}", f"{{foreign_{name}}}")],
        "hidden": [(f"{name} with another tenant's token", f"{{{name}}}")],
    }[kind]


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
