"""Values that no answer has and a case refers to: another operation of the API is asked."""

from collections.abc import Callable

from contracts.model import Case, Contract, Exchange, Link, Region, Skipped
from contracts.planning.bodies.templates import HandedOut, NotHandedOut
from contracts.planning.cases.reading_draft import links_to_body
from contracts.schema.jsontext import at


class Lookups:
    """What the links of an API gave in one run; `send` sends a case that was not planned."""

    def __init__(self, contract: Contract, send: Callable[[Case], Exchange | Skipped]) -> None:
        self._contract, self._send = contract, send
        self._values: dict[tuple[str, int], str | None] = {}  # by operation and creating case

    def value(self, marker: HandedOut) -> str | None:
        """Return what another operation hands out, where no answer had it; None for nothing.

        Example: an order's answer has no share id; its group, which the answer names, has it.
        Each case is looked up once, and no more where nothing came of it.
        """
        for link in links_to_body(self._contract, marker.pointer):
            for creator in marker.by:
                key = (link.source, creator)
                if key not in self._values:
                    if None in self._values.values():
                        return None
                    self._values[key] = self._look_up(link, creator)
                if value := self._values[key]:
                    return value
        return None

    def _look_up(self, link: Link, creator: int) -> str | None:
        """Return what the operation that a link comes from says of what a case created."""
        taken = {
            path.name: HandedOut(path.pointer, (creator,))
            for path in self._contract.links
            if path.target == link.source and path.source == self._contract.operation.name
        }
        label = f"ask {link.source} for what case {creator} created"
        try:
            done = self._send(Case(0, Region.OPEN, label, operation=link.source, takes=taken))
        except NotHandedOut:
            return None
        if isinstance(done, Skipped) or not done.accepted:
            return None
        value = at(done.value, link.pointer)
        return value if isinstance(value, str) and value else None
