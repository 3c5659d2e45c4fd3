"""Members of bodies that name other things: what they name is created once, before it is needed."""

from collections.abc import Callable
from dataclasses import replace

from contracts import model
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import HandedOut
from contracts.schema.jsontext import same

Source = tuple[str, str]  # an operation that creates, and where its answer has the id


class LinkedMembers:
    """The things that bodies name in one run; `send` sends a case that was not planned.

    Example: of the link ``create-customer.response /id -> create-order.body /customer`` each
    plain order is that of one customer, who is created before the first of them.
    """

    def __init__(
        self, contract: model.Contract, send: Callable[[model.Case], model.Exchange | model.Skipped]
    ) -> None:
        self._contract, self._send = contract, send
        self._created: dict[Source, HandedOut | None] = {}

    def filled(self, case: model.Case) -> model.Case:
        """Return a case whose body names what was created, where it has the plain value so far.

        A value that is wrong, or that was handed out, stays.
        """
        if not isinstance(case.body, dict):
            return case
        name = case.operation or self._contract.operation.name
        links = [link for link in self._contract.links if self._fills(link, name, case.body)]
        markers = {link.name[1:]: self._marker(link) for link in links}
        known = {member: marker for member, marker in markers.items() if marker is not None}
        after = {number for marker in known.values() for number in marker.by}
        order = tuple(sorted({*case.after, *after}))
        return replace(case, body={**case.body, **known}, after=order) if known else case

    def _fills(self, link: model.Link, operation: str, body: dict[str, object]) -> bool:
        """Whether a link names what a body has, as the plain body of its operation has it."""
        if (link.target, link.place) != (operation, "body") or link.name[1:] not in body:
            return False
        plain = plain_body(self._contract.of(operation))
        has_plain = isinstance(plain, dict) and link.name[1:] in plain
        return (
            has_plain
            and same(body[link.name[1:]], plain[link.name[1:]])
            and self._contract.of(link.source).creates
        )

    def _marker(self, link: model.Link) -> HandedOut | None:
        """Return what a link hands out of the thing that is created for it; None for nothing."""
        source = (link.source, link.pointer)
        if source not in self._created:
            self._created[source] = None  # what is created does not name itself
            body = plain_body(self._contract.of(link.source))
            label = f"create what {link.name[1:]} names"
            case = model.Case(0, model.Region.VALID, label, body, operation=link.source)
            done = self._send(case)
            if isinstance(done, model.Exchange) and done.accepted:
                self._created[source] = HandedOut(link.pointer, (done.case.number,))
        return self._created[source]
