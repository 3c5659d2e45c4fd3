"""Which API is verified where, and with what credentials: from options and the environment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.definition import catalogue, loading
from contracts.engine import credentials as engine_credentials
from contracts.engine import embedding, transports
from contracts.engine.settings import Settings
from contracts.errors import UsageError
from contracts.faults import embedded as embedded_sandbox
from contracts.model import Contract
from contracts.verify.options import LIVE, Options
from contracts.verify.preconditions import with_preconditions
from contracts.verify.surroundings import (
    Given,
    as_configured,
    connection,
    path_parameters,
    refuse_idle,
    token_source,
)
from contracts.verify.targets_file import Entry
from contracts.verify.tokens import RenewingTransport, TokenSource

Loaded = dict[str, tuple[Contract, ...]]  # by the names that reports have for them


@dataclass(frozen=True, slots=True)
class Target:
    """One contract with where its requests go; `url` is None for the embedded sandbox.

    `manners` are settings of the run that the target's entry in a targets file sets (see
    `Settings`).
    """

    contract: Contract
    url: str | None
    credentials: engine_credentials.Credentials
    parameters: Mapping[str, str]
    manners: Mapping[str, Any] = field(default_factory=dict)
    connection: engine_credentials.Connection = field(default_factory=engine_credentials.Connection)
    notes: tuple[str, ...] = ()  # what was mended in what was given, to be said once
    named: bool = True  # False for an operation that came along by the name of its API
    tokens: TokenSource | None = None

    @property
    def place(self) -> tuple[str, str | None]:
        """The API and its address, where operations share a budget."""
        return self.contract.api, self.url

    def transport(self, connections: int) -> transports.Transport:
        """Make the transport; UsageError when the URL is none."""
        if self.url is None:
            return embedding.embedded(embedded_sandbox.create_app(self.contract), self.credentials)
        live = transports.live(self.url, self.credentials, connections, self.connection)
        if self.tokens is None:
            return live
        return RenewingTransport(live, self.tokens, self.credentials)

    @property
    def available(self) -> frozenset[str]:
        """The further credentials that are there."""
        further = ("token_without_permission", "other_token")
        return frozenset(name for name in further if getattr(self.credentials, name))

    @property
    def secrets(self) -> list[str]:
        """Everything that no report may show."""
        if self.url is None:
            return []
        renewed = self.tokens.texts if self.tokens else ()
        tokens = [
            secret
            for token in (self.credentials.token, *renewed)
            if token  # of none, there is nothing to be spoiled
            for secret in self.credentials.with_token(token).secrets()
        ]
        further = self.tokens.secrets if self.tokens else ()
        proxy = engine_credentials.proxy_secrets(self.connection.proxy)
        return [*tokens, *self.connection.secrets, *proxy, *further]


def embedded(api: str) -> transports.Transport:
    """Make the transport to the embedded sandbox of an API, with a fresh state."""
    return _embedded(loading.load(api)).transport(1)


def choose(
    apis: Sequence[str],
    targets: Sequence[str],
    environment: Mapping[str, str],
    *,
    entries: Sequence[Entry] = (),
    allow_production: bool = False,
    wait: float = 0,
) -> list[Target]:
    """Return the targets of a run, from API names, ``API=URL`` texts and a targets file.

    With none of them, every shipped API is verified against its embedded sandbox; with targets
    only, their APIs are. An API is named as `catalogue.locate` takes it, or as its report
    calls it; another revision of it is another contract, with targets of its own. An
    ``API=URL`` text sets the address of the file's entries of that API. UsageError when
    something is unknown, malformed, missing from the environment or a production host. `wait`
    is how many seconds a server of tokens may take until it is there.
    """
    loaded: Loaded = {}
    asked = [_named(api, loaded) for api in apis]
    urls = _urls(targets, loaded)
    entries = [replace(entry, api=_named(entry.api, loaded, entry)) for entry in entries]
    located = [*urls, *(entry.api for entry in entries)]
    # an operation is one of those of its API, where that has an address as well
    wholes = {name for name in located if loaded[name][0].api == name}
    located = [name for name in located if name in wholes or loaded[name][0].api not in wholes]
    every = asked or located or [_named(api, loaded) for api in catalogue.available()]
    names = list(dict.fromkeys(every))
    covered = {*names, *(loaded[name][0].api for name in names)}
    if stray := sorted(urls.keys() - covered):
        known = f"which is not among the APIs to verify: {', '.join(names)}"
        raise UsageError(f"--target names {stray[0]}, {known}")
    placed = [(name, *pair) for name in names for pair in _placed(name, loaded, urls, entries)]
    places = {entry.place: entry for *_, entry in placed if entry}
    tokens = {place: token_source(entry, environment, wait) for place, entry in places.items()}
    reached = [
        _live(contract, replace(entry, tokens=tokens[entry.place]), environment, allow_production)
        if entry
        else _embedded(contract)
        for _, contract, entry in placed
    ]
    alone = (len(loaded[name]) == 1 for name, *_ in placed)
    return [replace(target, named=named) for target, named in zip(reached, alone, strict=True)]


def _urls(targets: Sequence[str], loaded: Loaded) -> dict[str, str]:
    """Return the addresses of ``API=URL`` texts by name; UsageError for a name with two."""
    urls: dict[str, str] = {}
    for target in targets:
        api, _, url = target.partition("=")
        if not api or not url:
            example = "kohort=http://127.0.0.1:9001"
            raise UsageError(f"--target {target!r}: expected API=URL, such as {example}")
        name = _named(api, loaded)
        if name in urls:
            mend = "several targets of one API stand in a targets file"
            raise UsageError(f"--target names {name} twice; {mend}")
        urls[name] = url
    return urls


def _placed(
    name: str, loaded: Loaded, urls: Mapping[str, str], entries: Sequence[Entry]
) -> Iterator[tuple[Contract, Entry | None]]:
    """Yield the contracts of a name with their entries, one environment after the other.

    What is said of an API holds for those of its operations that have no entry of their own.
    An operation of which nothing is said comes last, at the URL of its API or without an entry.
    """
    contracts = loaded[name]
    url = next((urls[known] for known in (name, contracts[0].api) if known in urls), None)
    rest = list(contracts)
    for environment in dict.fromkeys(entry.name for entry in entries):
        here = [entry for entry in entries if entry.name == environment]
        named = {entry.api for entry in here}
        for contract in contracts:
            called = (contract.name, name, contract.api)
            most_exact = next((known for known in called if known in named), None)
            for entry in (entry for entry in here if entry.api == most_exact):
                rest = [other for other in rest if other is not contract]
                yield contract, entry if url is None else replace(entry, url=url)
    alone = None if url is None else Entry("", name, url)
    yield from ((contract, alone) for contract in rest)


def settings(target: Target, options: Options | None = None, **more: Any) -> Settings:
    """Return the settings of a run against a target; what its own entry says goes first."""
    merged: dict[str, Any] = {**(options.settings if options else {}), **more, **target.manners}
    return Settings(
        parameters=target.parameters,
        available=target.available,
        unsure=target.credentials.unsure,
        named=target.named,
        **merged,
    )


def _named(name: str, loaded: Loaded, entry: Entry | None = None) -> str:
    """Load the contracts of a name, unless they are; return the name that reports have for it.

    That is an API's, whose operations are all meant, or ``API/OPERATION``. `entry` is where it
    stands, if it is in a file.
    """
    if catalogue.canonical(name) in loaded:
        return catalogue.canonical(name)
    try:
        contracts = loading.load_all(name)
    except UsageError as error:
        raise UsageError(f"{entry.place}: {error}" if entry else str(error)) from error
    first = contracts[0]
    names_one = catalogue.parse(name).operation is not None
    is_operation = names_one and first.several and len(contracts) == 1
    known_as = first.name if is_operation else first.api
    if loaded.setdefault(known_as, contracts) != contracts:
        mend = "verify them one after the other"
        raise UsageError(f"two of the contracts to verify are named {known_as}; {mend}")
    return known_as


def _embedded(contract: Contract) -> Target:
    if not embedded_sandbox.has_module(contract):
        mend = f"give its address: --target {contract.api}=URL"
        raise UsageError(f"{contract.api} has no embedded sandbox; {mend}")
    return built_in(contract)


def built_in(contract: Contract) -> Target:
    """Return the embedded sandbox as a target, also the generic one of an API without its own."""
    entry = Entry("", contract.api, "")
    environment = embedded_sandbox.environment(contract)
    return replace(_target(contract, entry, environment), url=None)


def _live(
    contract: Contract,
    entry: Entry,
    environment: Mapping[str, str],
    allow_production: bool,  # noqa: FBT001 - an option of the run
) -> Target:
    """Return the target at an entry's address; UsageError for a production host."""
    operation = contract.operation
    host = engine_credentials.check_base_url(entry.url).host.rstrip(".")
    if host in operation.production_hosts and not allow_production:
        mend = "--allow-production if orders may be made there"
        raise UsageError(f"{host} is a production host of {contract.api}; {mend}")
    return _target(contract, entry, environment)


