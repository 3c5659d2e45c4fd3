"""A contract: an operation, its schemas and clauses, and what links it to others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from contracts.model.words import ABSENT, Basis, Kind, Schema, Source

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest statement that can be broken.

    `why` is the reason of a reading that is not literal, `places` are the members it speaks of:
    ``request#/amount``, ``response#/items/*/amount``.
    """

    id: str
    statement: str
    basis: Basis
    source: Source
    kind: Kind
    why: str | None = None
    needs: str | None = None  # the credential without which it can't be exercised
    arguments: Mapping[str, Any] = field(default_factory=dict)
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Where an operation takes a value from: a member of another operation's answer.

    `place` is ``path``, ``query`` or ``body``; `name` the parameter's, or a pointer into the
    body.
    """

    source: str
    pointer: str
    target: str
    place: str
    name: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A request that takes back what an operation created: `parameter` of `path` is its id."""

    source: str  # the operation that created it
    pointer: str  # to the id in its answer
    method: str
    path: str
    parameter: str


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A query parameter: its documented values, and what leaving it out means.

    One that is required has its first value in every request that does not say otherwise.
    `schema` is what the page says of its values.
    """

    values: tuple[str, ...]
    default: str | None = None
    required: bool = False
    schema: Schema = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeaderParameter:
    """A header that every request needs: its variable, and whether its value is secret.

    Without a variable every request has its `value`, or a new one as an Idempotency-Key is.
    """

    variable: str
    secret: bool = False
    value: str | None = None


def path_pattern(path: str) -> str:
    """Return a path as a regular expression, with a named group for each path parameter."""
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/?]+)", re.escape(path))


def filled_path(path: str, parameters: Mapping[str, str]) -> str:
    """Return a path with the values of its parameters in their places, escaped."""
    for name, value in parameters.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return path


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one API; `success` is None where the page gives no number: any 2xx."""

    method: str
    path: str
    media_type: str | None
    success: int | None
    production_hosts: tuple[str, ...]
    token_variable: str
    parameters: Mapping[str, str]  # path parameter -> variable that names its value
    credentials: Mapping[str, str]  # further credential -> its variable
    live_mode: str | None  # pointer to the response member that tells live from test
    created: str | None  # pointer to the id of what a success made
    header: str = "Authorization"  # of the credential, or its parameter of the query
    key_in_query: bool = False
    credential: str | None = "Bearer {token}"  # in that header; None where none is asked for
    answers: bool = True  # whether a success has a JSON body
    # what exists at the server -> variable that names one
    known: Mapping[str, str] = field(default_factory=dict)
    name: str = "operation"  # such as create-order
    linked: tuple[str, ...] = ()  # path parameters whose values other operations hand out
    chosen: tuple[str, ...] = ()  # path parameters that every request makes up: keys of its own
    query: Mapping[str, QueryParameter] = field(default_factory=dict)
    headers: Mapping[str, HeaderParameter] = field(default_factory=dict)  # beside the credential
    # that a target's configuration adds to every request
    configured_headers: Mapping[str, HeaderParameter] = field(default_factory=dict)
    # variable -> what a shell takes for it, where a target's configuration gives it
    assigned: Mapping[str, str] = field(default_factory=dict)
    curl_options: tuple[str, ...] = ()  # by which curl reaches the target
    body_required: bool = True
    permission: str | None = None  # that the token has to have
    answer_media_type: str | None = None  # where it is not that of a request
    base_path: str = ""  # of the servers that the page names, in front of `path`

    @property
    def further_headers(self) -> dict[str, HeaderParameter]:
        """The headers that every request has beside the credential."""
        return {**self.headers, **self.configured_headers}

    def asked(self, query: Mapping[str, Any], left_out: Collection[str] = ()) -> dict[str, Any]:
        """Return the query of a request: its own, and what every one has but for what it lacks."""
        usual = {name: each.values[0] for name, each in self.query.items() if each.required}
        return {name: text for name, text in {**usual, **query}.items() if name not in left_out}

    @property
    def takes_body(self) -> bool:
        """Whether a body of this method's requests means anything (RFC 9110, section 9.3)."""
        return self.method in {"POST", "PUT", "PATCH"}

    @property
    def scheme(self) -> str:
        """What stands before the token in the header of the credential, such as ``Bearer``."""
        return (self.credential or "").removesuffix("{token}").strip()

    @property
    def other_credential(self) -> str:
        """The credential with another tenant's token; empty where none is asked for."""
        return (self.credential or "").replace("{token}", "{other_token}")

    def content_type(self, media_type: str) -> str:
        """Return how a request names the type of its body: JSON by the operation's own name."""
        own = self.media_type or JSON
        return media_type.replace(JSON, own, 1) if own.endswith("+json") else media_type

    @property
    def answered_media_type(self) -> str | None:
        """The media type of a success; None where the page names none."""
        return self.answer_media_type or self.media_type

    @property
    def path_names(self) -> tuple[str, ...]:
        """The parameters of the path: first those that a user gives, then those of links."""
        return (*self.parameters, *self.linked, *self.chosen)

    @property
    def path_pattern(self) -> str:
        """The path as a regular expression, with a named group for each path parameter."""
        return path_pattern(self.path)


