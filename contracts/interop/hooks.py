"""Our clauses as a Schemathesis check: what it sends is judged by our regions and relations.

``SCHEMATHESIS_HOOKS=contracts.interop schemathesis run kohort.json --url ... -H
"Authorization: Bearer $TOKEN"``, where kohort.json is what ``contracts openapi kohort``
writes. Importing this module registers the check ``contract_clauses`` and the hooks;
``[checks.contract_clauses] fail_on = "convention"`` in schemathesis.toml makes conventions
fail as well.
"""

import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import schemathesis

from contracts import clause_ids, model
from contracts.definition import catalogue, loading
from contracts.interop.exchanges import exchange_of, request_of
from contracts.interop.fuzzing import case_of
from contracts.judge.operators import OPERATORS, references
from contracts.judge.outcomes import checks
from contracts.planning.bodies.states import refers
from contracts.schema import checks as schema_checks
from contracts.schema import formats

SHIPPED = catalogue.shipped()
# failures that only our regions can decide
TITLES = {"RejectedPositiveData", "AcceptedNegativeData"}


@schemathesis.check
# the name of the check on Schemathesis's command line and in its reports
class contract_clauses:  # noqa: N801
    """Every clause of the contract in every exchange; relations over the whole run when it ends."""

    def __init__(self, fail_on: str = model.Basis.STANDARD.value) -> None:
        self._fail_on = model.Basis(fail_on)
        self._histories: dict[
            str, dict[str, model.Exchange]
        ] = {}  # contract -> case id -> exchange

    def after_response(
        self,
        _: schemathesis.CheckContext,
        response: schemathesis.Response,
        case: schemathesis.Case[Any],
    ) -> None:
        """Judge one exchange by itself."""
        contract = _contract(case)
        exchange = _exchange(contract, case, response) if contract is not None else None
        if contract is None or exchange is None:
            return
        if _is_documented(contract, exchange.case.query):
            history = self._histories.setdefault(contract.name, {})
            history[case.id] = replace(exchange, number=len(history) + 1)
        _fail(self._broken(contract, [exchange], over_time=False))

    def after_run(self, _: schemathesis.CheckContext) -> None:
        """Judge what only shows over several exchanges."""
        _fail(
            text
            for name, history in self._histories.items()
            for text in self._broken(loading.load(name), list(history.values()), over_time=True)
        )

    def _broken(
        self, contract: model.Contract, exchanges: Sequence[model.Exchange], *, over_time: bool
    ) -> Iterator[str]:
        """Yield the words for each clause that some exchange breaks."""
        # what an undocumented query asks for is not known, and not what the answer has to be
        is_known = all(_is_documented(contract, exchange.case.query) for exchange in exchanges)
        judged = {
            clause.id: clause
            for clause in contract.clauses
            if (clause.kind is model.Kind.RELATION and not OPERATORS[clause.arguments["op"]].alone)
            is over_time
            and clause.basis.fails_at(self._fail_on)
            and (is_known or clause.kind is not model.Kind.RELATION)
        }
        contract = replace(contract, clauses=tuple(judged.values()))
        for check in checks(contract, exchanges, {}):
            if not check.ok and check.clause in judged:
                yield _text(judged[check.clause], check)


def _fail(texts: Iterable[str]) -> None:
    """Raise AssertionError, which Schemathesis reports, with the texts; nothing without any."""
    if text := "\n\n".join(dict.fromkeys(texts)):
        raise AssertionError(text)


@schemathesis.hook
def before_call(
    _: schemathesis.HookContext, case: schemathesis.Case[Any], __: dict[str, Any]
) -> None:
    """Make references new, since a page calls them unique, and name an existing store."""
    contract = _contract(case)
    if contract is None:
        return
    for name, variable in contract.operation.parameters.items():
        is_uuid = formats.FORMATS["uuid"](case.path_parameters.get(name))
        if is_uuid and os.environ.get(variable):
            case.path_parameters[name] = os.environ[variable]
    if not isinstance(case.body, dict) or contract.request is None:
        return
    if schema_checks.fits(contract.request, case.body):
        for name in (pointer.removeprefix("/") for pointer in references(contract)):
            if isinstance(case.body.get(name), str):
                case.body[name] = f"order-{uuid.uuid4().hex[:12]}"


