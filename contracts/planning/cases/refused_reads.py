"""What an operation that reads has to refuse: bad credentials, and addresses of nothing."""

import random
import uuid

from contracts import clause_ids
from contracts.model import CREDENTIAL, Case, Region
from contracts.planning.cases.reading_draft import ReadingDraft

FURTHER_FORMS = 3  # of bad credentials: an operation that creates is asked with all of them


def refused_reads(draft: ReadingDraft, first: Case) -> None:
    """Ask with what is no credential, for what nobody was given, and as another tenant."""
    _credentials(draft, first)
    _addresses(draft, first)
    operation = draft.contract.operation
    if not operation.linked and "other_token" in operation.credentials:
        decides = tuple(
            clause.id for clause in draft.contract.clauses if "needs" in clause.arguments
        )
        draft.read(
            Region.OPEN,
            "list as another tenant",
            None,
            authorization=operation.other_credential,
            needs="other_token",
            decides=decides,
        )


def _credentials(draft: ReadingDraft, first: Case) -> None:
    """Ask with each kind of bad credential, and with some of their further forms, by seed."""
    clauses = [
        clause
        for clause in draft.contract.clauses
        if clause_ids.is_about(clause.id, clause_ids.AUTHORIZATION)
    ]
    forms = [(c, form) for c in clauses for form in c.arguments["authorization"].items()]
    plain = [(clause, form) for clause, form in forms if not form[0]]
    further = [(clause, form) for clause, form in forms if form[0]]
    turn = draft.seed * FURTHER_FORMS % max(len(further), 1)
    kept = [*plain, *[*further[turn:], *further[:turn]][:FURTHER_FORMS]]
    for clause, (special, header) in kept:
        draft.read(
            Region.INVALID,
            f"{clause.statement.removesuffix(' is refused')}{special}",
            first,
            authorization=header,
            decides=(clause.id,),
            needs=clause.needs,
        )


def _addresses(draft: ReadingDraft, first: Case) -> None:
    """Ask for what nobody was given, for what is no id, and for what is another tenant's."""
    operation = draft.contract.operation
    digits = random.Random(draft.seed)  # noqa: S311 - a plan has to be the same for the same seed
    known = {clause.id for clause in draft.contract.clauses}
    for clause in draft.contract.clauses:
        if not clause_ids.is_about(clause.id, clause_ids.ADDRESS):
            continue
        kind, thing = clause_ids.address_parts(clause.id)
        name = next(
            one
            for one in (*operation.linked, *operation.parameters)
            if clause_ids.thing(one) == thing
        )
        has_form = clause_ids.malformed(name) in known
        for label, value in _wrong_values(kind, name, digits, has_form=has_form):
            header = CREDENTIAL
            if kind == "hidden":
                header = operation.other_credential
            draft.read(
                Region.INVALID,
                label,
                first,
                path={name: value},
                decides=(clause.id,),
                needs=clause.needs,
                authorization=header,
            )


def _wrong_values(
    kind: str, name: str, digits: random.Random, *, has_form: bool
) -> list[tuple[str, str]]:
    """Return (label, value) for a path parameter that must be refused.

    An id with something behind it is malformed where ids have a form, and else an unknown one.
    """
    unknown = str(uuid.UUID(int=digits.getrandbits(128), version=4))
    extended = [(f"{name} with something behind it", f"{{{name}}}-unknown")]
    return {
        "unknown": [(f"an unknown {name}", unknown), *([] if has_form else extended)],
        "malformed": [
            (f"a malformed {name}", "nothing-of-the-kind"),
            (f"{name} cut", f"{{{name}:cut}}"),
            *extended,
        ],
        "foreign": [(f"another tenant's {name}", f"{{foreign_{name}}}")],
        "hidden": [(f"{name} with another tenant's token", f"{{{name}}}")],
    }[kind]
