"""The plan of an operation that reads while it is made, and the links that it follows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts import clause_ids
from contracts.model import Case, Contract, Link, Region
from contracts.planning.bodies.templates import HandedOut


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

    def create(self, label: str, body: Any, region: Region = Region.VALID, **more: Any) -> Case:
        """Append a case that creates something to be read."""
        operation = self.creator.operation.name
        return self.add(region, label, body=body, operation=operation, **more)

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
    """Return the links that give an operation's body what stands at a pointer."""
    place = (contract.operation.name, "body", pointer)
    return [link for link in contract.links if (link.target, link.place, link.name) == place]


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
    return (
        not links_to_path(contract) or creator(contract).operation.path == contract.operation.path
    )
