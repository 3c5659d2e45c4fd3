"""What the pytest plugin does with a mock: make it, hold the test to it, note what it exercised."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from contracts import clause_ids
from contracts.definition import catalogue, loading
from contracts.errors import UsageError
from contracts.judge.operators import is_of_several
from contracts.judge.outcomes import checks
from contracts.mocks import variants
from contracts.mocks.backend import samples
from contracts.mocks.mock import ContractMock
from contracts.model import ABSENT, Clause, Contract, Exchange, Kind
from contracts.schema.jsontext import at

MOCKS = pytest.StashKey[list[ContractMock]]()
APIS = catalogue.available()
RESPONSES = "contract_responses"
ALLOWS = "contract_allows"
PROPERTY = "contract clauses exercised"

Make = Callable[..., ContractMock]


def factory(
    request: pytest.FixtureRequest,
    variant: variants.Variant | None,
    kind: Callable[..., ContractMock] = ContractMock,
) -> Iterator[Make]:
    """Yield what makes mocks of a kind for a test; all of them stop when it ends."""
    node = request.node
    allowed = [text for marker in node.iter_markers(ALLOWS) for text in marker.args]
    mocks: list[ContractMock] = []

    def make(api: str, *where: str, **more: Any) -> ContractMock:
        more["allow"] = (*more.get("allow", ()), *allowed)
        try:
            mock = kind(api, *where, **more)
        except UsageError as error:
            pytest.fail(str(error), pytrace=False)
        if variant is not None and mock.contract.api == variant.api:
            mock.vary(variant)
        mocks.append(mock)
        node.stash.setdefault(MOCKS, []).append(mock)
        return mock.start()

    yield make
    for mock in reversed(mocks):
        mock.stop()
    if text := new_complaints(node):  # by fixtures that end after the test
        pytest.fail(text, pytrace=False)


def idle(item: pytest.Item) -> str:
    """Return what is said of the mocks that a test asked for and sent nothing through."""
    return "\n".join(filter(None, (mock.idle() for mock in item.stash.get(MOCKS, []))))


def new_complaints(item: pytest.Item) -> str:
    """Return the new complaints of all mocks of a test."""
    texts = [mock.new_complaints() for mock in item.stash.get(MOCKS, [])]
    return "\n".join(dict.fromkeys(filter(None, texts)))


def note(item: pytest.Item) -> None:
    """Add the clauses that a test exercised to its report, also in a worker of pytest-xdist."""
    for mock in item.stash.get(MOCKS, []):
        clauses = exercised(mock.contract, mock.exchanges)
        item.user_properties.append((PROPERTY, clauses))


def parametrize(metafunc: pytest.Metafunc, fixture: str) -> None:
    """Run a test with the marker over the variants of each API that it mocks."""
    marker = metafunc.definition.get_closest_marker(RESPONSES)
    if marker is None or fixture not in metafunc.fixturenames:
        return
    choice = marker.args[0] if marker.args else "all"
    chosen_apis = [marker.kwargs["api"]] if "api" in marker.kwargs else []
    used = set(metafunc.fixturenames)
    apis = chosen_apis or [api for api in APIS if {f"{api}_api", f"{api}_server"} & used]
    if not apis:
        example = f'@pytest.mark.{RESPONSES}("all", api="kohort@2")'
        pytest.fail(f"say which API is meant: {example}", pytrace=False)
    try:
        responses = []
        for contract in map(loading.load, apis):
            exchanges = samples(contract, variants.sample_bodies(contract))
            responses += variants.covering(contract, exchanges, choice)
    except UsageError as error:
        pytest.fail(str(error), pytrace=False)
    ids = [f"{variant.api}:{variant.id}" for variant in responses]
    metafunc.parametrize(fixture, responses, ids=ids, indirect=True)


def exercised(contract: Contract, exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """Return ``{"api", "requests", "clauses"}``: the clauses that some exchange was about."""
    exchanges = [exchange for exchange in exchanges if exchange.case.operation is None]
    looks = checks(contract, exchanges, {})
    clauses = {look.clause for look in looks if look.exchange.accepted}
    for exchange in (exchange for exchange in exchanges if exchange.accepted):
        clauses |= set(_states(contract, exchange))
    own = sorted(clauses & contract.clause_ids)
    return {"api": contract.api, "requests": len(exchanges), "clauses": own}


def summary(noted: Sequence[Any]) -> Iterator[str]:
    """Yield the lines of the report on all tests, from what `exercised` gave for each."""
    for api in sorted({note["api"] for note in noted}):
        contract = loading.load(api)
        covered = {clause for note in noted if note["api"] == api for clause in note["clauses"]}
        ids = [clause.id for clause in contract.clauses if _about_clients(clause)]
        missed = [clause for clause in ids if clause not in covered]
        requests = sum(note["requests"] for note in noted if note["api"] == api)
        exercised = f"{len(ids) - len(missed)} of {len(ids)} clauses exercised"
        yield f"{api}: {requests} requests, {exercised}"
        for clause in missed:
            yield f"  not exercised: {clause}: {contract.clause(clause).statement}"


def _about_clients(clause: Clause) -> bool:
    """Whether a clause is about what a client sends, or reads in one answer."""
    kinds = (Kind.ACCEPTANCE, Kind.KEYWORD, Kind.RELATION)
    return clause.kind in kinds and not is_of_several(clause)


def _states(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """Yield the acceptance clauses that an accepted request is an example of."""
    yield clause_ids.TYPICAL
    yield clause_ids.COMBINED
    if contract.request is None:
        return
    sent = exchange.request.value if isinstance(exchange.request.value, dict) else {}
    if sent.keys() == set(contract.request.get("required", ())):
        yield clause_ids.MINIMAL
    for name, member in contract.request["properties"].items():
        value = at(sent, f"/{name}")
        if value is ABSENT:
            yield clause_ids.request(f"{name}.optional")
        elif "enum" in member:
            yield clause_ids.request(f"{name}.{value}")
        else:
            yield clause_ids.request(f"{name}.{'null' if value is None else 'accepted'}")
