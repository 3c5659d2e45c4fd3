"""The plan of an operation that reads or deletes, while it is made, and what has to be refused."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts import clause_ids
from contracts.model import CREDENTIAL, Case, Contract, Link, Region
from contracts.planning.bodies.everyday import AMOUNTS, amounts_of
from contracts.planning.bodies.templates import HandedOut, chance
from contracts.planning.cases.authorization import MustRefuse, bad_credentials, wrong_parameters
from contracts.schema.jsontext import is_number


@dataclass
class ReadingDraft:
    """The cases of an operation that reads, as they are added."""

    contract: Contract
    creator: Contract  # what creates the things that are read
    seed: int
    cases: list[Case] = field(default_factory=list)

    def add(self, region: Region, label: str, **more: Any) -> Case:
        """Append a case of the operation itself; more arguments are those of `Case`."""
        case = Case(len(self.cases) + 1, region, label, **more)
        self.cases.append(case)
        return case

    @property
    def made_beside(self) -> dict[str, Any]:
        """The members that let a creation make what is read, where that is not the thing itself."""
        name = self.creator.operation.name
        created = self.creator.operation.created
        links = links_to_path(self.contract)
        if all(link.source != name or link.pointer == created for link in links):
            return {}
        return {
            name: schema["x-reference"]["created_by"]
            for name, schema in self.creator.plausible_members.items()
            if "created_by" in schema.get("x-reference", {})
        }

    def create(self, label: str, body: Any, region: Region = Region.VALID, **more: Any) -> Case:
        """Append a case that creates something to be read."""
        operation = self.creator.operation.name
        return self.add(region, label, body=self._of_its_own(body), operation=operation, **more)

    def _of_its_own(self, body: Any) -> Any:
        """Return a body whose everyday numbers are others than in the plan of what creates.

        A server may refuse what it was sent a moment before.
        """
        if not isinstance(body, dict):
            return body
        own = dict(body)
        for name, value in body.items():
            if is_number(value) and value in AMOUNTS:
                other = AMOUNTS[(AMOUNTS.index(value) + len(AMOUNTS) // 2) % len(AMOUNTS)]
                own[name] = other if other in amounts_of(self.creator, name) else value
        return own

    def read(
        self,
        label: str,
        of: Case | None,
        region: Region = Region.VALID,
        decides: tuple[str, ...] = (clause_ids.COMBINED,),
        after: tuple[int, ...] | None = None,
        **more: Any,
    ) -> Case:
        """Append a case that reads what another one created; a list needs no such case.

        Unless told otherwise it comes after all that was created.
        """
        takes = {
            link.name: HandedOut(link.pointer, (of.number,))
            for link in links_to_path(self.contract)
            if of is not None and link.source == of.operation
        }
        if after is None:
            after = tuple(case.number for case in self.cases if case.operation)
        return self.add(region, label, takes=takes, after=after, decides=decides, **more)

    def read_by_query(self, label: str, of: Case | None, created: Sequence[Case]) -> None:
        """Append a case that reads with each documented value of each query parameter.

        Of those that are linked, with what the first of `created` has that has something.
        """
        target = (self.contract.operation.name, "query")
        for link in self.contract.links:
            donors = tuple(case.number for case in created if case.operation == link.source)
            if (link.target, link.place) == target and donors:
                shown = {link.name: HandedOut(link.pointer, donors)}
                self.read(f"{label} with the {link.name} of what was created", of, query=shown)
        for name, parameter in self.contract.operation.query.items():
            for value in parameter.values:
                decides = (clause_ids.query(name, value),)
                query = {name: value}
                self.read(f"{label} with {name}={value}", of, decides=decides, query=query)


def links_to_path(contract: Contract) -> list[Link]:
    """Return the links that give an operation the values of its path parameters."""
    name = contract.operation.name
    return [link for link in contract.links if link.target == name and link.place == "path"]


def links_to_body(contract: Contract, pointer: str) -> list[Link]:
    """Return the links of an API that give a body what stands at a pointer."""
    return [link for link in contract.links if (link.place, link.name) == ("body", pointer)]


def creator(contract: Contract) -> Contract:
    """Return the contract of what creates the things that an operation reads."""
    links = links_to_path(contract)
    creators = [other for other in contract.others.values() if other.creates]
    same = [other for other in creators if other.operation.path == contract.operation.path]
    if links and not same:
        last = max(links, key=lambda link: contract.operation.path.find(f"{{{link.name}}}"))
        return contract.others[last.source]
    return (same or creators)[0]


def is_list(contract: Contract) -> bool:
    """Whether an operation reads all that another one creates at its address."""
    makes = creator(contract).operation
    same_address = makes.path == contract.operation.path and not makes.chosen
    return not links_to_path(contract) or same_address


FURTHER_FORMS = 1  # of bad credentials: an operation that creates is asked with all of them


def refused_reads(draft: ReadingDraft, first: Case) -> None:
    """Ask with what is no credential, for what nobody was given, and as another tenant."""
    _credentials(draft, first)
    _addresses(draft, first)
    operation = draft.contract.operation
    if not operation.linked and "other_token" in operation.credentials:
        # the relations that look at what another tenant's token is shown
        relations = [row for row in draft.contract.relations if "needs" in row.arguments]
        draft.read(
            "list as another tenant",
            None,
            Region.OPEN,
            decides=tuple(relation.id for relation in relations),
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
    for clause in draft.contract.clauses:
        if not clause_ids.is_about(clause.id, clause_ids.ADDRESS):
            continue
        kind, thing = clause_ids.address_parts(clause.id)
        parameters = (*operation.linked, *operation.parameters)
        name = next(parameter for parameter in parameters if clause_ids.thing(parameter) == thing)
        has_form = clause_ids.malformed(name) in draft.contract.clause_ids
        header = operation.other_credential if kind == "hidden" else CREDENTIAL
        for label, value in _wrong_values(kind, name, digits, has_form=has_form):
            reason = MustRefuse(clause.id, label, header, {name: value}, clause.needs)
            _refuse(draft, first, reason)


def _refuse(draft: ReadingDraft, first: Case, reason: MustRefuse) -> None:
    """Ask for what was created first, with something that has to be refused."""
    draft.read(reason.label, first, Region.INVALID, after=(first.number,), **reason.asked)


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


def deleting_cases(contract: Contract, seed: int, first: Case) -> ReadingDraft:
    """Return a plan: each deletes something of its own, which is read afterwards.

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
    return draft


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
            label = "read what was deleted"
            after = (draft.cases[-1].number,)
            draft.add(Region.OPEN, label, operation=operation.name, takes=takes, after=after)