def _target(contract: Contract, entry: Entry, environment: Mapping[str, str]) -> Target:
    """Return the target of a contract with what its entry and the environment give."""
    operation = contract.operation
    given = Given(environment, entry)
    variables = dict(operation.parameters)
    known = dict(operation.known)
    asking = operation  # the operation that is asked for a token
    for other in contract.others.values() if contract.reads or operation.linked else ():
        variables |= other.operation.parameters  # what is read has to be created first
        known |= other.operation.known
        asking = asking if asking.token_variable else other.operation
    token = "" if entry.tokens else entry.token or asking.token_variable
    refuse_idle(contract, entry)
    needed = {token: "the token"} if token else {}
    needed |= {v: f"the {name}" for name, v in variables.items() if name not in entry.parameters}
    given_headers = {name.lower() for name in entry.headers}
    if operation.credential and operation.header.lower() in given_headers:
        problem = "the suite sends the token in this header itself; take it out"
        raise UsageError(f"{entry.place}.headers.{operation.header}: {problem}")
    headers = {
        name: header
        for name, header in operation.headers.items()
        if header.variable and name.lower() not in given_headers
    }
    needed |= {header.variable: f"the header {name}" for name, header in headers.items()}
    for variable, what in needed.items():
        if not given.value(variable):
            place = f"{what} for the sandbox at {entry.url}"
            raise UsageError(f"set {variable} in the environment: {place}")
    further = operation.credentials
    weaker = entry.token_without_permission or further.get("token_without_permission", "")
    credentials = engine_credentials.Credentials(
        entry.tokens.current() if entry.tokens else given.token(token, asking.scheme) or "",
        given.token(weaker, asking.scheme),
        other_token=given.token(further.get("other_token", ""), asking.scheme),
        scheme=asking.scheme,
    )
    parameters, places = path_parameters(contract, entry, given, variables)
    names = {**further, "token_without_permission": weaker, "": token, **places}
    engine_credentials.refuse_the_same(credentials, parameters, names)
    return Target(
        with_preconditions(as_configured(contract, entry), entry),
        entry.url,
        credentials,
        parameters,
        _manners(entry, known, given),
        connection(entry, given, headers),
        (*([contract.unread] if contract.unread else []), *given.notes),
        tokens=entry.tokens,
    )


def _manners(entry: Entry, known: Mapping[str, str], given: Given) -> dict[str, Any]:
    """Return the settings of a run that a target's entry and its environment decide.

    `known` names the variables of what exists at the server.
    """
    renewed = "token_command" if entry.token_command else "oauth" if entry.oauth else ""
    token_from = f"{entry.place}.{renewed}" if renewed else entry.token or ""
    values = {name: given.value(variable) for name, variable in known.items()}
    exists = {name: [value] for name, value in values.items() if value}
    options = {str(LIVE[name].setting): value for name, value in entry.options.items()}
    return {"known": {**exists, **entry.known}, "token_from": token_from, **options}
