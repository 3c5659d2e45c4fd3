"""Cases that have to be refused for who asks or where: bad credentials, addresses of others."""

import itertools
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contracts import clause_ids
from contracts.model import CREDENTIAL, Authorization, Case, Contract, Region
from contracts.planning.bodies.templates import chance, sample
from contracts.planning.draft import Draft, one_donor, rest
from contracts.planning.hosts import plainest_first
from contracts.schema.jsontext import encode

# a check may be skipped for orders that join a group, so these are tried in other bodies too
CLAUSES_TRIED_IN_EVERY_BODY = (
    clause_ids.ABSENT,
    clause_ids.UNKNOWN_TOKEN,
    clause_ids.PERMISSION,
    clause_ids.unknown(""),
    clause_ids.foreign(""),
)


@dataclass(frozen=True, slots=True)
class MustRefuse:
    """Why a request is refused, whatever it asks for, and the clause that this decides."""

    clause: str
    label: str
    authorization: Authorization = CREDENTIAL
    path: Mapping[str, str] = field(default_factory=dict)
    needs: str | None = None
    form: str = ""  # what is special about how it is asked; nothing of the plainest
    query: Mapping[str, str] = field(default_factory=dict)
    leaves_out: tuple[str, ...] = ()

    @property
    def asked(self) -> dict[str, Any]:
        """How a case is asked that is refused for this: its part of the arguments of `Case`."""
        return {
            "decides": (self.clause,),
            "authorization": self.authorization,
            "path": self.path,
            "needs": self.needs,
            "query": self.query,
            "leaves_out": self.leaves_out,
        }


def refusal_cases(draft: Draft) -> list[MustRefuse]:
    """Return what must be refused whatever is asked for.

    Bad credentials, path ids that are malformed, unknown or another tenant's, wrong parameters.
    """
    return [*_credentials(draft), *_addresses(draft), *wrong_parameters(draft.contract)]


def refused(draft: Draft, reasons: Sequence[MustRefuse], hosts: Sequence[Case]) -> Iterator[Case]:
    """Pair each reason with a body: the first of a clause with the plainest, others `hosts`.

    Where no body is documented, those that an integrator might send take the place of `hosts`.
    """
    others = plainest_first(draft, [reason.clause for reason in reasons], hosts)
    likely = itertools.cycle(likely_bodies(draft.contract) or [draft.body])
    clauses: set[str] = set()
    for reason, other in zip(reasons, others, strict=True):
        if hosts or reason.clause not in clauses:
            yield _refused(draft, reason, other)
        else:
            yield _refused(draft, _said(reason, "with a body"), body=next(likely))
        clauses.add(reason.clause)


def likely_bodies(contract: Contract) -> list[Any]:
    """Return the objects of an undocumented body that a caller might send, the richest first."""
    if not contract.operation.takes_body:
        return []
    objects = [body for body in contract.open_bodies.values() if body and isinstance(body, dict)]
    return sorted(objects, key=len, reverse=True)


def refused_in_other_bodies(
    draft: Draft, reasons: Sequence[MustRefuse], hosts: Sequence[Case]
) -> Iterator[Case]:
    """Ask again when many orders exist: in each of the bodies, and with any body at all.

    Where a body is documented, also with one that is no JSON text: whatever is wrong first.
    """
    plainest = [
        next((reason for reason in reasons if reason.clause.startswith(clause)), None)
        for clause in CLAUSES_TRIED_IN_EVERY_BODY
    ]
    plain = [reason for reason in plainest if reason is not None]
    if hosts:
        for reason in plain:
            for other in hosts:
                yield _refused(draft, reason, other)
        cut_off = encode(sample(draft.body))[:-1]
        for reason in plain:
            yield _refused(draft, _said(reason, "with a body that is cut off"), body=cut_off)
    elif draft.contract.operation.takes_body:
        bodies = likely_bodies(draft.contract) or [{}]
        for number, reason in enumerate(plain):
            for body in (bodies[number % len(bodies)], bodies[-1 - number % len(bodies)]):
                yield _refused(draft, _said(reason, "with a body"), body=body)


