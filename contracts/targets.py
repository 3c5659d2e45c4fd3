"""Which API is verified where, and with what credentials: from options and the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from contracts import documents, sandbox, transports
from contracts.errors import UsageError
from contracts.model import Contract
from contracts.sending import Settings


@dataclass(frozen=True, slots=True)
class Target:
    """One contract with where its requests go; `url` is None for the embedded sandbox."""

    contract: Contract
    url: str | None
    credentials: transports.Credentials
    parameters: Mapping[str, str]

    def transport(self, connections: int) -> transports.HttpTransport:
        """Make the transport; UsageError when the URL is none."""
        if self.url is None:
            app = sandbox.create_app(self.contract.api, self.contract.request)
            return transports.embedded(app, self.credentials)
        return transports.live(self.url, self.credentials, connections)

    @property
    def available(self) -> frozenset[str]:
        """The further credentials that are there."""
        return frozenset({"token_without_permission"} if self.credentials.token_without_permission else ())


def embedded(api: str) -> transports.HttpTransport:
    """Make the transport to the embedded sandbox of an API, with a fresh state."""
    return _embedded(documents.load(api)).transport(1)


def choose(
    apis: Sequence[str],
    targets: Sequence[str],
    environment: Mapping[str, str],
    *,
    allow_production: bool = False,
) -> list[Target]:
    """Make the targets of a run from the APIs named, and from ``API=URL`` texts.

    With neither, every shipped API is verified against its embedded sandbox; with targets only, their APIs
    are. UsageError when something is unknown, malformed, missing from the environment or a production host.
    """
    urls = dict(_split(target) for target in targets)
    names = list(dict.fromkeys(apis or urls or documents.available()))
    loaded = {name: documents.load(name) for name in [*names, *urls]}
    if stray := sorted(urls.keys() - set(names)):
        raise UsageError(f"--target names {stray[0]}, which is not among the APIs to verify: {', '.join(names)}")
    return [
        _live(loaded[name], urls[name], environment, allow_production=allow_production)
        if name in urls
        else _embedded(loaded[name])
        for name in names
    ]


def settings(target: Target, **options: object) -> Settings:
    """Make the settings of a run against a target; `options` are those of `Settings`."""
    return Settings(parameters=target.parameters, available=target.available, **options)  # type: ignore[arg-type]


def _split(target: str) -> tuple[str, str]:
    api, separator, url = target.partition("=")
    if not separator or not api or not url:
        raise UsageError(f"--target {target!r}: expected API=URL, such as kohort=http://127.0.0.1:9001")
    return api, url


def _embedded(contract: Contract) -> Target:
    credentials = transports.Credentials(sandbox.TOKEN, sandbox.TOKEN_WITHOUT_PERMISSION)
    if "token_without_permission" not in contract.operation.credentials:
        credentials = transports.Credentials(sandbox.TOKEN)
    values = {"storeId": sandbox.STORE, "foreign_storeId": sandbox.FOREIGN_STORE}
    wanted = {*contract.operation.parameters, *contract.operation.credentials}
    return Target(contract, None, credentials, {name: value for name, value in values.items() if name in wanted})


def _live(contract: Contract, url: str, environment: Mapping[str, str], *, allow_production: bool) -> Target:
    operation = contract.operation
    transports.check_base_url(url)
    host = urlsplit(url).hostname or ""
    if host in operation.production_hosts and not allow_production:
        raise UsageError(
            f"{host} is a production host of {contract.api}; --allow-production if orders may be made there"
        )
    needed = {"the token": operation.token_variable, **operation.parameters}
    for what, variable in needed.items():
        if not environment.get(variable):
            raise UsageError(f"set {variable} in the environment: {what} for the sandbox at {url}")
    credentials = transports.Credentials(
        environment[operation.token_variable],
        environment.get(operation.credentials.get("token_without_permission", ""), "") or None,
    )
    parameters = {name: environment[variable] for name, variable in operation.parameters.items()}
    for name, variable in operation.credentials.items():
        if name.startswith("foreign_") and environment.get(variable):
            parameters[name] = environment[variable]
    return Target(contract, url, credentials, parameters)
