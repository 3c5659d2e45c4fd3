"""What the environment gives for one target: credentials, headers, tokens that are renewed."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from contracts import clause_ids
from contracts.engine import credentials as engine_credentials
from contracts.errors import UsageError, near_misses
from contracts.model import ABSENT, Basis, Contract, HeaderParameter
from contracts.schema.formats import FORMATS
from contracts.schema.keywords import subschemas
from contracts.verify import targets_file
from contracts.verify.tokens import OAuth, TokenSource, printed

FOREIGN = "foreign_"  # begins the names of another tenant's path parameters


class Given:
    """What the environment holds for one target, blanks and line ends around it left out."""

    def __init__(self, environment: Mapping[str, str], entry: targets_file.Entry) -> None:
        self.notes: list[str] = []
        self._environment = environment
        self._entry = entry

    def value(self, variable: str) -> str | None:
        """Return the value of a variable; None when it is not set, or blank."""
        text = self._environment.get(variable, "")
        if text != text.strip():
            note = f"{variable}: the blanks or line ends around its value were left out"
            self.notes += [note] if note not in self.notes else []
        return text.strip() or None

    def header(self, variable: str) -> str | None:
        """Return a value that goes into a header; UsageError when no header can carry it."""
        text = self.value(variable)
        if text:
            targets_file.check_header_value(variable, text)
        return text

    def token(self, variable: str, scheme: str) -> str | None:
        """Return a token; UsageError when its scheme, which is sent before it, is part of it."""
        text = self.header(variable)
        if text and scheme and text.lower().startswith(f"{scheme.lower()} "):
            problem = f"it begins with {text[: len(scheme)]!r}, which is sent before it"
            raise UsageError(f"{variable}: {problem}; set it to the token alone")
        return text


def as_configured(contract: Contract, entry: targets_file.Entry) -> Contract:
    """Return a contract with the variables, headers and commands that an entry has.

    So that the commands of a report work where the entry does.
    """
    weaker = entry.token_without_permission
    headers = _headers(entry)
    options = _of_curl(entry)
    assigned = _assigned(contract, entry, options)
    if not (entry.token or weaker or headers or options or assigned):
        return contract

    def configured(each: Contract) -> Contract:
        operation = each.operation
        further = {"token_without_permission": weaker} if weaker else {}
        return replace(
            each,
            operation=replace(
                operation,
                token_variable=entry.token or operation.token_variable,
                credentials={**operation.credentials, **further},
                configured_headers=headers,
                assigned=assigned,
                curl_options=options,
            ),
        )

    others = {name: configured(other) for name, other in contract.others.items()}
    return replace(configured(contract), others=others)


def _assigned(
    contract: Contract, entry: targets_file.Entry, options: Sequence[str]
) -> dict[str, str]:
    """Return what a shell takes for the variables that an entry makes unnecessary."""
    operation = contract.operation
    ids = {**entry.parameters, **{f"{FOREIGN}{name}": id_ for name, id_ in entry.foreign.items()}}
    names = {**operation.parameters, **operation.credentials}
    assigned = {names[name]: shlex.quote(text) for name, text in ids.items() if name in names}
    command = shlex.join(shlex.split(entry.token_command or ""))
    if entry.oauth:
        command = OAuth(**entry.oauth).command(options)
    return assigned | ({operation.token_variable: f'"$({command})"'} if command else {})


def _of_curl(entry: targets_file.Entry) -> tuple[str, ...]:
    """Return the options by which curl reaches a target; no password of a proxy is among them."""
    names = {"--cacert": entry.ca, "--cert": entry.certificate, "--key": entry.key}
    proxy = entry.proxy and re.sub(r"//[^/]*@", "//", entry.proxy)
    given = {**names, "--proxy": proxy}
    return tuple(text for name, value in given.items() if value for text in (name, value))


def _headers(entry: targets_file.Entry) -> dict[str, HeaderParameter]:
    """Return the headers that an entry adds: ``$NAME`` is a variable's, any other text itself."""
    return {
        name: HeaderParameter(text[1:], secret=True)
        if text.startswith("$")
        else HeaderParameter("", value=text)
        for name, text in entry.headers.items()
    }


def connection(
    entry: targets_file.Entry, given: Given, needed: Mapping[str, HeaderParameter]
) -> engine_credentials.Connection:
    """Return what every request to a target has beside its own: headers, certificates, a proxy."""
    headers = [(name, given.header(header.variable) or "") for name, header in needed.items()]
    secrets = [value for name, value in headers if needed[name].secret]
    for name, header in _headers(entry).items():
        value = header.value
        if value is None:
            value = given.header(header.variable)
            if not value:
                taken = f"{entry.place}.headers.{name} is taken from it"
                raise UsageError(f"set {header.variable} in the environment: {taken}")
            secrets.append(value)
        headers.append((name, value))
    reached = engine_credentials.Connection(
        tuple(headers), tuple(secrets), entry.ca, entry.certificate, entry.key, entry.proxy
    )
    for name in targets_file.PATHS:
        path = getattr(entry, name)
        if path and not Path(path).is_file():
            raise UsageError(f"{entry.place}.{name}: the files for TLS: there is no file {path}")
    if entry.ca or entry.certificate:
        reached.context()  # refuses files that can't be used
    return reached