def _said(reason: MustRefuse, more: str) -> MustRefuse:
    """Return a reason whose label says more."""
    return replace(reason, label=f"{reason.label}, {more}")


def _refused(draft: Draft, reason: MustRefuse, other: Case | None = None, body: Any = ...) -> Case:
    return draft.add(
        Region.INVALID,
        f"{reason.label}{rest(other)}",
        body if other is None else one_donor(other.body),
        **reason.asked,
    )


def _credentials(draft: Draft) -> Iterator[MustRefuse]:
    """Yield every bad credential; the plainest of them also at an id in capitals."""
    reasons = bad_credentials(draft.contract)
    yield from reasons
    likely = (clause_ids.ABSENT, clause_ids.UNKNOWN_TOKEN, clause_ids.PERMISSION)
    for reason in [each for each in reasons if each.clause in likely and not each.form]:
        for name in draft.contract.operation.parameters:
            label = f"{reason.label}, {name} in capitals"
            path = {name: f"{{{name}:capitals}}"}
            yield replace(reason, label=label, path=path)


def bad_credentials(contract: Contract) -> list[MustRefuse]:
    """Return each form of each credential that must be refused."""
    return [
        MustRefuse(
            clause.id,
            f"{clause.statement.removesuffix(' is refused')}{form}",
            header,
            needs=clause.needs,
            form=form,
        )
        for clause in contract.clauses
        if clause_ids.is_about(clause.id, clause_ids.AUTHORIZATION)
        for form, header in clause.arguments["authorization"].items()
    ]


def wrong_parameters(contract: Contract) -> list[MustRefuse]:
    """Return each parameter of query and headers that is left out or wrong."""
    return [
        MustRefuse(
            clause.id,
            clause.statement.removesuffix(" is refused"),
            query=clause.arguments.get("query", {}),
            leaves_out=tuple(filter(None, [clause.arguments.get("leaves_out")])),
        )
        for clause in contract.clauses
        if clause_ids.is_about(clause.id, clause_ids.PARAMETER)
    ]


def _addresses(draft: Draft) -> Iterator[MustRefuse]:
    ids = draft.contract.clause_ids
    operation = draft.contract.operation
    for name in operation.path_names:
        for clause, label, value, needs in _wrong_values(draft, name):
            if clause in ids:
                yield MustRefuse(clause, label, path={name: value}, needs=needs)
        label = f"{name} with another tenant's token"
        for foreign in (clause_ids.foreign(name), clause_ids.hidden(name)):
            if foreign in ids and "other_token" in operation.credentials:
                yield MustRefuse(foreign, label, operation.other_credential, needs="other_token")


def _wrong_values(draft: Draft, name: str) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield (clause, label, value, needed credential) for path parameters that must be refused."""
    unknown = str(uuid.UUID(int=chance(draft.seed).getrandbits(128), version=4))
    altered = [f"{{{name}:altered}}"]
    if name in draft.contract.operation.linked:  # another number may be there as well
        has_form = clause_ids.malformed(name) in draft.contract.clause_ids
        altered = [] if has_form else [f"{{{name}:beyond}}"]
    for value in (unknown, str(uuid.UUID(int=0)), *altered):
        yield clause_ids.unknown(name), f"an unknown {name}", value, None
    for value in ("nothing-of-the-kind", "42", f"{{{name}:cut}}", f"{{{name}:extended}}"):
        yield clause_ids.malformed(name), f"a malformed {name}", value, None
    foreign = f"foreign_{name}"
    if foreign in draft.contract.operation.credentials:
        for label, suffix in (("", ""), (" in capitals", ":capitals")):
            yield (
                clause_ids.foreign(name),
                f"another tenant's {name}{label}",
                f"{{{foreign}{suffix}}}",
                foreign,
            )