class Others(Mapping[str, "Contract"]):
    """All operations of an API but one: what each of them knows, kept once for all."""

    def __init__(self, operations: Mapping[str, Contract], without: str) -> None:
        self._operations, self._without = operations, without

    def __getitem__(self, name: str) -> Contract:
        if name == self._without:
            raise KeyError(name)
        return self._operations[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._operations if name != self._without)

    def __len__(self) -> int:
        return len(self._operations) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Contract:
    """One operation as data. Equal is only a contract to itself, since its schemas have no hash.

    `request` and `plausible` are None where the page documents no body.
    """

    api: str
    title: str
    revision: int
    operation: Operation
    documents: Mapping[str, str]  # name -> sha256
    request: Schema | None
    plausible: Schema | None
    response: Schema
    clauses: tuple[Clause, ...]
    open_bodies: Mapping[str, Any] = field(default_factory=dict)
    plain: Any = ABSENT  # the body to send where none is documented
    several: bool = False  # whether its API has other operations, or may have them
    # of its API, by name
    others: Mapping[str, Contract] = field(default_factory=dict, repr=False)
    links: tuple[Link, ...] = ()  # of its API
    addresses: Mapping[str, str] = field(default_factory=dict)  # name of a document -> its URL
    take_backs: tuple[TakeBack, ...] = ()  # of its API
    unread: str | None = None  # what of its page was seen and not read, said before every run

    @property
    def documented_members(self) -> Mapping[str, Schema]:
        """What the page says of each top-level member of a request, if it documents a body."""
        members: Mapping[str, Schema] = (self.request or {}).get("properties", {})
        return members

    @property
    def plausible_members(self) -> Mapping[str, Schema]:
        """What is plausible of each top-level member of a request, if a body is documented."""
        members: Mapping[str, Schema] = (self.plausible or {}).get("properties", {})
        return members

    @property
    def required_members(self) -> tuple[str, ...]:
        """The members that a request has to have."""
        return tuple((self.request or {}).get("required", ()))

    @property
    def reads(self) -> bool:
        """Whether it reads, or deletes, what other operations of its API create."""
        creates = any(other.creates for other in self.others.values())
        return self.operation.method in {"GET", "DELETE"} and creates

    @property
    def family(self) -> tuple[Contract, ...]:
        """The contracts of all operations of its API, itself first; each knows the others."""
        contracts = {self.operation.name: self, **self.others}
        others = [
            replace(contract, others=Others(contracts, name))
            for name, contract in self.others.items()
        ]
        return (self, *others)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations of its API, its own first."""
        return (self.operation, *(other.operation for other in self.others.values()))

    @property
    def creates(self) -> bool:
        """Whether a success of it makes something that has an id."""
        return self.operation.takes_body and self.operation.created is not None

    @property
    def refuses_by(self) -> Schema | None:
        """The schema by which a sandbox of the API refuses bodies, this one's or another's."""
        for contract in (self, *self.others.values()):
            if contract.operation.takes_body and contract.request is not None:
                return contract.request
        return None

    def of(self, operation: str | None) -> Contract:
        """Return the contract of an operation of the same API; this one for None."""
        is_own = operation in (None, self.operation.name)
        return self if is_own else self.others[str(operation)]

    @property
    def relations(self) -> tuple[Clause, ...]:
        """The clauses that relate request, response and earlier exchanges."""
        return tuple(clause for clause in self.clauses if clause.kind is Kind.RELATION)

    @property
    def clause_ids(self) -> frozenset[str]:
        """The ids of its clauses."""
        return frozenset(clause.id for clause in self.clauses)

    @property
    def name(self) -> str:
        """The name that it is loaded by: ``kohort@2/create-order``, or its API's if alone."""
        return f"{self.api}/{self.operation.name}" if self.several else self.api

    def clause(self, clause_id: str) -> Clause:
        """Return the clause of that id; KeyError when there is none."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)