@schemathesis.hook
def filter_failure(
    _: schemathesis.HookContext,
    failure: Any,
    case: schemathesis.Case[Any],
    response: schemathesis.Response,
) -> bool:
    """Drop what Schemathesis says of accepted and refused data, which the check knows better."""
    contract = _contract(case)
    return (
        contract is None
        or type(failure).__name__ not in TITLES
        or _exchange(contract, case, response) is None
    )


def _contract(case: schemathesis.Case[Any]) -> model.Contract | None:
    """Return the shipped contract of the operation that is called; None for other documents."""
    name = case.operation.schema.raw_schema.get("info", {}).get("x-contract")
    if name not in SHIPPED:
        return None
    address = case.operation.method.upper(), case.operation.path
    declared = {
        (contract.operation.method, contract.operation.path.partition("?")[0]): contract
        for contract in loading.load(name).family
    }
    return declared.get(address)


def _exchange(
    contract: model.Contract, case: schemathesis.Case[Any], response: schemathesis.Response
) -> model.Exchange | None:
    """Return what was sent and answered; None for another method than the declared one."""
    sent = response.request
    if sent.method != contract.operation.method:
        return None
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body
    if body is not None and not isinstance(body, bytes):
        return None  # a stream, which is no JSON that Schemathesis would send
    headers = tuple((name.lower(), str(text)) for name, text in sent.headers.items())
    parameters = {
        name: str(case.path_parameters.get(name, "")) for name in contract.operation.path_names
    }
    request = request_of(str(sent.method), str(sent.path_url), headers, body, parameters)
    query = dict(parse_qsl(urlsplit(request.path).query, keep_blank_values=True))
    request = replace(request, query=query)
    region, decides = _region(contract, request, dict(headers))
    judged = model.Case(0, region, "of Schemathesis", decides=decides, query=query)
    fields = response.headers.items()
    answered = tuple((name, text) for name, texts in fields for text in texts)
    answer = model.Response(response.status_code, answered, response.content)
    return exchange_of(judged, request, answer, response.elapsed)


def _region(
    contract: model.Contract, request: model.Request, headers: dict[str, str]
) -> tuple[model.Region, tuple[str, ...]]:
    """Return where a request lies, and which clauses are decided when it must be refused."""
    if clause := _broken_by_credential(headers):
        return model.Region.INVALID, (clause,)
    for name, variable in contract.operation.parameters.items():
        if not formats.FORMATS["uuid"](request.parameters[name]):
            return model.Region.INVALID, (clause_ids.malformed(name),)
        if request.parameters[name] != os.environ.get(variable):
            return model.Region.OPEN, ()
    if contract.operation.linked or "?" in request.path:
        return model.Region.OPEN, ()  # whether there is such a thing is not known
    if contract.request is None or contract.plausible is None:
        is_empty = request.value is model.ABSENT and not request.body
        return (model.Region.VALID if is_empty else model.Region.OPEN), ()
    if headers.get("content-type") != "application/json":
        return model.Region.OPEN, ()
    if request.value is model.ABSENT:
        return model.Region.INVALID, (clause_ids.REQUEST_JSON,)
    lies = case_of(contract, request.value)
    if lies.region is model.Region.INVALID:
        return lies.region, lies.decides
    # a generator can't know the name of something at the server
    named = (name for name, member in contract.plausible_members.items() if refers(member))
    is_reference = any(request.value.get(name) is not None for name in named)
    return (model.Region.OPEN if is_reference else lies.region), ()


def _broken_by_credential(headers: dict[str, str]) -> str | None:
    """Return the clause that says that such a credential is refused; None for a possible one."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if not scheme:
        return clause_ids.ABSENT
    return None if token.strip() else clause_ids.SCHEME_ONLY


def _is_documented(contract: model.Contract, query: Mapping[str, str]) -> bool:
    """Whether all values of a query are documented ones."""
    known = contract.operation.query
    return all(name in known and value in known[name].values for name, value in query.items())


def _text(clause: model.Clause, check: model.Check) -> str:
    place = f" at {check.place}" if check.place else ""
    return (
        f"{clause.id}{place}: {clause.statement}\n"
        f"  expected  {check.expected}\n  got       {check.got}\n  page      {clause.source}"
    )
