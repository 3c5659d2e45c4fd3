"""What links hand out in one run: the things that addresses and bodies name are created."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contracts import model
from contracts.planning.bodies.fields import plain_body, plain_members
from contracts.planning.bodies.templates import HandedOut
from contracts.schema.jsontext import same

Send = Callable[[model.Case], model.Exchange | model.Skipped]
Source = tuple[str, str]  # an operation that creates, and where its answer has the id


def create(link: model.Link, body: Any, send: Send) -> model.Exchange | None:
    """Create what a link hands out, by a case that was not planned; None where that is refused."""
    label = f"create what {link.name.removeprefix('/')} names"
    done = send(model.Case(0, model.Region.VALID, label, body, operation=link.source))
    return done if isinstance(done, model.Exchange) and done.accepted else None


class LinkedMembers:
    """The things that bodies name in one run, each created once before it is needed.

    Example: of the link ``create-customer.response /id -> create-order.body /customer`` each
    plain order is that of one customer, who is created before the first of them.
    """

    def __init__(self, contract: model.Contract, send: Send) -> None:
        self._contract = contract
        self._send = send
        self._created: dict[Source, HandedOut | None] = {}
        self._links: dict[str, dict[str, model.Link]] = {}  # by operation, and by member

    def filled(self, case: model.Case) -> model.Case:
        """Return a case whose body names what was created, where it has the plain value so far.

        A value that is wrong, or that was handed out, stays.
        """
        name = case.operation or self._contract.operation.name
        links = self._links_of(name)
        if not links or not isinstance(case.body, dict):
            return case
        plain = plain_members(self._contract.of(name))
        known = {}
        for member, link in links.items():
            is_plain = member in plain and same(case.body.get(member, model.ABSENT), plain[member])
            if is_plain and (marker := self._marker(link)):
                known[member] = marker
        after = {number for marker in known.values() for number in marker.by}
        order = tuple(sorted({*case.after, *after}))
        return replace(case, body={**case.body, **known}, after=order) if known else case

    def _links_of(self, operation: str) -> dict[str, model.Link]:
        """Return the links by which creating operations fill members of a body, by the member."""
        if operation not in self._links:
            place = (operation, "body")
            links = [link for link in self._contract.links if (link.target, link.place) == place]
            creating = [link for link in links if self._contract.of(link.source).creates]
            self._links[operation] = {link.name.removeprefix("/"): link for link in creating}
        return self._links[operation]

    def _marker(self, link: model.Link) -> HandedOut | None:
        """Return what a link hands out of the thing that is created for it; None for nothing."""
        source = (link.source, link.pointer)
        if source not in self._created:
            self._created[source] = None  # what is created does not name itself
            done = create(link, plain_body(self._contract.of(link.source)), self._send)
            if done is not None:
                self._created[source] = HandedOut(link.pointer, (done.case.number,))
        return self._created[source]
