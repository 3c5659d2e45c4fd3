"""Cases in, requests out: markers become texts and ids, parameters fill the path.

For an id that no answer has, another operation of the API is asked.
"""

import itertools
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from contracts import clause_ids, model
from contracts.engine import linked
from contracts.engine.settings import Settings
from contracts.judge.respelling import respelt
from contracts.planning.bodies import templates
from contracts.planning.bodies.fields import plain_body
from contracts.planning.cases.reading_draft import links_to_body
from contracts.schema import checks, keywords
from contracts.schema.jsontext import at, decode, encode, spread
from contracts.spoiling import placed

BEYOND = 10**9  # is added to a number that is an id
HEADERS = (
    ("Accept", "application/json"),
    ("Accept-Encoding", "identity"),
    ("User-Agent", "order-contracts"),
)


class Lookups:
    """What the links of an API gave in one run; `send` sends a case that was not planned."""

    def __init__(self, contract: model.Contract, send: linked.Send) -> None:
        self._contract = contract
        self._send = send
        self._values: dict[tuple[str, int], str | None] = {}  # by operation and creating case
        self._parents: dict[tuple[str, str], str | None] = {}  # by where they come from

    def value(self, marker: templates.HandedOut) -> str | None:
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

    def in_path(self, operation: str, parameter: str) -> str:
        """Return what a path parameter names of all requests that need no other: created once."""
        for link in self._contract.links:
            if (link.target, link.place, link.name) == (operation, "path", parameter):
                source = (link.source, link.pointer)
                if source not in self._parents:
                    self._parents[source] = None  # it does not wait for itself, when refused
                    self._parents[source] = self._created(link)
                if value := self._parents[source]:
                    return value
        raise templates.NotHandedOut(f"nothing was created that {parameter} names")

    def _created(self, link: model.Link) -> str | None:
        """Create what a link hands out, in the plainest body, and return its id."""
        done = linked.create(link, plain_body(self._contract.of(link.source)), self._send)
        value = at(done.value, link.pointer) if done else None
        return str(value) if isinstance(value, (str, int)) else None

    def _look_up(self, link: model.Link, creator: int) -> str | None:
        """Return what the operation that a link comes from says of what a case created."""
        takes = {
            path.name: templates.HandedOut(path.pointer, (creator,))
            for path in self._contract.links
            if path.target == link.source and path.source == link.target
        }
        label = f"ask {link.source} for what case {creator} created"
        try:
            done = self._send(
                model.Case(0, model.Region.OPEN, label, operation=link.source, takes=takes)
            )
        except templates.NotHandedOut:
            return None
        if isinstance(done, model.Skipped) or not done.accepted:
            return None
        value = at(done.value, link.pointer)
        return value if isinstance(value, str) and value else None