# a key of a target's table -> what is to be done with it where nothing of the API needs it
IDLE = {
    "token": "no page of the API asks for a token; send it with headers",
    "token_command": "no page of the API asks for a token; take it out",
    "oauth": "no page of the API asks for a token; take it out",
    "token_without_permission": "no page of the API names a permission; take it out",
    "preconditions": "no request of the API has a body; take it out",
    "body": "no request of the API has a body; take it out",
}


def refuse_idle(contract: Contract, entry: targets_file.Entry) -> None:
    """Raise UsageError for a key of a target's table that nothing of its API needs.

    `known` may name what is taken from one answer into another request.
    """
    needed: set[str] = set()
    for operation in contract.operations:
        needed |= {"token", "token_command", "oauth"} if operation.token_variable else set()
        needed |= {"preconditions", "body"} if operation.takes_body else set()
        needed |= operation.credentials.keys()
    for key, mend in IDLE.items():
        if key not in needed and getattr(entry, key) not in (None, {}, ABSENT):
            raise UsageError(f"{entry.place}.{key}: {mend}")
    ids = [name for each in contract.family if entry.known for name in known_ids(each)]
    if stray := next((name for name in entry.known if name not in ids), None):
        near = near_misses(stray, dict.fromkeys(ids), otherwise_all=True)
        raise UsageError(f"{entry.place}.known: nothing of {contract.api} needs {stray!r}{near}")


def known_ids(contract: Contract) -> list[str]:
    """Return the names of what a request refers to, by which a target names some that exist."""
    parts = (part for _, _, part in subschemas(contract.plausible or {}))
    references = [part["x-reference"] for part in parts if "x-reference" in part]
    return [each.get("known") or each["response"].removeprefix("/") for each in references]


def path_parameters(
    contract: Contract, entry: targets_file.Entry, given: Given, variables: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the values of path parameters by name, and where each of them was given.

    `variables` name the own ones; another tenant's are named ``foreign_NAME``. UsageError for a
    value that has not the form of the page, and for a name that no path has: what the sandbox
    answered to either would be held against it.
    """
    values: dict[str, str] = {}
    places: dict[str, str] = {}
    own = [name for operation in contract.operations for name in operation.parameters]
    others = [name for operation in contract.operations for name in operation.credentials]
    others = [name for name in others if name.startswith(FOREIGN)]
    foreign = {n: v for n, v in contract.operation.credentials.items() if n in others}
    for key, known, wanted in (("parameters", own, variables), ("foreign", others, foreign)):
        names = [name.removeprefix(FOREIGN) for name in known]
        written: Mapping[str, str] = getattr(entry, key)
        if stray := next((name for name in written if name not in names), None):
            near = near_misses(stray, dict.fromkeys(names), otherwise_all=True)
            place = f"{entry.place}.{key}"
            raise UsageError(f"{place}: no path of {contract.api} takes {stray!r} from it{near}")
        for name, variable in wanted.items():
            plain = name.removeprefix(FOREIGN)
            value = written.get(plain) or given.value(variable)
            if value:
                values[name] = value
                places[name] = f"{entry.place}.{key}.{plain}" if plain in written else variable
                _check_form(contract, plain, value, places[name])
    return values, places


def _check_form(contract: Contract, parameter: str, value: str, place: str) -> None:
    """Raise UsageError for a value that is no UUID where the page says that all are."""
    clauses = {clause.id: clause for each in contract.family for clause in each.clauses}
    clause = clauses.get(clause_ids.malformed(parameter))
    if clause and clause.basis is not Basis.CONVENTION and not FORMATS["uuid"](value):
        raise UsageError(f"{place}: expected a UUID, as the page has {parameter}, got {value!r}")


def token_source(
    entry: targets_file.Entry, environment: Mapping[str, str], wait: float = 0
) -> TokenSource | None:
    """Return what renews the token of a target; None where it is in a variable.

    `wait` is how many seconds a server of tokens may take until it is there.
    """
    if entry.token_command:
        place = f"{entry.place}.token_command"
        return TokenSource(partial(printed, entry.token_command, place))
    if not entry.oauth:
        return None
    place = f"{entry.place}.oauth"
    given = Given(environment, entry)
    oauth = OAuth(**entry.oauth)
    values = {name: given.value(name) for name in (oauth.client_id, oauth.client_secret)}
    for name, value in values.items():
        if not value:
            raise UsageError(f"set {name} in the environment: {place} takes it from there")
    identity = (values[oauth.client_id] or "", values[oauth.client_secret] or "")
    through = connection(replace(entry, headers={}), given, {})
    return TokenSource(partial(oauth.fetch, identity, through, place, wait), identity[1:])
