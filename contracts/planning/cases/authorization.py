"""Cases that have to be refused for who asks or where.

Credentials that are none, addresses of nothing of one's own.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.model import CREDENTIAL, Case, Region
from contracts.planning.draft import Draft, one_donor, plainest_first, rest

# what is asked for in other bodies as well, the plainest of each; where there are few such bodies,
# the first of these
WHATEVER = (
    "authorization.absent",
    "authorization.unknown",
    "authorization.permission",
    "address.unknown",
    "address.foreign",
)


@dataclass(frozen=True, slots=True)
class Shut:
    """What a request is refused for, whatever it asks for.

    And the clause that its refusal decides.
    """

    clause: str
    label: str
    authorization: str | None = CREDENTIAL
    path: Mapping[str, str] = field(default_factory=dict)
    needs: str | None = None


def shut_out(draft: Draft) -> list[Shut]:
    """Give every credential that is none, and every address of what is none.

    Does not exist or is another's.
    """
    return [*_credentials(draft), *_addresses(draft)]


def refused(draft: Draft, shut: Sequence[Shut]) -> list[Case]:
    """Ask with each of them.

    For the plainest order with the first of each clause, then for others.
    """
    others = plainest_first([one.clause for one in shut], [*draft.minimal, *draft.richest])
    return [_refused(draft, one, other) for one, other in zip(shut, others, strict=True)]


def refused_in_other_bodies(draft: Draft, shut: Sequence[Shut]) -> None:
    """Ask again, when many orders were made.

    For one that refers, for the smallest, or with any body at all.
    """
    plainest = [
        next((one for one in shut if one.clause.startswith(clause)), None) for clause in WHATEVER
    ]
    wanted = [one for one in plainest if one is not None]
    others = [*draft.richest[:1], *draft.minimal]
    if others:
        for one, other in zip(wanted, others, strict=False):
            _refused(draft, one, other)
    elif draft.contract.operation.takes_body:
        body: Any = next((body for body in draft.contract.open_bodies.values() if body), {})
        for one in wanted:
            _refused(draft, replace(one, label=f"{one.label}, with a body"), body=body)


def _refused(draft: Draft, shut: Shut, other: Case | None = None, body: Any = ...) -> Case:
    return draft.add(
        Region.INVALID,
        f"{shut.label}{rest(other)}",
        body if other is None else one_donor(other.body),
        decides=(shut.clause,),
        authorization=shut.authorization,
        path=shut.path,
        needs=shut.needs,
    )


def _credentials(draft: Draft) -> Iterator[Shut]:
    """Yield every credential that is none, and the one without the permission.

    Also at an address in capitals.
    """
    for clause in draft.contract.clauses:
        if not clause.id.startswith("authorization."):
            continue
        label = clause.statement.removesuffix(" is refused")
        for special, header in clause.arguments["authorization"].items():
            yield Shut(clause.id, f"{label}{special}", header, needs=clause.needs)
        for name in draft.contract.operation.parameters if clause.needs else ():
            header, path = clause.arguments["authorization"][""], {name: f"{{{name}:capitals}}"}
            yield Shut(clause.id, f"{label}, {name} in capitals", header, path, clause.needs)


def _addresses(draft: Draft) -> Iterator[Shut]:
    known = {clause.id for clause in draft.contract.clauses}
    for name in draft.contract.operation.parameters:
        for clause, label, value, needs in _wrong_values(draft, name):
            if clause in known:
                yield Shut(clause, label, path={name: value}, needs=needs)


def _wrong_values(draft: Draft, name: str) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield (clause, label, value, needed credential) for path parameters that must be refused."""
    thing = name.removesuffix("Id")
    digits = random.Random(draft.seed)  # noqa: S311 - a plan has to be the same for the same seed
    unknown = str(uuid.UUID(int=digits.getrandbits(128), version=4))
    for value in (unknown, str(uuid.UUID(int=0)), f"{{{name}:altered}}"):
        yield f"address.unknown_{thing}", f"an unknown {name}", value, None
    for value in ("nothing-of-the-kind", "42", f"{{{name}:cut}}", f"{{{name}:extended}}"):
        yield f"address.malformed_{thing}", f"a malformed {name}", value, None
    foreign = f"foreign_{name}"
    if foreign in draft.contract.operation.credentials:
        for label, suffix in (("", ""), (" in capitals", ":capitals")):
            yield (
                f"address.foreign_{thing}",
                f"another tenant's {name}{label}",
                f"{{{foreign}{suffix}}}",
                foreign,
            )