@dataclass(frozen=True, slots=True)
class Preparer:
    """Makes the requests of one run.

    `answers` gives the exchanges of a case by its number, `lookups` what another operation
    hands out where no answer had it.
    """

    contract: model.Contract
    run_id: str
    settings: Settings
    answers: Callable[[int], Sequence[model.Exchange]]
    lookups: Lookups

    def request(self, case: model.Case, attempt: int) -> model.Request:
        """Make the request of a case; a second attempt has fresh texts of its own.

        Raises NotHandedOut when the case needs a credential or an id that there is not.
        """
        operation = self.contract.of(case.operation).operation
        parameters = self._parameters(case, operation, attempt)
        content = self._content(case, attempt)
        path, _, fixed = model.filled_path(operation.path, parameters).partition("?")
        query = self._filled_query(operation.asked(case.query, case.leaves_out))
        replaced = {*case.leaves_out, *query}
        kept = [part for part in fixed.split("&") if part.partition("=")[0] not in replaced]

        own = case.authorization == model.CREDENTIAL
        form = operation.credential if own else case.authorization
        credential_headers, credential_query = placed(
            operation.header, form, in_query=operation.key_in_query
        )
        behind = "&".join(filter(None, (*kept, urlencode(query), credential_query)))
        path += f"?{behind}" if behind else ""
        own_name = f"{self.run_id} {case.operation} {case.number} {attempt}"
        new = uuid.uuid5(uuid.NAMESPACE_OID, own_name)
        fresh_headers = [
            (name, header.value or str(new))
            for name, header in operation.headers.items()
            if not header.variable and name not in {*case.leaves_out, *case.headers}
        ]
        own_headers = templates.resolve(
            dict(case.headers), partial(self._fresh, case, attempt), self._handed_out
        )
        headers = [*HEADERS, *fresh_headers, *credential_headers, *own_headers.items()]
        if case.closing:
            headers.append(("Connection", "close"))
        if content is not None and case.media_type:
            headers.append(("Content-Type", operation.content_type(case.media_type)))
        sent = model.ABSENT if content is None else decode(content)[0]
        method = case.method or operation.method
        sent_so = (method, path, tuple(headers), content, sent)
        return model.Request(*sent_so, parameters, query, case.leaves_out)

    def _parameters(
        self, case: model.Case, operation: model.Operation, attempt: int
    ) -> dict[str, str]:
        """Return the values of the path parameters of a case."""
        ids = {name: str(self._handed_out(marker, int)) for name, marker in case.takes.items()}
        names = [name for name in operation.linked if name not in ids]
        ids |= {name: self.lookups.in_path(operation.name, name) for name in names}
        key = templates.CHOSEN.format(fresh=templates.fresh_text(self.run_id, case.number, attempt))
        values = {**self.settings.parameters, **dict.fromkeys(operation.chosen, key), **ids}
        if case.needs and case.needs not in self.settings.available | values.keys():
            variable = operation.credentials[case.needs]
            raise templates.NotHandedOut(f"set {variable} to exercise it")
        return {
            name: _filled(case.path.get(name, f"{{{name}}}"), values)
            for name in operation.path_names
        }

    def _content(self, case: model.Case, attempt: int) -> bytes | None:
        """Return the body of a case as it is sent; None where it has none."""
        if case.body is model.ABSENT:
            return None
        if isinstance(case.body, bytes):
            return case.body
        fresh = partial(self._fresh, case, attempt)
        body = encode(templates.resolve(case.body, fresh, self._handed_out))
        return spread(body) if case.spread else body

    def _filled_query(self, query: Mapping[str, Any]) -> dict[str, str]:
        """Return a query with what was handed out in the places of its markers."""
        return {
            name: str(
                self._handed_out(text, int) if isinstance(text, templates.HandedOut) else text
            )
            for name, text in query.items()
        }

    def without_references(self, case: model.Case) -> model.Case | None:
        """Return the case without the references that no earlier answer supplied.

        None when it cannot do without them: when it is no row of many states or about one of
        them, or a valid one that would no longer be plausible.
        """
        body = case.body if isinstance(case.body, dict) else {}
        missing = {name for name, value in body.items() if templates.references(value)}
        is_open = case.region is model.Region.OPEN
        if not missing or not missing <= case.states.keys():
            return None
        if not is_open and len(case.decides) < len(case.states):
            return None
        body = {name: member for name, member in body.items() if name not in missing}
        schema = self.contract.request if is_open else self.contract.plausible
        if not checks.fits(schema or {}, templates.sample(body)):
            return None
        spared = {clause_ids.request(f"{name}.accepted") for name in missing}
        decides = tuple(clause for clause in case.decides if clause not in spared)
        states = {**case.states, **dict.fromkeys(missing, "absent")}
        return replace(case, body=body, decides=decides, states=states)

    def _fresh(self, case: model.Case, attempt: int, number: int | None) -> str:
        if number is None:
            return templates.fresh_text(self.run_id, case.number, attempt)
        return templates.fresh_text(self.run_id, number)

    def _handed_out(self, marker: templates.HandedOut, *more: type) -> Any:
        """Return what an answer handed out: a text, or in an address a number as well."""
        for exchange in itertools.chain.from_iterable(map(self.answers, marker.by)):
            value = self._answered(exchange, marker.pointer) if exchange.accepted else model.ABSENT
            is_named = type(value) in {str, *more} and value != ""
            if is_named or (type(value) is int and self._is_number(exchange, marker.pointer)):
                return value
        looked_up = self.lookups.value(marker)
        if looked_up is not None:
            return looked_up
        name = marker.known or marker.pointer[1:]
        ids = self.settings.known.get(name)
        if ids:
            return ids[marker.by[0] % len(ids)] if marker.by else ids[0]
        variable = self.contract.operation.known.get(name)
        hint = f"; set {variable} to one that exists" if variable else ""
        what = f"nothing at {marker.pointer} to refer to"
        raise templates.NotHandedOut(f"the sandbox handed out {what}{hint}")

    def _is_number(self, exchange: model.Exchange, pointer: str) -> bool:
        """Whether a page says that what an answer hands out is a whole number."""
        answer = self.contract.of(exchange.case.operation).response
        named = keywords.subschema(answer, keywords.path_of(pointer))
        return "integer" in keywords.types(named)

    def _answered(self, exchange: model.Exchange, pointer: str) -> Any:
        """Return what an answer has at a place, or where it has it by another spelling."""
        value = at(exchange.value, pointer)
        if value is not model.ABSENT:
            return value
        pairs = respelt(self.contract.of(exchange.case.operation), [exchange])
        return at(exchange.value, pairs[pointer]) if pointer in pairs else model.ABSENT


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Put path parameters in; for ``{name:altered}`` and its like, spoiled values."""
    for name, value in values.items():
        spoiled = {
            "": value,
            ":altered": value[:-1] + ("2" if value.endswith("1") else "1"),
            ":cut": value[:-1],
            ":extended": f"{value}0",
            # a number of the same kind that nobody was given, or a text with something behind it
            ":beyond": str(int(value) + BEYOND) if value.isdecimal() else f"{value}-unknown",
            ":capitals": value.upper(),
            ":bare": value.replace("-", ""),
        }
        for suffix, text in spoiled.items():
            template = template.replace(f"{{{name}{suffix}}}", text)
    return template
