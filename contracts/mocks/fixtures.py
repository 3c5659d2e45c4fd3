"""What the pytest plugin does with a mock: make it, and hold the test to what it was told."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contracts.definition import catalogue, loading
from contracts.errors import UsageError
from contracts.mocks import exercised, variants
from contracts.mocks.backend import samples
from contracts.mocks.mock import ContractMock

MOCKS = pytest.StashKey[list[ContractMock]]()
APIS = catalogue.available()
RESPONSES = "contract_responses"
ALLOWS = "contract_allows"

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
        clauses = exercised.exercised(mock.contract, mock.exchanges)
        item.user_properties.append((exercised.PROPERTY, clauses))


def parametrize(metafunc: pytest.Metafunc, fixture: str) -> None:
    """Run a test with the marker over the variants of each API that it mocks."""
    marker = metafunc.definition.get_closest_marker(RESPONSES)
    if marker is None or fixture not in metafunc.fixturenames:
        return
    choice = marker.args[0] if marker.args else "all"
    named = [marker.kwargs["api"]] if "api" in marker.kwargs else []
    used = set(metafunc.fixturenames)
    apis = named or [api for api in APIS if {f"{api}_api", f"{api}_server"} & used]
    if not apis:
        example = f'@pytest.mark.{RESPONSES}("all", api="kohort@2")'
        pytest.fail(f"say which API is meant: {example}", pytrace=False)
    try:
        chosen = [variant for api in apis for variant in _variants(api, choice)]
    except UsageError as error:
        pytest.fail(str(error), pytrace=False)
    ids = [f"{variant.api}:{variant.id}" for variant in chosen]
    metafunc.parametrize(fixture, chosen, ids=ids, indirect=True)


def _variants(api: str, choice: str) -> list[variants.Variant]:
    contract = loading.load(api)
    known = samples(contract, variants.sample_bodies(contract))
    return variants.covering(contract, known, choice)
